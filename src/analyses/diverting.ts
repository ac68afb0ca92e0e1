import { setImmediate } from 'node:timers/promises'
import type { Bound } from '../engine/engine.ts'
import { measure } from '../engine/statement.ts'
import { type CorridorUnit, drawsFor, type HubTests, testHubs } from '../measures/diversion-tests.ts'
import { type Judgement, judge } from '../measures/diversion-verdict.ts'
import { type Baseline, type BaselineName, baselineNames } from '../measures/excess-baselines.ts'
import { standardDifference } from '../measures/listed-growth.ts'
import { type Edge, maximumFlow } from '../measures/maximum-flow.ts'
import type { Context, Row } from './analysis.ts'
import { type Histories, historiesOf, type LegHistory } from './corridor-histories.ts'
import { type CorridorGiven, type Corridors, corridorsIn, type Hub, type HubStatus, hubStatuses } from './corridors.ts'

const excessStatement = measure('corridor_excess')
const quietStatement = measure('corridor_quiet_growth')
const boundsStatement = measure('corridor_bounds')
const cellsStatement = measure('corridor_cells')
const boundColumns = [
  'baseline',
  'hub',
  'first_excess',
  'second_excess',
  'second_mirror_excess',
  'through_low',
  'through_high',
  'capped',
  'shared_low',
  'shared_high',
  'lost',
] as const
const cellColumns = ['leg', 'hub', 'unit', 'listed', 'post', 'last', 'prior', 'months', 'born'] as const

/**
 * What could have come through a hub, in currency: at least and at most; at most and no more than was lost; and both cut in
 * proportion so that all hubs of its kind together are no more than was lost.
 */
export interface Through {
  readonly first_excess: number | null
  readonly second_excess: number | null
  readonly through_low: number
  readonly through_high: number
  readonly capped: number
  readonly shared_low: number
  readonly shared_high: number
}

/** Bounds by one baseline. */
export interface BoundsBy {
  readonly baseline: 'leading' | BaselineName
  /** What was lost directly; null where direct trade is not observed. */
  readonly lost: number | null
  of(hub: string): Through
}

/** A hub with all that was found of it. */
export interface FoundHub {
  readonly hub: Hub
  readonly first: LegHistory | undefined
  readonly second: LegHistory | undefined
  readonly tests: HubTests | undefined
  readonly judgement: Judgement
  /** Of what was sold after the event, goods of which none was in the data before. */
  readonly born: number | null
  readonly confounders: readonly string[]
}

/** All that was found of the corridors of one question. */
export interface Found {
  readonly corridors: Corridors
  readonly histories: Histories
  readonly hubs: readonly FoundHub[]
  /** By the leading baseline first, then by each that any hub has. */
  readonly bounds: readonly BoundsBy[]
  /** What could have passed along chains of hubs, by kind, in currency; empty where it is not known. */
  readonly chains: ReadonlyMap<HubStatus, number>
  readonly draws: number
  readonly caveats: readonly string[]
}

/** Pairs of hubs of one kind that were named, from one to the other, whose sales are in the data. */
function pairsOf({ hubs, values }: Corridors): string[] {
  const named = new Set(values['onward_hubs'] as readonly string[])
  const sellers = hubs.filter(({ economy, second }) => named.has(economy) && second === 'second')
  return sellers.flatMap((one) =>
    sellers.flatMap((other) =>
      one !== other && one.status === other.status ? [`${one.economy}>${other.economy}`] : [],
    ),
  )
}

/** A factor as text that reads back as the same number on every engine. */
const written = (factor: number) => factor.toPrecision(17)

/** By what a leg's goods before the event are multiplied to have what would have been; for goods new to it nothing would. */
function factorOf({ before }: LegHistory, { expected }: Baseline, windows: number): number {
  const all = (before ?? 0) * windows
  return all > 0 ? (expected as number) / all : 0
}

/** What statements over excesses bind: a factor for each leg, hub and baseline, and which second legs and pools there are. */
export function excessValues(
  corridors: Corridors,
  histories: Histories,
  baselines: readonly ('leading' | BaselineName)[],
): Record<string, Bound> {
  const legs: { leg: string; hub: string; number: number; factor: string }[] = []
  const windows = Number(corridors.values['mean_windows'])
  for (const [number, name] of baselines.entries()) {
    const add = (history: LegHistory | undefined) => {
      if (!history) return
      const own = history.baselines.find((one) => one.name === name)
      const used = own && own.expected !== null ? own : history.leading
      legs.push({ leg: history.leg, hub: history.hub, number, factor: written(factorOf(history, used, windows)) })
    }
    if (corridors.direct_observed) add(histories.direct)
    for (const pair of pairsOf(corridors)) add(histories.of('between', pair))
    for (const { economy, second } of corridors.hubs) {
      add(histories.of('first', economy))
      if (second) add(histories.of(second, economy))
    }
  }
  const seconds = corridors.hubs.filter(({ second }) => second !== undefined)
  return {
    ...corridors.values,
    baseline_leg: legs.map(({ leg }) => leg),
    baseline_hub: legs.map(({ hub }) => hub),
    baseline_number: legs.map(({ number }) => number),
    baseline_factor: legs.map(({ factor }) => factor),
    second_hub: seconds.map(({ economy }) => economy),
    second_leg: seconds.map(({ second }) => second as string),
    pool_hub: corridors.hubs.map(({ economy }) => economy),
    pool_number: corridors.hubs.map(({ status }) => hubStatuses.indexOf(status)),
  }
}

const nothing: Through = {
  first_excess: null,
  second_excess: null,
  through_low: 0,
  through_high: 0,
  capped: 0,
  shared_low: 0,
  shared_high: 0,
}

async function boundsOf(corridors: Corridors, histories: Histories): Promise<BoundsBy[]> {
  const known = baselineNames.filter((name) =>
    corridors.hubs.some(({ economy }) =>
      histories.of('first', economy)?.baselines.some((one) => one.name === name && one.expected !== null),
    ),
  )
  const baselines = ['leading', ...known] as const
  const plan = {
    statement: boundsStatement,
    values: excessValues(corridors, histories, baselines),
    order: ['baseline', 'hub'],
    every_importer: true,
  }
  const rows = await corridors.reader.rows(plan, boundColumns)
  const found = new Map(rows.map((row) => [`${row['baseline']} ${row['hub']}`, row]))
  return baselines.map((baseline, number) => {
    const lost = found.get(`${number} `)?.['lost'] ?? null
    return {
      baseline,
      lost: corridors.direct_observed ? Number(lost ?? 0) : null,
      of: (hub) => {
        const row = found.get(`${number} ${hub}`)
        const second = corridors.hubs.find(({ economy }) => economy === hub)?.second
        if (!row) return nothing
        const whole = (name: string) => Number(row[name] ?? 0)
        return {
          first_excess: row['first_excess'] as number | null,
          second_excess: (second === 'second' ? row['second_excess'] : second ? row['second_mirror_excess'] : null) as
            | number
            | null,
          through_low: whole('through_low'),
          through_high: whole('through_high'),
          capped: whole('capped'),
          shared_low: whole('shared_low'),
          shared_high: whole('shared_high'),
        }
      },
    }
  })
}

/**
 * The most that could have passed along chains of hubs too, by kind: maximum flow over the excesses of all legs, unit by
 * unit. Known where hubs are named, for only then is what they sell one another read.
 */
async function chainsOf(corridors: Corridors, histories: Histories): Promise<ReadonlyMap<HubStatus, number>> {
  if (pairsOf(corridors).length === 0) return new Map()
  const plan = {
    statement: excessStatement,
    values: excessValues(corridors, histories, ['leading']),
    order: ['unit', 'leg', 'hub'],
    every_importer: true,
  }
  const statuses = new Map(corridors.hubs.map(({ economy, status }) => [economy, status]))
  const networks = new Map<string, { status: HubStatus; edges: Edge[] }>()
  for (const row of await corridors.reader.rows(plan, ['unit', 'leg', 'hub', 'excess'])) {
    const [from = '', to] = String(row['hub']).split('>')
    const status = statuses.get(from)
    const second = corridors.hubs.find(({ economy }) => economy === from)?.second
    if (status === undefined) continue
    const name = `${status} ${row['unit']}`
    const network = networks.get(name) ?? { status, edges: [] }
    const excess = Number(row['excess'])
    if (row['leg'] === 'first') network.edges.push(['origin', from, excess])
    else if (row['leg'] === second) network.edges.push([from, 'destination', excess])
    else if (to !== undefined) network.edges.push([from, to, excess])
    networks.set(name, network)
  }
  const most = new Map<HubStatus, number>()
  for (const { status, edges } of networks.values())
    most.set(status, (most.get(status) ?? 0) + maximumFlow(edges, 'origin', 'destination'))
  return most
}

/** Units of goods of some hubs, by hub and leg. */
async function unitsOf(corridors: Corridors, hubs: readonly string[]): Promise<(hub: string, leg: string) => Row[]> {
  const plan = {
    statement: cellsStatement,
    values: { ...corridors.values, hubs },
    order: ['leg', 'hub', 'unit', 'listed'],
    every_importer: true,
  }
  const found = new Map<string, Row[]>()
  for (const row of hubs.length === 0 ? [] : await corridors.reader.rows(plan, cellColumns)) {
    const name = `${row['hub']} ${row['leg']}`
    const those = found.get(name)
    if (those) those.push(row)
    else found.set(name, [row])
  }
  return (hub, leg) => found.get(`${hub} ${leg}`) ?? []
}

/**
 * Growth of listed goods beyond that of others in the year before, mean over goods, of every importer to which the origins
 * sell enough: what a placebo date gives.
 */
async function placebosOf(given: CorridorGiven, corridors: Corridors, histories: Histories): Promise<number[]> {
  if (corridors.span.windows.length < 2 || !histories.unlisted_units) return []
  const plan = {
    statement: quietStatement,
    values: { ...corridors.values, offset: given.offset },
    order: ['hub', 'listed'],
    every_importer: true,
  }
  interface Grown {
    readonly units: number
    readonly growth: number
    readonly squares: number
  }
  const grown = new Map<string, Grown[]>()
  for (const row of await corridors.reader.rows(plan, ['hub', 'listed', 'units', 'growth', 'squares'])) {
    const pair = grown.get(String(row['hub'])) ?? []
    pair[Number(row['listed'])] = {
      units: Number(row['units']),
      growth: Number(row['growth']) / 1e12,
      squares: Number(row['squares']) / 1e6,
    }
    grown.set(String(row['hub']), pair)
  }
  return [...grown].flatMap(([hub, [others, listed]]) => {
    if (!others || !listed || others.units < 2 || listed.units < 2 || histories.sold(hub) < given.min_value) return []
    return standardDifference(
      listed.growth / listed.units - others.growth / others.units,
      { listed: listed.units, others: others.units },
      { sum: listed.growth + others.growth, squares: listed.squares + others.squares },
    )
  })
}

/** Of what is sold after the event, in goods of which none was in the data before: so much that codes, not trade, changed. */
const mostBorn = 0.5
const fewestPeriods = 3

/**
 * Find for every hub what its legs did, by every baseline, how likely that is by chance, and what it amounts to.
 * @throws Refusal where the question names too little, or the dataset cannot carry it
 */
export async function divert(given: CorridorGiven, context: Context): Promise<Found> {
  const corridors = await corridorsIn(given, context)
  const histories = await historiesOf(given, corridors, context)
  const bounds = await boundsOf(corridors, histories)
  const chains = await chainsOf(corridors, histories)
  const leading = bounds[0] as BoundsBy
  const { span, hubs } = corridors
  const large = hubs.filter(({ economy }) => {
    const first = histories.of('first', economy)
    return first && first.values.listed.post >= given.min_value
  })
  const units = await unitsOf(
    corridors,
    large.map(({ economy }) => economy),
  )
  const prior = span.windows.length > 1
  const asUnits = (rows: readonly Row[]): CorridorUnit[] =>
    rows.map((row) => ({
      listed: row['listed'] === 1,
      post: Number(row['post']),
      last: Number(row['last']),
      prior: prior ? Number(row['prior']) : null,
    }))
  const testable = histories.unlisted_units ? large : []
  const draws = drawsFor(2 * testable.length, given.draws)
  const pause = async () => {
    await setImmediate()
    context.signal?.throwIfAborted()
  }
  // Where every importer is asked about, the hubs tested are all there are.
  const placebos =
    given.hub.length > 0 && testable.length > 0 ? { placebos: await placebosOf(given, corridors, histories) } : {}
  const tested = testable.map(({ economy, status, second }) => ({
    hub: economy,
    kind: status,
    first: asUnits(units(economy, 'first')),
    second: second ? asUnits(units(economy, second)) : undefined,
  }))
  const settings = { draws, seed: given.seed, offset: given.offset, ...placebos }
  const tests = new Map((await testHubs(tested, settings, pause)).map((one) => [one.hub, one]))
  const found = hubs.map((hub): FoundHub => {
    const first = histories.of('first', hub.economy)
    const second = hub.second && histories.of(hub.second, hub.economy)
    const through = leading.of(hub.economy)
    const listed = units(hub.economy, 'first').filter((row) => row['listed'] === 1)
    const post = first?.values.listed.post ?? 0
    const born = listed.length > 0 && post > 0 ? listed.reduce((sum, row) => sum + Number(row['born']), 0) / post : null
    const excess = first && first.leading.expected !== null ? post - first.leading.expected : 0
    const tested = tests.get(hub.economy)
    const judgement = judge({
      direct_observed: corridors.direct_observed,
      first_observed: first !== undefined,
      post,
      floor: given.min_value,
      excess,
      excess_floor: given.min_excess,
      // Whole years have no months to count.
      post_periods:
        corridors.manifest.frequency === 'month' ? Math.max(0, ...listed.map((row) => Number(row['months']))) : 1,
      fewest_post_periods: corridors.manifest.frequency === 'month' ? Math.min(fewestPeriods, span.post.length) : 0,
      pre_months: span.pre_months,
      windows: span.windows.length,
      first_rate: tested?.first_rate ?? null,
      second_rate: tested?.second_rate ?? null,
      second_observed: hub.second !== undefined,
      through: through.through_low,
      parallel_before: tested?.parallel_before ?? null,
      code_change: born !== null && excess > 0 && born * post > mostBorn * excess,
      placebo: tested?.placebo_p ?? null,
    })
    return {
      hub,
      first,
      second,
      tests: tested,
      judgement,
      born,
      confounders: confoundersOf(corridors, histories, hub, first, born),
    }
  })
  return {
    corridors,
    histories,
    hubs: found,
    bounds,
    chains,
    draws,
    caveats: [...corridors.caveats, ...histories.caveats],
  }
}

/** What else could have made a first leg grow, of what the data let one see. */
function confoundersOf(
  corridors: Corridors,
  histories: Histories,
  hub: Hub,
  first: LegHistory | undefined,
  born: number | null,
): string[] {
  if (!first || first.before === null) return []
  const { listed, unlisted } = first.values
  const raw = listed.post - first.before
  const did = first.baselines.find(({ name }) => name === 'unlisted-growth')?.expected ?? null
  const explained = did !== null && raw > 0 ? (did - first.before) / raw : 0
  const mirror = histories.of('first mirror', hub.economy)
  const arrived =
    mirror && mirror.before !== null && raw > 0 ? (mirror.values.listed.post - mirror.before) / raw : undefined
  const percentage = (share: number) => `${Math.round(share * 100)} %`
  return [
    ...(explained > 0.1
      ? [`demand: other goods grew too, which would explain ${percentage(Math.min(1, explained))} of the rise`]
      : []),
    ...(born !== null && born >= 0.1
      ? [`codes: ${percentage(born)} of it is in goods of which none was in the data before`]
      : []),
    ...(first.before > 0 && first.before < 1_000_000 ? ['tiny base before'] : []),
    ...(arrived !== undefined && arrived < 0.8
      ? [`ghost trade: the hub itself records ${percentage(Math.max(0, arrived))} of the rise as arrived`]
      : []),
    ...(corridors.listed.products.some((one) => one.listed === 'partly') ? ['the list is finer than the data'] : []),
    ...(corridors.span.windows
      .slice(0, Number(corridors.values['mean_windows']))
      .flat()
      .some((period) => Math.floor(period / 100) === 2020)
      ? ['the base is of 2020, a year of the pandemic']
      : []),
    ...(unlisted === undefined ? ['growth common to all goods is not known'] : []),
  ]
}

/** The interval of an excess over all baselines that a leg has. */
export function excessRange({ baselines, values }: LegHistory): { low: number; high: number } {
  const all = baselines.flatMap(({ expected }) => (expected === null ? [] : [values.listed.post - expected]))
  return { low: Math.min(...all), high: Math.max(...all) }
}

/** Ratio of listed goods' growth to that of others over a leg; null where either is unknown or was nothing. */
export function ratioOfRatios(
  { listed, unlisted }: LegValues,
  from: (windows: readonly number[]) => number,
  to: 'post' | number,
): number | null {
  const at = (goods: { post: number; windows: readonly number[] }) =>
    to === 'post' ? goods.post : (goods.windows[to] ?? 0)
  if (!unlisted) return null
  const growth = (goods: { post: number; windows: readonly number[] }) => {
    const before = from(goods.windows)
    return before > 0 ? at(goods) / before : null
  }
  const [one, other] = [growth(listed), growth(unlisted)]
  return one === null || other === null || other === 0 ? null : one / other
}

type LegValues = LegHistory['values']

/** Hubs of one kind, in words, for rows that are their sum. */
export const poolNames: Readonly<Record<HubStatus, string>> = {
  free: 'free hubs',
  coalition: 'coalition hubs',
  restricted: 'restricted hubs',
}
