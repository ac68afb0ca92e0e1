import { describe, expect, test } from 'vitest'
import { librariesHolding } from '../../../test/engines.ts'

const one = (product: string, values: Record<string, number>) =>
  Object.entries(values).map(([exporter, value]) => ({ product, exporter, value }))

const libraries = await librariesHolding([
  ...one('100001', { CHN: 600, VNM: 250, DEU: 100, BRA: 50 }),
  ...one('100002', { CHN: 42 }),
  ...one('100003', { CHN: 25, DEU: 25, BRA: 25, VNM: 25 }),
  ...one('100004', { CHN: 11, DEU: 6, BRA: 1, VNM: 1, IND: 1 }),
  ...one('100005', { CHN: 500, JPN: 300, 'X-NES': 120, 'X-BUNKERS': 80 }),
  ...one('100006', { CHN: 300, DEU: 250, FRA: 200, ITA: 150, BRA: 100 }),
  ...one('100007', { USA: 7, CHN: 3, 'X-NES': 2 }),
  { product: '100008', exporter: 'X-NES', value: 5 },
])

describe.each(libraries)('concentration on %s', (_, chokepoint) => {
  const ask = async (given: object, columns?: string[]) =>
    (
      await chokepoint.ask('concentration', { dataset: 'flows', min_value: 0, ...given }, columns ? { columns } : {})
    ).rows()

  test('A1: shares of 60, 25, 10 and 5 % make an index of 0.435 and what follows from it', async () => {
    const [row] = await ask({ product: ['100001'] })
    expect(row).toMatchObject({
      value: 1000,
      suppliers: 4,
      cr1: 0.6,
      lead_supplier: 'CHN',
      class: 'concentrated',
      verdict: 'yes',
    })
    expect(row?.['hhi']).toBeCloseTo(0.435, 9)
    expect(row?.['hhi_low']).toBeCloseTo(0.435, 9)
    expect(row?.['hhi_high']).toBeCloseTo(0.435, 9)
    expect(row?.['hhi_normalised']).toBeCloseTo(0.24666666666666667, 9)
    expect(row?.['cr3']).toBeCloseTo(0.95, 9)
    expect(row?.['effective_suppliers']).toBeCloseTo(2.2988505747126435, 9)
    expect(row?.['shannon']).toBeCloseTo(1.033114087516671, 9)
    expect(row?.['theil']).toBeCloseTo(0.35318027360321946, 9)
    expect(row?.['gini']).toBeCloseTo(0.45, 9)
    expect(row?.['lead_gap']).toBeCloseTo(0.35, 9)
  })

  test('A2: a single supplier has index 1, entropy 0 and no normalised index', async () => {
    expect((await ask({ product: ['100002'] }))[0]).toMatchObject({
      hhi: 1,
      hhi_normalised: null,
      cr1: 1,
      cr3: 1,
      effective_suppliers: 1,
      shannon: 0,
      theil: 0,
      gini: 0,
      lead_gap: 1,
    })
  })

  test('what is open whether it is concentrated is counted apart, and never as not concentrated', async () => {
    const finding = async (product: string[], more: object = {}) =>
      (await chokepoint.ask('concentration', { dataset: 'flows', min_value: 0, product, ...more })).headline()
    expect(await finding(['100001', '100003', '100008'])).toBe(
      '1 of 3 products that the United States bought in 2022 were concentrated by this threshold for certain; of 1 it is not known.',
    )
    expect(await finding(['100001', '100008'], { aggregate: true })).toBe(
      '1 of 2 products that the United States bought in 2022 were concentrated for certain: 99.5 % of their value; of 1 product it is not known.',
    )
  })

  test('A3: four equal suppliers have index 0.25, and the alphabet names the leader', async () => {
    const [row] = await ask({ product: ['100003'] })
    expect(row).toMatchObject({
      hhi: 0.25,
      hhi_normalised: 0,
      cr3: 0.75,
      effective_suppliers: 4,
      lead_supplier: 'BRA',
      lead_gap: 0,
    })
    expect(row?.['shannon']).toBeCloseTo(1.3862943611198906, 9)
    expect(row?.['gini']).toBeCloseTo(0, 9)
  })

  test('A4: an index of exactly 2/5 is not above 0.4', async () => {
    expect((await ask({ product: ['100004'] }))[0]).toMatchObject({
      hhi: expect.closeTo(0.4, 12),
      verdict: 'no',
      class: 'not concentrated',
    })
  })

  test('A5: a fifth from unknown partners bounds the index by 0.34 and 0.58, and leaves the verdict undetermined', async () => {
    const [row] = await ask({ product: ['100005'] })
    expect(row?.['hhi_low']).toBeCloseTo(0.34, 9)
    expect(row?.['hhi']).toBeCloseTo(0.38, 9)
    expect(row?.['hhi_high']).toBeCloseTo(0.58, 9)
    expect(row).toMatchObject({
      suppliers: 2,
      verdict: 'undetermined',
      class: 'undetermined',
      gini: null,
      shannon: null,
    })
    expect((await ask({ product: ['100005'], preset: 'doj-2023' }))[0]).toMatchObject({ verdict: 'yes', class: 'high' })
  })

  test('A6: the European Union as one supplier leads, where its members do not', async () => {
    const [members] = await ask({ product: ['100006'] })
    expect(members).toMatchObject({ lead_supplier: 'CHN' })
    expect(members?.['hhi']).toBeCloseTo(0.225, 9)
    const [bloc] = await ask({ product: ['100006'], supplier: ['EU27'] })
    expect(bloc).toMatchObject({ lead_supplier: 'EU27' })
    expect(bloc?.['hhi']).toBeCloseTo(0.46, 9)
  })

  test('own goods coming back are no import', async () => {
    expect((await ask({ product: ['100007'] }))[0]).toMatchObject({
      value: 5,
      suppliers: 1,
      lead_supplier: 'CHN',
      lead_share: 0.6,
    })
  })

  test('where no supplier is known there is no leader, and the index lies anywhere from 0 to 1', async () => {
    expect((await ask({ product: ['100008'] }))[0]).toMatchObject({
      suppliers: 0,
      lead_supplier: null,
      lead_share: null,
      hhi_low: 0,
      hhi_high: 1,
      verdict: 'undetermined',
    })
  })

  test('only the columns asked for come back, in their order', async () => {
    expect(await ask({ product: ['100002'] }, ['lead_supplier', 'hhi'])).toEqual([{ lead_supplier: 'CHN', hhi: 1 }])
  })

  test('an importer that buys nothing gets no rows', async () => {
    expect(await ask({ importer: ['TUV'] })).toEqual([])
  })
})

const aggregated = await librariesHolding([
  // Products of 1000, 3000 and 500 with indices 0.435, 0.2 and 1.
  ...one('200001', { CHN: 600, VNM: 250, DEU: 100, BRA: 50 }),
  ...one('200002', { CHN: 600, VNM: 600, DEU: 600, BRA: 600, IND: 600 }),
  ...one('200003', { CHN: 500 }),
])

describe.each(aggregated)('aggregate on %s', (_, chokepoint) => {
  test('A7: two of three products concentrated, a third of the value, weighted mean 0.341', async () => {
    const [row] = await (
      await chokepoint.ask('concentration', { dataset: 'flows', min_value: 0, aggregate: true })
    ).rows()
    expect(row).toMatchObject({ product: 'ALL', value: 4500, products: 3, concentrated: 2, undetermined: 0 })
    expect(row?.['hhi']).toBeCloseTo(0.3411111111111111, 9)
    expect(row?.['hhi_simple']).toBeCloseTo(0.545, 9)
    expect(row?.['value_share']).toBeCloseTo(1 / 3, 9)
  })
  test('its finding counts them', async () => {
    const finding = async (given: object) =>
      (await chokepoint.ask('concentration', { dataset: 'flows', min_value: 0, ...given })).headline()
    expect(await finding({ aggregate: true })).toBe(
      '2 of 3 products that the United States bought in 2022 were concentrated: 33.3 % of their value.',
    )
    expect(await finding({})).toBe(
      '2 of 3 products that the United States bought in 2022 were concentrated by this threshold.',
    )
  })
})

const buyers = await librariesHolding([
  { importer: 'DEU', exporter: 'CHN', value: 10 },
  { importer: 'JPN', exporter: 'CHN', value: 5 },
  { importer: 'JPN', exporter: 'USA', value: 5 },
  { importer: 'JPN', exporter: 'KOR', value: 5 },
])

describe.each(buyers)('the finding for several importers on %s', (_, chokepoint) => {
  test('is of all of them', async () => {
    const finding = async (given: object) =>
      (await chokepoint.ask('concentration', { dataset: 'flows', min_value: 0, ...given })).headline()
    expect(await finding({})).toBe(
      '1 of 2 purchases of a product by Germany and Japan in 2022 were concentrated by this threshold.',
    )
    expect(await finding({ aggregate: true })).toBe(
      'Concentrated products were from 0.0 % (Japan) to 100.0 % (Germany) of the value that Germany and Japan bought in 2022.',
    )
  })
})
