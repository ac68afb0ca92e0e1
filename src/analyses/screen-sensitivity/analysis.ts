import { z } from 'zod'
import { economyInWords } from '../../reference/economies.ts'
import { Refusal } from '../../refusal.ts'
import { windowsOf } from '../../screening/binding.ts'
import type { Alignment, Method } from '../../screening/methods.ts'
import { methodsAsked, screeningParameters } from '../../screening/parameters.ts'
import { rulesInWords, variantsOf, varied } from '../../screening/variants.ts'
import { periodName } from '../../wording.ts'
import { defineAnalysis, type FlowNeeds } from '../analysis.ts'
import { count, importer, period } from '../fields.ts'
import { type Compared, compareBlocRule, compareVariants } from './comparison.ts'

const parameters = z.strictObject({
  ...screeningParameters,
  step: z
    .array(z.int().min(-90).max(300))
    .readonly()
    .default([-25, -10, 10, 25])
    .meta({ description: 'Per cent by which each threshold is moved, one at a time' }),
  vary: z
    .array(z.enum(varied))
    .readonly()
    .default([...varied])
    .meta({ description: 'What is set otherwise: thresholds, windows, exports of blocs, blocs as one supplier' }),
  keep: z
    .enum(['changed', 'all'])
    .default('changed')
    .meta({ description: 'Variants that change the list, or all: those that do not, or cannot be judged, as well' }),
  bloc: z
    .string()
    .min(1)
    .default('EU27')
    .meta({ description: 'The bloc that sells as one in a variant, or by members where merge names it' }),
})

const columns = z.strictObject({
  period,
  importer,
  method: z.string().meta({ description: 'The method that is varied', unit: 'method' }),
  varied: z.enum(varied).meta({ description: 'What is set otherwise', unit: 'text' }),
  setting: z.string().meta({ description: 'How', unit: 'text' }),
  step: z
    .int()
    .nullable()
    .meta({ description: 'Of a threshold, by how much it is moved; null for others', unit: 'per cent' }),
  critical_before: count.nullable().meta({
    description: 'Critical by the method as it is; null where it judges nothing',
    unit: 'count',
  }),
  critical: count
    .nullable()
    .meta({ description: 'Critical by the variant; null where it judges nothing', unit: 'count' }),
  entered: count.nullable().meta({ description: 'Critical by the variant only', unit: 'count' }),
  left: count.nullable().meta({ description: 'Critical by the method only', unit: 'count' }),
  undetermined: count.nullable().meta({ description: 'Left open by the variant', unit: 'count' }),
  overlap: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .meta({ description: 'Critical by both, of those critical by either; null where none is', unit: 'share 0-1' }),
  entering: z.string().nullable().meta({ description: 'Of those entered, the three most bought', unit: 'products' }),
  leaving: z.string().nullable().meta({ description: 'Of those that left, the three most bought', unit: 'products' }),
})

/** How many products are critical by the method as it is, and the least and the most over its variants. */
function spanOf(rows: readonly Compared[], method: Method) {
  const mine = rows.filter((row) => row.method === method.name && row.critical !== null)
  const own = mine.find((row) => row.critical_before !== null)?.critical_before ?? null
  const counts = [...mine.map((row) => row.critical as number), ...(own === null ? [] : [own])]
  if (counts.length === 0) return undefined
  return { method, own, low: Math.min(...counts), high: Math.max(...counts) }
}

type Span = NonNullable<ReturnType<typeof spanOf>>

/** "By mgi-2023 as it is (import_hhi > 0.3) 9 products are critical …; with one rule at a time set otherwise, 7 to 19". */
function headline({ importer, period }: Compared, spans: readonly Span[], alignment: Alignment): string | undefined {
  const [first] = spans
  if (!first) return undefined
  const { method, own, low, high } = spans.reduce(
    (one, other) => (one.high - one.low >= other.high - other.low ? one : other),
    first,
  )
  const whom = `for ${economyInWords(importer)} in ${periodName(period)}`
  const critical =
    own === null ? 'nothing can be judged' : own === 1 ? '1 product is critical' : `${own} products are critical`
  return `By ${method.name} as it is (${rulesInWords(method, alignment)}) ${critical} ${whom}; with one rule at a time set otherwise, ${low} to ${high}${spans.length > 1 ? `, the widest span of ${spans.length} methods` : ''}.`
}

export const screenSensitivity = defineAnalysis({
  name: 'screen-sensitivity',
  title: 'How a list of critical products depends on its rules',
  question: 'How does the list of critical products change with each threshold, window and bloc rule of a method?',
  example: 'chokepoint screen-sensitivity --dataset critical-materials --importer Germany --method mgi-2023',
  needs: { kinds: ['flow'], complete_suppliers: true },
  parameters,
  columns,
  keys: ['period', 'importer', 'method', 'varied', 'setting'],
  shown: [
    'period',
    'importer',
    'method',
    'setting',
    'critical_before',
    'critical',
    'entered',
    'left',
    'overlap',
    'entering',
    'leaving',
  ],
  chart: {
    kind: 'dumbbell',
    measure: 'Critical products as one rule is set otherwise',
    label: 'setting',
    from: 'critical_before',
    to: 'critical',
    from_says: 'by the method',
    to_says: 'by the variant',
    panels: ['importer', 'period', 'method'],
  },
  sources: [
    'One thing at a time is set otherwise; overlap is the index of Jaccard (1901)',
    'Methods in data/methods, each with its source and with what could not be read in it',
  ],
  limits: [
    'It says how much a list hangs on its rules, not which rule is right.',
    'Rules are moved one at a time: two moved together may change more than the sum.',
  ],
  async run(given, context) {
    if (given.importer.length === 0)
      throw new Refusal('wrong_use', 'parameter/missing', 'Whose list? Name who buys: --importer Germany')
    const { exports } = given
    const asked = methodsAsked(given, context.home)
    const methods =
      exports === ''
        ? asked
        : asked.map((method) => ({ ...method, criteria: method.criteria.map((one) => ({ ...one, exports })) }))
    const variants = (blocs: boolean) =>
      variantsOf(methods, given.step, given.alignment, blocs).filter((one) => given.vary.includes(one.varied))
    const needs: FlowNeeds = {
      kind: 'flow',
      complete_suppliers: true,
      compares_periods: false,
      groups: 'by product',
      windows: () => windowsOf([...methods, ...variants(true).map(({ method }) => method)], given.alignment),
    }
    const reader = await context.flows(needs, given)
    const compared = await compareVariants(reader, given, methods, variants(reader.selection.buying_blocs.length > 0))
    const blocRule = given.vary.includes('bloc')
      ? await compareBlocRule(reader, given, methods, given.bloc, (other) => context.flows(needs, other, 'aside'))
      : { rows: [], caveats: [] }
    const place = new Map(methods.map((method, at) => [method.name, at]))
    const order = (row: Compared) => (place.get(row.method) ?? 0) * varied.length + varied.indexOf(row.varied)
    const rows = [...compared.rows, ...blocRule.rows].sort(
      (a, b) =>
        a.period - b.period || (a.importer < b.importer ? -1 : a.importer > b.importer ? 1 : order(a) - order(b)),
    )
    const last = rows.at(-1)
    const latest = rows.filter((row) => row.period === last?.period && row.importer === last.importer)
    const spans = methods.flatMap((method) => spanOf(latest, method) ?? [])
    const unjudged = rows.filter((row) => row.entered === null)
    const same = rows.filter((row) => row.entered === 0 && row.left === 0)
    const hidden = given.keep === 'all' ? [] : [...unjudged, ...same]
    return {
      rows: rows.filter((row) => !hidden.includes(row)).map((row) => ({ ...row })),
      headline: last && headline(last, spans, given.alignment),
      caveats: [
        ...(hidden.length > 0
          ? [
              `Not shown: ${same.length} variants change nothing, ${unjudged.length} cannot be compared, for they or their method judge nothing. --keep all shows them.`,
            ]
          : []),
        ...compared.caveats,
        ...blocRule.caveats,
      ],
      resolved: { method: methods.map((method) => method.name) },
    }
  },
})
