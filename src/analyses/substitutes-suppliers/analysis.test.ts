import { describe, expect, test } from 'vitest'
import { librariesHolding } from '../../../test/engines.ts'

const libraries = await librariesHolding([
  { importer: 'DEU', exporter: 'CHN', value: 1000 },
  { importer: 'DEU', exporter: 'JPN', value: 100 },
  { importer: 'USA', exporter: 'JPN', value: 900 },
  { importer: 'JPN', exporter: 'CHN', value: 300 },
  { importer: 'USA', exporter: 'VNM', value: 500 },
  { importer: 'VNM', exporter: 'CHN', value: 400 },
  { importer: 'USA', exporter: 'HKG', value: 700 },
  { importer: 'X-REST', exporter: 'KOR', value: 200 },
])

describe.each(libraries)('substitutes-suppliers on %s', (_, chokepoint) => {
  const ask = async (given: object) =>
    (
      await chokepoint.ask('substitutes-suppliers', {
        dataset: 'flows',
        importer: ['DEU'],
        supplier: ['CHN'],
        min_value: 0,
        min_share: 0,
        price: 'any',
        ...given,
      })
    ).rows()

  test('each other supplier with what it could turn, the lost supplier’s part of its own supply, and its standing', async () => {
    const rows = await ask({})
    expect(
      rows.map(({ supplier, elsewhere, divertible, reliance, standing }) => [
        supplier,
        elsewhere,
        divertible,
        reliance,
        standing,
      ]),
    ).toEqual([
      ['JPN', 900, 90, 0.3, 'firm'],
      ['HKG', 700, 70, null, 'hub'],
      ['VNM', 500, 50, 0.8, 'dependent'],
      // Korea's purchases are within the rest of the table: whether it depends on China itself is not known.
      ['KOR', 200, 20, null, 'unknown'],
    ])
    expect(rows[0]).toMatchObject({ gap: 1000, value: 100, exports: 1000, fills: 0.09, hub: false, unit_value: null })
    expect(rows[1]?.hub).toBe(true)
  })

  test('capacity that others do not use is lessened by what they themselves will miss', async () => {
    const rows = await ask({ spare: 0.5 })
    expect(rows.map(({ supplier, spare }) => [supplier, spare])).toEqual([
      ['HKG', 350],
      ['JPN', 200],
      ['KOR', 100],
      ['VNM', 0],
    ])
  })

  test('the headline counts who stands firm', async () => {
    const answer = await chokepoint.ask('substitutes-suppliers', {
      dataset: 'flows',
      importer: ['DEU'],
      supplier: ['CHN'],
      min_value: 0,
      min_share: 0,
      price: 'any',
    })
    expect(await answer.headline()).toBe(
      '1 of 4 other suppliers of 850650 stand firm without China; together they could fill 9.0 % of the gap of Germany in 2022; of 1 it is not known.',
    )
  })
})
