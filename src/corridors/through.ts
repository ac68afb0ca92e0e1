import type { Bound } from '../engine/engine.ts'
import { measure } from '../engine/statement.ts'
import { type Baseline, type BaselineName, baselineNames } from '../measures/excess-baselines.ts'
import { type Edge, maximumFlow } from '../measures/maximum-flow.ts'
import type { Corridors } from './corridors.ts'
import { listedOnly } from './goods.ts'
import type { Histories, LegHistory } from './histories.ts'
import { type HubStatus, hubStatuses } from './hubs.ts'

const excessStatement = measure('corridor_excess')
const boundsStatement = measure('corridor_bounds')
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
    ...listedOnly(corridors.values),
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

/** Bounds by the leading baseline, and by each that any hub has. */
export async function boundsOf(corridors: Corridors, histories: Histories): Promise<BoundsBy[]> {
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
export async function chainsOf(corridors: Corridors, histories: Histories): Promise<ReadonlyMap<HubStatus, number>> {
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
