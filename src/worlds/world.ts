import { readFileSync } from 'node:fs'
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  LIST,
  listValue,
  VARCHAR,
} from '@duckdb/node-api'
import { stringify as csv } from 'csv-stringify/sync'
import { stringify as yaml } from 'yaml'
import { chokepointHome } from '../dataset/home.ts'
import { duckdbInstance } from '../engine/duckdb.ts'
import { identifier, type Limits, quoted } from '../engine/engine.ts'
import { economies, economyName } from '../reference/economies.ts'
import { Refusal } from '../refusal.ts'
import { archive } from './archive.ts'
import { madeUp, type WorldParameters } from './parameters.ts'
import { largest, worldEconomies, worldProducts } from './places.ts'
import { listOf, type Plant, plantsOf, sinceOf, yearsOf } from './plants.ts'

const text = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8')
const statements = {
  economy: text('./economy.sql'),
  product: text('./product.sql'),
  seller: text('./seller.sql'),
  demand: text('./demand.sql'),
  distance: text('./distance.sql'),
  relations: text('./relations.sql'),
  share: text('./share.sql'),
  supply: text('./supply.sql'),
  flow: text('./flow.sql'),
  planted: text('./planted.sql'),
  whole: text('./whole.sql'),
  baci: text('./baci.sql'),
} as const

const types: Readonly<Record<string, DuckDBType>> = {
  seed: BIGINT,
  codes: LIST(VARCHAR),
  kept: LIST(VARCHAR),
  leading: INTEGER,
  economies: INTEGER,
  products: INTEGER,
  plants: LIST(INTEGER),
  giant_product: INTEGER,
  giant: DOUBLE,
  density: DOUBLE,
  others: INTEGER,
  planted: BOOLEAN,
  year: INTEGER,
  months: LIST(INTEGER),
  level: DOUBLE,
  rare: DOUBLE,
  regular: DOUBLE,
  noise: DOUBLE,
  autocorrelation: DOUBLE,
  draws: INTEGER,
  growth: DOUBLE,
  shock: DOUBLE,
  from: INTEGER,
}

/** How often suppliers sell: the least regular in this part of periods, the most regular in so many more. */
const presence = { year: { rare: 0.6, regular: 0.4 }, month: { rare: 0.15, regular: 0.7 } } as const
/** Rows a year and product of BACI: 11 million of 5,384 products; a flow of a year is one of several months. */
const rowsPerProduct = { year: 2043, month: (2043 / 0.8) * 12 * 0.5 } as const
/** Log of dollars at which a world of BACI's size trades some 24 trillion a year. */
const level = 13.8
/** How often the number of rows is brought nearer to what is asked, where answers are planted or rows are few. */
const settlings = 2
/** Fewer rows than these are counted before they are written, and drawn again where more than this part is off. */
const fewRows = 100_000
const mostOff = 0.015
/** A draw of noise that counts for less than this is left out. */
const least = 0.02
/** Rows that each thread gathers before it writes them out, unsorted. */
const group = 30_720

/** What was written. */
export interface World {
  readonly folder: string
  readonly rows: number
  readonly plants: readonly Plant[]
}

export interface WorldOptions {
  /** For lists and groups of a reader's own; CHOKEPOINT_HOME where left out. */
  readonly home?: string
  readonly format?: 'csv' | 'zip'
  readonly limits?: Limits
  readonly signal?: AbortSignal
  readonly progress?: (line: string) => void
}

/**
 * Write a made-up world of trade in BACI's form, a file a year, with lists of its economies and products beside them, and
 * answers.yaml: what was planted in it. The same parameters give the same bytes, for any number of threads.
 *
 * Values are thousand dollars, masses tonnes. A flow is a hash of the seed, its buyer, seller and product, and its period;
 * a year is written as it is drawn, sorted from there, and written out before the next, so that memory does not grow
 * with the years, nor with the rows but for those of planted products: all else that is held has a row an economy and product.
 * @param folder must not be there yet, and is only there when all is written
 * @throws Refusal where the parameters do not fit together, the folder exists, or there is no room
 */
export async function writeWorld(
  parameters: WorldParameters,
  folder: string,
  options: WorldOptions = {},
): Promise<World> {
  if (await stat(folder).catch(() => undefined))
    throw new Refusal('wrong_use', 'world/exists', `${folder} exists already. Name another folder: --out FOLDER`)
  const part = `${folder}.${process.pid}.part`
  try {
    await mkdir(part, { recursive: true })
    const scratch = join(part, 'scratch')
    const instance = await duckdbInstance(':memory:', { memory: 400_000_000, ...options.limits }, scratch)
    const db = await instance.connect()
    const stop = () => db.interrupt()
    options.signal?.addEventListener('abort', stop)
    let made: Omit<World, 'folder'>
    try {
      made = await make(db, parameters, part, options)
    } finally {
      options.signal?.removeEventListener('abort', stop)
      db.closeSync()
      instance.closeSync()
    }
    await rm(scratch, { recursive: true, force: true })
    await rename(part, folder)
    return { folder, ...made }
  } catch (error) {
    if (options.signal?.aborted)
      throw new Refusal('interrupted', 'world/interrupted', 'interrupted; nothing was written')
    const { code = '', message } = error as NodeJS.ErrnoException
    if (/Out of Memory/i.test(message))
      throw new Refusal(
        'refused',
        'world/memory',
        'making the world needs more memory than allowed: ask for fewer --rows or --plant none, or raise CHOKEPOINT_MEMORY (bytes)',
      )
    if (/^E(?:ACCES|PERM|ROFS|NOENT|NOTDIR|NOSPC|DQUOT)$/.test(code) || /No space left/i.test(message))
      throw new Refusal('refused', 'world/unwritable', `Cannot write ${folder}: ${message.split('\n')[0]}`)
    throw error
  } finally {
    await rm(part, { recursive: true, force: true })
  }
}

async function make(
  db: DuckDBConnection,
  parameters: WorldParameters,
  folder: string,
  { format = 'csv', home = chokepointHome(), progress, signal }: WorldOptions,
): Promise<Omit<World, 'folder'>> {
  const monthly = parameters.frequency === 'month'
  const coded = worldEconomies()
  const described = worldProducts()
  const wanted = parameters.products || Math.round(parameters.rows / rowsPerProduct[parameters.frequency])
  const { rare, regular } = presence[parameters.frequency]
  const list = listOf(parameters, home)
  const values: Record<string, DuckDBValue> = {
    ...parameters,
    seed: BigInt(parameters.seed),
    leading: largest.length,
    products: Math.min(described.length, Math.max(20, wanted)),
    kept: listValue([...list]),
    others: parameters.economies - 1,
    months: listValue(monthly ? Array.from({ length: 12 }, (_, place) => place + 1) : [0]),
    level: level - Math.log(rare + regular / 2) - (monthly ? Math.log(12) : 0),
    rare,
    regular,
    draws:
      parameters.autocorrelation === 0
        ? 1
        : Math.max(1, Math.ceil(Math.log(least) / Math.log(parameters.autocorrelation))),
    from: Number(sinceOf(parameters).replace('-', '')),
  } as unknown as Record<string, DuckDBValue>
  const bound = (sql: string, more: Record<string, DuckDBValue>) => {
    const all = { ...values, ...more }
    const names = [...new Set([...sql.matchAll(/\$(\w+)/g)].map(([, name]) => name as string))]
    return [
      Object.fromEntries(names.map((name) => [name, all[name] as DuckDBValue])),
      Object.fromEntries(names.map((name) => [name, types[name] as DuckDBType])),
    ] as const
  }
  const run = (sql: string, more: Record<string, DuckDBValue> = {}) => {
    signal?.throwIfAborted()
    return db.run(sql, ...bound(plain(sql), more))
  }
  const rows = async (sql: string, more: Record<string, DuckDBValue> = {}) =>
    (await db.runAndReadAll(sql, ...bound(plain(sql), more))).getRowObjectsJS()
  const table = (name: keyof typeof statements, more: Record<string, DuckDBValue> = {}) =>
    run(`create or replace table ${identifier(name)} as ${plain(statements[name])}`, more)

  // Joins as they are written, with flows first: they pass by the small tables that are held. The engine expects a few
  // hundred flows of so many draws, and would hold all of them.
  await run("set disabled_optimizers = 'common_subplan,join_order,build_side_probe_side'")
  progress?.('drawing economies and products')
  await run(text('./chance.sql'))
  await table('economy', { codes: listValue(coded.map(({ code }) => code)) })
  await table('product', { codes: listValue(described.map(({ code }) => code)) })
  const isoOf = new Map(coded.map(({ economy, code }) => [code, economy]))
  const names = (await rows('select code from economy order by economy')).map(
    (row) => isoOf.get(String(row['code'])) ?? '',
  )
  const products = await rows('select product, code from product order by turn')
  const drawn = products.map((row) => String(row['code']))
  const plants = plantsOf(parameters, { economies: names, products: drawn }, home)
  const economyOf = new Map(names.map((economy, place) => [economy, place]))
  const productOf = new Map(products.map((row) => [String(row['code']), Number(row['product'])]))
  const relations = planted(
    plants,
    (iso) => economyOf.get(iso) as number,
    (code) => productOf.get(code) as number,
  )
  const diversion = plants.find((plant) => plant.plant === 'diversion')

  progress?.('drawing sellers and buyers')
  await table('seller')
  await table('demand', {
    plants: listValue(relations.products),
    giant_product: diversion && parameters.giant > 1 ? (productOf.get(diversion.products[0] as string) as number) : -1,
  })
  await table('distance')
  for (const [name, columns] of Object.entries(relations.tables)) await create(db, name, columns)
  const flow = plain(statements.flow)
  const plantIn = (year: number) =>
    run(`create or replace table planted as with flow as (${flow}) ${continued(statements.planted)}`, {
      year,
      planted: true,
    })
  const relationsAt = async (density: number) => {
    const [found] = await rows(statements.relations, { density })
    return { all: Number(found?.['relations']), planted: Number(found?.['planted']) }
  }
  const years = yearsOf(parameters)
  const selling = (rare + regular / 2) * (monthly ? 12 : 1)
  let settled = 0
  const settle = async (wanted: number) => {
    settled = wanted
    values['density'] = await densityFor(wanted, async (density) => (await relationsAt(density)).all, parameters)
    await table('share')
    await table('supply')
  }
  await settle(parameters.rows / selling)
  // What must be there for the plants to be seen comes on top of what is drawn, and the diversion takes away: so much less
  // or more is drawn. How much that is hangs on what is drawn, a little: it is found again.
  for (let round = 0; round < settlings && plants.length > 0; round += 1) {
    const ends = new Set([years[0] as number, years.at(-1) as number])
    let held = 0
    for (const year of ends) {
      await plantIn(year)
      held += Number((await rows('select count(*) as n from planted'))[0]?.['n']) / ends.size
    }
    const drawn = (await relationsAt(Number(values['density']))).planted
    await settle((parameters.rows - held) / selling + drawn)
  }
  // Which flows there are is drawn: of few, chance alone may take their number farther off than is promised.
  const counted = `select count(*) as n from (with flow as (${flow}) ${continued(statements.whole)})`
  for (let round = 0; round < settlings && parameters.rows < fewRows; round += 1) {
    let drawn = 0
    for (const year of years) {
      await plantIn(year)
      const [found] = await rows(counted, { year, planted: false })
      drawn += Number(found?.['n']) / years.length
    }
    if (Math.abs(drawn / parameters.rows - 1) <= mostOff) break
    await settle(settled + (parameters.rows - drawn) / selling)
  }

  const stem = 'V000000_synthetic'
  const zip = format === 'zip' ? archive(join(folder, `BACI_HS17_${stem}.zip`)) : undefined
  const keep = async (name: string) => {
    if (!zip) return
    await zip.add(join(folder, name), name)
    await rm(join(folder, name))
  }
  let written = 0
  for (const year of years) {
    progress?.(`making ${year}`)
    await plantIn(year)
    const name = `BACI_HS17_Y${year}_${stem}.csv`
    // Drawn and sorted apart: a sort beside the tables that flows pass by has too little left to work in.
    const drawn = join(folder, 'drawn.parquet')
    await run(
      `copy (with flow as (${flow}) ${continued(statements.whole)}) to ${quoted(drawn)} (format parquet, row_group_size ${group})`,
      {
        year,
        planted: false,
      },
    )
    const sorted = `with whole as (select * from read_parquet(${quoted(drawn)})) ${plain(statements.baci)}`
    const copied = await rows(`copy (${sorted}) to ${quoted(join(folder, name))} (format csv, header)`)
    written += Number(copied[0]?.['Count'])
    await rm(drawn)
    await keep(name)
  }
  const places = new Map(economies().map((one) => [one.economy, one]))
  const listed = names.map((economy) => [
    String(coded.find((one) => one.economy === economy)?.code),
    economyName(economy),
    places.get(economy)?.iso2 ?? '',
    economy,
  ])
  const codes = [...listed].sort(([one], [other]) => Number(one) - Number(other))
  const texts = described.filter(({ code }) => productOf.has(code)).map(({ code, description }) => [code, description])
  const lists: Record<string, string[][]> = {
    [`country_codes_${stem}.csv`]: [['country_code', 'country_name', 'country_iso2', 'country_iso3'], ...codes],
    [`product_codes_HS17_${stem}.csv`]: [['code', 'description'], ...texts],
  }
  for (const [name, lines] of Object.entries(lists)) {
    await writeFile(join(folder, name), csv(lines))
    await keep(name)
  }
  await zip?.end(madeUp)
  await writeFile(join(folder, 'answers.yaml'), answers(parameters, plants, written))
  return { rows: written, plants }
}

const plain = (sql: string) =>
  sql
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('--'))
    .join('\n')

/** A statement that begins with its own relations, after another relation. */
const continued = (sql: string) =>
  plain(sql)
    .trim()
    .replace(/^with /, ', ')

/** What stands in answers.yaml. */
function answers(parameters: WorldParameters, plants: readonly Plant[], rows: number): string {
  return `# ${madeUp}\n${yaml({ synthetic: true, parameters, rows, plants })}`
}

type Column = readonly [DuckDBType, readonly (number | null)[]]

/** A small table of numbers, as bound lists. */
async function create(db: DuckDBConnection, name: string, columns: Readonly<Record<string, Column>>): Promise<void> {
  const entries = Object.entries(columns)
  await db.run(
    `create table ${identifier(name)} as select ${entries.map(([column]) => `unnest($${column}) as ${column}`).join(', ')}`,
    Object.fromEntries(entries.map(([column, [, cells]]) => [column, listValue([...cells])])),
    Object.fromEntries(entries.map(([column, [type]]) => [column, LIST(type)])),
  )
}

/** The plants as the tables that statements read, by the numbers of economies and products; and which products they touch. */
function planted(
  plants: readonly Plant[],
  economy: (iso: string) => number,
  product: (code: string) => number,
): { readonly products: number[]; readonly tables: Record<'wanted' | 'leg' | 'passing', Record<string, Column>> } {
  const all = -1
  const wanted: { product: number; importer: number; exporter: number; share: number }[] = []
  const leg: { product: number; importer: number; exporter: number; factor: number }[] = []
  const passing: { product: number; hub: number; share: number }[] = []
  for (const plant of plants) {
    if (plant.plant === 'dominance') {
      const of = { product: product(plant.product), importer: all }
      wanted.push({ ...of, exporter: economy(plant.supplier), share: plant.share })
      wanted.push({ ...of, exporter: economy(plant.second), share: plant.second_share })
    } else if (plant.plant === 'dependence') {
      const of = { product: product(plant.product), exporter: economy(plant.supplier) }
      wanted.push({ ...of, importer: all, share: plant.elsewhere })
      wanted.push({ ...of, importer: economy(plant.importer), share: plant.share })
    } else if (plant.plant === 're-export') {
      for (const code of plant.products)
        passing.push({ product: product(code), hub: economy(plant.hub), share: plant.share })
    } else {
      const destination = economy(plant.destination)
      const hubs = plant.hubs.map(economy)
      for (const code of plant.products.map(product)) {
        for (const exporter of plant.origin.map(economy)) {
          leg.push({ product: code, importer: destination, exporter, factor: 0 })
          for (const importer of hubs.filter((one) => one !== exporter))
            leg.push({ product: code, importer, exporter, factor: plant.factor })
        }
        for (const exporter of hubs) leg.push({ product: code, importer: destination, exporter, factor: plant.factor })
      }
    }
  }
  const column = <Row extends Record<string, number>>(
    rows: readonly Row[],
    name: keyof Row,
    type: DuckDBType,
  ): Column => [type, rows.map((row) => row[name] as number)]
  const products = [...new Set([...wanted, ...leg, ...passing].map((one) => one.product))].sort((a, b) => a - b)
  return {
    products,
    tables: {
      wanted: {
        product: column(wanted, 'product', INTEGER),
        importer: column(wanted, 'importer', INTEGER),
        exporter: column(wanted, 'exporter', INTEGER),
        share: column(wanted, 'share', DOUBLE),
      },
      leg: {
        product: column(leg, 'product', INTEGER),
        importer: column(leg, 'importer', INTEGER),
        exporter: column(leg, 'exporter', INTEGER),
        factor: column(leg, 'factor', DOUBLE),
      },
      passing: {
        product: column(passing, 'product', INTEGER),
        hub: column(passing, 'hub', INTEGER),
        share: column(passing, 'share', DOUBLE),
      },
    },
  }
}

/**
 * The factor on the breadth of demand at which so many relations come about, found by halving.
 * @throws Refusal where the world is too small for them
 */
async function densityFor(
  wanted: number,
  relationsAt: (density: number) => Promise<number>,
  parameters: WorldParameters,
): Promise<number> {
  let [low, high] = [0, 1]
  while ((await relationsAt(high)) < wanted) {
    low = high
    high *= 4
    if (high > 1e12)
      throw new Refusal(
        'wrong_use',
        'world/rows',
        `--rows ${parameters.rows}: more than ${parameters.economies} economies and so many products can trade. Fewer rows, or more of those`,
      )
  }
  for (let halving = 0; halving < 40 && high - low > 1e-4 * high; halving += 1) {
    const middle = (low + high) / 2
    if ((await relationsAt(middle)) < wanted) low = middle
    else high = middle
  }
  return high
}
