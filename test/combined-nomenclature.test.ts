import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { Chokepoint } from '../src/index.ts'
import { families } from '../src/reference/families.ts'
import { clickhouse, librariesHolding, realData } from './engines.ts'

type Library = Awaited<ReturnType<typeof librariesHolding>>[number]

const flow = (year: number, product: string, exporter: string, value: number) => ({
  year,
  importer: 'DEU',
  product,
  exporter,
  value,
})
const sum = (rows: readonly { value: number }[]) => rows.reduce((total, row) => total + row.value, 0)

const cn8 = await librariesHolding(
  [
    flow(2020, '85171200', 'CHN', 70),
    flow(2021, '85171200', 'CHN', 80),
    flow(2021, '88033000', 'USA', 6),
    flow(2022, '85171300', 'CHN', 50),
    flow(2022, '85171400', 'VNM', 30),
    flow(2022, '88073000', 'USA', 5),
    flow(2022, '88073001', 'FRA', 1),
  ],
  { edition: 'CN{year}' },
)

describe.each(cn8)('the Combined Nomenclature on %s', (_, chokepoint) => {
  const ask = async (given: object) =>
    (await (await chokepoint.ask('suppliers', { dataset: 'flows', min_value: 0, ...given })).rows()).map((row) => [
      row.period,
      row.product,
      row.supplier,
      row.value,
    ])

  test('a code of six digits is followed over the years, by name or all of them', async () => {
    const phones = [
      [202000, '851713~3', 'CHN', 70],
      [202100, '851713~3', 'CHN', 80],
      [202200, '851713~3', 'CHN', 50],
      [202200, '851713~3', 'VNM', 30],
    ]
    expect(await ask({ period: ['2020-2022'], product: ['851713'] })).toEqual(phones)
    expect(await ask({ period: ['2020-2022'], level: '6' })).toEqual([
      ...phones.slice(0, 2),
      [202100, '880730', 'USA', 6],
      ...phones.slice(2),
      [202200, '880730', 'USA', 5],
      [202200, '880730', 'FRA', 1],
    ])
  })

  test('years of one edition of the HS need no families at six digits', async () => {
    expect(await ask({ period: ['2020-2021'], product: ['851712'] })).toEqual([
      [202000, '851712', 'CHN', 70],
      [202100, '851712', 'CHN', 80],
    ])
  })

  test('codes of eight digits are refused with the level that can be followed', async () => {
    await expect(ask({ period: ['2021-2022'] })).rejects.toThrow(/families.*--level 6/)
    await expect(ask({ period: ['2020-2021'], product: ['85171200'] })).rejects.toThrow(/families.*--level 6/)
  })
})

// The bundled exports of listed goods, taken as if the Union were the only supplier: shares of it mean nothing.
const sample = new URL('../data/sample/', import.meta.url)
const listed = parse(gunzipSync(readFileSync(new URL('eu-listed-exports.csv.gz', sample))), { columns: true }) as {
  month: string
  importer: string
  product: string
  value: string
}[]
const exported = (products: readonly string[], year: string) =>
  listed
    .filter((row) => row.importer === 'RUS' && products.includes(row.product) && row.month.startsWith(year))
    .reduce((total, row) => total + Number(row.value), 0)

async function sampleLibraries(): Promise<Library[]> {
  const [first] = await librariesHolding([flow(2022, '850650', 'CHN', 1)])
  const chokepoint = (first as Library)[1]
  const mapping = join(chokepoint.home, 'listed.yaml')
  writeFileSync(
    mapping,
    readFileSync(new URL('eu-listed-exports.yaml', sample), 'utf8').replace(
      'side: exporter',
      'side: reconciled\npartners_complete: true',
    ),
  )
  await chokepoint.load([new URL('eu-listed-exports.csv.gz', sample).pathname], { as: 'listed', mapping })
  const second = clickhouse()
  return [first as Library, ...(second ? ([['ClickHouse', new Chokepoint(chokepoint.home, second)]] as Library[]) : [])]
}

describe.each(await sampleLibraries())('the Union’s exports of listed goods to Russia on %s', (_, chokepoint) => {
  const ask = async (given: object) => {
    const answer = await chokepoint.ask('suppliers', { dataset: 'listed', importer: ['RUS'], min_value: 0, ...given })
    return { rows: await answer.rows(), told: answer.caveats.join('\n') }
  }
  const years = { period: ['2021', '2022'] }
  const chips = ['854231', '854232', '854233', '854239', '854290']

  test('chips keep their numbers from CN2021 to CN2022, each worth what its rows are', async () => {
    const { rows, told } = await ask({ ...years, product: chips })
    expect(rows.map((row) => [row.period, row.product, row.value])).toEqual(
      ['2021', '2022'].flatMap((year) => chips.map((code) => [Number(year) * 100, code, exported([code], year)])),
    )
    expect(told).toContain('Nomenclatures CN2021, CN2022')
    expect(told).toContain('5 families, each of one code')
    const heading = await ask({ ...years, product: ['8542'] })
    expect(heading.rows.map((row) => row.value)).toEqual(['2021', '2022'].map((year) => exported(chips, year)))
    expect(heading.told).toContain('headings of four digits')
  })

  test('parts of aircraft go from 880330 to 880730', async () => {
    const { rows } = await ask({ ...years, product: ['880730'] })
    expect(rows.map((row) => [row.period, row.product, row.value])).toEqual([
      [202100, '880730', exported(['880330'], '2021')],
      [202200, '880730', exported(['880730'], '2022')],
    ])
  })

  test('telephones were listed in 2022 only: their family is not made of half of it', async () => {
    await expect(ask({ ...years, product: ['851713'] })).rejects.toThrow(
      /851713~3 is 851712 in HS2017 and 851713, 851714 in HS2022, and the dataset has no code of it in HS2017/,
    )
    expect((await ask({ period: ['2022'], product: ['851713'] })).rows.map((row) => row.value)).toEqual([
      exported(['851713'], '2022'),
    ])
  })

  test('of all products what is shown and what is left out add up', async () => {
    const { rows, told } = await ask(years)
    const chain = families(['HS2017', 'HS2022'])
    for (const year of ['2021', '2022']) {
      const edition = year === '2021' ? 'HS2017' : 'HS2022'
      const codes = [...new Set(listed.map((row) => row.product))]
      const shown = new Set(rows.map((row) => row.product))
      const kept = codes.filter((code) => shown.has(chain.of(edition, code)?.label ?? ''))
      expect(sum(rows.filter((row) => row.period === Number(year) * 100))).toBe(exported(kept, year))
      expect(kept.length).toBeGreaterThan(30)
    }
    expect(told).toMatch(/Left out, for they have no family .* products of HS2017 .* products of HS2022/)
    expect(told).toMatch(
      /Left out: 4 families of which the dataset has no code in one .* such as 270112 \(none in HS2022\)/,
    )
  })
})

const annual = join(realData, 'isi-eu-critical-inputs', 'eu_comext_critical_inputs_cn8_2022_2024.csv')

test.runIf(existsSync(annual))(
  'Eurostat, annual: three years of CN are one edition of the HS at six digits',
  async () => {
    const chokepoint = (cn8[0] as Library)[1]
    await chokepoint.load([annual], { as: 'inputs' })
    const rows = await (
      await chokepoint.ask('suppliers', {
        dataset: 'inputs',
        importer: ['DEU'],
        product: ['811292'],
        period: ['2022-2024'],
        min_value: 0,
      })
    ).rows()
    const bought = (parse(readFileSync(annual), { columns: true }) as Record<string, string>[]).filter(
      (row) => row['DECLARANT_ISO'] === 'DE' && row['PRODUCT_NC']?.startsWith('811292'),
    )
    for (const year of ['2022', '2023', '2024']) {
      const total = bought
        .filter((row) => row['PERIOD']?.startsWith(year))
        .reduce((value, row) => value + Number(row['VALUE_IN_EUROS']), 0)
      expect(total).toBeGreaterThan(1e6)
      // Each row is a whole euro in the dataset.
      expect(Math.abs(sum(rows.filter((row) => row.period === Number(year) * 100)) - total)).toBeLessThan(bought.length)
    }
  },
)
