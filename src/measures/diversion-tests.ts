import type { Compute } from '../threads/work.ts'
import { falseDiscoveryRates, placeboProbability } from './false-discovery.ts'
import { type GrownUnit, growthPermutations, listedGrowth, tinyBase } from './listed-growth.ts'
import { robustScores } from './robust.ts'

/** One unit of goods on one leg: currency units over spans of one length. */
export interface CorridorUnit {
  readonly listed: boolean
  readonly post: number
  /** One year before, and two; prior is null where the data do not go back so far. */
  readonly last: number
  readonly prior: number | null
}

/** A leg of a hub by its units, where it is observed. */
export type Leg = readonly CorridorUnit[] | undefined

/** What is tested of a hub. */
export interface TestedHub {
  readonly hub: string
  /** Its score stands among hubs of its kind alone: free among free, restricted among restricted. */
  readonly kind: string
  readonly first: Leg
  readonly second: Leg
}

/** What came of the tests of one hub; null where a test could not be made. */
export interface HubTests {
  readonly hub: string
  /** θ of the first leg by sums: growth of listed goods beyond that of others, as a difference of logarithms. */
  readonly growth: number | null
  /** θ of the year before, by the same reckoning: a placebo date. */
  readonly growth_before: number | null
  /** The mean over units of their own growth, listed less others: what is tested, for one giant unit decides no mean. */
  readonly unit_growth: number | null
  readonly unit_growth_before: number | null
  /** Both over their standard errors, were the list drawn by lot. */
  readonly standard_growth: number | null
  readonly standard_growth_before: number | null
  /** The first of them among hubs of its kind: robust standard deviations from their median. */
  readonly score: number | null
  readonly first_p: number | null
  readonly second_p: number | null
  /** False-discovery rates over all legs of all hubs of one run. */
  readonly first_rate: number | null
  readonly second_rate: number | null
  /** How often a hub did as well at the placebo date, all hubs pooled: before the event none was of another kind. */
  readonly placebo_p: number | null
  readonly parallel_before: boolean | null
  /** The growth beyond that of other goods, as a difference of logarithms, at which one more first leg would stand out. */
  readonly detectable: number | null
}

/** How many lists are drawn by lot: enough that one leg among all could stand at the rate. */
export const drawsFor = (legs: number, least: number, rate = 0.05): number => Math.max(least, Math.ceil(legs / rate))

const sums = (leg: readonly CorridorUnit[], listed: boolean, value: (unit: CorridorUnit) => number) =>
  leg.reduce((total, unit) => (unit.listed === listed ? total + value(unit) : total), 0)

/** θ by sums between two spans; null where goods of either kind were absent before. */
function growthOf(
  leg: Leg,
  before: (unit: CorridorUnit) => number,
  post: (unit: CorridorUnit) => number,
  offset: number,
): number | null {
  if (!leg) return null
  const of = (listed: boolean) => ({ before: sums(leg, listed, before), post: sums(leg, listed, post) })
  const [listed, others] = [of(true), of(false)]
  return others.before > 0 && (listed.before > 0 || listed.post > 0) ? listedGrowth(listed, others, offset) : null
}

const tested = (leg: readonly CorridorUnit[]): GrownUnit[] =>
  // The mean of both years before is less noisy than either.
  leg.map(({ listed, post, last, prior }) => ({ listed, post, before: prior === null ? last : (last + prior) / 2 }))

/** What chance makes as seldom as this is not put down to it. */
const rarely = 0.05

/**
 * Every test of every hub of one run. Same seed, same bytes: each leg has a stream of its own, whatever the order of work.
 * Source: methods, diversion section c (SCO1 to SCO3): list permuted within the hub, placebo dates pooled over hubs,
 * Benjamini–Hochberg over all legs.
 * @param compute who draws the lists
 */
export async function testHubs(
  hubs: readonly TestedHub[],
  settings: {
    readonly draws: number
    readonly seed: number
    readonly offset?: number
    /** Standard growth in the year before, of all importers there are; that of the hubs tested where left out. */
    readonly placebos?: readonly number[]
  },
  compute: Compute,
): Promise<HubTests[]> {
  const { draws, seed, offset = tinyBase } = settings
  const earlierOf = ({ first }: TestedHub) => (first?.some((unit) => unit.prior !== null) ? first : undefined)
  const permuted = await compute(
    growthPermutations,
    hubs.flatMap((one) => {
      const earlier = earlierOf(one)?.map(({ listed, last, prior }) => ({ listed, post: last, before: prior ?? 0 }))
      return [one.first && tested(one.first), one.second && tested(one.second), earlier].map(
        (units, leg) => [units ?? [], draws, streamOf(seed, one.hub, leg), offset] as const,
      )
    }),
  )
  const found = hubs.map((tested, place) => {
    const { hub, kind, first } = tested
    const earlier = earlierOf(tested)
    const [one, two, early] = permuted.slice(3 * place, 3 * place + 3)
    return {
      hub,
      kind,
      growth: growthOf(
        first,
        (unit) => unit.last,
        (unit) => unit.post,
        offset,
      ),
      growth_before: growthOf(
        earlier,
        (unit) => unit.prior ?? 0,
        (unit) => unit.last,
        offset,
      ),
      unit_growth: one?.by_means ?? null,
      unit_growth_before: early?.by_means ?? null,
      standard_growth: one?.standard ?? null,
      standard_growth_before: early?.standard ?? null,
      first_p: one?.p ?? null,
      second_p: two?.p ?? null,
      by_lot: one?.by_lot,
      parallel_before: one && early ? Math.abs(early.by_means) <= Math.abs(one.by_means) / 2 && early.p > rarely : null,
    }
  })
  const rates = falseDiscoveryRates(found.flatMap((one) => [one.first_p, one.second_p]))
  const placebos = settings.placebos ?? found.flatMap((one) => one.standard_growth_before ?? [])
  // What the step-up rule asks of one more leg than stand.
  const legs = rates.filter((one) => one !== null).length
  const asked = (rarely * (1 + rates.filter((one) => one !== null && one <= rarely).length)) / Math.max(1, legs)
  const scores = new Map<string, number>()
  for (const kind of new Set(found.map((one) => one.kind))) {
    const scored = found.filter((one) => one.kind === kind && one.standard_growth !== null)
    const values = robustScores(scored.map((one) => one.standard_growth as number))
    for (const [place, { hub }] of scored.entries()) if (values) scores.set(hub, values[place] as number)
  }
  return found.map(({ by_lot, kind: _, ...one }, place) => ({
    ...one,
    detectable: by_lot ? (by_lot[Math.max(0, by_lot.length - Math.floor(asked * (by_lot.length + 1)))] ?? null) : null,
    first_rate: rates[2 * place] ?? null,
    second_rate: rates[2 * place + 1] ?? null,
    score: scores.get(one.hub) ?? null,
    placebo_p:
      one.standard_growth === null || placebos.length === 0 ? null : placeboProbability(one.standard_growth, placebos),
  }))
}

/** A seed of its own for each leg of each hub: FNV-1a of the text, 32 bits. */
function streamOf(seed: number, hub: string, leg: number): number {
  let hash = 0x811c9dc5
  for (const letter of `${seed} ${hub} ${leg}`) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193)
  return hash >>> 0
}
