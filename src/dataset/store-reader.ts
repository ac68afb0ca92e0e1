import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Cell, Engine, Query, TypedColumn } from '../engine/engine.ts'
import { composition, usedBeside } from '../engine/statement.ts'
import { Refusal } from '../refusal.ts'
import { whyUnreadable } from './store.ts'

/** The stored files that a query reads. */
const filesOf = (query: Query) => [
  ...query.report,
  ...usedBeside(composition(query.statement, query), query.beside).flatMap(([, files]) => files),
]

/** Bytes of a file that is compared with its checksum before it is read: a fiftieth of a second. */
const mostCompared = 32 * 1024 * 1024

/**
 * An engine over the store: what goes wrong because a stored file was damaged or removed is told by that file. A byte that
 * changed need not keep an engine from reading, so files that are not large are compared with their checksums when they are
 * first read, and again where they were written to since; large ones by `datasets verify` alone.
 */
export class StoreReader implements Engine {
  readonly #engine: Engine
  /** Files that were found as they were loaded, with their sizes and when they were last written to. */
  readonly #sound = new Set<string>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  get name(): Engine['name'] {
    return this.#engine.name
  }

  async *stream(query: Query, signal?: AbortSignal): AsyncGenerator<readonly (readonly Cell[])[]> {
    const files = filesOf(query)
    await this.#compare(files)
    try {
      yield* this.#engine.stream(query, signal)
    } catch (error) {
      throw await reasonFor(error, files)
    }
  }

  /** @throws Refusal where a file is not what it was; one that is gone is told when it is read */
  async #compare(files: readonly string[]): Promise<void> {
    for (const file of files) {
      const found = await stat(file).catch(() => undefined)
      const state = `${file} ${found?.size} ${found?.mtimeMs}`
      if (!found || found.size > mostCompared || this.#sound.has(state)) continue
      const reason = await whyUnreadable([file])
      if (reason === undefined) this.#sound.add(state)
      else if (existsSync(file)) throw reason
    }
  }

  async count(query: Query, signal?: AbortSignal): Promise<number> {
    const files = filesOf(query)
    await this.#compare(files)
    return told(this.#engine.count(query, signal), files)
  }

  explain(query: Query): string {
    return this.#engine.explain(query)
  }

  async parquet(query: Query, file: string, signal?: AbortSignal): Promise<void> {
    const files = filesOf(query)
    await this.#compare(files)
    return told(this.#engine.parquet(query, file, signal), files)
  }

  writeParquet(columns: readonly TypedColumn[], rows: readonly (readonly Cell[])[], file: string): Promise<void> {
    return this.#engine.writeParquet(columns, rows, file)
  }

  async table(file: string): Promise<Readonly<Record<string, Cell>>[]> {
    await this.#compare([file])
    return told(this.#engine.table(file), [file])
  }

  close(): Promise<void> {
    return this.#engine.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

async function told<Read>(reading: Promise<Read>, files: readonly string[]): Promise<Read> {
  try {
    return await reading
  } catch (error) {
    throw await reasonFor(error, files)
  }
}

const reasonFor = async (error: unknown, files: readonly string[]): Promise<unknown> =>
  error instanceof Refusal ? error : ((await whyUnreadable(files)) ?? error)
