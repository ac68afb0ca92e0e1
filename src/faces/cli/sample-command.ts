import { type Command, Option } from 'commander'
import { checkName } from '../../dataset/store.ts'
import { environmentLimits } from '../../limits.ts'
import { Refusal } from '../../refusal.ts'
import { madeUp, worldParameters } from '../../worlds/parameters.ts'
import { printable } from '../cell.ts'
import { grouped } from './dataset-commands.ts'
import { addParameters, givenParameters } from './parameters.ts'
import { print, type Terminal, tellingOf, withChokepoint } from './terminal.ts'

const declared = { parameters: worldParameters }

/** What `chokepoint sample` takes beside the parameters of a world. */
interface Given extends Record<string, unknown> {
  readonly world?: true
  readonly format: 'csv' | 'zip'
  readonly out?: string
  readonly load?: string
}

export function addSample(program: Command, terminal: Terminal): void {
  const command = program
    .command('sample')
    .description('Build the bundled samples, or with --world make up a world of trade to try things on')
    .addHelpText('before', '  chokepoint sample --world --rows 200000 --load my-world\n')
    .option('--world', 'Make up a world of trade in BACI’s form, with answers planted in it. All of it is synthetic')
    .addOption(
      new Option('--format <word>', 'World: files as they are, or in an archive')
        .choices(['csv', 'zip'])
        .default('csv'),
    )
    .option('--out <folder>', 'World: where it is written (default synthetic-world-SEED)')
    .option('--load <name>', 'World: load it as a dataset of this name as well')
  addParameters(command, declared)
  command.action(async (options: Given) => {
    const { out, err } = terminal
    const progress = err.isTTY ? { progress: (line: string) => void err.write(`${printable(line)} …\n`) } : {}
    if (!options.world) return buildSamples(options, terminal)
    const parameters = worldParameters.parse(givenParameters(declared, options))
    // A name that cannot be is told before a world is made for it.
    if (options.load !== undefined) checkName(options.load)
    const folder = options.out ?? `synthetic-world-${parameters.seed}`
    const { writeWorld } = await import('../../worlds/world.ts')
    const { rows, plants } = await writeWorld(parameters, folder, {
      format: options.format,
      limits: environmentLimits(process.env),
      signal: terminal.signal,
      ...progress,
    })
    err.write(`${madeUp}\n`)
    err.write(`${grouped(rows)} rows in ${folder}; ${plants.length} planted answers in ${folder}/answers.yaml\n`)
    if (options.load === undefined) {
      const quoted = /^[\w./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`
      return print([`chokepoint load ${quoted} --as world\n`], terminal)
    }
    const as = options.load
    const manifest = await tellingOf(err, (progress) =>
      withChokepoint(terminal.signal, (chokepoint) =>
        chokepoint.load([folder], { as, signal: terminal.signal, progress }),
      ),
    )
    out.write(`${manifest.name}@${manifest.version}\n`)
  })
}

async function buildSamples(options: Given, terminal: Terminal): Promise<void> {
  const given = Object.keys(options).find((name) => name !== 'format')
  if (given !== undefined)
    throw new Refusal('wrong_use', 'sample/world', `--${given} is of a made-up world: add --world`)
  const { loadSamples, samples } = await import('../../sample.ts')
  await withChokepoint(terminal.signal, (chokepoint) =>
    loadSamples(chokepoint, (line) => void terminal.err.write(`${line} …\n`)),
  )
  await print(
    samples.map(({ name }) => `${name}\n`),
    terminal,
  )
}
