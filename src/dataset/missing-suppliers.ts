import { readFileSync } from 'node:fs'
import { INTEGER, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { economyName } from '../reference/economies.ts'
import { economyGroups } from '../reference/economy-groups.ts'
import { percent, periodName } from '../wording.ts'
import { type Loading, type Row, rowsOf } from './loading.ts'
import type { Side } from './schema.ts'

const suppliers = readFileSync(new URL('./missing-suppliers.sql', import.meta.url), 'utf8')
const economies = readFileSync(new URL('./missing-economies.sql', import.meta.url), 'utf8')

/**
 * With fewer products or importers an economy may well sell none of them. In any twenty of thirty critical materials
 * nobody who sells none buys more than a thirtieth of what one is traded for on average; a fifth leaves room.
 */
const least = 20
const part = 5

const spoken = (periods: unknown) => (periods as number[]).map((period) => periodName(Number(period))).join(', ')

/**
 * Notes on economies that are missing from flows which claim to have every supplier, by the publisher, a download or a
 * hand: those that buy much and sell nothing, and those that the publisher's list of economies has and no row does. Every
 * share of what they sell is wrong.
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
  if (Math.max(0, ...held.values()) < least) return []
  await db.run(
    `create or replace temporary table held as select unnest($period) as period, unnest($products) as products`,
    { period: listValue([...held.keys()]), products: listValue([...held.values()]) },
    { period: LIST(INTEGER), products: LIST(INTEGER) },
  )
  await db.run(
    `create or replace temporary table pair as
     select period, importer, exporter, sum(value) as value
     from all_goods where level = $level and side = $side and trade = 'all'
     group by period, importer, exporter`,
    { level, side },
    { level: INTEGER, side: VARCHAR },
  )
  return [...(await silentSellers(db)), ...(await absentEconomies(db))]
}

async function silentSellers(db: Loading['db']): Promise<string[]> {
  const found = await rowsOf(db, suppliers, { least, part }, { least: INTEGER, part: INTEGER })
  if (found.length === 0) return []
  const codes = await rowsOf(
    db,
    `select cast(importer as varchar) as economy, string_agg(distinct importer_code, ' or ' order by importer_code) as code
     from resolved where set_aside is null group by importer`,
  )
  return found.map((row) => {
    const code = codes.find((one) => one['economy'] === row['economy'])?.['code']
    return `${economyName(String(row['economy']))} (${code}) buys ${percent(Number(row['value']) / Number(row['total']))} of all that is traded in ${spoken(row['periods'])}, and no row has it as the supplier: rows are missing, and shares and indices are wrong wherever it sells.`
  })
}

/** Small islands of a publisher's list trade nothing in some years; members of groups that readers ask for do. */
async function absentEconomies(db: Loading['db']): Promise<string[]> {
  const members = economyGroups().flatMap((group) => group.members)
  const found = await rowsOf(
    db,
    economies,
    {
      member: listValue(members.map((one) => one.economy)),
      member_from: listValue(members.map((one) => one.from)),
      member_until: listValue(members.map((one) => one.until)),
      least,
    },
    { member: LIST(VARCHAR), member_from: LIST(INTEGER), member_until: LIST(INTEGER), least: INTEGER },
  )
  return found.map(
    (row) =>
      `${economyName(String(row['economy']))} (${row['code']}) is in the publisher’s list of economies, and no row of ${spoken(row['periods'])} has it: rows are missing, and shares and indices are wrong wherever it trades.`,
  )
}
