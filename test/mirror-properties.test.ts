import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bothSides, librariesHolding, type TestFlow } from './engines.ts'

// A seeded world of two years: Russia reports in the first, partners in the second, some of them not.
const partners = ['CHN', 'DEU', 'TUR', 'KAZ', 'IND', 'BLR']
const cases = fc.sample(
  fc.record({
    before: fc.uniqueArray(
      fc.record({ partner: fc.constantFrom(...partners), value: fc.integer({ min: 1, max: 9e8 }) }),
      {
        selector: (one) => one.partner,
        minLength: 1,
      },
    ),
    now: fc.uniqueArray(
      fc.record({ partner: fc.constantFrom(...partners.slice(0, 5)), value: fc.integer({ min: 1, max: 9e8 }) }),
      {
        selector: (one) => one.partner,
        minLength: 1,
      },
    ),
  }),
  { numRuns: 100, seed: 606 },
)
const flows: TestFlow[] = cases.flatMap(({ before, now }, at) => {
  const product = String(100_000 + at)
  return [
    ...before.map(({ partner, value }) => ({
      year: 2021,
      side: 'importer' as const,
      importer: 'RUS',
      exporter: partner,
      product,
      value,
    })),
    ...now.map(({ partner, value }) => ({
      year: 2022,
      side: 'exporter' as const,
      importer: 'RUS',
      exporter: partner,
      product,
      value,
    })),
  ]
})

describe.each(await librariesHolding(flows, bothSides))('properties of mirrored trade on %s', async (_, chokepoint) => {
  const given = { dataset: 'flows', importer: ['RUS'], period: ['2022'], min_value: 0 }
  const rows = await (await chokepoint.ask('mirror', { ...given, level: '' })).rows()
  const members = await (await chokepoint.ask('mirror-partners', { ...given, level: '' })).rows()
  const reporters = new Set(cases.flatMap(({ now }) => now.map((one) => one.partner)))

  test('coverage is the part of the own report that is with partners that report, and the missing part follows from it', () => {
    for (const row of rows) {
      const { before } = cases[Number(row.product) - 100_000] as (typeof cases)[number]
      const of = (which: readonly { value: number }[]) => which.reduce((sum, one) => sum + one.value, 0)
      const covered = of(before.filter((one) => reporters.has(one.partner)))
      expect(row.coverage).toBeCloseTo(covered / of(before), 12)
      if (covered === 0) expect(row.missing).toBeNull()
      else
        expect(Math.abs((row.missing as number) - (row.value * (of(before) - covered)) / covered)).toBeLessThanOrEqual(
          0.51,
        )
    }
  })

  test('the index of what is reported, with or without the missing part, lies where the bounds allow', () => {
    for (const row of rows) {
      if (row.missing === null) {
        expect(row.verdict).toBeNull()
        continue
      }
      expect(row.hhi_low as number).toBeLessThanOrEqual(row.hhi + 1e-9)
      expect(row.hhi_low as number).toBeLessThanOrEqual((row.hhi_high as number) + 1e-12)
      expect(row.lead_share_low as number).toBeLessThanOrEqual((row.lead_share_high as number) + 1e-12)
      if (row.verdict === 'yes') expect(row.hhi_low as number).toBeGreaterThan(0.4 - 1e-12)
      if (row.verdict === 'no') expect(row.hhi_high as number).toBeLessThanOrEqual(0.4 + 1e-12)
      if (row.coverage === 1) expect(row.hhi_low).toBeCloseTo(row.hhi, 12)
    }
  })

  test('partners add up to the whole, and shares with the missing part to one', () => {
    for (const row of rows) {
      const own = members.filter((member) => member.product === row.product)
      expect(own.reduce((sum, member) => sum + (member.value ?? 0), 0)).toBe(row.value)
      if (row.missing === null) continue
      const low = own.reduce((sum, member) => sum + (member.share_low ?? 0), 0)
      expect(low + row.missing / (row.value + row.missing)).toBeCloseTo(1, 9)
    }
  })
})
