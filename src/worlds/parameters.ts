import { z } from 'zod'

/** What says so wherever a world shows: in its answers, under every answer from it, and where it is written. */
export const madeUp = 'SYNTHETIC: a made-up world. No figure in it is a fact about any economy.'

/** What can be planted in a made-up world, to be found again. */
export const plantKinds = ['dominance', 'dependence', 'diversion', 're-export'] as const
export type PlantKind = (typeof plantKinds)[number]

const deviation = z.number().min(0).max(2)

/** What decides a made-up world: the same parameters give the same bytes. */
export const worldParameters = z.strictObject({
  seed: z.int().min(0).max(2_147_483_647).default(1).meta({ description: 'Another seed makes another world' }),
  years: z
    .string()
    .regex(/^(20(?:1[7-9]|[2-9]\d))(?:-(20(?:1[7-9]|[2-9]\d)))?$/, 'a year or a span from 2017 on, such as 2019-2023')
    .refine((text) => {
      const [first, last = first] = text.split('-').map(Number)
      return Number(first) <= Number(last)
    }, 'a span begins with its first year')
    .default('2021-2023')
    .meta({ description: 'A year or a span, from 2017 on, when HS 2017 begins' }),
  frequency: z.enum(['year', 'month']).default('year').meta({ description: 'Flows of years, or of months' }),
  rows: z
    .int()
    .min(10_000)
    .max(200_000_000)
    .default(1_000_000)
    .meta({ description: 'Rows a year, within 2 %; BACI has 11000000' }),
  economies: z.int().min(40).max(230).default(230).meta({ description: 'How many economies trade, the largest first' }),
  products: z.int().min(0).max(5384).default(0).meta({
    description: 'How many HS6 codes; 0 takes as many as BACI would have for so many rows',
  }),
  plant: z
    .array(z.enum([...plantKinds, 'none']))
    .min(1)
    .default([...plantKinds])
    .refine((kinds) => kinds.length === 1 || !kinds.includes('none'), 'It takes none, or kinds of answers, not both')
    .meta({ description: `Answers to plant: ${plantKinds.join(', ')}, or none; all where left out` }),
  origin: z.string().default('EU27').meta({ description: 'Diversion: who stops selling, an economy or a group' }),
  destination: z.string().default('').meta({ description: 'Diversion: to whom; drawn where left out' }),
  list: z.string().default('').meta({
    description: 'Diversion: which products, a named list such as chpl; a fiftieth of all, drawn, where left out',
  }),
  from: z
    .string()
    .regex(/^$|^\d{4}(-(0[1-9]|1[0-2]))?$/, 'a year, or a month such as 2022-03')
    .default('')
    .meta({ description: 'Diversion: since when; the middle of the years where left out' }),
  hubs: z.int().min(1).max(30).default(1).meta({ description: 'Diversion: through how many others' }),
  factor: z
    .number()
    .min(1)
    .max(100)
    .default(3)
    .meta({ description: 'Diversion: by how much what the hubs buy and pass on is multiplied' }),
  noise: deviation
    .default(0.5)
    .meta({ description: 'Standard deviation of the log of a flow from one period to the next' }),
  autocorrelation: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.4)
    .meta({ description: 'How much of that noise stays for the next period' }),
  growth: deviation
    .default(0.1)
    .meta({ description: 'Standard deviation of the log by which a year moves all that an economy trades' }),
  shock: deviation
    .default(0.2)
    .meta({ description: 'Standard deviation of the log by which a year moves all trade in a product' }),
  giant: z
    .number()
    .min(1)
    .max(10_000)
    .default(1)
    .meta({ description: 'Diversion: the first product of the list is so many times as large as it would be' }),
})

export type WorldParameters = z.output<typeof worldParameters>
