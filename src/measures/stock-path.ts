/** How an installed base follows new orders: stock is not flow. */

export type Shares = Readonly<Record<string, number>>

const names = (...shares: readonly Shares[]) => [...new Set(shares.flatMap((one) => Object.keys(one)))].sort()

/**
 * The base a year later, where a part of it is retired and replaced by new orders: S' = (1 − d) S + d F.
 * Source: methods, scenarios section b (DOM2).
 * @param retirement d, 0-1 a year
 */
export function retired(stock: Shares, orders: Shares, retirement: number): Shares {
  return Object.fromEntries(
    names(stock, orders).map((name) => [
      name,
      (1 - retirement) * (stock[name] ?? 0) + retirement * (orders[name] ?? 0),
    ]),
  )
}

/**
 * Years until a share that follows constant orders reaches a threshold: ln((F − T) / (F − S₀)) / ln(1 − d); null where
 * the threshold does not lie between the share now and the share of orders. Source: methods, scenarios section b.
 */
export function yearsToThreshold(share: number, orders: number, retirement: number, threshold: number): number | null {
  const between = (share < threshold && threshold < orders) || (orders < threshold && threshold < share)
  if (!between || retirement <= 0 || retirement >= 1) return null
  return Math.log((orders - threshold) / (orders - share)) / Math.log(1 - retirement)
}

/** A contract: who holds it, its size in any one unit, and the year in which it ends. */
export interface Contract {
  readonly holder: string
  readonly size: number
  readonly ends: number
}

/**
 * Shares of a base in a year, where contracts pass to the winners' split as they end; a winner keeps its own.
 * Source: methods, scenarios section b (DOM3).
 */
export function contracted(contracts: readonly Contract[], winners: Shares, year: number): Shares {
  const held: Record<string, number> = {}
  const add = (name: string, size: number) => {
    held[name] = (held[name] ?? 0) + size
  }
  for (const { holder, size, ends } of contracts) {
    if (ends > year || holder in winners) add(holder, size)
    else for (const [winner, part] of Object.entries(winners)) add(winner, size * part)
  }
  const total = Object.values(held).reduce((sum, size) => sum + size, 0)
  return Object.fromEntries(
    Object.keys(held)
      .sort()
      .map((name) => [name, (held[name] as number) / total]),
  )
}
