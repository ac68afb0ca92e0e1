import { Refusal } from '../refusal.ts'
import { type Bound, type Cell, type Engine, identifier, type Query, quoted } from './engine.ts'
import { composition, type ParameterType } from './statement.ts'

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

/** Where ClickHouse departs from the standard unless told otherwise. */
const settings =
  'join_use_nulls = 1, aggregate_functions_null_for_empty = 1, cast_keep_nullable = 1, prefer_column_name_to_alias = 1, output_format_json_quote_64bit_integers = 1, output_format_json_quote_denormals = 0'

/** ClickHouse, for when one machine is not enough: the same statements, with names bound in its own way. */
export class ClickHouse implements Engine {
  readonly name = 'clickhouse'
  readonly #send: ClickHouseTransport
  readonly #scan: (file: string) => string

  /**
   * @param send carries statements
   * @param scan how ClickHouse reads a stored file: as a file of its own machine unless told otherwise
   */
  constructor(
    send: ClickHouseTransport,
    scan: (file: string) => string = (file) => `file(${quoted(file)}, 'Parquet')`,
  ) {
    this.#send = send
    this.#scan = scan
  }

  #text(query: Query): { text: string; parameters: Record<string, ParameterType> } {
    const scan = query.report.map((file) => `select * from ${this.#scan(file)}`).join('\nunion all\n')
    const parameters: Record<string, ParameterType> = {}
    const before = query.revised
      ? [
          { name: 'stored', statement: undefined },
          { name: 'report', statement: query.revised },
        ]
      : [{ name: 'report', statement: undefined }]
    const beside = query.beside ?? {}
    const parts = composition(query.statement, query.flow, Object.keys(beside))
    const tables = [...before, ...parts].map(({ name, statement }) => {
      if (statement) Object.assign(parameters, statement.given)
      return `${name} as (\n${statement?.text ?? scan}\n)`
    })
    for (const [name, file] of Object.entries(beside))
      tables.unshift(`${name} as (\nselect * from ${this.#scan(file)}\n)`)
    const list = (names: readonly string[]) =>
      names.map((name) => `answer.${identifier(name)} as ${identifier(name)}`).join(', ')
    const order = query.order.map((name) => `answer.${identifier(name)}`).join(', ')
    const text = `with ${tables.join(',\n')}\nselect ${list(query.columns)}\nfrom answer\norder by ${order}\nsettings ${settings}`
    return { text, parameters }
  }

  async *stream(query: Query, signal?: AbortSignal): AsyncIterable<readonly (readonly Cell[])[]> {
    const { text, parameters } = this.#text(query)
    const typed = text.replace(/\$(\w+)/g, (_, name: string) => `{${name}:${types[parameters[name] as ParameterType]}}`)
    const values: Record<string, Bound> = {}
    for (const name of Object.keys(parameters)) values[name] = query.values[name] as Bound
    signal?.throwIfAborted()
    const [, kinds = [], ...rows] = (await this.#send(typed, values, 'JSONCompactEachRowWithNamesAndTypes'))
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Cell[])
    const whole = kinds.map((kind) => /Int(64|128|256)/.test(String(kind)))
    yield rows.map((row) => row.map((value, place) => (whole[place] && value !== null ? exact(String(value)) : value)))
  }

  explain(query: Query): string {
    const { text, parameters } = this.#text(query)
    return `${text.replace(/\$(\w+)/g, (_, name: string) => literal(query.values[name] as Bound, parameters[name] as ParameterType))};\n`
  }

  async parquet(): Promise<void> {
    throw noParquet()
  }

  async writeParquet(): Promise<void> {
    throw noParquet()
  }

  async table(file: string): Promise<Readonly<Record<string, Cell>>[]> {
    const text = await this.#send(`select * from ${this.#scan(file)}`, {}, 'JSONEachRow')
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
