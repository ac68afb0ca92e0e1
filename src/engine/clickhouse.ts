import { basename, dirname, join } from 'node:path'
import { Refusal } from '../refusal.ts'
import {
  type Bound,
  boundTo,
  type Cell,
  type Engine,
  identifier,
  type Query,
  quoted,
  uniformColumns,
} from './engine.ts'
import { type ParameterType, relationsOf, usedBeside } from './statement.ts'

/** What carries a statement to ClickHouse and brings its text back: an HTTP client, or the engine in this process. */
export type ClickHouseTransport = (
  text: string,
  parameters: Readonly<Record<string, unknown>>,
  format: string,
) => Promise<string>

const types: Record<ParameterType, string> = {
  text: 'String',
  integer: 'Int64',
  'list of text': 'Array(String)',
  'list of integer': 'Array(Int64)',
}

/** Rewritings that are looked for all through a statement, one after the other, took a third of its planning, and found nothing. */
const rewritings = [
  'optimize_and_compare_chain',
  'optimize_extract_common_expressions',
  'optimize_functions_to_subcolumns',
  'optimize_group_by_function_keys',
  'optimize_injective_functions_in_group_by',
  'optimize_aggregators_of_group_by_keys',
  'optimize_arithmetic_operations_in_aggregate_functions',
  'optimize_rewrite_aggregate_function_with_if',
  'optimize_rewrite_sum_if_to_count_if',
  'optimize_normalize_count_variants',
  'optimize_time_filter_with_preimage',
  'optimize_multiif_to_if',
  'optimize_redundant_functions_in_order_by',
  'optimize_injective_functions_inside_uniq',
].map((name) => `${name} = 0`)

/**
 * Where ClickHouse departs from the standard unless told otherwise. Filters that joins hand down at run time are off: over
 * columns that are computed from stored ones they look for some that are not there, or take one for another.
 */
const settings = [
  'join_use_nulls = 1, enable_materialized_cte = 1, enable_join_runtime_filters = 0, aggregate_functions_null_for_empty = 1, cast_keep_nullable = 1, prefer_column_name_to_alias = 1, output_format_json_quote_64bit_integers = 1, output_format_json_quote_denormals = 0',
  ...rewritings,
].join(', ')

/** One table for all files: a union of several would be written out again wherever it is read. */
function filesOfMachine(files: readonly string[]): string {
  const [first = ''] = files
  const names = files.map((file) => basename(file)).join(',')
  return `file(${quoted(files.length > 1 ? join(dirname(first), `{${names}}`) : first)}, 'Parquet')`
}

/** ClickHouse, for when one machine is not enough: the same statements, with names bound in its own way. */
export class ClickHouse implements Engine {
  readonly name = 'clickhouse'
  readonly #send: ClickHouseTransport
  readonly #scan: (files: readonly string[]) => string

  /**
   * @param send carries statements
   * @param scan how ClickHouse reads stored files of one folder that have the same columns: as files of its own machine
   * unless told otherwise
   */
  constructor(send: ClickHouseTransport, scan: (files: readonly string[]) => string = filesOfMachine) {
    this.#send = send
    this.#scan = scan
  }

  #relations(query: Query): { text: string; parameters: Record<string, ParameterType> } {
    // It mistakes a constant where several relations read it.
    const uniform = uniformColumns(query.uniform, (text) => `materialize(${text})`)
    const scan = `select *${uniform} from ${this.#scan(query.report)}`
    const parameters: Record<string, ParameterType> = {}
    const parts = relationsOf(query.statement, query, query.revised)
    const tables = parts.map(({ name, statement, kept }) => {
      if (statement) Object.assign(parameters, statement.given)
      // Unlike others, this engine computes a relation again wherever it stands, unless told to keep it.
      return `${name} as ${kept ? 'materialized ' : ''}(\n${statement?.text ?? scan}\n)`
    })
    for (const [name, files] of usedBeside(parts, query.beside))
      tables.unshift(`${name} as (\nselect * from ${this.#scan(files)}\n)`)
    return { text: `with ${tables.join(',\n')}`, parameters }
  }

  #text(query: Query): { text: string; parameters: Record<string, ParameterType> } {
    const { text: before, parameters } = this.#relations(query)
    const list = (names: readonly string[]) =>
      names.map((name) => `answer.${identifier(name)} as ${identifier(name)}`).join(', ')
    const order = query.order.map((name) => `answer.${identifier(name)}`).join(', ')
    const page = query.page ? '\nlimit $page_rows offset $page_start' : ''
    if (query.page) Object.assign(parameters, { page_rows: 'integer', page_start: 'integer' })
    const text = `${before}\nselect ${list(query.columns)}\nfrom answer\norder by ${order}${page}\nsettings ${settings}`
    return { text, parameters }
  }

  /** Send a statement with its names written and bound as ClickHouse has them. */
  #ask(text: string, parameters: Record<string, ParameterType>, query: Query, format: string): Promise<string> {
    const typed = text.replace(/\$(\w+)/g, (_, name: string) => `{${name}:${types[parameters[name] as ParameterType]}}`)
    const values: Record<string, Bound> = {}
    for (const name of Object.keys(parameters)) values[name] = boundTo(query, name)
    return this.#send(typed, values, format)
  }

  async *stream(query: Query, signal?: AbortSignal): AsyncIterable<readonly (readonly Cell[])[]> {
    const { text, parameters } = this.#text(query)
    signal?.throwIfAborted()
    const [, kinds = [], ...rows] = (await this.#ask(text, parameters, query, 'JSONCompactEachRowWithNamesAndTypes'))
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Cell[])
    const whole = kinds.map((kind) => /Int(64|128|256)/.test(String(kind)))
    yield rows.map((row) => row.map((value, place) => (whole[place] && value !== null ? exact(String(value)) : value)))
  }

  async count(query: Query, signal?: AbortSignal): Promise<number> {
    const { text, parameters } = this.#relations(query)
    signal?.throwIfAborted()
    const counted = `${text}\nselect count(*) as counted from answer\nsettings ${settings}`
    return Number(JSON.parse(await this.#ask(counted, parameters, query, 'JSONCompactEachRow'))[0])
  }

  explain(query: Query): string {
    const { text, parameters } = this.#text(query)
    return `${text.replace(/\$(\w+)/g, (_, name: string) => literal(boundTo(query, name), parameters[name] as ParameterType))};\n`
  }

  async parquet(): Promise<void> {
    throw noParquet()
  }

  async writeParquet(): Promise<void> {
    throw noParquet()
  }

  async table(file: string): Promise<Readonly<Record<string, Cell>>[]> {
    const text = await this.#send(`select * from ${this.#scan([file])}`, {}, 'JSONEachRow')
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, Cell>)
  }

  async close(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}
}

const noParquet = () =>
  new Refusal('refused', 'engine/parquet', 'Parquet is written by the embedded engine only: ask for CSV or JSON')

function exact(text: string): number | bigint {
  const value = BigInt(text)
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

function literal(value: Bound, type: ParameterType): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  return `cast([${value.map((item) => (typeof item === 'string' ? quoted(item) : String(item))).join(', ')}] as ${types[type]})`
}
