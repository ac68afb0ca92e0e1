import type { FlowManifest, Side } from '../dataset/schema.ts'
import { controlsOf } from '../reference/controls.ts'
import { economiesIn, economyName } from '../reference/economies.ts'
import { groupMembers } from '../reference/economy-groups.ts'
import { Refusal } from '../refusal.ts'
import type { CorridorGiven } from './parameters.ts'
import type { Span } from './span.ts'

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
  /** How many windows before the event, the latest first, each leg is reported in: what is not is unknown, not zero. */
  readonly first_windows: number
  readonly second_windows: number
}

/** Economies that names or sets mean in a year. */
export function economiesCalled(names: readonly string[], year: number, home: string): string[] {
  return [...new Set(names.flatMap((name) => name.split('+')).flatMap((name) => [...economiesIn(name, year, home)]))]
}

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

/** Whether one of these economies reports a side in all of some periods; without periods, in all that are compared. */
type Reports = (side: Side, economies: readonly string[], periods?: readonly number[]) => boolean

/** What a dataset's reporters cover at a level of products; reconciled flows cover everybody. */
export function reportsOf(manifest: FlowManifest, level: number, compared: readonly number[]): Reports {
  const there = new Set(
    manifest.coverage.filter((row) => row.level === level).map((row) => `${row.side} ${row.reporter} ${row.period}`),
  )
  return (side, economies, periods = compared) =>
    side === 'reconciled' ||
    periods.every((period) => economies.some((economy) => there.has(`${side} ${economy} ${period}`)))
}

/** How many windows, from the latest on, something is known of. */
function windowsUntil({ windows }: Span, known: (window: readonly number[]) => boolean): number {
  const gap = windows.findIndex((window) => !known(window))
  return gap === -1 ? windows.length : gap
}

/** Whose reports the legs are read from. */
export interface Sides {
  readonly first: Side
  readonly second: Side
  readonly mirror: Side | ''
  direct_observed(destinations: readonly string[]): boolean
  first_observed(hub: string): boolean
  /** How many windows the first leg of a hub, and direct trade, is reported in. */
  first_windows(hub: string): number
  direct_windows(destinations: readonly string[]): number
  readonly caveats: readonly string[]
}

/**
 * Whose reports each leg is read from: as asked; else reconciled flows, what the origins say where they report in all periods
 * compared, or what their buyers say.
 * @throws Refusal where the dataset has no report of that side
 */
export function sidesOf(
  asked: Side | '',
  about: {
    readonly manifest: FlowManifest
    readonly span: Span
    readonly reports: Reports
    /** Whether the origins report what they sell in all periods compared, and of all windows the periods in which they do. */
    readonly sold: { readonly whole: boolean; readonly periods: readonly number[] }
    readonly origins: readonly string[]
    readonly hubs: readonly string[]
  },
): Sides {
  const { manifest, span, reports, sold, origins, hubs } = about
  const first =
    asked !== ''
      ? asked
      : manifest.sides.includes('reconciled')
        ? 'reconciled'
        : manifest.sides.includes('exporter') && sold.whole
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
        : `${manifest.name} does not hold the exports of ${origins.map(economyName).join(', ')} in all periods compared, nor imports as their buyers report them. It has the exports of ${reporters.slice(0, 8).map(economyName).join(', ')}${reporters.length > 8 ? ', …' : ''}`,
    )
  }
  const mirror = first === 'exporter' && manifest.sides.includes('importer') ? 'importer' : ''
  const told = (buyers: readonly string[], window: readonly number[]) =>
    first === 'exporter' ? window.every((period) => sold.periods.includes(period)) : reports(first, buyers, window)
  return {
    first,
    second: first === 'importer' && hubs.some((hub) => reports('exporter', [hub])) ? 'exporter' : first,
    mirror,
    direct_observed: (destinations) =>
      first === 'importer' ? reports('importer', destinations) : first === 'reconciled' || sold.whole,
    first_observed: (hub) => (first === 'importer' ? reports('importer', [hub]) : first === 'reconciled' || sold.whole),
    first_windows: (hub) => windowsUntil(span, (window) => told([hub], window)),
    direct_windows: (destinations) => windowsUntil(span, (window) => told(destinations, window)),
    caveats:
      first === 'reconciled'
        ? [
            'Flows are reconciled: where a destination or hub does not report, its figures are its partners’, so that the two legs do not confirm each other.',
          ]
        : [],
  }
}

/**
 * The hubs of a question, by alphabet, with what the data show of their legs: those asked about, or every importer between
 * the ends; and every importer's kind.
 * @throws Refusal where a hub is at an end of the corridor, or the dataset has trade of none
 */
export function hubsIn(
  given: CorridorGiven,
  home: string,
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
    throw new Refusal(
      'wrong_use',
      'hub/end',
      `${economyName(own)} is at an end of the corridor, not between: leave it out of --hub`,
    )
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
      const seller = sides.second === 'importer' ? destinations : [economy]
      const second = reports(sides.second, seller) ? 'second' : destinationReports ? 'second mirror' : undefined
      const told = (window: readonly number[]) =>
        second === 'second' ? reports(sides.second, seller, window) : reports('importer', destinations, window)
      return {
        economy,
        status: statusOf(economy),
        first_observed: sides.first_observed(economy),
        mirror_observed: destinationReports,
        arrivals_observed: sides.mirror !== '' && reports(sides.mirror, [economy]),
        second,
        first_windows: sides.first_windows(economy),
        second_windows: second === undefined ? 0 : windowsUntil(span, told),
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
