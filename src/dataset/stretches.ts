import { type Loading, rowsOf } from './loading.ts'

/** Rows that are sorted, summed and stored together unless said otherwise: what is sorted stays in the memory of a load. */
const usualRows = 10_000_000

/** Periods one after the other whose flows are sorted together and stand in one file. */
export type Stretch = readonly number[]

/** The periods of `readable`, as many together as have no more than `most` rows, and each that has more by itself. */
export async function stretchesOf({ db }: Loading, most = usualRows): Promise<Stretch[]> {
  const counted = await rowsOf(db, 'select period, count(*) as n from readable group by period order by period')
  const found: number[][] = []
  let held = 0
  for (const row of counted) {
    const [period, rows] = [Number(row['period']), Number(row['n'])]
    const last = found.at(-1)
    if (last && held + rows <= most) {
      last.push(period)
      held += rows
    } else {
      found.push([period])
      held = rows
    }
  }
  return found
}

/** Orders in which flows are stored, each in a file a stretch. */
export const orders = { byProduct: 'report-by-product', byImporter: 'report-by-importer' } as const
export type Order = keyof typeof orders

/** The files of an order, one after the other; those that hold some of these periods where any are named. */
export function reportFiles(order: Order, stretches: readonly Stretch[], periods: readonly number[] = []): string[] {
  const files = stretches.map((_, place) => `${orders[order]}-${place + 1}.parquet`)
  if (periods.length === 0) return files
  const asked = new Set(periods)
  return files.filter((_, place) => stretches[place]?.some((period) => asked.has(period)))
}
