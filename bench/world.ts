import { DOUBLE, INTEGER, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { duckdbInstance } from '../src/engine/duckdb.ts'
import { quoted } from '../src/engine/engine.ts'
import { economyCodes } from '../src/reference/economy-codes.ts'
import { groupMembers } from '../src/reference/economy-groups.ts'
import { text } from './measuring.ts'

export const buyers = 200
export const products = 5000
/** The part of its suppliers from which an economy buys a product in a year. */
const selling = 4 / 5

/** One M49 code each for 200 economies that are there from 2018 to 2023, the members of EU27 and their largest partners among them. */
function codes(): string[] {
  const now = economyCodes('m49').filter(
    (row) => row.treatment === 'economy' && (row.from ?? 0) <= 2018 && 2023 <= (row.until ?? 9999),
  )
  const known = new Map(now.toReversed().map((row) => [row.economy, row.code]))
  const wanted = new Set([...groupMembers('EU27', 2023), 'CHN', 'USA', 'JPN', 'GBR', ...[...known.keys()].sort()])
  return [...wanted].flatMap((economy) => known.get(economy) ?? []).slice(0, buyers)
}

/** Write a made-up year as BACI's file of it; about so many rows, and how many they came to be. */
export async function writeWorld(year: number, rows: number, csv: string): Promise<number> {
  const instance = await duckdbInstance(':memory:', {})
  const connection = await instance.connect()
  await connection.run(
    `copy (${text('./world.sql')}) to ${quoted(csv)} (format csv, header)`,
    { year, economies: listValue(codes()), products, mean: rows / (buyers * products * selling) },
    { year: INTEGER, economies: LIST(VARCHAR), products: INTEGER, mean: DOUBLE },
  )
  const read = await connection.runAndReadAll(`select count(*) from read_csv(${quoted(csv)}, all_varchar = true)`)
  connection.closeSync()
  instance.closeSync()
  return Number(read.getRowsJS()[0]?.[0])
}
