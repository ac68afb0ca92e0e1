import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDB } from '../src/engine/duckdb.ts'
import type { Cell } from '../src/engine/engine.ts'

/** The rows of a Parquet file that came as bytes. */
export async function parquetOf(bytes: ArrayBuffer): Promise<Readonly<Record<string, Cell>>[]> {
  const folder = await mkdtemp(join(tmpdir(), 'chokepoint-test-'))
  await using engine = new DuckDB({ threads: 1 })
  try {
    await writeFile(join(folder, 'read.parquet'), new Uint8Array(bytes))
    return await engine.table(join(folder, 'read.parquet'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
