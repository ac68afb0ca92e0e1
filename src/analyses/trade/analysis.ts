import { z } from 'zod'
import { statement } from '../../engine/statement.ts'
import { economyInWords } from '../../reference/economies.ts'
import { amount, percent, periodAfter, periodName } from '../../wording.ts'
import { defineAnalysis, type Row, type Selection } from '../analysis.ts'
import { casesOf, isSameCase } from '../cases.ts'
import { doubtedReports } from '../charting.ts'
import { currency, flowParameters, importer, money, period, product, supplier } from '../fields.ts'

const { min_value: _, ...question } = flowParameters
const parameters = z.strictObject(question)

const columns = z.strictObject({
  period,
  importer,
  supplier: supplier.meta({ description: 'Who sells; ALL is every supplier in the dataset together' }),
  product,
  value: money.meta({ description: 'What was traded', unit: currency }),
  change: z.number().min(-1).nullable().meta({
    description:
      'Against the period before it in the dataset; null where that is not covered, or has more or fewer months',
    unit: 'relative change',
  }),
  mass: z.number().nullable().meta({ description: 'Weight; null where unknown for a part', unit: 'tonnes' }),
})

/** Who all suppliers are, where a dataset has not every one: sales of a few are not all that is bought. */
function allSuppliers({ manifest }: Selection): string {
  if (manifest.partners_complete) return ''
  const sellers = [
    ...new Set(manifest.coverage.filter(({ side }) => side === 'exporter').map(({ reporter }) => reporter)),
  ]
  return sellers.length > 0 && sellers.length <= 3
    ? ` from ${sellers.map(economyInWords).join(' and ')}`
    : ' from the suppliers in this dataset'
}

const statementOfTrade = statement(import.meta.url, './trade.sql')

export const trade = defineAnalysis({
  name: 'trade',
  title: 'Trade by period',
  question: 'What was traded between an importer and its suppliers, and how much did it change?',
  example: 'chokepoint trade --dataset eu-listed-exports --importer Armenia,Russia --product 8542 --period 2020-2022',
  needs: { kind: 'flow', complete_suppliers: false, compares_periods: true, groups: 'summed' },
  parameters,
  columns,
  keys: ['period', 'importer', 'supplier', 'product'],
  shown: ['period', 'importer', 'supplier', 'product', 'value', 'change'],
  chart: [
    {
      kind: 'lines',
      measure: 'Imports',
      x: 'period',
      y: 'value',
      series: 'supplier',
      panels: ['importer', 'product'],
      doubtful: [doubtedReports],
      most: 24,
    },
    {
      kind: 'bars',
      measure: 'Imports',
      label: 'supplier',
      value: 'value',
      panels: ['importer', 'product'],
      doubtful: [doubtedReports],
    },
  ],
  sources: ['The flows of the dataset as reported, summed; changes against the period before it'],
  limits: [
    'A value without a denominator: it says how much, not of how much.',
    'Current prices: a change of value is a change of price and of quantity.',
  ],
  plan: (_given, selection) => {
    const previous = selection.previous.map((period, place) => (selection.previous_as_long[place] ? period : 0))
    const passing = selection.periods.flatMap((period, place) => {
      const before = previous[place] as number
      return before > 0 && periodAfter(before) !== period ? [[period, before] as const] : []
    })
    return {
      statement: statementOfTrade,
      values: {
        sellers: selection.suppliers,
        buyers: selection.importers,
        period_asked: selection.periods,
        period_previous: previous,
      },
      order: ['importer', 'supplier', 'product', 'period'],
      caveats: passing.map(
        ([period, before]) =>
          `The change in ${periodName(period)} is against ${periodName(before)}: the dataset has no data in between.`,
      ),
    }
  },
  headline_columns: ['period', 'importer', 'supplier', 'product', 'value'],
  headline(rows, selection) {
    if (rows.length === 0) return undefined
    const cases = casesOf(rows, selection)
    const money = (value: number) => amount(value, selection.manifest.currency)
    const [last] = cases.rows as [Row]
    const from = last['supplier'] === 'ALL' ? allSuppliers(selection) : ` from ${cases.suppliers}`
    const bought = (value: string) =>
      `${cases.importers} bought ${value} of ${cases.products}${from} in ${cases.period}`
    if (cases.rows.length > 1) return `${bought(cases.range('value', money) ?? '')}.`
    const months = (row: Row) => selection.months[selection.periods.indexOf(Number(row['period']))]
    const first = rows.find((row) => isSameCase(row, last) && months(row) === months(last))
    const change = Number(last['value']) / Number(first?.['value']) - 1
    const before = periodName(Number(first?.['period']))
    const since =
      !first || first === last
        ? ''
        : change === 0
          ? `, as much as in ${before}`
          : `, ${percent(Math.abs(change))} ${change < 0 ? 'less' : 'more'} than in ${before}`
    return `${bought(money(Number(last['value'])))}${since}.`
  },
})
