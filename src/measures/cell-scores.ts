import { median, medianAbsoluteDeviation } from './robust.ts'

/** Goods of one unit on a first leg: currency units over spans of one length. */
export interface ScoredCell {
  readonly post: number
  readonly last: number
  /** Null where the data do not go back two years. */
  readonly prior: number | null
}

/** How far a unit's growth is from what growth of units was in a year when nothing happened. */
export interface CellScore {
  /** Robust standard deviations; null where the cell is too small or that year is not in the data. */
  readonly score: number | null
  /** The same of the year before, by its own distribution: what the rule finds where there is nothing. */
  readonly placebo_score: number | null
}

/**
 * Scores of the units of one hub: growth, as a logarithm with a small amount added to both values, against the median and
 * the median absolute deviation of the same units' growth a year earlier.
 * Source: methods, diversion sections c2 and j (placebo check by headings); the factor 1.4826 as in robust.ts.
 * @param least a cell counts where both values together come to so much
 */
export function cellScores(cells: readonly ScoredCell[], offset: number, least: number): CellScore[] {
  const growth = (post: number, before: number) => Math.log((post + offset) / (before + offset))
  const earlier = cells.map(({ last, prior }) => (prior !== null && last + prior >= least ? growth(last, prior) : null))
  const known = earlier.flatMap((one) => one ?? [])
  const middle = median(known) ?? 0
  const spread = 1.4826 * (medianAbsoluteDeviation(known) ?? 0)
  const scored = (value: number | null) => (value === null || spread === 0 ? null : (value - middle) / spread)
  return cells.map(({ post, last }, place) => ({
    score: scored(post + last >= least ? growth(post, last) : null),
    placebo_score: scored(earlier[place] ?? null),
  }))
}
