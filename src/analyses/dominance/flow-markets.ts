import { statement } from '../../engine/statement.ts'
import type { Holding } from '../../measures/market.ts'
import { groupMembers } from '../../reference/economy-groups.ts'
import { Refusal } from '../../refusal.ts'
import type { Context, FlowNeeds, Row } from '../analysis.ts'
import { grouped, type StandingMarket, unallocated } from '../markets.ts'

const supplyStatement = statement(import.meta.url, './market-supply.sql')
const missedStatement = statement(import.meta.url, './missed-supply.sql')

const needs: FlowNeeds = { kind: 'flow', complete_suppliers: true, compares_periods: false, groups: 'by product' }

interface FlowChoice {
  readonly exit: readonly string[]
  readonly importer: readonly string[]
  readonly spare: number
  readonly min_value: number
  readonly nest: readonly string[]
}

/** Markets of importers and products, cut from flows. */
export async function flowMarkets(
  given: FlowChoice,
  context: Context,
): Promise<{ markets: StandingMarket[]; exits: readonly string[]; caveats: readonly string[] }> {
  if (given.importer.length === 0)
    throw new Refusal('wrong_use', 'parameter/missing', 'dominance of whose market? Name who buys: --importer Germany')
  const reader = await context.flows(needs, { ...given, supplier: given.exit })
  const { selection } = reader
  const capacity = selection.covers_exports
  const rows = await reader.rows(
    {
      statement: supplyStatement,
      values: {
        buyers: selection.importers,
        capacity: capacity ? 1 : 0,
        min_value: given.min_value,
      },
      ...(capacity ? { reads_exports: 'of all' as const } : {}),
      order: ['period', 'importer', 'product', 'supplier'],
    },
    ['period', 'importer', 'product', 'supplier', 'known', 'value', 'exports'],
  )
  const missed = capacity
    ? await reader.rows(
        {
          statement: missedStatement,
          values: { buyers: selection.importers, leavers: selection.suppliers },
          every_importer: true,
          order: ['period', 'product', 'supplier', 'leaver'],
        },
        ['period', 'product', 'supplier', 'leaver', 'value'],
      )
    : []
  const missedBy = grouped(missed, (row) => JSON.stringify([row['period'], row['product'], row['supplier']]))
  const year = Math.floor((selection.periods.at(-1) ?? 0) / 100)
  const coalition = new Set(groupMembers('COALITION', year, context.home))
  const markets = [
    ...grouped(rows, (row) => JSON.stringify([row['period'], row['importer'], row['product']])).values(),
  ].map((bought): StandingMarket => {
    const first = bought[0] as Row
    const total = bought.reduce((sum, row) => sum + Number(row['value']), 0)
    const known = bought.filter((row) => row['known'] === 1)
    const of = new Map(known.map((row) => [String(row['supplier']), row]))
    const holdings: Holding[] = known.map((row) => ({
      name: String(row['supplier']),
      low: Number(row['value']) / total,
      sellers: 1,
    }))
    const unknown = total - known.reduce((sum, row) => sum + Number(row['value']), 0)
    return {
      period: Number(first['period']),
      importer: String(first['importer']),
      product: String(first['product']),
      basis: 'value',
      source: null,
      certainty: null,
      market: { holdings, slack: unknown / total, exact: true },
      leavers: selection.suppliers.map((label) => (of.has(label) ? [label] : [])),
      // Who sells nothing here leaves as well, and is missed by others that do.
      all_leavers: selection.suppliers,
      jurisdictionOf: (seller) => seller,
      nestOf: (seller) => (coalition.has(seller) ? 'coalition' : 'others'),
      capOf(seller, leaving) {
        const row = of.get(seller)
        if (!row) return seller === unallocated ? unknown / total : undefined
        const value = Number(row['value'])
        const lost = (missedBy.get(JSON.stringify([row['period'], row['product'], seller])) ?? [])
          .filter((part) => leaving.has(String(part['leaver'])))
          .reduce((sum, part) => sum + Number(part['value']), 0)
        const headroom =
          row['exports'] === null ? given.spare * value : Math.max(0, given.spare * Number(row['exports']) - lost)
        return (value + headroom) / total
      },
    }
  })
  return {
    markets,
    exits: selection.suppliers,
    caveats: capacity
      ? []
      : [
          'Capped: the dataset does not hold suppliers’ exports to all destinations, so each may add the spare rate of what it sells to this importer.',
        ],
  }
}
