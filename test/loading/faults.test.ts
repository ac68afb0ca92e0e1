import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Chokepoint, open, Refusal } from '../../src/index.ts'
import { flowsOf, temporaryHome } from '../engines.ts'
import { zip } from './zip.ts'

const library = fileURLToPath(new URL('../../dist/index.js', import.meta.url))
const asRoot = process.getuid?.() === 0
const say = (text: string) => void process.stdout.write(`${text}\n`)

const flows = (rows: number, value = 1) =>
  `t,i,j,k,v,q\n${Array.from({ length: rows }, (_, at) => `2022,${[156, 392, 410][at % 3]},276,${100_000 + at},${value + (at % 97)}.125,${at % 11}.5`).join('\n')}\n`
const file = 'BACI_HS17_Y2022_V202601.csv'

/** What was loaded before must be there, whole, and beside it nothing but what is published. */
async function expectUntouched(chokepoint: Chokepoint, version: string): Promise<void> {
  expect((await chokepoint.dataset('flows')).version).toBe(version)
  expect((await chokepoint.verify('flows')).filter(({ sound }) => !sound)).toEqual([])
  const left = readdirSync(join(chokepoint.home, 'datasets', 'flows')).filter(
    (entry) => !/^(current|[0-9a-f]{12})$/.test(entry),
  )
  expect(left).toEqual([])
}

const refusalOf = (loading: Promise<unknown>): Promise<Refusal> =>
  loading.then(
    () => expect.unreachable('it loaded'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(Refusal)
      return error as Refusal
    },
  )

/** A file system of so many bytes; undefined, said in a word, where this user may not mount one. */
function smallDisk(bytes: number): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'chokepoint-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'ignore' })
    // Whichever tests of the file run.
    afterAll(() => {
      execFileSync('umount', [folder])
      rmSync(folder, { recursive: true })
    })
    return folder
  } catch {
    rmSync(folder, { recursive: true })
    say('The test of a full disk did not run: only root may mount a small one.')
    return undefined
  }
}

const disk = smallDisk(12_000_000)

describe.runIf(disk !== undefined)('a disk that is full', () => {
  const home = disk as string
  let input: string
  let chokepoint: Chokepoint
  let version: string
  beforeAll(async () => {
    input = await mkdtempSync(join(tmpdir(), 'chokepoint-input-'))
    const large = flows(40_000, 5)
    writeFileSync(join(input, file), large)
    writeFileSync(join(input, 'packed.csv.gz'), gzipSync(large))
    writeFileSync(join(input, 'packed.zip'), zip({ name: file, content: large }))
    writeFileSync(join(input, 'small.csv'), flows(50))
    chokepoint = await open({ home, limits: { threads: 1, memory: 60_000_000 } })
    version = (await chokepoint.load([join(input, 'small.csv')], { as: 'flows' })).version
  })
  afterAll(async () => {
    await chokepoint.close()
    rmSync(input, { recursive: true })
  })

  test.each([file, 'packed.csv.gz', 'packed.zip'])(
    'ends the load of %s with that reason, wherever it fills',
    async (name) => {
      // From nothing left to nearly enough: the copy unpacked, the database, the files of the version, the manifest.
      for (const left of [0, 100_000, 600_000, 1_500_000, 3_000_000]) {
        const used = Number(execFileSync('df', ['--output=avail', '-B1', home]).toString().split('\n')[1])
        writeFileSync(join(home, 'filler'), Buffer.alloc(Math.max(0, used - left)))
        const refusal = await refusalOf(chokepoint.load([join(input, name)], { as: 'flows' }))
        expect(refusal.message).toMatch(/ran out of room|cannot hold datasets \(ENOSPC\)/)
        await expectUntouched(chokepoint, version)
        rmSync(join(home, 'filler'))
      }
    },
  )

  test('is told before a load begins that will not fit, with what it needs and what is free', async () => {
    const path = join(input, file.replace('2022', '2023'))
    const content = flows(40_000)
    writeFileSync(path, content)
    // Its end is a hole: nothing of it is read.
    truncateSync(path, 3_000_000_000)
    const packed = join(input, 'packed-2023.zip')
    writeFileSync(packed, zip({ name: file, content: content.repeat(30) }))
    for (const [given, needed] of [
      [path, /needs about 9\.\d GB under \S+chokepoint-disk-\w+, of which 5\.\d GB stay, and \d+ MB are free/],
      [packed, /needs about 1\d\d MB/],
    ] as const) {
      const refusal = await refusalOf(chokepoint.load([given], { as: 'flows' }))
      expect(refusal.code).toBe('load/space')
      expect(refusal.message).toMatch(needed)
      await expectUntouched(chokepoint, version)
    }
  })

  test('is no reason any more once there is room', async () => {
    const { account } = await flowsOf(chokepoint.load([join(input, 'small.csv')], { as: 'again' }))
    expect(account.rows).toMatchObject({ in: 50, kept: 50 })
  })
})

test('a load tells as it goes how far it is, and how long it still takes', async () => {
  const home = await temporaryHome()
  writeFileSync(join(home, file), flows(100_000))
  await using chokepoint = await open({ home })
  const told: string[] = []
  await chokepoint.load([join(home, file)], { as: 'flows', progress: (line) => told.push(line) })
  const phases = told.filter((line) => !line.includes(': '))
  expect(phases[0]).toBe(`reading ${file}`)
  expect(phases.slice(1)).toEqual([
    'resolving codes',
    'sorting by product',
    'sorting by importer',
    'taking account',
    'describing',
  ])
  for (const line of told.filter((one) => !phases.includes(one)))
    expect(line).toMatch(/^(reading .*: \d+ %, [\d.]+ MB a second|[a-z ]+: 100,000 rows)(, about \d+ (s|min) left)?$/)
  expect(told.length).toBeGreaterThan(phases.length)
})

describe('memory that does not suffice', () => {
  test('ends the load with that reason, and raises no doubt of the file', async () => {
    const home = await temporaryHome()
    const path = join(home, file)
    writeFileSync(path, flows(60_000))
    await using roomy = await open({ home })
    writeFileSync(join(home, 'small.csv'), flows(50))
    const { version } = await roomy.load([join(home, 'small.csv')], { as: 'flows' })
    for (const memory of [2_000_000, 8_000_000]) {
      await using tight = await open({ home, limits: { threads: 1, memory } })
      const refusal = await refusalOf(tight.load([path], { as: 'flows' }))
      expect(refusal.code).toBe('load/space')
      expect(refusal.message).toMatch(/Out of Memory.*raise CHOKEPOINT_MEMORY/i)
      await expectUntouched(roomy, version)
    }
  })
})

describe.runIf(existsSync(library))('permission that is lost in the middle', () => {
  const nobody = 65_534
  const folder = mkdtempSync(join(tmpdir(), 'chokepoint-lost-'))
  afterAll(() => {
    execFileSync('chmod', ['-R', 'u+rwX', folder])
    rmSync(folder, { recursive: true })
  })

  /** A load by somebody whom permissions bind, who loses that of the store when the load says so. */
  async function loadLosing(when: string, which: 'loading' | 'dataset') {
    const home = mkdtempSync(join(folder, 'home-'))
    const [small, large, script] = ['small.csv', file, 'load.mjs'].map((name) => join(home, name)) as [
      string,
      string,
      string,
    ]
    writeFileSync(small, flows(50))
    writeFileSync(large, flows(5000, 7))
    writeFileSync(
      script,
      `import { open } from ${JSON.stringify(library)}
import { chmodSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
const home = ${JSON.stringify(home)}
const chokepoint = await open({ home, limits: { threads: 1 } })
const { version } = await chokepoint.load([${JSON.stringify(small)}], { as: 'flows' })
const at = join(home, 'datasets', 'flows')
let ended
try {
  await chokepoint.load([${JSON.stringify(large)}], { as: 'flows', progress(line) {
    if (!line.startsWith(${JSON.stringify(when)})) return
    const loading = readdirSync(at).find((entry) => entry.startsWith('.loading-'))
    chmodSync(${which === 'loading' ? 'join(at, loading)' : 'at'}, 0o555)
  } })
  ended = 'loaded'
} catch (error) {
  ended = { name: error.name, code: error.code, message: error.message }
}
chmodSync(at, 0o755)
for (const entry of readdirSync(at)) if (entry.startsWith('.loading-')) chmodSync(join(at, entry), 0o755)
const again = await chokepoint.load([${JSON.stringify(small)}], { as: 'flows' })
const sound = (await chokepoint.verify('flows')).every((file) => file.sound)
process.send({ ended, same: again.version === version, sound })
await chokepoint.close()
`,
    )
    if (asRoot) for (const path of [folder, home, small, large, script]) chownSync(path, nobody, nobody)
    const child = fork(script, {
      ...(asRoot ? { uid: nobody, gid: nobody } : {}),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let told = ''
    child.stderr?.on('data', (text) => {
      told += text
    })
    const said = once(child, 'message').then(([message]) => message)
    return Promise.race([said, once(child, 'close').then(() => ({ ended: `it ended: ${told}` }))])
  }
  if (asRoot) chmodSync(folder, 0o755)

  test.each([
    ['sorting by product', 'loading'],
    ['describing', 'dataset'],
  ] as const)('while %s, of the folder of the %s, is told, and the version before stands', async (when, which) => {
    expect(await loadLosing(when, which)).toEqual({
      ended: { name: 'Refusal', code: 'home/unwritable', message: expect.stringMatching(/can no longer be written/) },
      same: true,
      sound: true,
    })
  })
})

describe('a store that is damaged', async () => {
  const home = await temporaryHome()
  let chokepoint: Chokepoint
  beforeAll(async () => {
    chokepoint = await open({ home, limits: { threads: 1 } })
    writeFileSync(join(home, file), flows(3000))
  })
  afterAll(() => chokepoint.close())
  const load = () => flowsOf(chokepoint.load([join(home, file)], { as: 'flows' }))
  const ask = async () =>
    (await chokepoint.ask('suppliers', { dataset: 'flows', importer: ['DEU'], level: '0' })).rows()

  test('by a bit or by its end is caught by the checksum of the file, and loading again mends it', async () => {
    const { version } = await load()
    const folder = join(home, 'datasets', 'flows', version)
    const before = await ask()
    const names = readdirSync(folder).filter((name) => name !== 'manifest.json')
    expect(names.length).toBeGreaterThan(4)
    for (const [turn, name] of names.entries()) {
      const path = join(folder, name)
      const whole = readFileSync(path)
      const flipped = Buffer.from(whole)
      const at = (whole.length * (turn + 1)) / (names.length + 1)
      flipped[Math.floor(at)] = (flipped[Math.floor(at)] as number) ^ 4
      for (const broken of [flipped, whole.subarray(0, whole.length - 1 - turn * 7), Buffer.alloc(0)]) {
        writeFileSync(path, broken)
        expect((await chokepoint.verify('flows')).filter(({ sound }) => !sound).map((one) => one.file)).toEqual([path])
      }
      await load()
      expect(readFileSync(path).equals(whole)).toBe(true)
    }
    expect(await ask()).toEqual(before)
  })

  test('is told before a question reads it, though an engine would read on', async () => {
    const { version } = await load()
    const path = join(home, 'datasets', 'flows', version, 'report-all-goods.parquet')
    const whole = readFileSync(path)
    expect((await ask()).length).toBeGreaterThan(0)
    // The last bytes but the end say who wrote the file: nobody reads them.
    const at = whole.lastIndexOf('DuckDB version')
    expect(at).toBeGreaterThan(0)
    const changed = Buffer.from(whole)
    changed[at] = (changed[at] as number) ^ 4
    writeFileSync(path, changed)
    expect(await refusalOf(ask())).toMatchObject({ code: 'dataset/damaged', message: expect.stringContaining(path) })
    await load()
    expect((await ask()).length).toBeGreaterThan(0)
  })

  test('is told by the name of the file where a question cannot read it', async () => {
    const { version } = await load()
    const folder = join(home, 'datasets', 'flows', version)
    for (const name of readdirSync(folder).filter((one) => one.startsWith('report-'))) {
      const whole = readFileSync(join(folder, name))
      writeFileSync(join(folder, name), whole.subarray(0, whole.length / 2))
    }
    const refusal = await refusalOf(ask())
    expect(refusal.code).toBe('dataset/damaged')
    expect(refusal.message).toContain(join(folder, 'report-all-goods.parquet'))
    expect(refusal.message).toContain('Load flows again')
    writeFileSync(join(folder, 'manifest.json'), '{"schema":')
    expect((await refusalOf(ask())).message).toContain(join(folder, 'manifest.json'))
    // What it says can be done, can be done.
    expect(await chokepoint.remove('flows')).toEqual([`flows@${version}`])
    expect(await chokepoint.datasets()).toEqual([])
  })
})

test('a dataset that is removed while it is read gives all its rows or a reason, and so do those who come and go', async () => {
  const home = await temporaryHome()
  writeFileSync(join(home, file), flows(30_000))
  await using chokepoint = await open({ home, limits: { threads: 1 } })
  const load = () => chokepoint.load([join(home, file)], { as: 'flows' })
  await load()
  const question = { dataset: 'flows', importer: ['DEU'], level: '6' } as const
  const answer = await chokepoint.ask('trade', question)
  const expected = (await answer.rows()).length
  expect(expected).toBeGreaterThan(20_000)
  let read = 0
  for await (const block of answer.stream()) {
    if (read === 0) await chokepoint.remove('flows')
    read += block.length
  }
  expect(read).toBe(expected)
  const late = await refusalOf(answer.rows())
  expect(late).toMatchObject({ code: 'dataset/removed', message: expect.stringMatching(/flows@.* was removed while/) })

  // Readers beside a writer and a remover, each at its own pace.
  await load()
  const until = performance.now() + 3000
  const ends = new Set<string>()
  const busy = async (work: () => Promise<unknown>) => {
    while (performance.now() < until) {
      await work().then(
        () => ends.add('done'),
        (error: unknown) => {
          if (!(error instanceof Refusal)) throw error
          ends.add(error.code)
        },
      )
      await pause(5)
    }
  }
  await Promise.all([
    busy(load),
    busy(() => chokepoint.remove('flows')),
    busy(() => chokepoint.remove('flows')),
    busy(() => chokepoint.datasets()),
    busy(async () => (await chokepoint.ask('trade', question)).rows()),
    busy(() => chokepoint.verify('flows')),
  ])
  expect(ends).toContain('done')
  expect(ends).toContain('dataset/unknown')
  await load()
  expect((await chokepoint.verify('flows')).every(({ sound }) => sound)).toBe(true)
  expect(statSync(join(home, 'datasets', 'flows')).isDirectory()).toBe(true)
})
