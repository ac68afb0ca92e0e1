// Gives rough files to everything that reads files, far more than the tests do: `npm run fuzz`. The seed is printed and
// makes the same cases again; a case that fails is made smaller and kept with its file. Then loads are killed at random
// points.
//
//   npm run fuzz                        20,000 cases and 50 kills, another seed each time
//   npm run fuzz -- --cases 500 --kills 10 --seed 7
//   npm run fuzz -- --only 7:123        one case again
import { type ChildProcess, fork } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { open } from '../src/index.ts'
import { killLoads } from '../test/loading/killed-loads.ts'
import { type RoughCase, roughCases, roughFile, roughRuns, type SeedKind, seeds } from '../test/loading/rough-files.ts'
import { Room } from '../test/loading/rough-load.ts'

const { values: given } = parseArgs({
  options: {
    cases: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    workers: { type: 'string', default: String(availableParallelism()) },
    keep: { type: 'string', default: 'fuzz-failures' },
    kills: { type: 'string', default: '50' },
    only: { type: 'string' },
    worker: { type: 'boolean', default: false },
  },
})
const realData = process.env['CHOKEPOINT_TEST_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))
const [seedGiven = '', numberGiven] = (given.only ?? given.seed).split(':')
const seed = Number(seedGiven)

/** A case may take no longer, made smaller where it fails. */
const mostMinutes = 15

const turns = Object.entries(roughRuns).flatMap(([kind, runs]) => Array<SeedKind>(runs / 10).fill(kind as SeedKind))
const kindOf = (number: number) => turns[number % turns.length] as SeedKind

type Told =
  | { readonly begun: RoughCase }
  | {
      readonly number: number
      readonly endings: readonly string[]
      readonly memory: number
      /** The smallest case that fails, and why it does. */
      readonly broken?: { readonly rough: RoughCase; readonly why: string }
    }

async function work(): Promise<void> {
  const all = await seeds(realData)
  let room = await Room.open()
  let examined = 0
  const tell = (told: Told) => process.send?.(told)
  const one = async (number: number) => {
    const files = all[kindOf(number)]
    const endings: string[] = []
    const property = fc.asyncProperty(roughCases(Object.keys(files)), async (rough) => {
      const of = files[rough.seed]
      tell({ begun: rough })
      if (of) endings.push(await room.examine(roughFile(of, rough)))
    })
    const { counterexample, errorInstance } = await fc.check(property, { seed: seed + number, numRuns: 1 })
    const memory = process.memoryUsage.rss()
    examined += 1
    if (examined % 500 === 0) {
      await room.close()
      room = await Room.open()
    }
    const [first = 'broken'] = endings
    if (!counterexample) return tell({ number, endings: [first], memory })
    const [rough] = counterexample
    const why = String((errorInstance as Error)?.stack ?? errorInstance)
    tell({ number, endings: ['broken'], memory, broken: { rough, why } })
  }
  process.on('message', (number: number) => void one(number))
  process.on('disconnect', () => void room.close().then(() => process.exit()))
  process.send?.({ number: -1, endings: [], memory: 0 } satisfies Told)
}

async function lead(): Promise<void> {
  const all = await seeds(realData)
  const first = numberGiven === undefined ? 0 : Number(numberGiven)
  const end = numberGiven === undefined ? Number(given.cases) : first + 1
  process.stdout.write(`seed ${seed}, ${end - first} cases; again: npm run fuzz -- --seed ${seed}\n`)
  const began = performance.now()
  const counted = new Map<string, number>()
  let next = first
  let done = 0
  let broken = 0
  let memory = 0

  async function keep(number: number, rough: RoughCase, why: string): Promise<void> {
    broken += 1
    const folder = join(given.keep, `${seed}-${number}`)
    const file = all[kindOf(number)][rough.seed]
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'case.json'), `${JSON.stringify(rough, null, 2)}\n`)
    await writeFile(join(folder, 'why.txt'), `${why}\n`)
    if (file) {
      const made = roughFile(file, rough)
      await writeFile(join(folder, basename(made.file) || 'case'), made.content)
      if (made.mapping !== undefined) await writeFile(join(folder, 'mapping.yaml'), made.mapping)
    }
    process.stdout.write(`broken ${seed}:${number} (${folder}): ${JSON.stringify(rough)}\n  ${why.split('\n')[0]}\n`)
  }

  const worker = () =>
    new Promise<void>((resolve) => {
      let child: ChildProcess
      let number = -1
      let latest: RoughCase | undefined
      let late: NodeJS.Timeout | undefined
      let ending = false
      const start = () => {
        child = fork(fileURLToPath(import.meta.url), ['--worker', '--seed', String(seed)])
        child.on('message', (told: Told) => void heard(told))
        child.on('exit', (code, signal) => void left(code, signal))
      }
      const heard = async (told: Told) => {
        if ('begun' in told) {
          latest = told.begun
          return
        }
        clearTimeout(late)
        for (const one of told.endings) counted.set(one, (counted.get(one) ?? 0) + 1)
        memory = Math.max(memory, told.memory)
        if (told.broken) await keep(told.number, told.broken.rough, told.broken.why)
        if (told.number >= 0) done += 1
        if (told.number >= 0 && done % 1000 === 0)
          process.stdout.write(`${done} cases, ${(done / ((performance.now() - began) / 1000)).toFixed(1)} a second\n`)
        if (next >= end) {
          ending = true
          child.disconnect()
          return
        }
        number = next++
        latest = undefined
        late = setTimeout(() => child.kill('SIGKILL'), mostMinutes * 60_000)
        child.send(number)
      }
      const left = async (code: number | null, signal: NodeJS.Signals | null) => {
        clearTimeout(late)
        if (ending) return resolve()
        done += 1
        if (latest) await keep(number, latest, `the process ended: ${signal ?? code}`)
        start()
      }
      start()
    })
  await Promise.all(Array.from({ length: Math.min(Number(given.workers), end - first) }, worker))
  for (const [ending, number] of [...counted].sort((a, b) => b[1] - a[1]))
    process.stdout.write(`${String(number).padStart(8)} ${ending}\n`)
  process.stdout.write(
    `${done} cases in ${((performance.now() - began) / 60_000).toFixed(1)} min, ${broken} broken; a process used at most ${Math.round(memory / 1e6)} MB\n`,
  )
  if (numberGiven === undefined) await kill(Number(given.kills))
  if (broken > 0) process.exitCode = 1
}

/** Kill so many loads at random points; throws where what stands then is not whole. */
async function kill(kills: number): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'chokepoint-killed-'))
  await using chokepoint = await open({ home })
  try {
    const { before, after } = await killLoads(chokepoint, new URL('../src/', import.meta.url), kills, seed)
    process.stdout.write(
      `${kills} loads killed: ${before} left the version before, ${after} the new one, each whole, and no remains\n`,
    )
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

await (given.worker ? work() : lead())
