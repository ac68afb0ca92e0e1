import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { duckdbInstance } from '../src/engine/duckdb.ts'
import { quoted } from '../src/engine/engine.ts'
import { json } from '../src/faces/json.ts'
import { type Chokepoint, open } from '../src/index.ts'
import { economyCodes } from '../src/reference/economy-codes.ts'
import { table } from '../src/reference/table.ts'
import { worldParameters } from '../src/worlds/parameters.ts'
import type { Plant } from '../src/worlds/plants.ts'
import { writeWorld } from '../src/worlds/world.ts'
import { flowsOf, temporaryHome } from './engines.ts'

const root = new URL('..', import.meta.url).pathname
const small = { rows: 12_000, economies: 40, products: 40, years: '2020-2022' }
type Of<Kind extends Plant['plant']> = Extract<Plant, { plant: Kind }>
type Row = Record<'t' | 'i' | 'j' | 'k' | 'v' | 'q' | 'synthetic_seed', string>

const flowFiles = (folder: string) =>
  readdirSync(folder).filter((name) => name.startsWith('BACI_') && /csv$/.test(name))
const flowsIn = (folder: string) =>
  flowFiles(folder).flatMap((name) => parse(readFileSync(join(folder, name)), { columns: true }) as Row[])
const bytesOf = (folder: string) =>
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString('base64')])

let home: string
let chokepoint: Chokepoint
let places = 0
/** A world in a folder of its own. */
async function world(given: Record<string, unknown>, options: Parameters<typeof writeWorld>[2] = {}): Promise<string> {
  const folder = join(home, `world-${places++}`)
  await writeWorld(worldParameters.parse({ ...small, ...given }), folder, { home, ...options })
  return folder
}

beforeAll(async () => {
  home = await temporaryHome()
  chokepoint = await open({ home })
})
afterAll(() => chokepoint.close())

describe('what was planted is found', () => {
  let plants: readonly Plant[]
  const planted = <Kind extends Plant['plant']>(kind: Kind) =>
    plants.filter((one): one is Of<Kind> => one.plant === kind)
  const rowsOf = async (analysis: string, given: Record<string, unknown>) => {
    return (await chokepoint.ask(analysis as 'trade', { dataset: 'planted', ...given } as object)).rows()
  }
  const sum = (rows: readonly { readonly value: unknown }[]) =>
    rows.reduce((total, row) => total + Number(row.value), 0)

  beforeAll(async () => {
    const folder = await world({ hubs: 2 })
    plants = parseYaml(readFileSync(join(folder, 'answers.yaml'), 'utf8')).plants
    const { account } = await flowsOf(chokepoint.load([folder], { as: 'planted' }))
    expect(account.rows).toMatchObject({ aside: 0, rejected: 0, in: account.rows.kept })
  })

  test('dependences: the share, and by screening', async () => {
    const found = planted('dependence')
    expect(found).toHaveLength(6)
    for (const { importer, product, supplier, share } of found) {
      const suppliers = await rowsOf('suppliers', { importer: [importer], product: [product], period: ['2020-2022'] })
      const first = (suppliers as unknown as { supplier: string; share: number }[]).filter(
        (row) => row.supplier === supplier,
      )
      expect(first.map((row) => row.share)).toEqual([0, 0, 0].map(() => expect.closeTo(share, 5)))
    }
    for (const importer of new Set(found.map((one) => one.importer))) {
      const method = ['ec-2021', 'geodep', 'hjs-2020', 'merics-2024']
      const screened = (await rowsOf('screen', { importer: [importer], method })) as unknown as Record<string, string>[]
      for (const { product, supplier } of found.filter((one) => one.importer === importer))
        for (const name of method) {
          const row = screened.find((one) => one['product'] === product && one['method'] === name)
          expect(row, `${importer} ${product} ${name}`).toMatchObject({ verdict: 'yes', lead_supplier: supplier })
        }
    }
  })

  test('dominant suppliers: their share of what each other buys, and who leads once they leave', async () => {
    for (const { product, supplier, share, second, second_share } of planted('dominance')) {
      const bought = await rowsOf('suppliers', { product: [product], min_value: 0 })
      const theirs = (
        bought as unknown as { importer: string; supplier: string; share: number; value: number }[]
      ).filter((row) => row.supplier === supplier && row.value > 1_000_000)
      expect(theirs.length).toBeGreaterThan(5)
      for (const row of theirs)
        expect([supplier, second]).toSatisfy(() => row.importer === second || Math.abs(row.share - share) < 1e-4)
      const importer = theirs.find((row) => row.importer !== second)?.importer
      const [heir] = await rowsOf('dominance', { product: [product], importer: [importer], exit: [supplier] })
      expect(heir).toMatchObject({ supplier: second, share_after: expect.closeTo(second_share / (1 - share), 3) })
    }
  })

  test('the diversion: direct trade ends, both legs rise by the factor', async () => {
    const [{ origin, destination, hubs, products, from, factor }] = planted('diversion') as [Of<'diversion'>]
    const legs = { product: products, period: ['2020-2022'] }
    const direct = await rowsOf('trade', { ...legs, importer: [destination], supplier: ['EU27'] })
    expect(origin).toContain('DEU')
    expect(direct.length).toBeGreaterThan(0)
    expect(direct.every((row) => Number(row.period) < Number(from) * 100)).toBe(true)
    // The same world with a factor of one: whatever else moves it moves both.
    const still = await world({ hubs: 2, factor: 1 })
    await chokepoint.load([still], { as: 'still' })
    for (const leg of [
      { importer: hubs, supplier: ['EU27'] },
      { importer: [destination], supplier: hubs },
    ])
      for (const year of ['2021', '2022']) {
        const asked = { ...leg, product: products, period: [year] }
        const [before, after] = [
          sum(await rowsOf('trade', { ...asked, dataset: 'still' })),
          sum(await rowsOf('trade', asked)),
        ]
        expect(after / before).toBeCloseTo(year < from ? 1 : factor, 4)
      }
  })

  test('the re-exporting hub sells what it buys', async () => {
    const [{ hub, products, share }] = planted('re-export') as [Of<'re-export'>]
    for (const product of products) {
      const bought = await rowsOf('trade', { importer: [hub], product: [product] })
      const sold = await rowsOf('trade', { supplier: [hub], product: [product] })
      expect(sum(sold) / sum(bought)).toBeCloseTo(share, 4)
    }
  })
})

test('through whom it went: the hubs planted are found, and no others', async () => {
  const folder = await world({
    ...{ frequency: 'month', rows: 150_000, products: 150, plant: ['diversion'] },
    ...{ list: 'chpl', origin: 'USA', from: '2022-01', hubs: 3, factor: 2.5 },
  })
  const { plants } = parseYaml(readFileSync(join(folder, 'answers.yaml'), 'utf8')) as { plants: [Of<'diversion'>] }
  const [{ destination, hubs }] = plants
  await chokepoint.load([folder], { as: 'months' })
  const answer = await chokepoint.ask('diversion', {
    dataset: 'months',
    ...{ origin: ['USA'], destination: [destination], list: 'chpl', list_mode: 'final' },
    // The year has all its months after: the event is its first day.
    ...{ event: '2022-01-01', donut: 0 },
  })
  const found = (await answer.rows()).filter((row) => row.verdict === 'consistent with diversion')
  expect(found.map((row) => row.hub).sort()).toEqual([...hubs].sort())
})

test('codes are real, nobody buys from itself, values are whole dollars, and the rows as many as asked', async () => {
  const economies = new Set(
    economyCodes('m49')
      .filter((row) => row.treatment === 'economy')
      .map((row) => row.code),
  )
  const products = new Set(
    table('hs.csv')
      .filter((row) => row['edition'] === 'HS2017' && row['level'] === '6')
      .map((row) => row['code']),
  )
  const given = fc.record({
    seed: fc.nat(2 ** 31 - 1),
    rows: fc.integer({ min: 10_000, max: 15_000 }),
    frequency: fc.constantFrom('year', 'month'),
    plant: fc.constantFrom(['none'], ['dominance', 'diversion']),
  })
  await fc.assert(
    fc.asyncProperty(given, async (asked) => {
      const rows = flowsIn(await world({ ...asked, years: '2022' }))
      expect(Math.abs(rows.length / asked.rows - 1)).toBeLessThan(0.02)
      const keys = new Set<string>()
      for (const { t, i, j, k, v, q, synthetic_seed } of rows) {
        if (!economies.has(i) || !economies.has(j) || !products.has(k) || i === j) throw new Error(`${i} ${j} ${k}`)
        if (!/^\d+\.\d{3}$/.test(v) || Number(v) <= 0 || !/^(\d+\.\d{3})?$/.test(q)) throw new Error(`${v} ${q}`)
        if (synthetic_seed !== String(asked.seed)) throw new Error(synthetic_seed)
        keys.add(`${t} ${i} ${j} ${k}`)
      }
      expect(keys.size).toBe(rows.length)
    }),
    {
      numRuns: 3,
      // Drawn as it falls, chance alone takes this one 2.003 % off.
      examples: [[{ seed: 24, rows: 12_733, frequency: 'month', plant: ['none'] }]],
    },
  )
})

test('the same seed gives the same bytes for any number of threads, in an archive too; another seed gives others', async () => {
  const [one, four, other] = await Promise.all([
    world({ years: '2022', plant: ['dominance'] }, { limits: { threads: 1 } }),
    world({ years: '2022', plant: ['dominance'] }, { limits: { threads: 4 } }),
    world({ years: '2022', plant: ['none'], seed: 2 }),
  ])
  expect(bytesOf(four)).toEqual(bytesOf(one))
  expect(bytesOf(other)).not.toEqual(bytesOf(one))
  const zipped = await world({ years: '2022', plant: ['dominance'] }, { format: 'zip' })
  expect(readdirSync(zipped)).toEqual(['BACI_HS17_V000000_synthetic.zip', 'answers.yaml'])
  // Whatever a file of it is called, the rows say what they are.
  const renamed = join(home, 'BACI_HS17_Y2022_V202601.csv')
  copyFileSync(join(one, flowFiles(one)[0] as string), renamed)
  const [archived, alone] = [
    await chokepoint.load([zipped], { as: 'archived' }),
    await chokepoint.load([renamed], { as: 'alone' }),
  ]
  expect(archived.version).toBe(alone.version)
  expect(alone.title).toContain('SYNTHETIC')
  expect(alone.provenance).toMatchObject([{ publisher: 'Chokepoint', vintage: 'seed 1' }])
})

describe('a world whose rows are in several groups', () => {
  beforeAll(async () => {
    const folder = await world({ years: '2022', rows: 300_000, economies: 120, products: 60, plant: ['none'] })
    await chokepoint.load([folder], { as: 'grouped' })
  })

  test('threads share them: the same question gives the same bytes for any number of them', async () => {
    const question = { dataset: 'grouped', supplier: ['CHN'], period: ['2022'] }
    const asked = [
      ['substitutes', question],
      ['screen', { ...question, aggregate: true }],
      ['concentration', { dataset: 'grouped' }],
    ] as const
    const told = await Promise.all(
      [1, 2, 4, 4].map(async (threads) => {
        await using library = await open({ home, limits: { threads } })
        const rows: unknown[] = []
        for (const [name, given] of asked)
          for await (const block of (await library.ask(name as 'trade', given as object)).stream()) rows.push(...block)
        return rows
      }),
    )
    expect(told[0]?.length).toBeGreaterThan(5_000)
    for (const rows of told) expect(rows).toEqual(told[0])
  })

  test('one product of many importers is read where products stand together, all of one importer where its own do: the same rows', async () => {
    const given = { dataset: 'grouped', importer: ['EU27:members'], min_value: 0 }
    const all = await chokepoint.ask('suppliers', given)
    const rows = await all.rows()
    const product = rows[0]?.product as string
    const one = await chokepoint.ask('suppliers', { ...given, product: [product] })
    expect(await one.rows()).toEqual(rows.filter((row) => row.product === product))
    const german = await chokepoint.ask('suppliers', { ...given, importer: ['DEU'] })
    expect(await german.rows()).toEqual(rows.filter((row) => row.importer === 'DEU'))
    // More rows than a function takes arguments.
    const everybody = await chokepoint.ask('suppliers', { dataset: 'grouped', min_value: 0 })
    expect(await everybody.headline()).toContain('in 2022')
    expect(one.explain()).toContain('report-by-product')
    expect(german.explain()).toContain('report-by-importer')
  })
})

test('a world is made in memory that grows with its economies and products, not with its rows', async () => {
  const months = { years: '2022', frequency: 'month', rows: 600_000, economies: 230, products: 100 }
  // Too little to hold a flow of every month beside what is drawn from.
  const folder = await world(
    { ...months, autocorrelation: 0, plant: ['dominance'] },
    { limits: { threads: 1, memory: 54_000_000 } },
  )
  expect(parseYaml(readFileSync(join(folder, 'answers.yaml'), 'utf8')).rows).toBeGreaterThan(590_000)
})

test('months add up to about the year, load as months, and have noise of their own', async () => {
  const folder = await world({ years: '2022', frequency: 'month', rows: 30_000, plant: ['none'], autocorrelation: 0 })
  const whole = await world({ years: '2022', rows: 10_000, plant: ['none'] })
  const total = (rows: readonly Row[]) => rows.reduce((sum, row) => sum + Number(row.v), 0)
  const ratio = total(flowsIn(folder)) / total(flowsIn(whole))
  expect(ratio).toBeGreaterThan(0.5)
  expect(ratio).toBeLessThan(2)
  expect(await chokepoint.load([folder], { as: 'months' })).toMatchObject({ frequency: 'month', source: 'generated' })
  const instance = await duckdbInstance(':memory:', {})
  const db = await instance.connect()
  const read = await db.runAndReadAll(
    `with flow as (
       select i, j, k, t, ln(v) - avg(ln(v)) over (partition by i, j, k) as noise
       from read_csv(${quoted(join(folder, 'BACI_*.csv'))}) where v > 20
       qualify count(*) over (partition by i, j, k) >= 8
     )
     select corr(a.noise, b.noise) from flow as a join flow as b using (i, j, k) where b.t = a.t + 1 group by a.t`,
  )
  db.closeSync()
  instance.closeSync()
  const alike = read.getRowsJS().map(([correlation]) => Math.abs(Number(correlation)))
  expect(alike).toHaveLength(11)
  expect(Math.max(...alike)).toBeLessThan(0.35)
})

test('the command says that it is synthetic, and so do terminal, JSON and pictures', async () => {
  const run = async (...words: string[]) =>
    promisify(execFile)(process.execPath, [join(root, 'dist/faces/cli/main.js'), ...words], {
      env: { ...process.env, CHOKEPOINT_HOME: home },
    })
  const out = join(home, 'by-command')
  const words = ['--rows', '10000', '--economies', '40', '--products', '40', '--years', '2022', '--plant', 'none']
  const made = await run('sample', '--world', ...words, '--out', out, '--load', 'made')
  expect(made.stderr).toContain('SYNTHETIC')
  expect(made.stdout).toMatch(/^made@[0-9a-f]{12}\n$/)
  const picture = await run('suppliers', '--dataset', 'made', '--importer', 'DEU', '--level', '0', '--format', 'svg')
  const answer = await chokepoint.ask('suppliers', { dataset: 'made', importer: ['DEU'] })
  let written = ''
  for await (const piece of json(answer, [])) written += piece
  const said = [picture.stdout, written, readFileSync(join(out, 'answers.yaml'), 'utf8')]
  for (const text of said) expect(text).toContain('SYNTHETIC')
  const little = promisify(execFile)(
    process.execPath,
    [join(root, 'dist/faces/cli/main.js'), 'sample', '--world', '--years', '2022', '--out', join(home, 'never')],
    { env: { ...process.env, CHOKEPOINT_MEMORY: '20000000' } },
  )
  await expect(little).rejects.toThrow(/more memory than allowed: .* raise CHOKEPOINT_MEMORY/)
  expect(existsSync(join(home, 'never'))).toBe(false)
})

test.each([
  [{ rows: 200_000 }, /--rows 200000: more than 40 economies/],
  [{ origin: 'Tuvalu' }, /--origin Tuvalu: none of it is among/],
  [{ from: '2030' }, /--from 2030: the world has the years of 2020-2022/],
  [{ from: '2021-03' }, /--from 2021-03: the world has the years/],
  [{ hubs: 30 }, /--hubs 30: this world has \d+ economies/],
])('%j is refused, and leaves nothing', async (given, message) => {
  const before = readdirSync(home)
  await expect(world(given)).rejects.toMatchObject({ name: 'Refusal', message: expect.stringMatching(message) })
  expect(readdirSync(home)).toEqual(before)
})

test('a folder that is there is left as it is', async () => {
  const folder = join(home, 'there')
  mkdirSync(folder)
  await expect(writeWorld(worldParameters.parse(small), folder)).rejects.toMatchObject({ code: 'world/exists' })
  expect(readdirSync(folder)).toEqual([])
})
