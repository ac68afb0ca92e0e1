import { z } from 'zod'
import { controlParameters } from '../analyses/controlling.ts'
import { currency, flowParameters } from '../analyses/fields.ts'
import { baselineNames } from '../measures/excess-baselines.ts'

const list = z.array(z.string().min(1)).readonly()

/** Parameters that say which corridors are looked at, and how they are compared; shared by all answers about them. */
export const corridorParameters = {
  dataset: flowParameters.dataset,
  ...controlParameters,
  hub: list.default([]).meta({
    description: 'Through whom goods may pass: economies or groups; every importer in the dataset where left out',
  }),
  restricted: list.default([]).meta({
    description:
      'Hubs that are themselves restricted and never pooled with free ones; as of the controls where left out',
  }),
  baseline: z
    .enum(['leading', ...baselineNames])
    .default('leading')
    .meta({ description: 'What would have been; leading: as unlisted goods grew where they are known, else pre-mean' }),
  post: z.string().default('').meta({
    description: 'The span after the event, 2022-03:2022-11 or 2023; the first that the donut leaves where left out',
  }),
  pre_years: z.int().min(1).max(10).default(1).meta({ description: 'Years before of which the mean is taken' }),
  level: z.enum(['', '0', '4', '6', '8']).default('').meta({
    description:
      'Units of goods: 0 the list as one, 4, 6 or 8 digits by number; left out, the finest that compare over all years',
  }),
  side: flowParameters.side,
  totals: z.string().default('').meta({
    description:
      'A dataset of all goods of the same origins, for unlisted goods where this one holds listed goods only',
  }),
  min_value: z.int().min(0).max(1e15).default(1_000_000).meta({
    description: 'The least first leg after the event with which a corridor is judged',
    unit: currency,
  }),
  min_excess: z.int().min(0).max(1e15).default(500_000).meta({
    description: 'The least excess with which a corridor is judged',
    unit: currency,
  }),
  offset: z.int().min(0).max(1e12).default(10_000).meta({
    description: 'Added to both values of a growth, so that a tiny base makes no giant growth',
    unit: currency,
  }),
  draws: z.int().min(99).max(100_000).default(999).meta({
    description: 'Lists drawn by lot at least; more where many hubs are tested at once',
  }),
  seed: z.int().min(0).max(4294967295).default(1).meta({ description: 'Of the lists drawn by lot' }),
}

const schema = z.strictObject(corridorParameters)
export type CorridorGiven = z.output<typeof schema>
