import type { Context, FlowReader } from '../analyses/analysis.ts'
import { eventIn, type ListedGoods, listedGoods } from '../analyses/controlling.ts'
import { reportedPeriods } from '../analyses/reporters.ts'
import type { FlowManifest, Side } from '../dataset/schema.ts'
import type { Bound } from '../engine/engine.ts'
import type { DatedEvent } from '../reference/controls.ts'
import { economyName, findEconomy } from '../reference/economies.ts'
import { Refusal } from '../refusal.ts'
import { periodName } from '../wording.ts'
import { boundGoods, type ComparedGoods, comparedGoods, type Listing, listingOf } from './goods.ts'
import { economiesCalled, type Hub, type HubStatus, hubsIn, reportsOf, sidesOf } from './hubs.ts'
import type { CorridorGiven } from './parameters.ts'
import { type Span, spanAround } from './span.ts'

/** The corridors of one question: who, what, when, what of it the data show, and what statements over it bind. */
export interface Corridors {
  readonly manifest: FlowManifest
  readonly reader: FlowReader
  readonly origins: readonly string[]
  readonly origin: string
  readonly destinations: readonly string[]
  readonly destination: string
  /** Those asked about. */
  readonly hubs: readonly Hub[]
  /** Every importer of the dataset but the ends of the corridor, with what it is. */
  readonly importers: ReadonlyMap<string, HubStatus>
  /** How many windows before the event the first leg of any of them is reported in. */
  first_windows(importer: string): number
  readonly event: DatedEvent
  readonly span: Span
  readonly goods: ComparedGoods
  /** Of each unit of goods of which any is on the list. */
  readonly listing: ReadonlyMap<string, Listing>
  readonly listed: ListedGoods
  readonly direct_observed: boolean
  /** How many windows before the event direct trade is reported in. */
  readonly direct_windows: number
  readonly values: Readonly<Record<string, Bound>>
  readonly caveats: readonly string[]
  readonly resolved: Readonly<Record<string, unknown>>
}

const needs = {
  kind: 'flow',
  complete_suppliers: false,
  compares_periods: false,
  groups: 'summed',
  both_sides: true,
} as const

const missing = (code: string, message: string) => new Refusal('wrong_use', code, message)

/**
 * Resolve a question about corridors: names, span, goods, and what of each leg the dataset shows.
 * @throws Refusal where something is not named, or where the dataset does not cover it
 */
export async function corridorsIn(given: CorridorGiven, context: Context): Promise<Corridors> {
  const { home } = context
  const manifest = context.dataset as FlowManifest
  if (given.origin.length === 0) throw missing('origin/missing', '--origin names who restricts, such as EU27')
  if (given.destination.length === 0)
    throw missing('destination/missing', '--destination names who is restricted, such as RUS')
  const event = eventIn(given, home)
  const year = Math.floor(event.month / 100)
  const origins = economiesCalled(given.origin, year, home)
  const destinations = economiesCalled(given.destination, year, home)
  const both = origins.find((one) => destinations.includes(one))
  if (both !== undefined)
    throw missing('destination/origin', `${economyName(both)} is an origin and a destination: name it once`)
  const own = Number(given.level)
  const fine = manifest.levels.filter((one) => one >= Math.max(2, own))
  const level = fine.includes(manifest.default_level) ? manifest.default_level : fine[0]
  if (level === undefined)
    throw new Refusal(
      'no_data',
      'level/absent',
      `${manifest.name} has products of ${manifest.levels.join(', ')} digits: the goods of a list cannot be found in it${own > 0 ? ` at ${own}` : ''}`,
    )
  const span = spanAround(event, given.donut, given.post, manifest, level)
  const periods = [...span.post, ...span.windows.flat()].sort((a, b) => a - b)
  const [from, to] = [periodName(periods[0] as number), periodName(periods.at(-1) as number)]
  const asked = {
    importer: [],
    supplier: [],
    product: [],
    group: [],
    period: [from === to ? from : `${from}${from.length > 4 ? ':' : '-'}${to}`],
    level: '0',
    side: given.side,
  }
  const reader = await context.flows(needs, asked, 'aside')
  const wanted = new Set(periods)
  const held = reader.products.filter(
    (product) => product.level === level && product.periods.some((period) => wanted.has(period)),
  )
  const month = (period: number, last: boolean) => (period % 100 === 0 ? period + (last ? 12 : 1) : period)
  const listed = listedGoods(
    given,
    held,
    level,
    { from: month(span.post[0] as number, false), to: month(span.post.at(-1) as number, true) },
    home,
  )
  const goods = comparedGoods(held, listed.products, given.level, new Set(span.windows.flat()), home)
  const windows = Math.max(1, Math.min(given.pre_years, span.windows.length))
  const compared = [...span.post, ...span.windows.slice(0, windows).flat()]
  const reports = reportsOf(manifest, level, compared)
  // A publisher may give a bloc itself as one reporter.
  const codesOf = (names: readonly string[]) =>
    names.flatMap((name) => name.split('+')).map((name) => findEconomy(name, home).code)
  const [sellers, buyers] = [codesOf(given.origin), codesOf(given.destination)]
  const named = { label: sellers.join('+'), members: [...new Set([...origins, ...sellers])] }
  const sold = reportedPeriods(manifest, named, 'exporter', level, compared)
  const sides = sidesOf(given.side as Side | '', {
    manifest,
    span,
    reports,
    sold: {
      whole: sold.periods.length === compared.length,
      periods: reportedPeriods(manifest, named, 'exporter', level, span.windows.flat()).periods,
    },
    origins: sellers,
    hubs: economiesCalled(given.hub, year, home),
  })
  const about = { manifest, origins, destinations, year, span, sides, reports }
  const { hubs, importers, caveats: ofHubs } = hubsIn(given, home, about)
  const moments = [
    ...span.post.map((stored) => ({ stored, number: 0 })),
    ...span.windows.flatMap((window, back) => window.map((stored) => ({ stored, number: back + 1 }))),
  ]
  const flows = {
    level,
    origins: named.members,
    destinations: [...new Set([...destinations, ...buyers])],
    hubs: [...new Set([...importers.keys(), ...hubs.map(({ economy }) => economy)])],
    onward_hubs: given.hub.length > 0 ? hubs.map(({ economy }) => economy) : [],
    first_side: sides.first,
    second_side: sides.second,
    mirror_side: sides.mirror,
    products: [],
  }
  const listing = await listingOf(goods, reader, { ...flows, window_stored: span.post })
  return {
    manifest,
    reader,
    origins,
    origin: sellers.join('+'),
    destinations,
    destination: buyers.join('+'),
    hubs,
    importers,
    first_windows: sides.first_windows,
    event,
    span,
    goods,
    listing,
    listed,
    direct_observed: sides.direct_observed(destinations),
    direct_windows: sides.direct_windows(destinations),
    values: {
      ...flows,
      ...boundGoods(goods, listing),
      window_stored: moments.map(({ stored }) => stored),
      window_number: moments.map(({ number }) => number),
      mean_windows: windows,
    },
    caveats: [
      ...span.caveats,
      ...listed.caveats,
      ...goods.caveats,
      ...sides.caveats,
      ...(sides.first === 'exporter' ? sold.caveats : []),
      ...ofHubs,
      ...manifest.notes,
    ],
    resolved: {
      origin: sellers,
      destination: buyers,
      post: [...new Set([span.post[0], span.post.at(-1)])]
        .map((one) => periodName(one as number))
        .join(manifest.frequency === 'month' ? ':' : '-'),
      hub: given.hub.length > 0 ? hubs.map(({ economy }) => economy) : [],
      restricted: hubs.filter(({ status }) => status === 'restricted').map(({ economy }) => economy),
      pre_years: windows,
    },
  }
}
