import { z } from 'zod'
import { statement } from '../../engine/statement.ts'
import { economyInWords } from '../../reference/economies.ts'
import { percent, periodName } from '../../wording.ts'
import { defineAnalysis } from '../analysis.ts'
import { currency, importer, money, period, product, share } from '../fields.ts'
import {
  substitution,
  substitutionCaveats,
  substitutionLimits,
  substitutionParameters,
  substitutionSources,
} from '../substitution.ts'

const parameters = z.strictObject(substitutionParameters)

const band = z.enum(['low', 'medium', 'high']).nullable()

const columns = z.strictObject({
  period,
  importer,
  product,
  lost: z.string().meta({ description: 'Supplier or set that is lost', unit: 'economy' }),
  supplier: z.string().meta({ description: 'Who else sells it', unit: 'economy' }),
  elsewhere: money.meta({ description: 'What it sells to others than the importer', unit: currency }),
  fills: z
    .number()
    .min(0)
    .meta({ description: 'What it could turn to the importer, of what is lost', unit: 'share 0-1' }),
  reliance: share.nullable().meta({
    description:
      'At most so much of its own supply comes from the lost supplier: what it buys from it, by the larger of its imports and exports; null where its purchases are unknown',
    unit: 'share 0-1',
  }),
  standing: z.enum(['firm', 'hub', 'dependent', 'other price', 'unknown']).meta({
    description: 'firm, or the first thing that stands against it; unknown where its own purchases or its price are',
    unit: 'words',
  }),
  gap: money.meta({ description: 'What is lost', unit: currency }),
  value: money.meta({ description: 'What it sells to the importer already', unit: currency }),
  exports: money.meta({ description: 'What it sells to all', unit: currency }),
  divertible: money.meta({ description: 'The given part of elsewhere', unit: currency }),
  spare: money.meta({
    description: 'Unused capacity, less what it buys from the lost supplier and will miss itself',
    unit: currency,
  }),
  unit_value: z
    .number()
    .nullable()
    .meta({ description: 'Of all that it sells with a known weight', unit: 'currency per tonne' }),
  price_band: band.meta({ description: 'Against the world’s median; null where unknown', unit: 'band' }),
  lost_price_band: band.meta({ description: 'The same of what is lost', unit: 'band' }),
  hub: z.boolean().meta({ description: 'Whether it passes on much of what it buys', unit: 'yes or no' }),
})

const statementOfSuppliers = statement(import.meta.url, './substitutes-suppliers.sql')

export const substitutesSuppliers = defineAnalysis({
  name: 'substitutes-suppliers',
  title: 'Who could step in',
  question: 'Which other suppliers could step in for a lost one, with how much, and what stands against each?',
  example:
    'chokepoint substitutes-suppliers --dataset critical-materials --importer Japan --supplier China --product 810411',
  needs: { kind: 'flow', complete_suppliers: true, compares_periods: false, groups: 'by product' },
  beside: { production: 'production' },
  parameters,
  columns,
  keys: ['period', 'importer', 'product', 'lost', 'supplier'],
  shown: ['period', 'importer', 'product', 'lost', 'supplier', 'elsewhere', 'fills', 'standing', 'reliance'],
  chart: {
    kind: 'bars',
    measure: 'What could be turned to the importer, of what is lost',
    label: 'supplier',
    value: 'fills',
    beside: ['standing'],
    tones: {
      column: 'standing',
      full: 'firm',
      open: 'unknown',
      says: { full: 'stands firm', open: 'not known whether it would', other: 'something stands against it' },
    },
    panels: ['importer', 'product', 'lost'],
  },
  sources: substitutionSources,
  limits: substitutionLimits,
  plan: (given, selection) => ({
    statement: statementOfSuppliers,
    values: substitution(given, selection),
    every_importer: true,
    order: ['period', 'importer', 'product', 'lost', 'place', 'supplier'],
    caveats: substitutionCaveats(given, selection),
  }),
  headline_columns: ['period', 'importer', 'product', 'lost', 'supplier', 'fills', 'standing'],
  headline(rows) {
    const last = rows.at(-1)
    if (!last) return undefined
    const same = rows.filter((row) =>
      ['period', 'importer', 'product', 'lost'].every((column) => row[column] === last[column]),
    )
    const firm = same.filter((row) => row['standing'] === 'firm')
    const filled = firm.reduce((sum, row) => sum + Number(row['fills']), 0)
    const unknown = same.filter((row) => row['standing'] === 'unknown').length
    return `${firm.length} of ${same.length} other suppliers of ${last['product']} stand firm without ${economyInWords(String(last['lost']))}; together they could fill ${percent(filled)} of the gap of ${economyInWords(String(last['importer']))} in ${periodName(Number(last['period']))}${unknown > 0 ? `; of ${unknown} it is not known` : ''}.`
  },
})
