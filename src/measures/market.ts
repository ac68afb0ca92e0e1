/**
 * Shares of a small market and what becomes of them when sellers leave.
 *
 * These measures work on a few dozen shares that the engine or a table has cut out; the index of concentration of flows
 * is `import-concentration.sql`, and a test holds the two to the same numbers.
 */

/** What one seller holds of a market of 1. */
export interface Holding {
  readonly name: string
  /** At least this, 0-1; exactly this where the market has no interval. */
  readonly low: number
  /** Vendors behind it: more than one, or 0 for an unknown number, where a source gives only their sum. */
  readonly sellers: number
}

/** A market: what is known of each seller, and the part of 1 that nobody is known to hold. */
export interface Market {
  readonly holdings: readonly Holding[]
  /** 1 less all that is known: nobody's, or within the intervals that a source gives. */
  readonly slack: number
  /** Whether every share is a point, so that the slack is unknown sellers' and nobody else's. */
  readonly exact: boolean
}

/** A value with its bounds; the middle is null where intervals leave it open. */
export interface Bounded {
  readonly value: number | null
  readonly low: number
  readonly high: number
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** Largest first, of equals the first by alphabet: sums are taken in this order, so that the same input gives the same bytes. */
export function byShare<T extends { readonly name: string; readonly low: number }>(holdings: readonly T[]): T[] {
  return [...holdings].sort((a, b) => b.low - a.low || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/**
 * Herfindahl-Hirschman index of amounts: sum of squared shares of their sum, 0-1; null where there is nothing.
 * Source: Hirschman (1964), The Paternity of an Index, American Economic Review 54(5).
 */
export function herfindahl(amounts: readonly number[]): number | null {
  const total = sum(amounts)
  return total > 0 ? sum([...amounts].sort((a, b) => b - a).map((amount) => (amount / total) ** 2)) : null
}

/**
 * The index of a market with its bounds: the slack spread thin; as one more seller; all the leader's. A sum of several
 * sellers counts at least as if they shared it equally, thinly where their number is unknown, and at most as one.
 * Source: methods, section c (VEN1) and dependency section a, "Bounds".
 */
export function herfindahlBounds({ holdings, slack, exact }: Market): Bounded {
  const squares = byShare(holdings).map(({ low }) => low * low)
  const least = sum(byShare(holdings).map(({ low, sellers }) => (sellers === 0 ? 0 : (low * low) / sellers)))
  const leader = Math.max(0, ...holdings.map(({ low }) => low))
  const high = sum(squares) - leader * leader + (leader + slack) ** 2
  const single = holdings.every(({ sellers }) => sellers === 1)
  return { value: exact && single ? sum(squares) + slack * slack : null, low: least, high: Math.min(1, high) }
}

/** How the demand of sellers that leave falls to those that stay. */
export type Rule =
  | { readonly name: 'proportional' }
  /** `nestOf` names a seller's nest; `dissimilarity` in (0, 1]: 1 is proportional, towards 0 a nest keeps its custom. */
  | { readonly name: 'nested'; readonly nestOf: (seller: string) => string; readonly dissimilarity: number }
  /** The most that a seller can hold, of the market as it was; unbounded where undefined. */
  | { readonly name: 'capped'; readonly capOf: (seller: string) => number | undefined }

/** What sellers hold after an exit, of the market as it was; the rest is served by nobody. */
export interface Reallocation {
  readonly shares: ReadonlyMap<string, number>
  readonly unmet: number
}

/**
 * Shares after the sellers in `exits` are gone. An exit of nobody changes nothing; an exit of everybody leaves all unmet.
 *
 * Proportional: s' = s / (1 − s_R). Nested logit: a nest's share is proportional to S (1 − s_R|g)^λ, within it
 * proportional. Capped: proportional to s, a seller at its cap drops out, the rest again (water-filling).
 * Source: methods, scenarios section b; McFadden (1978), Modelling the Choice of Residential Location (nested logit).
 * @param shares by seller, adding up to 1
 */
export function reallocate(shares: ReadonlyMap<string, number>, exits: ReadonlySet<string>, rule: Rule): Reallocation {
  const stayers = byShare([...shares].map(([name, low]) => ({ name, low }))).filter(
    ({ name, low }) => !exits.has(name) && low > 0,
  )
  const staying = sum(stayers.map(({ low }) => low))
  if (staying === 0) return { shares: new Map(), unmet: sum([...shares.values()]) }
  if (rule.name === 'proportional')
    return { shares: new Map(stayers.map(({ name, low }) => [name, low / staying])), unmet: 0 }
  if (rule.name === 'capped') return filled(stayers, rule.capOf)
  const nests = new Map<string, { before: number; staying: number }>()
  for (const { name, low } of byShare([...shares].map(([seller, share]) => ({ name: seller, low: share })))) {
    const nest = nests.get(rule.nestOf(name)) ?? { before: 0, staying: 0 }
    nests.set(rule.nestOf(name), {
      before: nest.before + low,
      staying: nest.staying + (exits.has(name) ? 0 : low),
    })
  }
  const weight = (nest: { before: number; staying: number }) =>
    nest.staying > 0 ? nest.before * (nest.staying / nest.before) ** rule.dissimilarity : 0
  const weights = sum([...nests.values()].map(weight))
  return {
    shares: new Map(
      stayers.map(({ name, low }) => {
        const nest = nests.get(rule.nestOf(name)) as { before: number; staying: number }
        return [name, (weight(nest) / weights) * (low / nest.staying)]
      }),
    ),
    unmet: 0,
  }
}

/** Demand of 1 poured over sellers in proportion to what they hold, none above its cap. */
function filled(
  stayers: readonly { readonly name: string; readonly low: number }[],
  capOf: (seller: string) => number | undefined,
): Reallocation {
  const held = new Map<string, number>()
  let open = [...stayers]
  let demand = 1
  while (open.length > 0) {
    const base = sum(open.map(({ low }) => low))
    const full = open.filter(({ name, low }) => (demand * low) / base >= (capOf(name) ?? Number.POSITIVE_INFINITY))
    if (full.length === 0) {
      for (const { name, low } of open) held.set(name, (demand * low) / base)
      return { shares: held, unmet: 0 }
    }
    for (const { name } of full) {
      const cap = capOf(name) as number
      held.set(name, cap)
      demand -= cap
    }
    open = open.filter((seller) => !full.includes(seller))
  }
  return { shares: held, unmet: Math.max(0, demand) }
}
