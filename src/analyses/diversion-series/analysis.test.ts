import { describe, expect, test } from 'vitest'
import { bothSides, librariesHolding } from '../../../test/engines.ts'

const side = 'exporter' as const
const month = (at: number) => (2021 + Math.floor(at / 12)) * 100 + (at % 12) + 1

/** One flow in twenty-four months from January 2021 on. */
const flow = (exporter: string, importer: string, product: string, valueAt: (at: number) => number) =>
  Array.from({ length: 24 }, (_, at) => ({ year: month(at), exporter, importer, product, value: valueAt(at), side }))

// The event lies in March 2022: listed goods to Armenia are tripled from April on, others grow by half.
const after = (at: number) => at >= 15
const season = (at: number) => 1_000_000 * (1 + (at % 12))
const libraries = await librariesHolding(
  [
    ...flow('USA', 'RUS', '854231', (at) => (after(at) ? 1_000_000 : 50_000_000)),
    ...flow('USA', 'ARM', '854231', (at) => season(at) * (after(at) ? 3 : 1)),
    ...flow('USA', 'ARM', '850650', (at) => 8_000_000 * (after(at) ? 1.5 : 1)),
    ...flow('ARM', 'RUS', '854231', (at) => (after(at) ? 2_000_000 : 500_000)),
    ...flow('USA', 'TUR', '854231', (at) => season(at)),
  ],
  { ...bothSides, frequency: 'month' },
)

describe.each(libraries)('diversion-series on %s', (_, library) => {
  const ask = async (given: object = {}) =>
    library.ask('diversion-series', {
      dataset: 'flows',
      origin: ['USA'],
      destination: ['RUS'],
      list: 'chpl',
      list_mode: 'final',
      event: '2022-03',
      donut: 0,
      ...given,
    })

  test('where nothing before is in the data, the span after the event alone', async () => {
    const answer = await ask({ hub: ['ARM'], event: '2018-03', post: '2022-03:2022-04' })
    const listed = (await answer.rows()).filter((row) => row.leg === 'first leg' && row.series === 'listed goods')
    expect(listed.map(({ period, value }) => [period, value])).toEqual([
      [202203, season(14)],
      [202204, 3 * season(15)],
    ])
    expect(answer.caveats.join('\n')).not.toContain('Not in the dataset')
  })

  test('each leg by month from the first that is compared, and what was expected in the months after', async () => {
    const answer = await ask({ hub: ['ARM'] })
    const rows = await answer.rows()
    const of = (leg: string, series: string) => rows.filter((row) => row.leg === leg && row.series === series)
    const listed = of('first leg', 'listed goods')
    expect(listed.map(({ period }) => period)).toEqual(Array.from({ length: 21 }, (_, at) => month(at + 3)))
    expect(listed.map(({ value }) => value)).toEqual(
      Array.from({ length: 21 }, (_, at) => season(at + 3) * (after(at + 3) ? 3 : 1)),
    )
    expect(of('first leg', 'other goods')[0]?.value).toBe(8_000_000)
    // The baseline that leads is the growth of other goods, spread as the same months were; the least is no growth.
    const expected = of('first leg', 'expected')
    expect(expected.map(({ period }) => period)).toEqual([
      202204, 202205, 202206, 202207, 202208, 202209, 202210, 202211, 202212,
    ])
    for (const { period, value, low, high } of expected) {
      const before = 1_000_000 * (period % 100)
      expect(value).toBeCloseTo(1.5 * before, 3)
      expect([low, high].map(Number)).toEqual([before, value])
    }
    expect(of('second leg', 'listed goods').map(({ value }) => value)).toEqual(
      Array.from({ length: 21 }, (_, at) => (after(at + 3) ? 2_000_000 : 500_000)),
    )
    expect(await answer.headline()).toBe(
      'Armenia bought USD 216.0 m of listed goods in 2022-04 to 2022-12; the baseline unlisted-growth expected USD 108.0 m.',
    )
  })

  test('a second leg that nobody reports has no rows, which is not a leg of nothing', async () => {
    const rows = await (await ask({ hub: ['TUR'] })).rows()
    expect([...new Set(rows.map(({ leg }) => leg))]).toEqual(['first leg'])
  })
})
