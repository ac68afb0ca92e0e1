import { describe, expect, test } from 'vitest'
import { librariesHolding } from '../../../test/engines.ts'

const libraries = await librariesHolding([
  { importer: 'DEU', exporter: 'CHN', value: 600, mass: 300 },
  { importer: 'DEU', exporter: 'USA', value: 600, mass: 100 },
  { importer: 'DEU', exporter: 'X-NES', value: 700 },
  { importer: 'DEU', exporter: 'FRA', value: 100 },
  { importer: 'DEU', product: '854231', exporter: 'TWN', value: 50 },
  { importer: 'DEU', product: '854232', exporter: 'TWN', value: 30 },
  { importer: 'DEU', product: '854232', exporter: 'KOR', value: 20 },
])

describe.each(libraries)('suppliers on %s', (_, chokepoint) => {
  const ask = async (given: object) =>
    (await chokepoint.ask('suppliers', { dataset: 'flows', importer: ['DEU'], min_value: 0, ...given })).rows()

  test('of equals the alphabet ranks first, and unknown partners have a share but no rank', async () => {
    expect((await ask({ product: ['850650'] })).map(({ supplier, share, rank }) => [supplier, share, rank])).toEqual([
      ['CHN', 0.3, 1],
      ['USA', 0.3, 2],
      ['FRA', 0.05, 3],
      ['X-NES', 0.35, null],
    ])
  })

  test('600 dollars for 300 kg are 2,000 dollars a tonne; without a weight there is none', async () => {
    expect((await ask({ product: ['850650'] })).map(({ mass, unit_value }) => [mass, unit_value])).toEqual([
      [0.3, 2000],
      [0.1, 6000],
      [null, null],
      [null, null],
    ])
  })

  test('a group of products is summed', async () => {
    expect(
      (await ask({ group: ['chips'] })).map(({ product, supplier, value, share }) => [product, supplier, value, share]),
    ).toEqual([
      ['chips', 'TWN', 80, 0.8],
      ['chips', 'KOR', 20, 0.2],
    ])
  })

  test('of several products the finding says in how many the same one leads', async () => {
    const finding = async (product: string[]) =>
      (await chokepoint.ask('suppliers', { dataset: 'flows', importer: ['DEU'], min_value: 0, product })).headline()
    expect(await finding(['854231', '854232'])).toBe(
      'Taiwan was the largest supplier in 2 of 2 purchases of 854231 and 854232 by Germany in 2022.',
    )
    expect(await finding(['854231'])).toBe('Taiwan supplied 100.0 % of what Germany bought of 854231 in 2022.')
  })

  test('beside a part that nobody is known to sell the largest is the largest known', async () => {
    const answer = await chokepoint.ask('suppliers', {
      dataset: 'flows',
      importer: ['DEU'],
      min_value: 0,
      product: ['850650', '854231'],
    })
    expect(await answer.headline()).toContain('was the largest known supplier in')
  })

  test('only the suppliers asked for are shown, with their share of all', async () => {
    expect(await ask({ product: ['850650'], supplier: ['USA'] })).toMatchObject([
      { supplier: 'USA', share: 0.3, rank: 2 },
    ])
  })

  test('what the least value leaves out is counted for importers named, and told of all', async () => {
    const told = async (given: object) => {
      const answer = await chokepoint.ask('suppliers', { dataset: 'flows', min_value: 60, ...given })
      await answer.tellDoubts()
      return answer.caveats.filter((caveat) => /left out/i.test(caveat))
    }
    expect(await told({ importer: ['DEU'] })).toEqual([
      'Left out, for less than USD 60 each: 2 of 3 products, USD 100 of USD 2.1 k. --min-value 0 shows them.',
    ])
    expect(await told({ importer: ['DEU'], min_value: 50 })).toEqual([])
    expect(await told({})).toEqual([expect.stringContaining('not counted')])
    expect(await told({ min_value: 0 })).toEqual([])
    // Its rows have the product that was named, and not what the group has beside it.
    const given = { dataset: 'flows', importer: ['DEU'], product: ['850650'], group: ['chips'], min_value: 60 }
    const answer = await chokepoint.ask('concentration', given)
    await answer.told({ start: 0, rows: 100 })
    await answer.tellDoubts()
    expect(answer.caveats.join(' ')).toContain('2 of 3 products')
  })

  test('the statement is whole, and says which file it reads', async () => {
    const text = (await chokepoint.ask('suppliers', { dataset: 'flows', importer: ['DEU'] })).explain()
    expect(text).toContain('report-by-importer-1.parquet')
    expect(text).toContain('DEU')
  })
})
