import {
  type Anticipation,
  anticipationOf,
  averagedStatistics,
  binaryDivision,
  chosenDivision,
  cusum,
  divisions,
  knownDateShare,
  largestBreak,
  largestRobustBreak,
  penalisedDivision,
  penaltyOf,
  type Series,
  seasonOf,
  shortestRegime,
  stretchOf,
  type TestedBreak,
  testedBreak,
} from '../../measures/structural-breaks.ts'
import { work } from '../../threads/work.ts'
import type { TradeSeries } from './series.ts'

export const methods = ['sup-f', 'sup-wald', 'chow', 'bai-perron', 'pelt', 'binary-segmentation', 'cusum'] as const
export type Method = (typeof methods)[number]

export type Model = 'log' | 'level' | 'poisson'

/** A series as it is tested: on its scale, without its season. */
export interface Prepared {
  readonly series: Series
  readonly model: Model
  /** Months that the season was estimated on; 0 where it is left in. */
  readonly season_months: number
  /** The values without the season, in their own unit. */
  readonly even: readonly number[]
}

/**
 * A series on the scale asked for, without the season that the months of a window show.
 * @param window whether a period tells the season
 */
export function prepared(trade: TradeSeries, asked: Model | 'auto', window: (period: number) => boolean): Prepared {
  const positive = trade.values.every((value) => value > 0)
  const model = asked === 'auto' ? (positive ? 'log' : 'poisson') : asked
  const likelihood = model === 'poisson' ? 'poisson' : 'normal'
  const scaled = model === 'log' ? trade.values.map(Math.log) : trade.values
  const months = trade.periods.map((period) => period % 100)
  const places = trade.periods.flatMap((period, at) => (window(period) ? [at] : []))
  const season = months.includes(0)
    ? undefined
    : seasonOf(
        places.map((at) => scaled[at] as number),
        places.map((at) => months[at] as number),
        likelihood,
      )
  const factors = months.map((month) => season?.factor[month - 1] ?? (likelihood === 'poisson' ? 1 : 0))
  const even = trade.values.map((value, at) => {
    const factor = factors[at] as number
    return model === 'poisson' ? value / factor : model === 'log' ? value / Math.exp(factor) : value - factor
  })
  return {
    series:
      likelihood === 'poisson'
        ? { values: scaled, exposure: factors, likelihood }
        : { values: scaled.map((value, at) => value - (factors[at] as number)), likelihood },
    model,
    season_months: season?.months ?? 0,
    even,
  }
}

export interface Search {
  readonly trim: number
  /** 0 where the share alone decides. */
  readonly min_segment: number
  readonly max_breaks: number
  readonly seed: number
}

/** Breaks that a method found, each tested, and what the method itself says of the series. */
export interface Found {
  readonly breaks: readonly { readonly tested: TestedBreak; readonly from: number; readonly to: number }[]
  /** Its own statistic of the series, where that is another than the F of a break, and how often it comes by chance. */
  readonly own?: { readonly statistic: number; readonly p: number }
  readonly penalty: number | null
  readonly criterion: number | null
  readonly averages: { readonly expF: number; readonly aveF: number } | null
}

/** The breaks of a series by one method. @param known the break whose date was given, for Chow's test */
export function datedBreaks(method: Method, series: Series, known: number | undefined, search: Search): Found {
  const n = series.values.length
  const shortest = Math.max(search.min_segment, shortestRegime(n, search.trim))
  const none: Found = { breaks: [], penalty: null, criterion: null, averages: null }
  if (n < 2 * shortest || n < 6) return none
  const apart = (breaks: readonly number[], more: Partial<Found> = {}): Found => {
    const edges = [0, ...breaks, n]
    return {
      ...none,
      ...more,
      breaks: breaks.map((b, at) => {
        const [from, to] = [edges[at] as number, edges[at + 2] as number]
        const part = stretchOf(series, from, to)
        return { tested: testedBreak(part, b - from, Math.min(shortest, b - from, to - b), search.seed), from, to }
      }),
    }
  }
  const single = (b: number | undefined, more: Partial<Found> = {}) => (b === undefined ? none : apart([b], more))
  switch (method) {
    case 'sup-f':
      return single(largestBreak(series, shortest), { averages: averagedStatistics(series, shortest) })
    case 'sup-wald':
      return single(largestRobustBreak(series, shortest))
    case 'chow': {
      if (known === undefined || known < 2 || known > n - 2) return none
      const found = apart([known])
      return {
        ...found,
        breaks: found.breaks.map(({ tested, ...place }) => ({
          ...place,
          tested: { ...tested, p: knownDateShare(tested.statistic, n), wald_p: knownDateShare(tested.wald, n) },
        })),
      }
    }
    case 'bai-perron': {
      const division = chosenDivision(divisions(series, search.max_breaks, shortest))
      return division ? apart(division.breaks, { criterion: division.criterion }) : none
    }
    case 'pelt':
    case 'binary-segmentation': {
      const penalty = penaltyOf(series)
      const divide = method === 'pelt' ? penalisedDivision : binaryDivision
      const least = search.min_segment > 0 ? search.min_segment : 2
      const division = penalty > 0 ? divide(series, penalty, least) : { breaks: [], criterion: null }
      return apart(division.breaks, { penalty, criterion: division.criterion })
    }
    case 'cusum': {
      const even =
        series.likelihood === 'normal'
          ? series.values
          : series.values.map((value, at) => value / (series.exposure?.[at] ?? 1))
      const { statistic, b, p } = cusum(even)
      return b < 2 || b > n - 2 ? { ...none, own: { statistic, p } } : apart([b], { own: { statistic, p } })
    }
  }
}

/** The same as work that a thread may do. */
export const breakSearch = work(import.meta.url, 'datedBreaks', datedBreaks)

/** What can be said of a break: that it is one, that it is a description only, or that nothing speaks for it. */
export type Evidence = 'break' | 'descriptive' | 'none'

const usual = 0.05

/**
 * A break where a series without one seldom does as well: by the largest statistic, and by both tests that allow for errors
 * that follow each other, without which it is a description. Source: methods, section d.
 * @param p of the statistic itself
 */
export function evidenceOf(tested: TestedBreak, p: number): { evidence: Evidence; reasons: string[] } {
  if (p > usual) return { evidence: 'none', reasons: ['a series without a break does as well'] }
  if (tested.statistic === null) return { evidence: 'break', reasons: ['both regimes fit exactly'] }
  const against = [
    ...(tested.wald_p > usual ? ['the robust Wald statistic'] : []),
    ...(tested.block_p > usual ? ['blocks of its own errors'] : []),
  ]
  return against.length === 0
    ? { evidence: 'break', reasons: [] }
    : {
        evidence: 'descriptive',
        reasons: [`errors may follow each other, and ${against.join(' and ')} could do without a break`],
      }
}

/** Stock-piling ahead of an event, where the series is of months and the announcement is known. */
export function aheadOf(
  trade: TradeSeries,
  even: readonly number[],
  announced: number,
  effective: number,
): Anticipation | null {
  const place = (month: number) => {
    const at = trade.periods.findIndex((period) => period >= month)
    return at === -1 ? trade.periods.length : at
  }
  return anticipationOf(even, place(announced), place(effective))
}
