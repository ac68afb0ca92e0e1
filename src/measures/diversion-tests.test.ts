import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plainWorld, ratesOver } from '../../scripts/diversion/worlds.ts'
import { inTurn } from '../threads/work.ts'
import { type CorridorUnit, testHubs } from './diversion-tests.ts'
import { judge } from './diversion-verdict.ts'
import { falseDiscoveryRates, placeboProbability } from './false-discovery.ts'

const million = 1e6

describe('verdicts (VER1)', () => {
  const base = {
    direct_observed: true,
    first_observed: true,
    post: 90 * million,
    floor: million,
    pre_months: 24,
    first_rate: 0.001,
    second_rate: 0.01,
    second_observed: true,
    through: 50 * million,
    parallel_before: true,
    code_change: false,
    placebo: 0.02,
  }
  const unseen = { second_rate: null, second_observed: false }
  test.each([
    ['a', {}, 'consistent with diversion', true, 'both legs above baseline'],
    ['b', unseen, 'undetermined', true, 'second leg not observed'],
    ['c', { first_rate: 0.7, second_rate: 0.6 }, 'no sign of diversion', true, 'first leg at baseline'],
    ['d', { post: 0.4 * million }, 'undetermined', false, 'post value below floor'],
    ['e', { parallel_before: false, code_change: true }, 'undetermined', true, 'pre-trend present'],
    ['f', { first_rate: 0.4 }, 'undetermined', true, 'first leg at baseline: other origins or own production'],
    ['g', { first_rate: 0.4, ...unseen }, 'undetermined', true, 'first leg at baseline'],
    ['h', { placebo: 0.2 }, 'undetermined', true, 'placebo dates or goods not passed'],
    ['i', { pre_months: 9, first_observed: false }, 'undetermined', false, 'direct trade or first leg not observed'],
    ['j', { second_rate: 0.3 }, 'undetermined', true, 'second leg at baseline: goods may have stayed in the hub'],
  ] as const)('%s', (_, change, verdict, testable, reason) => {
    const found = judge({ ...base, ...change })
    expect(found).toMatchObject({ verdict, testable })
    expect(found.reasons[0]).toBe(reason)
  })

  test('9: taking a report away never makes more of the evidence', () => {
    const rate = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(rate, rate, fc.boolean(), (first_rate, second_rate, parallel_before) => {
        const whole = judge({ ...base, first_rate, second_rate, parallel_before })
        const without = judge({ ...base, first_rate, parallel_before, ...unseen })
        expect(without.verdict).toBe('undetermined')
        if (whole.verdict === 'no sign of diversion') expect(without.verdict).not.toBe('no sign of diversion')
      }),
    )
  })
})

describe('false discoveries', () => {
  const p = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216]

  test('SCO2: two stand at 0.05, six at 0.10', () => {
    const rates = falseDiscoveryRates(p) as number[]
    expect(rates.filter((rate) => rate <= 0.05)).toHaveLength(2)
    expect(rates.filter((rate) => rate <= 0.1)).toHaveLength(6)
    expect(rates[0]).toBeCloseTo(0.01, 12)
  })

  test('SCO3: one placebo of nineteen does as well: 0.1, and never less than 0.05', () => {
    const placebo = [
      0.1, -0.2, 0.3, 0.05, 0.8, -0.4, 0.15, 0.25, -0.1, 0, 0.6, 0.2, -0.3, 0.45, 0.35, -0.05, 0.12, 0.9, -0.15,
    ]
    expect(placeboProbability(0.85, placebo)).toBeCloseTo(0.1, 12)
    expect(placeboProbability(9, placebo)).toBeCloseTo(0.05, 12)
  })

  test('10: a test that shows nothing never lets another stand; what was not tested counts for nothing', () => {
    const many = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(many, (values) => {
        const stand = (rates: readonly (number | null)[]) =>
          rates.filter((rate) => rate !== null && rate <= 0.05).length
        const alone = stand(falseDiscoveryRates(values))
        expect(stand(falseDiscoveryRates([...values, 1]))).toBeLessThanOrEqual(alone)
        expect(stand(falseDiscoveryRates([...values, null]))).toBe(alone)
      }),
    )
  })
})

describe('tests of hubs', () => {
  const units = (growth: number): CorridorUnit[] =>
    Array.from({ length: 40 }, (_, place) => ({
      listed: place < 10,
      post: 1e6 * (1 + (place % 7)) * (place < 10 ? growth : 1),
      last: 1e6 * (1 + (place % 7)),
      prior: 1e6 * (1 + (place % 7)),
    }))
  const settings = { draws: 999, seed: 3 }
  const hub = (name: string, growth: number) => ({
    hub: name,
    kind: 'free',
    first: units(growth),
    second: units(growth),
  })

  test('1: where nothing changed nothing stands out; where listed goods doubled they do', async () => {
    const [still, doubled] = await testHubs([hub('A', 1), hub('B', 2)], settings, inTurn)
    expect(still).toMatchObject({ growth: 0, first_rate: 1 })
    expect(doubled?.unit_growth).toBeCloseTo(Math.log(2), 1)
    expect(doubled?.first_rate).toBeLessThanOrEqual(0.05)
  })

  test('2, 6: neither order nor other hubs before it change what a hub is found to have', async () => {
    const [one] = await testHubs([hub('A', 1.5), hub('B', 1)], settings, inTurn)
    const found = await testHubs([hub('B', 1), hub('A', 1.5)], settings, inTurn)
    expect(found.find((other) => other.hub === 'A')).toEqual(one)
  })

  test('kinds of hubs have scores of their own, and false discoveries are counted over all of them', async () => {
    const hubs = ['A', 'B', 'C', 'D', 'E'].map((name, place) => hub(name, 1 + place / 10))
    const alone = await testHubs(hubs, settings, inTurn)
    const other = ['V', 'W', 'X', 'Y', 'Z'].map((name) => ({ ...hub(name, 1), kind: 'restricted' }))
    const beside = await testHubs([...hubs, ...other], settings, inTurn)
    const of = (found: typeof alone, name: string) => found.find((one) => one.hub === name)
    for (const { hub: name } of hubs) {
      expect(of(beside, name)?.score).toBe(of(alone, name)?.score)
      expect(of(beside, name)?.first_rate).toBeGreaterThanOrEqual(of(alone, name)?.first_rate as number)
    }
    expect(of(beside, 'E')?.first_rate).toBeGreaterThan(of(alone, 'E')?.first_rate as number)
  })

  test('a hub whose second leg nobody reports is tested by its first', async () => {
    const [found] = await testHubs([{ hub: 'A', kind: 'free', first: units(2), second: undefined }], settings, inTurn)
    expect(found?.second_rate).toBeNull()
    expect(found?.first_rate).toBeLessThanOrEqual(0.05)
  })
})

describe('worlds of which it is known what passed through whom', () => {
  test('few false flags where nothing is planted, and a doubling is found', async () => {
    const quiet = await ratesOver(plainWorld, 20, 7)
    expect(quiet.any_false).toBeLessThanOrEqual(0.05 + 2 * Math.sqrt((0.05 * 0.95) / 20))
    expect(quiet.wrong_verdict).toBe(0)
    const planted = await ratesOver({ ...plainWorld, treated: 5, effect: 2 }, 10, 7)
    expect(planted.power).toBeGreaterThanOrEqual(0.9)
    expect(planted.false_discovery).toBeLessThanOrEqual(0.08)
    expect(planted.wrong_verdict).toBe(0)
  })
})
