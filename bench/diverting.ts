import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openDataset, spread } from '../src/dataset/store.ts'
import { duckdbInstance } from '../src/engine/duckdb.ts'
import { open } from '../src/index.ts'
import { testHubs } from '../src/measures/diversion-tests.ts'
import { seededNumbers } from '../src/measures/passing.ts'
import { inTurn } from '../src/threads/work.ts'
import { worldParameters } from '../src/worlds/parameters.ts'
import { writeWorld } from '../src/worlds/world.ts'
import { count, cpuSince, drain, median, s, text, timed, times } from './measuring.ts'

const runs = 3
const [corridorTarget, corridorTolerated, permutationTarget] = [3, 4.5, 10]

/** Thirty hubs with a hundred families each, 999 lists by lot for each leg: seconds. */
async function benchPermutations(): Promise<number> {
  const next = seededNumbers(1)
  const leg = () =>
    Array.from({ length: 100 }, (_, place) => ({
      listed: place < 20,
      post: Math.round(1e6 * next()),
      last: Math.round(1e6 * next()),
      prior: Math.round(1e6 * next()),
    }))
  const hubs = Array.from({ length: 30 }, (_, place) => ({
    hub: `hub ${place}`,
    kind: 'free',
    first: leg(),
    second: leg(),
  }))
  return timed(() => testHubs(hubs, { draws: 999, seed: 1 }, inTurn))
}

/**
 * Excess and bounds of every possible hub in all products over 36 months, against a scan that does no more than sum each
 * corridor by year; and the permutations of thirty hubs. Ratios of processor time, for a shared machine.
 * @param rows flows a year
 * @returns whether both are within what is tolerated
 */
export async function benchDiversion(folder: string, rows: number): Promise<boolean> {
  const made = join(folder, 'world')
  await writeWorld(
    worldParameters.parse({
      years: '2020-2022',
      frequency: 'month',
      rows,
      from: '2022-01',
      plant: ['diversion'],
      origin: 'EU27',
      list: 'chpl',
      hubs: 3,
    }),
    made,
  )
  const files = (await readdir(made)).filter((name) => name.startsWith('BACI_')).map((name) => join(made, name))
  await using chokepoint = await open({ home: folder })
  const loaded = await chokepoint.load(files, { as: 'months' })
  const { folder: store } = await openDataset(folder, 'months')
  const file = join(store, `${spread.byProduct}-*.parquet`)
  const plain = await duckdbInstance(':memory:', {})
  const connection = await plain.connect()
  const byHand = async () => {
    await connection.runAndReadAll(text('./corridors-by-hand.sql'), { file })
  }
  // So large a least value that no hub is tested: what remains are the statements.
  const question = {
    dataset: 'months',
    origin: ['EU27'],
    destination: ['RUS'],
    list: 'chpl',
    list_mode: 'final',
    event: '2022-01-01',
    donut: 0,
    min_value: 1e15,
  } as const
  // Another seed each time: what was found once of a question is kept.
  const ours = async (seed: number) => drain((await chokepoint.ask('diversion', { ...question, seed })).stream())
  const cpu = async (work: () => Promise<unknown>) => {
    const before = process.cpuUsage()
    const seconds = await timed(work)
    return { seconds, cpu: cpuSince(before) }
  }
  const took = []
  for (let run = 0; run <= runs; run += 1) {
    const pair = { ours: await cpu(() => ours(run)), theirs: await cpu(byHand) }
    if (run > 0) took.push(pair)
  }
  connection.closeSync()
  plain.closeSync()
  const ratio = median(took.map((pair) => pair.ours.cpu / pair.theirs.cpu))
  const permuted = await benchPermutations()
  const stored = loaded.kind === 'flow' ? loaded.account.rows.kept : 0
  console.log(
    [
      `${count(stored)} flows of 36 months, all products, every hub: excess, ranges and bounds by every baseline`,
      `  ours ${s(median(took.map((pair) => pair.ours.seconds)))}, a scan that sums corridors by year ${s(median(took.map((pair) => pair.theirs.seconds)))}; processor time ${times(ratio)}, aim ${corridorTarget}`,
      `  999 lists by lot, 30 hubs of 100 families, both legs and a placebo: ${s(permuted)}, aim ${s(permutationTarget)}`,
    ].join('\n'),
  )
  return ratio <= corridorTolerated && permuted <= permutationTarget
}
