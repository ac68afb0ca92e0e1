import { z } from 'zod'

/** Words that parameters and columns of several analyses share. Money is in the dataset's currency. */
export const currency = 'currency'

const list = z.array(z.string().min(1)).readonly()

/** Parameters that mean the same in every analysis of flows. */
export const flowParameters = {
  dataset: z
    .string()
    .default('')
    .meta({ description: 'Dataset, name or name@version; the only one is taken by itself' }),
  importer: list.default([]).meta({
    description: 'Who buys: economies or blocs; EU27 is one buyer, EU27:members each member; all where left out',
  }),
  supplier: list
    .default([])
    .meta({ description: 'Who sells: economies or blocs; CHN+HKG counts both as one, EU27:members each member' }),
  product: list.default([]).meta({ description: 'Codes with leading zeros, or names; all where left out' }),
  group: list.default([]).meta({ description: 'Named lists of products, such as chips or critical-materials' }),
  period: list.default([]).meta({ description: '2022, 2022-03, 2019-2023; the latest where left out' }),
  level: z
    .enum(['', '0', '2', '4', '6', '8', '10'])
    .default('')
    .meta({ description: 'Digits of the product code, 0 for all goods; as stored where left out' }),
  side: z
    .enum(['', 'importer', 'exporter', 'reconciled'])
    .default('')
    .meta({ description: 'Whose report; the dataset’s own where left out' }),
  min_value: z
    .int()
    .min(0)
    .max(1e15)
    .default(1_000_000)
    .meta({ description: 'Leave out what an importer buys for less in a year', unit: currency }),
}

export const period = z.int().meta({ description: 'yyyymm; a year is yyyy00', unit: 'period' })
export const importer = z.string().meta({ description: 'Who buys', unit: 'economy' })
export const supplier = z.string().meta({ description: 'Who sells', unit: 'economy' })
export const product = z.string().meta({ description: 'HS or CN code, a group, or TOTAL', unit: 'product' })
export const money = z.int()
export const share = z.number().min(0).max(1)
export const count = z.int().min(0)
