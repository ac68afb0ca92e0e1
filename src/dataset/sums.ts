import { join } from 'node:path'
import { BIGINT, INTEGER, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { quoted } from '../engine/engine.ts'
import { measure } from '../engine/statement.ts'
import type { Loading } from './loading.ts'
import type { Side } from './schema.ts'
import { storedFiles } from './store.ts'

/** What a file in an order is written with: groups of so many rows that a reader passes over. */
export const inGroups = ', row_group_size 65536'

/** Write sums over `report` that many questions would form again, and make `all_goods` of the first of them. */
export async function writeSums(loading: Loading): Promise<void> {
  const { db, folder } = loading
  await parquet(
    loading,
    `select * from (${measure('all_goods').text}) order by importer, period, exporter, level, edition, side, trade, status`,
    storedFiles.allGoods,
    inGroups,
  )
  await db.run(
    `create or replace view all_goods as select * from read_parquet(${quoted(join(folder, storedFiles.allGoods))})`,
  )
  // Numbers in place of names sort at a fraction of the cost.
  await db.run(
    `create or replace temporary table exports as
     select * replace (cast(product as product_code) as product, cast(exporter as economy) as exporter)
     from (${measure('national_exports').text})`,
  )
  const inText =
    'select * replace (cast(product as varchar) as product, cast(exporter as varchar) as exporter) from (select * from exports'
  for (const [order, file] of [
    ['period, product, exporter', storedFiles.exports],
    ['exporter, period, product', storedFiles.exportsByExporter],
  ] as const)
    await parquet(loading, `${inText} order by ${order}, level, side)`, file, inGroups)
  await db.run('drop table exports')
}

/** Rows of which purchases are summed at a time: what is summed stays in memory. */
const summedAtOnce = 10_000_000

/**
 * Write what each economy buys of each product of a level, by the reports of a side.
 * @param rows how many rows each period has
 */
export async function writePurchases(
  loading: Loading,
  level: number,
  side: Side,
  rows: ReadonlyMap<number, number>,
): Promise<void> {
  const { db } = loading
  const summed = `with flow as (${measure('flow').text})
    select * from (
      select cast(period as uinteger) as period, cast(importer as economy) as importer, cast(product as product_code) as product,
        cast(total as bigint) as total, cast(unknown as bigint) as unknown, cast(suppliers as integer) as suppliers,
        cast(squares as decimal(38, 0)) as squares, lead_supplier, cast(lead_value as bigint) as lead_value
      from (${measure('purchases_summed').text}))
    order by period, importer, product`
  const types = {
    level: INTEGER,
    side: VARCHAR,
    periods: LIST(BIGINT),
    products: LIST(VARCHAR),
    importers: LIST(VARCHAR),
  }
  const none = listValue([])
  let made = false
  for (const periods of batches(rows)) {
    await db.run(
      `${made ? 'insert into purchases' : 'create temporary table purchases as'} ${summed}`,
      { level, side, periods: listValue(periods.map(BigInt)), products: none, importers: none },
      types,
    )
    made = true
  }
  await parquet(
    loading,
    `select * replace (cast(product as varchar) as product, cast(importer as varchar) as importer) from purchases`,
    storedFiles.purchases,
    inGroups,
  )
  await db.run('drop table purchases')
}

/** Periods one after the other, as many together as have no more rows than may be summed at once; once none where there are none. */
function batches(rows: ReadonlyMap<number, number>): number[][] {
  const found: number[][] = [[]]
  let held = 0
  for (const [period, count] of [...rows].sort(([one], [other]) => one - other)) {
    if (held > 0 && held + count > summedAtOnce) {
      found.push([])
      held = 0
    }
    found.at(-1)?.push(period)
    held += count
  }
  return found
}

/** Write what a statement selects, in its order, as a file of the version. */
export async function parquet({ db, folder }: Loading, select: string, file: string, more = ''): Promise<void> {
  await db.run(
    `copy (${select}) to ${quoted(join(folder, file))} (format parquet, compression zstd, compression_level 1${more})`,
  )
}
