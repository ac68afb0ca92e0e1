import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Chokepoint, open } from '../../src/index.ts'
import { flowsOf, temporaryHome } from '../engines.ts'

const present = 'hs92_country_country_product_year_6_2020_2023.csv'
const header = (codes: string) =>
  `country_id,country_iso3_code,partner_country_id,partner_iso3_code,product_id,product_${codes}_code,year,export_value,import_value`

/** China sells batteries to Germany and horses come back: each flow twice, with what is no product or no country. */
const rows = [
  '156,CHN,276,DEU,1,850650,2022,900,0',
  '276,DEU,156,CHN,1,850650,2022,0,900',
  '276,DEU,156,CHN,2,10121,2022,50,0',
  '156,CHN,276,DEU,2,10121,2022,0,50',
  '156,CHN,276,DEU,3,XXXXXX,2022,7,0',
  '276,DEU,156,CHN,3,XXXXXX,2022,0,7',
  '276,DEU,999,ANS,1,850650,2022,0,100',
  '999,ANS,276,DEU,1,850650,2022,100,0',
]

describe('Growth Lab', async () => {
  const home = await temporaryHome()
  let chokepoint: Chokepoint
  beforeAll(async () => {
    chokepoint = await open({ home })
  })
  afterAll(() => chokepoint.close())
  let number = 0

  async function load(file: string, ...lines: string[]) {
    const folder = join(home, `files-${number++}`)
    await mkdir(folder)
    await writeFile(join(folder, file), `${lines.join('\n')}\n`)
    return flowsOf(chokepoint.load([join(folder, file)], { as: `growth-lab-${number}` }))
  }

  /** What Germany buys, by supplier. */
  async function bought(dataset: string, product: string) {
    const answer = await chokepoint.ask('suppliers', { dataset, importer: ['DEU'], product: [product], min_value: 0 })
    return Object.fromEntries((await answer.rows()).map((one) => [one.supplier, one.value]))
  }

  test('a whole table: each flow counts once, a lost zero is put back, undeclared countries are unknown', async () => {
    const manifest = await load(present, header('hs92'), ...rows)
    expect(manifest).toMatchObject({
      source: 'growth-lab',
      editions: ['HS1992'],
      currency: 'USD',
      sides: ['reconciled'],
    })
    expect(manifest).toMatchObject({ partners_complete: true, products_complete: false })
    expect(manifest.account.rows).toMatchObject({ in: 4, kept: 3, aside: 1, rejected: 0 })
    expect(manifest.aside_reasons).toEqual({ 'no product: trade data discrepancies': { rows: 1, value: '7' } })
    expect(await bought(manifest.name, '850650')).toEqual({ CHN: 900, 'X-NES': 100 })
    expect((await chokepoint.products(manifest.name)).map((one) => one.code)).toEqual(['010121', '850650'])
  })

  test('an extract: imports count where the seller’s own row is not there, and no partners are claimed to be complete', async () => {
    const manifest = await load(
      'germany.csv',
      header('hs92'),
      ...rows.filter((row) => row.startsWith('276')).map((row) => row.replace('10121', '010121')),
    )
    expect(manifest).toMatchObject({ partners_complete: false, importers: ['CHN', 'DEU'] })
    expect(manifest.account).toMatchObject({ rows: { in: 4, kept: 3, aside: 1 }, value: { kept: '1050' } })
    const missing = await load('some.csv', header('hs92'), ...rows.slice(0, 2), ...rows.slice(6, 7))
    expect(missing.account.rows).toMatchObject({ in: 3, kept: 2, aside: 1 })
    expect(missing.aside_reasons).toHaveProperty('duplicate')
  })

  test('the layout up to 2023, totals without products, and another edition', async () => {
    const older = await load(
      'country_partner_hsproduct4digit_year_2019.csv',
      'location_id,partner_id,product_id,year,export_value,import_value,location_code,partner_code,hs_product_code',
      '1,2,3,2019,900.5,0,CHN,DEU,8506',
      '2,1,3,2019,0,900.5,DEU,CHN,8506',
      '1,2,4,2019,20,0,CHN,DEU,XXXX',
      '2,1,4,2019,0,20,DEU,CHN,XXXX',
    )
    expect(older.account).toMatchObject({
      rows: { in: 2, kept: 1, aside: 1 },
      value: { kept: '901', rounding: '-0.5' },
    })
    const totals = await load(
      'hs92_country_country_year.csv',
      'country_id,country_iso3_code,partner_country_id,partner_iso3_code,year,export_value,import_value',
      '156,CHN,276,DEU,2022,900,80',
      '276,DEU,156,CHN,2022,80,900',
    )
    expect(totals).toMatchObject({ levels: [0], products_complete: true, account: { rows: { in: 2, kept: 2 } } })
    expect(await load('hs12_country_country_product_year_4.csv', header('hs12'), rows[0] as string)).toMatchObject({
      editions: ['HS2012'],
    })
  })

  test('Parquet gives the version that CSV gives', async () => {
    const folder = join(home, 'parquet')
    await mkdir(folder)
    await writeFile(join(folder, present), `${[header('hs92'), ...rows].join('\n')}\n`)
    const path = join(folder, present.replace('.csv', '.parquet'))
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    await connection.run(
      `copy (select * replace (cast(year as integer) as year, cast(export_value as double) as export_value)
        from read_csv('${join(folder, present)}', all_varchar = true)) to '${path}' (format parquet)`,
    )
    connection.closeSync()
    const [csv, parquet] = [
      await chokepoint.load([join(folder, present)], { as: 'csv' }),
      await chokepoint.load([path], { as: 'parquet' }),
    ]
    expect(parquet.version).toBe(csv.version)
  })

  test.each([
    [
      'codes of the SITC',
      'sitc_country_country_product_year_4.csv',
      [header('sitc')],
      /product_sitc_code.*another nomenclature.*HS/,
    ],
    [
      'reported beside reconciled values',
      present,
      [`${header('hs92')},export_value_reported`],
      /line 1.*unit.*mapping/,
    ],
    ['mixed line ends', present, [`${header('hs92')}\r`], /line ends.*save it again/],
    [
      'no partners',
      'hs92_country_product_year_4.csv',
      ['country_iso3_code,product_hs92_code,year,export_value,import_value'],
      /No source knows/,
    ],
  ])('%s are refused', async (_name, file, lines, message) => {
    await expect(load(file, ...lines, rows[0] as string)).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(message),
    })
  })
})
