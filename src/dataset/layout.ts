import { open } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { parse as parseNow } from 'csv-parse/sync'
import { identifier, quoted } from '../engine/engine.ts'
import { Refusal } from '../refusal.ts'
import type { Prepared } from './intake.ts'
import { isOfMachine, saidOf } from './machine-failure.ts'
import type { Mapping } from './mapping.ts'
import type { Delimited } from './records.ts'

const mostColumns = 1000

/** The columns of a table, and how its rows are read as text under canonical names. */
export interface Header {
  readonly names: readonly string[]
  /** The first row by the names of its columns, as text; undefined where there is none, or it cannot be read. */
  readonly first: Readonly<Record<string, string>> | undefined
  readonly delimited: Delimited | undefined
  /** @param path the file, or a copy of it with fewer rows */
  view(mapping: Mapping, file: string, path: string): View
}

/** How the rows of a table are read. */
export interface View {
  /** Canonical text columns, a row a flow. */
  readonly select: string
  /** Counts the empty cells of a table with a column a period. */
  readonly blank?: string
  /** Of reconciled flows in a column a flow: whether each stands twice, as one's export and as the other's import. */
  readonly mirrored?: string
  /**
   * `record` (from 0) and `raw` of each row of `select`, in its order, where a row's own position does not say them:
   * a table with a column a period makes several rows of a record, and JSON and Parquet have no lines.
   */
  readonly records?: string
}

/**
 * Read a table's header: the delimiter is the one that splits the first line into most columns.
 * @param records names of the columns, where the file is records of JSON whose columns are known
 */
export async function readHeader(db: DuckDBConnection, file: Prepared, records?: readonly string[]): Promise<Header> {
  if (file.format !== 'text') {
    const known = records?.map((name) => `${quoted(name)}: 'VARCHAR'`).join(', ')
    const scan = (path: string) =>
      file.format === 'parquet'
        ? `read_parquet(${quoted(path)})`
        : `read_json(${quoted(path)}${known ? `, format = 'newline_delimited', columns = {${known}}` : ''})`
    try {
      const described = (await db.runAndReadAll(`describe select * from ${scan(file.path)}`)).getRowObjectsJS()
      const names = described.map((row) => String(row['column_name']))
      const types = described.map((row) => String(row['column_type']))
      return header(names, undefined, scan, names, await firstRow(db, scan(file.path), names), 1, types)
    } catch (error) {
      if (isOfMachine(error)) throw error
      throw new Refusal(
        'refused',
        'load/unreadable',
        `${file.name}: cannot be read as ${file.format}: ${saidOf(error, file)}. Save or fetch it again`,
      )
    }
  }
  const [first = '', second = ''] = await firstLines(file)
  let best: { delimiter: string; names: string[] } | undefined
  for (const delimiter of [',', ';', '\t', '|']) {
    try {
      const names = (parseNow(first, { delimiter, relax_quotes: false, trim: true }) as string[][])[0] ?? []
      if (!best || names.length > best.names.length) best = { delimiter, names }
    } catch {
      // Not this delimiter: its quotation marks do not fit.
    }
  }
  if (!best || best.names.length === 0)
    throw new Refusal('refused', 'load/header', `${file.name}, line 1: no header line`)
  if (best.names.length > mostColumns)
    throw new Refusal(
      'refused',
      'load/columns',
      `${file.name}, line 1: ${best.names.length} columns; at most ${mostColumns} are read. Keep the columns that the mapping names`,
    )
  if (best.names.length === 1)
    throw new Refusal(
      'refused',
      'load/header',
      `${file.name}, line 1: only one column, "${best.names[0]?.slice(0, 60)}". A table needs a header and a comma, semicolon, tab or bar between columns`,
    )
  const { delimiter, names } = best
  // Some publishers close every row, but not the header, with a delimiter.
  const closed = second.endsWith(delimiter) && second.split(delimiter).length > names.length
  const columns = (closed ? [...names, ''] : names).map((_, index) => `c${index}`)
  const scan = (path: string, more = '') =>
    `read_csv(${quoted(path)}, auto_detect = false, header = true, delim = ${quoted(delimiter)}, quote = '"', escape = '"',
    columns = {${columns.map((name) => `'${name}': 'VARCHAR'`).join(', ')}}, max_line_size = 2100000, strict_mode = true${more})`
  const first_row = await firstRow(db, scan(file.path, ', ignore_errors = true'), names)
  return header(names, { delimiter, columns: columns.length }, scan, columns, first_row, file.headerLine ?? 1)
}

/** The refusal of a header in which a name that is read stands twice. */
export const columnRepeated = (file: string, line: number, name: string) =>
  new Refusal(
    'refused',
    'source/column-repeated',
    `${file}, line ${line}: two columns are called "${name}". Rename one`,
  )

/** The first row of a table; a table whose first row cannot be read is told of when all are. */
async function firstRow(
  db: DuckDBConnection,
  scan: string,
  names: readonly string[],
): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    const cells = (await db.runAndReadAll(`select columns(*)::varchar from ${scan} limit 1`)).getRowsJS()[0]
    return cells && Object.fromEntries(names.map((name, place) => [name, String(cells[place] ?? '').trim()]))
  } catch {
    return undefined
  }
}

async function firstLines(file: Prepared): Promise<string[]> {
  const handle = await open(file.path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1 << 20), 0, 1 << 20, 0)
    const text = buffer.subarray(0, bytesRead).toString('utf8')
    return text.split(/\r\n|\n|\r/, 2)
  } finally {
    await handle.close()
  }
}

function header(
  names: readonly string[],
  delimited: Header['delimited'],
  scan: (path: string) => string,
  columns: readonly string[],
  first: Header['first'],
  line: number,
  types: readonly string[] = [],
): Header {
  const place = (wanted: string) => names.findIndex((name) => name.trim().toLowerCase() === wanted.trim().toLowerCase())
  return {
    names,
    first,
    delimited,
    view(mapping, file, path) {
      const repeated = names.find(
        (name, index) =>
          place(name) !== index &&
          [...Object.values(mapping.columns), ...Object.keys(mapping.flow_columns ?? {})].some(
            (used) => used?.toLowerCase() === name.toLowerCase(),
          ),
      )
      if (repeated) throw columnRepeated(file, line, repeated)
      const found = (wanted: string, role: string): number => {
        const index = place(wanted)
        if (index < 0)
          throw new Refusal(
            'refused',
            'source/column-missing',
            `${file}, line ${line}: no column "${wanted}" (for ${role}). It has ${names.slice(0, 20).join(', ')}`,
          )
        return index
      }
      const cell = (wanted: string, role: string): string => {
        const index = found(wanted, role)
        return asText(columns[index] as string, types[index], role)
      }
      const always: Readonly<Partial<Record<string, string>>> = mapping.every_row ?? {}
      const column = (role: keyof Mapping['columns']): string => {
        const [same, wanted] = [always[role], mapping.columns[role]]
        return same !== undefined ? quoted(same) : wanted ? cell(wanted, role) : 'cast(null as varchar)'
      }
      // Not `in`: the engine makes a join of a list behind it, and a join may give rows in another order.
      const isOneOf = (wanted: string, role: string, values: readonly string[]) =>
        `list_contains([${values.map((value) => quoted(value.toLowerCase())).join(', ')}], lower(trim(coalesce(${cell(wanted, role)}, ''))))`
      const wide = mapping.period_columns
        ? names
            .map((name, index) => ({ name, index }))
            .filter(({ name }) => new RegExp(`^(?:${mapping.period_columns})$`).test(name))
        : Object.keys(mapping.flow_columns ?? {}).map((name) => ({ name, index: found(name, 'flow_columns') }))
      if (mapping.period_columns && wide.length === 0)
        throw new Refusal(
          'refused',
          'source/column-missing',
          `${file}, line ${line}: no column is a period (${mapping.period_columns})`,
        )
      const flow = mapping.flow_columns ? 'w.name' : column('flow')
      const word = (as: string[]) =>
        Object.entries(mapping.flow_columns ?? mapping.flows)
          .filter(([, kind]) => as.includes(kind))
          .map(([name]) => quoted(name.toLowerCase()))
      const among = (as: string[]) => (word(as).length ? `list_contains([${word(as).join(', ')}], flow)` : 'false')
      const imports = among(['import', 're-import'])
      // What an economy makes is staged as what it sells to itself.
      const pair =
        mapping.kind === 'production'
          ? { importer: 'economy', exporter: 'economy', side: `'production'` }
          : mapping.columns.reporter || always['reporter']
            ? {
                importer: `case when ${imports} then reporter else partner end`,
                exporter: `case when ${imports} then partner else reporter end`,
                side:
                  mapping.side === 'reconciled'
                    ? `'reconciled'`
                    : `case when ${imports} then 'importer' else 'exporter' end`,
              }
            : {
                importer: 'importer',
                exporter: 'exporter',
                side: mapping.columns.side ? 'side' : quoted(mapping.side ?? 'importer'),
              }
      const trade =
        mapping.columns.flow || mapping.flow_columns
          ? `case when ${among(['import', 'export'])} then 'all' when ${among(['re-export'])} then 're-export' when ${among(['re-import'])} then 're-import' end`
          : `'all'`
      const period = mapping.period_columns
        ? 'w.name'
        : mapping.columns.year
          ? mapping.columns.month
            ? `${column('year')} || lpad(${column('month')}, 2, '0')`
            : column('year')
          : mapping.period
            ? quoted(mapping.period)
            : column('period')
      const value = wide.length ? 'w.value' : column('value')
      const cells = wide.map(({ index }) => `cast(${identifier(columns[index] as string)} as varchar)`)
      // Rows with a column a period or flow become one row each; empty cells are no rows, and are counted apart.
      const from = (rows: string) =>
        wide.length
          ? `(select *, unnest([${wide.map(({ name }) => quoted(name)).join(', ')}]) as name, unnest([${cells.join(', ')}]) as value from ${rows}) as w`
          : `${rows} as w`
      const parts = Object.entries(mapping.only ?? {}).map(
        ([name, values]) =>
          `when not (${isOneOf(name, 'only', values)}) then ${quoted(`part of another row (${name})`)}`,
      )
      for (const [name, reasons] of Object.entries(mapping.except ?? {}))
        for (const [value, reason] of Object.entries(reasons))
          parts.push(`when ${isOneOf(name, 'except', [value])} then ${quoted(reason)}`)
      const part = parts.length > 0 ? `case ${parts.join(' ')} end` : 'cast(null as varchar)'
      const marks = Object.entries(mapping.statuses ?? {}).map(
        ([word, cells]) =>
          `when ${Object.entries(cells)
            .map(([name, values]) => isOneOf(name, 'statuses', values))
            .join(' and ')} then ${quoted(word)}`,
      )
      const status = marks.length > 0 ? `case ${marks.join(' ')} else ${column('status')} end` : column('status')
      const editions = Object.entries(mapping.editions ?? {}).map(
        ([word, edition]) => `when ${quoted(word.toLowerCase())} then ${quoted(edition)}`,
      )
      const edition =
        editions.length > 0
          ? `case lower(trim(${column('edition')})) ${editions.join(' ')} else ${column('edition')} end`
          : column('edition')
      // A row that is no flow of this table need have no product: its code may be a word.
      const listed = always['product'] || mapping.columns.product ? padded(column('product'), mapping) : `'TOTAL'`
      const product = mapping.except ? `case when ${part} is null then ${listed} else 'TOTAL' end` : listed
      const fields = `${patterned(period, mapping)} as period, ${column('importer')} as importer, ${column('exporter')} as exporter, ${column('reporter')} as reporter,
        ${column('partner')} as partner, lower(trim(${flow})) as flow, ${product} as product, ${value} as value, ${column('mass')} as mass,
        ${column('quantity')} as quantity, ${column('quantity_unit')} as quantity_unit, ${status} as status, ${edition} as edition, ${column('side')} as side, ${part} as part, ${column('economy')} as economy, ${column('source')} as source`
      const blank = mapping.flow_columns
        ? `regexp_full_match(trim(coalesce(value, '')), '|NA|:|-|n/a|null|0+(\\.0*)?')`
        : `nullif(trim(value), '') is null`
      const select = `select period, ${pair.importer} as importer, ${pair.exporter} as exporter, product, value, mass, quantity, quantity_unit, status, edition,
        ${pair.side} as side, ${trade} as trade, part, source from (select ${fields} from ${from(scan(path))}) as f`
      const raw = delimited ? `''` : 'cast(to_json("the row") as varchar)'
      const numbered = from(
        `(select *, row_number() over () - 1 as "the record", ${raw} as "the text" from ${scan(path)} as "the row")`,
      )
      const records = `select "the record" as record, "the text" as raw from (select ${fields}, "the record", "the text" from ${numbered}) as f`
      // Two sets of rows are the same where a sum over a hash of each row is.
      const hashes = (rows: string) => `coalesce(sum(cast(row as hugeint)) filter (where ${rows}), 0)`
      const mirrored = `select ${hashes('bought')} = ${hashes('not bought')} as twice from (
        select hash(period, ${pair.importer}, ${pair.exporter}, product, try_cast(value as double)) as row, ${imports} as bought
        from (select ${fields} from ${from(scan(path))}) as f where not (${blank}))`
      if (wide.length)
        return {
          select: `${select} where not (${blank})`,
          blank: `select count(*) as n from (select ${fields} from ${from(scan(path))}) as f where ${blank}`,
          records: `${records} where not (${blank})`,
          ...(mapping.flow_columns && mapping.side === 'reconciled' ? { mirrored } : {}),
        }
      return delimited ? { select } : { select, records }
    },
  }
}

/** Roles whose cells are amounts; all others hold codes, words and dates. */
const amounts = new Set(['value', 'mass', 'quantity'])

/** A cell as text, whatever its type: a moment as its day, and a code that was kept as a decimal without its point. */
function asText(column: string, type: string | undefined, role: string): string {
  const name = identifier(column)
  if (type === 'TIMESTAMP WITH TIME ZONE') return `cast(cast(${name} at time zone 'UTC' as date) as varchar)`
  if (type?.startsWith('TIMESTAMP')) return `cast(cast(${name} as date) as varchar)`
  const text = `cast(${name} as varchar)`
  const decimal = type === 'DOUBLE' || type === 'FLOAT'
  return decimal && !amounts.has(role) ? `regexp_replace(${text}, '\\.0$', '')` : text
}

/** A period as the mapping's pattern reads it; what does not fit the pattern stays as it is. */
function patterned(period: string, { period_pattern: pattern }: Mapping): string {
  if (pattern === undefined) return period
  const [year, month] = [pattern.indexOf('(?<year>'), pattern.indexOf('(?<month>')]
  const plain = quoted(pattern.replace(/\(\?<(?:year|month)>/g, '('))
  const group = (number: number) => `regexp_extract(trim(${period}), ${plain}, ${number})`
  const first = month < 0 || year < month ? 1 : 2
  const read = month < 0 ? group(1) : `${group(first)} || lpad(${group(3 - first)}, 2, '0')`
  return `case when regexp_full_match(trim(${period}), ${plain}) then ${read} else ${period} end`
}

/** A product's code with the zero that it has lost. */
function padded(product: string, { product_digits: digits }: Mapping): string {
  if (digits === undefined) return product
  const short = `regexp_full_match(trim(${product}), '\\d{${Number(digits) - 1}}')`
  return `case when ${short} then '0' || trim(${product}) else ${product} end`
}
