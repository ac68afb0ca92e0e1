import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decimal } from './account.ts'
import { describeDoubts } from './doubts.ts'
import { type Loading, rowsOf } from './loading.ts'
import { type Loaded, manifestBase, storeManifest } from './manifest.ts'
import type { Mapping } from './mapping.ts'
import { missingSuppliers } from './missing-suppliers.ts'
import type { Content } from './report.ts'
import type { Account, Coverage, FlowManifest, Side } from './schema.ts'
import { storedFiles } from './store.ts'

// Importers know the origin of what they buy: their report comes first where there are several.
const preferred: readonly Side[] = ['reconciled', 'importer', 'exporter']

/** Describe the flows in `report` and write the manifest, and the list of products held. */
export async function writeFlowManifest(
  { db, folder }: Loading,
  content: Content,
  given: Omit<Loaded, 'reject_reasons' | 'mapping' | 'account'> & {
    readonly mapping: Mapping
    readonly account: Account
    readonly partners_complete: boolean
  },
): Promise<FlowManifest> {
  const { mapping } = given
  const list = async (sql: string) => (await rowsOf(db, sql)).map((row) => Object.values(row)[0])
  const held = (await list('select distinct side from report')) as Side[]
  const sides = preferred.filter((side) => held.includes(side))
  const levels = (
    (await list('select level from report group by level order by count(*) desc, level desc')) as number[]
  ).map(Number)
  const periods = ((await list('select distinct period from report order by period')) as number[]).map(Number)
  const rejected = Object.fromEntries(
    (await rowsOf(db, 'select reason, count(*) as n from rejects group by all order by all')).map((row) => [
      row['reason'],
      Number(row['n']),
    ]),
  )
  const coverage = (
    await rowsOf(
      db,
      `select case when side = 'exporter' then exporter when side = 'importer' then importer else 'WLD' end as reporter,
      cast(period as integer) as period, side, cast(level as integer) as level, edition, count(*) as rows, cast(sum(value) as varchar) as value
      from report where trade = 'all' group by all order by all`,
    )
  ).map((row) => ({ ...row, rows: Number(row['rows']) }) as unknown as Coverage)
  const aside = Object.fromEntries(
    (
      await rowsOf(
        db,
        'select reason, n, cast(cast(whole as decimal(38, 12)) + rest as varchar) as value from tally where reason is not null order by reason',
      )
    ).map((row) => [row['reason'], { rows: Number(row['n']), value: decimal(row['value']) }]),
  )
  const defaultLevel = levels[0] as number
  const doubts = await describeDoubts(db, periods, defaultLevel, sides, mapping.frequency, mapping.currency)
  const products = await rowsOf(
    db,
    `select product as code, cast(level as integer) as level, edition, list(distinct cast(period as integer) order by cast(period as integer)) as periods
    from report group by product, level, edition order by level, product, edition`,
  )
  await writeFile(
    join(folder, storedFiles.products),
    `[${products.map((row) => JSON.stringify({ ...row, periods: row['periods'] as number[] })).join(',\n')}]\n`,
    { flush: true },
  )
  const defaultSide = sides[0] as Side
  const missing =
    given.partners_complete && defaultSide !== 'exporter'
      ? await missingSuppliers({ db }, defaultLevel, defaultSide, products)
      : []
  const base = await manifestBase(
    folder,
    { ...given, reject_reasons: rejected, notes: [...given.notes, ...missing] },
    [content.rows, content.mixed, content.added],
    Object.values(storedFiles),
  )
  const manifest: FlowManifest = {
    ...base,
    kind: 'flow',
    account: given.account,
    aside_reasons: aside,
    frequency: mapping.frequency,
    currency: mapping.currency,
    valuation: mapping.valuation,
    price_basis: 'current',
    sides,
    levels: [...levels].sort((a, b) => a - b),
    editions: (await list('select distinct edition from report order by edition')) as string[],
    default_level: defaultLevel,
    default_side: defaultSide,
    partners_complete: given.partners_complete,
    products_complete: mapping.products_complete,
    periods,
    importers: (await list('select distinct importer from report order by importer')) as string[],
    estimated_periods: (
      (await list("select distinct period from report where status = 'estimated' order by period")) as number[]
    ).map(Number),
    coverage,
    doubts,
  }
  await storeManifest(folder, manifest)
  return manifest
}
