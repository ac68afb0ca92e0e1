import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { temporaryHome } from '../../test/engines.ts'
import { DuckDB, duckdbInstance } from './duckdb.ts'
import type { Query } from './engine.ts'
import { measure } from './statement.ts'

const engine = new DuckDB({ threads: 2 })
afterAll(() => engine.close())
const file = join(await temporaryHome(), 'report.parquet')
await engine.writeParquet([{ name: 'value', type: 'integer' }], [[1]], file)

/** A question over one stored row, as heavy as its text makes it. */
const question = (text: string, reads: number): Query => ({
  statement: { name: 'asked', text, uses: [], given: {}, inline: false },
  flow: measure('flow'),
  exports: measure('exports'),
  purchases: measure('purchases'),
  named_supply: measure('nobody_named'),
  merged_exports: measure('nobody_merged'),
  importer_exports: measure('own_exports'),
  world_supply: measure('world_supply'),
  supplier_exports: measure('lead_exports'),
  bought_enough: measure('bought_enough'),
  values: {},
  report: [file],
  columns: ['n'],
  order: ['n'],
  reads,
})
/** Seconds of work. */
const slow = question('select sum(i * j % 7) as n from range(40000) as a(i), range(40000) as b(j)', 10_000_000)
const fast = question('select count(*) as n from range(1000)', 1)

async function rowsOf(query: Query, signal?: AbortSignal) {
  const rows: unknown[] = []
  for await (const block of engine.stream(query, signal)) rows.push(...block)
  return rows
}

test('sixteen slow questions never starve a fast one, and end once their askers leave', async () => {
  const leaving = new AbortController()
  let ended = 0
  const asked = Array.from({ length: 16 }, () =>
    rowsOf(slow, leaving.signal).then(
      () => {
        ended += 1
      },
      (error) => error,
    ),
  )
  for (let turn = 0; turn < 5; turn += 1) {
    expect(await rowsOf(fast)).toEqual([[1000]])
    expect(ended).toBeLessThanOrEqual(1)
  }
  const before = performance.now()
  leaving.abort()
  const errors = (await Promise.all(asked)).filter((error) => error !== undefined)
  expect(errors.length).toBeGreaterThanOrEqual(15)
  for (const error of errors) expect(error).toMatchObject({ kind: 'interrupted' })
  expect(performance.now() - before).toBeLessThan(2_000)
})

test('a question of few rows has one thread, and part of the memory where there is much; others have all threads', async () => {
  const settings = "select current_setting('threads') || ' ' || current_setting('memory_limit') as n"
  for (const [memory, reads, found] of [
    [4_000_000_000, 1, '1 476.8 MiB'],
    [4_000_000_000, 1_000_000, '2 3.2 GiB'],
    [400_000_000, 1, '2 381.4 MiB'],
  ] as const) {
    await using limited = new DuckDB({ threads: 2, memory })
    for await (const rows of limited.stream(question(settings, reads))) expect(rows).toEqual([[found]])
  }
})

test('a question that needs more memory than it looked is asked again where there is more', async () => {
  const large = question('select length(list(i)) as n from range(30000000) as r(i)', 1)
  await using small = new DuckDB({ threads: 1, memory: 250_000_000 })
  await expect(small.stream(large)[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'engine/memory' })
  await using parted = new DuckDB({ threads: 2, memory: 2_000_000_000 })
  for await (const rows of parted.stream(large)) expect(rows).toEqual([[30_000_000]])
})

test('a question that takes longer than its limit is ended with what to do', async () => {
  await using limited = new DuckDB({ threads: 1, seconds: 0.2 })
  await expect(limited.stream(slow)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    code: 'engine/time',
    message: expect.stringContaining('ask for fewer importers'),
  })
})

test('rows that nobody reads on keep nobody waiting, and do not keep the engine open', async () => {
  const other = new DuckDB({ threads: 1 })
  const many = question('select range as n from range(1000000)', 10_000_000)
  const unread = Array.from({ length: 3 }, () => other.stream(many)[Symbol.asyncIterator]())
  for (const one of unread) expect((await one.next()).done).toBe(false)
  await other.close()
})

test('what does not fit in memory is spilled to no folder of the reader’s, and is gone with the engine', async () => {
  const instance = await duckdbInstance(':memory:', { memory: 40_000_000 })
  const connection = await instance.connect()
  const [[spill]] = (await connection.runAndReadAll("select current_setting('temp_directory')")).getRowsJS() as [
    [string],
  ]
  expect(spill.startsWith(tmpdir())).toBe(true)
  await connection.run(
    "create temp table text as select i, 'text ' || (i * 7919) % 1000003 as text from range(3000000) as r(i)",
  )
  expect(existsSync(spill)).toBe(true)
  expect(existsSync('.tmp')).toBe(false)
  connection.closeSync()
  instance.closeSync()
  expect(existsSync(spill)).toBe(false)
})

test('what is in a list, or not, is the same for a list of none, of few and of many values, of text and of numbers', async () => {
  const held = (kind: 'text' | 'integer', values: Query['values'][string], listed: string) => {
    const of = question(
      `select i as n from (select unnest(range(60)) as i) as a
       where ${kind === 'text' ? 'cast(a.i as varchar)' : 'a.i'} ${listed} (select unnest($list) as economy)`,
      1,
    )
    const statement = { ...of.statement, given: { list: `list of ${kind}` as const } }
    return rowsOf({ ...of, statement, values: { list: values } })
  }
  for (const length of [0, 1, 2, 19, 20, 21, 50]) {
    const values = Array.from({ length }, (_, at) => at + 3)
    const others = Array.from({ length: 60 }, (_, at) => at).filter((one) => !values.includes(one))
    const inList = [values.map((one) => [one]), values.map((one) => [one])]
    expect([await held('text', values.map(String), 'in'), await held('integer', values, 'in')]).toEqual(inList)
    expect(await held('text', values.map(String), 'not in')).toEqual(others.map((one) => [one]))
  }
  // A name that none may have, and whole numbers beyond 32 bits.
  expect(await held('text', ["3' or 1 = 1 --", '7'], 'in')).toEqual([[7]])
  expect(await held('integer', [5, -1, 2 ** 40, 9], 'in')).toEqual([[5], [9]])
})
