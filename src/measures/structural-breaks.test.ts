import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evidenceOf } from '../analyses/breaks/dating.ts'
import { seededNumbers } from './passing.ts'
import {
  binaryDivision,
  cusum,
  divisions,
  largestBreak,
  penalisedDivision,
  type Series,
  statisticAt,
  testedBreak,
} from './structural-breaks.ts'

const normal = (values: readonly number[]): Series => ({ values, likelihood: 'normal' })
const series = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 8, maxLength: 24 })

/** Draws of a standard normal variable. */
function normals(seed: number): () => number {
  const next = seededNumbers(seed)
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
}

/** Of series without a break whose errors follow each other by so much, how many are said to have one, and by F alone. */
function saidToBreak(correlation: number, series: number) {
  const next = normals(11)
  let [said, naive] = [0, 0]
  for (let one = 0; one < series; one += 1) {
    let error = next() / Math.sqrt(1 - correlation ** 2)
    const values = Array.from({ length: 68 }, () => {
      error = correlation * error + next()
      return error
    })
    const tested = testedBreak(normal(values), largestBreak(normal(values), 10) as number, 10, 1)
    if (tested.p <= 0.05) naive += 1
    if (evidenceOf(tested, tested.p).evidence === 'break') said += 1
  }
  return { said: said / series, naive: naive / series }
}

describe('breaks of one series', () => {
  test('the largest F is at the least sum of squares', () => {
    fc.assert(
      fc.property(series, (values) => {
        const b = largestBreak(normal(values), 2)
        if (b === undefined) return
        const all = values.slice(3).map((_, at) => statisticAt(normal(values), at + 2) ?? Number.POSITIVE_INFINITY)
        expect(statisticAt(normal(values), b) ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(
          Math.max(...all) * (1 - 1e-9),
        )
      }),
      { numRuns: 60 },
    )
  })

  test('the penalised search costs no more than any number of breaks, and halving no less than it', () => {
    for (const likelihood of ['normal', 'poisson'] as const)
      fc.assert(
        fc.property(series, fc.integer({ min: 1, max: 200 }), (values, penalty) => {
          const one: Series = { values, likelihood }
          const best = penalisedDivision(one, penalty, 2)
          const least = Math.min(...divisions(one, 12, 2).map(({ cost, breaks }) => cost + penalty * breaks.length))
          expect(Math.abs(best.criterion - least)).toBeLessThan(1e-9 * (1 + least))
          expect(binaryDivision(one, penalty, 2).criterion).toBeGreaterThanOrEqual(best.criterion - 1e-9 * (1 + least))
        }),
        { numRuns: 60 },
      )
  })

  test('a currency moves no statistic, and a common factor no count’s', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 2, max: 9 }), (values, scale) => {
        for (const likelihood of ['normal', 'poisson'] as const) {
          const b = largestBreak({ values, likelihood }, 2)
          if (b === undefined) return
          const times = { values: values.map((value) => value * scale), likelihood }
          const [plain, scaled] = [statisticAt({ values, likelihood }, b), statisticAt(times, b)]
          if (plain === null || scaled === null) return
          expect(Math.abs(plain - scaled)).toBeLessThan(1e-6 * (1 + plain))
        }
      }),
      { numRuns: 60 },
    )
  })

  test('a path that returns is no break; a date is known to eleven times the variance over the squared step', () => {
    expect(cusum(Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? 1 : -1))).p).toBeGreaterThan(0.99)
    const next = normals(5)
    const independent = Array.from({ length: 160 }, (_, at) => next() + (at < 80 ? 0 : 1))
    const { margin, step } = testedBreak(normal(independent), 80, 60, 1)
    expect(Math.abs(margin - 11.03 / step ** 2)).toBeLessThan(6)
  })

  test('where errors follow each other, F alone cries wolf; the evidence seldom does', () => {
    const { said, naive } = saidToBreak(0.6, 150)
    expect(naive).toBeGreaterThan(0.4)
    expect(said).toBeLessThan(0.2)
    expect(saidToBreak(0, 150).said).toBeLessThan(0.1)
  })
})
