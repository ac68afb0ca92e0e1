import { describe, expect, test } from 'vitest'
import { bothSides, librariesHolding, type TestFlow } from '../../../test/engines.ts'

const abroad = ['BRA', 'CHL', 'CHN', 'DEU', 'IND', 'JPN', 'KOR', 'MEX', 'ZAF']
const unitValues = [10, 11, 9.5, 10.5, 10.2, 9.8, 48, 10.1, 0.9]
const tonne = 1000

/** A flow of so much a tonne. */
const priced = (flow: Omit<TestFlow, 'value'>, perTonne: number): TestFlow => ({
  side: 'importer',
  ...flow,
  value: Math.round(perTonne * 1000),
  mass: 1000 * tonne,
})

const basket: readonly (readonly [number, number | undefined])[] = [
  [100, 10],
  [2000, 190],
  [50, 1],
  [300, 31],
  [0, 5],
  [40, 0],
  [70, undefined],
]

const libraries = await librariesHolding(
  [
    ...unitValues.map((value, at) => priced({ product: '850610', exporter: abroad[at] as string }, value)),
    ...[5, 5, 5, 5, 5, 9].map((value, at) => priced({ product: '850630', exporter: abroad[at] as string }, value)),
    ...unitValues.map((value, at) => priced({ product: '850640', exporter: 'VNM', year: 2014 + at }, value)),
    // What the publisher estimated has the usual price by construction.
    {
      ...priced({ product: '850640', exporter: 'VNM', year: 2023 }, 10),
      status: 'estimated mass' as TestFlow['status'] & string,
    },
    ...basket.map(([value, mass], at) => ({
      side: 'importer' as const,
      importer: 'CAN',
      exporter: 'PER',
      product: `${850650 + at}`,
      value,
      ...(mass === undefined ? {} : { mass: mass * tonne }),
    })),
    ...[
      { year: 2021, product: '811010', value: 1000, mass: 100 },
      { year: 2021, product: '811020', value: 500, mass: 10 },
      { year: 2022, product: '811010', value: 1320, mass: 110 },
      { year: 2022, product: '811020', value: 1080, mass: 12 },
    ].map((flow) => ({
      ...flow,
      mass: flow.mass * tonne,
      side: 'importer' as const,
      importer: 'CAN',
      exporter: 'THA',
    })),
  ],
  bothSides,
)

describe.each(libraries)('anomalies on %s', (_, chokepoint) => {
  const answer = (given: object) =>
    chokepoint.ask('anomalies', { dataset: 'flows', importer: ['USA'], period: ['2022'], min_value: 0, ...given })
  const ask = async (given: object) => (await answer(given)).rows()
  const close = (found: unknown, wanted: number) => expect(Math.abs(Number(found) - wanted)).toBeLessThan(1e-9)

  test('ANO1, ANO3: among nine sellers two stand out on logarithms, and beyond the fences', async () => {
    const rows = (await ask({ product: ['850610'], keep: 'all' })).filter(({ scope }) => scope === 'flow')
    const of = (seller: string) => rows.find(({ supplier }) => supplier === seller)
    close(of('KOR')?.world_score, 27.06808574361713)
    close(of('ZAF')?.world_score, -41.98964495847197)
    close(of('CHL')?.world_score, 1.4823755202225908)
    close(of('MEX')?.world_median, 10.1)
    close(of('KOR')?.fence_low, 8.75)
    close(of('KOR')?.fence_high, 11.55)
    expect(rows.filter(({ far }) => far !== 'no').map(({ supplier, far }) => [supplier, far])).toEqual([
      ['KOR', 'world'],
      ['ZAF', 'world'],
    ])
  })

  test('ANO2: where half of the prices are equal the mean deviation serves; of too few there is no score', async () => {
    const [row] = await ask({ product: ['850630'], least: 6 })
    expect(row).toMatchObject({ supplier: 'JPN', far: 'world' })
    close(row?.world_score, 4.787307889323825)
    expect((await ask({ product: ['850630'], keep: 'all' }))[0]).toMatchObject({ world_score: null, far: 'no' })
  })

  test('a seller’s own past: the same scores over years, and no unit value of an estimated weight', async () => {
    const rows = await ask({ product: ['850640'], period: ['2014-2023'] })
    const far = rows.filter(({ scope }) => scope === 'flow')
    expect(far.map(({ period, own_periods }) => [period, own_periods])).toEqual([
      [202000, 9],
      [202200, 9],
    ])
    close(far[0]?.own_score, 27.06808574361713)
    expect(rows.find(({ period }) => period === 202300)).toMatchObject({
      scope: 'basket',
      unit_value: null,
      products: 1,
    })
    expect(await (await answer({ product: ['850640'], period: ['2020'], least: 7 })).headline()).toContain(
      'USD 48 a tonne against',
    )
  })

  test('ANO4: the price of a basket is the ratio of its sums, of goods that have both', async () => {
    const [row] = (await ask({ importer: ['CAN'], supplier: ['PER'] })).filter(({ scope }) => scope === 'basket')
    close(row?.unit_value, 10.560344827586206)
    close(row?.median_unit_value, 10.263157894736842)
    close(row?.weighted_median_unit_value, 10.526315789473685)
    expect(row).toMatchObject({ weighed_products: 4, products: 6, price: null })
  })

  test('ANO5: growth of value is Fisher’s price times quantity', async () => {
    const [row] = (await ask({ importer: ['CAN'], supplier: ['THA'] })).filter(({ scope }) => scope === 'basket')
    close(row?.price, 1.4058700467096148)
    close(row?.quantity, 1.1380852759077833)
    expect(row?.compared_value).toBe(2400)
  })

  test('that none is far is said only of those that could be compared', async () => {
    const headline = async (given: object) => (await answer(given)).headline()
    expect(await headline({ product: ['850610'], period: ['2022'], threshold: 1000 })).toBe(
      'No unit value is far from the supplier’s own or the world’s, of 9 that could be compared.',
    )
    expect(await headline({ product: ['850630'], period: ['2022'] })).toBe(
      'Whether any of 6 unit values is far from the supplier’s own or the world’s is not known: there are too few to compare each with.',
    )
    expect((await answer({ product: ['850630'], period: ['2022'] })).caveats.join(' ')).toContain('there is no score')
    expect(await headline({ product: ['850640'], period: ['2023'] })).toBe(
      'No flow has a known weight, so there is no unit value to compare.',
    )
  })

  test('who buys or who sells is named', async () => {
    await expect(ask({ importer: [] })).rejects.toMatchObject({ kind: 'wrong_use' })
  })
})
