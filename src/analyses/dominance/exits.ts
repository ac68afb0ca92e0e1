import { byShare, herfindahlBounds, type Rule, reallocate } from '../../measures/market.ts'
import { logitNormalPassingProbability, passingProbability } from '../../measures/passing.ts'
import type { Row } from '../analysis.ts'
import { type StandingMarket, unallocated } from '../markets.ts'

export const ruleNames = ['proportional', 'nested', 'capped'] as const
export type RuleName = (typeof ruleNames)[number]

/** What the reader assumes of buyers, and how sure the shares after an exit are. */
interface Given {
  readonly by: 'supplier' | 'jurisdiction'
  readonly nest: readonly string[]
  readonly dissimilarity: number
  readonly threshold: number
  readonly precision: number
  readonly taste_sd: number
}

/** The rows of one exit, which want only the probability that any known seller passes, and the shares that it is of. */
export interface Exit {
  readonly rows: readonly Row[]
  /** Undefined where there is no such probability. */
  readonly shares: readonly number[] | undefined
}

const sum = (parts: Iterable<number>) => [...parts].reduce((total, part) => total + part, 0)

/** One exit of one market under one rule. */
export function exitOf(
  standing: StandingMarket,
  leaving: ReadonlySet<string>,
  exit: string,
  rule: RuleName,
  given: Given,
): Exit {
  const { market } = standing
  const together = given.by === 'jurisdiction'
  const sellersOf = new Map(market.holdings.map(({ name, sellers }) => [name, together ? 1 : sellers]))
  const shares = new Map(byShare(market.holdings).map(({ name, low }) => [name, low]))
  if (market.slack > 1e-12) shares.set(unallocated, market.slack)
  const moved = reallocate(shares, leaving, ruleOf(rule, standing, leaving, given))

  // Vendors of one jurisdiction are added up once custom has moved between them.
  const added = (of: ReadonlyMap<string, number>) => {
    const totals = new Map<string, number>()
    for (const [seller, part] of of) {
      const label = together && seller !== unallocated ? (standing.jurisdictionOf(seller) ?? unallocated) : seller
      totals.set(label, (totals.get(label) ?? 0) + part)
    }
    return totals
  }
  const indexOf = (held: ReadonlyMap<string, number>) => {
    const served = sum(held.values())
    if (served === 0) return undefined
    const holdings = [...held]
      .filter(([seller]) => seller !== unallocated)
      .map(([name, low]) => ({ name, low: low / served, sellers: sellersOf.get(name) ?? 1 }))
    const slack = (held.get(unallocated) ?? 0) / served
    return herfindahlBounds({ holdings, slack, exact: market.exact })
  }
  const [before, after] = [added(shares), added(moved.shares)]
  const [indexBefore, indexAfter] = [indexOf(before), indexOf(after)]
  const [openBefore, openAfter] = [before.get(unallocated) ?? 0, after.get(unallocated) ?? 0]
  const known = byShare([...after].filter(([seller]) => seller !== unallocated).map(([name, low]) => ({ name, low })))
  const passing = (mean: number) =>
    given.taste_sd > 0
      ? logitNormalPassingProbability(Math.min(1, mean), given.taste_sd, given.threshold)
      : passingProbability(Math.min(1, mean), given.precision, given.threshold)
  // A market whose sellers all leave has one row, which says so.
  const rest = openAfter > 0 || known.length === 0 ? [{ name: unallocated, low: openAfter }] : []
  const rows = [...known, ...rest].map(({ name: supplier, low }, place): Row => {
    const nobody = supplier === unallocated
    const rival = Math.max(0, ...known.filter((other) => other.name !== supplier).map((other) => other.low))
    const least = before.get(supplier) ?? 0
    return {
      period: standing.period,
      importer: standing.importer,
      product: standing.product,
      exit,
      rule,
      supplier,
      share_before: market.exact || nobody ? least : null,
      share_before_low: least,
      share_before_high: Math.min(1, nobody ? least : least + openBefore),
      share_after: market.exact || nobody ? low : null,
      share_after_low: low,
      share_after_high: Math.min(1, nobody ? low : low + openAfter),
      rank_after: nobody ? null : place + 1,
      lead_gap_after: nobody ? null : low - rival,
      hhi_before: indexBefore?.value ?? null,
      hhi_before_low: indexBefore?.low ?? null,
      hhi_before_high: indexBefore?.high ?? null,
      hhi_after: indexAfter?.value ?? null,
      hhi_after_low: indexAfter?.low ?? null,
      hhi_after_high: indexAfter?.high ?? null,
      hhi_change: indexAfter?.value == null || indexBefore?.value == null ? null : indexAfter.value - indexBefore.value,
      unmet: moved.unmet,
      p_above: nobody || !market.exact ? null : passing(low),
      p_above_low: nobody ? null : passing(low),
      p_above_high: nobody ? null : passing(low + openAfter),
      p_any: null,
      basis: standing.basis,
      jurisdiction: nobody ? null : together ? supplier : standing.jurisdictionOf(supplier),
      certainty: standing.certainty,
      source: standing.source,
    }
  })
  return { rows, shares: market.exact && given.taste_sd === 0 ? known.map(({ low }) => low) : undefined }
}

function ruleOf(name: RuleName, standing: StandingMarket, leaving: ReadonlySet<string>, given: Given): Rule {
  if (name === 'nested')
    return {
      name,
      dissimilarity: given.dissimilarity,
      nestOf(seller) {
        if (seller === unallocated) return unallocated
        const named = given.nest.findIndex((nest) => nest.split('+').includes(seller))
        return given.nest.length === 0 ? standing.nestOf(seller) : String(named)
      },
    }
  return name === 'capped' ? { name, capOf: (seller) => standing.capOf(seller, leaving) } : { name }
}
