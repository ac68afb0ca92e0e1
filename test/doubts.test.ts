import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { load } from '../src/dataset/load.ts'
import { type Mapping, mappingSchema } from '../src/dataset/mapping.ts'
import type { FlowManifest } from '../src/dataset/schema.ts'
import { DuckDB } from '../src/engine/duckdb.ts'
import { Chokepoint, toolVersion } from '../src/index.ts'
import { clickhouse, flowsOf, temporaryHome } from './engines.ts'

const mapping = mappingSchema.parse({
  frequency: 'year',
  currency: 'USD',
  codes: 'iso3',
  valuation: 'CIF imports, FOB exports',
  partners_complete: true,
  products_complete: true,
  flows: { import: 'import', export: 'export' },
  columns: {
    reporter: 'reporter',
    partner: 'partner',
    flow: 'flow',
    product: 'product',
    period: 'year',
    value: 'value',
  },
})

/** What the United States buys of China, by both reports, millions; and of Japan, undisputed. */
const trade = (year: number, bought: number, sold: number, product = '850650') =>
  [
    `USA,CHN,import,${product},${year},${bought}000000`,
    `CHN,USA,export,${product},${year},${sold}000000`,
    `USA,JPN,import,${product},${year},1000000000`,
    `CHN,DEU,export,${product},${year},1000000000`,
  ].join('\n')

const home = await temporaryHome()
let number = 0
const loaded = (...rows: string[]) => loadedAs(mapping, ...rows)
async function loadedAs(mapping: Mapping, ...rows: string[]): Promise<FlowManifest> {
  const folder = join(home, `files-${number}`)
  await mkdir(folder)
  const file = join(folder, 'trade.csv')
  await writeFile(file, `reporter,partner,flow,product,year,value\n${rows.join('\n')}\n`)
  return flowsOf(
    load({
      home,
      as: `doubts-${number++}`,
      paths: [file],
      recognise: () => ({ source: 'test', mapping }),
      toolVersion,
    }),
  )
}

/** Periods that are doubted for their mirror, by whose report it is. */
const doubted = (manifest: FlowManifest) =>
  manifest.doubts
    .filter((doubt) => doubt.kind === 'mirror')
    .map((doubt) => [doubt.side, `${doubt.importer}<${doubt.exporter}`, ...doubt.periods.map((period) => period / 100)])

describe('a report far from its mirror', () => {
  test('is named on both sides, with both values, where earlier periods agree', async () => {
    const manifest = await loaded(trade(2020, 110, 100), trade(2021, 100, 105), trade(2022, 880, 100))
    expect(doubted(manifest)).toEqual([
      ['importer', 'USA<CHN', 2022],
      ['exporter', 'USA<CHN', 2022],
    ])
    expect(manifest.doubts.map((doubt) => doubt.text)).toEqual([
      'United States’s imports from China: USD 880.0 m in 2022 by its own report, USD 100.0 m by that of China, a factor of 8.0 with 10 % allowed for freight; nothing like it before',
      'China’s exports to United States: USD 100.0 m in 2022 by its own report, USD 880.0 m by that of United States, a factor of 8.0 with 10 % allowed for freight; nothing like it before',
    ])
  })

  test('needs a factor of two after a tenth for freight, which only imports are allowed', async () => {
    const both = [
      ['importer', 'USA<CHN', 2021],
      ['exporter', 'USA<CHN', 2021],
    ]
    expect(doubted(await loaded(trade(2020, 100, 100), trade(2021, 220, 100)))).toEqual(both)
    expect(doubted(await loaded(trade(2020, 100, 100), trade(2021, 219, 100)))).toEqual([])
    expect(doubted(await loaded(trade(2020, 105, 100), trade(2021, 100, 200)))).toEqual(both)
    expect(doubted(await loaded(trade(2020, 105, 100), trade(2021, 100, 199)))).toEqual([])
  })

  test('must move the reporter’s total by more than a hundredth', async () => {
    // Of 1,020 and of 1,005 the differences are 15 each: 1.47 % and 1.49 %; of 1,009 and 1,001 8 are less than 1 %.
    expect(doubted(await loaded(trade(2020, 1, 1), trade(2021, 20, 5)))).toHaveLength(2)
    expect(doubted(await loaded(trade(2020, 1, 1), trade(2021, 9, 1)))).toEqual([])
  })

  test('needs a factor of three where no period before has both reports', async () => {
    expect(doubted(await loaded(trade(2022, 331, 100)))).toHaveLength(2)
    expect(doubted(await loaded(trade(2022, 329, 100)))).toEqual([])
    expect(doubted(await loaded(trade(2022, 100, 300)))).toHaveLength(2)
  })

  test('is not named for a gap that has been there, unless it more than doubles', async () => {
    expect(doubted(await loaded(trade(2020, 275, 100), trade(2021, 550, 100)))).toEqual([])
    expect(doubted(await loaded(trade(2020, 275, 100), trade(2021, 551, 100)))).toHaveLength(2)
    // The other report was the larger one before: that is no like.
    expect(doubted(await loaded(trade(2020, 100, 275), trade(2021, 275, 100)))).toHaveLength(2)
  })

  test('is named for three years where the gap stays, as a leap of a series is', async () => {
    const years = [2016, 2017, 2018, 2019, 2020, 2021, 2022]
    const manifest = await loaded(...years.map((year) => trade(year, year < 2019 ? 100 : 880, 100)))
    expect(doubted(manifest)[0]).toEqual(['importer', 'USA<CHN', 2019, 2020, 2021])
  })

  test('is not looked for where one side is missing, unknown or another level', async () => {
    expect(
      doubted(
        await loaded(
          'USA,CHN,import,850650,2022,900000000\nCHN,USA,export,8506,2022,1000000\nUSA,JPN,import,850650,2022,1000000\nDEU,USA,export,850650,2022,5',
        ),
      ),
    ).toEqual([])
  })
})

test('a month is compared with twelve others: what comes and goes is no leap, and what it never did is one', async () => {
  const months = [2019, 2020, 2021].flatMap((year) =>
    Array.from({ length: 12 }, (_, month) => `${year}${String(month + 1).padStart(2, '0')}`),
  )
  // Japan sells in one month of four, at first little.
  const rows = months.flatMap((month, at) => [
    `USA,CHN,import,850650,${month},1000000`,
    ...(at % 4 === 2 ? [`USA,JPN,import,850650,${month},${at < 10 ? 50_000 : at === 34 ? 500_000 : 90_000}`] : []),
  ])
  const { doubts } = await loadedAs({ ...mapping, frequency: 'month' }, ...rows)
  expect(doubts.map(({ kind, exporter, periods }) => [kind, exporter, ...periods])).toEqual([['jump', 'JPN', 202111]])
})

const gap = await loaded(
  trade(2021, 100, 100),
  trade(2022, 600, 100),
  trade(2022, 200, 100, '850660'),
  trade(2021, 100, 100, '850660'),
)
const duckdb = new Chokepoint(home, new DuckDB({ threads: 2 }))
afterAll(() => duckdb.close())
const second = clickhouse()
const libraries: [string, Chokepoint][] = [
  ['DuckDB', duckdb],
  ...(second ? ([['ClickHouse', new Chokepoint(home, second)]] as [string, Chokepoint][]) : []),
]

describe.each(libraries)('an answer that a doubt touches, on %s', (_, chokepoint) => {
  const ask = async (given: object) => {
    const answer = await chokepoint.ask('dependence', {
      dataset: gap.name,
      importer: ['USA'],
      supplier: ['CHN'],
      level: '0',
      ...given,
    })
    const headline = await answer.headline()
    await answer.tellDoubts()
    return { headline, doubts: answer.caveats.filter((caveat) => caveat.startsWith('Doubtful')) }
  }

  test('is told with the partner’s report in its place, product by product', async () => {
    const importers = await ask({ period: ['2022'] })
    expect(importers.headline).toContain('28.6 %')
    expect(importers.doubts).toHaveLength(1)
    // 200 of 2,200 instead of 800 of 2,800.
    expect(importers.doubts[0]).toMatch(
      /^Doubtful: United States’s imports from China: .* With the partner’s report instead: .*9\.1 %/,
    )
  })

  test('is not told where the question does not reach the period', async () => {
    expect((await ask({ period: ['2021'] })).doubts).toEqual([])
  })
})

test('a blank that is doubted is unknown in dependence, never a quiet zero, and an importer supplies none of its own', async () => {
  const rows = [2018, 2019, 2020, 2021].map((year) => `USA,KAZ,import,850650,${year},500000000`)
  const others = [2018, 2019, 2020, 2021, 2022].map((year) => `USA,JPN,import,850650,${year},1000000000`)
  const { name } = await loaded(...rows, ...others)
  const chokepoint = new Chokepoint(home, new DuckDB())
  afterAll(() => chokepoint.close())
  const ask = async (supplier: string, importer = 'USA') =>
    (
      await chokepoint.ask('dependence', {
        dataset: name,
        importer: [importer],
        supplier: [supplier],
        period: ['2021-2022'],
      })
    ).rows()
  expect(
    (await ask('KAZ')).map(({ period, value, share, share_change, lead_gap }) => [
      period,
      value,
      share,
      share_change,
      lead_gap,
    ]),
  ).toEqual([
    [202100, 500_000_000, expect.closeTo(1 / 3, 12), 0, expect.closeTo(-1 / 3, 12)],
    [202200, null, null, null, null],
  ])
  // Of others that sold nothing before either, nothing is a zero.
  expect((await ask('DEU'))[1]).toMatchObject({ value: 0, share: 0 })
  await expect(ask('USA')).rejects.toThrow('nobody imports from itself')
})
