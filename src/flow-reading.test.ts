import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { flowsOf, librariesHolding } from '../test/engines.ts'
import { DuckDB } from './engine/duckdb.ts'
import type { Engine, Query } from './engine/engine.ts'
import { Chokepoint } from './index.ts'

const traders = ['CHN', 'DEU', 'FRA', 'JPN', 'USA']
const flows = [2021, 2022].flatMap((year) =>
  traders.flatMap((importer) =>
    traders.filter((exporter) => exporter !== importer).map((exporter) => ({ year, importer, exporter, value: 100 })),
  ),
)
const [[, library]] = (await librariesHolding(flows)) as [[string, Chokepoint]]

/** What the engine is told of a question of one importer. */
async function told(given: object, columns?: readonly string[]): Promise<Query> {
  const queries: Query[] = []
  const engine = {
    name: 'duckdb',
    async *stream(query: Query) {
      queries.push(query)
      yield []
    },
  } as unknown as Engine
  const asked = { dataset: 'flows', importer: ['DEU'], supplier: ['CHN'], period: ['2022'], min_value: 0, ...given }
  const answer = await new Chokepoint(library.home, engine).ask('dependence', asked, columns ? { columns } : {})
  await answer.rows()
  return queries[0] as Query
}

/** Rows that it is reckoned to read. */
const reckoned = async (given: object, columns?: readonly string[]) => (await told(given, columns)).reads

test('a question has its turn by what it reads: sums where they are stored, all flows where they are not', async () => {
  const own = await reckoned({})
  expect(own).toBeLessThan(flows.length / 2)
  // What a set of suppliers sells is summed over everybody’s flows, unless nobody asks for it.
  const set = { supplier: ['CHN+JPN'] }
  expect(await reckoned(set)).toBeGreaterThan(2 * own)
  expect(await reckoned(set, ['period', 'share'])).toBe(own)
  expect(await reckoned({ level: '0' })).toBe(0)
})

test('what says the same in every row stands in the manifest and in no file, and is there to be asked for', async () => {
  const { uniform, report } = await told({})
  expect(uniform).toEqual({ level: 6, edition: 'HS2017', side: 'reconciled', trade: 'all', status: 'reported' })
  await using engine = new DuckDB({ threads: 1 })
  const [row] = await engine.table(report[0] as string)
  expect(Object.keys(row ?? {})).toEqual(['period', 'importer', 'exporter', 'product', 'value', 'mass'])
  const [[, mixed]] = (await librariesHolding([
    { importer: 'DEU', exporter: 'CHN', value: 1, edition: 'HS2012' },
    { importer: 'DEU', exporter: 'USA', product: '850650', value: 2, edition: 'HS2017', year: 2023 },
  ])) as [[string, Chokepoint]]
  const manifest = await flowsOf(mixed.dataset('flows'))
  expect(Object.keys(manifest.uniform)).toEqual(['level', 'side', 'trade', 'status'])
  expect(manifest.editions).toEqual(['HS2012', 'HS2017'])
})

test('files of other periods than those asked for, and compared with, are not opened', async () => {
  const files = async (given: object) => (await told(given)).report.map((file) => basename(file))
  expect(await files({ period: ['2021'] })).toEqual(['report-by-importer-1.parquet'])
  expect(await files({ period: ['2022'] })).toEqual(['report-by-importer-1.parquet', 'report-by-importer-2.parquet'])
})
