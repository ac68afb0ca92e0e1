import { z } from 'zod'
import { statement } from '../../engine/statement.ts'
import { economyInWords } from '../../reference/economies.ts'
import { Refusal } from '../../refusal.ts'
import { amount, percent, periodName } from '../../wording.ts'
import { defineAnalysis } from '../analysis.ts'
import { goodsName } from '../cases.ts'
import { currency, importer, money, period, product, supplier } from '../fields.ts'
import { gapParameters, mirrorSources, reporting } from '../mirroring.ts'

const parameters = z.strictObject(gapParameters)

const oneSided = 'null where one side is missing'
const none = '0 where its report has none, null where that is not known'

const columns = z.strictObject({
  period,
  importer,
  supplier,
  product,
  exporter_value: money.nullable().meta({ description: `As the exporter reports it; ${none}`, unit: currency }),
  importer_value: money.nullable().meta({ description: `As the importer reports it; ${none}`, unit: currency }),
  ratio: z
    .number()
    .nullable()
    .meta({ description: `The importer’s report by the exporter’s; ${oneSided}`, unit: 'ratio' }),
  asymmetry: z.number().min(0).max(1).meta({
    description: 'Difference by sum, at the exporter’s border; 0 the same, 1 where one side is missing',
    unit: 'index 0-1',
  }),
  importer_fob: money.nullable().meta({
    description: 'The importer’s report at the exporter’s border; as it is where the exporter reports more',
    unit: currency,
  }),
  gap: money.nullable().meta({
    description: 'The exporter’s report less the importer’s at the exporter’s border; null where either is not known',
    unit: currency,
  }),
  gap_share: z
    .number()
    .nullable()
    .meta({ description: 'The gap by the exporter’s report; null without one', unit: 'relative change' }),
  log_ratio: z
    .number()
    .nullable()
    .meta({
      description: `Logarithm of the importer’s report at the exporter’s border by the exporter’s; ${oneSided}`,
      unit: 'log points',
    }),
  estimated: z.boolean().meta({ description: 'Whether the publisher has estimated one of them', unit: 'yes or no' }),
})

const statementOfGaps = statement(import.meta.url, './mirror-gaps.sql')

export const mirrorGaps = defineAnalysis({
  name: 'mirror-gaps',
  title: 'Two reports of the same flow',
  question: 'Where importer and exporter both report, how far apart are they?',
  example: 'chokepoint mirror-gaps --dataset comtrade --importer Kazakhstan --supplier China --period 2021-2024',
  needs: { kind: 'flow', complete_suppliers: false, compares_periods: false, groups: 'summed', both_sides: true },
  parameters,
  columns,
  keys: ['period', 'importer', 'supplier', 'product'],
  shown: ['period', 'importer', 'supplier', 'product', 'exporter_value', 'importer_value', 'ratio', 'asymmetry'],
  chart: {
    kind: 'dumbbell',
    measure: 'The same flow in two reports',
    label: 'supplier',
    from: 'exporter_value',
    to: 'importer_value',
    from_says: 'reported by the exporter',
    to_says: 'reported by the importer',
    panels: ['importer', 'product'],
    doubtful: [{ column: 'estimated', is: true, says: 'estimated by the publisher', estimate: true }],
  },
  sources: [
    ...mirrorSources,
    'Asymmetry: Bustos et al. (2025), Growth Lab Working Paper 251: 1 where one side is missing',
  ],
  limits: [
    'Exporters report the last known destination, importers the origin: a gap is no proof of an error or of a detour.',
    'Only economies that report the whole period are compared; one that does not is not taken for a zero.',
  ],
  plan(given, selection) {
    const { manifest } = selection
    const absent = (['importer', 'exporter'] as const).find((side) => !manifest.sides.includes(side))
    if (absent)
      throw new Refusal(
        'no_data',
        'side/absent',
        `Two reports of a flow are compared; ${manifest.name} has none of ${absent}s, only ${manifest.sides.join(', ')}`,
      )
    const reports = reporting(selection, ['importer', 'exporter'])
    const silent = selection.periods.flatMap((asked) =>
      [
        ...selection.importers.map((economy) => ({ economy, side: 'importer' })),
        ...selection.suppliers.map((economy) => ({ economy, side: 'exporter' })),
      ]
        .filter(
          ({ economy, side }) =>
            !reports.reporter.some(
              (reporter, place) =>
                reporter === economy && reports.report_side[place] === side && reports.report_period[place] === asked,
            ),
        )
        .map(({ economy, side }) => `${economy} as ${side} in ${periodName(asked)}`),
    )
    return {
      statement: statementOfGaps,
      values: {
        ...reports,
        buyers: selection.importers,
        sellers: selection.suppliers,
        // Whether exporters report a product at all is read from their own reports.
        side: 'exporter',
        partners_complete: manifest.partners_complete ? 1 : 0,
        cif_fob_millionths: Math.round(given.cif_fob * 1e6),
        min_value: given.min_value,
      },
      order: ['importer', 'supplier', 'product', 'period'],
      reads_exports: 'of all',
      caveats: [
        ...(silent.length > 0
          ? [`No report, or not of the whole: ${silent.slice(0, 8).join(', ')}${silent.length > 8 ? ', …' : ''}.`]
          : []),
        `Where the importer reports as much as the exporter or more, ${percent(given.cif_fob)} of freight and insurance are taken out of its report (divided by ${Number((1 + given.cif_fob).toFixed(6))}) for importer_fob, gap, gap_share, asymmetry and log_ratio; where the exporter reports more, nothing is. ratio is of both reports as they are.`,
        manifest.partners_complete
          ? '0 is what a report says: it has the product in the period, with all partners, and this one is not among them. What is empty is not known: the report has nothing of the product.'
          : `What is empty is not known: that side’s report has not the flow, and ${manifest.name} may not have all of its partners.`,
      ],
    }
  },
  headline_columns: ['period', 'importer', 'supplier', 'product', 'exporter_value', 'importer_value', 'ratio'],
  headline(rows, selection) {
    const last = rows.at(-1)
    if (!last) return undefined
    const money = (value: unknown) => amount(Number(value), selection.manifest.currency)
    const told = (value: unknown, what: string) => {
      if (value === null) return `has no report of ${what}`
      return Number(value) > 0 ? `reports ${what} of ${money(value)}` : `reports no ${what}`
    }
    const [sold, bought] = [told(last['exporter_value'], 'sales'), told(last['importer_value'], 'purchases')]
    const ratio = last['ratio'] === null ? '' : `: ${Number(last['ratio']).toFixed(2)} times as much`
    return `${economyInWords(String(last['supplier']))} ${sold} of ${goodsName(String(last['product']), selection)} to ${economyInWords(String(last['importer']))} in ${periodName(Number(last['period']))}, which ${bought}${ratio}.`
  },
})
