import { statement } from '../../engine/statement.ts'
import type { FlowReader, Row, Selection } from '../analysis.ts'
import { reportedPeriods } from '../reporters.ts'

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

/** Periods asked for in which whoever reports a flow reports anything. */
function reportedBy(selection: Selection, importer: string, supplier: string) {
  const { manifest, side, periods, level } = selection
  const [label, blocs] = side === 'importer' ? [importer, selection.buying_blocs] : [supplier, selection.selling_blocs]
  const members = blocs.find((bloc) => bloc.label === label)?.members
  return reportedPeriods(manifest, { label, members }, side, level, periods)
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
