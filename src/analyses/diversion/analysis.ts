import { z } from 'zod'
import { divert } from '../../corridors/findings.ts'
import { hubStatuses } from '../../corridors/hubs.ts'
import { corridorParameters } from '../../corridors/parameters.ts'
import { diversionVerdicts } from '../../measures/diversion-verdict.ts'
import { defineAnalysis } from '../analysis.ts'
import { count, currency, money, share } from '../fields.ts'
import { headlineOf, rowsOf } from './rows.ts'

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
    'Prices, exchange rates and transit under other customs regimes are not taken out; the confounders that the data show are named, prices where weights are known.',
  ],
  async run(given, context) {
    const found = await divert(given, context)
    const rows = rowsOf(found)
    const windows = Number(found.corridors.values['mean_windows'])
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
