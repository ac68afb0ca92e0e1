/**
 * Compiles the bundled sample: `npm run compile-sample`. Publishers' files under CHOKEPOINT_TEST_DATA (default
 * ../shared/data) are loaded by the product itself, then summed to tables of our own shape under data/sample.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import type { Manifest } from '../src/dataset/schema.ts'
import { uniformColumns } from '../src/engine/engine.ts'
import { open } from '../src/index.ts'
import { loadMaterials } from './materials/dataset.ts'

const data = process.env['CHOKEPOINT_TEST_DATA'] ?? '../shared/data'
const out = 'data/sample'
const home = mkdtempSync(join(tmpdir(), 'chokepoint-sample-'))
const chokepoint = await open({ home })
const db = await (await DuckDBInstance.create(':memory:')).connect()

const stored = (manifest: Manifest) => {
  if (manifest.kind !== 'flow') throw new Error(`${manifest.name} holds no flows`)
  const file = join(home, 'datasets', manifest.name, manifest.version, 'report-by-product-1.parquet')
  return `(select *${uniformColumns(manifest.uniform)} from read_parquet('${file}'))`
}
const copy = async (sql: string, file: string) => {
  await db.run(`copy (${sql}) to '${join(out, file)}' (format csv, header true)`)
}

const imts = await chokepoint.load([join(data, 'imf-imts-russia', 'RU_trade.csv')], { as: 'imts' })
// The largest partners over all years together, each side for itself; the others are one row a year.
await copy(
  `with row as (select period // 100 as year, side, case when side = 'importer' then exporter else importer end as partner, value, status from ${stored(imts)}),
     large as (select side, partner from row where substr(partner, 1, 2) <> 'X-' group by side, partner qualify row_number() over (partition by side order by sum(value) desc, partner) <= 20)
   select r.year, 'RUS' as reporter, case when l.partner is null then 'X-REST' else r.partner end as partner,
     case when r.side = 'importer' then 'import' else 'export' end as flow, cast(sum(r.value) as bigint) as value, min(r.status) as status
   from row as r left join large as l on l.side = r.side and l.partner = r.partner group by all order by 4, 1, 3`,
  'russia-imts.csv',
)

const importers = [
  'RUS',
  'USA',
  'CHN',
  'JPN',
  'KOR',
  'IND',
  'GBR',
  'CAN',
  'MEX',
  'BRA',
  'TUR',
  'AUS',
  'IDN',
  'VNM',
  'TWN',
  'DEU',
  'FRA',
  'ITA',
  'ESP',
  'NLD',
  'BEL',
  'POL',
  'AUT',
  'SWE',
  'CZE',
]
const materials = await loadMaterials(chokepoint, data, home)
// Weights are in reach for 2024 only; a sum has one where every part has.
const weights = join(data, 'critical-materials-atlas', 'baci_full_30codes_2024_trade.csv')
await copy(
  `with weight as (select year, exporter, importer, hs6, qty_t from read_csv('${weights}', types = {'hs6': 'VARCHAR'}, nullstr = ''))
   select m.period // 100 as year, m.product, m.exporter, case when m.importer in (${importers.map((code) => `'${code}'`).join(', ')}) then m.importer else 'X-REST' end as importer,
     cast(sum(m.value) as decimal(18, 3)) / 1000 as value,
     case when count(w.qty_t) = count(*) then cast(sum(cast(w.qty_t as decimal(18, 3))) as decimal(18, 3)) end as mass
   from ${stored(materials)} as m
   left join weight as w on w.year = m.period // 100 and w.exporter = m.exporter and w.importer = m.importer and w.hs6 = m.product
   group by all order by 1, 2, 4, 3`,
  'critical-materials.csv',
)

const comext = await chokepoint.load(
  [join(data, 'eu-cn8-sanctioned-exports', 'eu27_exports_cn8_monthly_2020-01_2022-11.csv.gz')],
  { as: 'comext' },
)
await copy(
  `select (period // 100) || '-' || lpad(cast(period % 100 as varchar), 2, '0') as month, 'EU27' as exporter, importer, substr(product, 1, 6) as product, edition, cast(sum(value) as bigint) as value
   from ${stored(comext)} where level = 8 group by all order by 1, 2, 3, 4, 5`,
  'eu-listed-exports.csv',
)
const plain = join(out, 'eu-listed-exports.csv')
writeFileSync(`${plain}.gz`, gzipSync(readFileSync(plain), { level: 9 }))
rmSync(plain)

// Vendors' shares: alpha-3 codes, wording kept as wording, and groups told from vendors.
const groupsOfUnknownMembers = ['home makers', 'Chinese brands']
const methods = process.env['CHOKEPOINT_METHODS'] ?? join(data, '..', 'methods')
const shares = parse(readFileSync(join(methods, 'vendor-shares.csv')), { columns: true }) as Record<string, string>[]
const vendors = shares.map((row) => {
  const note = (row['note'] ?? '').replace(/\s*\[V\]$/, '')
  const [low, high] = [row['share_low'] ?? '', row['share_high'] ?? '']
  const almost = /^almost (\d+) %$/.exec(note)?.[1]
  const share = almost
    ? `almost ${almost} %`
    : high === ''
      ? `more than ${low}`
      : low !== high
        ? `${low}-${high}`
        : /^(about|around)\b/.test(note)
          ? `about ${low}`
          : low
  return {
    market: row['market'] === 'RU' ? 'RUS' : row['market'],
    segment: row['segment'],
    measure: row['measure'],
    vendor: row['vendor'],
    members: groupsOfUnknownMembers.includes(row['vendor'] ?? '') ? '*' : '',
    share,
    period_start: row['period_start'],
    period_end: row['period_end'],
    basis: row['basis'],
    source: row['source'],
    source_date: row['source_date'],
    source_kind: row['source_kind'],
    relay: row['relay'],
    owner: row['owner'],
    jurisdiction: row['owner_jurisdiction'],
    ownership_date: row['ownership_date'],
    certainty: row['certainty'],
    note: note.replace(/^(about|around|more than|almost \d+ %);?\s*/, ''),
  }
})
writeFileSync(join(out, 'russia-vendors.csv'), stringify(vendors, { header: true }))

await chokepoint.close()
rmSync(home, { recursive: true })
