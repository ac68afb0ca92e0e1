import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { librariesHolding, type TestFlow } from './engines.ts'

// A seeded world: each case is one product that Germany buys, from China among others, with weights here and there.
const sellers = ['CHN', 'JPN', 'VNM', 'KOR', 'BRA', 'NLD', 'IND']
const buyers = ['DEU', 'JPN', 'VNM', 'KOR', 'USA']
const trade = fc.record({
  exporter: fc.constantFrom(...sellers),
  importer: fc.constantFrom(...buyers),
  value: fc.integer({ min: 1_000, max: 900_000 }),
  mass: fc.option(fc.integer({ min: 1, max: 9_000 }), { nil: undefined }),
})
const cases = fc.sample(
  fc.uniqueArray(trade, { selector: (one) => `${one.exporter} ${one.importer}`, minLength: 3, maxLength: 25 }),
  { numRuns: 120, seed: 411 },
)
const flows: TestFlow[] = cases.flatMap((rows, at) =>
  [{ exporter: 'CHN', importer: 'DEU', value: 500_000, mass: 1_000 }, ...rows]
    .filter(
      (row, place, all) =>
        row.exporter !== row.importer &&
        all.findIndex((other) => other.exporter === row.exporter && other.importer === row.importer) === place,
    )
    .map(({ mass, ...row }) => ({ ...row, ...(mass === undefined ? {} : { mass }), product: String(100_000 + at) })),
)
const order = ['none', 'few', 'many']

describe.each(await librariesHolding(flows))('properties of substitutes on %s', async (_, chokepoint) => {
  const given = { dataset: 'flows', importer: ['DEU'], supplier: ['CHN'], min_value: 0, min_share: 0 }
  const ask = async (more: object) => (await chokepoint.ask('substitutes', { ...given, ...more })).rows()
  const rows = await ask({})
  const more = await ask({ diversion: 0.4 })
  const strict = await ask({ max_reliance: 0.1 })
  const free = await ask({ price: 'any' })
  const members = await (await chokepoint.ask('substitutes-suppliers', { ...given, price: 'band' })).rows()

  test('every product that is bought from the lost supplier has a verdict', () => {
    expect(rows.length).toBe(cases.length)
  })

  test('0 ≤ what counts for certain ≤ what may count ≤ what all could turn', () => {
    for (const row of rows) {
      expect(row.firm_fills_low).toBeGreaterThanOrEqual(0)
      expect(row.firm_fills_low).toBeLessThanOrEqual(row.firm_fills_high + 1e-12)
      expect(row.firm_fills_high).toBeLessThanOrEqual(row.fills + 1e-12)
      expect(row.able_low).toBeLessThanOrEqual(row.able_high)
    }
  })

  test('without unused capacity, the part that is needed times what is filled is the diversion', () => {
    for (const row of rows) if (row.needed !== null) expect(row.needed * row.fills).toBeCloseTo(0.1, 9)
  })

  test('more diversion never weakens a verdict, and a stricter rule of reliance never strengthens it', () => {
    for (const [place, row] of rows.entries()) {
      const [stronger, weaker] = [more[place]?.verdict ?? '', strict[place]?.verdict ?? '']
      if (row.verdict === 'undetermined') continue
      if (stronger !== 'undetermined')
        expect(order.indexOf(stronger)).toBeGreaterThanOrEqual(order.indexOf(row.verdict))
      if (weaker !== 'undetermined') expect(order.indexOf(weaker)).toBeLessThanOrEqual(order.indexOf(row.verdict))
    }
  })

  test('without prices no verdict is undetermined, and none is weaker', () => {
    for (const [place, row] of free.entries()) {
      expect(row.verdict).not.toBe('undetermined')
      const banded = rows[place]?.verdict ?? ''
      if (banded !== 'undetermined') expect(order.indexOf(row.verdict)).toBeGreaterThanOrEqual(order.indexOf(banded))
    }
  })

  test('the suppliers one by one add up to the product', () => {
    for (const row of rows) {
      const own = members.filter((member) => member.product === row.product)
      expect(own.length).toBe(row.suppliers)
      expect(own.reduce((sum, member) => sum + member.elsewhere, 0)).toBe(row.elsewhere)
      expect(own.reduce((sum, member) => sum + member.fills, 0)).toBeCloseTo(row.fills, 9)
      expect(
        own.filter((member) => member.standing === 'firm').reduce((sum, member) => sum + member.fills, 0),
      ).toBeCloseTo(row.firm_fills_low, 9)
    }
  })
})
