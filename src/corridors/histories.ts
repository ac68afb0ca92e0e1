import type { Context, Row } from '../analyses/analysis.ts'
import type { Side } from '../dataset/schema.ts'
import { measure } from '../engine/statement.ts'
import {
  type Baseline,
  type BeforeAfter,
  baselinesOf,
  type CorridorHistory,
  leadingBaseline,
} from '../measures/excess-baselines.ts'
import { economyName } from '../reference/economies.ts'
import { Refusal } from '../refusal.ts'
import { periodName } from '../wording.ts'
import type { Corridors } from './corridors.ts'
import type { Hub } from './hubs.ts'
import type { CorridorGiven } from './parameters.ts'

/** Goods in the span after the event, and in each window before that is reported, the latest first: currency. */
export interface Windowed {
  readonly post: number
  readonly windows: readonly number[]
}

/** Listed and other goods over a leg. */
export interface LegValues {
  readonly listed: Windowed
  /** Undefined where goods off the list are not in the data. */
  readonly unlisted: Windowed | undefined
}

/** A leg with what would have been. */
export interface LegHistory {
  readonly leg: string
  readonly hub: string
  readonly values: LegValues
  /** The mean of the windows before; null where there is none. */
  readonly before: number | null
  readonly baselines: readonly Baseline[]
  readonly leading: Baseline
}

/** The history of every leg of every corridor. */
export interface Histories {
  of(leg: string, hub: string): LegHistory | undefined
  readonly direct: LegHistory
  /** Listed goods that the origins sold to any importer after the event, asked about or not: currency. */
  sold(importer: string): number
  /** Whether goods off the list are in the dataset itself, so that they can be tested unit by unit. */
  readonly unlisted_units: boolean
  readonly caveats: readonly string[]
}

const seriesStatement = measure('corridor_series')
const columns = ['leg', 'hub', 'listed', 'period', 'value'] as const
/** Fewer other buyers than these are no world for a growth elsewhere. */
const fewestElsewhere = 10

type Sums = ReadonlyMap<string, Windowed>

const key = (leg: string, hub: string, listed: number) => `${leg}|${hub}|${listed}`

/** Values of each leg, hub and kind of goods in the span and its windows. */
function summed(rows: readonly Row[], { span }: Corridors): Sums {
  const sums = new Map<string, { post: number; windows: number[] }>()
  const places = new Map<number, number[]>()
  for (const [number, periods] of [span.post, ...span.windows].entries())
    for (const period of periods) places.set(period, [...(places.get(period) ?? []), number])
  for (const row of rows) {
    const name = key(String(row['leg']), String(row['hub']), Number(row['listed']))
    const sum = sums.get(name) ?? { post: 0, windows: span.windows.map(() => 0) }
    for (const number of places.get(Number(row['period'])) ?? []) {
      if (number === 0) sum.post += Number(row['value'])
      else sum.windows[number - 1] = (sum.windows[number - 1] ?? 0) + Number(row['value'])
    }
    sums.set(name, sum)
  }
  return sums
}

/** All goods of the same origins by buyer, from the dataset named for them; undefined where none is. */
async function totalsOf(given: CorridorGiven, corridors: Corridors, context: Context): Promise<Sums | undefined> {
  if (given.totals === '') return undefined
  const { span, hubs, destinations, values } = corridors
  const named = given.totals.split('@')[0]
  const manifest = (await context.datasets()).find((one) => one.name === named)
  const flows = manifest?.kind === 'flow' ? manifest : undefined
  const buyers = [...hubs.map(({ economy }) => economy), ...destinations].filter(
    (one) => !flows || flows.importers.includes(one),
  )
  if (buyers.length === 0) return new Map()
  const sellers = new Set(flows?.coverage.filter(({ side }) => side === 'exporter').map(({ reporter }) => reporter))
  const silent =
    flows?.default_side === 'reconciled' || corridors.origin.split('+').some((code) => sellers.has(code))
      ? []
      : corridors.origins.filter((one) => !sellers.has(one))
  if (flows?.sides.includes('exporter') && silent.length > 0)
    throw new Refusal(
      'no_data',
      'totals/origins',
      `${given.totals} has not the exports of ${silent.slice(0, 5).map(economyName).join(', ')}${silent.length > 5 ? ', …' : ''}: what is left of it without listed goods would be too small. Name a dataset of all goods of ${given.origin.join(', ')}`,
    )
  const stored = flows && new Set(flows.periods)
  const whole = span.windows.filter((window) => !stored || window.every((period) => stored.has(period)))
  const answer = await context.ask('trade', {
    dataset: given.totals,
    importer: buyers,
    supplier: [corridors.origin],
    period: [...new Set([...span.post, ...whole.flat()])].sort((a, b) => a - b).map(periodName),
    level: '0',
    side: flows?.sides.includes(values['first_side'] as Side) ? values['first_side'] : '',
  })
  const rows = (await answer.rows(context.signal)).map(
    (row): Row => ({
      leg: destinations.includes(String(row['importer'])) ? 'direct' : 'first',
      hub: destinations.includes(String(row['importer'])) ? '' : (row['importer'] ?? null),
      listed: 0,
      period: row['period'] ?? null,
      value: row['value'] ?? null,
    }),
  )
  return summed(rows, { ...corridors, span: { ...span, windows: whole } })
}

const meanOf = (windows: readonly number[], count: number) =>
  windows.slice(0, count).reduce((sum, value) => sum + value, 0) / count

/** Read what went over every corridor, and reckon for each what would have been. */
export async function historiesOf(given: CorridorGiven, corridors: Corridors, context: Context): Promise<Histories> {
  const { reader, values, hubs, span } = corridors
  const plan = { statement: seriesStatement, values, order: ['leg', 'hub', 'listed', 'period'], every_importer: true }
  const sums = summed(await reader.rows(plan, columns), corridors)
  const totals = await totalsOf(given, corridors, context)
  const count = Number(values['mean_windows'])
  const nothing = { post: 0, windows: span.windows.map(() => 0) }
  const at = (leg: string, hub: string, listed: number) => sums.get(key(leg, hub, listed))
  const unlistedUnits = [...sums.keys()].some((name) => name.endsWith('|0'))
  const unlistedOf = (leg: string, hub: string) => {
    const total = leg === 'first' || leg === 'direct' ? totals?.get(key(leg, hub, 0)) : undefined
    if (total) {
      const listed = at(leg, hub, 1) ?? nothing
      return {
        post: total.post - listed.post,
        windows: total.windows.map((value, number) => value - (listed.windows[number] ?? 0)),
      }
    }
    return unlistedUnits ? (at(leg, hub, 0) ?? nothing) : undefined
  }
  const world = [...corridors.importers].flatMap(([economy, status]) => (status === 'restricted' ? [] : economy))
  const abroad = (listed: number, but: string): BeforeAfter | undefined => {
    const legs = world.flatMap((economy) => (economy === but ? [] : [at('first', economy, listed)]))
    if (legs.length < fewestElsewhere) return undefined
    const known = legs.flatMap((one) => one ?? [])
    if (known.length === 0) return undefined
    return {
      post: known.reduce((sum, one) => sum + one.post, 0),
      before: known.reduce((sum, one) => sum + meanOf(one.windows, count), 0),
    }
  }
  const beforeAfter = (sum: Windowed | undefined): BeforeAfter | undefined =>
    sum && sum.windows.length >= count ? { post: sum.post, before: meanOf(sum.windows, count) } : undefined
  const byCode = new Map(hubs.map((hub) => [hub.economy, hub]))
  /** Of legs that are only shown beside others, no more windows are read than are compared. */
  const reportedWindows = (leg: string, hub: string): number => {
    if (leg === 'direct') return corridors.direct_windows
    if (leg === 'first') return corridors.first_windows(hub)
    return leg === byCode.get(hub)?.second
      ? (byCode.get(hub)?.second_windows ?? 0)
      : Math.min(count, span.windows.length)
  }
  const known = new Map<string, LegHistory>()
  const history = (leg: string, hub: string): LegHistory => {
    const found = known.get(`${leg}|${hub}`)
    if (found) return found
    const reported = ({ post, windows }: Windowed) => ({ post, windows: windows.slice(0, reportedWindows(leg, hub)) })
    const listed = reported(at(leg, hub, 1) ?? nothing)
    const others = unlistedOf(leg, hub)
    const unlisted = others && reported(others)
    const about: CorridorHistory = {
      windows: listed.windows,
      mean_windows: count,
      // Goods off the list are restricted too where trade is direct: their growth is no world without the event.
      unlisted: leg === 'direct' ? undefined : beforeAfter(unlisted),
      listed_elsewhere: leg === 'first' ? abroad(1, hub) : undefined,
      unlisted_elsewhere: leg === 'first' && unlistedUnits ? abroad(0, hub) : undefined,
    }
    const baselines = baselinesOf(about)
    const asked = given.baseline === 'leading' ? undefined : baselines.find(({ name }) => name === given.baseline)
    const made: LegHistory = {
      leg,
      hub,
      values: { listed, unlisted },
      before: listed.windows.length > 0 ? meanOf(listed.windows, count) : null,
      baselines,
      leading: asked && asked.expected !== null ? asked : leadingBaseline(baselines),
    }
    known.set(`${leg}|${hub}`, made)
    return made
  }
  const observed = (leg: string, hub: Hub | undefined) => {
    if (leg === 'first') return hub?.first_observed
    if (leg === 'first mirror') return hub?.arrivals_observed
    return leg !== 'second mirror' || hub?.mirror_observed
  }
  return {
    of: (leg, hub) => (observed(leg, byCode.get(hub)) ? history(leg, hub) : undefined),
    direct: history('direct', ''),
    sold: (importer) => at('first', importer, 1)?.post ?? 0,
    unlisted_units: unlistedUnits,
    caveats:
      unlistedUnits || totals
        ? []
        : [
            `${corridors.manifest.name} holds listed goods only: growth that all goods of a corridor share cannot be told from theirs. Name a dataset of all goods with --totals.`,
          ],
  }
}
