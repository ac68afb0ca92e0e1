/**
 * The library against DuckDB written by hand, on one made-up year of world trade, and on six: `npm run bench`, BENCH_ROWS
 * for the size of the one; each of the six has half of that. `npm run bench -- size` asks all of six years that have
 * BENCH_ROWS each, and loads them; `npm run bench -- serve` asks a server instead, `npm run bench -- diversion` corridors
 * over months. Times are of one machine and no verdict; ratios are to the baseline named, taken in the same run.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { basename, join } from 'node:path'
import { version } from '@duckdb/node-api'
import { openDataset, spread } from '../src/dataset/store.ts'
import { duckdbInstance } from '../src/engine/duckdb.ts'
import { quoted } from '../src/engine/engine.ts'
import { type Chokepoint, open } from '../src/index.ts'
import { archive } from '../src/worlds/archive.ts'
import { benchDiversion } from './diverting.ts'
import {
  apart,
  type Blocks,
  clock,
  contents,
  count,
  cpuSince,
  drain,
  lines,
  measured,
  median,
  ms,
  peak,
  quantile,
  s,
  type Took,
  tell,
  text,
  timed,
  times,
} from './measuring.ts'
import {
  benchScreening,
  benchScreeningInFull,
  loadSixYears,
  screenByHandHere,
  screenedYears,
  screenHere,
  screenLongHere,
} from './screening.ts'
import { benchServing } from './serving.ts'
import { buyers, type MadeYears, products, writeYears } from './world.ts'

const warm = 20
/** Our own aims, and where a run fails. */
const target = 1.1
const tolerated = 1.25
const screeningTarget = 2
const screeningTolerated = 4.5
/** Rows of the one year, half of each of the six, up to which a screen of all importers is written out. */
const mostInFull = 5_000_000

interface Loaded {
  readonly seconds: number
  readonly cpu: number
  readonly phases: readonly { readonly name: string; readonly seconds: number }[]
  readonly peak: number
}

/** A load, timed; in a process of its own its peak of memory is the process's. */
async function loadHere(home: string, as: string, ...files: string[]): Promise<Loaded> {
  await using chokepoint = await open({ home })
  const marks: { name: string; at: number }[] = []
  const from = clock()
  const before = process.cpuUsage()
  const progress = (line: string) => {
    // What follows a phase's name says how far it is.
    const [name = ''] = line.split(': ')
    if (marks.at(-1)?.name !== name) marks.push({ name, at: clock() })
  }
  await chokepoint.load(files, { as, progress })
  const until = clock()
  return {
    seconds: until - from,
    cpu: cpuSince(before),
    phases: marks.map((mark, place) => ({ name: mark.name, seconds: (marks[place + 1]?.at ?? until) - mark.at })),
    peak: peak(),
  }
}

/** A load and the COPY by hand in turn: on a machine that is shared, processor time says more than the clock. */
async function benchLoad(folder: string, { files, rows }: MadeYears): Promise<void> {
  const took: { loaded: Loaded; seconds: number; cpu: number }[] = []
  for (let pair = 0; pair < repeated(files, 3); pair += 1) {
    // The same limits as a load has by default, a database on disk to spill into, and files packed alike.
    const place = join(folder, `plain-${pair}`)
    const plain = await duckdbInstance(`${place}.duckdb`, { memory: 1_100_000_000 }, `${place}-spill`)
    const connection = await plain.connect()
    const before = process.cpuUsage()
    const seconds = await timed(() =>
      connection.run(
        `copy (select t, i, j, k, v, q from read_csv([${files.map(quoted).join(', ')}], types = {'k': 'VARCHAR'}) order by t, k, j, i)
         to ${quoted(`${place}.parquet`)} (format parquet, compression lz4_raw)`,
      ),
    )
    const cpu = cpuSince(before)
    connection.closeSync()
    plain.closeSync()
    await rm(`${place}.parquet`)
    await rm(`${place}.duckdb`)
    took.push({ loaded: await apart<Loaded>('load', folder, 'world', ...files), seconds, cpu })
  }
  const middle = (of: (one: (typeof took)[number]) => number) => median(took.map(of))
  const cpu = middle((one) => one.loaded.cpu / one.cpu)
  tell(
    '1 load, processor time (baseline: read_csv, sort, Parquet)',
    s(middle((one) => one.loaded.cpu)),
    s(middle((one) => one.cpu)),
    times(cpu),
  )
  tell('  pairs', '', '', took.map((one) => (one.loaded.cpu / one.cpu).toFixed(2)).join(' '))
  tell(
    '  by the clock',
    s(middle((one) => one.loaded.seconds)),
    s(middle((one) => one.seconds)),
    times(middle((one) => one.loaded.seconds / one.seconds)),
  )
  const last = took.at(-1)?.loaded as Loaded
  for (const phase of last.phases) tell(`  ${phase.name}`, s(phase.seconds))
  tell('  peak memory of the process', gb(last.peak))
  if (files.length === 1) return
  const whole = middle((one) => one.loaded.cpu)
  const first = (await apart<Loaded>('load', folder, 'first', files[0] as string)).cpu
  const asMany = first * (sum(rows) / (rows[0] as number))
  tell('  processor time (baseline: the first year alone, times rows)', s(whole), s(asMany), times(whole / asMany))
  const zip = join(folder, 'BACI_HS17_V000000.zip')
  const packed = archive(zip)
  for (const file of files) await packed.add(file, basename(file))
  await packed.end('')
  const loaded = await apart<Loaded>('load', folder, 'packed', zip)
  await rm(zip)
  tell('  the same in an archive, processor time', s(loaded.cpu), s(whole), times(loaded.cpu / whole))
  tell('  peak memory of the process', gb(loaded.peak))
}

/** Our stream and the statement by hand in turn; the ratio of each pair, and what the baseline took. */
async function benchConcentration(
  chokepoint: Chokepoint,
  file: string,
  { years }: MadeYears,
): Promise<{ ratio: number; by_hand: number }> {
  const answer = await chokepoint.ask(
    'concentration',
    { ...all(years), min_value: 0 },
    { columns: ['period', 'importer', 'product', 'hhi', 'lead_supplier'] },
  )
  const plain = await duckdbInstance(':memory:', {})
  const connection = await plain.connect()
  const statement = text('./concentration-by-hand.sql')
  const given = { file, from: (years[0] as number) * 100, until: (years.at(-1) as number) * 100 }
  const byHand = async function* () {
    const result = await connection.stream(statement, given)
    yield* result.yieldRowsJs()
  }
  const ours = await contents(answer.stream())
  const theirs = await contents(byHand())
  if (ours.digest !== theirs.digest)
    throw new Error(`the two give different rows: ${ours.rows} and ${theirs.rows}. A ratio of their times says nothing`)
  const took: { ours: Took; theirs: Took }[] = []
  for (let pair = 0; pair < repeated(years, 5); pair += 1)
    took.push({ ours: await measured(() => drain(answer.stream())), theirs: await measured(() => drain(byHand())) })
  connection.closeSync()
  plain.closeSync()
  const middle = (of: (pair: (typeof took)[number]) => number) => median(took.map(of))
  const ratio = middle(({ ours, theirs }) => ours.cpu / theirs.cpu)
  const by_hand = middle(({ theirs }) => theirs.cpu)
  tell(
    `2 concentration, ${count(ours.rows)} rows, processor time (baseline: by hand)`,
    s(middle((pair) => pair.ours.cpu)),
    s(by_hand),
    times(ratio),
  )
  tell('  pairs', '', '', took.map(({ ours, theirs }) => (ours.cpu / theirs.cpu).toFixed(2)).join(' '))
  tell(
    '  by the clock',
    s(middle((pair) => pair.ours.seconds)),
    s(middle((pair) => pair.theirs.seconds)),
    times(middle(({ ours, theirs }) => ours.seconds / theirs.seconds)),
  )
  return { ratio, by_hand }
}

async function benchBeside(chokepoint: Chokepoint, by_hand: number, { years }: MadeYears): Promise<void> {
  const question = { ...all(years), min_value: 0, importer: ['EU27'] }
  const columns = ['period', 'importer', 'product', 'hhi', 'lead_supplier']
  const bloc = await chokepoint.ask('concentration', question, { columns })
  const rows = await drain(bloc.stream())
  const took = await cpuOf(() => bloc.stream(), repeated(years, 3))
  tell(
    `3 the same, importer EU27 as one, ${count(rows)} rows (baseline: of 2)`,
    s(took),
    s(by_hand),
    times(took / by_hand),
  )
}

/** All columns against a statement by hand that gives them all; both give the same rows, doubles aside. */
async function benchAllColumns(
  chokepoint: Chokepoint,
  file: string,
  by_hand: number,
  { years }: MadeYears,
): Promise<void> {
  const question = { ...all(years), min_value: 0 }
  const whole = ['period', 'importer', 'product', 'value', 'suppliers', 'lead_supplier', 'class', 'verdict']
  const plain = await duckdbInstance(':memory:', {})
  const connection = await plain.connect()
  const statement = text('./all-concentration-by-hand.sql')
  const given = { file, from: (years[0] as number) * 100, until: (years.at(-1) as number) * 100 }
  const byHand = async function* (columns: string) {
    yield* (await connection.stream(`select ${columns} from (${statement})`, given)).yieldRowsJs()
  }
  const exact = await contents((await chokepoint.ask('concentration', question, { columns: whole })).stream())
  const theirs = await contents(byHand(whole.join(', ').replace('value', 'cast(value as double)')))
  if (exact.digest !== theirs.digest)
    throw new Error(`all columns: the two give different rows: ${exact.rows} and ${theirs.rows}`)
  const answer = await chokepoint.ask('concentration', question)
  const ours = await cpuOf(() => answer.stream(), repeated(years, 3))
  const hand = await cpuOf(() => byHand('*'), repeated(years, 3))
  connection.closeSync()
  plain.closeSync()
  tell(
    `4 all columns, ranks among them, ${count(exact.rows)} rows (baseline: all by hand)`,
    s(ours),
    s(hand),
    times(ours / hand),
  )
  tell('  baseline: index and leader alone by hand', s(ours), s(by_hand), times(ours / by_hand))
}

/** Processor time of reading all rows, in the middle of so many runs. */
async function cpuOf(rows: () => Blocks, runs: number): Promise<number> {
  const took: number[] = []
  for (let run = 0; run < runs; run += 1) took.push((await measured(() => drain(rows()))).cpu)
  return median(took)
}

/** What one importer is asked about, warm; of six years also what the front page asks, whose methods sum windows of years. */
async function benchOneImporter(chokepoint: Chokepoint, product: string, six: string): Promise<void> {
  const questions: Record<string, () => Promise<Blocks>> = {
    'dependence DEU on CHN, all products': async () =>
      (
        await chokepoint.ask('dependence', { dataset: 'world', importer: ['DEU'], supplier: ['CHN'], min_value: 0 })
      ).stream(),
    [`suppliers DEU, product ${product}`]: async () =>
      (
        await chokepoint.ask('suppliers', { dataset: 'world', importer: ['DEU'], product: [product], min_value: 0 })
      ).stream(),
    'screen DEU on CHN, verdicts of the last of six years': async () =>
      (
        await chokepoint.ask('screen', { dataset: six, importer: ['DEU'], supplier: ['CHN'], detail: 'verdicts' })
      ).stream(undefined, { start: 0, rows: 300 }),
  }
  for (const [what, ask] of Object.entries(questions)) {
    const rows = await drain(await ask())
    const took: number[] = []
    for (let run = 0; run < warm; run += 1) took.push(await timed(async () => drain(await ask())))
    tell(`5 ${what}, ${count(rows)} rows`, `median ${ms(median(took))}`, `p95 ${ms(quantile(took, 0.95))}`)
  }
}

async function productOf(importer: string, file: string): Promise<string> {
  const instance = await duckdbInstance(':memory:', {})
  const connection = await instance.connect()
  const read = await connection.runAndReadAll(
    `select product from read_parquet(${quoted(file)}) where importer = ${quoted(importer)}
     group by product order by count(*) desc, product limit 1`,
  )
  connection.closeSync()
  instance.closeSync()
  return String(read.getRowsJS()[0]?.[0])
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one)
const gb = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`
/** The world in all its years, as a question has them. */
const all = (years: readonly number[]) => ({ dataset: 'world', period: [`${years[0]}-${years.at(-1)}`] })
/** How often what takes long is timed: so often for one year, once for several, which take long. */
const repeated = (years: readonly unknown[], times: number) => (years.length > 1 ? 1 : times)

function rowsWanted(): number {
  const wanted = Number(process.env['BENCH_ROWS'] ?? 5_000_000)
  if (!(wanted > 0)) throw new Error('BENCH_ROWS is how many rows the made-up year has')
  return wanted
}

/**
 * Loads and questions of some years, and the screen of six: of the same, or where it is one year, of six others with half
 * as many rows each.
 * @param wanted rows a year
 * @returns whether the ratios are within what is tolerated
 */
async function bench(folder: string, wanted: number, years: readonly number[] = [2023]): Promise<boolean> {
  tell(
    `machine: ${cpus().length} cores, ${(totalmem() / 1e9).toFixed(0)} GB, Node ${process.versions.node}, DuckDB ${version()}`,
  )
  const made = await writeYears(folder, years, wanted)
  tell(
    `made up: ${count(sum(made.rows))} flows, ${buyers} economies, ${count(products)} products, years: ${years.length}`,
  )
  tell('', 'ours', 'baseline', 'ratio')
  await benchLoad(folder, made)
  await using chokepoint = await open({ home: folder })
  const { folder: store } = await openDataset(folder, 'world')
  const { ratio, by_hand } = await benchConcentration(chokepoint, join(store, `${spread.byProduct}-*.parquet`), made)
  await benchBeside(chokepoint, by_hand, made)
  await benchAllColumns(chokepoint, join(store, `${spread.byProduct}-*.parquet`), by_hand, made)
  const several = years.length > 1
  const six = several ? 'world' : await loadSixYears(folder, wanted / 2)
  await benchOneImporter(chokepoint, await productOf('DEU', join(store, `${spread.byImporter}-*.parquet`)), six)
  const screening = await benchScreening(folder, six, repeated(years, 3))
  // Of more flows than these it does not fit in 4 GB.
  if (!several && wanted <= mostInFull) await benchScreeningInFull(folder, six)
  const what = [lines[0], lines[1]].map((line) => line?.[0])
  const table = lines.slice(2)
  const width = [0, 1, 2].map((place) => Math.max(...table.map((line) => line[place as 0 | 1 | 2].length)))
  console.log(what.join('\n'))
  for (const [name, ...cells] of table) {
    const padded = [name.padEnd(width[0] ?? 0), cells[0].padStart(width[1] ?? 0), cells[1].padStart(width[2] ?? 0)]
    console.log(`${padded.join('  ')}  ${cells[2]}`.trimEnd())
  }
  return [verdict('2', ratio, target, tolerated), verdict('6', screening, screeningTarget, screeningTolerated)].every(
    Boolean,
  )
}

/** Whether a ratio is within what is tolerated, said. */
function verdict(line: string, ratio: number, aim: number, most: number): boolean {
  const found = `${times(ratio)} of the statement by hand`
  console.log(
    ratio <= aim
      ? `${line} is within its target: ${found}, at most ${aim}`
      : ratio <= most
        ? `${line} misses its target of ${aim}: ${found}; a run fails above ${most}`
        : `FAILED: ${line} takes ${found}, more than ${most}`,
  )
  return ratio <= most
}

const works: Readonly<Record<string, (...given: string[]) => Promise<unknown>>> = {
  load: loadHere,
  screen: screenHere,
  'screen by hand': screenByHandHere,
  'screen in full': screenLongHere,
}
/** Benches that are asked for by name. */
const others: Readonly<Record<string, (folder: string, rows: number) => Promise<boolean>>> = {
  serve: benchServing,
  diversion: benchDiversion,
  size: (folder, rows) => bench(folder, rows, screenedYears),
}
const [, , work = '', ...given] = process.argv
if (works[work]) {
  process.send?.(await works[work](...given))
  process.disconnect?.()
} else {
  const folder = await mkdtemp(join(tmpdir(), 'chokepoint-bench-'))
  try {
    process.exitCode = (await (others[work] ?? bench)(folder, rowsWanted())) ? 0 : 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
