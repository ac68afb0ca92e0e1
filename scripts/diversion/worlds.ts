import { drawsFor, testHubs } from '../../src/measures/diversion-tests.ts'
import { judge } from '../../src/measures/diversion-verdict.ts'
import { seededNumbers } from '../../src/measures/passing.ts'
import { inTurn } from '../../src/threads/work.ts'

/**
 * Made-up corridors in which it is known what passed through whom: hubs × goods × months with lognormal, autocorrelated
 * noise, zeros, growth of each hub that all its goods share, and shocks to single goods.
 */
export interface WorldOfHubs {
  readonly seed: number
  readonly hubs: number
  readonly goods: number
  readonly listed: number
  /** The first so many hubs pass goods on. */
  readonly treated: number
  /** By what listed goods on both legs of treated hubs are multiplied after the event. */
  readonly effect: number
  /** By what goods off the list are multiplied with them: goods declared as others. */
  readonly spillover: number
  /** Of the monthly noise. */
  readonly autocorrelation: number
  /** By what one listed good is larger than the rest. */
  readonly giant: number
}

export const plainWorld: Omit<WorldOfHubs, 'seed'> = {
  hubs: 30,
  goods: 100,
  listed: 20,
  treated: 0,
  effect: 1,
  spillover: 1,
  autocorrelation: 0.4,
  giant: 1,
}

const [monthsBefore, monthsAfter] = [24, 12]
const [noise, hubGrowth, goodShock, zeros, spreadOfSizes] = [0.5, 0.3, 0.35, 0.1, 1]
const typicalMonth = 200_000

/** What was found of the hubs of one world. */
export interface WorldFound {
  /** Legs whose rate is at most 0.05, of treated hubs and of others. */
  readonly true_flags: number
  readonly false_flags: number
  /** First legs alone, of treated hubs. */
  readonly first_flags: number
  /** Hubs called consistent with diversion. */
  readonly true_verdicts: number
  readonly false_verdicts: number
}

function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
}

function legOf(world: WorldOfHubs, treated: boolean, growth: number, next: () => number) {
  return Array.from({ length: world.goods }, (_, good) => {
    const listed = good < world.listed
    const size = typicalMonth * Math.exp(spreadOfSizes * normal(next)) * (good === 0 ? world.giant : 1)
    const shock = goodShock * normal(next)
    const planted = treated ? Math.log(listed ? world.effect : world.spillover) : 0
    const spans = { prior: 0, last: 0, post: 0 }
    let error = noise * normal(next)
    for (let month = 0; month < monthsBefore + monthsAfter; month += 1) {
      error = world.autocorrelation * error + noise * Math.sqrt(1 - world.autocorrelation ** 2) * normal(next)
      const after = month >= monthsBefore
      const value = next() < zeros ? 0 : size * Math.exp(error + (after ? growth + shock + planted : 0))
      spans[after ? 'post' : month >= monthsBefore / 2 ? 'last' : 'prior'] += Math.round(value)
    }
    return { listed, ...spans }
  })
}

/** Make a world, test its hubs as the analysis does, and judge them by its rule; all else that it asks being in order. */
export async function findInWorld(world: WorldOfHubs): Promise<WorldFound> {
  const next = seededNumbers(world.seed)
  const hubs = Array.from({ length: world.hubs }, (_, place) => {
    const growth = hubGrowth * normal(next)
    const [first, second] = [0, 1].map(() => legOf(world, place < world.treated, growth, next))
    return { hub: `hub ${place}`, kind: 'free', first, second }
  })
  const settings = { draws: drawsFor(2 * world.hubs, 999), seed: world.seed }
  const tests = await testHubs(hubs, settings, inTurn)
  const found = { true_flags: 0, false_flags: 0, first_flags: 0, true_verdicts: 0, false_verdicts: 0 }
  for (const [place, one] of tests.entries()) {
    const treated = place < world.treated
    const flags = [one.first_rate, one.second_rate].filter((rate) => rate !== null && rate <= 0.05).length
    const { verdict } = judge({
      direct_observed: true,
      first_observed: true,
      post: 1,
      floor: 0,
      pre_months: monthsBefore,
      first_rate: one.first_rate,
      second_rate: one.second_rate,
      second_observed: true,
      through: 1,
      parallel_before: one.parallel_before,
      code_change: false,
      placebo: one.placebo_p,
    })
    const consistent = Number(verdict === 'consistent with diversion')
    found[treated ? 'true_flags' : 'false_flags'] += flags
    found[treated ? 'true_verdicts' : 'false_verdicts'] += consistent
    if (treated && one.first_rate !== null && one.first_rate <= 0.05) found.first_flags += 1
  }
  return found
}

/** Rates over many worlds. */
export interface Rates {
  readonly worlds: number
  /** Share of worlds with any flag on a hub that passes nothing on. */
  readonly any_false: number
  /** Mean over worlds of the share of flags that are false: 0 where there is none. */
  readonly false_discovery: number
  /** Share of treated hubs whose first leg is flagged, and of those called consistent with diversion. */
  readonly power: number | null
  readonly verdict_power: number | null
  /** Share of worlds in which a hub that passes nothing on is called consistent with diversion. */
  readonly wrong_verdict: number
}

/** Try `count` worlds of one kind, with the seeds from `seed` on. */
export async function ratesOver(kind: Omit<WorldOfHubs, 'seed'>, count: number, seed: number): Promise<Rates> {
  const found: WorldFound[] = []
  for (let number = 0; number < count; number += 1) found.push(await findInWorld({ ...kind, seed: seed + number }))
  const mean = (of: (one: WorldFound) => number) => found.reduce((sum, one) => sum + of(one), 0) / count
  return {
    worlds: count,
    any_false: mean((one) => Number(one.false_flags > 0)),
    false_discovery: mean((one) => one.false_flags / Math.max(1, one.false_flags + one.true_flags)),
    power: kind.treated > 0 ? mean((one) => one.first_flags / kind.treated) : null,
    verdict_power: kind.treated > 0 ? mean((one) => one.true_verdicts / kind.treated) : null,
    wrong_verdict: mean((one) => Number(one.false_verdicts > 0)),
  }
}
