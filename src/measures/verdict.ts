/** What data make of a claimed number. Source: methods, exposure section f (CLM0); the bounds are our own choice. */

/** What a claimed number can come to against data of its own basis. */
export type Arithmetic = 'reproduced' | 'close' | 'contradicted'

/** A level is close within this part of the data; a share or change within so many points; a rank within one place. */
const closeLevel = 0.05
const closePoints = 1
const closeRank = 1

/** Half of the last printed digit: 0.05 for "76.1", 0.5 for "76". */
export function halfUnit(printed: string): number {
  const decimals = /\.(\d+)$/.exec(printed)?.[1]?.length ?? 0
  return 0.5 * 10 ** -decimals
}

/** The number as printed, minus signs of either kind. */
export const printedNumber = (printed: string): number => Number(printed.replace('−', '-'))

/**
 * A claimed number against what was found, both in the claim's unit: reproduced within half of the last printed digit,
 * close by the bounds of its kind, else contradicted.
 * @param kind level, change, share or rank; a change or share is measured in points
 */
export function arithmetic(printed: string, found: number, kind: 'level' | 'change' | 'share' | 'rank'): Arithmetic {
  const claimed = printedNumber(printed)
  const difference = Math.abs(claimed - found)
  // A printed 0.05 is not exact in binary: equal to the half unit counts as within it.
  const within = (bound: number) => difference <= bound * (1 + 1e-9)
  if (kind === 'rank') return difference === 0 ? 'reproduced' : within(closeRank) ? 'close' : 'contradicted'
  if (within(halfUnit(printed))) return 'reproduced'
  if (kind === 'level') return found !== 0 && within(closeLevel * Math.abs(found)) ? 'close' : 'contradicted'
  if (kind === 'change' && Math.sign(claimed) !== Math.sign(found) && claimed !== 0) return 'contradicted'
  return within(closePoints) ? 'close' : 'contradicted'
}
