import { z } from 'zod'
import { Refusal } from '../../refusal.ts'
import { periodName } from '../../wording.ts'
import { defineAnalysis, type FlowNeeds, type Selection } from '../analysis.ts'
import { controlParameters } from '../controlling.ts'
import { count, flowParameters } from '../fields.ts'
import { methods } from './dating.ts'
import { eventAsked } from './events.ts'
import { datedRows, headlineOf } from './rows.ts'
import { tradeSeries } from './series.ts'

const { min_value: _, period: given_period, importer, supplier, ...question } = flowParameters

const parameters = z.strictObject({
  ...question,
  importer: importer.meta({ description: 'Who buys: economies or blocs, each a series; all as one where left out' }),
  supplier: supplier.meta({
    description: 'Who sells: economies or blocs, each a series; all as one where left out; CHN+HKG counts both as one',
  }),
  period: given_period.meta({ description: '2019-2023 or 2021-03:2022-11; all periods where left out' }),
  of: z.enum(['value', 'mass']).default('value').meta({ description: 'What is dated: value, or weight' }),
  method: z
    .array(z.enum(methods))
    .readonly()
    .default(['sup-f'])
    .meta({ description: 'How dates are found; several stand side by side. chow tests the date of the event' }),
  model: z
    .enum(['auto', 'log', 'level', 'poisson'])
    .default('auto')
    .meta({ description: 'Scale: logs where nothing is 0, else counts by Poisson likelihood; or one of them' }),
  event: controlParameters.event.meta({
    description: 'What is looked at beside the dates: a month, 2022-02, a day, or a control by its id',
  }),
  announced: z
    .string()
    .default('')
    .meta({ description: 'When the event was announced, a month or a day; the control’s own where left out' }),
  season: z.string().default('').meta({
    description:
      'Whole years before this month tell the season, two at least: 2022-01; three before the event, or the first three if two follow, where left out; none leaves it in',
  }),
  trim: z
    .number()
    .min(0.02)
    .max(0.4)
    .default(0.15)
    .meta({ description: 'No break this near to either end', unit: 'share 0-1' }),
  min_segment: z
    .int()
    .min(0)
    .max(120)
    .default(0)
    .meta({ description: 'Shortest stretch between breaks, in periods; by trim where 0, 2 for penalised searches' }),
  max_breaks: z.int().min(1).max(8).default(5).meta({ description: 'bai-perron: most breaks that are tried' }),
  seed: z
    .int()
    .min(0)
    .max(4294967295)
    .default(1)
    .meta({ description: 'Of the draws that p, wald_p and block_p count' }),
})

const probability = z.number().min(0).max(1).nullable()
const statistic = z.number().nullable()
const date = z.int().nullable()
const level = z.number().nullable()
const perPeriod = 'currency a period, or tonnes'

const columns = z.strictObject({
  importer: z.string().meta({ description: 'Who buys; ALL is everyone together', unit: 'economy' }),
  supplier: z.string().meta({ description: 'Who sells; ALL is everyone together', unit: 'economy' }),
  product: z.string().meta({ description: 'HS or CN code, a group, or TOTAL', unit: 'product' }),
  method: z.enum(methods).meta({ description: 'How the date was found', unit: 'text' }),
  break: count.meta({ description: 'Which of the breaks, from the first; 0 where none was found', unit: 'count' }),
  date: date.meta({ description: 'First period after the break; null where none was found', unit: 'period' }),
  date_low: date.meta({ description: 'Not before, at 95 % (Bai 1997)', unit: 'period' }),
  date_high: date.meta({ description: 'Not after, at 95 %', unit: 'period' }),
  step: z.number().nullable().meta({
    description: 'Change of the level, season aside; null where nothing was traded before',
    unit: 'relative change',
  }),
  step_log: z
    .number()
    .nullable()
    .meta({ description: 'The same on the scale of the test: a difference of logs, or of levels', unit: 'difference' }),
  level_before: level.meta({ description: 'Mean of a period in the regime before', unit: perPeriod }),
  level_after: level.meta({ description: 'And in the one after', unit: perPeriod }),
  statistic: statistic.meta({
    description:
      'F of the break, or twice the gain of log-likelihood over the dispersion; of cusum its own; null where both regimes fit exactly',
    unit: 'statistic',
  }),
  p: probability.meta({
    description:
      'How often the largest statistic of a series without a break, its errors independent, is as large; of chow the F distribution',
    unit: 'probability',
  }),
  wald: statistic.meta({ description: 'Step over its standard error, squared; Bartlett’s weights', unit: 'statistic' }),
  wald_p: probability.meta({
    description: 'How often the largest of these is as large without a break; of chow the F distribution',
    unit: 'probability',
  }),
  block_p: probability.meta({
    description: 'How often the statistic is as large where the series’ own errors, in blocks of six, have no break',
    unit: 'probability',
  }),
  autocorrelation: z
    .number()
    .nullable()
    .meta({ description: 'Of the errors, from one period to the next', unit: 'correlation' }),
  evidence: z.enum(['break', 'descriptive', 'none']).meta({
    description:
      'descriptive: a test that allows for errors that follow each other does not agree; none: as large without a break',
    unit: 'text',
  }),
  lag: z.int().nullable().meta({ description: 'From the event to the date; negative before it', unit: 'periods' }),
  events: z
    .string()
    .meta({ description: 'Controls announced or in force from within the dates, and the event', unit: 'text' }),
  ahead: level.meta({
    description: 'Traded above the year before the announcement, from it until the event; null where it is not known',
    unit: perPeriod.replace(' a period', ''),
  }),
  missing: level.meta({
    description: 'Traded below it in the first four months from the event on',
    unit: perPeriod.replace(' a period', ''),
  }),
  ratio: z.number().nullable().meta({
    description:
      'Mean month after that of the event, of one before the announcement: what was sent ahead counts in neither',
    unit: 'ratio',
  }),
  model: z.enum(['log', 'level', 'poisson']).meta({ description: 'Scale on which it was tested', unit: 'text' }),
  season_months: count.meta({ description: 'Months that told the season; 0 where it is left in', unit: 'months' }),
  before: count.nullable().meta({ description: 'Periods in the regime before', unit: 'periods' }),
  periods: count.meta({ description: 'Periods of the series', unit: 'periods' }),
  dispersion: statistic.meta({ description: 'poisson: variance over mean; null otherwise', unit: 'ratio' }),
  penalty: statistic.meta({ description: 'pelt, binary-segmentation: what a break must save', unit: 'statistic' }),
  criterion: statistic.meta({
    description: 'What the search made least: BIC of bai-perron, cost with penalties',
    unit: 'statistic',
  }),
  exp_f: statistic.meta({ description: 'sup-f: expF over all dates (Andrews and Ploberger)', unit: 'statistic' }),
  ave_f: statistic.meta({ description: 'sup-f: aveF over all dates', unit: 'statistic' }),
  reasons: z
    .string()
    .meta({ description: 'Why the evidence is what it is, and what must be thought of', unit: 'text' }),
})

const needs: FlowNeeds = { kind: 'flow', complete_suppliers: false, compares_periods: false, groups: 'summed' }

/** Most series that one question dates: each is tested by three thousand draws. */
const mostSeries = 500

/** The periods asked for, months where the dataset has them: a series of years of months would hide the dates. */
function periodsAsked(given: readonly string[], { frequency, periods }: Selection['manifest']): readonly string[] {
  const [first, last] = [periods[0] ?? 0, periods.at(-1) ?? 0]
  if (given.length === 0)
    return frequency === 'month'
      ? [`${periodName(first)}:${periodName(last)}`]
      : [`${periodName(first)}-${periodName(last)}`]
  if (frequency !== 'month') return given
  return given.map((text) => {
    const years = /^(\d{4})(?:-(\d{4}))?$/.exec(text)
    return years ? `${years[1]}-01:${years[2] ?? years[1]}-12` : text
  })
}

export const breaks = defineAnalysis({
  name: 'breaks',
  title: 'Dated breaks',
  question: 'When did the level of a flow shift, how sure is the date, and what came into force beside it?',
  example: 'chokepoint breaks --dataset eu-listed-exports --importer Russia,Armenia --level 0 --event 2022-02-26',
  needs: { kinds: ['flow'] },
  parameters,
  columns,
  keys: ['importer', 'supplier', 'product', 'method', 'break'],
  shown: [
    'importer',
    'supplier',
    'product',
    'method',
    'date',
    'date_low',
    'date_high',
    'step',
    'evidence',
    'events',
    'statistic',
  ],
  chart: {
    kind: 'bars',
    measure: 'Change of the level at the break',
    label: 'importer',
    value: 'step',
    missing: 'no break',
    beside: ['date'],
    tones: {
      column: 'evidence',
      full: 'break',
      open: 'descriptive',
      says: { full: 'a break', open: 'a description only', other: 'no more than without a break' },
    },
    panels: ['supplier', 'product', 'method', 'break'],
  },
  sources: [
    'Methods, section d (BRK1 to BRK8): Chow (1960); Andrews (1993), Econometrica 61(4): sup-F',
    'Bai and Perron (1998), Econometrica 66(1): several breaks; Killick, Fearnhead and Eckley (2012): penalised search',
    'Bai (1997), Review of Economics and Statistics 79(4): margin of the date, for a small step and like errors on both sides',
    'Newey and West (1987): Bartlett’s weights; Künsch (1989): blocks of errors',
  ],
  limits: [
    'A date has the resolution of the periods and no cause: what came into force beside it is not what did it.',
    'A shift of the level is looked for: a trend is dated too, as a step near its middle.',
    'The season is that of the years before; where it changed, its change is among the errors.',
    'Tests that allow for errors that follow each other are not exact: of drawn series without a break whose errors do so by 0.6, 14 in 100 seem to have one, 57 by F alone.',
    'The margin is short where steps are small: of steps of one standard deviation it held the date in 88 of 100 drawn series.',
  ],
  async run(given, context) {
    if (context.dataset?.kind !== 'flow') throw new Error('breaks are dated in flows')
    if (given.season !== '' && given.season !== 'none' && !/^\d{4}-(0[1-9]|1[0-2])$/.test(given.season))
      throw new Refusal('wrong_use', 'season/form', `--season ${given.season}: a month, 2022-01, or none`)
    const event = eventAsked(given, context.home)
    if (given.method.includes('chow') && !event)
      throw new Refusal(
        'wrong_use',
        'event/missing',
        'chow tests a date that is known beforehand: name it with --event',
      )
    const reader = await context.flows(needs, { ...given, period: periodsAsked(given.period, context.dataset) })
    const { selection } = reader
    const all = await tradeSeries(reader, given.of)
    if (all.length > mostSeries)
      throw new Refusal(
        'wrong_use',
        'breaks/many',
        `${all.length.toLocaleString('en')} series are more than the ${mostSeries} that one question dates: name products or a group, or --level 0 or 2`,
      )
    const dated = await datedRows(all, given, event, selection, context.compute)
    const rows = dated.flatMap((one) => one.rows)
    const caveats = new Set(dated.flatMap((one) => one.caveats))
    const [one] = rows
    return {
      rows,
      headline: one && headlineOf(rows, given.method[0] ?? 'sup-f', selection),
      caveats: [
        ...caveats,
        ...(event
          ? [
              `Event: ${event.text}, counted from ${periodName(event.effective)}${event.announced === undefined ? '' : `; announced before ${periodName(event.announced)}`}.`,
            ]
          : []),
      ],
    }
  },
})
