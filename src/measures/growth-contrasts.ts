/**
 * By how much more, or less, some goods grew than others between two windows, with its uncertainty.
 *
 * Two readings of the same units: of sums, which is Poisson pseudo-maximum likelihood with a fixed effect for each unit
 * and each period, keeps zeros, and lets giants count as giants; and of the mean growth of units, each counting once, which
 * drops those with nothing in a window. Sources: Santos Silva and Tenreyro (2006), Review of Economics and Statistics
 * 88(4); Cameron, Gelbach and Miller (2008), same 90(3); Webb (2023), Canadian Journal of Economics 56(3); Kline and Santos
 * (2012), Journal of Econometric Methods 1(1); methods, sections a and e.
 */
import { work } from '../threads/work.ts'
import { betaTail, seededNumbers } from './passing.ts'

/** A unit of goods of one supplier: which group it is in, and which others share its fate. */
export interface GrowthUnit {
  /** Place of its group in the contrast. */
  readonly group: number
  readonly cluster: string
  readonly before: number
  readonly after: number
}

/** How groups are set against each other: +1 and −1 of two, or two pairs of two. */
export type Contrast = readonly number[]

export const readings = ['sums', 'products'] as const
export type Reading = (typeof readings)[number]

/** How weights of clusters are drawn: signs, or six points where clusters are few. */
export type Weights = 'rademacher' | 'webb'

/** A contrast of logarithms of growth; e to its power, less 1, is the effect. */
export interface Contrasted {
  readonly log: number
  /** By clusters (CR1), or for units that are their own clusters of two groups by Welch; null where it cannot be told. */
  readonly se: number | null
  readonly df: number | null
  /** Of the wild cluster bootstrap with the null imposed; null where it cannot be told. */
  readonly p: number | null
  /** At 95 %, by the interval named; both null where it cannot be told, one where it is open on that side. */
  readonly low: number | null
  readonly high: number | null
  readonly interval: 'cluster' | 'welch' | 'bootstrap' | 'none'
  readonly clusters: number
  /** Clusters with any unit of the group first in the contrast: the one that was treated. */
  readonly treated: number
}

/** Below this many clusters the normal theory of clusters is not trusted, and below the other the bootstrap neither. */
export const fewClusters = 10
export const fewestTreated = 6

const draws = 999
const level = 0.05

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/**
 * The t below which a share of Student's distribution lies. Source: DLMF 8.17; found by halving.
 * @param share above one half
 */
export function studentQuantile(share: number, df: number): number {
  const above = (t: number) => (1 - betaTail(df / 2, 0.5, df / (df + t * t))) / 2
  let [low, high] = [0, 1]
  while (above(high) > 1 - share && high < 1e9) high *= 2
  for (let step = 0; step < 200 && high - low > 1e-14 * high; step += 1) {
    const middle = (low + high) / 2
    if (above(middle) > 1 - share) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** What the two readings have in common: an estimate, and how well a hypothesis fits, in draws of weights. */
interface Estimator {
  readonly log: number
  readonly se: number
  readonly clusters: readonly string[]
  /** Whether a hypothesis is refuted: its statistic, and the same of each draw. */
  against(hypothesis: number, weights: readonly Float64Array[]): { observed: number; drawn: Float64Array }
}

const clusterNames = (units: readonly GrowthUnit[]) => [...new Set(units.map(({ cluster }) => cluster))].sort()

function summed(
  units: readonly GrowthUnit[],
  contrast: Contrast,
  clusters: readonly string[],
  each: (unit: GrowthUnit) => number,
) {
  const place = new Map(clusters.map((name, at) => [name, at]))
  const totals = new Float64Array(clusters.length)
  for (const unit of units) {
    const at = place.get(unit.cluster) as number
    totals[at] = (totals[at] as number) + (contrast[unit.group] as number) * each(unit)
  }
  return totals
}

const clusterVariance = (totals: Float64Array) => totals.reduce((all, one) => all + one * one, 0)

/** Totals of each group before and after. */
function cellsOf(units: readonly GrowthUnit[], groups: number) {
  const cells = Array.from({ length: groups }, () => ({ before: 0, after: 0 }))
  for (const { group, before, after } of units) {
    const cell = cells[group] as { before: number; after: number }
    cell.before += before
    cell.after += after
  }
  return cells
}

/**
 * Sums, by Poisson pseudo-maximum likelihood with effects of units and periods. On a panel with all its zeros the fit is
 * known: each unit falls on the windows as its group does, so that the estimate is the ratio of ratios of sums, and what a
 * unit is off adds e (1/after + 1/before) of its group to the error. Fixtures DIV4, DIV5.
 */
function ofSums(units: readonly GrowthUnit[], contrast: Contrast): Estimator {
  const cells = cellsOf(units, contrast.length)
  const clusters = clusterNames(units)
  const log = sum(cells.map(({ before, after }, group) => (contrast[group] as number) * Math.log(after / before)))
  const off = summed(units, contrast, clusters, ({ group, before, after }) => {
    const cell = cells[group] as { before: number; after: number }
    const error = after - ((before + after) * cell.after) / (cell.before + cell.after)
    return error * (1 / cell.after + 1 / cell.before)
  })
  const correction = clusters.length / (clusters.length - 1)
  return {
    log,
    se: Math.sqrt(clusterVariance(off) * correction),
    clusters,
    against(hypothesis, weights) {
      const fitted = underNull(cells, contrast, hypothesis)
      const scores = summed(units, contrast, clusters, ({ group, before, after }) => {
        const cell = fitted[group] as { before: number; after: number }
        const error = after - ((before + after) * cell.after) / (cell.before + cell.after)
        return error * (1 / cell.after + 1 / cell.before)
      })
      const statistic = (weight: Float64Array | undefined) => {
        let [total, squares] = [0, 0]
        for (let at = 0; at < scores.length; at += 1) {
          const one = (scores[at] as number) * (weight?.[at] ?? 1)
          total += one
          squares += one * one
        }
        return squares > 0 ? Math.abs(total) / Math.sqrt(squares) : 0
      }
      return { observed: statistic(undefined), drawn: Float64Array.from(weights, statistic) }
    },
  }
}

/**
 * Totals of groups under a hypothesis about the contrast, with the margins that the data have: iterative proportional
 * fitting, which keeps the interaction that it begins with. Source: Deming and Stephan (1940).
 */
function underNull(cells: readonly { before: number; after: number }[], contrast: Contrast, hypothesis: number) {
  const paired = contrast.length === 4
  // The interaction stands in the group first in the contrast, after.
  const fitted = cells.map((_, group) => ({ before: 1, after: group === 0 ? Math.exp(hypothesis) : 1 }))
  const sides = paired
    ? [
        [0, 1],
        [2, 3],
        [0, 2],
        [1, 3],
      ]
    : [[0, 1]]
  for (let round = 0; round < 2000; round += 1) {
    let moved = 0
    const scale = (of: readonly { group: number; window: 'before' | 'after' }[]) => {
      const wanted = sum(of.map(({ group, window }) => (cells[group] as { before: number; after: number })[window]))
      const have = sum(of.map(({ group, window }) => (fitted[group] as { before: number; after: number })[window]))
      for (const { group, window } of of) (fitted[group] as { before: number; after: number })[window] *= wanted / have
      moved = Math.max(moved, Math.abs(wanted / have - 1))
    }
    for (const group of cells.keys())
      scale([
        { group, window: 'before' },
        { group, window: 'after' },
      ])
    for (const side of sides)
      for (const window of ['before', 'after'] as const) scale(side.map((group) => ({ group, window })))
    if (moved < 1e-13) break
  }
  return fitted
}

/** Means of the growth of units, by least squares on groups; K groups of N units. Fixtures CMP2, CMP3. */
function ofMeans(units: readonly GrowthUnit[], contrast: Contrast): Estimator {
  const growth = new Map(units.map((unit) => [unit, Math.log(unit.after / unit.before)]))
  const clusters = clusterNames(units)
  const place = new Map(clusters.map((name, at) => [name, at]))
  const sizes = contrast.map((_, group) => units.filter((unit) => unit.group === group).length)
  const means = contrast.map(
    (_, group) =>
      sum(units.filter((unit) => unit.group === group).map((unit) => growth.get(unit) as number)) /
      (sizes[group] as number),
  )
  const log = sum(means.map((mean, group) => (contrast[group] as number) * mean))
  const [G, N, K] = [clusters.length, units.length, contrast.length]
  const correction = (G / (G - 1)) * ((N - 1) / (N - K))
  const weightOf = (unit: GrowthUnit) => (contrast[unit.group] as number) / (sizes[unit.group] as number)
  const off = new Float64Array(G)
  for (const unit of units) {
    const at = place.get(unit.cluster) as number
    off[at] = (off[at] as number) + weightOf(unit) * ((growth.get(unit) as number) - (means[unit.group] as number))
  }
  const se = Math.sqrt(clusterVariance(off) * correction)
  return {
    log,
    se,
    clusters,
    against(hypothesis, weights) {
      const spread = sum(contrast.map((c, group) => (c * c) / (sizes[group] as number)))
      const shift = contrast.map((c, group) => (c / (sizes[group] as number) / spread) * (log - hypothesis))
      // Of each cluster and group: how many units, and their errors under the hypothesis.
      const errors = Array.from({ length: G }, () => contrast.map(() => ({ units: 0, error: 0 })))
      for (const unit of units) {
        const one = (errors[place.get(unit.cluster) as number] as { units: number; error: number }[])[unit.group] as {
          units: number
          error: number
        }
        one.units += 1
        one.error += (growth.get(unit) as number) - ((means[unit.group] as number) - (shift[unit.group] as number))
      }
      const drawn = Float64Array.from(weights, (weight) => {
        const centre = contrast.map(() => 0)
        let distance = 0
        for (let at = 0; at < G; at += 1)
          for (let group = 0; group < K; group += 1) {
            const { error } = (errors[at] as { error: number }[])[group] as { error: number }
            centre[group] = (centre[group] as number) + ((weight[at] as number) * error) / (sizes[group] as number)
          }
        for (let group = 0; group < K; group += 1) distance += (contrast[group] as number) * (centre[group] as number)
        let variance = 0
        for (let at = 0; at < G; at += 1) {
          let own = 0
          for (let group = 0; group < K; group += 1) {
            const { units: count, error } = (errors[at] as { units: number; error: number }[])[group] as {
              units: number
              error: number
            }
            own +=
              ((contrast[group] as number) / (sizes[group] as number)) *
              ((weight[at] as number) * error - count * (centre[group] as number))
          }
          variance += own * own
        }
        return variance > 0 ? Math.abs(distance) / Math.sqrt(variance * correction) : Number.POSITIVE_INFINITY
      })
      return { observed: se > 0 ? Math.abs(log - hypothesis) / se : Number.POSITIVE_INFINITY, drawn }
    },
  }
}

const sixPoints = [-Math.sqrt(1.5), -1, -Math.sqrt(0.5), Math.sqrt(0.5), 1, Math.sqrt(1.5)]

/** Weights of clusters: all there are where they are no more than draws would be, else drawn. */
function weightsOf(clusters: number, kind: Weights, seed: number): { weights: Float64Array[]; all: boolean } {
  const points = kind === 'webb' ? sixPoints : [-1, 1]
  const count = points.length ** clusters
  if (count <= 1 + draws)
    return {
      weights: Array.from({ length: count }, (_, number) =>
        Float64Array.from(
          { length: clusters },
          (_one, at) => points[Math.floor(number / points.length ** at) % points.length] as number,
        ),
      ),
      all: true,
    }
  const next = seededNumbers(seed)
  return {
    weights: Array.from({ length: draws }, () =>
      Float64Array.from({ length: clusters }, () => points[Math.floor(next() * points.length)] as number),
    ),
    all: false,
  }
}

/** Share of draws as far out; of all possible draws, that of the data is among them. */
function shareAsFar({ observed, drawn }: { observed: number; drawn: Float64Array }, all: boolean): number {
  let far = 0
  for (const one of drawn) if (one >= observed - 1e-9) far += 1
  return all ? far / drawn.length : (1 + far) / (1 + drawn.length)
}

/** Where a hypothesis begins to be refuted, from the estimate outwards; null where none is on this side. */
function refutedFrom(log: number, step: number, share: (hypothesis: number) => number): number | null {
  let [near, far] = [log, log + step]
  while (share(far) > level) {
    ;[near, far] = [far, log + 2 * (far - log)]
    if (Math.abs(far - log) > 20) return null
  }
  for (let halving = 0; halving < 30; halving += 1) {
    const middle = (near + far) / 2
    if (share(middle) > level) near = middle
    else far = middle
  }
  return near
}

/** Standard error of a difference of two means of unlike spread, and its degrees of freedom. Source: Welch (1947). */
function welch(units: readonly GrowthUnit[], contrast: Contrast): { se: number; df: number } {
  const parts = contrast.map((_, group) => {
    const growth = units.filter((unit) => unit.group === group).map(({ before, after }) => Math.log(after / before))
    const mean = sum(growth) / growth.length
    return { part: sum(growth.map((one) => (one - mean) ** 2)) / (growth.length - 1) / growth.length, n: growth.length }
  })
  const variance = sum(parts.map(({ part }) => part))
  return { se: Math.sqrt(variance), df: variance ** 2 / sum(parts.map(({ part, n }) => part ** 2 / (n - 1))) }
}

/** Whether a unit counts in a reading: something in either window, or in both. */
export const counts = ({ before, after }: GrowthUnit, reading: Reading): boolean =>
  reading === 'sums' ? before > 0 || after > 0 : before > 0 && after > 0

/**
 * A contrast of the growth of groups. Undefined where a group has nothing in a window: then there is no ratio.
 *
 * The interval is that of clusters by Student's t with one degree of freedom fewer than there are; where they are fewer
 * than ten that of the bootstrap, which holds what it does not refute; where fewer than six have treated goods none.
 * @param alone groups whose units are one sum of goods, whose spread is not known: then there is an estimate only
 */
export function contrastOf(
  all: readonly GrowthUnit[],
  contrast: Contrast,
  reading: Reading,
  {
    weights,
    seed,
    alone = false,
  }: { readonly weights: Weights | 'auto'; readonly seed: number; readonly alone?: boolean },
): Contrasted | undefined {
  const units = all.filter((unit) => counts(unit, reading))
  const cells = cellsOf(units, contrast.length)
  if (cells.some(({ before, after }) => before <= 0 || after <= 0)) return undefined
  const estimator = reading === 'sums' ? ofSums(units, contrast) : ofMeans(units, contrast)
  const { log, clusters } = estimator
  const treated = clusterNames(units.filter(({ group }) => group === 0)).length
  const spare = contrast.map((_, group) => units.filter((unit) => unit.group === group).length)
  const none: Contrasted = {
    log,
    se: null,
    df: null,
    p: null,
    low: null,
    high: null,
    interval: 'none',
    clusters: clusters.length,
    treated,
  }
  if (alone || spare.some((units) => units < 2) || clusters.length < 3 || !(estimator.se > 0)) return none
  const own = reading === 'products' && contrast.length === 2 && clusters.length === units.length
  const { se, df } = own ? welch(units, contrast) : { se: estimator.se, df: clusters.length - 1 }
  const few = clusters.length < fewClusters
  const drawn = weightsOf(clusters.length, weights === 'auto' ? (few ? 'webb' : 'rademacher') : weights, seed)
  const share = (hypothesis: number) => shareAsFar(estimator.against(hypothesis, drawn.weights), drawn.all)
  const found = { ...none, se, df, p: share(0) }
  if (treated < fewestTreated) return found
  if (few)
    return {
      ...found,
      low: refutedFrom(log, -se, share),
      high: refutedFrom(log, se, share),
      interval: 'bootstrap',
    }
  const reach = studentQuantile(1 - level / 2, own ? Math.floor(df) : df) * se
  return { ...found, low: log - reach, high: log + reach, interval: own ? 'welch' : 'cluster' }
}

/** The same as work that a thread may do. */
export const contrastWork = work(import.meta.url, 'contrastOf', contrastOf)

/** Ways to choose so many of so many, or more than a bound. */
function waysToChoose(of: number, chosen: number, most: number): number {
  let ways = 1
  for (let at = 1; at <= chosen && ways <= most; at += 1) ways = (ways * (of - chosen + at)) / at
  return ways
}

const mostWays = 5000

/**
 * Share of lists, drawn from the units of both groups and as long as the first, whose goods fall as far: of all lists where
 * there are no more than five thousand, else of drawn ones, the real one among them. Null where a reading has no estimate.
 * Source: methods, sections c and e (CMP2).
 */
export function permutedShare(all: readonly GrowthUnit[], reading: Reading, seed: number): number | null {
  const units = all.filter((unit) => counts(unit, reading))
  const listed = units.filter(({ group }) => group === 0).length
  if (listed === 0 || listed === units.length) return null
  const measured = (chosen: readonly boolean[]) => {
    let [before, after, growth] = [0, 0, 0]
    let [otherBefore, otherAfter, otherGrowth] = [0, 0, 0]
    for (const [at, unit] of units.entries()) {
      const own = reading === 'products' ? Math.log(unit.after / unit.before) : 0
      if (chosen[at]) [before, after, growth] = [before + unit.before, after + unit.after, growth + own]
      else
        [otherBefore, otherAfter, otherGrowth] = [otherBefore + unit.before, otherAfter + unit.after, otherGrowth + own]
    }
    return reading === 'products'
      ? growth / listed - otherGrowth / (units.length - listed)
      : Math.log(after / before) - Math.log(otherAfter / otherBefore)
  }
  const observed = measured(units.map(({ group }) => group === 0))
  if (!Number.isFinite(observed)) return null
  const asFar = (one: number) => one <= observed + 1e-12
  if (waysToChoose(units.length, listed, mostWays) <= mostWays) {
    let [far, ways] = [0, 0]
    const chosen = units.map(() => false)
    const choose = (from: number, left: number) => {
      if (left === 0) {
        ways += 1
        if (asFar(measured(chosen))) far += 1
        return
      }
      for (let at = from; at <= units.length - left; at += 1) {
        chosen[at] = true
        choose(at + 1, left - 1)
        chosen[at] = false
      }
    }
    choose(0, listed)
    return far / ways
  }
  const next = seededNumbers(seed)
  const order = units.map((_, at) => at)
  let far = 1
  for (let draw = 0; draw < draws; draw += 1) {
    const chosen = units.map(() => false)
    for (let at = 0; at < listed; at += 1) {
      const other = at + Math.floor(next() * (units.length - at))
      ;[order[at], order[other]] = [order[other] as number, order[at] as number]
      chosen[order[at] as number] = true
    }
    if (asFar(measured(chosen))) far += 1
  }
  return far / (1 + draws)
}

/** The same as work that a thread may do. */
export const permutationWork = work(import.meta.url, 'permutedShare', permutedShare)
