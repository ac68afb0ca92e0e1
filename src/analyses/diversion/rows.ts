import type { Found, FoundHub } from '../../corridors/findings.ts'
import { excessRange, poolNames, ratioOfRatios } from '../../corridors/findings.ts'
import type { LegHistory } from '../../corridors/histories.ts'
import { type HubStatus, hubStatuses } from '../../corridors/hubs.ts'
import type { BoundsBy } from '../../corridors/through.ts'
import { economyInWords } from '../../reference/economies.ts'
import { amount, percent } from '../../wording.ts'
import type { Row } from '../analysis.ts'

const mean = (count_: number) => (windows: readonly number[]) =>
  windows.length >= count_ ? windows.slice(0, count_).reduce((sum, value) => sum + value, 0) / count_ : 0

/** What stands of a first leg, or of direct trade, in a row. */
function firstLeg(history: LegHistory | undefined, windows: number): Row {
  if (!history) return {}
  const { listed, unlisted } = history.values
  if (history.before === null) return { first_leg_after: listed.post }
  const range = excessRange(history)
  const others = unlisted && mean(windows)(unlisted.windows)
  return {
    first_leg_before: history.before,
    first_leg_after: listed.post,
    first_leg_excess: history.leading.expected === null ? null : listed.post - history.leading.expected,
    first_leg_low: range.low,
    first_leg_high: range.high,
    baseline: history.leading.name,
    first_leg_ratio: history.before > 0 ? listed.post / history.before : null,
    unlisted_ratio: others ? (unlisted?.post ?? 0) / others : null,
    ratio_of_ratios: ratioOfRatios(history.values, mean(windows), 'post'),
    placebo_ratio:
      listed.windows.length > 1 && (unlisted?.windows.length ?? 0) > 1
        ? ratioOfRatios(history.values, (all) => all[1] ?? 0, 0)
        : null,
  }
}

/**
 * Shares of the loss by the leading baseline, and their outer bounds over all. A hub alone could account for all of its
 * excess that was lost; hubs together share it.
 */
function recovered(bounds: readonly BoundsBy[], hubs: readonly string[]): Row {
  const most = hubs.length === 1 ? 'capped' : 'shared_high'
  const by = bounds.map(({ lost, of }) => {
    const parts = hubs.map(of)
    const sum = (name: 'shared_low' | 'shared_high' | 'capped') => parts.reduce((total, part) => total + part[name], 0)
    return { lost, low: sum('shared_low'), high: sum(most) }
  })
  const [leading] = by
  const part = (value: number, lost: number | null | undefined) => (lost ? Math.min(1, value / lost) : null)
  const losses = by.flatMap(({ lost }) => lost ?? [])
  return {
    recovered_low: leading ? part(leading.low, leading.lost) : null,
    recovered_high: leading ? part(leading.high, leading.lost) : null,
    recovered_least: part(Math.min(...by.map(({ low }) => low)), Math.max(...losses, 0)),
    recovered_most: part(Math.max(...by.map(({ high }) => high)), losses.length > 0 ? Math.min(...losses) : null),
  }
}

/** What freight and insurance add at most to a value at the exporter's border: methods, diversion section b (REC6). */
const mostFreight = 1.1

/** An excess of the second leg at the border of the destination: both ends with one factor for before and after. */
function border(excess: number | null, { second }: FoundHub['hub']): Row {
  if (excess === null || second === undefined) return {}
  const ends = second === 'second' ? [excess, excess * mostFreight] : [excess / mostFreight, excess]
  return { second_leg_low: Math.min(...ends), second_leg_high: Math.max(...ends) }
}

/** What part of its sales of these goods a hub makes to the destination; null where all its sales are not read. */
function onwardShare({ histories, corridors }: Found, { hub, second }: FoundHub): number | null {
  if (corridors.values['onward_hubs']?.toString() === '' || hub.second !== 'second' || !second) return null
  const to = second.values.listed.post
  const among = corridors.hubs.map(({ economy }) => histories.of('between', `${hub.economy}>${economy}`))
  const rest = [histories.of('onward', hub.economy), ...among]
  const all = rest.reduce((sum, leg) => sum + (leg?.values.listed.post ?? 0), to)
  return all > 0 ? to / all : null
}

/** Of the rise of a first leg, what its other report does not have. Source: methods, diversion section i (REC7). */
function unarrived(sent: LegHistory, arrived: LegHistory): number | null {
  const rise = ({ before, values }: LegHistory) => values.listed.post - (before ?? values.listed.post)
  return rise(sent) > 0 ? 1 - rise(arrived) / rise(sent) : null
}

function hubRow(found: Found, one: FoundHub, windows: number): Row {
  const { hub, first, second, tests, judgement } = one
  const through = (found.bounds[0] as BoundsBy).of(hub.economy)
  const excess = first && first.leading.expected !== null ? first.values.listed.post - first.leading.expected : null
  const further =
    second && second.leading.expected !== null ? second.values.listed.post - second.leading.expected : null
  const past = first !== undefined && first.before !== null
  const arrived = found.histories.of('first mirror', hub.economy)
  const mirror = found.histories.of('second mirror', hub.economy)
  return {
    hub: hub.economy,
    hub_status: hub.status,
    ...firstLeg(first, windows),
    second_leg_before: second ? second.before : null,
    second_leg_after: second ? second.values.listed.post : null,
    second_leg_excess: further,
    ...border(further, hub),
    second_leg_report: hub.second === undefined ? null : hub.second === 'second' ? 'hub' : 'destination',
    mirror_before: mirror ? mirror.before : null,
    mirror_after: mirror ? mirror.values.listed.post : null,
    onward_share: onwardShare(found, one),
    pass_ratio: excess !== null && excess > 0 && further !== null ? Math.max(0, further) / excess : null,
    arrived_before: arrived ? arrived.before : null,
    arrived_after: arrived ? arrived.values.listed.post : null,
    ghost_share: first && arrived ? unarrived(first, arrived) : null,
    // Without a past there is no excess, and nothing that could have come of it.
    through_low: past ? through.through_low : null,
    through_high: past ? through.through_high : null,
    allotted_low: past ? through.shared_low : null,
    allotted_high: past ? through.shared_high : null,
    ...(first ? recovered(found.bounds, [hub.economy]) : {}),
    score: tests?.score ?? null,
    q_value: tests?.first_rate ?? null,
    second_q_value: tests?.second_rate ?? null,
    placebo_p: tests?.placebo_p ?? null,
    detectable_ratio: tests?.detectable === undefined || tests.detectable === null ? null : Math.exp(tests.detectable),
    born_share: past ? one.born : null,
    pre_months: found.corridors.span.pre_months,
    verdict: judgement.verdict,
    testable: judgement.testable,
    reasons: judgement.reasons.join('; '),
    confounders: one.confounders.join('; ') || null,
  }
}

/** All hubs of one kind together: sums, and shares in which nothing is counted twice. */
function poolRow(found: Found, status: HubStatus): Row | undefined {
  const those = found.hubs.filter(({ hub, first }) => hub.status === status && first !== undefined)
  if (those.length < 2) return undefined
  const bounds = found.bounds[0] as BoundsBy
  const sum = (of: (one: FoundHub) => number) => those.reduce((total, one) => total + of(one), 0)
  const names = those.map(({ hub }) => hub.economy)
  const after = sum(({ first }) => first?.values.listed.post ?? 0)
  // Where one of them has no past, their sum has none.
  const past = those.every(({ first }) => first?.before !== null)
  const before = sum(({ first }) => first?.before ?? 0)
  return {
    hub: poolNames[status],
    hub_status: 'pool',
    first_leg_after: after,
    ...(past
      ? {
          first_leg_before: before,
          first_leg_excess: sum(({ first }) => (first ? first.values.listed.post - (first.leading.expected ?? 0) : 0)),
          first_leg_low: sum(({ first }) => (first ? excessRange(first).low : 0)),
          first_leg_high: sum(({ first }) => (first ? excessRange(first).high : 0)),
          first_leg_ratio: before > 0 ? after / before : null,
          through_low: names.reduce((total, name) => total + bounds.of(name).through_low, 0),
          through_high: names.reduce((total, name) => total + bounds.of(name).through_high, 0),
          through_chains: found.chains.get(status) ?? null,
        }
      : {}),
    ...recovered(found.bounds, names),
    pre_months: found.corridors.span.pre_months,
  }
}

/** Direct trade, in the row of the destination. */
function directRow({ corridors, histories }: Found, windows: number): Row {
  const observed = corridors.direct_observed
  return {
    hub: corridors.destination,
    hub_status: 'destination',
    ...(observed ? firstLeg(histories.direct, windows) : {}),
    pre_months: corridors.span.pre_months,
    reasons: observed ? null : 'direct trade is not observed',
  }
}

const place = (row: Row) =>
  row['hub_status'] === 'destination'
    ? 0
    : row['hub_status'] === 'pool'
      ? 1
      : 2 + hubStatuses.indexOf(row['hub_status'] as HubStatus)

/** Direct trade first, sums of each kind, then hubs by kind, the largest excess first. */
export function rowsOf(found: Found): Row[] {
  const windows = Number(found.corridors.values['mean_windows'])
  const pools = hubStatuses.map((status) => poolRow(found, status)).filter((row) => row !== undefined)
  const excess = (row: Row) => Number(row['first_leg_excess'] ?? Number.NEGATIVE_INFINITY)
  return [directRow(found, windows), ...pools, ...found.hubs.map((one) => hubRow(found, one, windows))].sort(
    (one, other) =>
      place(one) - place(other) ||
      // Of two without a figure neither is larger.
      (excess(one) === excess(other) ? 0 : excess(other) - excess(one)) ||
      (String(one['hub']) < String(other['hub']) ? -1 : 1),
  )
}

/** The finding in a sentence: direct trade, verdicts and the largest of them, and the share of the loss. */
export function headlineOf(found: Found, rows: readonly Row[]): string | undefined {
  const { corridors } = found
  const money_ = (value: number) => amount(value, corridors.manifest.currency)
  const direct = rows.find((row) => row['hub_status'] === 'destination')
  const hubs = rows.filter((row) => row['hub_status'] === 'free')
  const consistent = hubs.filter((row) => row['verdict'] === 'consistent with diversion')
  const first = consistent[0] ?? hubs[0]
  const goods = `listed goods (${corridors.listed.list.title})`
  const origin = corridors.origin.split('+').map(economyInWords).join(' and ')
  const destination = corridors.destination.split('+').map(economyInWords).join(' and ')
  const lost =
    direct && typeof direct['first_leg_before'] === 'number'
      ? `${origin} sold ${destination} ${money_(Number(direct['first_leg_after']))} of ${goods} in ${corridors.span.text.post}, against ${money_(direct['first_leg_before'])} before. `
      : ''
  if (!first) return lost === '' ? undefined : lost.trim()
  if (typeof first['first_leg_excess'] !== 'number') {
    const parts = [
      ...(typeof first['first_leg_after'] !== 'number'
        ? []
        : [`bought ${money_(Number(first['first_leg_after']))} of ${goods} from ${origin}`]),
      ...(typeof first['second_leg_after'] !== 'number'
        ? []
        : [`sold ${destination} ${money_(Number(first['second_leg_after']))}`]),
    ]
    const part =
      typeof first['onward_share'] !== 'number'
        ? ''
        : `, ${percent(Number(first['onward_share']))} of all that it sold of them`
    return `${lost}Not testable: ${String(first['reasons']).split('; ').at(-1)}. In ${corridors.span.text.post} ${economyInWords(String(first['hub']))} ${parts.join(' and ')}${part}.`
  }
  const free = rows.find((row) => row['hub'] === poolNames.free)
  const pool = free ?? (hubs.length === 1 ? first : undefined)
  const hub = economyInWords(String(first['hub']))
  const share_ =
    pool && typeof pool['recovered_high'] === 'number'
      ? ` ${free ? 'Free hubs could account for' : `Of what was lost ${hub} could account for`} ${percent(Number(pool['recovered_low']))} at least and ${percent(Number(pool['recovered_high']))} at most${free ? ' of what was lost' : ''}.`
      : ''
  const excess = Number(first['first_leg_excess'])
  const [low, high] = [money_(Number(first['first_leg_low'])), money_(Number(first['first_leg_high']))]
  const range = low === high ? '' : ` (${low} to ${high} by other baselines)`
  const grew = `${hub} bought ${money_(Math.abs(excess))} ${excess < 0 ? 'less' : 'more'} than its baseline${range}`
  const verdicts =
    consistent.length > 0
      ? `${consistent.length} of ${hubs.length} free hubs ${consistent.length === 1 ? 'is' : 'are'} consistent with diversion: `
      : hubs.length === 1
        ? `For ${hub} the data are not consistent with diversion; `
        : `No free hub of ${hubs.length} is consistent with diversion on these data; ${excess > 0 ? 'the largest rise: ' : 'none rose: '}`
  return `${lost}${verdicts}${grew}, ${first['verdict']}${consistent.length > 0 ? '' : ` (${String(first['reasons']).split('; ')[0]})`}.${share_}`
}
