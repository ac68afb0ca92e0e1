import type { Command } from 'commander'
import type { Diagnosis } from '../../diagnosis.ts'
import { Refusal } from '../../refusal.ts'
import { printable, type TableColumn } from '../cell.ts'
import { table, wrapped } from './format/table.ts'
import { print, type Terminal, widthOf } from './terminal.ts'

/** Bytes in the largest unit of which there is one. */
function bytes(number: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, number)) / 3)))
  return `${(number / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}

const text = (name: string): TableColumn => ({ name, type: 'text', unit: '' })

function linesOf(found: Diagnosis, terminal: Terminal): string[] {
  const { versions, machine, home, engines, limits, own_files: own } = found
  const width = widthOf(terminal.out)
  const variables = Object.entries(found.environment).map(([name, value]) => `${name}=${value}`)
  const facts: readonly (readonly [string, string])[] = [
    ['chokepoint', versions.chokepoint],
    ['node', versions.node],
    ['duckdb', `${versions.duckdb ?? 'version unknown'}, ${engines.duckdb}`],
    ['clickhouse', engines.clickhouse],
    ['system', [versions.system, versions.arch, versions.libc].filter((one) => one !== null).join(', ')],
    ['machine', `${machine.cores} cores, ${bytes(machine.memory)} memory, ${bytes(machine.free_memory)} free`],
    ['home', `${home.path}, ${home.writable ? 'writable' : 'not writable'}`],
    ['disk', home.disk_free === null ? 'unknown' : `${bytes(home.disk_free)} free`],
    [
      'limits',
      `${limits.memory ?? 'unknown'} memory, ${limits.threads ?? 'unknown'} threads, ${limits.seconds === null ? 'no limit of time' : `${limits.seconds} s`}`,
    ],
    ['variables', variables.length > 0 ? variables.join(', ') : 'none set'],
    ['proxy', found.proxy ? 'set' : 'not set'],
    ['locale', `${found.locale}, ${found.timezone}`],
    ['terminal', `${terminal.out.isTTY ? 'a terminal' : 'no terminal'}, ${width} wide`],
    ['own files', own === null ? 'unknown' : `${own.files} files, ${own.errors} errors, ${own.warnings} warnings`],
  ]
  const rows = found.datasets.map((one) => [one.name, one.version, one.rows, bytes(one.size), one.state])
  const columns: TableColumn[] = [
    text('dataset'),
    text('version'),
    { name: 'rows', type: 'integer', unit: '' },
    text('size'),
    text('checksums'),
  ]
  return [
    ...facts.map(([name, value]) => wrapped(name.padEnd(12), printable(value), width)),
    '',
    ...(rows.length > 0 ? table(columns, rows, width).lines : ['No datasets.']),
  ]
}

/** `doctor`: what a report of a fault needs, fit to be pasted into it. */
export function addDoctor(program: Command, terminal: Terminal): void {
  program
    .command('doctor')
    .description('Say what a report of a fault needs: versions, engines, limits, datasets; no secrets')
    .addHelpText('before', '  chokepoint doctor\n')
    .option('--json', 'As JSON')
    .option('--quick', 'Without comparing stored files with their checksums')
    .action(async ({ json, quick }: { json?: true; quick?: true }) => {
      const { diagnose } = await import('../../diagnosis.ts')
      const found = await diagnose(process.env, quick !== true)
      const terminalWidth = { width: widthOf(terminal.out), is_terminal: terminal.out.isTTY === true }
      const whole = json
        ? `${JSON.stringify({ ...found, terminal: terminalWidth }, null, 2)}\n`
        : `${linesOf(found, terminal).join('\n')}\n`
      await print([whole], terminal)
      if (found.problems.length > 0) throw new Refusal('check_failed', 'doctor/problems', found.problems.join('\n'))
    })
}
