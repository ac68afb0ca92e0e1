import { z } from 'zod'
import { statement } from '../../engine/statement.ts'
import { Refusal } from '../../refusal.ts'
import { percent, periodName } from '../../wording.ts'
import { defineAnalysis, type Row } from '../analysis.ts'
import { casesOf, goodsName, isSameCase } from '../cases.ts'
import { doubtedReports } from '../charting.ts'
import { currency, flowParameters, importer, money, period, product, share, supplier } from '../fields.ts'

const parameters = z.strictObject(flowParameters)

const difference = z.number().min(-1).max(1)

const columns = z.strictObject({
  period,
  importer,
  supplier,
  product,
  value: money.nullable().meta({ description: 'Bought from the supplier; null where not known', unit: currency }),
  total: money.meta({ description: 'Bought from all, unknown partners among them', unit: currency }),
  share: share.nullable().meta({ description: 'Of all that the importer buys of it', unit: 'share 0-1' }),
  share_change: difference
    .nullable()
    .meta({ description: 'Against the previous period; null where that is not covered', unit: 'difference of shares' }),
  lead_gap: difference.nullable().meta({
    description: 'Less the largest other known supplier; negative where that one leads; null where not known',
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
  shown: ['period', 'importer', 'supplier', 'product', 'share', 'value', 'total', 'share_change', 'lead_gap'],
  chart: [
    {
      kind: 'lines',
      measure: 'Share of imports',
      x: 'period',
      y: 'share',
      series: 'supplier',
      panels: ['importer', 'product'],
      doubtful: [doubtedReports],
      most: 24,
    },
    {
      kind: 'bars',
      measure: 'Share of imports',
      label: 'supplier',
      value: 'share',
      panels: ['importer', 'product'],
      doubtful: [doubtedReports],
    },
  ],
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
        // Beside a bloc its members are read, which are no answer; where there is none, no other importer is read.
        buyers: selection.buying_blocs.length > 0 ? selection.importers : [],
        period_asked: selection.periods,
        period_previous: selection.previous,
        period_last: Math.max(...selection.periods),
        reverse: reverse ? 1 : 0,
        min_value: given.min_value,
      },
      ...(reverse ? { reads_exports: 'of suppliers' as const } : {}),
      order: ['independence', 'importer', 'supplier', 'product', 'period'],
      caveats: selection.covers_exports
        ? []
        : [
            'What part of the suppliers’ exports goes there (reverse_share) is not known: the dataset does not hold their exports to all destinations.',
          ],
    }
  },
  headline_columns: ['period', 'importer', 'supplier', 'product', 'share'],
  // Further columns take a statement that does more, for the same rows.
  headline_within: (page, { whole }) => (whole ? page : undefined),
  headline(rows, selection) {
    if (rows.length === 0) return undefined
    const cases = casesOf(rows, selection)
    const bought =
      cases.products === 'goods'
        ? `of the goods imports of ${cases.importers} in ${cases.period}`
        : `of what ${cases.importers} bought of ${cases.products} in ${cases.period}`
    const share = (row: Row | undefined) => percent(Number(row?.['share']))
    const range = cases.range('share', percent)
    const count = (column: string) => new Set(cases.rows.map((row) => row[column])).size
    const products = count('product')
    if (products > 1 && count('importer') === 1 && count('supplier') === 1 && range) {
      const known = cases.rows.filter((row) => row['share'] !== null)
      const [most] = known.toSorted((a, b) => Number(b['share']) - Number(a['share'])) as [Row]
      const half = known.filter((row) => Number(row['share']) > 0.5).length
      const of = goodsName(String(most['product']), selection)
      return `${cases.suppliers} supplied ${share(most)} of what ${cases.importers} bought of ${of} in ${cases.period}, the largest share of ${products} products; of ${half} it supplied more than half.${cases.unknown('share')}`
    }
    if (cases.rows.length > 1 && range)
      return `${cases.suppliers} supplied ${range} ${bought}.${cases.unknown('share')}`
    const [last] = cases.rows
    const before = rows.filter((row) => row !== last && row['share'] !== null && isSameCase(row, last as Row))
    const when = (row: Row | undefined) => periodName(Number(row?.['period']))
    if (!range) {
      const known = cases.rows.length === 1 ? before.at(-1) : undefined
      return `What ${cases.suppliers} supplied ${bought} is not known${known ? `; in ${when(known)} it was ${share(known)}` : ''}.`
    }
    const [first] = before
    const moved = first && Number(first['share']) < Number(last?.['share']) ? 'up' : 'down'
    const since = !first
      ? ''
      : share(first) === share(last)
        ? `, as in ${when(first)}`
        : `, ${moved} from ${share(first)} in ${when(first)}`
    return `${cases.suppliers} supplied ${share(last)} ${bought}${since}.`
  },
})
