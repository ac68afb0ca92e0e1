import type { Grounds, Statement } from './statement.ts'

/** What may be bound to a parameter: never more than a value, so no text of a reader's reaches the statement. */
export type Bound = string | number | bigint | readonly string[] | readonly (number | bigint)[]

/** Columns of flows that say the same in every row, and what: no file has them, for to write them costs as much as all others. */
export type Uniform = Readonly<Record<string, string | number>>

/** A question ready to run: a statement, what is bound, which stored rows it reads, and the columns wanted. */
export interface Query extends Grounds {
  readonly statement: Statement
  readonly values: Readonly<Record<string, Bound>>
  /** Parquet files that hold `report`, in the sort order that suits the question. */
  readonly report: readonly string[]
  /** Those of `report`. */
  readonly uniform?: Uniform
  /** Another reading of `report`, for "what if the doubtful rows were not there". */
  readonly revised?: Statement
  readonly columns: readonly string[]
  readonly order: readonly string[]
  /** So many rows from this one on, counted from 0; all where left out. */
  readonly page?: Page
  /** Rows of `report` that it is expected to read: what decides its turn, never its answer. */
  readonly reads: number
}

/** A stretch of an answer in its declared order. */
export interface Page {
  readonly start: number
  readonly rows: number
}

export type Cell = string | number | bigint | boolean | null

/** A column of rows that come from outside the engine. */
export interface TypedColumn {
  readonly name: string
  readonly type: 'integer' | 'number' | 'text' | 'boolean'
}

/** Limits of one engine: threads, memory in bytes, and seconds that one query may take to its first row. */
export interface Limits {
  readonly threads?: number
  readonly memory?: number
  readonly seconds?: number
}

/** What runs statements. Both engines give the same rows for the same query, in the same order. */
export interface Engine extends AsyncDisposable {
  readonly name: 'duckdb' | 'clickhouse'
  /** Rows in blocks, each row in the order of `query.columns`. Whole numbers beyond 2^53 arrive as bigint. */
  stream(query: Query, signal?: AbortSignal): AsyncIterable<readonly (readonly Cell[])[]>
  /** How many rows a query has, its page left aside. */
  count(query: Query, signal?: AbortSignal): Promise<number>
  /** The query as text that pastes into the engine's own shell and runs. */
  explain(query: Query): string
  /** Write a query's rows as Parquet. */
  parquet(query: Query, file: string, signal?: AbortSignal): Promise<void>
  /** Write rows that were computed outside the engine as Parquet. */
  writeParquet(columns: readonly TypedColumn[], rows: readonly (readonly Cell[])[], file: string): Promise<void>
  /** A whole small Parquet file of the store, such as a reject table. */
  table(file: string): Promise<Readonly<Record<string, Cell>>[]>
  close(): Promise<void>
}

/**
 * What is bound to a name in a query's text.
 * @throws Error where nothing is: a fault of ours
 */
export function boundTo(query: Query, name: string): Bound {
  const value = name === 'page_rows' ? query.page?.rows : name === 'page_start' ? query.page?.start : query.values[name]
  if (value === undefined) throw new Error(`${query.statement.name}: nothing is bound to $${name}`)
  return value
}

/** A literal that either engine reads as text. Only for paths of our own store and for `explain`. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/**
 * Uniform columns as they are added to those of stored files.
 * @param constant how an engine is told that it is a column like others
 */
export const uniformColumns = (uniform: Uniform = {}, constant = (text: string) => text): string =>
  Object.entries(uniform)
    .map(([column, value]) => {
      const said = typeof value === 'number' ? String(value) : quoted(value)
      return `, ${constant(said)} as ${identifier(column)}`
    })
    .join('')

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`
