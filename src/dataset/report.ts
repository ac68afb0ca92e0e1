import { join } from 'node:path'
import { quoted } from '../engine/engine.ts'
import { type Loading, rowsOf } from './loading.ts'
import type { Mapping } from './mapping.ts'
import { storedFiles } from './store.ts'

/** Make `report` of the kept rows of `resolved`, one row a key, and write it in two orders, with what was set aside or rejected. */
export async function writeReport({ db, folder }: Loading, mapping: Mapping): Promise<void> {
  const columns = 'period, year, importer, exporter, product, level, edition, side, trade'
  const single = (
    await rowsOf(
      db,
      `select count(*) = count(distinct hash(${columns})) as single from resolved where set_aside is null`,
    )
  )[0]?.['single']
  const kept = single
    ? `select ${columns}, cast(round(value) as bigint) as value, mass, quantity, quantity_unit, status from resolved where set_aside is null`
    : `select ${columns}, cast(sum(cast(round(value) as bigint)) as bigint) as value,
         case when count(mass) = count(*) then cast(sum(mass) as bigint) end as mass,
         case when count(quantity) = count(*) and count(distinct quantity_unit) <= 1 then cast(sum(quantity) as bigint) end as quantity,
         case when count(distinct quantity_unit) <= 1 then max(quantity_unit) end as quantity_unit,
         min(status) as status
       from resolved where set_aside is null group by ${columns}`
  const residual = mapping.world_check
    ? `union all select period, year, case when side = 'exporter' then 'X-RESIDUAL' else reporter end, case when side = 'exporter' then reporter else 'X-RESIDUAL' end,
         product, level, edition, side, trade, rest, null, null, null, status from residual where rest > parts`
    : ''
  const estimated = Object.entries(mapping.estimated)
  const status = estimated.length
    ? `case ${estimated.map(([economy, from]) => `when year >= ${Number.parseInt(from, 10)} and ${quoted(economy)} in (case when side = 'exporter' then exporter else importer end) then 'estimated'`).join(' ')} else status end`
    : 'status'
  await db.run(
    `create table report as select ${columns}, value, mass, quantity, quantity_unit, ${status} as status from (${kept} ${residual})`,
  )
  const parquet = (select: string, file: string, more = '') =>
    db.run(`copy (${select}) to ${quoted(join(folder, file))} (format parquet, compression zstd${more})`)
  const ordered = (order: string) =>
    `select cast(period as uinteger) as period, year, importer, exporter, product, level, edition, side, trade, value, mass, quantity, quantity_unit, status
     from report order by ${order}`
  const groups = ', row_group_size 65536'
  await parquet(
    ordered('period, level, product, importer, exporter, edition, side, trade'),
    storedFiles.byProduct,
    groups,
  )
  await parquet(
    ordered('importer, period, level, product, exporter, edition, side, trade'),
    storedFiles.byImporter,
    groups,
  )
  await parquet(
    `select period, importer_code, exporter_code, importer, exporter, product, level, edition, side, trade, value, mass, set_aside as reason
     from resolved where set_aside is not null order by place`,
    storedFiles.aside,
  )
  await parquet('select * from rejects order by file, line, reason', storedFiles.reject)
}
