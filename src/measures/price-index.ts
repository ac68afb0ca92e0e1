/** Goods sold in two periods, with known masses in both: currency, all in one unit. */
export interface PricedTwice {
  readonly before: number
  readonly after: number
  /** What was sold before, at the prices after. */
  readonly before_at_prices_after: number
  /** What was sold after, at the prices before. */
  readonly after_at_prices_before: number
}

/**
 * Fisher's index of price, after by before, a ratio: √(Laspeyres · Paasche), each good weighed by what was sold of it before
 * and after. Null where either divisor is nothing.
 * Source: Fisher (1922), The Making of Index Numbers; methods, sections f (ANO5) and i (CON1).
 */
export function fisherPriceIndex(sold: PricedTwice): number | null {
  if (!(sold.before > 0 && sold.after_at_prices_before > 0)) return null
  return Math.sqrt((sold.before_at_prices_after / sold.before) * (sold.after / sold.after_at_prices_before))
}
