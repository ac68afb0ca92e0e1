import { z } from 'zod'
import { type Corridors, corridorsIn } from '../../corridors/corridors.ts'
import { historiesOf, type LegHistory } from '../../corridors/histories.ts'
import { hubStatuses } from '../../corridors/hubs.ts'
import { corridorParameters } from '../../corridors/parameters.ts'
import { measure } from '../../engine/statement.ts'
import { economyInWords } from '../../reference/economies.ts'
import { amount, periodAfter, periodName } from '../../wording.ts'
import { defineAnalysis, type Row } from '../analysis.ts'
import { currency, period } from '../fields.ts'

const {
  draws: _draws,
  seed: _seed,
  min_value: _value,
  min_excess: _excess,
  offset: _offset,
  ...shared
} = corridorParameters

const parameters = z.strictObject(shared)

const traded = ['listed goods', 'other goods'] as const
const expected = 'expected'

const columns = z.strictObject({
  period,
  hub: z.string().meta({ description: 'Through whom', unit: 'economy' }),
  hub_status: z.enum(hubStatuses).meta({ description: 'free, of the coalition, or restricted itself', unit: 'text' }),
  leg: z.enum(['first leg', 'second leg']).meta({
    description: 'From the origins to the hub, or from the hub to the destination',
    unit: 'text',
  }),
  series: z.enum([...traded, expected]).meta({
    description: 'What was traded of listed and other goods, or what would have been of listed ones',
    unit: 'text',
  }),
  value: z.number().min(0).meta({
    description: 'Traded, or expected by the leading baseline, which is spread as the same months were before',
    unit: currency,
  }),
  low: z.number().min(0).nullable().meta({
    description: 'The least that any baseline expects; null of what was traded',
    unit: currency,
  }),
  high: z.number().min(0).nullable().meta({ description: 'The most that any baseline expects', unit: currency }),
})

const seriesStatement = measure('corridor_series')
const read = ['leg', 'hub', 'listed', 'period', 'value'] as const

/** Every period from the first that is compared, or of the span after the event where none is, to the last of that span. */
function unbroken({ span }: Corridors): number[] {
  const [first = 0, last = 0] = [span.windows.at(-1)?.[0] ?? span.post[0], span.post.at(-1)]
  const found: number[] = []
  for (let one = first; one <= last; one = periodAfter(one)) found.push(one)
  return found
}

/** What the baselines of a leg expect in each period after the event: their sum spread as the same periods were before. */
function expectedRows(history: LegHistory, { span, values }: Corridors, valueAt: (period: number) => number): Row[] {
  const windows = Number(values['mean_windows'])
  const known = history.baselines.flatMap((one) => one.expected ?? [])
  const { before } = history
  const { expected: leading } = history.leading
  if (leading === null || before === null || before <= 0 || known.length === 0) return []
  return span.post.map((one, place) => {
    const same = span.windows.slice(0, windows).reduce((sum, window) => sum + valueAt(window[place] as number), 0)
    const part = same / windows / before
    return {
      period: one,
      series: expected,
      value: leading * part,
      low: Math.min(...known) * part,
      high: Math.max(...known) * part,
    }
  })
}

export const diversionSeries = defineAnalysis({
  name: 'diversion-series',
  title: 'Diversion, over time',
  question: 'How did trade with each possible hub go, period by period, and what was expected of it?',
  example:
    'chokepoint diversion-series --dataset eu-listed-exports --origin EU27 --destination RUS --list eu-2023-01 --list-mode final --event eu-2022-02 --donut 0 --hub Kyrgyzstan',
  needs: { kinds: ['flow'] },
  parameters,
  columns,
  keys: ['period', 'hub', 'leg', 'series'],
  shown: ['period', 'hub', 'leg', 'series', 'value', 'low', 'high'],
  chart: {
    kind: 'lines',
    measure: 'Traded and expected',
    x: 'period',
    y: 'value',
    series: 'series',
    low: 'low',
    high: 'high',
    panels: ['hub', 'leg'],
  },
  sources: ['Methods, diversion sections 0 and a1 (DIV2, DIV3)'],
  limits: [
    'Baselines expect a sum over the span after the event; over its periods it is spread as the same periods were before.',
    'Goods that were traded only in periods that are not compared are not among these.',
    'Other goods are those of the same dataset; of a dataset of totals only sums over the span are read (diversion).',
  ],
  async run(given, context) {
    const whole = { ...given, draws: 999, seed: 1, min_value: 0, min_excess: 0, offset: 10_000 }
    const corridors = await corridorsIn(whole, context)
    const histories = await historiesOf(whole, corridors, context)
    const periods = unbroken(corridors)
    const plan = {
      statement: seriesStatement,
      values: { ...corridors.values, window_stored: periods },
      order: ['leg', 'hub', 'listed', 'period'],
      every_importer: true,
    }
    const sums = new Map(
      (await corridors.reader.rows(plan, read)).map((row) => [
        `${row['leg']} ${row['hub']} ${row['listed']} ${row['period']}`,
        Number(row['value']),
      ]),
    )
    const held = new Set(corridors.manifest.periods)
    const rows = corridors.hubs.flatMap((hub) => {
      const legs = [
        ...(hub.first_observed ? [{ leg: 'first leg', stored: 'first' }] : []),
        ...(hub.second ? [{ leg: 'second leg', stored: hub.second }] : []),
      ]
      return legs.flatMap(({ leg, stored }) => {
        const at = (listed: number) => (one: number) => sums.get(`${stored} ${hub.economy} ${listed} ${one}`) ?? 0
        const history = histories.of(stored, hub.economy)
        const own = [
          ...[1, 0].flatMap((listed) =>
            listed === 1 || histories.unlisted_units
              ? periods
                  .filter((one) => held.has(one))
                  .map((one): Row => ({ period: one, series: traded[1 - listed] as string, value: at(listed)(one) }))
              : [],
          ),
          ...(history ? expectedRows(history, corridors, at(1)) : []),
        ]
        return own.map((row): Row => ({ low: null, high: null, ...row, hub: hub.economy, hub_status: hub.status, leg }))
      })
    })
    const [only] = corridors.hubs
    const first = only && corridors.hubs.length === 1 ? histories.of('first', only.economy) : undefined
    const money = (value: number) => amount(value, corridors.manifest.currency)
    return {
      rows,
      headline:
        only && first && first.leading.expected !== null
          ? `${economyInWords(only.economy)} bought ${money(first.values.listed.post)} of listed goods in ${corridors.span.text.post}; the baseline ${first.leading.name} expected ${money(first.leading.expected)}.`
          : undefined,
      caveats: [
        `After: ${corridors.span.text.post}. Before: ${corridors.span.text.before}.`,
        ...corridors.caveats,
        ...histories.caveats,
        ...(periods.some((one) => !held.has(one))
          ? [
              `Not in the dataset: ${periods
                .filter((one) => !held.has(one))
                .map(periodName)
                .join(', ')}.`,
            ]
          : []),
      ],
      resolved: corridors.resolved,
    }
  },
})
