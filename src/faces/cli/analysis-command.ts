import { styleText } from 'node:util'
import { type Command, Option } from 'commander'
import type { Analysis, Pivot } from '../../analyses/analysis.ts'
import { type Chart, type ChartDeclaration, chartsOf } from '../../analyses/charting.ts'
import { writtenParameters } from '../../analyses/written-question.ts'
import type { Answer } from '../../answer.ts'
import type { Cell } from '../../engine/engine.ts'
import { Refusal } from '../../refusal.ts'
import { writtenQuestion } from '../../saved-question.ts'
import { valuationSaid } from '../../wording.ts'
import { csv } from '../csv.ts'
import { json } from '../json.ts'
import { keyOf, pivotColumns, pivoted } from './format/pivot.ts'
import { chartIn, svg } from './format/svg.ts'
import { table, wrapped } from './format/table.ts'
import { addParameters, commaList, givenParameters } from './parameters.ts'
import { productLegend } from './product-names.ts'
import { print, type Terminal, widthOf, withChokepoint, writeText, writeWhole } from './terminal.ts'

type Format = 'table' | 'csv' | 'json' | 'parquet' | 'svg'
const formats: readonly Format[] = ['table', 'csv', 'json', 'parquet', 'svg']
const mostRows = 40

/** How an answer is wanted. */
export interface Delivery {
  readonly columns?: string
  readonly format?: Format
  readonly out?: string
}

interface Asked extends Delivery {
  readonly chart?: Chart['kind']
  readonly explain?: true
  readonly save?: string
}

/** The format asked for, or the one that the file's ending names. */
export function formatOf({ format, out }: Delivery): Format {
  const ending = formats.find((one) => one !== 'table' && out?.toLowerCase().endsWith(`.${one}`))
  const other = /\.([a-z0-9]+)$/i.exec(out ?? '')?.[1]?.toLowerCase()
  if (format === undefined && ending === undefined && other !== undefined && other !== 'txt')
    throw new Refusal(
      'wrong_use',
      'format/ending',
      `--out ${out}: what is written to a file that ends in .${other}? Known are .csv, .json, .parquet, .svg and .txt; or add --format`,
    )
  const chosen = format ?? ending ?? 'table'
  if (chosen === 'parquet' && out === undefined)
    throw new Refusal('wrong_use', 'format/parquet', 'Parquet is not for a terminal. Add --out FILE')
  return chosen
}

/** Which money and weights the columns are in, said once rather than in every header. */
function unitLine(answer: Answer): string {
  const { currency = '', valuation = '' } = answer.dataset ?? {}
  const meanings = {
    ...(currency === ''
      ? {}
      : {
          [currency]: `${currency}, current, ${valuationSaid(valuation)}`,
          [`${currency} per tonne`]: `${currency} per tonne`,
        }),
    tonnes: 'tonnes',
  }
  return Object.entries(meanings)
    .map(([unit, meaning]) => {
      const names = answer.columns.filter((column) => column.unit === unit).map((column) => column.name)
      return names.length > 0 ? `${names.join(', ')} in ${meaning}` : ''
    })
    .filter((text) => text !== '')
    .join('; ')
}

/** What must be said beside the rows: units, caveats, and where they come from. */
function remarks(answer: Answer, width: number): string {
  const units = unitLine(answer)
  const origins = answer.datasets.map(({ name, version, sources }) =>
    [`dataset ${name}@${version}`, answer.analysis, ...sources].join(' · '),
  )
  return [
    ...(units === '' ? [] : [wrapped('', units, width)]),
    ...answer.caveats.map((caveat) => wrapped('! ', caveat, width)),
    ...origins.map((origin) => wrapped('', origin, width)),
    '',
  ].join('\n')
}

/** The headline and the table, and on stderr what the table leaves out. */
async function tableText(
  answer: Answer,
  pivot: Pivot | undefined,
  out: string | undefined,
  { out: stdout, err, signal }: Terminal,
) {
  const onTerminal = out === undefined && stdout.isTTY
  const rows: (readonly Cell[])[] = []
  let more = 0
  const headline = await answer.headline(signal)
  const width = out === undefined ? widthOf(stdout) : Number.POSITIVE_INFINITY
  const names = answer.columns.map((column) => column.name)
  let last: string | undefined
  let kept = 0
  for await (const block of answer.stream(signal))
    for (const row of block) {
      const key = pivot ? keyOf(pivot, names, row) : undefined
      const begins = key === undefined || key !== last
      last = key
      if (begins && onTerminal && kept === mostRows) more++
      else if (begins) kept++
      if (more === 0) rows.push(row)
    }
  const { lines, leftOut } = pivot
    ? pivoted(answer.columns, rows, pivot, answer.dataset?.currency ?? '', width)
    : table(answer.columns, rows, width)
  const notes = [
    ...(rows.length === 0 ? ['No rows.'] : []),
    ...(more > 0 ? [`… and ${more.toLocaleString('en')} more rows: --out FILE or a pipe has all.`] : []),
    ...(leftOut.length > 0 ? [`Left out for width: ${leftOut.join(', ')}. --format csv has all.`] : []),
  ]
  const product = names.indexOf('product')
  const legend =
    answer.dataset && product >= 0
      ? productLegend(
          rows.map((row) => row[product] ?? null),
          width,
          answer.dataset,
        )
      : []
  const bold = onTerminal && process.env['NO_COLOR'] === undefined
  const first = headline === undefined ? [] : [...wrapped('', headline, widthOf(stdout)).split('\n'), '']
  return {
    lines: [
      ...first.map((line) => (bold && line !== '' ? styleText('bold', line) : line)),
      ...lines,
      ...(legend.length > 0 ? ['', ...legend] : []),
    ],
    after: () => {
      for (const note of notes) err.write(`${wrapped('', note, widthOf(err))}\n`)
    },
  }
}

async function* withBreaks(lines: readonly string[]): AsyncGenerator<string> {
  for (const line of lines) yield `${line}\n`
}

/** Print an answer, or write it to a file, with what must be said beside it. */
export async function deliver(
  answer: Answer,
  format: Format,
  pivot: Pivot | undefined,
  out: string | undefined,
  terminal: Terminal,
  home: string,
  chart?: ChartDeclaration,
): Promise<void> {
  const { signal, err } = terminal
  await answer.tellDoubts(signal)
  const send = (text: AsyncIterable<string>) =>
    out === undefined ? print(text, terminal) : writeText(out, text, signal)
  if (format === 'parquet') await writeWhole(String(out), (temporary) => answer.parquet(temporary, signal))
  else if (format === 'json') await send(json(answer, answer.stream(signal)))
  else if (format === 'svg') await send(svg(answer, chart, home, signal))
  else if (format === 'csv') {
    const names = answer.columns.map((column) => column.name)
    await send(csv(names, answer.stream(signal)))
  } else {
    const { lines, after } = await tableText(answer, pivot, out, terminal)
    await send(withBreaks(lines))
    after()
  }
  // A picture says beside itself what is said here, as JSON does.
  if (format !== 'json' && format !== 'svg') err.write(remarks(answer, widthOf(err)))
  if (out !== undefined) err.write(`Written to ${out}\n`)
  if (answer.failed !== undefined) throw new Refusal('check_failed', 'check/failed', answer.failed)
}

/** The version that was asked, where the analysis takes a dataset. */
const datasetOf = ({ dataset }: Answer) => (dataset ? { dataset: `${dataset.name}@${dataset.version}` } : {})

/** The flags that say how an answer is wanted. */
export function deliveryOptions(command: Command): Command {
  return command
    .addOption(new Option('--format <word>', 'How the rows are written; follows the ending of --out').choices(formats))
    .option('--out <file>', 'Write to a file, whole or not at all')
}

/** One command for one analysis, made from its declaration. */
export function addAnalysis(program: Command, analysis: Analysis, terminal: Terminal): void {
  const command = program.command(analysis.name).description(analysis.question)
  command.addHelpText('before', `  ${analysis.example}\n`)
  addParameters(command, analysis)
  const kinds = [...new Set(analysis.chart ? chartsOf(analysis.chart).map(({ kind }) => kind) : [])]
  if (kinds.length > 1)
    command.addOption(
      new Option('--chart <kind>', 'Of the pictures that it has, with --format svg; the first that fits').choices(
        kinds,
      ),
    )
  deliveryOptions(
    command.option('--columns <a,b>', `Columns wanted, of ${Object.keys(analysis.columns.shape).join(', ')}`),
  )
    .option('--explain', 'Print the statement that would run, and run nothing')
    .option('--save <file>', 'Save the question, with the version of its dataset, for chokepoint run')
    .action(async (options: Asked & Record<string, unknown>) => {
      const format = formatOf(options)
      if (options.chart !== undefined && format !== 'svg')
        throw new Refusal(
          'wrong_use',
          'chart/format',
          `--chart ${options.chart} is a picture. Add --format svg, or --out FILE.svg`,
        )
      const chart = format === 'svg' ? chartIn(analysis.name, analysis.chart, options.chart) : undefined
      const given = givenParameters(analysis, options)
      await withChokepoint(terminal.signal, async (chokepoint) => {
        const ask = (columns?: readonly string[]) => chokepoint.ask(analysis.name, given, columns ? { columns } : {})
        const asked = options.columns === undefined ? undefined : commaList('--columns', options.columns)
        const plain = format === 'table' ? (asked ?? analysis.shown) : asked
        const long = format === 'table' && asked === undefined && analysis.pivot
        const wide = long ? await ask(pivotColumns(long)) : undefined
        // With other parameters the same analysis may give a table that has nothing to set side by side.
        const pivot = wide?.columns.some((column) => column.name === analysis.pivot?.cells) ? analysis.pivot : undefined
        const answer = wide && pivot ? wide : await ask(plain)
        if (options.save !== undefined) {
          const question = {
            analysis: analysis.name,
            parameters: writtenParameters({ ...given, ...datasetOf(answer) }),
            ...(options.columns === undefined ? {} : { columns: commaList('--columns', options.columns) }),
            tool_version: answer.tool_version,
          }
          await writeText(options.save, withBreaks([writtenQuestion(question).trimEnd()]), terminal.signal)
          terminal.err.write(`Saved to ${options.save}\n`)
        }
        if (!options.explain) {
          await answer.tellDoubts(terminal.signal)
          return await deliver(answer, format, pivot, options.out, terminal, chokepoint.home, chart)
        }
        const text = withBreaks([answer.explain()])
        await (options.out === undefined ? print(text, terminal) : writeText(options.out, text, terminal.signal))
      })
    })
}
