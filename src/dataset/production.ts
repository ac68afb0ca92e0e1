import { join } from 'node:path'
import { quoted } from '../engine/engine.ts'
import { decimal } from './account.ts'
import { type Loading, rowsOf } from './loading.ts'
import { type Loaded, manifestBase, storeManifest } from './manifest.ts'
import type { Mapping } from './mapping.ts'
import type { Account, ProductionManifest } from './schema.ts'
import { productionFiles } from './store.ts'

/**
 * Make `report` of the kept rows of `resolved`, one row an economy, product, edition and period, and write it with what was
 * set aside or rejected. A value or a mass is null where it is not known of every row that makes it up.
 */
export async function writeProduction({ db, folder }: Loading): Promise<void> {
  await db.run(`create table report as
    select cast(importer as varchar) as economy, cast(product as varchar) as product, level, cast(edition as varchar) as edition,
      cast(period as uinteger) as period, case when count(value) = count(*) then cast(sum(value) as bigint) end as value,
      case when count(mass) = count(*) and sum(mass) < 9000000000000000000 then cast(sum(mass) as bigint) end as mass,
      string_agg(distinct source, '; ' order by source) as source, cast(min(status) as varchar) as status
    from resolved where set_aside is null group by importer, product, level, edition, period`)
  const write = (select: string, file: string) =>
    db.run(`copy (${select}) to ${quoted(join(folder, file))} (format parquet, compression zstd)`)
  await write('select * from report order by period, level, product, economy, edition', productionFiles.rows)
  await write(
    `select period, importer_code as economy_code, cast(importer as varchar) as economy, cast(product as varchar) as product, level,
       cast(edition as varchar) as edition, exact as value, mass, set_aside as reason
     from resolved where set_aside is not null order by place`,
    productionFiles.aside,
  )
  await write('select * from rejects order by file, line, reason', productionFiles.reject)
}

/** Describe the production in `report` and write the manifest. */
export async function writeProductionManifest(
  { db, folder }: Loading,
  given: Omit<Loaded, 'reject_reasons' | 'mapping' | 'account'> & {
    readonly mapping: Mapping
    readonly account: Account
  },
): Promise<ProductionManifest> {
  const list = async (sql: string) => (await rowsOf(db, sql)).map((row) => Object.values(row)[0])
  const counted = async (sql: string) =>
    Object.fromEntries((await rowsOf(db, sql)).map((row) => [String(row['reason']), row]))
  const rejected = await counted('select reason, count(*) as n from rejects group by all order by all')
  const aside = await counted(
    'select reason, n, cast(cast(whole as decimal(38, 12)) + rest as varchar) as value from tally where reason is not null order by reason',
  )
  const content = await list(
    "select md5(string_agg(concat_ws('|', economy, product, edition, period, value, mass, source, status), '\n' order by economy, product, edition, period)) from report",
  )
  const base = await manifestBase(
    folder,
    {
      ...given,
      reject_reasons: Object.fromEntries(Object.entries(rejected).map(([reason, row]) => [reason, Number(row['n'])])),
    },
    content,
    Object.values(productionFiles),
  )
  const manifest: ProductionManifest = {
    ...base,
    kind: 'production',
    frequency: given.mapping.frequency,
    currency: given.mapping.currency,
    levels: ((await list('select distinct level from report order by level')) as number[]).map(Number),
    editions: (await list('select distinct edition from report order by edition')) as string[],
    periods: ((await list('select distinct period from report order by period')) as number[]).map(Number),
    economies: (await list('select distinct economy from report order by economy')) as string[],
    account: given.account,
    aside_reasons: Object.fromEntries(
      Object.entries(aside).map(([reason, row]) => [reason, { rows: Number(row['n']), value: decimal(row['value']) }]),
    ),
  }
  await storeManifest(folder, manifest)
  return manifest
}
