import { describe, expect, test } from 'vitest'
import { bothSides, librariesHolding } from '../../../test/engines.ts'

const libraries = await librariesHolding(
  [
    { year: 2021, side: 'importer', importer: 'RUS', exporter: 'CHN', value: 500 },
    { year: 2021, side: 'importer', importer: 'RUS', exporter: 'BLR', value: 300 },
    { year: 2021, side: 'importer', importer: 'RUS', exporter: 'USA', value: 200 },
    { year: 2024, side: 'exporter', importer: 'RUS', exporter: 'CHN', value: 1400 },
    { year: 2024, side: 'exporter', importer: 'JPN', exporter: 'USA', value: 10 },
  ],
  bothSides,
)

describe.each(libraries)('mirror-partners on %s', (_, chokepoint) => {
  const question = { dataset: 'flows', importer: ['RUS'], period: ['2024'], min_value: 0 }

  test('who reports none is zero, who does not report is unknown and may have all that is missing', async () => {
    const rows = await (await chokepoint.ask('mirror-partners', question)).rows()
    expect(rows.map(({ partner, value, reports, base_share }) => [partner, value, reports, base_share])).toEqual([
      ['CHN', 1400, true, 0.5],
      ['USA', 0, true, 0.2],
      ['BLR', null, false, 0.3],
    ])
    // 70 % of the last own report is covered, so 600 are missing beside 1,400.
    expect(rows.map(({ share_low, share_high }) => [share_low, share_high])).toEqual([
      [0.7, 1],
      [0, 0],
      [0, 0.3],
    ])
  })

  test('the headline names the leading partner and those that are missing', async () => {
    expect(await (await chokepoint.ask('mirror-partners', question)).headline()).toBe(
      'China leads Russia’s partners that report 850650 in 2024, with 70.0 % to 100.0 %; 1 that had 30.0 % of its own last report do not report, first Belarus.',
    )
  })
})

const silence = [
  { year: 2021, side: 'importer', importer: 'RUS', exporter: 'CHN', value: 500 },
  { year: 2021, side: 'importer', importer: 'RUS', exporter: 'USA', value: 500 },
  { year: 2021, side: 'exporter', importer: 'CHN', exporter: 'RUS', product: '260600', value: 600 },
  { year: 2021, side: 'exporter', importer: 'IND', exporter: 'RUS', product: '260600', value: 400 },
  { year: 2024, side: 'exporter', importer: 'RUS', exporter: 'CHN', value: 800 },
  // Both report other goods only.
  { year: 2024, side: 'exporter', importer: 'JPN', exporter: 'USA', product: '260600', value: 10 },
  { year: 2024, side: 'importer', importer: 'IND', exporter: 'JPN', value: 10 },
  { year: 2024, side: 'importer', importer: 'CHN', exporter: 'RUS', product: '260600', value: 1060 },
] as const

describe.each(await librariesHolding(silence, bothSides))(
  'partners whose reports have not the goods on %s',
  (_, library) => {
    const of = async (given: object) => {
      const answer = await library.ask('mirror-partners', {
        dataset: 'flows',
        period: ['2024'],
        min_value: 0,
        ...given,
      })
      const rows = (await answer.rows()).filter((row) => row.base_share !== null)
      return rows.map((row) => [row.partner, row.value, row.reported, row.share_low, row.share_high, row.reports])
    }

    test('the finding names the product that it is of, and says that there are others', async () => {
      const answer = await library.ask('mirror-partners', {
        dataset: 'flows',
        importer: ['RUS', 'IND'],
        period: ['2021', '2024'],
        min_value: 0,
      })
      const markets = new Set((await answer.rows()).map((row) => `${row.period} ${row.economy} ${row.product}`)).size
      expect(markets).toBeGreaterThan(1)
      expect(await answer.headline()).toMatch(
        new RegExp(`(850650|260600) in 20.*The rows have ${markets} such markets\\.$`),
      )
    })

    test('what they sold or bought is not known, as they may hold it back', async () => {
      expect(await of({ importer: ['RUS'], product: ['850650'] })).toEqual([
        ['CHN', 800, 800, 1, 1, true],
        ['USA', null, null, 0, null, true],
      ])
      expect(await of({ supplier: ['RUS'], product: ['260600'] })).toEqual([
        ['CHN', 1000, 1060, 1, 1, true],
        ['IND', null, null, 0, null, true],
      ])
    })
  },
)

describe.each(
  await librariesHolding([...silence, { year: 2024, side: 'exporter', importer: 'JPN', exporter: 'USA', value: 10 }], {
    ...bothSides,
    partners_complete: false,
  }),
)('reports that may not have all partners on %s', (_, library) => {
  test('say nothing of a flow that they have not', async () => {
    const answer = await library.ask('mirror-partners', {
      dataset: 'flows',
      importer: ['RUS'],
      period: ['2024'],
      product: ['850650'],
      min_value: 0,
    })
    expect((await answer.rows()).map((row) => [row.partner, row.value])).toEqual([
      ['CHN', 800],
      ['USA', null],
    ])
  })
})
