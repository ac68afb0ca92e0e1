import { z } from 'zod'
import { measure, statement } from '../../engine/statement.ts'
import { percent } from '../../wording.ts'
import { defineAnalysis, type Row } from '../analysis.ts'
import { casesOf } from '../cases.ts'
import type { DoubtedWord } from '../charting.ts'
import { count, currency, flowParameters, importer, money, period, product, share } from '../fields.ts'
import { bound, highestCuts, type PresetName, presetNames, presets } from '../presets.ts'

const parameters = z.strictObject({
  ...flowParameters,
  preset: z
    .enum(presetNames)
    .default('ec')
    .meta({ description: 'Whose thresholds and words: ec above 0.4, mgi-2023, doj-2010, doj-2023, cbs, isi' }),
  aggregate: z
    .boolean()
    .default(false)
    .meta({ description: 'One row an importer and period: count, share of value and weighted mean over its products' }),
})

const index = z.number().min(0).max(1)
const nats = z.number().min(0)
const perProduct = 'null with --aggregate'
const overProducts = 'only with --aggregate'

const columns = z.strictObject({
  period,
  importer,
  product,
  value: money.meta({ description: 'Bought from all suppliers', unit: currency }),
  suppliers: count.nullable().meta({ description: `Known suppliers; ${perProduct}`, unit: 'count' }),
  hhi: index.meta({
    description: 'Sum of squared supplier shares, the unknown part as one more supplier; 1 is a single supplier',
    unit: 'index 0-1',
  }),
  hhi_low: index.meta({ description: 'Lower bound: the unknown part spread thin', unit: 'index 0-1' }),
  hhi_high: index.meta({ description: 'Upper bound: the unknown part all the leader’s', unit: 'index 0-1' }),
  hhi_normalised: index
    .nullable()
    .meta({ description: '(hhi − 1/n) / (1 − 1/n); null with one supplier or an unknown part', unit: 'index 0-1' }),
  cr1: share.nullable().meta({ description: 'Share of the largest known supplier', unit: 'share 0-1' }),
  cr3: share.nullable().meta({ description: 'Share of the three largest known suppliers', unit: 'share 0-1' }),
  effective_suppliers: z
    .number()
    .nullable()
    .meta({ description: '1 / hhi: so many equal suppliers would be as concentrated', unit: 'count' }),
  shannon: nats.nullable().meta({ description: 'Entropy of shares; null where part is unknown', unit: 'nats' }),
  theil: nats.nullable().meta({ description: 'ln n − entropy; null where part is unknown', unit: 'nats' }),
  gini: index
    .nullable()
    .meta({ description: 'Inequality of suppliers; null where part is unknown', unit: 'index 0-1' }),
  lead_supplier: z
    .string()
    .nullable()
    .meta({ description: 'Largest known supplier; of equals the first by alphabet', unit: 'economy' }),
  lead_share: share.nullable().meta({ description: 'What it sells', unit: 'share 0-1' }),
  lead_gap: share.nullable().meta({ description: 'Less the next supplier’s share', unit: 'difference of shares' }),
  class: z
    .string()
    .nullable()
    .meta({ description: 'In the preset’s words; undetermined where the bounds disagree', unit: 'class' }),
  verdict: z
    .enum(['yes', 'no', 'undetermined'])
    .nullable()
    .meta({ description: 'Concentrated by the preset’s highest threshold', unit: 'verdict' }),
  hhi_simple: index
    .nullable()
    .meta({ description: `Mean index of products, not weighted; ${overProducts}`, unit: 'index 0-1' }),
  products: count.nullable().meta({ description: `Products taken; ${overProducts}`, unit: 'count' }),
  concentrated: count.nullable().meta({ description: `Products with verdict yes; ${overProducts}`, unit: 'count' }),
  undetermined: count.nullable().meta({ description: `Products with that verdict; ${overProducts}`, unit: 'count' }),
  value_share: share
    .nullable()
    .meta({ description: `Of the value, what is in products with verdict yes; ${overProducts}`, unit: 'share 0-1' }),
})

const leftOpen = {
  column: 'verdict',
  is: 'undetermined',
  says: 'bounds on both sides of the threshold',
} as const satisfies DoubtedWord

/** The highest threshold of each preset, which decides the verdict. */
const concentrated = {
  at: { parameter: 'preset', of: highestCuts },
  says: 'concentrated above',
}

const light = measure('concentration')
const ranked = statement(import.meta.url, './ranked-concentration.sql')
const aggregate = statement(import.meta.url, './aggregate-concentration.sql')
const needEverySupplier = new Set(['cr3', 'shannon', 'theil', 'gini', 'lead_gap'])
const aggregateColumns = [
  'period',
  'importer',
  'product',
  'value',
  'hhi',
  'hhi_low',
  'hhi_high',
  'hhi_simple',
  'products',
  'concentrated',
  'undetermined',
  'value_share',
]
const productColumns = Object.keys(columns.shape).filter(
  (name) => !['hhi_simple', 'products', 'concentrated', 'undetermined', 'value_share'].includes(name),
)

export const concentration = defineAnalysis({
  name: 'concentration',
  title: 'Concentration of imports',
  question: 'How concentrated are an importer’s purchases of each product?',
  example: 'chokepoint concentration --dataset critical-materials --importer Germany,Japan --period 2022,2024',
  needs: { kind: 'flow', complete_suppliers: true, compares_periods: false, groups: 'by product' },
  parameters,
  columns,
  keys: ['period', 'importer', 'product'],
  shown: [
    'period',
    'importer',
    'product',
    'class',
    'hhi',
    'lead_supplier',
    'lead_share',
    'value_share',
    'concentrated',
    'products',
    'value',
  ],
  chart: [
    {
      kind: 'lines',
      measure: 'Concentration of imports (Herfindahl–Hirschman)',
      x: 'period',
      y: 'hhi',
      low: 'hhi_low',
      high: 'hhi_high',
      series: 'product',
      panels: ['importer'],
      doubtful: [leftOpen],
      threshold: concentrated,
      most: 6,
    },
    {
      kind: 'dumbbell',
      measure: 'Concentration of imports (Herfindahl–Hirschman)',
      label: 'product',
      value: 'hhi',
      over: 'period',
      panels: ['importer'],
      doubtful: [leftOpen],
      threshold: concentrated,
      colour: { column: 'lead_supplier', says: 'Largest supplier' },
    },
    {
      kind: 'bars',
      measure: 'Concentration of imports (Herfindahl–Hirschman)',
      label: 'product',
      value: 'hhi',
      low: 'hhi_low',
      high: 'hhi_high',
      beside: ['lead_supplier', 'lead_share'],
      panels: ['importer'],
      doubtful: [leftOpen],
      threshold: concentrated,
      colour: { column: 'lead_supplier', says: 'Largest supplier' },
    },
  ],
  sources: [
    'Hirschman (1964), The Paternity of an Index, American Economic Review 54(5)',
    'Shannon (1948); Theil (1967), Economics and Information Theory; Gini by ranks: Sen (1973)',
    ...Object.values(presets).map((preset) => preset.source),
  ],
  limits: [
    'Antitrust thresholds were made for firms in a market, not for economies in a flow.',
    'Any product with two suppliers counts as concentrated, however small: min_value leaves the smallest out.',
  ],
  plan(given, _selection, wanted) {
    const chosen = given.aggregate ? aggregate : wanted.some((column) => needEverySupplier.has(column)) ? ranked : light
    return {
      statement: chosen,
      columns: wanted.filter((column) => (given.aggregate ? aggregateColumns : productColumns).includes(column)),
      values: { ...bound(presets[given.preset as PresetName]), min_value: given.min_value },
      order: ['period', 'importer', 'product'],
      caveats: [`Thresholds: ${presets[given.preset as PresetName].source}.`],
    }
  },
  headline_columns: [
    'period',
    'importer',
    'product',
    'verdict',
    'products',
    'concentrated',
    'undetermined',
    'value_share',
  ],
  // Further columns take a statement that does more, for the same rows.
  headline_within: (page, { whole }) => (whole ? page : undefined),
  headline(rows, selection) {
    if (rows.length === 0) return undefined
    const cases = casesOf(rows, selection)
    const { importers, period: when } = cases
    const [row] = cases.rows as [Row]
    if (row['product'] !== 'ALL') {
      const yes = cases.rows.filter((other) => other['verdict'] === 'yes').length
      if (cases.rows.length === 1) {
        const goods = cases.products === 'goods' ? '' : ` of ${cases.products}`
        return row['verdict'] === 'undetermined'
          ? `Whether what ${importers} bought${goods} in ${when} was concentrated by this threshold is not known.`
          : `What ${importers} bought${goods} in ${when} was ${yes === 1 ? '' : 'not '}concentrated by this threshold.`
      }
      const all = new Set(cases.rows.map((other) => other['importer'])).size
      const bought = all === 1 ? `products that ${importers} bought` : `purchases of a product by ${importers}`
      const open = cases.rows.filter((other) => other['verdict'] === 'undetermined').length
      return open === 0
        ? `${yes} of ${cases.rows.length} ${bought} in ${when} were concentrated by this threshold.`
        : `${yes} of ${cases.rows.length} ${bought} in ${when} were concentrated by this threshold for certain; of ${open} it is not known.`
    }
    const open = cases.rows.reduce((sum, other) => sum + Number(other['undetermined']), 0)
    const unknown =
      open === 0 ? '' : `; of ${open.toLocaleString('en')} ${open === 1 ? 'product' : 'products'} it is not known`
    return cases.rows.length === 1
      ? `${row['concentrated']} of ${row['products']} products that ${importers} bought in ${when} were concentrated${open === 0 ? '' : ' for certain'}: ${percent(Number(row['value_share']))} of their value${unknown}.`
      : `${open === 0 ? 'Concentrated products' : 'Products concentrated for certain'} were ${cases.range('value_share', percent)} of the value that ${importers} bought in ${when}${unknown}.`
  },
})
