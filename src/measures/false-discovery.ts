/** Which of many tests made at once stand, so that few of those that do are false. */

/**
 * The least rate of false discoveries at which each test would stand: Benjamini–Hochberg adjusted p-values, in the order
 * given; a test stands at rate q where its value is at most q. Null (not tested) stays null and counts for nothing.
 * Source: Benjamini and Hochberg (1995), Controlling the False Discovery Rate, J. R. Statist. Soc. B 57(1); methods,
 * diversion section c (SCO2).
 */
export function falseDiscoveryRates(p: readonly (number | null)[]): (number | null)[] {
  const order = p
    .flatMap((value, place) => (value === null ? [] : [{ value, place }]))
    .sort((one, other) => one.value - other.value || one.place - other.place)
  const rates: (number | null)[] = p.map(() => null)
  let least = 1
  for (let rank = order.length; rank >= 1; rank -= 1) {
    const { value, place } = order[rank - 1] as { value: number; place: number }
    least = Math.min(least, (value * order.length) / rank)
    rates[place] = least
  }
  return rates
}

/**
 * How often chance does as well: (1 + count of placebos at least as large) / (1 + count of placebos), never zero, for
 * what was observed is itself one of the orders that chance could have made.
 * Source: Phipson and Smyth (2010), Permutation P-values Should Never Be Zero; methods, diversion section c (SCO3).
 */
export function placeboProbability(observed: number, placebos: readonly number[]): number {
  return (1 + placebos.filter((one) => one >= observed).length) / (1 + placebos.length)
}
