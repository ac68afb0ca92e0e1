/** What the evidence on one hub amounts to, in three states, with its reasons. */

export const diversionVerdicts = ['consistent with diversion', 'no sign of diversion', 'undetermined'] as const
export type DiversionVerdict = (typeof diversionVerdicts)[number]

/** The evidence on one hub. Money in currency units, over the span after the event. */
export interface HubEvidence {
  /** Whether trade of the origins with the destination, and with the hub, is in the data before and after. */
  readonly direct_observed: boolean
  readonly first_observed: boolean
  /** What the origins sold to the hub after the event, of listed goods; the least with which a corridor is judged. */
  readonly post: number
  readonly floor: number
  /** What that is above its baseline, and the least such excess. */
  readonly excess?: number
  readonly excess_floor?: number
  /** Periods after the event with any trade, and how many it takes. */
  readonly post_periods?: number
  readonly fewest_post_periods?: number
  /** Months of data before the event. */
  readonly pre_months: number
  /** Windows of data before the event that can be compared with what was after; some where left out. */
  readonly windows?: number
  /** False-discovery rates at which each leg is above its baseline; null where it was not tested. */
  readonly first_rate: number | null
  readonly second_rate: number | null
  readonly second_observed: boolean
  /** Excess common to both legs, unit by unit. */
  readonly through: number
  /** Whether listed goods and others grew alike in the years before; null where there is but one such year. */
  readonly parallel_before: boolean | null
  readonly code_change: boolean
  /** How often a placebo date does as well; null where there was none to try. */
  readonly placebo: number | null
}

/** A verdict, whether the data allowed a test at all, and why it is so. */
export interface Judgement {
  readonly verdict: DiversionVerdict
  readonly testable: boolean
  readonly reasons: readonly string[]
}

const level = 0.05
const fewestMonths = 12

/**
 * The rule, in this order: what cannot be tested is undetermined; both legs at their baseline is no sign, and only where
 * both were observed, so that leaving data out never makes it; anything short of both legs above their baseline, goods in
 * common, no trend before, no change of codes and a placebo passed is undetermined, with what is missing.
 * Source: methods, diversion section c (VER1).
 */
export function judge(evidence: HubEvidence): Judgement {
  const untestable = [
    ...(evidence.direct_observed && evidence.first_observed ? [] : ['direct trade or first leg not observed']),
    ...(evidence.post < evidence.floor ? ['post value below floor'] : []),
    ...((evidence.post_periods ?? 0) < (evidence.fewest_post_periods ?? 0) ? ['too few months with trade after'] : []),
    ...(evidence.pre_months < fewestMonths
      ? [evidence.windows === 0 ? 'no months before' : 'fewer than 12 months before the event']
      : []),
  ]
  if (untestable.length > 0) return { verdict: 'undetermined', testable: false, reasons: untestable }
  const first = evidence.first_rate !== null && evidence.first_rate <= level
  const second = evidence.second_rate !== null && evidence.second_rate <= level
  const secondUnseen = !evidence.second_observed
  if (evidence.first_rate === null || (!secondUnseen && evidence.second_rate === null)) {
    const reasons = [
      ...(secondUnseen ? ['second leg not observed'] : []),
      'not enough goods on and off the list, one by one, to test a leg',
    ]
    return { verdict: 'undetermined', testable: false, reasons }
  }
  if (!first && secondUnseen)
    return {
      verdict: 'undetermined',
      testable: true,
      reasons: ['first leg at baseline', 'second leg not observed'],
    }
  if (!first && !second)
    return {
      verdict: 'no sign of diversion',
      testable: true,
      reasons: ['first leg at baseline', 'second leg at baseline'],
    }
  const reasons = [
    ...(first && secondUnseen ? ['second leg not observed'] : []),
    ...(first && !secondUnseen && !second ? ['second leg at baseline: goods may have stayed in the hub'] : []),
    ...(second && !first ? ['first leg at baseline: other origins or own production'] : []),
    ...(first && second && evidence.through <= 0 ? ['no common through-flow by product'] : []),
    ...((evidence.excess ?? Infinity) < (evidence.excess_floor ?? 0) ? ['excess below floor'] : []),
    ...(evidence.parallel_before === false ? ['pre-trend present'] : []),
    ...(evidence.parallel_before === null ? ['one year before only: no pre-trend can be looked for'] : []),
    ...(evidence.code_change ? ['code change at the event'] : []),
    ...(evidence.placebo === null || evidence.placebo > level ? ['placebo dates or goods not passed'] : []),
  ]
  return reasons.length > 0
    ? { verdict: 'undetermined', testable: true, reasons }
    : {
        verdict: 'consistent with diversion',
        testable: true,
        reasons: ['both legs above baseline', 'placebo passed', 'no pre-trend', 'no code change'],
      }
}
