import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openDataset, spread } from '../src/dataset/store.ts'
import { duckdbInstance } from '../src/engine/duckdb.ts'
import { open } from '../src/index.ts'
import { apart, count, measured, median, s, type Took, tell, text, times } from './measuring.ts'
import { writeYears } from './world.ts'

export const screenedYears = [2018, 2019, 2020, 2021, 2022, 2023]
const asked = { period: ['2018-2023'] }
/** Methods that somebody wrote by hand: one over windows of years, and the dearest, over flows summed over years. */
const byHand = {
  geodep: { statement: './geodep-by-hand.sql', from: 202000 },
  'ec-enhanced-like': { statement: './ec-enhanced-by-hand.sql', from: 202100 },
} as const
type ByHand = keyof typeof byHand

type Counts = readonly (readonly unknown[])[]

type Answered = Took & { readonly rows: number; readonly of: Readonly<Record<ByHand, Counts>> }

/** Every method, or those named, over all importers and years, a row an importer, year and method; and what they count. */
export async function screenHere(home: string, dataset: string, ...methods: string[]): Promise<Answered> {
  await using chokepoint = await open({ home })
  const rows: (readonly unknown[])[] = []
  const took = await measured(async () => {
    const answer = await chokepoint.ask('screen', { ...asked, dataset, aggregate: true, method: methods })
    const columns = answer.columns.map((column) => column.name)
    const picked = ['method', 'period', 'importer', 'products', 'imports', 'critical'].map((name) =>
      columns.indexOf(name),
    )
    for await (const block of answer.stream()) for (const row of block) rows.push(picked.map((place) => row[place]))
  })
  const counted = (method: ByHand) =>
    rows.filter(([name, period]) => name === method && Number(period) >= byHand[method].from).map(([, ...rest]) => rest)
  return {
    ...took,
    rows: rows.length,
    of: { geodep: counted('geodep'), 'ec-enhanced-like': counted('ec-enhanced-like') },
  }
}

/** One of those methods by hand, in a process of its own as well: a first question finds neither memory nor file at hand. */
export async function screenByHandHere(
  home: string,
  dataset: string,
  method: string,
): Promise<Took & { counts: Counts }> {
  const { folder } = await openDataset(home, dataset)
  const file = join(folder, `${spread.byProduct}-*.parquet`)
  const instance = await duckdbInstance(':memory:', {})
  const connection = await instance.connect()
  let counts: Counts = []
  const took = await measured(async () => {
    const read = await connection.runAndReadAll(text(byHand[method as ByHand].statement), { file })
    counts = read.getRowsJS().map((row) => row.map(plain))
  })
  connection.closeSync()
  instance.closeSync()
  return { ...took, counts }
}

/** A row a product, method and criterion of what some method finds critical in the last year, as Parquet. */
export async function screenLongHere(home: string, dataset: string, file: string): Promise<Took & { rows: number }> {
  await using chokepoint = await open({ home })
  const answer = await chokepoint.ask('screen', { dataset, period: ['2023'] })
  const took = await measured(() => answer.parquet(file))
  const instance = await duckdbInstance(':memory:', {})
  const connection = await instance.connect()
  const read = await connection.runAndReadAll('select count(*) from read_parquet($file)', { file })
  connection.closeSync()
  instance.closeSync()
  return { ...took, rows: Number(read.getRowsJS()[0]?.[0]) }
}

/** How often the plan of a question reads the stored flows. */
async function scans(home: string, dataset: string, methods: readonly string[]): Promise<number> {
  await using chokepoint = await open({ home })
  const answer = await chokepoint.ask('screen', { ...asked, dataset, aggregate: true, method: methods })
  const [prepared = '', executed = ''] = answer.explain().split(/(?<=;\n)(?=execute question\()/)
  const instance = await duckdbInstance(':memory:', {})
  const connection = await instance.connect()
  await connection.run(prepared)
  const read = await connection.runAndReadAll(`explain (format json) ${executed}`)
  connection.closeSync()
  instance.closeSync()
  return [
    ...read
      .getRowsJS()
      .flat()
      .join('\n')
      .matchAll(/"name": *"READ_PARQUET/g),
  ].length
}

/** Make up six years of about so many rows each and load them; the name of the dataset. */
export async function loadSixYears(home: string, rows: number): Promise<string> {
  const name = 'six-years'
  const { files } = await writeYears(home, screenedYears, rows)
  await using chokepoint = await open({ home })
  await chokepoint.load(files, { as: name })
  await Promise.all(files.map((file) => rm(file)))
  return name
}

/**
 * Nine methods, and single ones by hand, in turn; the ratio of the processor time to that of the dearest by hand, for on a
 * machine that is shared it says more than the clock.
 */
export async function benchScreening(home: string, dataset: string, pairs: number): Promise<number> {
  const { folder } = await openDataset(home, dataset)
  const file = join(folder, `${spread.byProduct}-*.parquet`)
  const instance = await duckdbInstance(':memory:', {})
  const connection = await instance.connect()
  const stored = await connection.runAndReadAll('select count(*) from read_parquet($file)', { file })
  const flows = count(Number(stored.getRowsJS()[0]?.[0]))
  connection.closeSync()
  instance.closeSync()
  const methods = Object.keys(byHand) as ByHand[]
  const took: { ours: Answered; theirs: Record<ByHand, Took> }[] = []
  for (let pair = 0; pair < pairs; pair += 1) {
    const theirs = {} as Record<ByHand, Took & { counts: Counts }>
    for (const method of methods) theirs[method] = await apart('screen by hand', home, dataset, method)
    const ours = await apart<Answered>('screen', home, dataset)
    const other = methods.find((method) => JSON.stringify(ours.of[method]) !== JSON.stringify(theirs[method].counts))
    if (other)
      throw new Error(`${other} by hand and in the library give different counts. A ratio of times says nothing`)
    took.push({ ours, theirs })
  }
  const middle = (of: (pair: (typeof took)[number]) => number) => median(took.map(of))
  tell(`6 screen, nine methods, ${count(took[0]?.ours.rows ?? 0)} rows, of ${flows} flows of six years`)
  const ratios = methods.map((method) => {
    const cpu = middle(({ ours, theirs }) => ours.cpu / theirs[method].cpu)
    tell(
      `  processor time (baseline: ${method} by hand)`,
      s(middle(({ ours }) => ours.cpu)),
      s(middle(({ theirs }) => theirs[method].cpu)),
      times(cpu),
    )
    tell(
      '  by the clock',
      s(middle(({ ours }) => ours.seconds)),
      s(middle(({ theirs }) => theirs[method].seconds)),
      times(middle(({ ours, theirs }) => ours.seconds / theirs[method].seconds)),
    )
    return cpu
  })
  tell('  peak memory of the process', `${(Math.max(...took.map(({ ours }) => ours.peak)) / 1e9).toFixed(2)} GB`)
  for (const method of methods) {
    const alone = await apart<Answered>('screen', home, dataset, method)
    const cpu = middle(({ theirs }) => theirs[method].cpu)
    tell(`  ${method} alone, processor time`, s(alone.cpu), s(cpu), times(alone.cpu / cpu))
  }
  const single = await Promise.all(methods.map((method) => scans(home, dataset, [method])))
  const nine = await scans(home, dataset, [])
  if (nine > Math.max(...single))
    throw new Error(`nine methods read the flows ${nine} times, single ones ${single.join(' and ')} times`)
  tell('  readings of the flows (baseline: the dearest method alone)', String(nine), String(Math.max(...single)))
  return Math.min(...ratios)
}

/** Every criterion of what some method finds critical or leaves open in a year, written out: of six years at once it would not fit in 4 GB. */
export async function benchScreeningInFull(home: string, dataset: string): Promise<void> {
  const long = await apart<Took & { rows: number }>('screen in full', home, dataset, join(home, 'screen.parquet'))
  tell(`7 screen of the last year, a row a criterion, as Parquet, ${count(long.rows)} rows`, s(long.seconds))
  tell('  peak memory of the process', `${(long.peak / 1e9).toFixed(2)} GB`)
}

/** Whole numbers as a message between processes has them. */
const plain = (value: unknown) => (typeof value === 'bigint' ? Number(value) : value)
