import type { Cell, Engine, Query, TypedColumn } from '../engine/engine.ts'
import { Refusal } from '../refusal.ts'
import { whyUnreadable } from './store.ts'

const filesOf = (query: Query) => [...query.report, ...Object.values(query.beside ?? {})]

/** An engine over the store: what goes wrong because a stored file was damaged or removed is told by that file. */
export class StoreReader implements Engine {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  get name(): Engine['name'] {
    return this.#engine.name
  }

  async *stream(query: Query, signal?: AbortSignal): AsyncGenerator<readonly (readonly Cell[])[]> {
    try {
      yield* this.#engine.stream(query, signal)
    } catch (error) {
      throw await reasonFor(error, filesOf(query))
    }
  }

  count(query: Query, signal?: AbortSignal): Promise<number> {
    return told(this.#engine.count(query, signal), filesOf(query))
  }

  explain(query: Query): string {
    return this.#engine.explain(query)
  }

  parquet(query: Query, file: string, signal?: AbortSignal): Promise<void> {
    return told(this.#engine.parquet(query, file, signal), filesOf(query))
  }

  writeParquet(columns: readonly TypedColumn[], rows: readonly (readonly Cell[])[], file: string): Promise<void> {
    return this.#engine.writeParquet(columns, rows, file)
  }

  table(file: string): Promise<Readonly<Record<string, Cell>>[]> {
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
