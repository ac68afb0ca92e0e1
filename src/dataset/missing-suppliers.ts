import { readFileSync } from 'node:fs'
import { INTEGER, VARCHAR } from '@duckdb/node-api'
import { economyName } from '../reference/economies.ts'
import { percent, periodName } from '../wording.ts'
import { type Loading, rowsOf } from './loading.ts'
import type { Side } from './schema.ts'

const missing = readFileSync(new URL('./missing-suppliers.sql', import.meta.url), 'utf8')

/**
 * With fewer products or importers an economy may well sell none of them. In any twenty of thirty critical materials
 * nobody who sells none buys more than a fortieth of what one is traded for; a fifth leaves room.
 */
const judged = { least: 20, part: 5 } as const

/**
 * Notes on economies that buy much and sell nothing at all, in flows that claim to have every supplier: their code has
 * been dropped as a supplier, by the publisher, a download or a hand, and every share of what they sell is wrong.
 */
export async function missingSuppliers({ db }: Pick<Loading, 'db'>, level: number, side: Side): Promise<string[]> {
  const found = await rowsOf(
    db,
    missing,
    { level, side, ...judged },
    { level: INTEGER, side: VARCHAR, least: INTEGER, part: INTEGER },
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
