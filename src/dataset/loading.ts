import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api'
import { duckdbInstance } from '../engine/duckdb.ts'
import type { Limits } from '../engine/engine.ts'
import { Refusal } from '../refusal.ts'
import { bytesOf, filesOf } from './intake.ts'
import { refusalOf } from './machine-failure.ts'
import { alive, checkName, datasetsFolder, makeFolder, ownerOf, publish } from './store.ts'

/** Where a load works: a folder that becomes the version, and a database and room that go with it. */
export interface Loading {
  readonly db: DuckDBConnection
  /** What stands here when the load is done is the version. */
  readonly folder: string
  /** For what the load needs on the way; removed before publication. */
  readonly scratch: string
  /** Whether what is loaded is so little that what each statement costs by itself is what the load costs. */
  readonly small: boolean
}

/** What every load is asked with. */
interface LoadRequest {
  readonly home: string
  readonly as: string
  readonly paths: readonly string[]
  readonly limits?: Limits
  readonly signal?: AbortSignal
}

/**
 * Make a version of a dataset in a folder of its own and publish it whole: a load that ends early, by whatever means,
 * leaves what was there.
 * @throws Refusal where the load is interrupted or runs out of room, and whatever `work` throws
 */
export async function publishWhole<Made extends { readonly version: string }>(
  request: LoadRequest,
  work: (loading: Loading, name: string) => Promise<Made>,
): Promise<Made> {
  const name = checkName(request.as)
  const at = join(datasetsFolder(request.home), name)
  await makeFolder(request.home, at)
  const folder = join(at, `.loading-${process.pid}-${randomBytes(4).toString('hex')}`)
  try {
    const scratch = join(folder, 'scratch')
    await mkdir(scratch, { recursive: true })
    // Only now: who removes the dataset meanwhile takes its folder too, but not from under a load.
    await sweep(at)
    const small = (await bytesOf(await filesOf(request.paths))) <= smallest
    const made = await withDatabase(request, scratch, small, (db) => work({ db, folder, scratch, small }, name))
    await rm(scratch, { recursive: true, force: true })
    await publish(request.home, name, made.version, folder)
    return made
  } catch (error) {
    if (request.signal?.aborted)
      throw new Refusal('interrupted', 'load/interrupted', 'interrupted; the previous version is untouched')
    throw refusalOf(error, request.home) ?? error
  } finally {
    // What cannot be removed now, the next load sweeps away: it must not hide why this one ended.
    await rm(folder, { recursive: true, force: true }).catch(() => {})
  }
}

/** Files that come to no more bytes than these are small. */
const smallest = 1_000_000

/**
 * Work with a database of its own, which is closed at the end: in memory and by one thread where the load is small, for
 * threads would wait for each other, else in a file.
 */
async function withDatabase<Made>(
  request: LoadRequest,
  scratch: string,
  small: boolean,
  work: (db: DuckDBConnection) => Promise<Made>,
): Promise<Made> {
  const instance = await duckdbInstance(
    small ? ':memory:' : join(scratch, 'load.duckdb'),
    { memory: 1_100_000_000, ...(small ? { threads: 1 } : {}), ...request.limits },
    scratch,
  )
  try {
    const db = await instance.connect()
    const stop = () => db.interrupt()
    request.signal?.addEventListener('abort', stop)
    try {
      // The database goes with the load: nobody will read what closing it would write.
      await db.run('pragma disable_checkpoint_on_shutdown')
      return await work(db)
    } finally {
      request.signal?.removeEventListener('abort', stop)
      db.closeSync()
    }
  } finally {
    instance.closeSync()
  }
}

/** Remove what loads that were killed have left behind. */
async function sweep(at: string): Promise<void> {
  for (const entry of await readdir(at)) {
    const owner = ownerOf(entry)
    if (owner !== undefined && owner !== process.pid && !alive(owner))
      await rm(join(at, entry), { recursive: true, force: true }).catch(() => {})
  }
}

export type Row = Record<string, unknown>

/** All rows of a statement as objects. */
export async function rowsOf(
  db: DuckDBConnection,
  sql: string,
  values?: Record<string, DuckDBValue>,
  types?: Record<string, DuckDBType>,
): Promise<Row[]> {
  return (await db.runAndReadAll(sql, values, types)).getRowObjectsJS() as Row[]
}
