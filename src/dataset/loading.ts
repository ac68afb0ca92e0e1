import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api'
import { duckdbInstance } from '../engine/duckdb.ts'
import type { Limits } from '../engine/engine.ts'
import { Refusal } from '../refusal.ts'
import { checkName, datasetsFolder, makeFolder, publish } from './store.ts'

/** Where a load works: a folder that becomes the version, and a database and room that go with it. */
export interface Loading {
  readonly db: DuckDBConnection
  /** What stands here when the load is done is the version. */
  readonly folder: string
  /** For what the load needs on the way; removed before publication. */
  readonly scratch: string
}

/**
 * Make a version of a dataset in a folder of its own and publish it whole: a load that ends early, by whatever means,
 * leaves what was there.
 * @throws Refusal where the load is interrupted or runs out of room, and whatever `work` throws
 */
export async function publishWhole<Made extends { readonly version: string }>(
  request: { readonly home: string; readonly as: string; readonly limits?: Limits; readonly signal?: AbortSignal },
  work: (loading: Loading, name: string) => Promise<Made>,
): Promise<Made> {
  const name = checkName(request.as)
  const at = join(datasetsFolder(request.home), name)
  await makeFolder(request.home, at)
  await sweep(at)
  const folder = join(at, `.loading-${process.pid}-${randomBytes(4).toString('hex')}`)
  const scratch = join(folder, 'scratch')
  await mkdir(scratch, { recursive: true })
  const instance = await duckdbInstance(
    join(scratch, 'load.duckdb'),
    { memory: 1_200_000_000, ...request.limits },
    scratch,
  )
  const db = await instance.connect()
  const stop = () => db.interrupt()
  request.signal?.addEventListener('abort', stop)
  try {
    const made = await work({ db, folder, scratch }, name)
    db.closeSync()
    instance.closeSync()
    await rm(scratch, { recursive: true, force: true })
    await publish(request.home, name, made.version, folder)
    return made
  } catch (error) {
    if (request.signal?.aborted)
      throw new Refusal('interrupted', 'load/interrupted', 'interrupted; the previous version is untouched')
    if (
      error instanceof Error &&
      /No space left|disk|Out of Memory/i.test(error.message) &&
      !(error instanceof Refusal)
    ) {
      throw new Refusal(
        'refused',
        'load/space',
        `the load ran out of room: ${error.message.split('\n')[0]}. The previous version is untouched`,
      )
    }
    throw error
  } finally {
    request.signal?.removeEventListener('abort', stop)
    try {
      db.closeSync()
      instance.closeSync()
    } catch {
      // Closed already, on the way to publication.
    }
    await rm(folder, { recursive: true, force: true })
  }
}

/** Remove what loads that were killed have left behind. */
async function sweep(at: string): Promise<void> {
  for (const entry of await readdir(at)) {
    const owner = /^(?:\.loading-|current\.)(\d+)[-.]/.exec(entry)?.[1]
    if (owner && Number(owner) !== process.pid && !alive(Number(owner)))
      await rm(join(at, entry), { recursive: true, force: true })
  }
}

function alive(process_id: number): boolean {
  try {
    process.kill(process_id, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
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
