import { describe, expect, test } from 'vitest'
import { librariesHolding } from '../../../test/engines.ts'

// Fixture E6: the United States lose 600 from China; others sell it 400 and the rest of the world 2,480.
const lostBattery = [
  { importer: 'USA', exporter: 'CHN', value: 600 },
  { importer: 'USA', exporter: 'VNM', value: 250 },
  { importer: 'USA', exporter: 'DEU', value: 100 },
  { importer: 'USA', exporter: 'BRA', value: 50 },
  { importer: 'JPN', exporter: 'VNM', value: 650 },
  { importer: 'JPN', exporter: 'DEU', value: 1400 },
  { importer: 'JPN', exporter: 'BRA', value: 30 },
  { importer: 'JPN', exporter: 'IND', value: 400 },
]

const libraries = await librariesHolding([
  ...lostBattery,
  // Own trade and unknown partners are no alternatives.
  { importer: 'USA', exporter: 'X-NES', value: 70 },
  { importer: 'CAN', exporter: 'USA', value: 40 },
  // A product that nobody else sells, one that hubs and dependents sell, and one that many sell.
  { importer: 'USA', product: '280530', exporter: 'CHN', value: 100 },
  { importer: 'USA', product: '811292', exporter: 'CHN', value: 100 },
  { importer: 'JPN', product: '811292', exporter: 'NLD', value: 9000 },
  { importer: 'JPN', product: '811292', exporter: 'VNM', value: 9000 },
  { importer: 'VNM', product: '811292', exporter: 'CHN', value: 6000 },
  { importer: 'USA', product: '811300', exporter: 'CHN', value: 100 },
  { importer: 'JPN', product: '811300', exporter: 'KOR', value: 400 },
  { importer: 'JPN', product: '811300', exporter: 'BRA', value: 300 },
  { importer: 'JPN', product: '811300', exporter: 'IND', value: 300 },
])

describe.each(libraries)('substitutes on %s', (_, chokepoint) => {
  const ask = async (given: object) =>
    (
      await chokepoint.ask('substitutes', {
        dataset: 'flows',
        importer: ['USA'],
        supplier: ['CHN'],
        min_value: 0,
        min_share: 0,
        price: 'any',
        ...given,
      })
    ).rows()

  test('E6: a tenth of what others sell elsewhere fills 41.3 % of a gap of 600, which needs 24.2 %', async () => {
    const [row] = await ask({ product: ['850650'] })
    expect(row).toMatchObject({
      lost: 'CHN',
      value: 600,
      total: 1070,
      suppliers: 4,
      elsewhere: 2480,
      own_exports: 40,
      alternatives: 'DEU, VNM, IND',
      verdict: 'few',
      reason: 'more than the given diversion is needed',
    })
    expect(row?.needed).toBeCloseTo(0.24193548387096775, 12)
    expect(row?.fills).toBeCloseTo(0.41333333333333333, 12)
    expect(row?.share).toBeCloseTo(600 / 1070, 12)
  })

  test('unused capacity is counted before anything is diverted', async () => {
    const [row] = await ask({ product: ['850650'], spare: 0.1 })
    // Exports of the four: 900, 1500, 80 and 400.
    expect(row?.needed).toBeCloseTo((600 - 288) / 2480, 12)
    expect(row?.fills).toBeCloseTo((248 + 288) / 600, 12)
  })

  test('many are three or more that fill the gap at the given diversion; fewer are few', async () => {
    const [row] = await ask({ product: ['811300'], diversion: 0.1 })
    expect(row).toMatchObject({ verdict: 'many', able_low: 3, fills: 1 })
    expect((await ask({ product: ['850650'], diversion: 0.3 }))[0]).toMatchObject({ verdict: 'many', able_low: 3 })
    const two = await ask({ product: ['850650'], diversion: 0.3, supplier: ['CHN+VNM'] })
    expect(two[0]).toMatchObject({ lost: 'CHN+VNM', value: 850, verdict: 'few' })
  })

  test('none where nobody else sells it, or all who do are hubs or fall with the lost supplier', async () => {
    expect((await ask({ product: ['280530'] }))[0]).toMatchObject({
      suppliers: 0,
      needed: null,
      alternatives: null,
      verdict: 'none',
      reason: 'nobody else sells it',
    })
    const [row] = await ask({ product: ['811292'] })
    expect(row).toMatchObject({ suppliers: 2, hub_share: 0.5, dependent_share: 0.5, verdict: 'none', able_high: 0 })
    // Goers's strong test would have been passed: all others together sell far more than is lost.
    expect(row?.needed).toBeCloseTo(100 / 18000, 12)
    expect((await ask({ product: ['811292'], max_reliance: 0.7 }))[0]).toMatchObject({
      verdict: 'few',
      alternatives: 'VNM',
      reason: 'filled, but not by several',
    })
  })

  test('where no supplier is named each product loses its leading one', async () => {
    expect((await ask({ supplier: [], importer: ['JPN'] })).map(({ product, lost }) => [product, lost])).toEqual([
      ['811292', 'NLD'],
      ['811300', 'KOR'],
      ['850650', 'DEU'],
    ])
  })

  test('a bloc that is lost is lost with all its members, and one that buys nothing of it loses nothing', async () => {
    expect(await ask({ importer: ['EU27'], supplier: ['CHN'], product: ['850650'] })).toEqual([])
    // Germany sells 100 to the United States and 1,400 to Japan.
    const [japan] = await ask({ importer: ['JPN'], supplier: ['EU27'], product: ['850650'] })
    expect(japan).toMatchObject({ lost: 'EU27', value: 1400, suppliers: 5, elsewhere: 600 + 250 + 50 + 40 })
  })

  test('what the data cannot carry is refused', async () => {
    await expect(ask({ importer: ['EU27', 'USA'] })).rejects.toMatchObject({ code: 'bloc/beside' })
    for (const given of [{ supplier: ['CHN+HKG', 'VNM'] }, { importer: ['DEU'], supplier: ['EU27'] }])
      await expect(ask(given)).rejects.toMatchObject({ code: 'bloc/beside' })
    await expect(ask({ supplier: ['Chyna'] })).rejects.toThrow('China')
  })

  test('the assumption stands beside the answer, and production is said to be unknown', async () => {
    const answer = await chokepoint.ask('substitutes', {
      dataset: 'flows',
      importer: ['USA'],
      supplier: ['CHN'],
      product: ['850650'],
      min_value: 0,
      min_share: 0,
      price: 'any',
    })
    expect(answer.caveats.join('\n')).toMatch(/10\.0 % of what they sell elsewhere/)
    expect(answer.caveats.join('\n')).toMatch(/Production unknown/)
    expect(await answer.headline()).toBe(
      'Without China, the United States would have lacked USD 600 of 850650 in 2022, 56.1 % of what it bought: few could step in (more than the given diversion is needed). 24.2 % of what others sell elsewhere would be needed.',
    )
  })

  test('of several suppliers purchases are counted, not products', async () => {
    const answer = await chokepoint.ask('substitutes', {
      dataset: 'flows',
      importer: ['USA'],
      supplier: ['CHN', 'VNM'],
      product: ['850650'],
      min_value: 0,
      min_share: 0,
    })
    const rows = await answer.rows()
    expect(rows.length).toBe(2)
    expect(await answer.headline()).toContain('Of 2 purchases of a product from one supplier that the United States')
  })
})

// The Union as one buyer: Germany and France are members, and buy from each other.
const union = await librariesHolding([
  { importer: 'DEU', exporter: 'CHN', value: 500 },
  { importer: 'FRA', exporter: 'CHN', value: 100 },
  { importer: 'FRA', exporter: 'DEU', value: 900 },
  { importer: 'JPN', exporter: 'DEU', value: 300 },
  { importer: 'JPN', exporter: 'FRA', value: 200 },
  { importer: 'JPN', exporter: 'KOR', value: 800 },
  { importer: 'DEU', exporter: 'KOR', value: 50 },
])

describe.each(union)('a bloc that loses a supplier on %s', (_, chokepoint) => {
  test('it loses what its members buy, keeps what they sell outside, and only outsiders can step in', async () => {
    const rows = await (
      await chokepoint.ask('substitutes', {
        dataset: 'flows',
        importer: ['EU27'],
        supplier: ['CHN'],
        min_value: 0,
        min_share: 0,
        price: 'any',
      })
    ).rows()
    expect(rows).toMatchObject([
      { importer: 'EU27', value: 600, total: 650, suppliers: 1, elsewhere: 800, own_exports: 500, alternatives: 'KOR' },
    ])
  })
})

// Fixture E5, and a lost supplier in the medium band.
const priced = await librariesHolding([
  { importer: 'USA', exporter: 'CHN', value: 800_000, mass: 400_000 },
  { importer: 'JPN', exporter: 'VNM', value: 300_000, mass: 140_000 },
  { importer: 'JPN', exporter: 'DEU', value: 500_000, mass: 100_000 },
  { importer: 'JPN', exporter: 'IND', value: 50_000 },
])

describe.each(priced)('price bands on %s', (_, chokepoint) => {
  const given = { dataset: 'flows', importer: ['USA'], supplier: ['CHN'], min_value: 0, min_share: 0 }

  test('E5: against a median of 2,000 a tonne Vietnam is medium, Germany high, and India without a weight unknown', async () => {
    const rows = await (await chokepoint.ask('substitutes-suppliers', given)).rows()
    expect(rows.map((row) => [row.supplier, row.price_band, row.lost_price_band, row.standing])).toEqual([
      ['DEU', 'high', 'medium', 'other price'],
      ['VNM', 'medium', 'medium', 'firm'],
      ['IND', null, 'medium', 'unknown'],
    ])
    expect(rows[1]?.unit_value).toBeCloseTo(2142.8571428571427, 9)
    expect(rows[0]?.unit_value).toBe(5000)
    expect(rows[2]?.unit_value).toBeNull()
  })

  test('the verdict is undetermined where prices that are not known decide, and is given where they do not count', async () => {
    const ask = async (more: object) => (await (await chokepoint.ask('substitutes', { ...given, ...more })).rows())[0]
    const small = await ask({})
    // 350,000 at most are in the band, or may be: less than the 800,000 that are lost.
    expect(small).toMatchObject({ verdict: 'none', able_low: 0 })
    expect(small?.other_price_share).toBeCloseTo(500 / 850, 12)
    expect(small?.unknown_share).toBeCloseTo(50 / 850, 12)
    expect(await ask({ price: 'any' })).toMatchObject({ verdict: 'few' })
  })
})

const unweighed = await librariesHolding(lostBattery)

describe.each(unweighed)('without weights on %s', (_, chokepoint) => {
  test('a verdict that depends on prices is undetermined, never guessed', async () => {
    const [row] = await (
      await chokepoint.ask('substitutes', {
        dataset: 'flows',
        importer: ['USA'],
        supplier: ['CHN'],
        min_value: 0,
        min_share: 0,
      })
    ).rows()
    expect(row).toMatchObject({
      verdict: 'undetermined',
      reason: 'unknown prices or purchases decide',
      firm_fills_low: 0,
      unknown_share: 1,
    })
    expect(row?.firm_fills_high).toBeCloseTo(0.41333333333333333, 12)
  })
})
