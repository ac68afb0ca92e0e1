import { z } from 'zod'
import type { FlowManifest, Side } from '../dataset/schema.ts'
import type { Bound } from '../engine/engine.ts'
import { baselineNames } from '../measures/excess-baselines.ts'
import { controlsOf, type DatedEvent } from '../reference/controls.ts'
import { economiesIn, economyName, findEconomy } from '../reference/economies.ts'
import { groupMembers } from '../reference/economy-groups.ts'
import { Refusal } from '../refusal.ts'
import { periodName } from '../wording.ts'
import type { Context, FlowReader } from './analysis.ts'
import { controlParameters, eventIn, type ListedGoods, listedGoods } from './controlling.ts'
import { type ComparedGoods, comparedGoods } from './corridor-goods.ts'
import { type Span, spanAround } from './corridor-span.ts'
import { currency, flowParameters } from './fields.ts'
import { reportedPeriods } from './reporters.ts'

const list = z.array(z.string().min(1)).readonly()

/** Parameters that say which corridors are looked at, and how they are compared; shared by all answers about them. */
export const corridorParameters = {
  dataset: flowParameters.dataset,
  ...controlParameters,
  hub: list.default([]).meta({
    description: 'Through whom goods may pass: economies or groups; every importer in the dataset where left out',
  }),
  restricted: list.default([]).meta({
    description:
      'Hubs that are themselves restricted and never pooled with free ones; as of the controls where left out',
  }),
  baseline: z
    .enum(['leading', ...baselineNames])
    .default('leading')
    .meta({ description: 'What would have been; leading: as unlisted goods grew where they are known, else pre-mean' }),
  post: z.string().default('').meta({
    description: 'The span after the event, 2022-03:2022-11 or 2023; the first that the donut leaves where left out',
  }),
  pre_years: z.int().min(1).max(10).default(1).meta({ description: 'Years before of which the mean is taken' }),
  level: z.enum(['', '0', '4', '6', '8']).default('').meta({
    description:
      'Units of goods: 0 the list as one, 4, 6 or 8 digits by number; left out, the finest that compare over all years',
  }),
  side: flowParameters.side,
  totals: z.string().default('').meta({
    description:
      'A dataset of all goods of the same origins, for unlisted goods where this one holds listed goods only',
  }),
  min_value: z.int().min(0).max(1e15).default(1_000_000).meta({
    description: 'The least first leg after the event with which a corridor is judged',
    unit: currency,
  }),
  min_excess: z.int().min(0).max(1e15).default(500_000).meta({
    description: 'The least excess with which a corridor is judged',
    unit: currency,
  }),
  offset: z.int().min(0).max(1e12).default(10_000).meta({
    description: 'Added to both values of a growth, so that a tiny base makes no giant growth',
    unit: currency,
  }),
  draws: z.int().min(99).max(100_000).default(999).meta({
    description: 'Lists drawn by lot at least; more where many hubs are tested at once',
  }),
  seed: z.int().min(0).max(4294967295).default(1).meta({ description: 'Of the lists drawn by lot' }),
}

const schema = z.strictObject(corridorParameters)
export type CorridorGiven = z.output<typeof schema>

export const hubStatuses = ['free', 'coalition', 'restricted'] as const
export type HubStatus = (typeof hubStatuses)[number]

/** Which report a leg is read from: `second` as the hub says it, `second mirror` as the destination does. */
export type SecondLeg = 'second' | 'second mirror'

/** A hub, what it is, and which of its legs the data show. */
export interface Hub {
  readonly economy: string
  readonly status: HubStatus
  readonly first_observed: boolean
  /** Whether the hub itself reports what arrives from the origins. */
  readonly arrivals_observed: boolean
  /** Whether the destination itself reports what arrives from the hub. */
  readonly mirror_observed: boolean
  /** Undefined where nobody reports it. */
  readonly second: SecondLeg | undefined
}

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
  readonly event: DatedEvent
  readonly span: Span
  readonly goods: ComparedGoods
  readonly listed: ListedGoods
  readonly direct_observed: boolean
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

/** What a unit must be listed by at least, of its trade after the event, to count as listed: one half. */
const listedShare = 500_000

function economiesCalled(names: readonly string[], year: number, home: string): string[] {
  return [...new Set(names.flatMap((name) => name.split('+')).flatMap((name) => [...economiesIn(name, year, home)]))]
}

const missing = (code: string, message: string) => new Refusal('wrong_use', code, message)

/**
 * Economies that these origins restrict as they do the destination on a day: by a ban on exports, or by the same act. A hub
 * among them is restricted itself.
 */
function restrictedBy(
  origins: readonly string[],
  destinations: readonly string[],
  date: string,
  home: string,
): Set<string> {
  const year = Number(date.slice(0, 4))
  const inForce = controlsOf(home).filter(
    (one) =>
      one.direction === 'export' &&
      (one.intensity === 'ban' || one.targets.some((economy) => destinations.includes(economy))) &&
      one.effective <= date &&
      (one.until === '' || one.until >= date) &&
      economiesCalled(one.origins, year, home).some((economy) => origins.includes(economy)),
  )
  return new Set(inForce.flatMap((one) => one.targets))
}

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
  const compared = [...span.post, ...(span.windows[0] ?? [])]
  const reports = reportsOf(manifest, level, compared)
  // A publisher may give a bloc itself as one reporter.
  const codesOf = (names: readonly string[]) =>
    names.flatMap((name) => name.split('+')).map((name) => findEconomy(name, home).code)
  const [sellers, buyers] = [codesOf(given.origin), codesOf(given.destination)]
  const named = { label: sellers.join('+'), members: [...new Set([...origins, ...sellers])] }
  const sold = reportedPeriods(manifest, named, 'exporter', level, compared)
  const sides = sidesOf(
    given.side as Side | '',
    manifest,
    reports,
    sold.periods.length === compared.length,
    given.origin,
    given.hub.flatMap((hub) => [...economiesIn(hub, year, home)]),
  )
  const {
    hubs,
    importers,
    caveats: ofHubs,
  } = hubsIn(given, context, {
    manifest,
    origins,
    destinations,
    year,
    span,
    sides,
    reports,
  })
  const moments = [
    ...span.post.map((stored) => ({ stored, number: 0 })),
    ...span.windows.flatMap((window, back) => window.map((stored) => ({ stored, number: back + 1 }))),
  ]
  const windows = Math.max(1, Math.min(given.pre_years, span.windows.length))
  return {
    manifest,
    reader,
    origins,
    origin: sellers.join('+'),
    destinations,
    destination: buyers.join('+'),
    hubs,
    importers,
    event,
    span,
    goods,
    listed,
    direct_observed: sides.direct_observed(destinations),
    values: {
      level,
      origins: named.members,
      destinations: [...new Set([...destinations, ...buyers])],
      hubs: [...new Set([...importers.keys(), ...hubs.map(({ economy }) => economy)])],
      onward_hubs: given.hub.length > 0 ? hubs.map(({ economy }) => economy) : [],
      first_side: sides.first,
      second_side: sides.second,
      mirror_side: sides.mirror,
      window_post: span.post,
      window_stored: moments.map(({ stored }) => stored),
      window_number: moments.map(({ number }) => number),
      mean_windows: windows,
      goods_code: goods.codes,
      goods_edition: goods.editions,
      goods_unit: goods.units,
      goods_listed: goods.listed,
      goods_born: goods.born,
      whole_units: Number(goods.whole),
      listed_share_millionths: listedShare,
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

/** Whether an economy's report of a side is there in every period that is compared. */
type Reports = (side: Side, economies: readonly string[]) => boolean

function reportsOf(manifest: FlowManifest, level: number, periods: readonly number[]): Reports {
  const there = new Set(
    manifest.coverage.filter((row) => row.level === level).map((row) => `${row.side} ${row.reporter} ${row.period}`),
  )
  return (side, economies) =>
    side === 'reconciled' ||
    periods.every((period) => economies.some((economy) => there.has(`${side} ${economy} ${period}`)))
}

/** Whose reports the legs are read from. */
interface Sides {
  readonly first: Side
  readonly second: Side
  readonly mirror: Side | ''
  direct_observed(destinations: readonly string[]): boolean
  first_observed(hub: string): boolean
  readonly caveats: readonly string[]
}

function sidesOf(
  asked: Side | '',
  manifest: FlowManifest,
  reports: Reports,
  reported: boolean,
  named: readonly string[],
  hubs: readonly string[],
): Sides {
  const first =
    asked !== ''
      ? asked
      : manifest.sides.includes('reconciled')
        ? 'reconciled'
        : manifest.sides.includes('exporter') && reported
          ? 'exporter'
          : 'importer'
  if (!manifest.sides.includes(first)) {
    const reporters = [
      ...new Set(manifest.coverage.filter(({ side }) => side === 'exporter').map(({ reporter }) => reporter)),
    ]
    throw new Refusal(
      'no_data',
      'side/absent',
      asked !== ''
        ? `${manifest.name} has no report of the ${asked} side, only ${manifest.sides.join(', ')}`
        : `${manifest.name} does not hold the exports of ${named.map(economyName).join(', ')} in all periods compared, nor imports as their buyers report them. It has the exports of ${reporters.slice(0, 8).map(economyName).join(', ')}${reporters.length > 8 ? ', …' : ''}`,
    )
  }
  const mirror = first === 'exporter' && manifest.sides.includes('importer') ? 'importer' : ''
  return {
    first,
    second: first === 'importer' && hubs.some((hub) => reports('exporter', [hub])) ? 'exporter' : first,
    mirror,
    direct_observed: (destinations) =>
      first === 'importer' ? reports('importer', destinations) : first === 'reconciled' || reported,
    first_observed: (hub) => (first === 'importer' ? reports('importer', [hub]) : first === 'reconciled' || reported),
    caveats:
      first === 'reconciled'
        ? [
            'Flows are reconciled: where a destination or hub does not report, its figures are its partners’, so that the two legs do not confirm each other.',
          ]
        : [],
  }
}

function hubsIn(
  given: CorridorGiven,
  { home }: Context,
  about: {
    readonly manifest: FlowManifest
    readonly origins: readonly string[]
    readonly destinations: readonly string[]
    readonly year: number
    readonly span: Span
    readonly sides: Sides
    readonly reports: Reports
  },
): { hubs: Hub[]; importers: Map<string, HubStatus>; caveats: string[] } {
  const { manifest, origins, destinations, year, span, sides, reports } = about
  const asked = economiesCalled(given.hub, year, home)
  const ends = new Set([...origins, ...destinations, ...given.origin, ...given.destination])
  const own = asked.find((one) => ends.has(one))
  if (own !== undefined)
    throw missing('hub/end', `${economyName(own)} is at an end of the corridor, not between: leave it out of --hub`)
  const importers = manifest.importers.filter((code) => /^[A-Z]{3}$/.test(code) && !ends.has(code))
  const unknown = asked.filter((one) => !importers.includes(one) && !reports('exporter', [one]))
  const day = `${String(span.post.at(-1)).slice(0, 4)}-${String((span.post.at(-1) as number) % 100 || 12).padStart(2, '0')}-28`
  const restricted =
    given.restricted.length > 0
      ? new Set(economiesCalled(given.restricted, year, home))
      : restrictedBy(origins, destinations, day, home)
  const coalition = new Set(groupMembers('COALITION', year, home))
  const statusOf = (economy: string): HubStatus =>
    restricted.has(economy) ? 'restricted' : coalition.has(economy) ? 'coalition' : 'free'
  const destinationReports = sides.mirror !== '' && reports('importer', destinations)
  const hubs = (asked.length > 0 ? asked.filter((one) => !unknown.includes(one)) : importers)
    .map((economy): Hub => {
      const sells = sides.second === 'importer' ? reports('importer', destinations) : reports(sides.second, [economy])
      return {
        economy,
        status: statusOf(economy),
        first_observed: sides.first_observed(economy),
        mirror_observed: destinationReports,
        arrivals_observed: sides.mirror !== '' && reports(sides.mirror, [economy]),
        second: sells ? 'second' : destinationReports ? 'second mirror' : undefined,
      }
    })
    .sort((one, other) => (one.economy < other.economy ? -1 : 1))
  if (hubs.length === 0)
    throw new Refusal(
      'no_data',
      'hub/absent',
      `${manifest.name} has no trade of ${asked.length > 0 ? asked.map(economyName).join(', ') : 'anybody between the two ends'}${asked.length > 0 && importers.length > 0 ? `. Between the two ends it has ${importers.slice(0, 8).map(economyName).join(', ')}${importers.length > 8 ? ', …' : ''}` : ''}`,
    )
  const held = hubs.filter(({ status }) => status === 'restricted').map(({ economy }) => economyName(economy))
  return {
    hubs,
    importers: new Map(importers.map((economy) => [economy, statusOf(economy)])),
    caveats: [
      ...(unknown.length > 0 ? [`Not in ${manifest.name}: ${unknown.map(economyName).join(', ')}.`] : []),
      ...(held.length > 0 ? [`Restricted themselves, and not pooled with free hubs: ${held.join(', ')}.`] : []),
    ],
  }
}
