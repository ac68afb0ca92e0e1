import { type Command, Option } from 'commander'
import { chokepointHome } from '../../dataset/home.ts'
import { type Fault, placed, Refusal } from '../../refusal.ts'
import { printable } from '../cell.ts'
import { wrapped } from './format/table.ts'
import { print, type Terminal, widthOf } from './terminal.ts'

/** So many of what is called so: 1 group, 2 sheets of claims. */
const counted = (number: number, name: string) =>
  `${number.toLocaleString('en')} ${number === 1 ? name : name.replace(/^\S+/, '$&s')}`

/** `check`: what is wrong in the files that users write, all at once. */
export function addCheck(program: Command, terminal: Terminal): void {
  program
    .command('check')
    .description('Check your own groups, methods, mappings, claims, controls and correlations, by line and column')
    .addHelpText('before', '  chokepoint check\n  chokepoint check my-claims.yaml\n')
    .argument('[paths...]', 'files or folders; all that stand under CHOKEPOINT_HOME where left out')
    .addOption(new Option('--format <word>', 'How it is written').choices(['text', 'json']).default('text'))
    .action(async (paths: string[], { format }: { format: 'text' | 'json' }) => {
      const { checkFiles, ownFolders } = await import('../../own-files.ts')
      const home = chokepointHome()
      const files = checkFiles(home, paths)
      const faults = files.flatMap((one) => one.faults)
      if (format === 'json') await print([`${JSON.stringify(files, null, 2)}\n`], terminal)
      else await print(faults.map(lineOf(terminal)), terminal)
      const count = (severity: Fault['severity']) => faults.filter((one) => one.severity === severity).length
      const kinds = [...new Set(files.map(({ kind }) => kind))].map((kind) =>
        counted(files.filter((one) => one.kind === kind).length, kind),
      )
      const where = paths.length === 0 ? ` under ${home}` : ''
      const summary =
        files.length === 0
          ? `Nothing to check: your own files stand in ${ownFolders.join(', ')}${where}`
          : `${counted(files.length, 'file')}${where} (${kinds.join(', ')}): ${counted(count('error'), 'error')}, ${counted(count('warning'), 'warning')}`
      if (count('error') > 0) throw new Refusal('check_failed', 'check/faults', summary)
      terminal.err.write(`${wrapped('', summary, widthOf(terminal.err))}\n`)
    })
}

/** A fault as a line; on a terminal in lines of its width. */
const lineOf =
  ({ out }: Terminal) =>
  (fault: Fault): string => {
    const text = printable(placed(fault))
    const mark = `${fault.severity}: `
    return `${out.isTTY ? wrapped(mark, text, widthOf(out)) : `${mark}${text}`}\n`
  }
