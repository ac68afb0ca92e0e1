import { z } from 'zod'
import { statement } from '../../engine/statement.ts'
import { economyInWords } from '../../reference/economies.ts'
import { Refusal } from '../../refusal.ts'
import { bind } from '../../screening/binding.ts'
import { choicesOf, methodsAsked, screeningParameters, windowsAsked } from '../../screening/parameters.ts'
import { amount, percent, periodName } from '../../wording.ts'
import { defineAnalysis, type Row } from '../analysis.ts'
import { count, currency, importer, money, period, product, share } from '../fields.ts'

const parameters = z.strictObject({
  ...screeningParameters,
  margin: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .meta({ description: 'A product is near where it falls short by no more of a threshold', unit: 'share 0-1' }),
  keep: z
    .enum(['changed', 'all'])
    .default('changed')
    .meta({ description: 'Products that entered, left, are near or are left open, or all' }),
  aggregate: z
    .boolean()
    .default(false)
    .meta({ description: 'One row an importer, pair of periods and method: how many entered and left' }),
})

const perProduct = 'null with --aggregate'
const overProducts = 'only with --aggregate'
const verdict = z.enum(['yes', 'no', 'undetermined', 'not judged']).nullable()
const distance = z.number().nullable()

const columns = z.strictObject({
  period_before: period.meta({ description: 'The earlier of the two periods, yyyymm', unit: 'period' }),
  period,
  importer,
  product: product.nullable(),
  imports_before: money.nullable().meta({ description: `Bought in the earlier period; ${perProduct}`, unit: currency }),
  imports: money
    .nullable()
    .meta({ description: 'Bought in the later period; null where too little to be judged', unit: currency }),
  lead_supplier: z
    .string()
    .nullable()
    .meta({ description: `The largest known supplier in the later period; ${perProduct}`, unit: 'economy' }),
  method: z.string().meta({ description: 'By whose definition', unit: 'method' }),
  short: z.string().meta({ description: 'The method in three characters', unit: 'method' }),
  change: z
    .enum(['entered', 'left', 'open', 'near', 'stayed', 'none'])
    .nullable()
    .meta({
      description: `What became of it: near is not critical but within the margin, open where a verdict is undetermined; null where a period has none; ${perProduct}`,
      unit: 'change',
    }),
  before: verdict.meta({
    description: `Critical in the earlier period; not judged where less than min_value was bought; ${perProduct}`,
    unit: 'verdict',
  }),
  after: verdict.meta({ description: `Critical in the later period; ${perProduct}`, unit: 'verdict' }),
  nearest: z
    .string()
    .nullable()
    .meta({
      description: `What falls shortest, or holds by least, in the later period; ${perProduct}`,
      unit: 'measure',
    }),
  distance: distance.meta({
    description: 'By how much of its threshold, positive beyond it',
    unit: 'share of the threshold',
  }),
  nearest_before: z
    .string()
    .nullable()
    .meta({ description: `The same in the earlier period; ${perProduct}`, unit: 'measure' }),
  distance_before: distance.meta({ description: 'By how much of its threshold', unit: 'share of the threshold' }),
  critical_before: count.nullable().meta({
    description: `Critical in the earlier period; null where the method judges nothing in one of them; ${overProducts}`,
    unit: 'count',
  }),
  critical: count.nullable().meta({ description: `Critical in the later period; ${overProducts}`, unit: 'count' }),
  entered: count.nullable().meta({ description: `Critical now and not before; ${overProducts}`, unit: 'count' }),
  left: count.nullable().meta({ description: `Critical before and not now; ${overProducts}`, unit: 'count' }),
  stayed: count.nullable().meta({ description: `Critical in both; ${overProducts}`, unit: 'count' }),
  near: count.nullable().meta({ description: `Critical in neither, and near it; ${overProducts}`, unit: 'count' }),
  open: count.nullable().meta({ description: `With an undetermined verdict; ${overProducts}`, unit: 'count' }),
  churn_low: share.nullable().meta({
    description: `Of those critical before, what is so no more; null where none was; ${overProducts}`,
    unit: 'share 0-1',
  }),
  churn_high: share
    .nullable()
    .meta({ description: `The same with those that are left open; ${overProducts}`, unit: 'share 0-1' }),
})

const long = statement(import.meta.url, './screen-churn.sql')
const summary = statement(import.meta.url, './churn-summary.sql')
const onlySummary = [
  'critical_before',
  'critical',
  'entered',
  'left',
  'stayed',
  'near',
  'open',
  'churn_low',
  'churn_high',
]
const summaryColumns = ['period_before', 'period', 'importer', 'method', 'short', ...onlySummary]
const headline_columns = [
  'period_before',
  'period',
  'importer',
  'method',
  'critical_before',
  'critical',
  'entered',
  'left',
  'churn_low',
  'churn_high',
]

export const screenChurn = defineAnalysis({
  name: 'screen-churn',
  title: 'Critical products that entered and left',
  question: 'Which products became critical between two periods, which are so no more, and which are near it?',
  example: 'chokepoint screen-churn --dataset critical-materials --importer Germany --period 2022,2024',
  needs: {
    kind: 'flow',
    complete_suppliers: true,
    compares_periods: false,
    groups: 'by product',
    windows: windowsAsked,
  },
  parameters,
  columns,
  keys: ['period_before', 'period', 'importer', 'product', 'method'],
  shown: [
    'period_before',
    'period',
    'importer',
    'product',
    'method',
    'change',
    'nearest',
    'distance',
    'critical_before',
    'critical',
    'entered',
    'left',
    'churn_low',
    'churn_high',
    'near',
    'open',
  ],
  chart: {
    kind: 'dumbbell',
    measure: 'Critical products in two periods, by method',
    label: 'method',
    from: 'critical_before',
    to: 'critical',
    from_says: 'earlier period',
    to_says: 'later period',
    panels: ['importer', 'period'],
  },
  pivot: {
    sections: ['importer', 'period_before', 'period'],
    rows: ['product', 'imports_before', 'imports', 'lead_supplier'],
    across: 'method',
    head: 'short',
    cells: 'change',
    marks: { entered: '+', left: '×', stayed: '=', near: '~', open: '?', none: '·' },
    legend: '+ entered, × left, = stayed, ~ near, ? open, · neither, – no verdict',
  },
  sources: [
    'Churn: critical before and not now, of those critical before; CEPII Policy Brief 2023-41',
    'Methods in data/methods, each with its source and with what could not be read in it',
  ],
  limits: [
    'A product that is bought for less than min_value in a period is not judged in it: it enters or leaves the list by that alone.',
    'Near and the distance are of the measured value; where unknown partners decide, the verdict is undetermined whatever the distance.',
  ],
  plan(given, selection, wanted) {
    const { periods } = selection
    if (periods.length < 2)
      throw new Refusal(
        'wrong_use',
        'period/single',
        `Two periods are compared, and ${periodName(periods[0] ?? 0)} is one: --period ${before(selection.manifest.coverage, periods[0] ?? 0)}`,
      )
    const methods = methodsAsked(given, selection.home)
    const binding = bind(methods, selection, choicesOf(given, selection))
    const chosen = given.aggregate || wanted === headline_columns ? 'summary' : 'long'
    return {
      statement: chosen === 'summary' ? summary : long,
      columns: wanted.filter((column) =>
        chosen === 'summary' ? summaryColumns.includes(column) : !onlySummary.includes(column),
      ),
      values: {
        ...binding.values,
        pair_from: periods.slice(0, -1),
        pair_to: periods.slice(1),
        near_millionths: Math.round(given.margin * 1e6),
        keep_all: given.keep === 'all' ? 1 : 0,
      },
      windows: binding.windows,
      reads_exports: 'of what is judged',
      order: chosen === 'summary' ? ['period', 'importer', 'method'] : ['period', 'importer', 'product', 'place'],
      resolved: { method: methods.map((method) => method.name), coalition: binding.values['named_coalition'] },
      caveats: [
        ...(given.min_value > 0
          ? [
              `What was bought for less than ${amount(given.min_value, selection.manifest.currency)} in one of the two periods is not judged in it: by that alone a product may have entered or left. --min-value 0 judges all.`,
            ]
          : []),
        ...binding.caveats,
      ],
    }
  },
  headline_columns,
  headline(rows) {
    const last = rows.at(-1)
    if (!last) return undefined
    const latest = rows.filter((row) => row['importer'] === last['importer'] && row['period'] === last['period'])
    const judging = latest.filter((row) => row['critical'] !== null)
    const span = `Between ${periodName(Number(last['period_before']))} and ${periodName(Number(last['period']))}`
    const who = `${economyInWords(String(last['importer']))}’s critical products`
    const turned = (row: Row) => Number(row['entered']) + Number(row['left'])
    const [first] = judging
    if (!first) return `${span} no method asked for can judge ${who} in both periods.`
    const most = judging.reduce((one, other) => (turned(other) > turned(one) ? other : one))
    const by = judging.length === 1 ? `by ${most['method']}` : `by ${most['method']}, where most changed`
    if (turned(most) === 0)
      return `${span} no product entered or left ${who} for certain by ${judging.length === 1 ? most['method'] : `any of the ${judging.length} methods that can judge them`}.`
    const [low, high] = [Number(most['churn_low']), Number(most['churn_high'])]
    const churn = low === high ? percent(low) : `${percent(low)} to ${percent(high)}`
    const lost = most['churn_low'] === null ? '' : `, ${most['left']} of ${most['critical_before']} left (${churn})`
    return `${span}, of ${who} ${by}${lost}, and ${most['entered']} entered: ${most['critical']} are critical now.`
  },
})

/** The period and the one before it that the dataset has, for a refusal. */
function before(coverage: readonly { readonly period: number }[], period: number): string {
  const earlier = coverage.map((one) => one.period).filter((one) => one < period)
  return earlier.length > 0 ? `${periodName(Math.max(...earlier))},${periodName(period)}` : '2022,2024'
}
