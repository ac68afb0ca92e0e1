import { z } from 'zod'
import { statement } from '../../engine/statement.ts'
import { economyInWords } from '../../reference/economies.ts'
import { amount, percent, periodName } from '../../wording.ts'
import { defineAnalysis, type Row } from '../analysis.ts'
import { count, currency, importer, money, period, product, share } from '../fields.ts'
import {
  many,
  substitution,
  substitutionCaveats,
  substitutionLimits,
  substitutionParameters,
  substitutionSources,
} from '../substitution.ts'

const parameters = z.strictObject(substitutionParameters)

const ratio = z.number().min(0)
const ofElsewhere = share.nullable()

const columns = z.strictObject({
  period,
  importer,
  product,
  lost: z.string().meta({ description: 'Supplier or set that is lost', unit: 'economy' }),
  value: money.meta({ description: 'What is lost: bought from it', unit: currency }),
  total: money.meta({ description: 'Bought from all', unit: currency }),
  share: share.meta({ description: 'Lost, of all that the importer buys of it', unit: 'share 0-1' }),
  needed: ratio.nullable().meta({
    description:
      'Part of what all others sell elsewhere that would have to be turned to the importer; null without any',
    unit: 'share 0-1',
  }),
  verdict: z.enum(['many', 'few', 'none', 'undetermined']).meta({
    description: `many: the gap is filled at the given diversion, by ${many.several} or more able ones; none: not even if all diverted everything; few: between; undetermined: what is not known decides`,
    unit: 'verdict',
  }),
  alternatives: z
    .string()
    .nullable()
    .meta({ description: 'The first three that may count, by what they could turn', unit: 'economies' }),
  reason: z.string().meta({ description: 'Why the verdict', unit: 'words' }),
  suppliers: count.meta({ description: 'Other known suppliers, anywhere', unit: 'count' }),
  elsewhere: money.meta({ description: 'What they sell to others than the importer', unit: currency }),
  fills: ratio.meta({ description: 'What all of them could turn to the importer, of what is lost', unit: 'share 0-1' }),
  firm_fills_low: ratio.meta({ description: 'The same of those that count for certain', unit: 'share 0-1' }),
  firm_fills_high: ratio.meta({ description: 'The same of those that may count', unit: 'share 0-1' }),
  able_low: count.meta({ description: 'Of those for certain, who fill a twentieth of what is lost', unit: 'count' }),
  able_high: count.meta({ description: 'Of those that may count, the same', unit: 'count' }),
  hub_share: ofElsewhere.meta({
    description: 'Of what others sell elsewhere, at hubs that mostly pass goods on; these never count',
    unit: 'share 0-1',
  }),
  dependent_share: ofElsewhere.meta({
    description: 'The same at those that fall with the lost supplier; these never count',
    unit: 'share 0-1',
  }),
  other_price_share: ofElsewhere.meta({
    description: 'The same in another price band; these do not count with --price band',
    unit: 'share 0-1',
  }),
  unknown_share: ofElsewhere.meta({
    description: 'The same where unit value or purchases are unknown; these may count',
    unit: 'share 0-1',
  }),
  own_exports: money.meta({
    description: 'What the importer itself sells to others, and might keep; a bloc’s members outside it',
    unit: currency,
  }),
  production: money.nullable().meta({ description: 'What the importer makes; null where unknown', unit: currency }),
  production_mass: z.number().nullable().meta({ description: 'The same by weight', unit: 'tonnes' }),
  apparent_consumption: money.nullable().meta({
    description: 'Imports and production less exports; null where production is unknown',
    unit: currency,
  }),
  import_reliance: ratio.nullable().meta({
    description: 'Imports by apparent consumption, above 1 where imports are sold on; null where production is unknown',
    unit: 'share 0-1',
  }),
  reliance_basis: z
    .enum(['value', 'mass'])
    .nullable()
    .meta({ description: 'Whether of values, or of weights where only those are known', unit: 'words' }),
})

const statementOfSubstitutes = statement(import.meta.url, './substitutes.sql')

const judgement: Readonly<Record<string, string>> = {
  many: 'many could step in',
  few: 'few could step in',
  none: 'none could fill the gap',
  undetermined: 'it is not known whether others could fill the gap',
}

/** One product in a sentence; several by how many have which verdict. */
function headline(rows: readonly Row[], currencyCode: string): string | undefined {
  const last = rows.at(-1)
  if (!last) return undefined
  const same = rows.filter((row) => row['importer'] === last['importer'] && row['period'] === last['period'])
  const who = economyInWords(String(last['importer']))
  const when = periodName(Number(last['period']))
  if (same.length === 1) {
    const needed =
      last['needed'] === null
        ? ''
        : ` ${percent(Number(last['needed']))} of what others sell elsewhere would be needed.`
    return `Without ${economyInWords(String(last['lost']))}, ${who} would have lacked ${amount(Number(last['value']), currencyCode)} of ${last['product']} in ${when}, ${percent(Number(last['share']))} of what it bought: ${judgement[String(last['verdict'])]} (${last['reason']}).${needed}`
  }
  const counted = (verdict: string) => same.filter((row) => row['verdict'] === verdict).length
  const suppliers = new Set(same.map((row) => row['lost']))
  const missed =
    suppliers.size === 1
      ? `products that ${who} would have missed without ${economyInWords(String(last['lost']))}`
      : `purchases of a product from one supplier that ${who} would have missed without it`
  const unknown = counted('undetermined')
  return `Of ${same.length} ${missed} in ${when}, many could step in for ${counted('many')}, few for ${counted('few')} and none for ${counted('none')}${unknown > 0 ? `; for ${unknown} it is not known` : ''}.`
}

export const substitutes = defineAnalysis({
  name: 'substitutes',
  title: 'Substitutes for a lost supplier',
  question: 'Could others step in if a supplier were lost: many, few or none?',
  example: 'chokepoint substitutes --dataset critical-materials --importer Japan --supplier China',
  needs: { kind: 'flow', complete_suppliers: true, compares_periods: false, groups: 'by product' },
  beside: { production: 'production' },
  parameters,
  columns,
  keys: ['period', 'importer', 'product', 'lost'],
  shown: [
    'period',
    'importer',
    'product',
    'lost',
    'share',
    'needed',
    'verdict',
    'reason',
    'alternatives',
    'import_reliance',
  ],
  chart: {
    kind: 'bars',
    measure: 'Share of imports that would be lost',
    label: 'product',
    value: 'share',
    beside: ['verdict'],
    panels: ['importer', 'lost'],
    colour: { column: 'lost', says: 'Lost' },
  },
  sources: substitutionSources,
  limits: substitutionLimits,
  plan: (given, selection) => ({
    statement: statementOfSubstitutes,
    values: { ...substitution(given, selection), several: many.several, able_parts: many.parts },
    every_importer: true,
    order: ['period', 'importer', 'product', 'lost'],
    caveats: substitutionCaveats(given, selection),
  }),
  headline_columns: ['period', 'importer', 'product', 'lost', 'value', 'share', 'needed', 'verdict', 'reason'],
  headline: (rows, selection) => headline(rows, selection.manifest.currency),
})
