/**
 * Location, spread and outlyingness that a few wild values do not move, of a few hundred values that the engine or a
 * table has cut out. No value may be missing or infinite; the order of the input changes nothing.
 */

/** Makes the median absolute deviation of normal values their standard deviation: 1 / Φ⁻¹(3/4), as rounded in print. */
const normalSpread = 1.4826
/** Φ⁻¹(3/4) as rounded by Iglewicz and Hoaglin: their score is not divided by the rounded inverse above. */
const quartileOfNormal = 0.6745
/** Makes the mean absolute deviation of normal values their standard deviation: √(π/2), as rounded in print. */
const normalMeanSpread = 1.253314

const ordered = (values: readonly number[]) => [...values].sort((a, b) => a - b)

/** The middle value, or the mean of the two middle ones, in the unit of the values; null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = ordered(values)
  const half = Math.floor(sorted.length / 2)
  if (sorted.length === 0) return null
  return sorted.length % 2 === 1
    ? (sorted[half] as number)
    : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2
}

/**
 * Median of the distances from the median, not scaled, in the unit of the values; null of none. It is 0 where half of
 * the values or more are equal. Source: Hampel (1974), The Influence Curve, JASA 69(346).
 */
export function medianAbsoluteDeviation(values: readonly number[]): number | null {
  const middle = median(values)
  return middle === null ? null : median(values.map((value) => Math.abs(value - middle)))
}

/**
 * The value below which a share of the values lies, between two neighbours by a straight line (type 7, as in R and
 * NumPy), in the unit of the values; null of none. Source: Hyndman and Fan (1996), The American Statistician 50(4).
 * @param share 0-1
 */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = ordered(values)
  if (sorted.length === 0) return null
  const place = (sorted.length - 1) * share
  const below = Math.floor(place)
  const [low, high] = [sorted[below] as number, sorted[Math.min(below + 1, sorted.length - 1)] as number]
  return low + (place - below) * (high - low)
}

/**
 * How many standard deviations each value lies from the middle, both taken robustly: z = (x − median) / (1.4826 · MAD);
 * null for all of them where the deviation is 0, so that half of the values or more are equal.
 * Source: methods, section c; Rousseeuw and Croux (1993), JASA 88(424), for the factor.
 */
export function robustScores(values: readonly number[]): readonly number[] | null {
  const middle = median(values) ?? 0
  const spread = medianAbsoluteDeviation(values) ?? 0
  return spread > 0 ? values.map((value) => (value - middle) / (normalSpread * spread)) : null
}

/**
 * Modified scores: 0.6745 (x − median) / MAD, an outlier by its authors above 3.5 in size. Where half of the values or
 * more are equal, (x − median) / (1.253314 · mean absolute deviation from the median); 0 where all are.
 * Source: Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers; methods, section f (ANO1, ANO2).
 */
export function modifiedScores(values: readonly number[]): readonly number[] {
  const middle = median(values) ?? 0
  const spread = medianAbsoluteDeviation(values) ?? 0
  if (spread > 0) return values.map((value) => (quartileOfNormal * (value - middle)) / spread)
  const distances = ordered(values.map((value) => Math.abs(value - middle)))
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / Math.max(1, distances.length)
  return values.map((value) => (mean > 0 ? (value - middle) / (normalMeanSpread * mean) : 0))
}
