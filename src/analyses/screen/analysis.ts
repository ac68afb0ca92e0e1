import { z } from 'zod'
import { measure, statement } from '../../engine/statement.ts'
import { economyInWords } from '../../reference/economies.ts'
import { bind } from '../../screening/binding.ts'
import { verdictsOnly } from '../../screening/methods.ts'
import { choicesOf, methodsAsked, screeningParameters, windowsAsked } from '../../screening/parameters.ts'
import { periodName } from '../../wording.ts'
import { defineAnalysis } from '../analysis.ts'
import { count, currency, importer, money, period, product, share } from '../fields.ts'

const parameters = z.strictObject({
  ...screeningParameters,
  keep: z
    .enum(['critical', 'all'])
    .default('critical')
    .meta({ description: 'Products that some method finds critical or leaves open, or all' }),
  detail: z.enum(['criteria', 'verdicts']).default('criteria').meta({
    description: 'A row for each criterion of each method with its value, or one a method with its verdict alone',
  }),
  aggregate: z
    .boolean()
    .default(false)
    .meta({ description: 'One row an importer, period and method: how many products are critical, and of what value' }),
})

const perProduct = 'null with --aggregate'
const perCriterion = `${perProduct}, left out with --detail verdicts`
const overProducts = 'only with --aggregate'
const verdict = z.enum(['yes', 'no', 'undetermined']).nullable()
const number = z.number().nullable()

const columns = z.strictObject({
  period,
  importer,
  product: product.nullable(),
  imports: money.meta({ description: 'Bought of the product, or of all judged', unit: currency }),
  lead_supplier: z.string().nullable().meta({ description: 'The largest known supplier', unit: 'economy' }),
  lead_share: share.nullable().meta({ description: 'What it sells', unit: 'share 0-1' }),
  supplier: z
    .string()
    .nullable()
    .meta({ description: 'Whose share is judged: the one asked about, or the leading one', unit: 'economy' }),
  agreed: count.nullable().meta({
    description: 'Different criteria met: methods that share one are no independent votes',
    unit: 'count',
  }),
  criteria: count.nullable().meta({ description: 'Different criteria that could be decided', unit: 'count' }),
  method: z.string().meta({ description: 'By whose definition', unit: 'method' }),
  short: z.string().meta({ description: 'The method in three characters', unit: 'method' }),
  verdict: verdict.meta({ description: `Critical by the method; ${perProduct}`, unit: 'verdict' }),
  reason: z.string().nullable().meta({ description: 'Why it is undetermined or null', unit: 'text' }),
  measure: z
    .string()
    .nullable()
    .meta({ description: `What is compared; ${perCriterion}`, unit: 'measure' }),
  exports: z
    .string()
    .nullable()
    .meta({ description: 'Exports that imports are compared with: total or extra', unit: 'text' }),
  operator: z.string().nullable().meta({ description: 'How', unit: 'text' }),
  threshold: number.meta({ description: 'With what', unit: 'that of the measure' }),
  value: number.meta({ description: 'The measure; null where there is nothing to divide by', unit: 'ratio' }),
  value_low: number.meta({ description: 'Its lower bound over what the unknown part may be', unit: 'ratio' }),
  value_high: number.meta({ description: 'Its upper bound', unit: 'ratio' }),
  distance: number.meta({ description: 'From the threshold, positive beyond it', unit: 'ratio' }),
  passed: verdict.meta({ description: 'Whether the criterion is met; null where it says nothing', unit: 'verdict' }),
  counts: z.boolean().nullable().meta({ description: 'Whether the verdict depends on it', unit: 'boolean' }),
  remark: z.string().nullable().meta({ description: 'Why there is no value', unit: 'text' }),
  products: count.nullable().meta({ description: `Products; ${overProducts}`, unit: 'count' }),
  critical: count.nullable().meta({ description: `With the verdict yes; ${overProducts}`, unit: 'count' }),
  undetermined: count.nullable().meta({ description: `With that verdict; ${overProducts}`, unit: 'count' }),
  unjudged: count.nullable().meta({ description: `Without a verdict; ${overProducts}`, unit: 'count' }),
  value_share: share
    .nullable()
    .meta({ description: `Of imports, critical products; ${overProducts}`, unit: 'share 0-1' }),
  supplier_share: share.nullable().meta({
    description: `Of the value of critical products, what their supplier sells; ${overProducts}`,
    unit: 'share 0-1',
  }),
})

const onlySummary = ['products', 'critical', 'undetermined', 'unjudged', 'value_share', 'supplier_share']
const summaryColumns = ['period', 'importer', 'method', 'short', 'imports', ...onlySummary]
const ofCriteria = [
  'measure',
  'exports',
  'operator',
  'threshold',
  'value',
  'value_low',
  'value_high',
  'distance',
  'passed',
  'counts',
  'remark',
]
const headline_columns = ['period', 'importer', 'method', 'products', 'critical']

/** By most different criteria first, of them what is bought for most. */
const order = ['period', 'importer', 'disagreement', 'smallness', 'product', 'place']

/** What is answered: a row a criterion, a method or, over all products, a method; its columns, and in what order. */
const answers = {
  criteria: {
    statement: statement(import.meta.url, './screen.sql'),
    has: (column: string) => !onlySummary.includes(column),
    order,
  },
  verdicts: {
    statement: statement(import.meta.url, './screen-verdicts.sql'),
    has: (column: string) => !onlySummary.includes(column) && !ofCriteria.includes(column),
    order,
  },
  summary: {
    statement: statement(import.meta.url, './screen-summary.sql'),
    has: (column: string) => summaryColumns.includes(column),
    order: ['period', 'importer', 'method'],
  },
} as const

export const screen = defineAnalysis({
  name: 'screen',
  title: 'Critical products by published definitions',
  question:
    'Which products are critical for an importer, by whose definition, and how far is each from each threshold?',
  example: 'chokepoint screen --dataset critical-materials --importer Germany --supplier China',
  needs: {
    kind: 'flow',
    complete_suppliers: true,
    compares_periods: false,
    groups: 'by product',
    windows: windowsAsked,
  },
  parameters,
  columns,
  keys: ['period', 'importer', 'product', 'method', 'measure'],
  shown: [
    'period',
    'importer',
    'product',
    'method',
    'verdict',
    'measure',
    'value',
    'operator',
    'threshold',
    'passed',
    'products',
    'critical',
    'undetermined',
    'unjudged',
    'value_share',
  ],
  pivot: {
    sections: ['importer', 'period'],
    rows: ['product', 'imports', 'lead_supplier', 'lead_share', 'agreed'],
    across: 'method',
    head: 'short',
    cells: 'verdict',
    marks: { undetermined: '?' },
    legend: 'agreed counts different criteria met; ? undetermined, – no verdict',
  },
  chart: [
    {
      kind: 'bars',
      measure: 'Critical products',
      label: 'method',
      value: 'critical',
      missing: 'no verdict',
      beside: ['products'],
      open: { column: 'undetermined', says: 'undetermined' },
      panels: ['importer'],
    },
    {
      kind: 'points',
      measure: 'Concentration of imports and of the world’s exports (Herfindahl–Hirschman), index 0–1',
      x: { column: 'value', where: { measure: 'import_hhi' } },
      y: { column: 'value', where: { measure: 'world_hhi' } },
      x_says: 'Concentration of imports',
      y_says: 'Concentration of world exports',
      label: 'product',
      thresholds: { column: 'threshold', named: 'method' },
      doubtful: [{ column: 'passed', is: 'undetermined', says: 'open whether a threshold is passed' }],
      panels: ['importer'],
      colour: { column: 'lead_supplier', says: 'Largest supplier' },
    },
  ],
  sources: ['Methods in data/methods, each with its source and with what could not be read in it'],
  limits: [
    'Exports stand for what an importer makes at home: who makes and uses all of a product counts as making none.',
    'Products of few suppliers count as concentrated however small: min_value leaves the smallest out.',
  ],
  plan(given, selection, wanted) {
    const methods = methodsAsked(given, selection.home)
    const chosen = given.aggregate || wanted === headline_columns ? 'summary' : given.detail
    const judging = chosen === 'criteria' ? methods : verdictsOnly(methods)
    const binding = bind(judging, selection, choicesOf(given, selection))
    const { has, ...answer } = answers[chosen]
    return {
      ...answer,
      columns: wanted.filter(has),
      values: { ...binding.values, keep_all: given.keep === 'all' ? 1 : 0 },
      windows: binding.windows,
      ...(binding.pages > 1 ? { forms: { verdicts_shown: measure('verdicts_shown_pages') } } : {}),
      reads_exports: 'of what is judged',
      resolved: { method: methods.map((method) => method.name), coalition: binding.values['named_coalition'] },
      caveats: binding.caveats,
    }
  },
  headline_columns,
  // Every product has a row a method at least, each with what was counted over all products.
  headline_within(page, { selection, plan }) {
    const methods = new Map(page.map((row) => [row['method'], row]))
    const isOneCase = selection.importers.length === 1 && selection.periods.length === 1
    return isOneCase && methods.size === (plan.values['method_name'] as readonly string[]).length
      ? [...methods.values()].sort((one, other) => (String(one['method']) < String(other['method']) ? -1 : 1))
      : undefined
  },
  headline(rows) {
    const last = rows.at(-1)
    if (!last) return undefined
    const latest = rows.filter((row) => row['importer'] === last['importer'] && row['period'] === last['period'])
    const judging = latest.filter((row) => row['critical'] !== null)
    const who = `${economyInWords(String(last['importer']))} bought ${last['products']} products in ${periodName(Number(last['period']))}`
    const [first] = judging
    if (!first) return `${who}: no method asked for can judge them.`
    const most = judging.reduce((one, other) => (Number(other['critical']) > Number(one['critical']) ? other : one))
    const least = judging.reduce((one, other) => (Number(other['critical']) < Number(one['critical']) ? other : one))
    return judging.length === 1
      ? `${who}: ${first['critical']} are critical by ${first['method']}.`
      : `${who}: ${most['critical']} are critical by ${most['method']}, ${least['critical']} by ${least['method']}, of the ${judging.length} methods that can judge them.`
  },
})
