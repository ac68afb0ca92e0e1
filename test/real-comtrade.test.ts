import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Chokepoint, open } from '../src/index.ts'
import { flowsOf, realData, temporaryHome } from './engines.ts'

const here = existsSync(realData)
if (!here)
  process.stdout.write(
    'The tests on real reports did not run: set CHOKEPOINT_TEST_DATA to the folder that holds them.\n',
  )

const years = ['2022', '2024'] as const
const atlas = join(realData, 'critical-materials-atlas', 'reconcile_fixtures')
const raw = (year: string) => join(atlas, 'raw', 'comtrade', `comtrade_${year}.csv.gz`)
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number

/** Economies whose customs report both ways, in time and in full, by any account. */
const wellReporting = ['USA', 'DEU', 'JPN', 'FRA', 'GBR', 'ITA', 'CAN', 'KOR', 'AUS', 'ESP', 'NLD', 'SWE', 'POL']

describe.runIf(here)('thirty critical materials from raw reports', async () => {
  const home = await temporaryHome()
  let chokepoint: Chokepoint
  let stored: string
  beforeAll(async () => {
    chokepoint = await open({ home })
    const manifest = await chokepoint.load(years.map(raw), { as: 'raw' })
    stored = join(home, 'datasets', 'raw', manifest.version, 'report-by-product-1.parquet')
    for (const year of years) {
      const mapping = join(home, `baci-${year}.yaml`)
      writeFileSync(
        mapping,
        `frequency: year\ncurrency: USD\nvaluation: FOB\nside: reconciled\nedition: HS2017\ncodes: iso3\npartners_complete: true\nperiod: "${year}"\ncolumns: {exporter: i, importer: j, product: cmd, value: value}\n`,
      )
      await chokepoint.load([join(atlas, 'reconcile', `baci_${year}.csv`)], { as: `baci-${year}`, mapping })
    }
  }, 120_000)
  afterAll(() => chokepoint.close())

  async function query(sql: string) {
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    const found = (await connection.runAndReadAll(sql)).getRowObjectsJson()
    connection.closeSync()
    instance.closeSync()
    return found as Record<string, number | string>[]
  }
  const baci = async (year: string) =>
    `read_parquet('${join(home, 'datasets', `baci-${year}`, (await chokepoint.dataset(`baci-${year}`)).version, 'report-by-product-1.parquet')}')`

  test('each of 8,366 world totals is the sum of its partners’ own rows, where all rows come to more than twice as much', async () => {
    const manifest = await flowsOf(chokepoint.dataset('raw'))
    expect(manifest.account.rows).toMatchObject({ in: 331_447, kept: 64_493, rejected: 0 })
    expect(manifest.aside_reasons['aggregate of economies']?.rows).toBe(8366)
    // No note tells of a total that its parts do not make, and nothing was put in as the rest of one.
    expect(manifest.notes).toEqual(['Rows that contradicted each other: the largest was kept.'])
    expect(manifest.account.derived).toEqual({ rows: 0, value: '0' })
    expect(manifest.partners_complete).toBe(true)
    const world = Number(manifest.aside_reasons['aggregate of economies']?.value)
    const parts = Number(manifest.account.value.kept) + Number(manifest.aside_reasons['own trade']?.value)
    expect(parts / world).toBeCloseTo(1, 6)
    const [naive] = await query(
      `select sum(value::double) / ${world} as times from read_csv(['${raw('2022')}', '${raw('2024')}'], union_by_name = true, types = {'cmd': 'VARCHAR'}) where partner <> 0`,
    )
    expect(naive?.['times']).toBeGreaterThan(2)
    expect(naive?.['times']).toBeLessThan(2.2)
  })

  test('the level is that of BACI: flow by flow the median ratio is 1, all flows together 1.02 to 1.07', async () => {
    const found = await query(
      years
        .map((year) => `select * from ${'BACI'.concat(year)}`)
        .join(' union all ')
        .replace('BACI2022', await baci('2022'))
        .replace('BACI2024', await baci('2024'))
        .replace(/^/, `with b as (`)
        .concat(`)
        select r.period, r.side, median(r.value::double / b.value) as middle, sum(r.value)::double / sum(b.value)::double as level
        from read_parquet('${stored}') as r join b using (period, product, importer, exporter) group by all order by all`),
    )
    expect(found.map((row) => [row['side'], Number(row['middle']), Number(Number(row['level']).toFixed(2))])).toEqual([
      ['exporter', expect.closeTo(1, 3), 1.07],
      ['importer', expect.closeTo(1, 3), 1.03],
      ['exporter', expect.closeTo(1, 3), 1.03],
      ['importer', expect.closeTo(1, 3), 1.02],
    ])
  })

  test('between economies that report well the importer’s report is 0.98 of the exporter’s in the middle, half lie between 0.6 and 1.3', async () => {
    for (const year of years) {
      const rows = await (
        await chokepoint.ask('mirror-gaps', {
          dataset: 'raw',
          importer: wellReporting,
          supplier: wellReporting,
          period: [year],
          min_value: 1_000_000,
        })
      ).rows()
      const both = rows.filter((row) => (row.importer_value ?? 0) >= 1e6 && (row.exporter_value ?? 0) >= 1e6)
      expect(both.length).toBeGreaterThan(400)
      const ratios = both.map((row) => row.ratio as number).sort((a, b) => a - b)
      expect(median(ratios)).toBeGreaterThan(0.97)
      expect(median(ratios)).toBeLessThan(0.99)
      expect(ratios[Math.floor(ratios.length / 4)]).toBeGreaterThan(0.6)
      expect(ratios[Math.floor((ratios.length * 3) / 4)]).toBeLessThan(1.3)
      expect(rows.every((row) => row.asymmetry >= 0 && row.asymmetry <= 1)).toBe(true)
    }
  })

  test('China reports no bauxite for Germany, with all partners: a zero; no platinum for anybody: not known', async () => {
    const sold = async (given: object) =>
      (
        await (
          await chokepoint.ask('mirror-gaps', { dataset: 'raw', supplier: ['CHN'], period: ['2024'], ...given })
        ).rows()
      ).map((row) => [row.product, row.exporter_value, row.importer_value])
    const germany = await sold({ importer: ['DEU'] })
    expect(germany.filter(([, exported]) => !exported)).toEqual([
      ['260600', 0, 12_304_681],
      ['720292', 0, 3_379_905],
    ])
    expect(await sold({ importer: ['HKG'], product: ['711011'] })).toEqual([['711011', null, 249_490_435]])
  })

  test('areas not elsewhere specified bound the index: a fifth of Germany’s palladium, three fifths of Spain’s', async () => {
    const rows = await (
      await chokepoint.ask('concentration', {
        dataset: 'raw',
        importer: ['DEU', 'ESP'],
        product: ['711021'],
        period: ['2022'],
        preset: 'ec',
      })
    ).rows()
    const [germany, spain] = rows
    expect(germany).toMatchObject({ importer: 'DEU', verdict: 'no' })
    expect(germany?.hhi_low).toBeCloseTo(0.105, 2)
    expect((germany?.hhi_high as number) - (germany?.hhi_low as number)).toBeGreaterThan(0.1)
    expect(spain).toMatchObject({ importer: 'ESP', verdict: 'undetermined' })
    expect(spain?.hhi_low).toBeLessThan(0.4)
    expect(spain?.hhi_high).toBeGreaterThan(0.4)
  })

  test('Viet Nam, which reported in 2022 and not in 2024, is rebuilt from partners that had 86 % of its own report', async () => {
    const rows = await (
      await chokepoint.ask('mirror', { dataset: 'raw', importer: ['VNM'], period: ['2022', '2024'], level: '0' })
    ).rows()
    expect(rows.map((row) => [row.period, row.base_period, row.verdict])).toEqual([
      [202200, 202200, 'undetermined'],
      [202400, 202200, 'no'],
    ])
    expect(rows[1]?.coverage).toBeCloseTo(0.86, 2)
    expect(rows[1]?.hhi_low).toBeCloseTo(0.226, 3)
    expect(rows[1]?.hhi_high).toBeCloseTo(0.366, 3)
    // Its own report of 2022 is 6.62 bn; partners that report had 7.16 bn then, at the exporter's border.
    expect((rows[0]?.value as number) / 6_620_438_559).toBeCloseTo(1.08, 2)
    const silent = (
      await (
        await chokepoint.ask('mirror-partners', { dataset: 'raw', importer: ['VNM'], period: ['2024'], level: '0' })
      ).rows()
    ).filter((row) => !row.reports)
    expect(silent.map((row) => row.partner)).toContain('RUS')
    expect(silent.reduce((sum, row) => sum + (row.base_share ?? 0), 0)).toBeCloseTo(0.14, 2)
  })

  test('a supplier’s code that is dropped from the data is noticed by the load, and no wrong verdict comes of it', async () => {
    const verdict = async (dataset: string) =>
      (
        await (
          await chokepoint.ask('concentration', { dataset, importer: ['BRA'], product: ['270112'], period: ['2024'] })
        ).rows()
      )[0]
    const text = gunzipSync(readFileSync(raw('2024'))).toString('utf8')
    for (const [code, name] of [
      ['842', 'the United States'],
      ['490', 'Taiwan'],
    ] as const) {
      const copy = join(home, `without_${code}_2024.csv`)
      writeFileSync(
        copy,
        text
          .split('\n')
          .filter((line) => line.split(',')[1] !== code)
          .join('\n'),
      )
      const manifest = await flowsOf(chokepoint.load([copy], { as: `without-${code}` }))
      expect(manifest.notes.join('\n'), name).toMatch(/of 3,987 published world totals are not the sum of their parts/)
      expect(manifest.account.derived.rows, name).toBeGreaterThan(300)
    }
    // Brazil bought half of its coking coal from the United States: without them Australia would seem to have it all.
    expect(await verdict('raw')).toMatchObject({ lead_supplier: 'USA', verdict: 'no', hhi: expect.closeTo(0.386, 3) })
    const without = await verdict('without-842')
    expect(without).toMatchObject({ lead_supplier: 'AUS', verdict: 'undetermined' })
    expect(without?.lead_share).toBeLessThan(0.4)
    // What the wrong verdict would have been: the known suppliers alone make an index of 0.564, concentrated by 0.4.
    const known = 1 - 0.48757
    expect((without?.hhi_low as number) / (known * known)).toBeCloseTo(0.564, 2)
  })
})
