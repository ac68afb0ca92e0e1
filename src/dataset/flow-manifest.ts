import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Uniform } from '../engine/engine.ts'
import { decimal } from './account.ts'
import { describeDoubts } from './doubts.ts'
import { type Loading, rowsOf } from './loading.ts'
import { type Loaded, manifestBase, storeManifest } from './manifest.ts'
import type { Mapping } from './mapping.ts'
import { missingSuppliers } from './missing-suppliers.ts'
import type { Content } from './report.ts'
import type { Account, Coverage, FlowManifest, Side } from './schema.ts'
import { type Spread, type Stretch, spread, spreadFiles, storedFiles } from './store.ts'
import { writePurchases } from './sums.ts'

// Importers know the origin of what they buy: their report comes first where there are several.
const preferred: readonly Side[] = ['reconciled', 'importer', 'exporter']

/** Describe the flows in `report` and write the manifest, the list of products held, and purchases as they are mostly asked for. */
export async function writeFlowManifest(
  loading: Loading,
  content: Content,
  stretches: readonly Stretch[],
  given: Omit<Loaded, 'reject_reasons' | 'mapping' | 'account'> & {
    readonly mapping: Mapping
    readonly account: Account
    readonly partners_complete: boolean
    readonly uniform: Uniform
  },
): Promise<FlowManifest> {
  const { db, folder } = loading
  const { mapping } = given
  const list = async (sql: string) => (await rowsOf(db, sql)).map((row) => Object.values(row)[0])
  const counts = await countsOf(db)
  const held = new Set(counts.map((row) => row.side))
  const sides = preferred.filter((side) => held.has(side))
  const levels = byRows(counts)
  const periods = [...new Set(counts.map((row) => row.period))].sort((a, b) => a - b)
  const rejected = Object.fromEntries(
    (await rowsOf(db, 'select reason, count(*) as n from rejects group by all order by all')).map((row) => [
      row['reason'],
      Number(row['n']),
    ]),
  )
  const coverage = counts
    .filter((row) => row.trade === 'all')
    .map(({ trade: _trade, estimated: _estimated, ...row }): Coverage => row)
  const aside = Object.fromEntries(
    (
      await rowsOf(
        db,
        'select reason, n, cast(cast(whole as decimal(38, 12)) + rest as varchar) as value from tally where reason is not null order by reason',
      )
    ).map((row) => [row['reason'], { rows: Number(row['n']), value: decimal(row['value']) }]),
  )
  const defaultLevel = levels[0] as number
  const defaultSide = sides[0] as Side
  await writePurchases(loading, defaultLevel, defaultSide, stretches)
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
  const missing =
    given.partners_complete && defaultSide !== 'exporter'
      ? await missingSuppliers({ db }, defaultLevel, defaultSide, products)
      : []
  const base = await manifestBase(
    folder,
    { ...given, reject_reasons: rejected, notes: [...given.notes, ...missing] },
    [content.rows, content.mixed, content.added],
    [...Object.values(storedFiles), ...Object.keys(spread).flatMap((what) => spreadFiles(what as Spread, stretches))],
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
    editions: [...new Set(counts.map((row) => row.edition))].sort(),
    default_level: defaultLevel,
    default_side: defaultSide,
    partners_complete: given.partners_complete,
    products_complete: mapping.products_complete,
    periods,
    stretches,
    uniform: given.uniform,
    importers: (await list('select distinct importer from report order by importer')) as string[],
    estimated_periods: periods.filter((period) => counts.some((row) => row.period === period && row.estimated > 0)),
    coverage,
    doubts,
  }
  await storeManifest(folder, manifest)
  return manifest
}

/** Coverage of one kind of trade, and how many of the rows are estimated. */
interface Counts extends Coverage {
  readonly trade: string
  readonly estimated: number
}

/** What each reporter has in each period, counted once for all that is said of it. */
async function countsOf(db: Loading['db']): Promise<Counts[]> {
  const rows = await rowsOf(
    db,
    `select case when side = 'exporter' then exporter when side = 'importer' then importer else 'WLD' end as reporter,
      cast(period as integer) as period, side, cast(level as integer) as level, edition, count(*) as rows, cast(sum(value) as varchar) as value,
      trade, count(*) filter (where status = 'estimated') as estimated
    from report group by all order by reporter, period, side, level, edition, trade`,
  )
  return rows.map(
    (row) => ({ ...row, rows: Number(row['rows']), estimated: Number(row['estimated']) }) as unknown as Counts,
  )
}

/** Levels, that with most rows first. */
function byRows(counts: readonly Counts[]): number[] {
  const rows = new Map<number, number>()
  for (const one of counts) rows.set(one.level, (rows.get(one.level) ?? 0) + one.rows)
  return [...rows].sort(([a, m], [b, n]) => n - m || b - a).map(([level]) => level)
}
