import { readFileSync } from 'node:fs'
import { Argument, Command } from 'commander'
import { analysisList } from '../../analyses/index.ts'
import { addAnalysis } from './analysis-command.ts'
import { addCheck } from './check-command.ts'
import { completion, shells } from './completion.ts'
import { addDatasets, addLoad } from './dataset-commands.ts'
import { addDoctor } from './doctor-command.ts'
import { addPull } from './pull-commands.ts'
import { addDiff, addRun } from './question-commands.ts'
import { addSample } from './sample-command.ts'
import { addServers } from './serve-commands.ts'
import { print, type Terminal, withChokepoint } from './terminal.ts'

/** What `chokepoint` alone shows: a way in, not all there is. */
export function welcome(): string {
  const examples = ['chokepoint start', ...analysisList.slice(0, 3).map((analysis) => analysis.example)]
  return `Where does an economy hang on a supplier that it cannot replace?\n\n${examples.map((one) => `  ${one}\n`).join('')}\nAll commands: chokepoint --help. One of them: chokepoint ${analysisList[0]?.name} --help\n`
}

/** The whole command line. Errors are thrown, never ended with. */
export function program(terminal: Terminal): Command {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  const root = new Command('chokepoint')
    .description('Shows where an economy hangs on a supplier that it cannot replace, from customs data')
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.out.write(text),
      writeErr: (text) => void terminal.err.write(text),
    })
  root
    .command('start')
    .description('Make ready and show a first finding on the bundled sample')
    .action(async () => {
      const { start } = await import('./start.ts')
      await withChokepoint(terminal.signal, (chokepoint) => start(chokepoint, terminal.out))
    })
  addSample(root, terminal)
  for (const analysis of analysisList) addAnalysis(root, analysis, terminal)
  addRun(root, terminal)
  addDiff(root, terminal)
  addLoad(root, terminal)
  addPull(root, terminal)
  addDatasets(root, terminal)
  addCheck(root, terminal)
  addDoctor(root, terminal)
  addServers(root, terminal)
  root
    .command('completion')
    .description('Print a script that completes commands and flags: source it from your shell’s start-up file')
    .addArgument(new Argument('<shell>').choices(shells))
    .action((shell: (typeof shells)[number]) => print([completion(shell, root)], terminal))
  return root
}
