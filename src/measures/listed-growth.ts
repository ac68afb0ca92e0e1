import { work } from '../threads/work.ts'
import { seededNumbers } from './passing.ts'

/** A unit of goods on one leg of a corridor: listed or not, and its value before and after, over spans of one length. */
export interface GrownUnit {
  readonly listed: boolean
  readonly before: number
  readonly post: number
}

/** What is added to both values of a ratio, so that a tiny base makes no giant growth: currency units. */
export const tinyBase = 10_000

const grown = (post: number, before: number, offset: number) => Math.log((post + offset) / (before + offset))

/**
 * θ: by how much listed goods grew beyond unlisted ones of the same corridor, as a difference of logarithms of sums.
 * Source: methods, diversion section c1; the offset is an operational choice.
 */
export function listedGrowth(
  listed: { readonly before: number; readonly post: number },
  unlisted: { readonly before: number; readonly post: number },
  offset: number = tinyBase,
): number {
  return grown(listed.post, listed.before, offset) - grown(unlisted.post, unlisted.before, offset)
}

/** θ of a corridor by sums and by means of its units' own growth, and how often a list drawn by lot does as well. */
export interface PermutedGrowth {
  readonly by_sums: number
  readonly by_means: number
  /** The same over its standard error, were the list drawn by lot: comparable between corridors of few goods and of many. */
  readonly standard: number
  /** Of the mean of units' growth, one-sided: large is rare. */
  readonly p: number
  readonly p_by_sums: number
  /** The mean's difference for each list by lot, ascending. */
  readonly by_lot: Float64Array
}

/**
 * A difference of means over its standard error by the spread of all units, listed or not: what it would be worth were the
 * list drawn by lot.
 * @param units counts of listed units and of others
 * @param total of all units: the sum of their values, and of the squares of these
 */
export function standardDifference(
  difference: number,
  units: { readonly listed: number; readonly others: number },
  total: { readonly sum: number; readonly squares: number },
): number {
  const count = units.listed + units.others
  const variance = Math.max(0, (total.squares - total.sum ** 2 / count) / (count - 1))
  const error = Math.sqrt((variance * count) / (units.listed * units.others))
  return error > 0 ? difference / error : 0
}

/**
 * Membership of the list permuted among the units of one corridor: the list by lot, as many units on it as there are.
 * The mean of the units' own growth is tested, for a single giant unit decides a sum; the sum's is beside it.
 * @returns undefined where fewer than two units are listed or not
 * Source: methods, diversion section c3 (ii).
 */
export function permutedGrowth(
  units: readonly GrownUnit[],
  draws: number,
  seed: number,
  offset: number = tinyBase,
): PermutedGrowth | undefined {
  const listed = units.filter((unit) => unit.listed)
  const many = units.length
  const few = listed.length
  if (few < 2 || many - few < 2) return undefined
  const ordered = [...listed, ...units.filter((unit) => !unit.listed)]
  const growth = Float64Array.from(ordered, (unit) => grown(unit.post, unit.before, offset))
  const before = Float64Array.from(ordered, (unit) => unit.before)
  const post = Float64Array.from(ordered, (unit) => unit.post)
  const all = { growth: sum(growth, many), before: sum(before, many), post: sum(post, many) }
  const statistics = (part: { growth: number; before: number; post: number }) => ({
    means: part.growth / few - (all.growth - part.growth) / (many - few),
    sums: listedGrowth(part, { before: all.before - part.before, post: all.post - part.post }, offset),
  })
  const observed = statistics({ growth: sum(growth, few), before: sum(before, few), post: sum(post, few) })
  const next = seededNumbers(seed)
  const places = Uint32Array.from({ length: many }, (_, place) => place)
  const byLot = new Float64Array(draws)
  let means = 0
  let sums = 0
  for (let draw = 0; draw < draws; draw += 1) {
    const part = { growth: 0, before: 0, post: 0 }
    for (let at = 0; at < few; at += 1) {
      const other = at + Math.floor(next() * (many - at))
      const place = places[other] as number
      places[other] = places[at] as number
      places[at] = place
      part.growth += growth[place] as number
      part.before += before[place] as number
      part.post += post[place] as number
    }
    const drawn = statistics(part)
    byLot[draw] = drawn.means
    if (drawn.means >= observed.means - 1e-12) means += 1
    if (drawn.sums >= observed.sums - 1e-12) sums += 1
  }
  const squares = growth.reduce((total, value) => total + value ** 2, 0)
  return {
    by_sums: observed.sums,
    by_means: observed.means,
    standard: standardDifference(observed.means, { listed: few, others: many - few }, { sum: all.growth, squares }),
    p: (1 + means) / (1 + draws),
    p_by_sums: (1 + sums) / (1 + draws),
    by_lot: byLot.sort(),
  }
}

/** The same as work that a thread may do. */
export const growthPermutations = work(import.meta.url, 'permutedGrowth', permutedGrowth)

function sum(values: Float64Array, count: number): number {
  let total = 0
  for (let place = 0; place < count; place += 1) total += values[place] as number
  return total
}
