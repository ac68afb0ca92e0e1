import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBInstance,
  DuckDBListValue,
  type DuckDBType,
  type DuckDBValue,
  HUGEINT,
  INTEGER,
  LIST,
  listValue,
  SMALLINT,
  TINYINT,
  UBIGINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api'
import { tookTooLong, usualThreads } from '../limits.ts'
import { Refusal } from '../refusal.ts'
import {
  type Bound,
  boundTo,
  type Cell,
  type Engine,
  identifier,
  type Limits,
  type Query,
  quoted,
  type TypedColumn,
  uniformColumns,
} from './engine.ts'
import { type ParameterType, relationsOf, scanned, usedBeside } from './statement.ts'
import { type Place, Turns } from './turns.ts'

const types: Record<ParameterType, DuckDBType> = {
  text: VARCHAR,
  integer: BIGINT,
  'list of text': LIST(VARCHAR),
  'list of integer': LIST(BIGINT),
}

/** Types whose values arrive as cells: all that answers have, whichever width a whole number was stored in. */
const ofCells: ReadonlySet<number> = new Set(
  [VARCHAR, BOOLEAN, TINYINT, UTINYINT, SMALLINT, USMALLINT, INTEGER, UINTEGER, BIGINT, UBIGINT, HUGEINT, DOUBLE].map(
    (type) => type.typeId,
  ),
)

function bindable(value: Bound): DuckDBValue {
  if (typeof value === 'number') return BigInt(value)
  if (typeof value === 'string' || typeof value === 'bigint') return value
  return listValue(value.map((item) => (typeof item === 'number' ? BigInt(item) : item)))
}

/** Stored files as one table. */
export const scanOf = (files: readonly string[]) => `read_parquet([${files.map(quoted).join(', ')}])`

/** A query as text, and what is bound to the names in it. */
interface Written {
  readonly text: string
  readonly values: Record<string, DuckDBValue>
  readonly types: Record<string, DuckDBType>
}

/** Lists of at most so many values are compared with one by one. */
const shortList = 20

/** A value of a list by itself: whole numbers as periods are stored, which would be widened row by row. */
function valueOfList(value: string | number | bigint): readonly [DuckDBValue, DuckDBType] {
  if (typeof value === 'string') return [value, VARCHAR]
  const number = Number(value)
  return number === number >>> 0 ? [number, UINTEGER] : [BigInt(value), BIGINT]
}

/**
 * Bind a text. Whether something is in a short list is asked of its values, each bound by itself: a list as a whole is one
 * more table to join, of which the engine does not know, when it plans, what it leaves out.
 */
function written(text: string, parameters: Readonly<Record<string, ParameterType>>, query: Query): Written {
  const bound = new Map<string, readonly [DuckDBValue, DuckDBType]>()
  for (const [name, type] of Object.entries(parameters)) bound.set(name, [bindable(boundTo(query, name)), types[type]])
  const compared = text.replace(/\bin \(select unnest\(\$(\w+)\) as \w+\)/g, (whole, list: string) => {
    const values = boundTo(query, list)
    if (!Array.isArray(values) || values.length > shortList) return whole
    for (const [at, value] of values.entries()) bound.set(`${list}_${at + 1}`, valueOfList(value))
    return values.length === 0 ? `in $${list}` : `in (${values.map((_, at) => `$${list}_${at + 1}`).join(', ')})`
  })
  const named = new Set([...compared.matchAll(/\$(\w+)/g)].map((match) => match[1] as string))
  const used = [...bound].filter(([name]) => named.has(name))
  return {
    text: compared,
    values: Object.fromEntries(used.map(([name, [value]]) => [name, value])),
    types: Object.fromEntries(used.map(([name, [, type]]) => [name, type])),
  }
}

/** The relations of a query and the types of what they name. */
function relations(query: Query): { text: string; parameters: Record<string, ParameterType> } {
  const scan = `select *${uniformColumns(query.uniform)} from ${scanOf(query.report)}`
  const parts = relationsOf(query.statement, query, query.revised)
  const parameters: Record<string, ParameterType> = {}
  const tables = parts.map(({ name, statement, kept }) => {
    if (statement) Object.assign(parameters, statement.given)
    const body = statement?.text ?? scan
    // One of stored rows that is used twice would be kept whole, filters and columns included; of others the engine would
    // plan some again wherever they are read.
    const again = kept ? 'materialized ' : scanned.has(name) || statement?.inline ? 'not materialized ' : ''
    return `${name} as ${again}(\n${body}\n)`
  })
  for (const [name, files] of usedBeside(parts, query.beside))
    tables.unshift(`${name} as not materialized (\nselect * from ${scanOf(files)}\n)`)
  return { text: `with ${tables.join(',\n')}`, parameters }
}

function questionOf(query: Query): Written {
  const { text: before, parameters } = relations(query)
  const columns = query.columns.map((column) => `answer.${identifier(column)}`)
  const order = query.order.map((column) => `answer.${identifier(column)}`)
  const text = `${before}\nselect ${columns.join(', ')}\nfrom answer\norder by ${order.join(', ')}`
  if (!query.page) return written(text, parameters, query)
  const paged = `${text}\nlimit $page_rows offset $page_start`
  return written(paged, { ...parameters, page_rows: 'integer', page_start: 'integer' }, query)
}

function literal(value: DuckDBValue, type: DuckDBType): string {
  if (value instanceof DuckDBListValue)
    return `cast([${value.items.map((item) => (typeof item === 'string' ? quoted(item) : String(item))).join(', ')}] as ${type})`
  return typeof value === 'string' ? quoted(value) : String(value)
}

/** Milliseconds between one try to end what computes and the next. */
const untilStopped = 20
const usualMemory = 4_000_000_000
/** Of fewer rows than these threads wait for each other: two take half as much of the processor again, and are no quicker. */
const fewRows = 50_000
/** What questions of few rows may take of the memory, where there is so much. */
const [partOfFew, leastParted] = [1 / 8, 2_000_000_000]

/**
 * DuckDB, embedded: reads the Parquet files of a dataset in place. Queries take turns, each within the limits; those of few
 * rows have one thread each, and, for threads are an instance's own, an instance to themselves.
 */
export class DuckDB implements Engine {
  readonly name = 'duckdb'
  readonly #limits: Limits
  /** Begun when they are first needed. */
  readonly #instances = new Map<'few' | 'many', Promise<DuckDBInstance>>()
  readonly #turns = new Turns()
  readonly #running = new Set<Promise<unknown>>()
  #closed = false

  constructor(limits: Limits = {}) {
    this.#limits = limits
  }

  /** Whether threads and memory are parted between questions of few rows and others. */
  get #isParted(): boolean {
    const { threads = usualThreads, memory = usualMemory } = this.#limits
    return threads > 1 && memory >= leastParted
  }

  #isAmongFew(reads: number): boolean {
    return this.#isParted && reads < fewRows
  }

  /** The instance for a question that is expected to read so many rows. */
  #instanceFor(reads: number): Promise<DuckDBInstance> {
    const { threads = usualThreads, memory = usualMemory } = this.#limits
    const rows = this.#isAmongFew(reads) ? 'few' : 'many'
    const part = this.#isParted ? (rows === 'few' ? partOfFew : 1 - partOfFew) : 1
    const begun = this.#instances.get(rows) ?? readingInstance(rows === 'few' ? 1 : threads, memory * part)
    this.#instances.set(rows, begun)
    return begun
  }

  /** Run something in its turn; what needs more memory than questions of few rows have, though it looked like one, again. */
  async *#turn<T>(
    reads: number,
    signal: AbortSignal | undefined,
    work: (connection: DuckDBConnection) => AsyncIterable<T>,
  ): AsyncIterable<T> {
    let begun = false
    try {
      for await (const part of this.#once(reads, signal, work)) {
        begun = true
        yield part
      }
    } catch (error) {
      const isShort = error instanceof Refusal && error.code === 'engine/memory'
      if (begun || !isShort || !this.#isAmongFew(reads)) throw error
      yield* this.#once(fewRows, signal, work)
    }
  }

  /**
   * Run something on a connection of its own, when its turn has come, within the limits and until the caller gives up.
   * The turn ends with the first part: what is computed by then is only read out, at the reader's pace.
   */
  async *#once<T>(
    reads: number,
    signal: AbortSignal | undefined,
    work: (connection: DuckDBConnection) => AsyncIterable<T>,
  ): AsyncIterable<T> {
    let done: () => void = () => {}
    const running = new Promise<void>((resolve) => {
      done = resolve
    })
    this.#running.add(running)
    const computed = () => {
      clearTimeout(clock)
      clearInterval(stopping)
      place?.leave()
      this.#running.delete(running)
      done()
    }
    let place: Place | undefined
    let connection: DuckDBConnection | undefined
    let clock: NodeJS.Timeout | undefined
    let late = false
    let stopping: NodeJS.Timeout | undefined
    // What has not begun to compute is not interrupted, and would begin after all.
    const stop = () => {
      stopping ??= setInterval(() => connection?.interrupt(), untilStopped).unref()
      connection?.interrupt()
    }
    // One asker may have many questions, each of which listens.
    if (signal) setMaxListeners(0, signal)
    signal?.addEventListener('abort', stop)
    try {
      place = await this.#turns.take(reads, signal)
      connection = await (await this.#instanceFor(reads)).connect()
      const { seconds } = this.#limits
      if (seconds)
        clock = setTimeout(() => {
          late = true
          stop()
        }, seconds * 1000)
      for await (const part of work(connection)) {
        computed()
        if (signal?.aborted) break
        yield part
      }
      if (signal?.aborted) throw new Error('interrupted')
    } catch (error) {
      throw this.#reasonFor(error, this.#closed || signal?.aborted === true, late)
    } finally {
      signal?.removeEventListener('abort', stop)
      connection?.closeSync()
      computed()
    }
  }

  /** An error of the engine as what it means to the reader, where it means something. */
  #reasonFor(error: unknown, givenUp: boolean, late: boolean): unknown {
    if (givenUp) return new Refusal('interrupted', 'engine/interrupted', 'interrupted before the answer was complete')
    if (late) return tookTooLong(this.#limits.seconds as number)
    if (error instanceof Error && /Out of Memory/i.test(error.message))
      return new Refusal(
        'refused',
        'engine/memory',
        'the question needs more memory than allowed: ask for less, or raise CHOKEPOINT_MEMORY (bytes)',
      )
    return error
  }

  stream(query: Query, signal?: AbortSignal): AsyncIterable<readonly (readonly Cell[])[]> {
    const { text, values, types } = questionOf(query)
    return this.#turn(query.reads, signal, async function* (connection) {
      for await (const chunk of await connection.stream(text, values, types)) yield rowsOf(chunk)
    })
  }

  async count(query: Query, signal?: AbortSignal): Promise<number> {
    const { text: before, parameters } = relations(query)
    const { text, values, types } = written(`${before}\nselect count(*) from answer`, parameters, query)
    let counted = 0
    for await (const rows of this.#turn(query.reads, signal, async function* (connection) {
      yield (await connection.runAndReadAll(text, values, types)).getRowsJS()
    }))
      counted = Number(rows[0]?.[0])
    return counted
  }

  async parquet(query: Query, file: string, signal?: AbortSignal): Promise<void> {
    const { text, values, types } = questionOf(query)
    for await (const _ of this.#turn(query.reads, signal, async function* (connection) {
      yield await connection.run(`copy (${text}) to ${quoted(file)} (format parquet, compression zstd)`, values, types)
    }));
  }

  async writeParquet(columns: readonly TypedColumn[], rows: readonly (readonly Cell[])[], file: string): Promise<void> {
    for await (const _ of this.#turn(0, undefined, async function* (connection) {
      yield await writeRows(connection, columns, rows, file)
    }));
  }

  async table(file: string): Promise<Readonly<Record<string, Cell>>[]> {
    const rows: Record<string, Cell>[] = []
    for await (const read of this.#turn(0, undefined, async function* (connection) {
      yield (await connection.runAndReadAll(`select * from read_parquet(${quoted(file)})`)).getRowObjectsJS()
    })) {
      for (const row of read)
        rows.push(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cell(value)])))
    }
    return rows
  }

  explain(query: Query): string {
    const { text, values, types } = questionOf(query)
    const given = Object.entries(values).map(
      ([name, value]) => `  ${name} := ${literal(value, types[name] as DuckDBType)}`,
    )
    return `prepare question as\n${text};\nexecute question(\n${given.join(',\n')}\n);\n`
  }

  /** Waits for what computes; who reads on reads no further. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.all(this.#running)
    for (const begun of await Promise.allSettled(this.#instances.values()))
      if (begun.status === 'fulfilled') begun.value.closeSync()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

const columnTypes = { integer: BIGINT, number: DOUBLE, text: VARCHAR, boolean: BOOLEAN } as const

/** Write rows from outside the engine as a Parquet file, in their order. */
export async function writeRows(
  connection: DuckDBConnection,
  columns: readonly TypedColumn[],
  rows: readonly (readonly Cell[])[],
  file: string,
): Promise<void> {
  await connection.run(
    `create or replace temporary table written (${columns.map(({ name, type }) => `${identifier(name)} ${columnTypes[type]}`).join(', ')})`,
  )
  const appender = await connection.createAppender('written')
  for (const row of rows) {
    for (const [place, { type }] of columns.entries()) {
      const value = row[place] ?? null
      if (value === null) appender.appendNull()
      else if (type === 'integer') appender.appendBigInt(BigInt(value))
      else if (type === 'number') appender.appendDouble(Number(value))
      else if (type === 'boolean') appender.appendBoolean(value === true)
      else appender.appendVarchar(String(value))
    }
    appender.endRow()
  }
  appender.closeSync()
  await connection.run(`copy written to ${quoted(file)} (format parquet, compression zstd)`)
}

/** The rows of a chunk, read column by column, as the engine holds them. */
function rowsOf(chunk: DuckDBDataChunk): Cell[][] {
  const { rowCount, columnCount } = chunk
  const rows = Array.from({ length: rowCount }, () => new Array<Cell>(columnCount))
  for (let place = 0; place < columnCount; place += 1) {
    const column = chunk.getColumnVector(place)
    if (!ofCells.has(column.type.typeId))
      throw new Error(`column ${place} is of type ${column.type}: no answer has that`)
    for (let at = 0; at < rowCount; at += 1) (rows[at] as Cell[])[place] = cell(column.getItem(at))
  }
  return rows
}

const [least, most] = [BigInt(Number.MIN_SAFE_INTEGER), BigInt(Number.MAX_SAFE_INTEGER)]

function cell(value: unknown): Cell {
  return typeof value === 'bigint' && value >= least && value <= most ? Number(value) : (value as Cell)
}

/** An instance for the store. Nothing is downloaded: extensions are neither installed nor loaded by themselves. */
async function readingInstance(threads: number, memory: number): Promise<DuckDBInstance> {
  const instance = await duckdbInstance(':memory:', { threads, memory })
  const connection = await instance.connect()
  // A stored file never changes: its list of groups of rows, long in a large one, is read once and not by every question.
  await connection.run('set global parquet_metadata_cache = true')
  // What is read of it is read in one piece, and kept as long as there is room.
  await connection.run('set global prefetch_all_parquet_files = true')
  connection.closeSync()
  return instance
}

/** A DuckDB instance that never reaches for the network, within the given limits. */
export async function duckdbInstance(path: string, limits: Limits, temporary?: string): Promise<DuckDBInstance> {
  return DuckDBInstance.create(path, {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    threads: String(limits.threads ?? usualThreads),
    // It writes out a relation that is read twice, which costs more than the second reading of a few columns.
    disabled_optimizers: 'common_subplan',
    memory_limit: `${Math.ceil((limits.memory ?? usualMemory) / 1_000_000)}MB`,
    // Left to itself it spills into the folder that the reader stands in, under names that two instances share.
    temp_directory: temporary ?? join(tmpdir(), `chokepoint-${randomUUID()}`),
  })
}

export type { DuckDBConnection }
