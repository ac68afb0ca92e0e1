import { join } from 'node:path'
import { BIGINT, type DuckDBType, type DuckDBValue, INTEGER, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { scanOf } from '../engine/duckdb.ts'
import { quoted, type Uniform, uniformColumns } from '../engine/engine.ts'
import { composition, measure } from '../engine/statement.ts'
import type { Loading } from './loading.ts'
import type { Side } from './schema.ts'
import { groupRows, type Stretch, spreadFiles, storedFiles } from './store.ts'

/** What a file in an order is written with: groups of so many rows that a reader passes over. */
export const inGroups = `, row_group_size ${groupRows}`

/** The condition by which rows belong in the file of a stretch; empty where there is one alone. */
export function among(stretches: readonly Stretch[], place: number): string {
  const stretch = stretches[place] ?? []
  return stretches.length > 1 ? `where period between ${stretch[0]} and ${stretch.at(-1)}` : ''
}

/** Write sums over `report` that many questions would form again, and make `all_goods` of the first of them. */
export async function writeSums(loading: Loading, stretches: readonly Stretch[], uniform: Uniform): Promise<void> {
  const { db, folder } = loading
  await parquet(
    loading,
    `select *${Object.keys(uniform).length > 0 ? ` exclude (${Object.keys(uniform).join(', ')})` : ''} from (${measure('all_goods').text}) order by importer, period, exporter, level, edition, side, trade, status`,
    storedFiles.allGoods,
    inGroups,
  )
  await db.run(
    `create or replace view all_goods as select *${uniformColumns(uniform)} from read_parquet(${quoted(join(folder, storedFiles.allGoods))})`,
  )
  // Numbers in place of names sort at a fraction of the cost.
  await db.run(
    `create or replace temporary table exports as
     select * replace (cast(product as product_code) as product, cast(exporter as economy) as exporter)
     from (${measure('national_exports').text})`,
  )
  const inText =
    'select * replace (cast(product as varchar) as product, cast(exporter as varchar) as exporter) from (select * from exports'
  for (const [what, order] of [
    ['exports', 'period, product, exporter'],
    ['exportsByExporter', 'exporter, period, product'],
  ] as const)
    for (const [place, file] of spreadFiles(what, stretches).entries())
      await parquet(loading, `${inText} ${among(stretches, place)} order by ${order}, level, side)`, file, inGroups)
  await db.run('drop table exports')
}

/** Measures as they sum what is stored: nobody buys or sells as a bloc, and nobody is asked about by name. */
const grounds = {
  flow: measure('flow'),
  exports: measure('exports'),
  purchases: measure('purchases_summed'),
  named_supply: measure('nobody_named'),
  merged_exports: measure('nobody_merged'),
  importer_exports: measure('own_exports'),
  world_supply: measure('world_supply_summed'),
  supplier_exports: measure('supplier_exports_summed'),
  bought_enough: measure('bought_enough_summed'),
  // A view over its files, while a dataset is loaded.
  beside: { national_exports: [] },
}

/** A sum of squares as two whole numbers of 64 bits, for Parquet has none of 128: the higher counts 2 to the power of 62. */
const inTwo = (squares: string) =>
  `cast(${squares} >> 62 as bigint) as squares_high, cast(${squares} & 4611686018427387903 as bigint) as squares_low`

/** A measure with all that it stands on, as one statement. */
const whole = (name: string) =>
  `with ${composition(measure(name), grounds)
    .map((part) => `${part.name} as (${part.statement.text})`)
    .join(', ')} select * from answer`

/**
 * Write what each economy buys of each product of a level, by the reports of a side, with what the leading supplier of it
 * sells to the world, and what all economies together sell.
 * @param stretches periods that are summed together
 */
export async function writePurchases(
  loading: Loading,
  level: number,
  side: Side,
  stretches: readonly Stretch[],
): Promise<void> {
  const { db, folder } = loading
  const exports = spreadFiles('exports', stretches).map((file) => join(folder, file))
  await db.run(`create or replace view national_exports as select * from ${scanOf(exports)}`)
  const none = listValue([])
  const ofExports = { level: INTEGER, side: VARCHAR, periods: LIST(BIGINT), products: LIST(VARCHAR) }
  await parquet(
    loading,
    `select cast(period as uinteger) as period, product, cast(total as bigint) as total, cast(unknown as bigint) as unknown,
       ${inTwo('squares')}, cast(lead_value as bigint) as lead_value
     from (${whole('world_supply_summed')}) order by period, product`,
    storedFiles.supply,
    inGroups,
    { level, side, periods: none, products: none, seller_bloc: none },
    { ...ofExports, seller_bloc: LIST(VARCHAR) },
  )
  const summed = `
    select
      cast(p.period as uinteger) as period, cast(p.importer as economy) as importer, cast(p.product as product_code) as product,
      cast(p.total as bigint) as total, cast(p.unknown as bigint) as unknown, cast(p.suppliers as integer) as suppliers,
      ${inTwo('p.squares')}, p.lead_supplier as lead_supplier, cast(p.lead_value as bigint) as lead_value,
      coalesce(e.value, 0) as lead_exports
    from (${whole('purchases_summed')}) as p
    left join national_exports as e
      on e.level = $level and e.side = $side and e.period = p.period and e.product = p.product and e.exporter = p.lead_supplier
    order by period, importer, product`
  for (const [place, file] of spreadFiles('purchases', stretches).entries())
    await parquet(
      loading,
      `select * replace (cast(product as varchar) as product, cast(importer as varchar) as importer) from (${summed})`,
      file,
      inGroups,
      { level, side, periods: listValue((stretches[place] ?? []).map(BigInt)), products: none, importers: none },
      { ...ofExports, importers: LIST(VARCHAR) },
    )
}

/**
 * Write what a statement selects, in its order, as a file of the version. Without Bloom filters: of sorted rows bounds say
 * as much, and the engine would read a filter of each group, byte by byte, for every question.
 */
export async function parquet(
  { db, folder }: Loading,
  select: string,
  file: string,
  more = '',
  values?: Record<string, DuckDBValue>,
  types?: Record<string, DuckDBType>,
): Promise<void> {
  await db.run(
    `copy (${select}) to ${quoted(join(folder, file))} (format parquet, compression lz4_raw, write_bloom_filter false${more})`,
    values,
    types,
  )
}
