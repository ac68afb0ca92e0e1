/** How likely it is that a share passes a threshold, where shares are known only roughly. */

import { work } from '../threads/work.ts'

// Lanczos (1964), g = 7, nine terms: logarithm of the gamma function to about 1e-15.
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const at = x - 1
  const series = lanczos.reduce((total, term, place) => (place === 0 ? term : total + term / (at + place)), 0)
  const base = at + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (at + 0.5) * Math.log(base) - base + Math.log(series)
}

/** Continued fraction of the incomplete beta function by Lentz's method: DLMF 8.17.22. */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny)
  let fraction = d
  for (let m = 1; m <= 10_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / (1 + even * d || tiny)
    c = 1 + even / c || tiny
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / (1 + odd * d || tiny)
    c = 1 + odd / c || tiny
    fraction *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return fraction
}

/** The probability that a Beta(a, b) variable lies above x, 0 < a, b. */
export function betaTail(a: number, b: number, x: number): number {
  if (x <= 0) return 1
  if (x >= 1) return 0
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return x < (a + 1) / (a + b + 2) ? 1 - (front * betaFraction(a, b, x)) / a : (front * betaFraction(b, a, 1 - x)) / b
}

/**
 * P(share > threshold) where all shares together follow a Dirichlet distribution with these means: exact, for the
 * marginal of a Dirichlet is Beta(n m, n (1 − m)). A share of 0 or 1 is certain.
 * Source: methods, scenarios section b (DOM4).
 * @param precision n: the standard deviation of a share m is √(m (1 − m) / (n + 1))
 */
export function passingProbability(mean: number, precision: number, threshold: number): number {
  if (mean <= 0) return 0
  if (mean >= 1) return threshold < 1 ? 1 : 0
  return betaTail(precision * mean, precision * (1 - mean), threshold)
}

/** The distribution function of the standard normal: DLMF 7.6.2 near zero, the continued fraction 7.9.1 in the tails. */
export function normalBelow(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  let tail: number
  if (x < 3) {
    let term = x
    let total = x
    for (let n = 1; Math.abs(term) > 1e-17 * total; n += 1) {
      term *= (2 * x * x) / (2 * n + 1)
      total += term
    }
    tail = 0.5 - (total * Math.exp(-x * x)) / Math.sqrt(Math.PI)
  } else {
    let fraction = x
    for (let n = 60; n >= 1; n -= 1) fraction = x + n / 2 / fraction
    tail = Math.exp(-x * x) / (2 * Math.sqrt(Math.PI) * fraction)
  }
  return z < 0 ? tail : 1 - tail
}

/**
 * P(share > threshold) where buyers' taste for a seller may shift: the logit of its share is normal about its mean.
 * Source: methods, scenarios section b (DOM5): Φ((logit m − logit T) / sd).
 */
export function logitNormalPassingProbability(mean: number, sd: number, threshold: number): number {
  if (mean <= 0) return 0
  if (mean >= 1) return 1
  const logit = (share: number) => Math.log(share / (1 - share))
  return normalBelow((logit(mean) - logit(threshold)) / sd)
}

/** A seeded stream of numbers from 0 to 1, the same on every machine: mulberry32 (Tommy Ettinger, 2017; public domain). */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/**
 * The logarithm of a draw from a Gamma distribution of scale 1: of a small shape most draws are too small for a number.
 * Source: Marsaglia and Tsang (2000), ACM TOMS 26(3).
 */
function logGammaDraw(shape: number, next: () => number): number {
  if (shape < 1) return logGammaDraw(shape + 1, next) + Math.log(1 - next()) / shape
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
    const v = (1 + c * normal) ** 3
    if (v > 0 && Math.log(1 - next()) < 0.5 * normal * normal + d - d * v + d * Math.log(v)) return Math.log(d * v)
  }
}

const draws = 20_000

/** Beside draws, whose standard error is a third of a point, this much is nothing. */
const negligible = 1e-6

/**
 * P(any share > threshold) under the same Dirichlet: the sum of the single probabilities from a threshold of one half
 * on, for then no two can pass together. Below it the probability lies between the largest of them and their sum, and is
 * drawn, to about half a point, only where the two differ: those that cannot pass are one seller then, for parts of a
 * Dirichlet distribution add up to one.
 * @param means of the whole market: what they do not add up to is nobody's, and passes nothing
 */
export function anyPassingProbability(
  means: readonly number[],
  precision: number,
  threshold: number,
  seed: number,
): number {
  const sellers = means
    .filter((mean) => mean > 0)
    .map((mean) => ({ mean, alone: passingProbability(mean, precision, threshold) }))
  if (sellers.length === 0) return 0
  const most = Math.min(
    1,
    sellers.reduce((total, { alone }) => total + alone, 0),
  )
  const least = Math.max(...sellers.map(({ alone }) => alone))
  if (threshold >= 0.5 || most - least < negligible) return most
  const able = sellers.filter(({ alone }) => alone >= negligible / sellers.length).map(({ mean }) => precision * mean)
  const others = precision - able.reduce((total, shape) => total + shape, 0)
  const next = seededNumbers(seed)
  let passed = 0
  for (let draw = 0; draw < draws; draw += 1) {
    const amounts = able.map((shape) => logGammaDraw(shape, next))
    const rest = others > negligible * Math.min(1, precision) ? logGammaDraw(others, next) : Number.NEGATIVE_INFINITY
    // By the largest of all, which is one then.
    const most = Math.max(...amounts, rest)
    const total = amounts.reduce((sum, amount) => sum + Math.exp(amount - most), Math.exp(rest - most))
    if (Math.exp(Math.max(...amounts) - most) > threshold * total) passed += 1
  }
  return passed / draws
}

/** The same as work that a thread may do. */
export const anyPassing = work(import.meta.url, 'anyPassingProbability', anyPassingProbability)
