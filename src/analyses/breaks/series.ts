import { statement } from '../../engine/statement.ts'
import { economyName } from '../../reference/economies.ts'
import { percent, periodName } from '../../wording.ts'
import type { FlowReader, Row, Selection } from '../analysis.ts'

/** One flow over the periods that its reporter covers; nothing traded is 0, and what nobody reported is left out. */
export interface TradeSeries {
  readonly importer: string
  readonly supplier: string
  readonly product: string
  readonly periods: readonly number[]
  readonly values: readonly number[]
  /** Of the periods asked for, those that nobody reported, or whose weight is unknown. */
  readonly missing: number
  /** What must be said of its reporter. */
  readonly caveats: readonly string[]
}

const statementOfSeries = statement(import.meta.url, './series.sql')

/** Of a bloc, members that are silent in a period may have this part of what all of them report, or it is left out. */
const mostAbsent = 0.1

/** From this part on it is said that they are. */
const saidAbsent = 0.01

/**
 * Periods asked for in which whoever reports a flow reports anything. A bloc does where those of its members that are
 * silent are small by what they report otherwise; who they are is said.
 */
function reportedBy(
  selection: Selection,
  importer: string,
  supplier: string,
): { readonly periods: readonly number[]; readonly caveats: readonly string[] } {
  const { manifest, side, periods, level } = selection
  if (side === 'reconciled') return { periods, caveats: [] }
  const label = side === 'importer' ? importer : supplier
  const blocs = side === 'importer' ? selection.buying_blocs : selection.selling_blocs
  const members = blocs.find((bloc) => bloc.label === label)?.members ?? [label]
  const rows = manifest.coverage.filter(
    (row) =>
      row.side === side &&
      row.level === level &&
      periods.includes(row.period) &&
      (label === 'ALL' || row.reporter === label || members.includes(row.reporter)),
  )
  const values = new Map<string, number>()
  for (const row of rows) values.set(row.reporter, (values.get(row.reporter) ?? 0) + Number(row.value))
  const whole = [...values.values()].reduce((sum, value) => sum + value, 0)
  const caveats: string[] = []
  const reported = periods.filter((period) => {
    const silent = new Map(values)
    for (const row of rows) if (row.period === period) silent.delete(row.reporter)
    const absent = [...silent.values()].reduce((sum, value) => sum + value, 0)
    if (label === 'ALL') return silent.size < values.size
    const kept = silent.size < values.size && absent <= mostAbsent * whole
    if (absent > saidAbsent * whole && silent.size < values.size)
      caveats.push(
        `${periodName(period)}: no report of ${[...silent.keys()].map(economyName).sort().join(', ')}, ${percent(absent / whole)} of what ${economyName(label)} reports: ${kept ? 'that month is short of it' : 'left out'}.`,
      )
    return kept
  })
  return { periods: reported, caveats }
}

/**
 * The series of a question, each over the periods asked for: by importer, supplier and product, in that order.
 * @param of currency, or tonnes: a period whose weight is unknown for a part is left out
 */
export async function tradeSeries(reader: FlowReader, of: 'value' | 'mass'): Promise<readonly TradeSeries[]> {
  const { selection } = reader
  const rows = await reader.rows(
    {
      statement: statementOfSeries,
      values: { sellers: selection.suppliers, buyers: selection.importers },
      order: ['importer', 'supplier', 'product', 'period'],
    },
    ['importer', 'supplier', 'product', 'period', 'value', 'mass'],
  )
  const apart = new Map<string, Row[]>()
  for (const row of rows) {
    const key = `${row['importer']}\t${row['supplier']}\t${row['product']}`
    const known = apart.get(key)
    if (known) known.push(row)
    else apart.set(key, [row])
  }
  return [...apart].map(([key, own]) => {
    const [importer = '', supplier = '', product = ''] = key.split('\t')
    const traded = new Map(own.map((row) => [Number(row['period']), row[of] === null ? null : Number(row[of])]))
    const { periods, caveats } = reportedBy(selection, importer, supplier)
    const known = periods
      .map((period) => ({ period, value: traded.has(period) ? (traded.get(period) ?? null) : 0 }))
      .filter((one): one is { period: number; value: number } => one.value !== null)
    return {
      importer,
      supplier,
      product,
      periods: known.map(({ period }) => period),
      values: known.map(({ value }) => value),
      missing: selection.periods.length - known.length,
      caveats,
    }
  })
}
