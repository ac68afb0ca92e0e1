import { readFileSync } from 'node:fs'
import { INTEGER, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { economyName } from '../reference/economies.ts'
import { percent, periodName } from '../wording.ts'
import { type Loading, type Row, rowsOf } from './loading.ts'
import type { Side } from './schema.ts'

const missing = readFileSync(new URL('./missing-suppliers.sql', import.meta.url), 'utf8')

/**
 * With fewer products or importers an economy may well sell none of them. In any twenty of thirty critical materials
 * nobody who sells none buys more than a thirtieth of what one is traded for on average; a fifth leaves room.
 */
const judged = { least: 20, part: 5 } as const

/**
 * Notes on economies that buy much and sell nothing at all, in flows that claim to have every supplier: their code has
 * been dropped as a supplier, by the publisher, a download or a hand, and every share of what they sell is wrong.
 * @param products the products held, with their level and periods
 */
export async function missingSuppliers(
  { db }: Pick<Loading, 'db'>,
  level: number,
  side: Side,
  products: readonly Row[],
): Promise<string[]> {
  const held = new Map<number, number>()
  for (const product of products.filter((one) => one['level'] === level))
    for (const period of product['periods'] as number[]) held.set(period, (held.get(period) ?? 0) + 1)
  const found = await rowsOf(
    db,
    missing,
    {
      level,
      side,
      held_period: listValue([...held.keys()]),
      held_products: listValue([...held.values()]),
      ...judged,
    },
    {
      level: INTEGER,
      side: VARCHAR,
      held_period: LIST(INTEGER),
      held_products: LIST(INTEGER),
      least: INTEGER,
      part: INTEGER,
    },
  )
  if (found.length === 0) return []
  const codes = await rowsOf(
    db,
    `select cast(importer as varchar) as economy, string_agg(distinct importer_code, ' or ' order by importer_code) as code
     from resolved where set_aside is null group by importer`,
  )
  return found.map((row) => {
    const code = codes.find((one) => one['economy'] === row['economy'])?.['code']
    const when = (row['periods'] as number[]).map((period) => periodName(Number(period))).join(', ')
    return `${economyName(String(row['economy']))} (${code}) buys ${percent(Number(row['value']) / Number(row['total']))} of all that is traded in ${when}, and no row has it as the supplier: rows are missing, and shares and indices are wrong wherever it sells.`
  })
}
