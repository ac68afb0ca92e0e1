import { universeOf, type VendorRow } from '../dataset/tables/vendor.ts'
import type { Holding, Market } from '../measures/market.ts'
import { economyCalled, economyInWords, findEconomy } from '../reference/economies.ts'
import { Refusal } from '../refusal.ts'
import { periodName } from '../wording.ts'
import type { Context } from './analysis.ts'

/** One market as it stands, with what is needed to say what becomes of it. */
export interface StandingMarket {
  readonly period: number
  /** Who buys. */
  readonly importer: string
  /** What: a product, or the segment of a vendor table. */
  readonly product: string
  readonly basis: string
  readonly source: string | null
  readonly certainty: string | null
  readonly market: Market
  /** For each exit, the sellers of this market that leave; null where the source gives them only with others that stay. */
  readonly leavers: readonly (readonly string[] | null)[]
  /** The same for all exits together. */
  readonly all_leavers: readonly string[]
  jurisdictionOf(seller: string): string | null
  /** The nest of a seller where the reader names none. */
  nestOf(seller: string): string
  /** The most that a seller can hold once some have left, of the market as it is; undefined where nothing bounds it. */
  capOf(seller: string, leaving: ReadonlySet<string>): number | undefined
}

/** A name for the part of a market that nobody is known to hold. */
export const unallocated = 'X-UNALLOCATED'

interface VendorChoice {
  readonly exit: readonly string[]
  readonly importer: readonly string[]
  readonly segment: readonly string[]
  readonly basis: readonly string[]
  readonly period: readonly string[]
  readonly cap: readonly string[]
}

const folded = (text: string) => text.trim().toLowerCase()

/** A period of a vendor table as answers have it: a whole year as yyyy00, else its last month. */
export const vendorPeriod = ({ period_start, period_end }: Pick<VendorRow, 'period_start' | 'period_end'>): number =>
  period_end - period_start === 11 && period_start % 100 === 1 ? period_end - 12 : period_end

/** The rows of a vendor table that a question is about. Targets are plans, and no shares of a market. */
export async function vendorRows(
  given: VendorChoice,
  context: Context,
  basis: 'share' | 'target',
): Promise<VendorRow[]> {
  if (context.dataset?.kind !== 'vendor') throw new Error('vendors were asked of a dataset that holds none')
  const all = (await context.table(context.dataset)) as unknown as VendorRow[]
  const markets = given.importer.map((text) => findEconomy(text, context.home).code)
  const chosen = all.filter(
    (row) =>
      (row.basis === 'target') === (basis === 'target') &&
      (markets.length === 0 || markets.includes(row.market)) &&
      (given.segment.length === 0 || given.segment.some((text) => folded(text) === folded(row.segment))) &&
      (basis === 'target' || given.basis.length === 0 || given.basis.includes(row.basis)) &&
      (basis === 'target' ||
        given.period.length === 0 ||
        given.period.some(
          (text) => periodName(vendorPeriod(row)) === text || String(row.period_start).startsWith(text),
        )),
  )
  if (chosen.length === 0 && basis === 'share') {
    const held = [
      ...new Set(
        all
          .filter((row) => row.basis !== 'target')
          .map((row) => `${row.market} ${row.segment} (${row.basis}, ${periodName(vendorPeriod(row))})`),
      ),
    ]
    throw new Refusal(
      'no_data',
      'vendor/absent',
      `${context.dataset.name} has no such market. It has ${held.join('; ')}`,
    )
  }
  return chosen
}

/** Markets of a vendor table: one a market, segment, basis, period and source, never put together. */
export async function vendorMarkets(
  given: VendorChoice,
  context: Context,
): Promise<{ markets: StandingMarket[]; exits: readonly string[]; caveats: readonly string[] }> {
  const rows = await vendorRows(given, context, 'share')
  const exits = given.exit.map((text) => text.trim())
  const found = new Set<string>()
  const caps = new Map(given.cap.map((text) => capOf(text)))
  const markets = [...grouped(rows, universeOf).values()].map((universe): StandingMarket => {
    const first = universe[0] as VendorRow
    const of = new Map(universe.map((row) => [row.vendor, row]))
    const holdings: Holding[] = universe.map((row) => ({
      name: row.vendor,
      low: row.share_low,
      sellers: row.members === null ? 1 : row.members === '*' ? 0 : row.members.split(';').length,
    }))
    const leavers = exits.map((text) => {
      const { names, stay } = leaving(universe, [text], context.home)
      if (names.length > 0) found.add(text)
      return stay.length > 0 ? null : names
    })
    const together = leaving(universe, exits, context.home)
    if (together.stay.length > 0)
      throw new Refusal(
        'no_data',
        'exit/group',
        `${first.source} gives ${together.names.join(', ')} only as a sum: what becomes of the market when ${exits.join(' and ')} leaves and ${together.stay.join(' and ')} stays cannot be said from it. Let all leave, or choose another --segment or --period`,
      )
    const worst =
      universe
        .map((row) => row.certainty)
        .sort()
        .at(-1) ?? null
    return {
      period: vendorPeriod(first),
      importer: first.market,
      product: first.segment,
      basis: first.basis,
      source: first.source,
      certainty: worst,
      market: {
        holdings,
        slack: Math.max(0, 1 - universe.reduce((sum, row) => sum + row.share_low, 0)),
        exact: universe.every((row) => row.share_low === row.share_high),
      },
      leavers,
      all_leavers: together.names,
      jurisdictionOf: (seller) => of.get(seller)?.jurisdiction ?? null,
      nestOf: (seller) => (of.get(seller)?.jurisdiction === first.market ? 'home' : 'foreign'),
      capOf: (seller) => caps.get(folded(seller)),
    }
  })
  const lost = exits.filter((text) => !found.has(text))
  if (exits.length > 0 && lost.length === exits.length)
    throw new Refusal(
      'wrong_use',
      'exit/unknown',
      `Nobody in these markets is called ${lost.join(' or ')}. They have ${[...new Set(rows.map((row) => row.vendor))].join(', ')}; an economy's code takes all vendors of its jurisdiction`,
    )
  return {
    markets: markets.filter(({ all_leavers }) => exits.length === 0 || all_leavers.length > 0),
    exits,
    caveats: lost.length > 0 ? [`Not in these markets: ${lost.join(', ')}.`] : [],
  }
}

/**
 * The rows of a market that exits name: a vendor, all members of a group, or a jurisdiction; and the members of groups
 * that would stay while others of them leave.
 */
function leaving(
  universe: readonly VendorRow[],
  exits: readonly string[],
  home: string,
): { names: readonly string[]; stay: readonly string[] } {
  const named = new Set(exits.flatMap((text) => text.split('+')).map(folded))
  const economies = new Set(exits.flatMap((text) => economyCalled(text, home)?.code ?? []))
  const names: string[] = []
  const stay: string[] = []
  for (const row of universe) {
    const members = row.members === null || row.members === '*' ? [] : row.members.split(';')
    const going = members.filter((member) => named.has(folded(member)))
    if (!named.has(folded(row.vendor)) && going.length === 0 && !economies.has(row.jurisdiction ?? '')) continue
    names.push(row.vendor)
    if (going.length > 0) stay.push(...members.filter((member) => !named.has(folded(member))))
  }
  return { names, stay }
}

function capOf(text: string): [string, number] {
  const found = /^(.+):(0?\.\d+|0|1|1\.0)$/.exec(text)
  if (found) return [folded(found[1] as string), Number(found[2])]
  throw new Refusal(
    'wrong_use',
    'cap/form',
    `--cap ${text}: write a seller and the most it can hold of the market, Huawei:0.6`,
  )
}

/** Rows by what they have in common, in the order in which they stand. */
export function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return groups
}

/** A seller as people call it: an economy by its name, a vendor by its own. */
export const sellerName = (seller: string): string => (seller === unallocated ? 'unallocated' : economyInWords(seller))
