import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { afterAll } from 'vitest'
import { load } from '../src/dataset/load.ts'
import { mappingSchema } from '../src/dataset/mapping.ts'
import type { FlowManifest, Manifest } from '../src/dataset/schema.ts'
import { ClickHouse } from '../src/engine/clickhouse.ts'
import { DuckDB } from '../src/engine/duckdb.ts'
import type { Engine } from '../src/engine/engine.ts'
import { Chokepoint, toolVersion } from '../src/index.ts'

type Chdb = { queryBind(text: string, values: object, format: string): string }

/** ClickHouse in this process, where test/clickhouse has been installed; undefined where it has not. */
export function clickhouse(): Engine | undefined {
  try {
    const chdb = createRequire(new URL('./clickhouse/package.json', import.meta.url))('chdb') as Chdb
    // Over so few rows threads would wait for each other, and what compiles expressions takes longer than they do.
    const forFew =
      'max_threads = 1, compile_expressions = 0, compile_aggregate_expressions = 0, compile_sort_description = 0'
    const alone = (text: string) => (/\nsettings /.test(text) ? `${text}, ${forFew}` : text)
    return new ClickHouse(async (text, values, format) => chdb.queryBind(alone(text), values, format))
  } catch {
    return undefined
  }
}

/** A trade flow as a test writes it; year 2022, HS6 and dollars unless said otherwise. */
export interface TestFlow {
  year?: number
  importer?: string
  product?: string
  exporter: string
  value: number
  mass?: number
  /** Whose report, for datasets of both sides. */
  side?: 'importer' | 'exporter'
  status?: 'reported' | 'estimated'
  /** For datasets of several nomenclatures; every flow says it or none. */
  edition?: string
}

/** For flows that name the side whose report they are. */
export const bothSides = {
  side: undefined,
  valuation: 'CIF imports, FOB exports',
  columns: {
    period: 'year',
    importer: 'importer',
    exporter: 'exporter',
    product: 'product',
    value: 'value',
    mass: 'mass',
    side: 'side',
    status: 'status',
  },
} as const

/** A home that goes with the tests of this file. */
export async function temporaryHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'chokepoint-test-'))
  afterAll(() => rm(home, { recursive: true, force: true }))
  return home
}

/** The same flows behind the library, on each engine at hand: `[name, library]`. They are loaded as dataset `flows`. */
export async function librariesHolding(
  flows: readonly TestFlow[],
  mapping: Record<string, unknown> = {},
): Promise<[string, Chokepoint][]> {
  const home = await temporaryHome()
  const file = join(home, 'flows.csv')
  const rows = flows.map((flow) => ({
    year: flow.year ?? 2022,
    importer: flow.importer ?? 'USA',
    product: flow.product ?? '850650',
    exporter: flow.exporter,
    value: flow.value,
    mass: flow.mass ?? '',
    side: flow.side ?? '',
    status: flow.status ?? '',
    edition: flow.edition ?? '',
  }))
  await writeFile(file, stringify(rows, { header: true }))
  const whole = mappingSchema.parse({
    frequency: 'year',
    currency: 'USD',
    side: 'reconciled',
    codes: 'chokepoint',
    ...(flows.some((flow) => flow.edition) ? {} : { edition: 'HS2017' }),
    partners_complete: true,
    products_complete: true,
    columns: {
      period: 'year',
      importer: 'importer',
      exporter: 'exporter',
      product: 'product',
      value: 'value',
      mass: 'mass',
      ...(flows.some((flow) => flow.edition) ? { edition: 'edition' } : {}),
    },
    ...mapping,
  })
  await load({
    home,
    as: 'flows',
    paths: [file],
    recognise: () => ({ source: 'test', mapping: whole }),
    toolVersion,
    // So few that most have a file for each of their periods, as large datasets do.
    rowsAtOnce: 10,
  })
  const second = clickhouse()
  // Here as well threads would wait for each other.
  const duckdb = new Chokepoint(home, new DuckDB({ threads: 1 }))
  afterAll(() => duckdb.close())
  return [
    ['DuckDB', duckdb],
    ...(second ? ([['ClickHouse', new Chokepoint(home, second)]] as [string, Chokepoint][]) : []),
  ]
}

/** Where the real data for tests is, or undefined. */
export const realData = process.env['CHOKEPOINT_TEST_DATA'] ?? new URL('../../shared/data', import.meta.url).pathname

/** What was loaded, which must be a dataset of flows. */
export async function flowsOf(loading: Promise<Manifest>): Promise<FlowManifest> {
  const manifest = await loading
  if (manifest.kind !== 'flow') throw new Error(`${manifest.name} holds no flows`)
  return manifest
}
