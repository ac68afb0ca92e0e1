import { z } from 'zod'
import { statement } from '../../engine/statement.ts'
import { economyInWords } from '../../reference/economies.ts'
import { percent, periodName } from '../../wording.ts'
import { defineAnalysis, type Row } from '../analysis.ts'
import { goodsName } from '../cases.ts'
import { currency, money, period, product, share } from '../fields.ts'
import { mirrorLimits, mirrorOf, mirrorParameters, mirrorSources } from '../mirroring.ts'

const parameters = z.strictObject(mirrorParameters)

const columns = z.strictObject({
  period,
  economy: z.string().meta({ description: 'Whose trade is rebuilt', unit: 'economy' }),
  product,
  partner: z.string().meta({ description: 'With whom', unit: 'economy' }),
  value: money.nullable().meta({
    description: 'At the exporter’s border; 0 where the partner’s report has none, null where that is not known',
    unit: currency,
  }),
  share_low: share.nullable().meta({
    description: 'Of all, what is missing in the denominator; null where that is not known',
    unit: 'share 0-1',
  }),
  share_high: share.nullable().meta({
    description:
      'Of all that is reported; of a partner that does not report, all of what is missing; null of one that does, but not this product',
    unit: 'share 0-1',
  }),
  reports: z.boolean().meta({ description: 'Whether the partner reports in the period', unit: 'yes or no' }),
  base_share: share.nullable().meta({
    description: 'In the economy’s last own report; null where it never reported, or without this partner',
    unit: 'share 0-1',
  }),
  base_value: money.nullable().meta({ description: 'The same in money, as the economy valued it', unit: currency }),
  reported: money.nullable().meta({ description: 'As the partner reports it', unit: currency }),
  in_panel: z.boolean().meta({ description: 'Whether it reports in every period asked for', unit: 'yes or no' }),
  re_exports: money.nullable().meta({
    description: 'Of what it reports, what it only passes on; null where it does not say',
    unit: currency,
  }),
  estimated: z.boolean().meta({ description: 'Whether the publisher has estimated any of it', unit: 'yes or no' }),
})

const statementOfPartners = statement(import.meta.url, './mirror-partners.sql')

export const mirrorPartners = defineAnalysis({
  name: 'mirror-partners',
  title: 'Partners behind a rebuilt trade',
  question: 'With whom did an economy that does not report trade, and which of its partners are missing?',
  example: 'chokepoint mirror-partners --dataset eu-listed-exports --importer Armenia --period 2021 --level 0',
  needs: { kind: 'flow', complete_suppliers: false, compares_periods: false, groups: 'summed', both_sides: true },
  parameters,
  columns,
  keys: ['period', 'economy', 'product', 'partner'],
  shown: ['period', 'economy', 'product', 'partner', 'value', 'share_low', 'share_high', 'reports', 'base_share'],
  chart: {
    kind: 'bars',
    measure: 'Imports as partners report them',
    label: 'partner',
    value: 'value',
    missing: 'no report',
    panels: ['economy', 'product'],
    doubtful: [{ column: 'estimated', is: true, says: 'estimated by the publisher', estimate: true }],
  },
  sources: mirrorSources,
  limits: mirrorLimits,
  plan(given, selection) {
    const { values, caveats } = mirrorOf(given, selection)
    return {
      statement: statementOfPartners,
      // Whether partners report a product at all is read from their own reports.
      values: { ...values, side: 'exporter', partners_complete: selection.manifest.partners_complete ? 1 : 0 },
      order: ['economy', 'product', 'period', 'place', 'partner'],
      ...(values['own_side'] === 'importer' ? { reads_exports: 'of all' as const } : {}),
      caveats,
    }
  },
  headline_columns: ['period', 'economy', 'product', 'partner', 'share_low', 'share_high', 'reports', 'base_share'],
  headline(rows, selection) {
    const last = rows.at(-1)
    if (!last) return undefined
    const market = (row: Row) => ['period', 'economy', 'product'].map((column) => row[column]).join(' ')
    const same = rows.filter((row) => market(row) === market(last))
    const markets = new Set(rows.map(market)).size
    const traded = `${goodsName(String(last['product']), selection)} in ${periodName(Number(last['period']))}`
    const lead = same.find((row) => row['reports'])
    const silent = same.filter((row) => !row['reports'] && row['base_share'] !== null)
    const lost = silent.reduce((sum, row) => sum + Number(row['base_share']), 0)
    const who = economyInWords(String(last['economy']))
    const first = lead
      ? `${economyInWords(String(lead['partner']))} leads ${who}’s partners that report ${traded}, with ${lead['share_low'] === null ? 'at most ' : `${percent(Number(lead['share_low']))} to `}${percent(Number(lead['share_high']))}`
      : `No partner of ${who} reports ${traded}`
    const rest =
      silent.length > 0
        ? `; ${silent.length} that had ${percent(lost)} of its own last report do not report, first ${silent
            .slice(0, 3)
            .map((row) => economyInWords(String(row['partner'])))
            .join(', ')}`
        : ''
    return `${first}${rest}.${markets > 1 ? ` The rows have ${markets} such markets.` : ''}`
  },
})
