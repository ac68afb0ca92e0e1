import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openDataset, storedFiles } from '../src/dataset/store.ts'
import { duckdbInstance } from '../src/engine/duckdb.ts'
import { open } from '../src/index.ts'
import { apart, count, cpuSince, median, peak, s, tell, text, timed, times } from './measuring.ts'
import { writeWorld } from './world.ts'

const years = [2018, 2019, 2020, 2021, 2022, 2023]
const pairs = 3
const asked = { dataset: 'six-years', period: ['2018-2023'] }
const method = 'geodep'

interface Screened {
  readonly seconds: number
  readonly cpu: number
  readonly peak: number
}
type Counts = readonly (readonly unknown[])[]

async function measured(work: () => Promise<unknown>): Promise<Screened> {
  const before = process.cpuUsage()
  const seconds = await timed(work)
  return { seconds, cpu: cpuSince(before), peak: peak() }
}

/** Every method over all importers and years, a row an importer, year and method; and the rows of one method. */
export async function screenHere(home: string, ...methods: string[]): Promise<Screened & { rows: number; of: Counts }> {
  await using chokepoint = await open({ home })
  const rows: (readonly unknown[])[] = []
  const took = await measured(async () => {
    const answer = await chokepoint.ask('screen', { ...asked, aggregate: true, method: methods })
    const columns = answer.columns.map((column) => column.name)
    const picked = ['method', 'period', 'importer', 'products', 'imports', 'critical'].map((name) =>
      columns.indexOf(name),
    )
    for await (const block of answer.stream()) for (const row of block) rows.push(picked.map((place) => row[place]))
  })
  const of = rows.filter(([name, period]) => name === method && Number(period) >= 202000)
  return { ...took, rows: rows.length, of: of.map(([, ...rest]) => rest) }
}

/** A row a product, method and criterion of what some method finds critical, as Parquet. */
export async function screenLongHere(home: string, file: string): Promise<Screened & { rows: number }> {
  await using chokepoint = await open({ home })
  const answer = await chokepoint.ask('screen', asked)
  const took = await measured(() => answer.parquet(file))
  const instance = await duckdbInstance(':memory:', {})
  const connection = await instance.connect()
  const read = await connection.runAndReadAll('select count(*) from read_parquet($file)', { file })
  connection.closeSync()
  instance.closeSync()
  return { ...took, rows: Number(read.getRowsJS()[0]?.[0]) }
}

/** How often the plan of a question reads the stored flows. */
async function scans(home: string, methods: readonly string[]): Promise<number> {
  await using chokepoint = await open({ home })
  const answer = await chokepoint.ask('screen', { ...asked, aggregate: true, method: methods })
  const [prepared = '', executed = ''] = answer.explain().split(/(?<=;\n)(?=execute question\()/)
  const instance = await duckdbInstance(':memory:', {})
  const connection = await instance.connect()
  await connection.run(prepared)
  const read = await connection.runAndReadAll(`explain ${executed}`)
  connection.closeSync()
  instance.closeSync()
  return read.getRowsJS().join('\n').split('READ_PARQUET').length - 1
}

/** Nine methods and one by hand in turn; the ratio of their times by the clock. */
export async function benchScreening(home: string, rows: number): Promise<number> {
  const files: string[] = []
  let flows = 0
  for (const year of years) {
    const csv = join(home, `BACI_HS17_Y${year}_V000000.csv`)
    flows += await writeWorld(year, rows, csv)
    files.push(csv)
  }
  await using chokepoint = await open({ home })
  await chokepoint.load(files, { as: asked.dataset })
  await Promise.all(files.map((file) => rm(file)))
  const { folder } = await openDataset(home, asked.dataset)
  const file = join(folder, storedFiles.byProduct)
  const instance = await duckdbInstance(':memory:', {})
  const connection = await instance.connect()
  const statement = text('./geodep-by-hand.sql')
  const took: { ours: Screened; theirs: Screened }[] = []
  let answered = 0
  for (let pair = 0; pair < pairs; pair += 1) {
    let counts: Counts = []
    const theirs = await measured(async () => {
      counts = (await connection.runAndReadAll(statement, { file })).getRowsJS().map((row) => row.map(plain))
    })
    const ours = await apart<Screened & { rows: number; of: Counts }>('screen', home)
    if (JSON.stringify(ours.of) !== JSON.stringify(counts))
      throw new Error(`${method} by hand and in the library give different counts. A ratio of their times says nothing`)
    answered = ours.rows
    took.push({ ours, theirs })
  }
  connection.closeSync()
  instance.closeSync()
  const middle = (of: (pair: (typeof took)[number]) => number) => median(took.map(of))
  const ratio = middle(({ ours, theirs }) => ours.seconds / theirs.seconds)
  tell(`made up: ${count(flows)} flows of six years`)
  tell(
    `6 screen, nine methods, ${count(answered)} rows (baseline: ${method} by hand)`,
    s(middle(({ ours }) => ours.seconds)),
    s(middle(({ theirs }) => theirs.seconds)),
    times(ratio),
  )
  tell('  pairs', '', '', took.map(({ ours, theirs }) => (ours.seconds / theirs.seconds).toFixed(2)).join(' '))
  tell(
    '  processor time',
    s(middle(({ ours }) => ours.cpu)),
    s(middle(({ theirs }) => theirs.cpu)),
    times(middle(({ ours, theirs }) => ours.cpu / theirs.cpu)),
  )
  tell('  peak memory of the process', `${(Math.max(...took.map(({ ours }) => ours.peak)) / 1e9).toFixed(2)} GB`)
  const alone = await apart<Screened>('screen', home, method)
  tell(`  ${method} alone`, s(alone.seconds), '', times(alone.seconds / middle(({ theirs }) => theirs.seconds)))
  const [one, nine] = [await scans(home, [method]), await scans(home, [])]
  if (nine > one) throw new Error(`nine methods read the flows ${nine} times, one ${one} times`)
  tell('  readings of the flows, nine methods and one', String(nine), String(one))
  const long = await apart<Screened & { rows: number }>('screen in full', home, join(home, 'screen.parquet'))
  tell(`7 screen, a row a criterion, as Parquet, ${count(long.rows)} rows`, s(long.seconds))
  tell('  peak memory of the process', `${(long.peak / 1e9).toFixed(2)} GB`)
  return ratio
}

/** Whole numbers as a message between processes has them. */
const plain = (value: unknown) => (typeof value === 'bigint' ? Number(value) : value)
