import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { worldParameters } from '../src/worlds/parameters.ts'
import { writeWorld as write } from '../src/worlds/world.ts'

export const buyers = 200
export const products = 5000

/** Write a made-up year as BACI's file of it; about so many rows, and how many they came to be. */
export async function writeWorld(year: number, rows: number, csv: string): Promise<number> {
  const folder = `${csv}.world`
  const made = await write(
    worldParameters.parse({ years: String(year), rows, economies: buyers, products, plant: ['none'] }),
    folder,
  )
  const [name = ''] = (await readdir(folder)).filter((one) => one.startsWith('BACI_'))
  await rename(join(folder, name), csv)
  await rm(folder, { recursive: true })
  return made.rows
}

/** Made-up years: their files, and how many rows each has. */
export interface MadeYears {
  readonly years: readonly number[]
  readonly files: readonly string[]
  readonly rows: readonly number[]
}

/** Write made-up years, about so many rows each. */
export async function writeYears(folder: string, years: readonly number[], wanted: number): Promise<MadeYears> {
  const files = years.map((year) => join(folder, `BACI_HS17_Y${year}_V000000.csv`))
  const rows: number[] = []
  for (const [place, year] of years.entries()) rows.push(await writeWorld(year, wanted, files[place] as string))
  return { years, files, rows }
}
