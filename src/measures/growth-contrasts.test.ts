import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contrastOf, type GrowthUnit, permutedShare } from './growth-contrasts.ts'

const given = { weights: 'auto', seed: 1 } as const

/** Solve a small linear system, and what it is inverted by. */
function inverse(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length
  const rows = matrix.map((row, at) => [...row, ...Array.from({ length: n }, (_, other) => (other === at ? 1 : 0))])
  for (let at = 0; at < n; at += 1) {
    const pivot = rows.slice(at).reduce((best, row) => (Math.abs(row[at] ?? 0) > Math.abs(best[at] ?? 0) ? row : best))
    rows.splice(rows.indexOf(pivot), 1)
    rows.splice(
      at,
      0,
      pivot.map((value) => value / (pivot[at] as number)),
    )
    for (let other = 0; other < n; other += 1) {
      if (other === at) continue
      const factor = rows[other]?.[at] as number
      rows[other] = (rows[other] as number[]).map((value, place) => value - factor * (rows[at]?.[place] as number))
    }
  }
  return rows.map((row) => row.slice(n))
}

/** Poisson regression on effects of units and periods and the treatment, by weighted least squares again and again. */
function regression(panel: readonly (readonly number[])[], listed: readonly boolean[], from: number) {
  const periods = (panel[0] as readonly number[]).length
  const rows = panel.flatMap((values, unit) =>
    values.map((y, period) => ({
      y,
      unit,
      x: [
        ...panel.map((_, at) => Number(at === unit)),
        ...Array.from({ length: periods - 1 }, (_, at) => Number(at + 1 === period)),
        Number(listed[unit] && period >= from),
      ],
    })),
  )
  const mean = rows.reduce((sum, { y }) => sum + y, 0) / rows.length
  let fitted = rows.map(({ y }) => (y + mean) / 2)
  let coefficients: number[] = []
  let bread: number[][] = []
  for (let round = 0; round < 60; round += 1) {
    const weighted = (of: (at: number) => number) =>
      (rows[0] as { x: number[] }).x.map((_, place) =>
        rows.reduce((sum, { x }, at) => sum + (x[place] as number) * of(at), 0),
      )
    bread = inverse(
      (rows[0] as { x: number[] }).x.map((_, place) =>
        weighted((at) => (fitted[at] as number) * (rows[at]?.x[place] as number)),
      ),
    )
    const right = weighted(
      (at) =>
        (fitted[at] as number) *
        (Math.log(fitted[at] as number) + ((rows[at]?.y as number) - (fitted[at] as number)) / (fitted[at] as number)),
    )
    coefficients = bread.map((row) => row.reduce((sum, value, place) => sum + value * (right[place] as number), 0))
    fitted = rows.map(({ x }) =>
      Math.exp(x.reduce((sum, value, place) => sum + value * (coefficients[place] as number), 0)),
    )
  }
  const last = bread.at(-1) as number[]
  const scores = panel.map((_, unit) =>
    rows.reduce(
      (sum, { x, y, unit: own }, at) =>
        own === unit
          ? sum +
            (y - (fitted[at] as number)) * x.reduce((all, value, place) => all + value * (last[place] as number), 0)
          : sum,
      0,
    ),
  )
  const variance = scores.reduce((sum, score) => sum + score * score, 0) * (panel.length / (panel.length - 1))
  return {
    log: coefficients.at(-1) as number,
    se: Math.sqrt(variance),
    total: fitted.reduce((sum, one) => sum + one, 0),
  }
}

describe('contrasts of growth', () => {
  const panels = fc.array(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 4, maxLength: 4 }), {
    minLength: 5,
    maxLength: 7,
  })

  test('sums are the Poisson regression on units, periods and treatment, with its clustered error', () => {
    fc.assert(
      fc.property(panels, (panel) => {
        fc.pre(panel.every((values) => values.reduce((sum, value) => sum + value, 0) > 5))
        fc.pre(panel.flat().filter((value) => value > 0).length > 14)
        const listed = panel.map((_, at) => at % 2 === 0)
        const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)
        const units = panel.map(
          (values, at): GrowthUnit => ({
            group: listed[at] ? 0 : 1,
            cluster: String(at),
            before: sum(values.slice(0, 2)),
            after: sum(values.slice(2)),
          }),
        )
        for (const period of [0, 1, 2, 3]) fc.pre(panel.some((values) => (values[period] as number) > 0))
        const ours = contrastOf(units, [1, -1], 'sums', given)
        fc.pre(ours !== undefined)
        const theirs = regression(panel, listed, 2)
        expect(Math.abs((ours?.log as number) - theirs.log)).toBeLessThan(1e-6)
        expect(Math.abs((ours?.se as number) - theirs.se)).toBeLessThan(1e-6)
        expect(Math.abs(theirs.total - sum(panel.flat()))).toBeLessThan(1e-6)
      }),
      { numRuns: 25 },
    )
  })

  const growths = fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 })), {
    minLength: 24,
    maxLength: 24,
  })
  const unitsOf = (
    values: readonly (readonly [number, number])[],
    scale = 1,
    grown: readonly number[] = [1, 1, 1, 1],
  ) =>
    values.map(
      ([before, after], at): GrowthUnit => ({
        group: at % 4,
        cluster: String(Math.floor(at / 2)),
        before: before * scale,
        after: after * scale * (grown[at % 4] as number),
      }),
    )

  test('neither the currency nor the order matters, and a growth that all share does not', () => {
    fc.assert(
      fc.property(growths, (values) => {
        for (const reading of ['sums', 'products'] as const) {
          const contrast = [1, -1, -1, 1]
          const plain = contrastOf(unitsOf(values), contrast, reading, given)
          for (const other of [unitsOf(values, 1024), unitsOf(values, 1, [2, 2, 2, 2])]) {
            const found = contrastOf(other, contrast, reading, given)
            expect(Math.abs((found?.log as number) - (plain?.log as number))).toBeLessThan(1e-9)
            expect(Math.abs((found?.low as number) - (plain?.low as number))).toBeLessThan(1e-6)
          }
        }
      }),
      { numRuns: 20 },
    )
  })

  test('of lists drawn by lot the real one is one: a share is never zero, and falls with the fall', () => {
    const units = Array.from(
      { length: 40 },
      (_, at): GrowthUnit => ({
        group: at < 20 ? 0 : 1,
        cluster: String(at),
        before: 100,
        after: at < 20 ? 40 + at : 90 + at,
      }),
    )
    expect(permutedShare(units, 'sums', 1)).toBe(0.001)
    expect(
      permutedShare(
        units.map((unit) => ({ ...unit, group: 1 - unit.group })),
        'sums',
        1,
      ),
    ).toBeGreaterThan(0.9)
  })
})
