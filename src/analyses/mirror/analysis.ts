import { z } from 'zod'
import { measure, statement } from '../../engine/statement.ts'
import { economyInWords } from '../../reference/economies.ts'
import { amount, percent, periodName } from '../../wording.ts'
import { defineAnalysis } from '../analysis.ts'
import { goodsName } from '../cases.ts'
import type { DoubtedWord } from '../charting.ts'
import { count, currency, money, period, product, share } from '../fields.ts'
import { lowCoverage, mirrorLimits, mirrorOf, mirrorParameters, mirrorSources } from '../mirroring.ts'
import { bound, type PresetName, presetNames, presets } from '../presets.ts'

const parameters = z.strictObject({
  ...mirrorParameters,
  preset: z
    .enum(presetNames)
    .default('ec')
    .meta({ description: 'Whose threshold of concentration: ec above 0.4, mgi-2023, doj-2010, doj-2023, cbs, isi' }),
})

const index = z.number().min(0).max(1)
const unknownBase = 'null where it has no own report of the product to compare with'

const columns = z.strictObject({
  period,
  economy: z.string().meta({ description: 'Whose trade is rebuilt', unit: 'economy' }),
  product,
  value: money.meta({ description: 'What its partners report, at the exporter’s border', unit: currency }),
  coverage: share.nullable().meta({
    description: `Of its last own report, what was with partners that report now; ${unknownBase}`,
    unit: 'share 0-1',
  }),
  hhi_low: index.nullable().meta({
    description: `Concentration of its partners with the missing part spread thin; ${unknownBase}`,
    unit: 'index 0-1',
  }),
  hhi_high: index.nullable().meta({
    description: `The same with all of the missing part the leading partner’s; ${unknownBase}`,
    unit: 'index 0-1',
  }),
  verdict: z
    .enum(['yes', 'no', 'undetermined'])
    .nullable()
    .meta({
      description: `Concentrated by the preset; undetermined where the bounds disagree; ${unknownBase}`,
      unit: 'verdict',
    }),
  partners: count.meta({ description: 'Partners that report trade with it', unit: 'count' }),
  low_coverage: z
    .boolean()
    .nullable()
    .meta({ description: `Whether coverage is below ${percent(lowCoverage)}`, unit: 'yes or no' }),
  base_period: z
    .int()
    .nullable()
    .meta({ description: 'When it last reported itself; later where it never had before', unit: 'period' }),
  missing: money
    .nullable()
    .meta({ description: `Estimated for partners that do not report; ${unknownBase}`, unit: currency }),
  panel_value: money.meta({
    description: 'Of value, with partners that report in every period asked for: for trends',
    unit: currency,
  }),
  panel_weight: share
    .nullable()
    .meta({ description: `Of its last own report, what was with those; ${unknownBase}`, unit: 'share 0-1' }),
  estimated_share: share.meta({ description: 'Of value, what the publisher has estimated', unit: 'share 0-1' }),
  hhi: index.meta({ description: 'Concentration over partners that report', unit: 'index 0-1' }),
  lead_partner: z
    .string()
    .nullable()
    .meta({ description: 'Largest partner that reports; of equals the first by alphabet', unit: 'economy' }),
  lead_share_low: share
    .nullable()
    .meta({ description: `Its share with the missing part others’; ${unknownBase}`, unit: 'share 0-1' }),
  lead_share_high: share
    .nullable()
    .meta({ description: `Its share with the missing part its own; ${unknownBase}`, unit: 'share 0-1' }),
})

const partlyEstimated = {
  column: 'estimated_share',
  is: { above: 0 },
  says: 'estimated in part by the publisher',
  estimate: true,
} as const satisfies DoubtedWord

const statementOfMirror = statement(import.meta.url, './mirror.sql')

export const mirror = defineAnalysis({
  name: 'mirror',
  title: 'Trade rebuilt from partners’ reports',
  question: 'What did an economy that does not report buy or sell, by its partners’ reports, and how sure is that?',
  example: 'chokepoint mirror --dataset eu-listed-exports --importer Armenia --period 2020-2022 --level 0',
  needs: { kind: 'flow', complete_suppliers: false, compares_periods: false, groups: 'summed', both_sides: true },
  parameters,
  columns,
  keys: ['period', 'economy', 'product'],
  shown: ['period', 'economy', 'product', 'value', 'coverage', 'hhi_low', 'hhi_high', 'verdict'],
  chart: [
    {
      kind: 'lines',
      measure: 'Imports as partners report them',
      x: 'period',
      y: 'value',
      series: 'economy',
      panels: ['product'],
      most: 24,
      doubtful: [partlyEstimated],
    },
    {
      kind: 'bars',
      measure: 'Imports as partners report them',
      label: 'economy',
      value: 'value',
      panels: ['product'],
      doubtful: [partlyEstimated],
    },
  ],
  sources: mirrorSources,
  limits: mirrorLimits,
  plan(given, selection) {
    const { values, caveats } = mirrorOf(given, selection)
    const preset = presets[given.preset as PresetName]
    return {
      statement: statementOfMirror,
      flow: measure('flow_mirror'),
      values: {
        ...values,
        ...bound(preset),
        low_coverage_percent: Math.round(lowCoverage * 100),
      },
      order: ['economy', 'product', 'period'],
      caveats: [...caveats, `Threshold: ${preset.source}.`],
    }
  },
  headline_columns: [
    'period',
    'economy',
    'product',
    'value',
    'coverage',
    'base_period',
    'hhi_low',
    'hhi_high',
    'verdict',
  ],
  headline(rows, selection) {
    const last = rows.at(-1)
    if (!last) return undefined
    const { manifest, importers } = selection
    const who = economyInWords(String(last['economy']))
    const goods = goodsName(String(last['product']), selection)
    const traded = `By its partners’ reports ${who} ${importers.length > 0 ? 'bought' : 'sold'} ${amount(Number(last['value']), manifest.currency)} of ${goods} in ${periodName(Number(last['period']))}`
    if (last['coverage'] === null)
      return `${traded}; it has no own report of that to compare with, so how much is missing is not known.`
    const from = Number(last['base_period'])
    const bounds =
      last['verdict'] === null
        ? ''
        : `; the index of concentration is ${Number(last['hhi_low']).toFixed(3)} to ${Number(last['hhi_high']).toFixed(3)}${last['verdict'] === 'undetermined' ? ', on both sides of the threshold' : ''}`
    return `${traded}. Those that report had ${percent(Number(last['coverage']))} of its own report of ${periodName(from)}${bounds}.`
  },
})
