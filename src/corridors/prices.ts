import { measure } from '../engine/statement.ts'
import { fisherPriceIndex } from '../measures/price-index.ts'
import { exchangeRate } from '../reference/exchange-rates.ts'
import { Refusal } from '../refusal.ts'
import { periodName } from '../wording.ts'
import type { Corridors } from './corridors.ts'

const statement = measure('corridor_prices')

/** How prices moved on a first leg. */
export interface PriceChange {
  /** Ratio after to before, Fisher's index over unit values. */
  readonly price: number
  /** Of what was sold after the event, in goods that the index covers: currency. */
  readonly weighed: number
}

/**
 * By how much listed goods became dearer by weight on the first leg of some hubs; those of which nothing has a known weight
 * both before and after are left out, and all where the list is one unit, whose make-up moves what a kilogram costs.
 */
export async function pricesOf(
  { reader, values, goods }: Corridors,
  hubs: readonly string[],
): Promise<ReadonlyMap<string, PriceChange>> {
  if (hubs.length === 0 || goods.kind === 'list') return new Map()
  const bound = { ...values, importers: hubs }
  const columns = ['hub', 'after', 'before', 'before_at_prices_after', 'after_at_prices_before'] as const
  const rows = await reader.rows({ statement, values: bound, order: ['hub'], every_importer: true }, columns)
  return new Map(
    rows.flatMap((row): [string, PriceChange][] => {
      const [after, before, before_at_prices_after, after_at_prices_before] = columns
        .slice(1)
        .map((name) => Number(row[name])) as [number, number, number, number]
      const price = fisherPriceIndex({ before, after, before_at_prices_after, after_at_prices_before })
      return price === null ? [] : [[String(row['hub']), { price, weighed: after }]]
    }),
  )
}

/** The dataset's currency against another between the windows before and the span after: a ratio of all values moves so. */
export interface CurrencyChange {
  readonly currency: string
  readonly other: string
  /** What one unit of the currency bought of the other after the event, by what it bought before. */
  readonly factor: number
}

const monthsOf = (period: number) =>
  period % 100 === 0 ? Array.from({ length: 12 }, (_, month) => period + month + 1) : [period]
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * How the euro moved against the dollar, for values in either: by monthly means, as both are the usual money of invoices.
 * Undefined for other currencies, or where a month is not in the shipped table.
 */
export function currencyChange({ manifest, span, values }: Corridors): CurrencyChange | undefined {
  const other = { EUR: 'USD', USD: 'EUR' }[manifest.currency]
  if (other === undefined) return undefined
  try {
    const dollars = (periods: readonly number[]) =>
      mean(periods.flatMap(monthsOf).map((month) => 1 / exchangeRate(periodName(month), 'EUR')))
    const before = dollars(span.windows.slice(0, Number(values['mean_windows'])).flat())
    const moved = dollars(span.post) / before
    return { currency: manifest.currency, other, factor: other === 'USD' ? moved : 1 / moved }
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}
