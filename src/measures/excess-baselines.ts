/** What would have been traded without an event, by each reckoning that the data allow. */

/** The reckonings, simplest first; all are shown, one leads. */
export const baselineNames = [
  'pre-mean',
  'pre-last',
  'linear-trend',
  'log-trend',
  'unlisted-growth',
  'listed-elsewhere',
  'triple-difference',
] as const
export type BaselineName = (typeof baselineNames)[number]

/** Values of goods before and after, over spans of one length: currency units. */
export interface BeforeAfter {
  /** The mean of the windows before. */
  readonly before: number
  readonly post: number
}

/** What is known of a corridor. Windows have the same calendar months as the span after the event. */
export interface CorridorHistory {
  /** Listed goods in each window before the event, the latest first; none where the data begin later. */
  readonly windows: readonly number[]
  /** How many of them, the latest, the mean is of. */
  readonly mean_windows: number
  /** Goods of the same corridor that nobody listed; undefined where they are not in the data. */
  readonly unlisted?: BeforeAfter | undefined
  /** Listed goods from the same origins to everybody else. */
  readonly listed_elsewhere?: BeforeAfter | undefined
  /** Unlisted goods from the same origins to everybody else. */
  readonly unlisted_elsewhere?: BeforeAfter | undefined
}

/** One reckoning: what would have been, in currency units, or why it cannot be said. */
export interface Baseline {
  readonly name: BaselineName
  readonly expected: number | null
  readonly missing: string
}

/** The least part of a corridor that unlisted goods must have been for their growth to stand for the corridor's. */
const leastUnlisted = 0.2
/** The fewest windows through which a trend is drawn. */
const fewestForTrend = 4

/** Ordinary least squares of y on 0 … n - 1, drawn on to n. */
function drawnOn(y: readonly number[]): number {
  const n = y.length
  return y.reduce((sum, value, t) => sum + value * (6 * t - 2 * n + 2), 0) / (n * (n - 1))
}

const growthOf = (goods: BeforeAfter | undefined) =>
  goods && goods.before > 0 && goods.post > 0 ? goods.post / goods.before : undefined

/**
 * Every baseline of a corridor, in the order of `baselineNames`. Trends never go below zero. Growth of unlisted goods is
 * a difference in differences, in its ratio form.
 * Source: methods, diversion section a1 (DIV1 to DIV4); Santos Silva and Tenreyro (2006), The Log of Gravity, for ratios.
 */
export function baselinesOf(history: CorridorHistory): Baseline[] {
  const mean = history.windows.slice(0, history.mean_windows)
  const before = mean.reduce((sum, value) => sum + value, 0) / mean.length
  const past = [...history.windows].reverse()
  const tooFew =
    past.length < fewestForTrend ? `a trend needs ${fewestForTrend} windows before, there are ${past.length}` : ''
  const unlisted = growthOf(history.unlisted)
  const [elsewhere, others] = [growthOf(history.listed_elsewhere), growthOf(history.unlisted_elsewhere)]
  const noUnlisted = !history.unlisted
    ? 'goods not on the list are not in the data'
    : unlisted === undefined
      ? 'no goods off the list went over this corridor'
      : history.unlisted.before < leastUnlisted * (history.unlisted.before + before)
        ? 'goods not on the list were less than a fifth of this corridor'
        : ''
  const noElsewhere = elsewhere === undefined ? 'what the origins sell elsewhere is not in the data' : ''
  const nothing = past.length === 0 ? 'no months before' : ''
  const one = (name: BaselineName, missing: string, expected: () => number): Baseline => ({
    name,
    missing: nothing || missing,
    expected: (nothing || missing) === '' ? expected() : null,
  })
  return [
    one('pre-mean', '', () => before),
    one('pre-last', '', () => history.windows[0] as number),
    one('linear-trend', tooFew, () => Math.max(0, drawnOn(past))),
    one('log-trend', tooFew || (past.some((value) => value <= 0) ? 'nothing was traded in a window before' : ''), () =>
      Math.exp(drawnOn(past.map(Math.log))),
    ),
    one('unlisted-growth', noUnlisted, () => before * (unlisted as number)),
    one('listed-elsewhere', noElsewhere, () => before * (elsewhere as number)),
    one(
      'triple-difference',
      noUnlisted ||
        noElsewhere ||
        (others === undefined ? 'what the origins sell elsewhere off the list is not in the data' : ''),
      () => (before * (unlisted as number) * (elsewhere as number)) / (others as number),
    ),
  ]
}

/** The baseline that leads: growth of unlisted goods where it is known, else the mean before. Source: methods, section a1. */
export const leadingBaseline = (baselines: readonly Baseline[]): Baseline =>
  (baselines.find((one) => one.name === 'unlisted-growth' && one.expected !== null) ?? baselines[0]) as Baseline
