import { z } from 'zod'
import { diversionVerdicts } from '../../measures/diversion-verdict.ts'
import { economyName } from '../../reference/economies.ts'
import { amount, percent } from '../../wording.ts'
import { defineAnalysis, type Row } from '../analysis.ts'
import type { LegHistory } from '../corridor-histories.ts'
import { corridorParameters, type HubStatus, hubStatuses } from '../corridors.ts'
import {
  type BoundsBy,
  divert,
  excessRange,
  type Found,
  type FoundHub,
  poolNames,
  ratioOfRatios,
} from '../diverting.ts'
import { count, currency, money, share } from '../fields.ts'

const parameters = z.strictObject(corridorParameters)

const ratio = z.number().min(0).nullable()
const rate = z.number().min(0).max(1).nullable()
const maybe = money.nullable()

const columns = z.strictObject({
  hub: z.string().meta({
    description: 'Through whom; the destination itself for direct trade, and sums over hubs of one kind',
    unit: 'economy',
  }),
  hub_status: z
    .enum(['destination', 'pool', ...hubStatuses])
    .meta({ description: 'free, of the coalition, or restricted itself; pool is a sum of one kind', unit: 'text' }),
  first_leg_before: z.number().nullable().meta({
    description: 'Listed goods sold to it by the origins: mean of the windows before',
    unit: currency,
  }),
  first_leg_after: maybe.meta({ description: 'The same in the span after the event', unit: currency }),
  first_leg_excess: z.number().nullable().meta({
    description: 'After less what would have been by the baseline named',
    unit: currency,
  }),
  first_leg_low: z.number().nullable().meta({ description: 'The least excess over all baselines', unit: currency }),
  first_leg_high: z.number().nullable().meta({ description: 'The largest excess over all baselines', unit: currency }),
  baseline: z.string().nullable().meta({ description: 'What would have been, by which reckoning', unit: 'text' }),
  first_leg_ratio: ratio.meta({ description: 'After over before; null for a new flow', unit: 'ratio' }),
  unlisted_ratio: ratio.meta({ description: 'The same of goods off the list; null where unknown', unit: 'ratio' }),
  ratio_of_ratios: ratio.meta({ description: 'One over the other', unit: 'ratio' }),
  placebo_ratio: ratio.meta({
    description: 'Ratio of ratios of the year before against the one before that, when nothing happened',
    unit: 'ratio',
  }),
  second_leg_before: z.number().nullable().meta({
    description:
      'Listed goods that it sold to the destination: mean of the windows before; null where nobody reports it',
    unit: currency,
  }),
  second_leg_after: maybe.meta({ description: 'The same in the span after the event', unit: currency }),
  second_leg_excess: z.number().nullable().meta({ description: 'After less what would have been', unit: currency }),
  second_leg_low: z.number().nullable().meta({
    description: 'That excess at the border of the destination: with nothing added for freight and insurance',
    unit: currency,
  }),
  second_leg_high: z.number().nullable().meta({
    description: 'The same with a tenth added; of a destination’s own report, what was taken away',
    unit: currency,
  }),
  second_leg_report: z
    .enum(['hub', 'destination'])
    .nullable()
    .meta({ description: 'Who reports the second leg; null where nobody does', unit: 'text' }),
  mirror_before: z.number().nullable().meta({
    description: 'Second leg as the destination itself reports it, before; null where it is not in the data',
    unit: currency,
  }),
  mirror_after: maybe.meta({ description: 'The same after', unit: currency }),
  onward_share: share.nullable().meta({
    description: 'Of all that the hub sells of these goods after, to the destination; of hubs that are named',
    unit: 'share 0-1',
  }),
  pass_ratio: ratio.meta({
    description: 'Excess of the second leg over that of the first; above 1 other origins or a mark-up',
    unit: 'ratio',
  }),
  arrived_before: z.number().nullable().meta({
    description: 'First leg as the hub itself reports it, before; null where it is not in the data',
    unit: currency,
  }),
  arrived_after: maybe.meta({ description: 'The same after', unit: currency }),
  ghost_share: z.number().nullable().meta({
    description: 'Of the rise of the first leg, what the hub does not record as arrived',
    unit: 'share',
  }),
  through_low: maybe.meta({
    description: 'Excess that both legs share, unit by unit of goods: at least on record; 0 where the second is unseen',
    unit: currency,
  }),
  through_high: maybe.meta({ description: 'Excess of the first leg, unit by unit: at most', unit: currency }),
  through_chains: maybe.meta({
    description:
      'Of a pool of named hubs: the most that both legs and trade among the hubs could have carried, unit by unit',
    unit: currency,
  }),
  allotted_low: maybe.meta({
    description: 'Its part of through_low where hubs of its kind are cut in proportion to what was lost',
    unit: currency,
  }),
  allotted_high: maybe.meta({ description: 'The same of through_high', unit: currency }),
  recovered_low: share.nullable().meta({
    description: 'Of what was lost directly, at least, nothing counted twice among hubs of a kind',
    unit: 'share 0-1',
  }),
  recovered_high: share.nullable().meta({
    description: 'Of what was lost directly, at most: a hub by itself, a pool with nothing counted twice',
    unit: 'share 0-1',
  }),
  recovered_least: share.nullable().meta({
    description: 'The outer bound over all baselines: the least of low over the largest loss',
    unit: 'share 0-1',
  }),
  recovered_most: share.nullable().meta({ description: 'The largest of high over the least loss', unit: 'share 0-1' }),
  score: z.number().nullable().meta({
    description: 'How far listed goods outgrew others, among hubs of its kind, in robust standard deviations',
    unit: 'standard deviations',
  }),
  q_value: rate.meta({
    description: 'False-discovery rate at which the first leg stands out, over all legs of the run; null untested',
    unit: 'rate 0-1',
  }),
  second_q_value: rate.meta({ description: 'The same of the second leg', unit: 'rate 0-1' }),
  placebo_p: rate.meta({ description: 'How often a hub did as well at the placebo date', unit: 'probability' }),
  detectable_ratio: ratio.meta({
    description: 'About how much faster than others listed goods would have had to grow to be seen; null untested',
    unit: 'ratio',
  }),
  born_share: share.nullable().meta({
    description: 'Of the first leg after, in goods of which none was in the data before',
    unit: 'share 0-1',
  }),
  pre_months: count.meta({ description: 'Months of data before the event', unit: 'months' }),
  verdict: z
    .enum(diversionVerdicts)
    .nullable()
    .meta({ description: 'What it amounts to; of hubs alone', unit: 'text' }),
  testable: z.boolean().nullable().meta({ description: 'Whether the data allow a test', unit: 'yes or no' }),
  reasons: z.string().nullable().meta({ description: 'Why', unit: 'sentence' }),
  confounders: z.string().nullable().meta({
    description: 'What else could have done it, of what the data let one see',
    unit: 'sentence',
  }),
})

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

const none: Row = Object.fromEntries(Object.keys(columns.shape).map((name) => [name, null]))

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
  const arrived = found.histories.of('first mirror', hub.economy)
  const mirror = found.histories.of('second mirror', hub.economy)
  return {
    ...none,
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
    through_low: first ? through.through_low : null,
    through_high: first ? through.through_high : null,
    allotted_low: first ? through.shared_low : null,
    allotted_high: first ? through.shared_high : null,
    ...(first ? recovered(found.bounds, [hub.economy]) : {}),
    score: tests?.score ?? null,
    q_value: tests?.first_rate ?? null,
    second_q_value: tests?.second_rate ?? null,
    placebo_p: tests?.placebo_p ?? null,
    detectable_ratio: tests?.detectable === undefined || tests.detectable === null ? null : Math.exp(tests.detectable),
    born_share: one.born,
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
  const before = sum(({ first }) => first?.before ?? 0)
  const after = sum(({ first }) => first?.values.listed.post ?? 0)
  return {
    ...none,
    hub: poolNames[status],
    hub_status: 'pool',
    first_leg_before: before,
    first_leg_after: after,
    first_leg_excess: sum(({ first }) => (first ? first.values.listed.post - (first.leading.expected ?? 0) : 0)),
    first_leg_low: sum(({ first }) => (first ? excessRange(first).low : 0)),
    first_leg_high: sum(({ first }) => (first ? excessRange(first).high : 0)),
    first_leg_ratio: before > 0 ? after / before : null,
    through_low: names.reduce((total, name) => total + bounds.of(name).through_low, 0),
    through_high: names.reduce((total, name) => total + bounds.of(name).through_high, 0),
    through_chains: found.chains.get(status) ?? null,
    ...recovered(found.bounds, names),
    pre_months: found.corridors.span.pre_months,
    reasons: null,
    confounders: null,
  }
}

const place = (row: Row) =>
  row['hub_status'] === 'destination'
    ? 0
    : row['hub_status'] === 'pool'
      ? 1
      : 2 + hubStatuses.indexOf(row['hub_status'] as HubStatus)

function headlineOf(found: Found, rows: readonly Row[]): string | undefined {
  const { corridors } = found
  const money_ = (value: number) => amount(value, corridors.manifest.currency)
  const direct = rows.find((row) => row['hub_status'] === 'destination')
  const hubs = rows.filter((row) => row['hub_status'] === 'free')
  const consistent = hubs.filter((row) => row['verdict'] === 'consistent with diversion')
  const first = consistent[0] ?? hubs[0]
  const goods = `listed goods (${corridors.listed.list.name})`
  const origin = corridors.origin.split('+').map(economyName).join(' and ')
  const destination = corridors.destination.split('+').map(economyName).join(' and ')
  const lost =
    direct && typeof direct['first_leg_before'] === 'number'
      ? `${origin} sold ${destination} ${money_(Number(direct['first_leg_after']))} of ${goods} in ${corridors.span.text.post}, against ${money_(direct['first_leg_before'])} before. `
      : ''
  if (!first) return lost === '' ? undefined : lost.trim()
  if (first['first_leg_excess'] === null) {
    const parts = [
      ...(first['first_leg_after'] === null
        ? []
        : [`bought ${money_(Number(first['first_leg_after']))} of ${goods} from ${origin}`]),
      ...(first['second_leg_after'] === null
        ? []
        : [`sold ${destination} ${money_(Number(first['second_leg_after']))}`]),
    ]
    const part =
      first['onward_share'] === null ? '' : `, ${percent(Number(first['onward_share']))} of all that it sold of them`
    return `${lost}Not testable: ${String(first['reasons']).split('; ').at(-1)}. In ${corridors.span.text.post} ${economyName(String(first['hub']))} ${parts.join(' and ')}${part}.`
  }
  const pool = rows.find((row) => row['hub'] === poolNames.free) ?? (hubs.length === 1 ? first : undefined)
  const share_ =
    pool && pool['recovered_high'] !== null
      ? ` Free hubs could account for ${percent(Number(pool['recovered_low']))} at least and ${percent(Number(pool['recovered_high']))} at most of what was lost.`
      : ''
  const excess = Number(first['first_leg_excess'])
  const [low, high] = [money_(Number(first['first_leg_low'])), money_(Number(first['first_leg_high']))]
  const range = low === high ? '' : ` (${low} to ${high} by other baselines)`
  const grew = `${economyName(String(first['hub']))} bought ${money_(Math.abs(excess))} ${excess < 0 ? 'less' : 'more'} than its baseline${range}`
  const verdicts =
    consistent.length > 0
      ? `${consistent.length} of ${hubs.length} free hubs ${consistent.length === 1 ? 'is' : 'are'} consistent with diversion: `
      : `No free hub of ${hubs.length} is consistent with diversion on these data; the largest rise: `
  return `${lost}${verdicts}${grew}, ${first['verdict']}${consistent.length > 0 ? '' : ` (${String(first['reasons']).split('; ')[0]})`}.${share_}`
}

export const diversion = defineAnalysis({
  name: 'diversion',
  title: 'Diversion through third countries',
  question: 'Did restricted trade stop, or come back through third countries, and how sure is that?',
  example:
    'chokepoint diversion --dataset eu-listed-exports --origin EU27 --destination RUS --list eu-2023-01 --list-mode final --event 2022-02 --donut 0',
  needs: { kinds: ['flow'] },
  parameters,
  columns,
  keys: ['hub'],
  shown: [
    'hub',
    'verdict',
    'first_leg_excess',
    'recovered_high',
    'q_value',
    'first_leg_after',
    'second_leg_after',
    'reasons',
  ],
  chart: [
    {
      kind: 'corridors',
      measure: 'Listed goods',
      label: 'hub',
      role: { column: 'hub_status', direct: 'destination', between: hubStatuses },
      from: 'origin',
      to: 'destination',
      first: { before: 'first_leg_before', after: 'first_leg_after' },
      second: { before: 'second_leg_before', after: 'second_leg_after' },
    },
    {
      kind: 'intervals',
      measure: 'Excess by the baseline that leads, and between all of them',
      label: 'hub',
      value: 'first_leg_excess',
      low: 'first_leg_low',
      high: 'first_leg_high',
      beside: ['verdict'],
      tones: {
        column: 'verdict',
        full: 'consistent with diversion',
        open: 'undetermined',
        says: { full: 'consistent with diversion', open: 'undetermined', other: 'no sign of diversion' },
      },
      panels: ['hub_status'],
    },
  ],
  sources: [
    'Methods, diversion sections a to c and i (DIV1 to DIV4, REC1 to REC8, SCO1 to SCO3, VER1)',
    'Chupilkin, Javorcik and Plekhanov (2023), The Eurasian roundabout, EBRD working paper: the question and its order of size',
    'Benjamini and Hochberg (1995), Controlling the False Discovery Rate, J. R. Statist. Soc. B 57(1)',
  ],
  limits: [
    'Two excesses that coincide are no track of goods: "at least" and "at most" are bounds of aggregates, not of shipments.',
    'It speaks of countries and goods, never of firms, and after the fact.',
    'Prices, exchange rates and transit under other customs regimes are not taken out; the confounders that the data show are named.',
  ],
  async run(given, context) {
    const found = await divert(given, context)
    const windows = Number(found.corridors.values['mean_windows'])
    const hubs = found.hubs.map((one) => hubRow(found, one, windows))
    const direct: Row = {
      ...none,
      hub: found.corridors.destination,
      hub_status: 'destination',
      ...(found.corridors.direct_observed ? firstLeg(found.histories.direct, windows) : {}),
      pre_months: found.corridors.span.pre_months,
      reasons: found.corridors.direct_observed ? null : 'direct trade is not observed',
      confounders: null,
    }
    const pools = hubStatuses.map((status) => poolRow(found, status)).filter((row) => row !== undefined)
    const rows = [direct, ...pools, ...hubs].sort(
      (one, other) =>
        place(one) - place(other) ||
        Number(other['first_leg_excess'] ?? Number.NEGATIVE_INFINITY) -
          Number(one['first_leg_excess'] ?? Number.NEGATIVE_INFINITY) ||
        (String(one['hub']) < String(other['hub']) ? -1 : 1),
    )
    const { text } = found.corridors.span
    return {
      rows,
      headline: headlineOf(found, rows),
      caveats: [
        `After: ${text.post}. Before: ${text.before}${windows > 1 ? `, mean of ${windows} such windows` : ''}.`,
        ...found.caveats,
        ...(found.hubs.some(({ tests }) => tests)
          ? [`Each leg is tested against ${found.draws.toLocaleString('en')} lists drawn by lot, seed ${given.seed}.`]
          : []),
      ],
      resolved: found.corridors.resolved,
    }
  },
})
