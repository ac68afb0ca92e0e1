import { describe, expect, test } from 'vitest'
import { librariesHolding, type TestFlow } from '../../../test/engines.ts'
import type { Chokepoint } from '../../index.ts'

const abroad = ['BRA', 'CHN', 'VNM', 'THA', 'MYS', 'MEX', 'TUR', 'ZAF', 'EGY', 'CHL', 'PER', 'ARG', 'IND', 'IDN', 'KOR']
/** One unit of a fixture, so large that whole numbers make an index of any decimals. */
const unit = 100_000_000_000

/** What the first of n sells, the others selling alike, so that the index of all is as given. */
function leads(index: number, n: number): number {
  const spread = Math.sqrt((n - 1) * (n * index - 1))
  return (1 + spread) / n
}

/** What each of n further exporters sells elsewhere, so that the index of the world's exports is as given. */
function elsewhere(index: number, n: number, exports: readonly number[]): number {
  const total = exports.reduce((sum, value) => sum + value, 0)
  const squares = exports.reduce((sum, value) => sum + value * value, 0)
  const [a, b, c] = [n - index * n * n, -2 * index * total * n, squares - index * total * total]
  const roots = [1, -1].map((sign) => (-b + sign * Math.sqrt(b * b - 4 * a * c)) / (2 * a)).filter((root) => root > 0)
  return Math.min(...roots)
}

interface Purchase {
  readonly year: number
  readonly product: string
  /** Bought and sold by the United States. */
  readonly imports: number
  readonly exports: number
  /** Indices of its suppliers and of the world's exporters, and how many there are. */
  readonly bought: number
  readonly world: number
  readonly suppliers?: number
  readonly others?: number
}

/** Flows that have the indices and values of a fixture. */
function flowsOf({ year, product, imports, exports, bought, world, suppliers = 3, others = 1 }: Purchase): TestFlow[] {
  const lead = leads(bought, suppliers)
  const shares = Array.from({ length: suppliers }, (_, at) => (at === 0 ? lead : (1 - lead) / (suppliers - 1)))
  const sold = shares.map((share) => share * imports * unit)
  const more = elsewhere(world, others, [...sold, ...(exports > 0 ? [exports * unit] : [])])
  const of = (importer: string, exporter: string, value: number): TestFlow => ({
    year,
    product,
    importer,
    exporter,
    value: Math.round(value),
  })
  return [
    ...sold.map((value, at) => of('USA', abroad[at] as string, value)),
    ...(exports > 0 ? [of('JPN', 'USA', exports * unit)] : []),
    ...Array.from({ length: others }, (_, at) => of('JPN', abroad[suppliers + at] as string, more)),
  ]
}

const persistence: readonly Purchase[] = [
  { year: 2019, product: '300001', bought: 0.435, world: 0.52, imports: 1000, exports: 0 },
  { year: 2020, product: '300001', bought: 0.39, world: 0.51, imports: 900, exports: 10 },
  { year: 2021, product: '300001', bought: 0.47, world: 0.45, imports: 1100, exports: 1000 },
  { year: 2022, product: '300001', bought: 0.6, world: 0.41, imports: 1200, exports: 1300 },
]
const lagging: readonly Purchase[] = [0.5, 0.5, 0.35].map((bought, at) => ({
  year: 2020 + at,
  product: '300002',
  bought,
  world: 0.5,
  imports: 10,
  exports: 1,
}))
const mckinsey: readonly Purchase[] = [
  { year: 2022, product: '400001', bought: 0.435, world: 0.2, imports: 1000, exports: 0, others: 10 },
  { year: 2022, product: '400002', bought: 0.6, world: 0.45, imports: 500, exports: 0 },
  { year: 2022, product: '400003', bought: 0.15, world: 0.1, imports: 2000, exports: 0, suppliers: 7, others: 8 },
]
/** D4: an index of 0.435 beside one of 0.18. */
const few: Purchase = {
  year: 2022,
  product: '400004',
  bought: 0.435,
  world: 0.18,
  imports: 1000,
  exports: 0,
  others: 10,
}
const pairs = (product: string, importer: string, sold: Record<string, number>): TestFlow[] =>
  Object.entries(sold).map(([exporter, value]) => ({ product, importer, exporter, value }))

const four = await librariesHolding(persistence.flatMap(flowsOf))
const three = await librariesHolding([
  ...lagging.flatMap(flowsOf),
  ...mckinsey.flatMap(flowsOf),
  ...flowsOf(few),
  // C2: the Union as members, or as one that sells nothing to itself.
  ...pairs('500001', 'USA', { CHN: 400, DEU: 100, JPN: 100 }),
  ...pairs('500001', 'DEU', { CHN: 300 }),
  ...pairs('500001', 'FRA', { DEU: 200 }),
  ...pairs('500001', 'JPN', { FRA: 50 }),
  // D5: 700 from one supplier; all others together sell 400, to anyone.
  ...pairs('600001', 'GBR', { CHN: 700, IND: 100 }),
  ...pairs('600001', 'FRA', { IND: 200, VNM: 100 }),
  // B4: where the value of three dependent products comes from.
  ...pairs('700001', 'KOR', { CHN: 520, USA: 60, IND: 20 }),
  ...pairs('700002', 'KOR', { VNM: 300, CHN: 80 }),
  ...pairs('700003', 'KOR', { BRA: 100, CHN: 20 }),
])

const asker = (chokepoint: Chokepoint) => async (given: object) =>
  (await chokepoint.ask('screen', { dataset: 'flows', min_value: 0, keep: 'all', period: ['2022'], ...given })).rows()
const near = (value: number) => expect.closeTo(value, 9)

describe.each(four)('persistence over four years on %s', (_, chokepoint) => {
  const ask = asker(chokepoint)

  test('C1: true, false, true, false: no verdict in two years, then dependent, then not', async () => {
    const asked = { importer: ['USA'], product: ['300001'], method: ['geodep'], period: ['2019-2022'] }
    const rows = await ask(asked)
    const of = (measure: string) => rows.filter((row) => row.measure === measure)
    expect(of('import_hhi').map((row) => row.value)).toEqual([0.435, 0.39, 0.47, 0.6].map(near))
    expect(of('world_hhi').map((row) => row.value)).toEqual([0.52, 0.51, 0.45, 0.41].map(near))
    expect(of('imports_to_exports').map((row) => row.value)).toEqual([null, ...[90, 1.1, 0.9230769230769231].map(near)])
    expect(of('imports_to_exports')[0]).toMatchObject({ passed: 'yes', remark: 'no exports' })
    expect(of('import_hhi').map((row) => row.verdict)).toEqual([null, null, 'yes', 'no'])
    const andNow = (await ask({ ...asked, now: true })).filter((row) => row.measure === 'import_hhi')
    expect(andNow.map((row) => row.verdict)).toEqual([null, null, 'yes', 'no'])
  })
})

describe.each(three)('fixtures of screening on %s', (_, chokepoint) => {
  const ask = asker(chokepoint)

  test('C1b: true, true, false: dependent by the window in a year whose own criteria fail, and not where it must be among them', async () => {
    const asked = { importer: ['USA'], product: ['300002'], method: ['geodep'] }
    const rows = await ask({ ...asked, period: ['2020-2022'] })
    const at = (year: number) => rows.filter((row) => row.period === year * 100)
    expect([...at(2020), ...at(2021)].every((row) => row.verdict === null)).toBe(true)
    expect(at(2022).map(({ measure, value, passed, verdict }) => [measure, value, passed, verdict])).toEqual([
      ['import_hhi', near(0.35), 'no', 'yes'],
      ['world_hhi', near(0.5), 'yes', 'yes'],
      ['imports_to_exports', near(10), 'yes', 'yes'],
      ['periods_held', 2, 'yes', 'yes'],
    ])
    expect(new Set((await ask({ ...asked, now: true })).map((row) => row.verdict))).toEqual(new Set(['no']))
  })

  test('C2: the world’s exports have an index of 0.448 by members and of 0.579 with the Union as one', async () => {
    const world = async (more: object) =>
      (await ask({ importer: ['USA'], product: ['500001'], method: ['geodep'], ...more })).find(
        (row) => row.measure === 'world_hhi',
      )?.value
    expect(await world({})).toEqual(near(0.448015122873346))
    expect(await world({ merge: ['EU27'] })).toEqual(near(0.5789473684210525))
  })

  test('D3: three sevenths of imports are concentrated, two of the economy alone and one in the world as well', async () => {
    const asked = { importer: ['USA'], product: mckinsey.map((one) => one.product), method: ['mgi-2023'] }
    expect(await ask({ ...asked, aggregate: true })).toMatchObject([
      { products: 3, critical: 2, value_share: near(0.42857142857142855) },
    ])
    const world = (await ask(asked)).filter((row) => row.measure === 'world_hhi' && row.verdict === 'yes')
    const share = (passed: string) =>
      world.filter((row) => row.passed === passed).reduce((sum, row) => sum + row.imports, 0) / (3500 * unit)
    expect(share('no')).toEqual(near(0.2857142857142857))
    expect(share('yes')).toEqual(near(0.14285714285714285))
  })

  test('D4: with 2.3 effective suppliers of the 5.6 that there are, fewer than half are used', async () => {
    const [row] = await ask({ importer: ['USA'], product: [few.product], method: ['oecd-like'] })
    expect(row).toMatchObject({ value: near(0.41379310344827586), passed: 'yes', verdict: 'yes' })
  })

  test('D5: what China sells is 1.75 times all that others export: a gap that is never filled', async () => {
    expect(await ask({ importer: ['GBR'], product: ['600001'], method: ['goers'], supplier: ['CHN'] })).toMatchObject([
      { measure: 'supplier_to_others', value: near(1.75), passed: 'yes', verdict: 'yes' },
    ])
    expect(await ask({ importer: ['GBR'], product: ['600001'], method: ['goers'], supplier: ['IND'] })).toMatchObject([
      { value: near(100 / 800), passed: 'no', verdict: 'no' },
    ])
  })

  test('B4: China has 56 % of the value of three dependent products, and leads one of them', async () => {
    const asked = { importer: ['KOR'], product: ['700001', '700002', '700003'], method: ['mgi-2023'] }
    for (const [supplier, share] of [
      ['CHN', 0.5636363636363636],
      ['VNM', 0.2727272727272727],
    ] as const)
      expect(await ask({ ...asked, supplier: [supplier], aggregate: true })).toMatchObject([
        { critical: 3, imports: 1100, supplier_share: near(share) },
      ])
    const leading = (await ask(asked)).filter((row) => row.measure === 'import_hhi').map((row) => row.lead_supplier)
    expect(leading.sort()).toEqual(['BRA', 'CHN', 'VNM'])
  })
})
