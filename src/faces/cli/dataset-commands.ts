import { basename } from 'node:path'
import { type Command, Option } from 'commander'
import { kindWords, type Manifest } from '../../dataset/schema.ts'
import type { Cell } from '../../engine/engine.ts'
import { Refusal } from '../../refusal.ts'
import { periodName, periodsHeld, valuationSaid } from '../../wording.ts'
import { printable, type TableColumn } from '../cell.ts'
import { csv } from '../csv.ts'
import { periodsOf } from '../dataset-summary.ts'
import { table } from './format/table.ts'
import { print, type Terminal, tellingOf, widthOf, withChokepoint } from './terminal.ts'

type Conflict = 'stop' | 'sum' | 'first' | 'largest'
type Format = 'table' | 'csv' | 'json'

/** Decimal text with thousands separators, exact whatever its length. */
export function grouped(number: string | number): string {
  const [whole = '', ...fraction] = String(number).split('.')
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...fraction].join('.')
}

/** Doubts that a terminal is told one by one. */
const mostDoubts = 12

/** What became of the rows and values that were read, in lines. */
function accountLines(manifest: Manifest): string[] {
  const { account, reject_reasons, notes } = manifest
  const reasons = Object.entries(reject_reasons).map(
    ([reason, count]) => `rejected  ${grouped(count)} ${count === 1 ? 'row' : 'rows'}: ${reason}`,
  )
  const where = `          each with its file and line: chokepoint datasets rejects ${manifest.name}`
  const rejected = reasons.length > 0 ? [...reasons, where] : []
  const said = manifest.provenance.map((one) => one.note).filter((note) => note !== '')
  const noted = [...said, ...notes].map((note) => `note      ${note}`)
  if (manifest.kind !== 'flow' && manifest.kind !== 'production') {
    const { rows } = account
    const all = `rows      ${grouped(rows.in)} in = ${grouped(rows.kept)} kept + ${grouped(rows.rejected)} rejected`
    return [all, ...rejected, ...noted].map(printable)
  }
  const { rows, value, derived } = manifest.account
  const { currency, aside_reasons } = manifest
  const doubts = manifest.kind === 'flow' ? manifest.doubts : []
  return [
    `rows      ${grouped(rows.in)} in = ${grouped(rows.kept)} kept + ${grouped(rows.aside)} aside + ${grouped(rows.rejected)} rejected`,
    ...(rows.blank > 0 ? [`blank     ${grouped(rows.blank)} rows without a value`] : []),
    ...Object.entries(aside_reasons).map(
      ([reason, part]) => `aside     ${grouped(part.rows)} rows, ${currency} ${grouped(part.value)}: ${reason}`,
    ),
    ...rejected,
    `value     ${currency} ${grouped(value.in)} in = ${grouped(value.kept)} kept + ${grouped(value.aside)} aside + ${grouped(value.rejected)} rejected + ${grouped(value.rounding)} rounding`,
    ...(value.unread
      ? [`unread    of ${grouped(value.unread)} rejected rows no value could be read: what they are worth is in no sum`]
      : []),
    ...(derived.rows > 0 ? [`derived   ${grouped(derived.rows)} rows, ${currency} ${grouped(derived.value)}`] : []),
    ...noted,
    ...doubts.slice(0, mostDoubts).map((doubt) => `! ${doubt.text}`),
    ...(doubts.length > mostDoubts
      ? [`! … and ${grouped(doubts.length - mostDoubts)} more: chokepoint datasets show ${manifest.name} --format json`]
      : []),
  ].map(printable)
}

function described(manifest: Manifest): string[] {
  const measured =
    manifest.kind === 'flow'
      ? [
          `periods   ${periodsOf(manifest)}, by ${manifest.frequency}`,
          `money     ${manifest.currency}, ${manifest.price_basis}, ${valuationSaid(manifest.valuation)}`,
          `reported  ${manifest.sides.map((side) => (side === 'reconciled' ? 'by both sides, reconciled by the publisher' : `by ${side}s`)).join(' and ')}; levels ${manifest.levels.join(', ')}; ${manifest.editions.join(', ')}`,
        ]
      : manifest.kind === 'production'
        ? [
            `periods   ${periodsOf(manifest)}, by ${manifest.frequency}`,
            `money     ${manifest.currency}, current`,
            `of        ${manifest.economies.length} economies; levels ${manifest.levels.join(', ')}; ${manifest.editions.join(', ')}`,
          ]
        : [`periods   ${periodsOf(manifest)}`]
  return [
    `${manifest.name}@${manifest.version}`,
    `title     ${manifest.title}`,
    `holds     ${kindWords[manifest.kind]}`,
    ...measured,
    ...manifest.provenance.map(
      (one) => `source    ${[one.publisher, one.title, one.vintage, one.licence, one.url].filter(Boolean).join(', ')}`,
    ),
    `loaded    ${manifest.loaded_at}`,
    ...accountLines(manifest),
  ].map(printable)
}

const withAccount = (manifest: Manifest) => ({ ...manifest, ...manifest.account })

const text = (name: string, unit = ''): TableColumn => ({ name, type: 'text', unit })
const integer = (name: string, unit = ''): TableColumn => ({ name, type: 'integer', unit })
const asJson = (value: unknown) => [`${JSON.stringify(value, null, 2)}\n`]

async function printTable(columns: TableColumn[], rows: (readonly Cell[])[], terminal: Terminal): Promise<void> {
  const { lines, leftOut } = table(columns, rows, widthOf(terminal.out))
  await print(
    lines.map((line) => `${line}\n`),
    terminal,
  )
  if (leftOut.length > 0) terminal.err.write(`Left out for width: ${leftOut.join(', ')}. --format json has all.\n`)
}

const formatOption = (...choices: Format[]) =>
  new Option('--format <word>', 'How it is written').choices(choices).default('table')

export function addLoad(program: Command, terminal: Terminal): void {
  program
    .command('load')
    .description('Load publishers’ files as a new version of a dataset, every row accounted for')
    .addHelpText('before', '  chokepoint load exports.csv --as my-data\n')
    .argument('<paths...>', 'files or folders')
    .requiredOption('--as <name>', 'Name of the dataset')
    .option('--mapping <file>', 'Which column is what, for files of your own')
    .addOption(
      new Option(
        '--on-conflict <word>',
        'What to do with rows that contradict each other; the source’s own rule, or stop, where left out',
      ).choices(['stop', 'sum', 'first', 'largest']),
    )
    .option('--keep-unmapped', 'Keep rows of unknown economies under their own codes')
    .action(
      async (
        paths: string[],
        options: { as: string; mapping?: string; onConflict?: Conflict; keepUnmapped?: true },
      ) => {
        const { out, err } = terminal
        const manifest = await tellingOf(err, (progress) =>
          withChokepoint(terminal.signal, (chokepoint) => chokepoint.load(paths, { ...options, progress })),
        )
        err.write(`${accountLines(manifest).join('\n')}\n`)
        out.write(`${manifest.name}@${manifest.version}\n`)
      },
    )
}

export function addDatasets(program: Command, terminal: Terminal): void {
  const datasets = program
    .command('datasets')
    .description('List, inspect, verify and remove datasets')
    .addHelpText('before', '  chokepoint datasets show russia-imts\n')
    .enablePositionalOptions()
    .allowExcessArguments()
    .addOption(formatOption('table', 'json'))
    .action(async ({ format }: { format: Format }, command: Command) => {
      if (command.args.length > 0)
        throw new Refusal(
          'wrong_use',
          'command/unknown',
          `No command "datasets ${command.args[0]}". There are ${command.commands.map((one) => one.name()).join(', ')}`,
        )
      const [all, refused] = await withChokepoint(terminal.signal, async (chokepoint) => [
        await chokepoint.datasets(),
        await chokepoint.refusedDatasets(),
      ])
      for (const { message } of refused) terminal.err.write(`! ${printable(message)}\n`)
      if (format === 'json') return print(asJson(all.map(withAccount)), terminal)
      await printTable(
        [text('name'), text('version'), text('holds'), text('periods'), integer('rows'), text('title')],
        all.map((one) => [
          one.name,
          one.version,
          'currency' in one ? `${one.kind === 'flow' ? 'flows' : one.kind}, ${one.currency}` : `${one.kind}s`,
          periodsOf(one),
          one.account.rows.kept + (one.kind === 'flow' ? one.account.derived.rows : 0),
          one.title,
        ]),
        terminal,
      )
    })

  datasets
    .command('show')
    .description('What a dataset is, where it comes from, and its account')
    .argument('<name>')
    .addOption(formatOption('table', 'json'))
    .action(async (name: string, { format }: { format: Format }) => {
      const manifest = await withChokepoint(terminal.signal, (chokepoint) => chokepoint.dataset(name))
      await print(format === 'json' ? asJson(withAccount(manifest)) : [`${described(manifest).join('\n')}\n`], terminal)
    })

  datasets
    .command('products')
    .description('The products that a dataset holds, with the periods that have them')
    .argument('<name>')
    .addOption(formatOption('table', 'csv', 'json'))
    .action(async (name: string, { format }: { format: Format }) => {
      const products = await withChokepoint(terminal.signal, (chokepoint) => chokepoint.products(name))
      if (format === 'json') return print(asJson(products), terminal)
      if (format === 'csv') {
        const all = products.map((one) => [
          one.code,
          one.edition,
          one.periods.map(periodName).join(' '),
          one.description,
        ])
        return print(csv(['code', 'edition', 'periods', 'description'], [all]), terminal)
      }
      await printTable(
        [text('code'), text('edition'), text('periods'), text('description')],
        products.map((one) => [one.code, one.edition, periodsHeld(one.periods), one.description]),
        terminal,
      )
    })

  datasets
    .command('rejects')
    .description('Rows that could not be read, with file, line and reason')
    .argument('<name>')
    .addOption(formatOption('table', 'csv', 'json'))
    .action(async (name: string, { format }: { format: Format }) => {
      const rejects = await withChokepoint(terminal.signal, (chokepoint) => chokepoint.rejects(name))
      if (format === 'json') return print(asJson(rejects), terminal)
      const rows = rejects.map((one) => [one.file, one.line, one.reason, one.raw])
      if (format === 'csv') return print(csv(['file', 'line', 'reason', 'raw'], [rows]), terminal)
      await printTable(
        [text('file'), integer('line'), text('reason', 'sentence'), text('raw', 'sentence')],
        rows,
        terminal,
      )
    })

  datasets
    .command('verify')
    .description('Compare the stored files with their checksums')
    .argument('<name>')
    .action(async (name: string) => {
      const files = await withChokepoint(terminal.signal, (chokepoint) => chokepoint.verify(name))
      await printTable(
        [text('file'), { name: 'sound', type: 'boolean', unit: '' }],
        files.map(({ file, sound }) => [basename(file), sound]),
        terminal,
      )
      const broken = files.filter(({ sound }) => !sound).map(({ file }) => file)
      if (broken.length > 0)
        throw new Refusal(
          'check_failed',
          'dataset/unsound',
          `${broken.join(', ')} of ${name} changed since it was loaded. Load it again`,
        )
    })

  datasets
    .command('remove')
    .description('Remove a dataset, or one version of it')
    .argument('<name>', 'name or name@version')
    .option('--yes', 'Really remove it')
    .action(async (name: string, { yes }: { yes?: true }) => {
      if (!yes) {
        await withChokepoint(terminal.signal, (chokepoint) => chokepoint.dataset(name))
        throw new Refusal('wrong_use', 'dataset/remove', `Nothing was removed. To remove ${name} for good, add --yes`)
      }
      const removed = await withChokepoint(terminal.signal, (chokepoint) => chokepoint.remove(name))
      await print(
        removed.map((version) => `${version}\n`),
        terminal,
      )
    })
}
