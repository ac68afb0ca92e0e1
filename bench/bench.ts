/**
 * The library against DuckDB written by hand, on one made-up year of world trade, and on six: `npm run bench`, BENCH_ROWS
 * for the size of the one; each of the six has half of that. `npm run bench -- serve` asks a server instead, `npm run bench -- diversion` corridors over months. Times are of one machine and no verdict; ratios are to the baseline named, taken in the same run.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { version } from '@duckdb/node-api'
import { openDataset, storedFiles } from '../src/dataset/store.ts'
import { duckdbInstance } from '../src/engine/duckdb.ts'
import { quoted } from '../src/engine/engine.ts'
import { type Chokepoint, open } from '../src/index.ts'
import { benchDiversion } from './diverting.ts'
import {
  apart,
  clock,
  contents,
  count,
  cpuSince,
  drain,
  lines,
  median,
  ms,
  peak,
  quantile,
  s,
  tell,
  text,
  timed,
  times,
} from './measuring.ts'
import { benchScreening, screenHere, screenLongHere } from './screening.ts'
import { benchServing } from './serving.ts'
import { buyers, products, writeWorld } from './world.ts'

const year = 2023
const pairs = 5
const loads = 3
const warm = 20
/** Our own aims, and where a run fails. */
const target = 1.1
const tolerated = 1.25
const screeningTarget = 2
const screeningTolerated = 4.5

interface Loaded {
  readonly seconds: number
  readonly cpu: number
  readonly phases: readonly { readonly name: string; readonly seconds: number }[]
  readonly peak: number
}

/** A load, timed; in a process of its own its peak of memory is the process's. */
async function loadHere(home: string, csv: string): Promise<Loaded> {
  await using chokepoint = await open({ home })
  const marks: { name: string; at: number }[] = []
  const from = clock()
  const before = process.cpuUsage()
  await chokepoint.load([csv], { as: 'world', progress: (line) => marks.push({ name: line, at: clock() }) })
  const until = clock()
  return {
    seconds: until - from,
    cpu: cpuSince(before),
    phases: marks.map((mark, place) => ({ name: mark.name, seconds: (marks[place + 1]?.at ?? until) - mark.at })),
    peak: peak(),
  }
}

/** A load and the COPY by hand in turn: on a machine that is shared, processor time says more than the clock. */
async function benchLoad(folder: string, csv: string): Promise<void> {
  const took: { loaded: Loaded; seconds: number; cpu: number }[] = []
  for (let pair = 0; pair < loads; pair += 1) {
    // The same limits as a load has by default, and a database on disk to spill into.
    const place = join(folder, `plain-${pair}`)
    const plain = await duckdbInstance(`${place}.duckdb`, { memory: 1_200_000_000 }, `${place}-spill`)
    const connection = await plain.connect()
    const before = process.cpuUsage()
    const seconds = await timed(() =>
      connection.run(
        `copy (select t, i, j, k, v, q from read_csv(${quoted(csv)}, types = {'k': 'VARCHAR'}) order by t, k, j, i)
         to ${quoted(`${place}.parquet`)} (format parquet, compression zstd)`,
      ),
    )
    const cpu = cpuSince(before)
    connection.closeSync()
    plain.closeSync()
    took.push({ loaded: await apart<Loaded>('load', folder, csv), seconds, cpu })
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
  tell('  peak memory of the process', `${(last.peak / 1e9).toFixed(2)} GB`)
}

/** Our stream and the statement by hand in turn; the ratio of each pair, and what the baseline took. */
async function benchConcentration(chokepoint: Chokepoint, file: string): Promise<{ ratio: number; by_hand: number }> {
  const answer = await chokepoint.ask(
    'concentration',
    { min_value: 0 },
    { columns: ['period', 'importer', 'product', 'hhi', 'lead_supplier'] },
  )
  const plain = await duckdbInstance(':memory:', {})
  const connection = await plain.connect()
  const statement = text('./concentration-by-hand.sql')
  const byHand = async function* () {
    const result = await connection.stream(statement, { file })
    yield* result.yieldRowsJs()
  }
  const ours = await contents(answer.stream())
  const theirs = await contents(byHand())
  if (ours.digest !== theirs.digest)
    throw new Error(`the two give different rows: ${ours.rows} and ${theirs.rows}. A ratio of their times says nothing`)
  const took: { ours: number; theirs: number }[] = []
  for (let pair = 0; pair < pairs; pair += 1)
    took.push({ ours: await timed(() => drain(answer.stream())), theirs: await timed(() => drain(byHand())) })
  connection.closeSync()
  plain.closeSync()
  const ratio = median(took.map((pair) => pair.ours / pair.theirs))
  const by_hand = median(took.map((pair) => pair.theirs))
  tell(
    `2 concentration, ${count(ours.rows)} rows (baseline: by hand)`,
    s(median(took.map((pair) => pair.ours))),
    s(by_hand),
    times(ratio),
  )
  tell('  pairs', '', '', took.map((pair) => (pair.ours / pair.theirs).toFixed(2)).join(' '))
  return { ratio, by_hand }
}

async function benchBeside(chokepoint: Chokepoint, by_hand: number): Promise<void> {
  const columns = ['period', 'importer', 'product', 'hhi', 'lead_supplier']
  const bloc = await chokepoint.ask('concentration', { min_value: 0, importer: ['EU27'] }, { columns })
  const all = await chokepoint.ask('concentration', { min_value: 0 })
  for (const [what, answer] of [
    ['3 the same, importer EU27 as one', bloc],
    ['4 all columns, ranks among them', all],
  ] as const) {
    let rows = await drain(answer.stream())
    const took: number[] = []
    for (let run = 0; run < 3; run += 1)
      took.push(
        await timed(async () => {
          rows = await drain(answer.stream())
        }),
      )
    tell(`${what}, ${count(rows)} rows (baseline: of 2)`, s(median(took)), s(by_hand), times(median(took) / by_hand))
  }
}

async function benchOneImporter(chokepoint: Chokepoint, product: string): Promise<void> {
  const questions = {
    'dependence DEU on CHN, all products': () =>
      chokepoint.ask('dependence', { importer: ['DEU'], supplier: ['CHN'], min_value: 0 }),
    [`suppliers DEU, product ${product}`]: () =>
      chokepoint.ask('suppliers', { importer: ['DEU'], product: [product], min_value: 0 }),
  }
  for (const [what, ask] of Object.entries(questions)) {
    const rows = await drain((await ask()).stream())
    const took: number[] = []
    for (let run = 0; run < warm; run += 1) took.push(await timed(async () => drain((await ask()).stream())))
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

function rowsWanted(): number {
  const wanted = Number(process.env['BENCH_ROWS'] ?? 5_000_000)
  if (!(wanted > 0)) throw new Error('BENCH_ROWS is how many rows the made-up year has')
  return wanted
}

async function bench(folder: string): Promise<boolean> {
  const wanted = rowsWanted()
  tell(
    `machine: ${cpus().length} cores, ${(totalmem() / 1e9).toFixed(0)} GB, Node ${process.versions.node}, DuckDB ${version()}`,
  )
  const csv = join(folder, `BACI_HS22_Y${year}_V000000.csv`)
  const rows = await writeWorld(year, wanted, csv)
  tell(`made up: ${count(rows)} flows, ${buyers} economies, ${count(products)} products, one year`)
  tell('', 'ours', 'baseline', 'ratio')
  await benchLoad(folder, csv)
  await using chokepoint = await open({ home: folder })
  const { folder: store } = await openDataset(folder, 'world')
  const { ratio, by_hand } = await benchConcentration(chokepoint, join(store, storedFiles.byProduct))
  await benchBeside(chokepoint, by_hand)
  await benchOneImporter(chokepoint, await productOf('DEU', join(store, storedFiles.byImporter)))
  const screening = await benchScreening(folder, wanted / 2)
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
  'screen in full': screenLongHere,
}
/** Benches that are asked for by name. */
const others: Readonly<Record<string, (folder: string, rows: number) => Promise<boolean>>> = {
  serve: benchServing,
  diversion: benchDiversion,
}
const [, , work = '', ...given] = process.argv
if (works[work]) {
  process.send?.(await works[work](...given))
  process.disconnect?.()
} else {
  const folder = await mkdtemp(join(tmpdir(), 'chokepoint-bench-'))
  try {
    process.exitCode = (await (others[work]?.(folder, rowsWanted()) ?? bench(folder))) ? 0 : 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
