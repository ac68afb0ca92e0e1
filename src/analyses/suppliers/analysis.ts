import { z } from 'zod'
import { statement } from '../../engine/statement.ts'
import { economyInWords } from '../../reference/economies.ts'
import { percent } from '../../wording.ts'
import { defineAnalysis } from '../analysis.ts'
import { casesOf } from '../cases.ts'
import { doubtedReports } from '../charting.ts'
import { currency, flowParameters, importer, money, period, product, share, supplier } from '../fields.ts'

const parameters = z.strictObject(flowParameters)

const columns = z.strictObject({
  period,
  importer,
  product,
  supplier,
  value: money.meta({ description: 'Bought from the supplier', unit: currency }),
  share: share.meta({ description: 'Of all that the importer buys of it', unit: 'share 0-1' }),
  rank: z.int().nullable().meta({ description: '1 sells most; unknown partners have none', unit: 'rank' }),
  mass: z.number().nullable().meta({ description: 'Weight; null where unknown', unit: 'tonnes' }),
  unit_value: z
    .number()
    .nullable()
    .meta({ description: 'Value by weight; null where weight is unknown', unit: 'currency per tonne' }),
})

const statementOfSuppliers = statement(import.meta.url, './suppliers.sql')

export const suppliers = defineAnalysis({
  name: 'suppliers',
  title: 'Suppliers',
  question: 'Who supplies an importer or bloc with a product, a group or everything?',
  example: 'chokepoint suppliers --dataset critical-materials --importer Germany --product 850511',
  needs: { kind: 'flow', complete_suppliers: true, compares_periods: false, groups: 'summed' },
  parameters,
  columns,
  keys: ['period', 'importer', 'product', 'supplier'],
  shown: ['period', 'importer', 'product', 'supplier', 'value', 'share', 'rank', 'unit_value'],
  chart: [
    {
      kind: 'area',
      measure: 'Share of imports by supplier',
      x: 'period',
      y: 'share',
      series: 'supplier',
      panels: ['importer', 'product'],
      doubtful: [doubtedReports],
    },
    {
      kind: 'bars',
      measure: 'Share of imports by supplier',
      label: 'supplier',
      value: 'share',
      panels: ['importer', 'product'],
      doubtful: [doubtedReports],
    },
    {
      kind: 'map',
      measure: 'Share of imports by supplier',
      economy: 'supplier',
      value: 'share',
      panels: ['importer', 'product'],
      doubtful: [doubtedReports],
    },
    {
      kind: 'sankey',
      measure: 'Imports by supplier',
      source: 'supplier',
      target: 'importer',
      value: 'value',
      panels: ['product'],
      doubtful: [doubtedReports],
    },
  ],
  sources: ['Methods, section 0: shares of imports, unknown partners in the denominator'],
  limits: ['A supplier is the country that the report names: origin or last dispatch, as the source says.'],
  plan: (given, selection) => ({
    statement: statementOfSuppliers,
    values: { suppliers: selection.suppliers, min_value: given.min_value },
    order: ['period', 'importer', 'product', 'place', 'supplier'],
  }),
  headline_columns: ['period', 'importer', 'product', 'supplier', 'share', 'rank'],
  headline(rows, selection) {
    if (rows.length === 0) return undefined
    const all = casesOf(rows, selection)
    const leaders = all.rows.filter((row) => row['rank'] === 1)
    const [first] = leaders
    if (!first) return undefined
    const cases = new Set(all.rows.map((row) => `${row['importer']} ${row['product']}`)).size
    if (cases === 1)
      return `${economyInWords(String(first['supplier']))} supplied ${percent(Number(first['share']))} of what ${all.importers} bought${all.products === 'goods' ? '' : ` of ${all.products}`} in ${all.period}.`
    const led = new Map<string, number>()
    for (const row of leaders) led.set(String(row['supplier']), (led.get(String(row['supplier'])) ?? 0) + 1)
    const [[supplier, times]] = [...led].sort(
      ([one, less], [other, more]) => more - less || (one < other ? -1 : 1),
    ) as [[string, number]]
    const known = all.rows.some((row) => String(row['supplier']).startsWith('X-')) ? 'known ' : ''
    return `${economyInWords(supplier)} was the largest ${known}supplier in ${times} of ${cases} purchases of ${all.products} by ${all.importers} in ${all.period}.`
  },
})
