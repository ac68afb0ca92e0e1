import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { flows, listed, listed2, listed3, rowsOf, unit, unlisted } from '../../../test/corridors.ts'
import { librariesHolding, type TestFlow } from '../../../test/engines.ts'
import type { Chokepoint } from '../../index.ts'

describe('properties', async () => {
  const value = fc.integer({ min: 0, max: 5000 })
  const leg = fc.tuple(value, value)
  const three = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: 3, maxLength: 3 })
  const world = fc.record({ direct: three(leg), legs: three(three(fc.tuple(leg, leg))) })
  const names = ['ARM', 'GEO', 'KGZ']
  const goods = [listed, listed2, listed3]
  // Each world has ends of its own, so that one dataset holds them all.
  const ends = [
    ['USA', 'RUS'],
    ['JPN', 'BLR'],
    ['DEU', 'IRN'],
  ] as const
  const worlds = fc.sample(world, { numRuns: ends.length, seed: 41 })
  const asFlows = (scale: number): TestFlow[] =>
    worlds.flatMap(({ direct, legs }, place) => {
      const [origin, destination] = ends[place] as (typeof ends)[number]
      const scaled = (values: readonly number[]) => values.map((one) => one * scale)
      return [
        ...flows(origin, destination, scaled([1, 1]), unlisted),
        ...direct.flatMap((values, at) => flows(origin, destination, scaled(values.map((one) => one + 1)), goods[at])),
        ...legs.flatMap((hub, number) =>
          hub.flatMap(([first, second], at) => [
            ...flows(origin, names[number] as string, scaled(first), goods[at]),
            ...flows(names[number] as string, destination, scaled(second), goods[at]),
          ]),
        ),
      ]
    })
  const [[, library]] = (await librariesHolding(asFlows(1))) as [[string, Chokepoint]]
  const [[, doubled]] = (await librariesHolding(asFlows(2).reverse())) as [[string, Chokepoint]]
  const cases = ends.map(([origin, destination], place) => ({
    given: { origin: [origin], destination: [destination], hub: names },
    legs: worlds[place]?.legs ?? [],
  }))

  test.each(cases)(
    '3, 4, 8: bounds lie between nothing and all, and minima of goods below those of sums: $given.origin',
    async ({ given, legs }) => {
      const rows = await rowsOf(library, given)
      const whole = await rowsOf(library, { ...given, level: '0' })
      for (const [number, hub] of names.entries()) {
        const row = rows[hub]
        if (row?.recovered_high === null || row?.recovered_high === undefined) continue
        expect(Number(row.recovered_low)).toBeGreaterThanOrEqual(0)
        expect(Number(row.recovered_high)).toBeGreaterThanOrEqual(Number(row.recovered_low) - 1e-9)
        const positive = (which: 0 | 1) =>
          (legs[number] ?? []).reduce((sum, pair) => sum + Math.max(0, pair[which][0] - pair[which][1]), 0) * unit
        expect(Number(row.through_low)).toBeLessThanOrEqual(Math.min(positive(0), positive(1)))
        expect(whole[hub]?.first_leg_excess).toBe(row.first_leg_excess)
      }
      const shares = names.reduce((sum, hub) => sum + Number(rows[hub]?.recovered_high ?? 0), 0)
      expect(shares).toBeLessThanOrEqual(1 + 1e-9)
    },
  )

  test.each(cases)(
    '2, 6: neither the unit of money nor the order of rows changes a ratio: $given.origin',
    async ({ given }) => {
      const [once, twice] = [await rowsOf(library, given), await rowsOf(doubled, given)]
      for (const hub of names) {
        expect(twice[hub]?.first_leg_ratio).toBe(once[hub]?.first_leg_ratio)
        expect(Number(twice[hub]?.first_leg_excess)).toBe(2 * Number(once[hub]?.first_leg_excess))
        expect(Number(twice[hub]?.recovered_high)).toBeCloseTo(Number(once[hub]?.recovered_high), 9)
      }
    },
  )
})
