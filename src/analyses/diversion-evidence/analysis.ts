import { z } from 'zod'
import { divert, type Found, type FoundHub } from '../../corridors/findings.ts'
import type { LegHistory } from '../../corridors/histories.ts'
import { hubStatuses } from '../../corridors/hubs.ts'
import { corridorParameters } from '../../corridors/parameters.ts'
import { economyInWords } from '../../reference/economies.ts'
import { amount } from '../../wording.ts'
import { defineAnalysis, type Row } from '../analysis.ts'
import { currency } from '../fields.ts'

const parameters = z.strictObject(corridorParameters)

const amount_ = z.number().nullable()

const columns = z.strictObject({
  hub: z.string().meta({ description: 'Through whom', unit: 'economy' }),
  hub_status: z.enum(hubStatuses).meta({ description: 'free, of the coalition, or restricted itself', unit: 'text' }),
  kind: z.enum(['baseline', 'test', 'placebo', 'confounder', 'reason']).meta({
    description: 'What it is: a reckoning of what would have been, a test, a placebo, another explanation',
    unit: 'text',
  }),
  leg: z.enum(['first', 'second', 'both']).meta({ description: 'Which leg it speaks of', unit: 'text' }),
  name: z.string().meta({ description: 'Which one', unit: 'text' }),
  before: amount_.meta({ description: 'Mean of the windows before', unit: currency }),
  expected: amount_.meta({ description: 'What would have been', unit: currency }),
  after: amount_.meta({ description: 'What was', unit: currency }),
  excess: amount_.meta({ description: 'One less the other', unit: currency }),
  ratio: z
    .number()
    .nullable()
    .meta({ description: 'After over what would have been; of tests, the growth beyond others’', unit: 'ratio' }),
  p: z.number().min(0).max(1).nullable().meta({ description: 'How often chance does as well', unit: 'probability' }),
  q: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .meta({ description: 'False-discovery rate over all legs of the run', unit: 'rate 0-1' }),
  leads: z.boolean().nullable().meta({ description: 'Whether it is the baseline that leads', unit: 'yes or no' }),
  says: z.string().nullable().meta({ description: 'What it says, or why it cannot be said', unit: 'sentence' }),
})

const empty = { before: null, expected: null, after: null, excess: null, ratio: null, p: null, q: null, leads: null }

function baselineRows(history: LegHistory | undefined, leg: 'first' | 'second', who: Row): Row[] {
  return (history?.baselines ?? []).map((baseline) => {
    const after = history?.values.listed.post ?? 0
    return {
      ...who,
      ...empty,
      kind: 'baseline',
      leg,
      name: baseline.name,
      before: history?.before ?? null,
      expected: baseline.expected,
      after,
      excess: baseline.expected === null ? null : after - baseline.expected,
      ratio: baseline.expected ? after / baseline.expected : null,
      leads: baseline === history?.leading,
      says: baseline.missing || null,
    }
  })
}

/** Why a hub's verdict is what it is, row by row. */
function evidenceOf({ histories, draws }: Found, one: FoundHub): Row[] {
  const { hub, tests } = one
  const who = { hub: hub.economy, hub_status: hub.status }
  const row = (kind: string, leg: string, name: string, says: string, more: Row = {}): Row => ({
    ...who,
    ...empty,
    kind,
    leg,
    name,
    ...more,
    says,
  })
  const lots = `list by lot, ${draws.toLocaleString('en')} times`
  const [last, prior] = one.first?.values.listed.windows ?? []
  return [
    ...baselineRows(one.first, 'first', who),
    ...baselineRows(one.second || undefined, 'second', who),
    ...(tests
      ? [
          row('test', 'first', lots, 'growth of listed goods beyond that of others, mean over goods', {
            ratio: tests.unit_growth === null ? null : Math.exp(tests.unit_growth),
            p: tests.first_p,
            q: tests.first_rate,
          }),
          ...(hub.second
            ? [
                row('test', 'second', lots, 'the same of what it sold to the destination', {
                  p: tests.second_p,
                  q: tests.second_rate,
                }),
              ]
            : []),
          row(
            'placebo',
            'first',
            'the year before',
            tests.parallel_before === null
              ? 'one year before only: no placebo date'
              : tests.parallel_before
                ? 'listed goods and others grew alike before'
                : 'listed goods outgrew others before already',
            {
              before: prior ?? null,
              after: prior === undefined ? null : (last ?? null),
              ratio: tests.unit_growth_before === null ? null : Math.exp(tests.unit_growth_before),
              p: tests.placebo_p,
            },
          ),
        ]
      : [
          row(
            'test',
            'first',
            lots,
            histories.unlisted_units
              ? 'not tested: the first leg after the event is below the least value'
              : 'not tested: goods off the list are not in the dataset, unit by unit',
          ),
        ]),
    ...one.confounders.map((text) => {
      const [name = '', ...says] = text.split(': ')
      return row('confounder', 'first', name, says.join(': ') || name)
    }),
    ...one.judgement.reasons.map((reason, place) =>
      row('reason', 'both', `${one.judgement.verdict}, ${place + 1}`, reason),
    ),
  ]
}

export const diversionEvidence = defineAnalysis({
  name: 'diversion-evidence',
  title: 'Diversion, why each verdict',
  question: 'By which baselines, placebos and other explanations does a hub have its verdict?',
  example:
    'chokepoint diversion-evidence --dataset eu-listed-exports --origin EU27 --destination RUS --list eu-2023-01 --list-mode final --event 2022-02 --donut 0 --hub Kyrgyzstan',
  needs: { kinds: ['flow'] },
  parameters,
  columns,
  keys: ['hub', 'kind', 'leg', 'name'],
  shown: ['hub', 'kind', 'leg', 'name', 'excess', 'p', 'says'],
  sources: ['Methods, diversion sections a1, c and i (DIV2, SCO1 to SCO3, VER1)'],
  limits: [
    'What the data do not show is not among the confounders: prices where weights are not known, and transit under other customs regimes.',
  ],
  async run(given, context) {
    const found = await divert(given, context)
    const rows = found.hubs.flatMap((one) => evidenceOf(found, one))
    const [one] = found.hubs
    const range = one?.first?.baselines.flatMap(({ expected }) => expected ?? [])
    const money = (value: number) => amount(value, found.corridors.manifest.currency)
    const [least, most] = [Math.min(...(range ?? [])), Math.max(...(range ?? []))].map(money)
    const expected = least === most ? `about ${most}` : `${least} to ${most}`
    return {
      rows,
      headline:
        one?.first && found.hubs.length === 1 && range && range.length > 0
          ? `${economyInWords(one.hub.economy)}: ${one.judgement.verdict}, for ${one.judgement.reasons.join('; ')}. By ${range.length} baselines it would have bought ${expected}, and bought ${money(one.first.values.listed.post)}.`
          : undefined,
      caveats: [
        `After: ${found.corridors.span.text.post}. Before: ${found.corridors.span.text.before}.`,
        ...found.caveats,
      ],
      resolved: found.corridors.resolved,
    }
  },
})
