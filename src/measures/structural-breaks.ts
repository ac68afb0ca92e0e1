/**
 * Dates at which the level of one series shifts, and how far such a date can be trusted.
 *
 * A series is a few hundred periods that the engine has cut out. It is read as normal about a level, on whatever scale it
 * is given (logs, as a rule), or by its Poisson likelihood, which needs no logs and keeps zeros. A break is `b`, the number
 * of periods in the regime before it. Sources: Andrews (1993), Econometrica 61(4); Bai and Perron (1998), Econometrica
 * 66(1); Bai (1997), Review of Economics and Statistics 79(4); methods, section d.
 */
import { betaTail, normalBelow, seededNumbers } from './passing.ts'
import { medianAbsoluteDeviation } from './robust.ts'

/** A series to be divided. */
export interface Series {
  readonly values: readonly number[]
  /** By what likelihood; normal is least squares. */
  readonly likelihood: 'normal' | 'poisson'
  /** Poisson: what each value would be if nothing but the season moved it, about 1; all 1 where left out. */
  readonly exposure?: readonly number[]
}

/** A break with what was tested of it, on the stretch between the breaks beside it. */
export interface TestedBreak {
  readonly b: number
  /** Chow's F, or twice the gain of log-likelihood over the dispersion; null where both regimes fit exactly. */
  readonly statistic: number | null
  /** Of the Poisson likelihood: variance over mean within the regimes; null for the normal. */
  readonly dispersion: number | null
  /** Share of series of independent normal errors without a break whose largest F is as large. */
  readonly p: number
  /** (Step / its standard error)², that by Bartlett's weights; null where both regimes fit exactly. */
  readonly wald: number | null
  /** The same share for the largest of these. */
  readonly wald_p: number
  /** Share of series without a break, whose errors are blocks of this one's, with as large a statistic. */
  readonly block_p: number
  /** First-order correlation of the errors within the regimes; null where they fit exactly. */
  readonly autocorrelation: number | null
  /** Mean after less mean before; for Poisson the logarithm of the ratio of rates. */
  readonly step: number
  /** Periods by which the date may be off on either side, at 95 %. */
  readonly margin: number
}

const blockLength = 6
const drawn = 999

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** What it costs to give one level to the values from `from` up to, not including, `to`. */
interface Costs {
  readonly n: number
  cost(from: number, to: number): number
  /** The level itself: a mean, or a rate. */
  level(from: number, to: number): number
}

function normalCosts(values: readonly number[]): Costs {
  const n = values.length
  const spread = new Float64Array((n + 1) * (n + 1))
  const mean = new Float64Array((n + 1) * (n + 1))
  // Welford's recurrence: differences of sums of squares would lose what a short, even stretch has.
  for (let from = 0; from < n; from += 1) {
    let [middle, squares] = [0, 0]
    for (let to = from + 1; to <= n; to += 1) {
      const off = (values[to - 1] as number) - middle
      middle += off / (to - from)
      squares += off * ((values[to - 1] as number) - middle)
      mean[from * (n + 1) + to] = middle
      spread[from * (n + 1) + to] = squares
    }
  }
  return {
    n,
    cost: (from, to) => spread[from * (n + 1) + to] as number,
    level: (from, to) => mean[from * (n + 1) + to] as number,
  }
}

const logOf = (value: number, of: number) => (value > 0 ? value * Math.log(value / of) : 0)

/** The deviance: twice what the likelihood falls short of a level for each value. */
function poissonCosts(values: readonly number[], exposure: readonly number[]): Costs {
  const running = (terms: readonly number[]) => {
    const sums = [0]
    for (const term of terms) sums.push((sums.at(-1) as number) + term)
    return sums
  }
  const [total, exposed, saturated] = [
    running(values),
    running(exposure),
    running(values.map((value, at) => logOf(value, exposure[at] as number))),
  ]
  const between = (sums: readonly number[], from: number, to: number) => (sums[to] as number) - (sums[from] as number)
  return {
    n: values.length,
    cost: (from, to) =>
      Math.max(0, 2 * (between(saturated, from, to) - logOf(between(total, from, to), between(exposed, from, to)))),
    level: (from, to) => between(total, from, to) / between(exposed, from, to),
  }
}

const exposureOf = ({ values, exposure }: Series) => exposure ?? values.map(() => 1)

/** What dividing a series costs. Heavy for long ones: of n periods it keeps n² sums. */
export function costsOf(series: Series): Costs {
  return series.likelihood === 'normal' ? normalCosts(series.values) : poissonCosts(series.values, exposureOf(series))
}

/** Where nothing is left to explain but rounding. */
const exactly = (left: number, of: number) => left <= 1e-20 + 1e-13 * of

/** The least number of periods in a regime: the share, cut to a whole number, and two at least. */
export const shortestRegime = (n: number, trim: number): number => Math.max(2, Math.floor(trim * n))

/** The levels of both regimes, what each value is by them, and by how much it is off. */
function errorsOf(series: Series, b: number) {
  const { values, likelihood } = series
  const exposure = exposureOf(series)
  const level = (from: number, to: number) => sum(values.slice(from, to)) / sum(exposure.slice(from, to))
  const [before, after] = [level(0, b), level(b, values.length)]
  const fitted = values.map((_, at) => (at < b ? before : after) * (exposure[at] as number))
  return { before, after, fitted, raw: values.map((value, at) => value - (fitted[at] as number)), likelihood }
}

/** Bartlett's number of lags, ⌊4 (n / 100)^(2/9)⌋. Source: Newey and West (1994); methods, section d. */
const lagsOf = (n: number) => Math.floor(4 * (n / 100) ** (2 / 9))

/** Variance of a sum whose terms are correlated in time, by Bartlett's weights. Source: Newey and West (1987). */
function varianceOfSum(terms: ArrayLike<number>, lags: number): number {
  let total = 0
  for (let lag = 0; lag <= lags; lag += 1) {
    let product = 0
    for (let at = lag; at < terms.length; at += 1) product += (terms[at] as number) * (terms[at - lag] as number)
    total += (lag === 0 ? 1 : 2 * (1 - lag / (lags + 1))) * product
  }
  return total
}

/** The step and what each period adds to its error, for a break after b periods. */
function stepOf(series: Series, b: number) {
  const { before, after, fitted, raw } = errorsOf(series, b)
  const n = raw.length
  if (series.likelihood === 'normal')
    return { step: after - before, terms: raw.map((error, at) => (at < b ? -error / b : error / (n - b))), fitted, raw }
  const [first, second] = [sum(series.values.slice(0, b)), sum(series.values.slice(b))]
  return {
    step: Math.log(after / before),
    terms: raw.map((error, at) => (at < b ? -error / first : error / second)),
    fitted,
    raw,
  }
}

/** Variance over mean within the two regimes of a Poisson series: Pearson's χ² over n − 2. */
function dispersionOf(fitted: readonly number[], raw: readonly number[]): number {
  return (
    sum(raw.map((error, at) => ((fitted[at] as number) > 0 ? error ** 2 / (fitted[at] as number) : 0))) /
    (raw.length - 2)
  )
}

/**
 * The statistic of a break after b periods: F = (S₀ − S₁) / (S₁ / (n − 2)), or the likelihood ratio over the dispersion.
 * Null where both regimes fit exactly. Source: Chow (1960); methods, section d (BRK1, BRK6).
 */
export function statisticAt(series: Series, b: number): number | null {
  const costs = costsOf(series)
  const { n } = costs
  const [whole, parts] = [costs.cost(0, n), costs.cost(0, b) + costs.cost(b, n)]
  if (exactly(whole, 0)) return 0
  if (exactly(parts, whole)) return null
  if (series.likelihood === 'normal') return (whole - parts) / (parts / (n - 2))
  const { fitted, raw } = errorsOf(series, b)
  return (whole - parts) / dispersionOf(fitted, raw)
}

/** Breaks that a search may find, first to last. */
const places = (n: number, shortest: number) =>
  Array.from({ length: Math.max(0, n - 2 * shortest + 1) }, (_, at) => shortest + at)

/**
 * The one break that explains most: least cost of two regimes, of equals the first. Undefined where the series is shorter
 * than two regimes, or flat. Source: Andrews (1993), sup-F; methods, section d (BRK2).
 */
export function largestBreak(series: Series, shortest: number): number | undefined {
  const costs = costsOf(series)
  const { n } = costs
  if (exactly(costs.cost(0, n), 0)) return undefined
  const gain = (b: number) => costs.cost(0, b) + costs.cost(b, n)
  return places(n, shortest).reduce<number | undefined>(
    (best, b) => (best === undefined || gain(b) < gain(best) ? b : best),
    undefined,
  )
}

/** The square of a step over its standard error by Bartlett's weights; null where the regimes fit exactly. */
function waldAt(series: Series, b: number): number | null {
  const { step, terms } = stepOf(series, b)
  const variance = varianceOfSum(terms, lagsOf(terms.length))
  return exactly(variance, step ** 2) || !Number.isFinite(step) ? null : step ** 2 / variance
}

/** The break with the largest robust Wald statistic, of equals the first; undefined as for `largestBreak`. */
export function largestRobustBreak(series: Series, shortest: number): number | undefined {
  const { values } = series
  if (largestBreak(series, shortest) === undefined) return undefined
  let [best, most]: [number | undefined, number] = [undefined, Number.NEGATIVE_INFINITY]
  for (const b of places(values.length, shortest)) {
    const wald = waldAt(series, b) ?? Number.POSITIVE_INFINITY
    if (wald > most) [best, most] = [b, wald]
  }
  return best
}

/**
 * Averages of the F of all possible dates: expF = ln mean e^(F/2), aveF their mean; of an exact fit infinite.
 * Source: Andrews and Ploberger (1994), Econometrica 62(6); methods, section d (BRK2).
 */
export function averagedStatistics(series: Series, shortest: number): { readonly expF: number; readonly aveF: number } {
  const all = places(series.values.length, shortest).map((b) => statisticAt(series, b) ?? Number.POSITIVE_INFINITY)
  const most = Math.max(...all)
  const exp = most / 2 + Math.log(sum(all.map((one) => Math.exp((one - most) / 2))) / all.length)
  return { expF: Number.isFinite(most) ? exp : most, aveF: sum(all) / all.length }
}

/** A division of a series: its breaks, what is left unexplained, and the criterion that chose their number. */
export interface Division {
  readonly breaks: readonly number[]
  readonly cost: number
  readonly criterion: number
}

/**
 * The best division for each number of breaks from none on, by dynamic programming; of equals the earliest dates. The
 * criterion is Schwarz's, n ln(S / n) + (2k + 1) ln n. Source: Bai and Perron (1998, 2003); methods, section d (BRK3).
 */
export function divisions(series: Series, most: number, shortest: number): readonly Division[] {
  const costs = costsOf(series)
  const { n } = costs
  const whole = costs.cost(0, n)
  let best = Array.from({ length: n + 1 }, (_, to) => ({
    cost: to >= shortest ? costs.cost(0, to) : Number.POSITIVE_INFINITY,
    breaks: [] as readonly number[],
  }))
  const found: Division[] = []
  for (let k = 0; k <= most && (k + 1) * shortest <= n; k += 1) {
    const { cost, breaks } = best[n] as { cost: number; breaks: readonly number[] }
    const left = exactly(cost, whole) ? Number.MIN_VALUE : cost
    found.push({ breaks, cost, criterion: n * Math.log(left / n) + (2 * k + 1) * Math.log(n) })
    best = Array.from({ length: n + 1 }, (_, to) => {
      let next = { cost: Number.POSITIVE_INFINITY, breaks: [] as readonly number[] }
      for (let from = (k + 1) * shortest; from <= to - shortest; from += 1) {
        const before = best[from] as { cost: number; breaks: readonly number[] }
        const cost = before.cost + costs.cost(from, to)
        if (cost < next.cost) next = { cost, breaks: [...before.breaks, from] }
      }
      return next
    })
  }
  return found
}

/** The division with the least criterion, of equals the one with fewer breaks. */
export const chosenDivision = (all: readonly Division[]): Division | undefined =>
  all.reduce<Division | undefined>((best, one) => (best && best.criterion <= one.criterion ? best : one), undefined)

/**
 * What a break must save: 2 σ² ln n, with σ = 1.4826 · MAD of the differences / √2, which a few breaks do not move; of the
 * root mean square of the differences where half of them are equal. Poisson: differences over the root of their mean.
 * Source: methods, section d (BRK4).
 */
export function penaltyOf({ values, likelihood, ...series }: Series): number {
  const exposure = exposureOf({ values, likelihood, ...series })
  const even = likelihood === 'normal' ? values : values.map((value, at) => value / (exposure[at] as number))
  const differences = even.slice(1).map((value, at) => {
    const before = even[at] as number
    const scale = likelihood === 'normal' ? 1 : Math.sqrt((value + before) / 2)
    return scale > 0 ? (value - before) / scale : 0
  })
  const robust = 1.4826 * (medianAbsoluteDeviation(differences) ?? 0)
  const rough = Math.sqrt(sum(differences.map((one) => one ** 2)) / Math.max(1, differences.length))
  return ((robust > 0 ? robust : rough) / Math.SQRT2) ** 2 * 2 * Math.log(values.length)
}

/**
 * The division that costs least where each break costs the penalty: the optimum that PELT finds, without its pruning,
 * which saves nothing at a few hundred periods. Source: Killick, Fearnhead and Eckley (2012), JASA 107(500); BRK4.
 */
export function penalisedDivision(series: Series, penalty: number, shortest: number): Division {
  const costs = costsOf(series)
  const best: { cost: number; breaks: readonly number[] }[] = [{ cost: -penalty, breaks: [] }]
  for (let to = 1; to <= costs.n; to += 1) {
    let next = { cost: Number.POSITIVE_INFINITY, breaks: [] as readonly number[] }
    for (let from = 0; from <= to - shortest; from += 1) {
      const before = best[from] as { cost: number; breaks: readonly number[] }
      const cost = before.cost + costs.cost(from, to) + penalty
      if (cost < next.cost) next = { cost, breaks: from === 0 ? [] : [...before.breaks, from] }
    }
    best.push(next)
  }
  const { cost, breaks } = best[costs.n] as { cost: number; breaks: readonly number[] }
  return { breaks, cost: cost - penalty * breaks.length, criterion: cost }
}

/**
 * Breaks found one after the other, each where it saves most of its stretch, while it saves more than the penalty: fast,
 * and not always the optimum. Source: Scott and Knott (1974), Biometrics 30(3); methods, section d (BRK4).
 */
export function binaryDivision(series: Series, penalty: number, shortest: number): Division {
  const costs = costsOf(series)
  const within = (from: number, to: number): readonly number[] => {
    let [best, most] = [0, penalty]
    for (let b = from + shortest; b <= to - shortest; b += 1) {
      const gain = costs.cost(from, to) - costs.cost(from, b) - costs.cost(b, to)
      if (gain > most) [best, most] = [b, gain]
    }
    return best === 0 ? [] : [...within(from, best), best, ...within(best, to)]
  }
  const breaks = within(0, costs.n)
  const edges = [0, ...breaks, costs.n]
  const cost = sum(edges.slice(1).map((to, at) => costs.cost(edges[at] as number, to)))
  return { breaks, cost, criterion: cost + penalty * breaks.length }
}

/**
 * Cumulated deviations from the mean over σ √n, the largest in size, where it is reached, and how often a series without
 * a break goes as far (Kolmogorov's distribution). Zero of a flat series.
 * Source: Ploberger and Krämer (1992), Econometrica 60(2); methods, section d (BRK5).
 */
export function cusum(values: readonly number[]): {
  readonly statistic: number
  readonly b: number
  readonly p: number
} {
  const n = values.length
  const mean = sum(values) / n
  const scale = Math.sqrt((n * sum(values.map((value) => (value - mean) ** 2))) / (n - 1))
  let [path, statistic, b] = [0, 0, 0]
  for (const [at, value] of values.entries()) {
    path += value - mean
    if (scale > 0 && Math.abs(path) / scale > statistic) [statistic, b] = [Math.abs(path) / scale, at + 1]
  }
  let p = 0
  for (let k = 1; k <= 100; k += 1) p += 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * statistic * statistic)
  return { statistic, b, p: statistic < 0.2 ? 1 : Math.min(1, Math.max(0, p)) }
}

/** P(|the place of the largest W(s) − |s| / 2| ≤ x), W a two-sided Brownian motion. Source: Yao (1987); Bai (1997). */
function placeWithin(x: number): number {
  const root = Math.sqrt(x)
  const tail =
    1 +
    Math.sqrt(x / (2 * Math.PI)) * Math.exp(-x / 8) -
    0.5 * (x + 5) * normalBelow(-root / 2) +
    1.5 * Math.exp(x) * normalBelow(-1.5 * root)
  return 2 * tail - 1
}

/** The x below which a function that rises passes a level, between two bounds. */
export function crossing(rises: (x: number) => number, level: number, low: number, high: number): number {
  let [from, to] = [low, high]
  for (let step = 0; step < 200 && to - from > 1e-12 * (1 + Math.abs(to)); step += 1) {
    const middle = (from + to) / 2
    if (rises(middle) < level) from = middle
    else to = middle
  }
  return (from + to) / 2
}

const placeQuantile = crossing(placeWithin, 0.95, 1, 40)

const normals = (next: () => number) => () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())

/** The largest F of a series, by sums alone: what tens of thousands of drawn series are measured by. */
function supF(values: Float64Array, shortest: number): number {
  const n = values.length
  let [mean, squares] = [0, 0]
  for (const value of values) mean += value / n
  for (const value of values) squares += (value - mean) ** 2
  let [most, part] = [0, 0]
  for (let b = 1; b <= n - shortest; b += 1) {
    part += (values[b - 1] as number) - mean
    if (b < shortest) continue
    // What a break saves, for the deviations of both parts add up to nothing.
    most = Math.max(most, (part * part * n) / (b * (n - b)))
  }
  return squares > most ? most / ((squares - most) / (n - 2)) : 0
}

/** The largest robust Wald statistic of a series. */
function supWald(values: Float64Array, shortest: number): number {
  const n = values.length
  const lags = lagsOf(n)
  const terms = new Float64Array(n)
  let total = 0
  for (const value of values) total += value
  let [most, part] = [0, 0]
  for (let b = 1; b <= n - shortest; b += 1) {
    part += values[b - 1] as number
    if (b < shortest) continue
    const [before, after] = [part / b, (total - part) / (n - b)]
    for (let at = 0; at < n; at += 1)
      terms[at] = at < b ? (before - (values[at] as number)) / b : ((values[at] as number) - after) / (n - b)
    most = Math.max(most, (after - before) ** 2 / varianceOfSum(terms, lags))
  }
  return most
}

const drawnBefore = new Map<string, { readonly f: Float64Array; readonly wald: Float64Array }>()

/** Largest F and Wald statistics of series of independent normal errors without a break, in order. */
function withoutBreak(n: number, shortest: number, seed: number) {
  const key = `${n} ${shortest} ${seed}`
  const known = drawnBefore.get(key)
  if (known) return known
  const next = normals(seededNumbers(seed))
  const [f, wald] = [new Float64Array(drawn), new Float64Array(drawn)]
  const values = new Float64Array(n)
  for (let draw = 0; draw < drawn; draw += 1) {
    for (let at = 0; at < n; at += 1) values[at] = next()
    f[draw] = supF(values, shortest)
    wald[draw] = supWald(values, shortest)
  }
  const drawnNow = { f: f.sort(), wald: wald.sort() }
  drawnBefore.set(key, drawnNow)
  return drawnNow
}

/** Share of draws, the observed one among them, that are as large. */
function atLeast(draws: Float64Array, observed: number | null): number {
  if (observed === null) return 1 / (1 + draws.length)
  let above = 0
  for (const one of draws) if (one >= observed) above += 1
  return (1 + above) / (1 + draws.length)
}

/**
 * Share of series without a break, drawn from blocks of six of this one's errors in their order, whose largest statistic
 * is as large. Source: Künsch (1989), Annals of Statistics 17(3); methods, section d.
 */
function blockShare(series: Series, b: number, shortest: number, observed: number | null, seed: number): number {
  const { fitted, raw } = errorsOf(series, b)
  const n = raw.length
  const poisson = series.likelihood === 'poisson'
  const errors = raw.map((error, at) =>
    poisson ? ((fitted[at] as number) > 0 ? error / Math.sqrt(fitted[at] as number) : 0) : error,
  )
  const exposure = exposureOf(series)
  const rate = sum(series.values) / sum(exposure)
  const next = seededNumbers(seed)
  const draws = new Float64Array(drawn)
  const values = new Float64Array(n)
  for (let draw = 0; draw < drawn; draw += 1) {
    for (let at = 0; at < n; at += blockLength) {
      const from = Math.floor(next() * n)
      for (let step = 0; step < blockLength && at + step < n; step += 1)
        values[at + step] = errors[(from + step) % n] as number
    }
    draws[draw] = poisson ? supOfCounts(values, exposure, rate, shortest) : supF(values, shortest)
  }
  return atLeast(draws, observed)
}

/** The largest statistic of a Poisson series of one rate with these errors, in roots of what is expected; by sums alone. */
function supOfCounts(errors: Float64Array, exposure: readonly number[], rate: number, shortest: number): number {
  const n = errors.length
  const values = new Float64Array(n)
  let [total, exposed] = [0, 0]
  for (let at = 0; at < n; at += 1) {
    const expected = rate * (exposure[at] as number)
    values[at] = Math.max(0, expected + (errors[at] as number) * Math.sqrt(expected))
    total += values[at] as number
    exposed += exposure[at] as number
  }
  const whole = logOf(total, exposed)
  let [most, before, after] = [0, 0, 0]
  let [place, sold, open] = [0, 0, 0]
  for (let b = 1; b <= n - shortest; b += 1) {
    sold += values[b - 1] as number
    open += exposure[b - 1] as number
    if (b < shortest) continue
    const gain = 2 * (logOf(sold, open) + logOf(total - sold, exposed - open) - whole)
    if (gain > most) [most, place, before, after] = [gain, b, sold / open, (total - sold) / (exposed - open)]
  }
  let squares = 0
  for (let at = 0; at < n; at += 1) {
    const fitted = (at < place ? before : after) * (exposure[at] as number)
    if (fitted > 0) squares += ((values[at] as number) - fitted) ** 2 / fitted
  }
  if (most <= 0) return 0
  return squares > 1e-13 * total ? (most * (n - 2)) / squares : Number.MAX_VALUE
}

/** P(F(1, n − 2) ≥ f): of a break whose date was known beforehand. Source: Chow (1960). */
export const knownDateShare = (f: number | null, n: number): number =>
  f === null ? 0 : 1 - betaTail((n - 2) / 2, 0.5, (n - 2) / (n - 2 + f))

/**
 * A break after b periods, tested on this series by the largest statistic of any date: three shares that tell how often a
 * series without a break does as well, and the margin of the date, ⌊c ω² / step²⌋ + 1 on either side, with ω² the
 * long-run variance of the errors and c = 11.03, by Bai's distribution for a small step and errors alike in both regimes.
 * Source: methods, section d; Bai (1997).
 * @param seed of the draws
 */
export function testedBreak(series: Series, b: number, shortest: number, seed: number): TestedBreak {
  const n = series.values.length
  const statistic = statisticAt(series, b)
  const { step, terms, fitted, raw } = stepOf(series, b)
  const wald = waldAt(series, b)
  const none = withoutBreak(n, shortest, seed)
  // Per period, so that of a long-run variance the sum of n terms is n times as much.
  const relative = terms.map((term, at) => term * (at < b ? b : n - b))
  const longRun = varianceOfSum(relative, lagsOf(n)) / n
  const squares = sum(raw.map((error) => error ** 2))
  const lagged = sum(raw.slice(1).map((error, at) => error * (raw[at] as number)))
  return {
    b,
    statistic,
    dispersion: series.likelihood === 'poisson' ? dispersionOf(fitted, raw) : null,
    p: atLeast(none.f, statistic),
    wald,
    wald_p: atLeast(none.wald, wald),
    block_p: blockShare(series, b, shortest, statistic, seed),
    autocorrelation: statistic === null || squares === 0 ? null : lagged / squares,
    step,
    margin: Number.isFinite(step) ? Math.floor((placeQuantile * longRun) / step ** 2) + 1 : 1,
  }
}

/** The stretch of a series from one period up to, not including, another. */
export const stretchOf = ({ values, exposure, likelihood }: Series, from: number, to: number): Series => ({
  values: values.slice(from, to),
  likelihood,
  ...(exposure ? { exposure: exposure.slice(from, to) } : {}),
})

/** What is said of the middle of a few values, for a series of months by calendar month. */
export interface Season {
  /** By calendar month, 1 to 12: what it is of the average month, about 1; in logs or levels what it is above it. */
  readonly factor: readonly number[]
  /** Months that it was estimated on. */
  readonly months: number
}

/**
 * What each calendar month is, by its mean over a window before anything happened; undefined where the window is shorter
 * than two years or lacks a month. On levels and logs differences from the mean of months, for counts ratios to it.
 * Source: methods, section d (BRK7): year-on-year changes would turn a step into a plateau of twelve months.
 * @param values of the window's months, and which calendar month each is, 1 to 12
 */
export function seasonOf(
  values: readonly number[],
  months: readonly number[],
  likelihood: 'normal' | 'poisson',
): Season | undefined {
  if (values.length < 24) return undefined
  const means = Array.from({ length: 12 }, (_, month) => {
    const of = values.filter((_value, at) => months[at] === month + 1)
    return of.length > 0 ? sum(of) / of.length : Number.NaN
  })
  const all = sum(means) / 12
  if (!Number.isFinite(all)) return undefined
  const factor = means.map((mean) => (likelihood === 'normal' ? mean - all : mean / all))
  return likelihood === 'poisson' && factor.some((one) => !(one > 0)) ? undefined : { factor, months: values.length }
}

/** What was sent ahead of an announced control, and what was missing after it. */
export interface Anticipation {
  /** Above the months before the announcement, from it until the control was in force. */
  readonly ahead: number
  /** Below them in the first months in force. */
  readonly missing: number
  /** Whether the months between were on average above every month before. */
  readonly rose: boolean
  /** Mean month after the first in force, over the mean before the announcement; null without either. */
  readonly ratio: number | null
}

const monthsMissed = 4

/**
 * Stock-piling between announcement and force against what was then missing, in the unit of the values, which are free of
 * seasons. Null where there is no period before the announcement or none in force. Source: methods, section d (BRK8).
 * @param announced first period after the announcement
 * @param effective first period in force
 */
export function anticipationOf(values: readonly number[], announced: number, effective: number): Anticipation | null {
  const before = values.slice(Math.max(0, announced - 12), announced)
  if (before.length === 0 || effective >= values.length) return null
  const usual = sum(before) / before.length
  const between = values.slice(announced, effective)
  const after = values.slice(effective + 1)
  return {
    ahead: sum(between.map((value) => value - usual)),
    missing: sum(values.slice(effective, effective + monthsMissed).map((value) => usual - value)),
    rose: between.length > 0 && sum(between) / between.length > Math.max(...before),
    ratio: after.length > 0 && usual > 0 ? sum(after) / after.length / usual : null,
  }
}
