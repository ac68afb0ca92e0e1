import { z } from 'zod'
import { statement } from '../../engine/statement.ts'
import { economyName } from '../../reference/economies.ts'
import { Refusal } from '../../refusal.ts'
import { defineAnalysis } from '../analysis.ts'
import { currency, flowParameters, importer, money, period, product, share, supplier } from '../fields.ts'
import { percent, periodName } from '../wording.ts'

const parameters = z.strictObject(flowParameters)

const difference = z.number().min(-1).max(1)

const columns = z.strictObject({
  period,
  importer,
  supplier,
  product,
  value: money.meta({ description: 'Bought from the supplier', unit: currency }),
  total: money.meta({ description: 'Bought from all, unknown partners among them', unit: currency }),
  share: share.meta({ description: 'Of all that the importer buys of it', unit: 'share 0-1' }),
  share_change: difference
    .nullable()
    .meta({ description: 'Against the previous period; null where that is not covered', unit: 'difference of shares' }),
  lead_gap: difference.meta({
    description: 'Less the largest other known supplier; negative where that one leads',
    unit: 'difference of shares',
  }),
  reverse_share: share.nullable().meta({
    description: 'Of the supplier’s exports, what goes to the importer; null where those are not covered',
    unit: 'share 0-1',
  }),
})

const statementOfDependence = statement(import.meta.url, './dependence.sql')

export const dependence = defineAnalysis({
  name: 'dependence',
  title: 'Dependence on a supplier',
  question: 'How much of what an importer buys comes from a supplier or a set of suppliers, and since when?',
  example: 'chokepoint dependence --dataset russia-imts --importer Russia --supplier China --period 2016-2024',
  needs: { kind: 'flow', complete_suppliers: true, compares_periods: true, groups: 'summed' },
  parameters,
  columns,
  keys: ['period', 'importer', 'supplier', 'product'],
  shown: ['period', 'importer', 'supplier', 'product', 'value', 'total', 'share', 'share_change', 'lead_gap'],
  sources: ['Methods, section a (shares, lead gap) and d17 (both directions of a pair)'],
  limits: [
    'A share of trade is not yet a risk: it says nothing of stocks, home production or other sellers’ capacity.',
  ],
  plan(given, selection, wanted) {
    if (selection.suppliers.length === 0) {
      throw new Refusal(
        'wrong_use',
        'parameter/missing',
        'dependence on whom? Name a supplier: --supplier China, or --supplier CHN+HKG for both as one',
      )
    }
    const reverse = selection.covers_exports && wanted.includes('reverse_share')
    return {
      statement: statementOfDependence,
      values: {
        suppliers: selection.suppliers,
        buyers: selection.importers,
        period_asked: selection.periods,
        period_previous: selection.previous,
        reverse: reverse ? 1 : 0,
        min_value: given.min_value,
      },
      every_importer: reverse,
      order: ['importer', 'supplier', 'product', 'period'],
      caveats: selection.covers_exports
        ? []
        : ['reverse_share is null: the dataset does not hold the suppliers’ exports to all destinations.'],
    }
  },
  headline_columns: ['period', 'importer', 'supplier', 'product', 'share'],
  headline(rows, selection) {
    const last = rows.at(-1)
    if (!last) return undefined
    const same = rows.filter(
      (row) =>
        row['importer'] === last['importer'] &&
        row['supplier'] === last['supplier'] &&
        row['product'] === last['product'],
    )
    const first = same[0]
    const goods =
      last['product'] === 'TOTAL'
        ? selection.manifest.products_complete
          ? 'goods imports'
          : 'imports of the goods in this dataset'
        : `imports of ${last['product']}`
    const since =
      first && first !== last
        ? `, ${Number(first['share']) <= Number(last['share']) ? 'up' : 'down'} from ${percent(Number(first['share']))} in ${periodName(Number(first['period']))}`
        : ''
    return `${economyName(String(last['supplier']))} supplied ${percent(Number(last['share']))} of the ${goods} of ${economyName(String(last['importer']))} in ${periodName(Number(last['period']))}${since}.`
  },
})
