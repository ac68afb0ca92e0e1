import { z } from 'zod'
import { statement } from '../../engine/statement.ts'
import { fisherPriceIndex } from '../../measures/price-index.ts'
import { economyInWords } from '../../reference/economies.ts'
import { Refusal } from '../../refusal.ts'
import { percent, periodName, scaled } from '../../wording.ts'
import { defineAnalysis, type FlowNeeds, type Row, type Selection } from '../analysis.ts'
import { casesOf, goodsName } from '../cases.ts'
import { count, currency, flowParameters, importer, money, period, product, supplier } from '../fields.ts'

const parameters = z.strictObject({
  ...flowParameters,
  min_value: flowParameters.min_value.default(10_000).meta({
    description: 'Flows of less in a period are compared with, not shown',
    unit: currency,
  }),
  threshold: z
    .number()
    .min(0.5)
    .max(1000)
    .default(3.5)
    .meta({ description: 'Scores beyond this in size are far', unit: 'robust standard deviations' }),
  least: z.int().min(3).max(1000).default(8).meta({ description: 'Fewer unit values than these give no score' }),
  keep: z.enum(['far', 'all']).default('far').meta({ description: 'Flows that are far by either score, or all' }),
})

const unitValue = z.number().nullable()
const score = z.number().nullable()
const perTonne = 'currency per tonne'
const deviations = 'robust standard deviations'
const ofBasket = (says: string) => `Of a basket: ${says}; null for a flow`

const columns = z.strictObject({
  scope: z.enum(['flow', 'basket']).meta({
    description: 'One product between two, or all those asked for between them together',
    unit: 'text',
  }),
  period,
  importer,
  supplier,
  product: product.meta({ description: 'HS or CN code, or a group; ALL for a basket' }),
  value: money.meta({ description: 'What was traded', unit: currency }),
  mass: z
    .number()
    .nullable()
    .meta({ description: 'Its weight; of a basket that of products with a known one', unit: 'tonnes' }),
  unit_value: unitValue.meta({ description: 'Value by weight; of a basket the ratio of sums', unit: perTonne }),
  own_median: unitValue.meta({
    description: 'What the supplier gets of the buyer for it, over all periods read',
    unit: perTonne,
  }),
  own_score: score.meta({ description: 'How far from that, on logarithms; null in too few periods', unit: deviations }),
  own_periods: count.nullable().meta({ description: 'Periods with a unit value', unit: 'count' }),
  world_median: unitValue.meta({
    description: 'What everyone in the dataset gets for it in the period',
    unit: perTonne,
  }),
  world_score: score.meta({ description: 'How far from that, on logarithms; null among too few', unit: deviations }),
  world_flows: count.nullable().meta({ description: 'Flows with a unit value', unit: 'count' }),
  fence_low: unitValue.meta({
    description: 'Lower fence of those: the first quartile less half as much again as lies between the quartiles',
    unit: perTonne,
  }),
  fence_high: unitValue.meta({ description: 'Upper fence', unit: perTonne }),
  far: z
    .enum(['own', 'world', 'both', 'no'])
    .nullable()
    .meta({ description: 'Far from its own, from the world’s, from both, or not; null for a basket', unit: 'text' }),
  median_unit_value: unitValue.meta({ description: ofBasket('median over products'), unit: perTonne }),
  weighted_median_unit_value: unitValue.meta({ description: ofBasket('the same weighted by value'), unit: perTonne }),
  products: count.nullable().meta({ description: ofBasket('products'), unit: 'count' }),
  weighed_products: count.nullable().meta({ description: ofBasket('those with a known weight'), unit: 'count' }),
  price: z
    .number()
    .nullable()
    .meta({
      description: ofBasket('Fisher’s index of price, against the same period a year before'),
      unit: 'ratio',
    }),
  quantity: z
    .number()
    .nullable()
    .meta({ description: ofBasket('growth of value over that of price'), unit: 'ratio' }),
  compared_value: money.nullable().meta({
    description: ofBasket('value of products with a known weight in both periods, of which the two are'),
    unit: currency,
  }),
})

const needs: FlowNeeds = { kind: 'flow', complete_suppliers: false, compares_periods: false, groups: 'by product' }
const statementOfAnomalies = statement(import.meta.url, './anomalies.sql')
const statementOfScored = statement(import.meta.url, './scored.sql')
const statementOfBaskets = statement(import.meta.url, './baskets.sql')
const flowColumns = [
  'period',
  'importer',
  'supplier',
  'product',
  'value',
  'mass',
  'unit_value',
  'own_median',
  'own_score',
  'own_periods',
  'world_median',
  'world_score',
  'world_flows',
  'fence_low',
  'fence_high',
] as const
const basketColumns = [
  'period',
  'importer',
  'supplier',
  'value',
  'mass',
  'unit_value',
  'median_unit_value',
  'weighted_median_unit_value',
  'products',
  'weighed_products',
  'compared_value',
  'compared_before',
  'before_at_prices_now',
  'now_at_prices_before',
] as const

const none: Row = Object.fromEntries(Object.keys(columns.shape).map((name) => [name, null]))

/** Everything up to the last period asked for, in the periods in which it was asked: years, or months. */
function since(asked: readonly string[], { periods }: Selection['manifest']): string {
  const last = asked.at(-1) as string
  const first = periodName(periods[0] ?? 0).slice(0, last.length)
  return first === last ? last : `${first}${last.length > 4 ? ':' : '-'}${last}`
}

/** "Of 1,204 unit values of 850650 from China … 12 are far …; the farthest is …" */
function headlineOf(
  flows: readonly Row[],
  baskets: readonly Row[],
  counted: Row | undefined,
  selection: Selection,
): string | undefined {
  const far = flows.filter((row) => row['far'] !== 'no')
  const size = (row: Row) => Math.max(Math.abs(Number(row['own_score'])), Math.abs(Number(row['world_score'])))
  const [most] = [...far].sort((a, b) => size(b) - size(a))
  if (!most) {
    if (baskets.length === 0) return undefined
    const { unit_values, scored } = counted ?? {}
    if (unit_values === 0) return 'No flow has a known weight, so there is no unit value to compare.'
    const others = 'the supplier’s own or the world’s'
    return scored === 0
      ? `Whether any of ${Number(unit_values).toLocaleString('en')} unit values is far from ${others} is not known: there are too few to compare each with.`
      : `No unit value is far from ${others}, of ${Number(scored).toLocaleString('en')} that could be compared.`
  }
  const money = (value: unknown) => `${selection.manifest.currency} ${scaled(Number(value))}`
  const away = (score: unknown, median: unknown, whose: string) =>
    score === null ? [] : [`${money(median)} ${whose} (score ${Number(score).toFixed(1).replace('-', '−')})`]
  const against = [
    ...away(most['own_score'], most['own_median'], 'its own median'),
    ...away(most['world_score'], most['world_median'], 'everyone’s'),
  ].join(', ')
  return `${far.length.toLocaleString('en')} ${far.length === 1 ? 'unit value is' : 'unit values are'} far from the supplier’s own or the world’s; the farthest is ${goodsName(String(most['product']), selection)} from ${economyInWords(String(most['supplier']))} to ${economyInWords(String(most['importer']))} in ${periodName(Number(most['period']))}, ${money(most['unit_value'])} a tonne against ${against}.`
}

/** "Of the growth of value … 40.6 % is price" of the last basket, where there is one only. */
function splitOf(baskets: readonly Row[], selection: Selection): string | undefined {
  const { rows, period } = baskets.length > 0 ? casesOf(baskets, selection) : { rows: [], period: '' }
  const [only] = rows
  if (rows.length !== 1 || !only || only['price'] === null) return undefined
  const change = (ratio: unknown) => `${Number(ratio) >= 1 ? '+' : '−'}${percent(Math.abs(Number(ratio) - 1))}`
  return `Price ${change(only['price'])} and quantity ${change(only['quantity'])} on the year before, in ${period}, by Fisher’s index.`
}

export const anomalies = defineAnalysis({
  name: 'anomalies',
  title: 'Unit values that stand out',
  question: 'Which prices by weight are far from the supplier’s own and the world’s, and is growth price or quantity?',
  example: 'chokepoint anomalies --dataset critical-materials --importer Germany --supplier China --period 2022-2024',
  needs: { kinds: ['flow'] },
  parameters,
  columns,
  keys: ['scope', 'period', 'importer', 'supplier', 'product'],
  shown: [
    'period',
    'importer',
    'supplier',
    'product',
    'unit_value',
    'own_score',
    'world_score',
    'price',
    'quantity',
    'far',
  ],
  chart: [
    {
      kind: 'lines',
      measure: 'Value by weight',
      x: 'period',
      y: 'unit_value',
      series: 'product',
      panels: ['importer', 'supplier'],
      most: 24,
    },
    {
      kind: 'dumbbell',
      measure: 'Value by weight, against what everyone in the dataset gets',
      label: 'product',
      from: 'world_median',
      to: 'unit_value',
      from_says: 'everyone’s median',
      to_says: 'this flow',
      panels: ['importer', 'supplier'],
    },
    {
      kind: 'bars',
      measure: 'Value by weight',
      label: 'product',
      value: 'unit_value',
      panels: ['importer', 'supplier'],
    },
  ],
  sources: [
    'Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers: modified scores, here of logarithms (ANO1, ANO2)',
    'Tukey (1977), Exploratory Data Analysis: fences; Hyndman and Fan (1996): quartiles of type 7 (ANO3)',
    'Fisher (1922), The Making of Index Numbers: price and quantity (ANO4, ANO5); methods, section f',
  ],
  limits: [
    'A code mixes qualities, and restrictions raise prices: a jump is a question, not a finding of false invoicing.',
    'Flows without a weight, or with one that the publisher has estimated, have no unit value and are not seen.',
    'The world is what the dataset holds: of the exports of one reporter it is that reporter’s buyers.',
    'A supplier’s own median is over all periods read, the one judged among them: eight or more leave it steady.',
  ],
  async run(given, context) {
    if (context.dataset?.kind !== 'flow') throw new Error('unit values are of flows')
    if (given.importer.length === 0 && given.supplier.length === 0)
      throw new Refusal(
        'wrong_use',
        'anomalies/whose',
        'Whose prices? Name who buys, --importer Germany, or who sells, --supplier China',
      )
    const first = await context.flows(needs, given, 'aside')
    const asked = first.selection.periods
    const reader = await context.flows(needs, { ...given, period: [since(asked.map(periodName), context.dataset)] })
    const { selection } = reader
    const who = { sellers: selection.suppliers, buyers: selection.importers, period_asked: asked }
    const order = ['period', 'importer', 'supplier']
    const scoring = { ...who, min_value: given.min_value, least: given.least }
    const flows = (
      await reader.rows(
        {
          statement: statementOfAnomalies,
          values: {
            ...scoring,
            threshold_thousandths: Math.round(given.threshold * 1000),
            all: Number(given.keep === 'all'),
          },
          order: [...order, 'product'],
          every_importer: true,
        },
        flowColumns,
      )
    ).map((row): Row => {
      const isFar = (name: string) => row[name] !== null && Math.abs(Number(row[name])) > given.threshold
      const [own, world] = [isFar('own_score'), isFar('world_score')]
      return { ...none, ...row, scope: 'flow', far: own && world ? 'both' : own ? 'own' : world ? 'world' : 'no' }
    })
    const baskets = (await reader.rows({ statement: statementOfBaskets, values: who, order }, basketColumns)).map(
      ({ compared_before, before_at_prices_now, now_at_prices_before, ...row }): Row => {
        const [now, before] = [Number(row['compared_value']), Number(compared_before)]
        const price = fisherPriceIndex({
          before,
          after: now,
          before_at_prices_after: Number(before_at_prices_now),
          after_at_prices_before: Number(now_at_prices_before),
        })
        const quantity = price === null ? null : now / before / price
        return { ...none, ...row, scope: 'basket', product: 'ALL', price, quantity }
      },
    )
    const unweighed = baskets.reduce((sum, row) => sum + Number(row['products']) - Number(row['weighed_products']), 0)
    const products = baskets.reduce((sum, row) => sum + Number(row['products']), 0)
    const isScored = (row: Row) => row['own_score'] !== null || row['world_score'] !== null
    // Where none is far, nothing that was read says whether any could have been.
    const [counted] =
      given.keep === 'all'
        ? [{ unit_values: flows.length, scored: flows.filter(isScored).length }]
        : flows.length > 0
          ? []
          : await reader.rows(
              { statement: statementOfScored, values: scoring, order: ['unit_values'], every_importer: true },
              ['unit_values', 'scored'],
            )
    const headline = headlineOf(flows, baskets, counted, selection)
    const split = splitOf(baskets, selection)
    return {
      rows: [...flows, ...baskets],
      headline: headline && [headline, split].filter(Boolean).join(' '),
      caveats: [
        ...(unweighed > 0
          ? [
              `Of ${products.toLocaleString('en')} flows ${unweighed.toLocaleString('en')} have no weight, or one that the publisher has estimated: they have no unit value.`,
            ]
          : []),
        ...(flows.some((row) => row['world_score'] === null) ||
        Number(counted?.['unit_values']) > Number(counted?.['scored'])
          ? [`Where fewer than ${given.least} flows or periods have a unit value there is no score.`]
          : []),
        ...(selection.side === 'exporter' ? ['Exporters’ reports: the world is what those in the dataset sell.'] : []),
      ],
    }
  },
})
