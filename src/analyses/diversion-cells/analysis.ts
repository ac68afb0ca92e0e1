import { z } from 'zod'
import { corridorsIn } from '../../corridors/corridors.ts'
import { historiesOf } from '../../corridors/histories.ts'
import { hubStatuses } from '../../corridors/hubs.ts'
import { corridorParameters } from '../../corridors/parameters.ts'
import { excessValues } from '../../corridors/through.ts'
import { statement } from '../../engine/statement.ts'
import { cellScores } from '../../measures/cell-scores.ts'
import { economyInWords } from '../../reference/economies.ts'
import { amount } from '../../wording.ts'
import { defineAnalysis, type Row } from '../analysis.ts'
import { currency, money, product, share } from '../fields.ts'

const { draws: _draws, seed: _seed, min_value: _value, ...shared } = corridorParameters

const parameters = z.strictObject({
  ...shared,
  min_excess: shared.min_excess.default(1_000_000).meta({
    description: 'The least rise of a cell that is flagged',
    unit: currency,
  }),
  min_cell: z.int().min(0).max(1e15).default(200_000).meta({
    description: 'A cell is scored where both years together come to so much',
    unit: currency,
  }),
  threshold: z.number().gt(0).max(100).default(3.5).meta({
    description: 'The score above which a cell is flagged',
    unit: 'standard deviations',
  }),
})

const score = z.number().nullable()
const pastless = 'null where the data have not what was before'

const columns = z.strictObject({
  hub: z.string().meta({ description: 'Through whom', unit: 'economy' }),
  hub_status: z.enum(hubStatuses).meta({ description: 'free, of the coalition, or restricted itself', unit: 'text' }),
  product: product.meta({ description: 'Unit of goods: a code, a family of codes, a heading, or the whole list' }),
  first_leg_before: z
    .number()
    .nullable()
    .meta({ description: `Sold to it by the origins: mean of the windows before; ${pastless}`, unit: currency }),
  first_leg_after: money.meta({ description: 'The same after the event', unit: currency }),
  first_leg_excess: money.nullable().meta({
    description: `After less what would have been by the leading baseline; ${pastless}`,
    unit: currency,
  }),
  second_leg_before: z.number().nullable().meta({
    description: 'Sold by it to the destination before; null where nobody reports it',
    unit: currency,
  }),
  second_leg_after: money.nullable().meta({ description: 'The same after', unit: currency }),
  second_leg_excess: money.nullable().meta({ description: 'After less what would have been', unit: currency }),
  through_low: money.nullable().meta({ description: 'Excess that both legs share', unit: currency }),
  through_high: money.nullable().meta({ description: 'Excess of the first leg', unit: currency }),
  lost: money.nullable().meta({ description: 'What direct trade in it is below its baseline', unit: currency }),
  recovered_high: share.nullable().meta({ description: 'Of that, at most through this hub', unit: 'share 0-1' }),
  score: score.meta({
    description: 'Growth against that of the hub’s cells a year earlier; null where too small or not known',
    unit: 'standard deviations',
  }),
  flagged: z
    .boolean()
    .nullable()
    .meta({ description: 'Whether it rose by enough and scores above', unit: 'yes or no' }),
  placebo_score: score.meta({ description: 'The same of the year before', unit: 'standard deviations' }),
  placebo_flagged: z.boolean().nullable().meta({ description: 'Whether the rule flags it then', unit: 'yes or no' }),
  listed_share: share
    .nullable()
    .meta({ description: 'Of what the origins sold of it after, on the list', unit: 'share 0-1' }),
  partly_listed: z.boolean().meta({ description: 'Whether only some of its codes are listed', unit: 'yes or no' }),
  born: money.nullable().meta({ description: 'Of after, goods of which none was in the data before', unit: currency }),
})

const cells = statement(import.meta.url, './diversion-cells.sql')
const read = [
  'hub',
  'unit',
  'before',
  'post',
  'last',
  'prior',
  'born',
  'excess',
  'second_before',
  'second_post',
  'second_excess',
  'low',
  'high',
  'capped',
  'lost',
] as const

export const diversionCells = defineAnalysis({
  name: 'diversion-cells',
  title: 'Diversion, by hub and goods',
  question: 'In which listed goods did each possible hub buy more than before, and could it replace what was lost?',
  example:
    'chokepoint diversion-cells --dataset eu-listed-exports --origin EU27 --destination RUS --list eu-2023-01 --list-mode final --event 2022-02 --donut 0 --level 4 --hub Kyrgyzstan,Georgia',
  needs: { kinds: ['flow'] },
  parameters,
  columns,
  keys: ['hub', 'product'],
  shown: ['hub', 'product', 'first_leg_before', 'first_leg_after', 'score', 'placebo_score', 'flagged'],
  chart: {
    kind: 'points',
    measure: 'Growth against that of a year when nothing happened',
    x: 'placebo_score',
    y: 'score',
    label: 'product',
    x_says: 'score of the year before',
    y_says: 'score after the event',
    colour: { column: 'hub', says: 'hub' },
  },
  sources: ['Methods, diversion sections b, c2, h and j (REC4, NOM1, placebo check by headings)'],
  limits: [
    'A flag is a question: goods that are new in a nomenclature, prices and demand make flags too; compare with how many the placebo year has.',
    'Cells are not tested for false discoveries; the verdict on a hub is (diversion).',
  ],
  async run(given, context) {
    const whole = { ...given, draws: 999, seed: 1, min_value: 0 }
    const corridors = await corridorsIn(whole, context)
    const histories = await historiesOf(whole, corridors, context)
    const plan = {
      statement: cells,
      values: excessValues(corridors, histories, ['leading']),
      order: ['hub', 'unit'],
      every_importer: true,
    }
    const known = await corridors.reader.rows(plan, read)
    const rows: Row[] = []
    for (const hub of corridors.hubs) {
      if (!hub.first_observed) continue
      const those = known.filter((row) => row['hub'] === hub.economy)
      const earlier = hub.first_windows > 1
      // What was before is unknown where no window of it is in the data, not zero.
      const [past, secondPast] = [hub.first_windows > 0, hub.second_windows > 0]
      const scores = cellScores(
        those.map((row) => ({
          post: Number(row['post']),
          last: Number(row['last']),
          prior: earlier ? Number(row['prior']) : null,
        })),
        given.offset,
        given.min_cell,
      )
      for (const [place, row] of those.entries()) {
        const { score: own, placebo_score: placebo } = scores[place] as (typeof scores)[number]
        const flag = (value: number | null, rise: number) =>
          value === null ? null : value > given.threshold && rise > given.min_excess
        const lost = corridors.direct_windows > 0 ? (row['lost'] as number | null) : null
        const listing = corridors.listing.get(String(row['unit']))
        rows.push({
          hub: hub.economy,
          hub_status: hub.status,
          product: row['unit'] ?? '',
          first_leg_before: past ? (row['before'] ?? null) : null,
          first_leg_after: row['post'] ?? null,
          first_leg_excess: past ? (row['excess'] ?? null) : null,
          second_leg_before: secondPast ? (row['second_before'] ?? null) : null,
          second_leg_after: row['second_post'] ?? null,
          second_leg_excess: secondPast ? (row['second_excess'] ?? null) : null,
          through_low: past ? (row['low'] ?? null) : null,
          through_high: past ? (row['high'] ?? null) : null,
          lost,
          recovered_high: lost ? Number(row['capped']) / lost : null,
          score: own,
          flagged: flag(own, Number(row['post']) - Number(row['last'])),
          placebo_score: placebo,
          placebo_flagged: flag(placebo, Number(row['last']) - Number(row['prior'])),
          listed_share: listing?.share ?? null,
          partly_listed: listing?.partly ?? false,
          born: past ? (row['born'] ?? null) : null,
        })
      }
    }
    const size = (row: Row) => Number(row['first_leg_excess'] ?? row['first_leg_after'])
    rows.sort(
      (one, other) =>
        size(other) - size(one) || (`${one['hub']} ${one['product']}` < `${other['hub']} ${other['product']}` ? -1 : 1),
    )
    const [first] = rows
    const flagged = rows.filter((row) => row['flagged'] === true).length
    const placebo = rows.filter((row) => row['placebo_flagged'] === true).length
    const scored = rows.filter((row) => row['score'] !== null).length
    const before = rows.filter((row) => row['placebo_score'] !== null).length
    const largest = first
      ? `${economyInWords(String(first['hub']))}’s of ${first['product']}, ${amount(size(first), corridors.manifest.currency)}.`
      : ''
    return {
      rows,
      headline: !first
        ? undefined
        : first['first_leg_excess'] === null
          ? `By how much any cell of hub and goods grew is not known, for what was before is not in the data; the largest in ${corridors.span.text.post} is ${largest}`
          : `${flagged} of ${scored} cells of hub and goods grew beyond what a quiet year shows, against ${placebo} of ${before} in the year before, when nothing happened; the largest excess is ${largest}`,
      caveats: [
        `After: ${corridors.span.text.post}. Before: ${corridors.span.text.before}.`,
        ...corridors.caveats,
        ...histories.caveats,
      ],
      resolved: corridors.resolved,
    }
  },
})
