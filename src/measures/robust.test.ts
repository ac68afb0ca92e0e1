import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { median, medianAbsoluteDeviation, modifiedScores, quantile, robustScores } from './robust.ts'

const close = (found: number | null | undefined, wanted: number) =>
  expect(Math.abs((found as number) - wanted)).toBeLessThan(1e-9)
const unitValues = [10, 11, 9.5, 10.5, 10.2, 9.8, 48, 10.1, 0.9]

describe('scores that outliers do not hide from', () => {
  test('ANO1: two values stand out, the larger of which a standard deviation would mask', () => {
    close(median(unitValues), 10.1)
    close(medianAbsoluteDeviation(unitValues), 0.4)
    const scores = modifiedScores(unitValues)
    close(scores[6], 63.908874999999945)
    close(scores[8], -15.513499999999985)
    const logs = modifiedScores(unitValues.map(Math.log))
    close(logs[6], 27.06808574361713)
    close(logs[8], -41.98964495847197)
    for (const found of [scores, logs])
      expect(unitValues.filter((_, at) => Math.abs(found[at] as number) > 3.5)).toEqual([48, 0.9])
  })

  test('ANO2: where half of the values are equal the mean deviation serves; where all are, nothing stands out', () => {
    const scores = modifiedScores([5, 5, 5, 5, 5, 9])
    close(scores[5], 4.787307889323825)
    expect(scores.slice(0, 5)).toEqual([0, 0, 0, 0, 0])
    expect(modifiedScores([5, 5, 5])).toEqual([0, 0, 0])
    expect(robustScores([5, 5, 5, 5, 5, 9])).toBeNull()
  })

  test('ANO3: quartiles between neighbours, and the fences', () => {
    const [low, high] = [quantile(unitValues, 0.25) as number, quantile(unitValues, 0.75) as number]
    close(low, 9.8)
    close(high, 10.5)
    close(low - 1.5 * (high - low), 8.75)
    close(high + 1.5 * (high - low), 11.55)
  })

  test('SCO1: of nine hubs two stand out', () => {
    const effects = [0.1, -0.05, 0.2, 0.05, 0, 2.3, 0.15, 1.1, -0.1]
    close(median(effects), 0.1)
    close(medianAbsoluteDeviation(effects), 0.1)
    const scores = robustScores(effects) as number[]
    close(scores[5], 14.838796708485091)
    close(scores[7], 6.744907594765952)
    close(scores[1], -1.011736139214893)
    expect(modifiedScores(effects).filter((score) => score > 3.5)).toHaveLength(2)
  })

  test('of nothing there is no median, no spread, no score', () => {
    expect([median([]), medianAbsoluteDeviation([]), quantile([], 0.5), robustScores([])]).toEqual([
      null,
      null,
      null,
      null,
    ])
    expect(modifiedScores([])).toEqual([])
  })

  test('shift, scale and order change no score; of positive values a currency changes none on logs', () => {
    const positive = fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 2, maxLength: 40 })
    fc.assert(
      fc.property(
        positive,
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: -1000, max: 1000 }),
        (values, scale, shift) => {
          const scores = modifiedScores(values)
          modifiedScores(values.map((value) => scale * value + shift)).forEach((score, at) => {
            expect(Math.abs(score - (scores[at] as number))).toBeLessThan(1e-6 * (1 + Math.abs(score)))
          })
          expect(modifiedScores([...values].reverse())).toEqual([...scores].reverse())
        },
      ),
    )
  })
})
