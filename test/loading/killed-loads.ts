import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Chokepoint } from '../../src/index.ts'

/** Numbers from 0 to 1, the same each time (Park and Miller). */
function* drawn(seed: number): Generator<number> {
  for (let state = (seed % 2_147_483_646) + 1; ; ) {
    state = (state * 48_271) % 2_147_483_647
    yield state / 2_147_483_647
  }
}

const rows = 2000
const table = (value: number) =>
  `t,i,j,k,v,q\n${Array.from({ length: rows }, (_, at) => `2022,156,276,${850_000 + at},${value}.125,1.5`).join('\n')}\n`

/** Two files of the same keys and other values, as vintages of BACI. */
export async function writeVintages(folder: string): Promise<readonly [string, string]> {
  const files = ['202201', '202202'].map((name) => join(folder, `BACI_HS17_Y2022_V${name}.csv`)) as [string, string]
  for (const [at, file] of files.entries()) await writeFile(file, table(at + 1))
  return files
}

/** What is left of loads that did not end, beside what is published. */
export const leftovers = async (home: string): Promise<string[]> =>
  (await readdir(join(home, 'datasets', 'flows'))).filter((entry) => !/^(current|[0-9a-f]{12})$/.test(entry))

/**
 * The version of `flows` as it stands, which must be one of these, with every byte that its manifest promises.
 * @throws Error saying what is not so
 */
export async function wholeVersion(chokepoint: Chokepoint, versions: readonly string[]): Promise<string> {
  const { version, account } = await chokepoint.dataset('flows')
  const unsound = (await chokepoint.verify('flows')).filter(({ sound }) => !sound)
  const all = await chokepoint.datasets()
  if (!versions.includes(version) || account.rows.in !== rows || account.rows.kept !== rows)
    throw new Error(`flows@${version} is neither ${versions.join(' nor ')}, whole: ${JSON.stringify(account.rows)}`)
  if (unsound.length > 0 || all.length !== 1) throw new Error(`${JSON.stringify(unsound)}, ${all.length} datasets`)
  return version
}

/** A process that has all it needs, and no more, and waits to be told which file to load. */
async function waiting(library: URL) {
  const [load, sources] = ['dataset/load.js', 'sources/index.js'].map((name) => JSON.stringify(new URL(name, library)))
  const script = `
const { load } = await import(${load})
const { recognise } = await import(${sources})
process.once('message', async ({ home, file }) => {
  await load({ home, as: 'flows', paths: [file], recognise, toolVersion: '0' })
  process.send('loaded')
})
process.send('ready')`
  const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: [...stdio] })
  await once(child, 'message')
  return child
}

/**
 * Kill loads at points spread over their whole duration, and look each time at what stands then.
 * @param library the folder of the compiled library
 * @returns how many left the version before, and how many the new one
 * @throws Error where anything else stands
 */
export async function killLoads(
  chokepoint: Chokepoint,
  library: URL,
  kills: number,
  seed: number,
): Promise<{ readonly before: number; readonly after: number }> {
  const { home } = chokepoint
  const files = await writeVintages(home)
  const versions: string[] = []
  for (const file of files) versions.push((await chokepoint.load([file], { as: 'flows' })).version)
  let now = 1
  const fileOfOther = () => files[1 - now] as string
  // The whole duration is that of a load that is left alone.
  const alone = await waiting(library)
  const began = performance.now()
  alone.send({ home, file: fileOfOther() })
  await once(alone, 'message')
  const duration = performance.now() - began
  alone.disconnect()
  now = versions.indexOf(await wholeVersion(chokepoint, versions))
  const random = drawn(seed)
  const ends = { before: 0, after: 0 }
  for (let turn = 0, next = waiting(library); turn < kills; turn += 1) {
    const child = await next
    if (turn + 1 < kills) next = waiting(library)
    const closed = once(child, 'close')
    child.send({ home, file: fileOfOther() })
    // One draw in each part of the duration, so that no phase is left out.
    await pause(((turn + (random.next().value as number)) / kills) * duration)
    child.kill('SIGKILL')
    await closed
    const found = versions.indexOf(await wholeVersion(chokepoint, versions))
    ends[found === now ? 'before' : 'after'] += 1
    now = found
  }
  await chokepoint.load([fileOfOther()], { as: 'flows' })
  const left = await leftovers(home)
  if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`)
  return ends
}
