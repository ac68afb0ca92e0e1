import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { parse } from 'csv-parse'
import { parse as parseNow } from 'csv-parse/sync'
import { identifier, quoted } from '../engine/engine.ts'
import { Refusal } from '../refusal.ts'
import type { Prepared } from './intake.ts'
import type { Mapping } from './mapping.ts'

const mostColumns = 1000

/** The columns of a table, and how its rows are read as text under canonical names. */
export interface Header {
  readonly names: readonly string[]
  readonly delimited: { readonly delimiter: string } | undefined
  /** `select`: canonical text columns; `blank`: counts the empty cells of a table with a column a period. */
  view(mapping: Mapping, file: string): { readonly select: string; readonly blank?: string }
}

/** Read a table's header: the delimiter is the one that splits the first line into most columns. */
export async function readHeader(db: DuckDBConnection, file: Prepared): Promise<Header> {
  if (file.format !== 'text') {
    const scan = file.format === 'parquet' ? `read_parquet(${quoted(file.path)})` : `read_json(${quoted(file.path)})`
    try {
      const names = (await db.runAndReadAll(`describe select * from ${scan}`))
        .getRowObjectsJS()
        .map((row) => String(row['column_name']))
      return header(names, undefined, scan, names)
    } catch (error) {
      throw new Refusal(
        'refused',
        'load/unreadable',
        `${file.name}: cannot be read as ${file.format}: ${(error as Error).message.split('\n')[0]}`,
      )
    }
  }
  const first = await firstLine(file)
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
  const columns = best.names.map((_, index) => `'c${index}': 'VARCHAR'`)
  const scan = `read_csv(${quoted(file.path)}, auto_detect = false, header = true, delim = ${quoted(best.delimiter)}, quote = '"', escape = '"',
    columns = {${columns.join(', ')}}, store_rejects = true, rejects_limit = 100000, max_line_size = 2100000, strict_mode = true)`
  return header(
    best.names,
    { delimiter: best.delimiter },
    scan,
    best.names.map((_, index) => `c${index}`),
  )
}

async function firstLine(file: Prepared): Promise<string> {
  const handle = await open(file.path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1 << 20), 0, 1 << 20, 0)
    const text = buffer.subarray(0, bytesRead).toString('utf8')
    return text.split(/\r\n|\n|\r/, 1)[0] ?? ''
  } finally {
    await handle.close()
  }
}

function header(
  names: readonly string[],
  delimited: Header['delimited'],
  scan: string,
  columns: readonly string[],
): Header {
  const place = (wanted: string) => names.findIndex((name) => name.trim().toLowerCase() === wanted.trim().toLowerCase())
  return {
    names,
    delimited,
    view(mapping, file) {
      const repeated = names.find(
        (name, index) =>
          place(name) !== index &&
          Object.values(mapping.columns).some((used) => used?.toLowerCase() === name.toLowerCase()),
      )
      if (repeated)
        throw new Refusal(
          'refused',
          'source/column-repeated',
          `${file}, line 1: two columns are called "${repeated}". Rename one`,
        )
      const column = (role: keyof Mapping['columns']): string => {
        const wanted = mapping.columns[role]
        if (!wanted) return 'null'
        const index = place(wanted)
        if (index < 0)
          throw new Refusal(
            'refused',
            'source/column-missing',
            `${file}, line 1: no column "${wanted}" (for ${role}). It has ${names.slice(0, 20).join(', ')}`,
          )
        return `cast(${identifier(columns[index] as string)} as varchar)`
      }
      const wide = mapping.period_columns
        ? names
            .map((name, index) => ({ name, index }))
            .filter(({ name }) => new RegExp(`^(?:${mapping.period_columns})$`).test(name))
        : []
      if (mapping.period_columns && wide.length === 0)
        throw new Refusal(
          'refused',
          'source/column-missing',
          `${file}, line 1: no column is a period (${mapping.period_columns})`,
        )
      const flow = column('flow')
      const word = (as: string[]) =>
        Object.entries(mapping.flows)
          .filter(([, kind]) => as.includes(kind))
          .map(([name]) => quoted(name.toLowerCase()))
      const among = (as: string[]) => (word(as).length ? `lower(trim(flow)) in (${word(as).join(', ')})` : 'false')
      const imports = among(['import', 're-import'])
      const pair = mapping.columns.reporter
        ? {
            importer: `case when ${imports} then reporter else partner end`,
            exporter: `case when ${imports} then partner else reporter end`,
            side: `case when ${imports} then 'importer' else 'exporter' end`,
          }
        : {
            importer: 'importer',
            exporter: 'exporter',
            side: mapping.columns.side ? 'lower(trim(side))' : quoted(mapping.side ?? 'importer'),
          }
      const trade = mapping.columns.flow
        ? `case when ${among(['import', 'export'])} then 'all' when ${among(['re-export'])} then 're-export' when ${among(['re-import'])} then 're-import' end`
        : `'all'`
      const period = wide.length
        ? 'w.name'
        : mapping.columns.year
          ? mapping.columns.month
            ? `${column('year')} || lpad(${column('month')}, 2, '0')`
            : column('year')
          : column('period')
      const value = wide.length ? 'w.value' : column('value')
      const cells = wide.map(({ index }) => `cast(${identifier(columns[index] as string)} as varchar)`)
      // Rows with a column a period become one row a period; empty cells are no rows, and are counted apart.
      const from = wide.length
        ? `(select *, unnest([${wide.map(({ name }) => quoted(name)).join(', ')}]) as name, unnest([${cells.join(', ')}]) as value from ${scan}) as w`
        : `${scan} as w`
      const fields = `${period} as period, ${column('importer')} as importer, ${column('exporter')} as exporter, ${column('reporter')} as reporter,
        ${column('partner')} as partner, ${flow} as flow, ${mapping.columns.product ? column('product') : `'TOTAL'`} as product, ${value} as value, ${column('mass')} as mass,
        ${column('quantity')} as quantity, ${column('quantity_unit')} as quantity_unit, ${column('status')} as status, ${column('edition')} as edition, ${column('side')} as side`
      const raw = `concat_ws(', ', ${columns
        .slice(0, 12)
        .map((name) => `w.${identifier(name)}`)
        .join(', ')})`
      const blank = `nullif(trim(value), '') is null`
      const select = `select period, ${pair.importer} as importer, ${pair.exporter} as exporter, product, value, mass, quantity, quantity_unit, status, edition,
        ${pair.side} as side, ${trade} as trade, flow, raw from (select ${fields}, ${raw} as raw from ${from}) as f`
      return wide.length
        ? {
            select: `${select} where not (${blank})`,
            blank: `select count(*) as n from (select ${fields} from ${from}) as f where ${blank}`,
          }
        : { select }
    },
  }
}

/** Lines of records: by position among the readable ones, and by the byte at which a torn one begins. */
export async function recordLines(
  path: string,
  delimiter: string,
  positions: ReadonlySet<number>,
  torn: ReadonlySet<number>,
): Promise<{ byPosition: Map<number, number>; byByte: Map<number, number> }> {
  const byPosition = new Map<number, number>()
  const byByte = new Map<number, number>()
  let start = 0
  let line = 1
  let readable = -2
  const parser = createReadStream(path).pipe(
    parse({ delimiter, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, info: true }),
  )
  for await (const { info } of parser as AsyncIterable<{ info: { bytes: number; lines: number } }>) {
    if (torn.has(start)) byByte.set(start, line)
    else {
      readable += 1
      if (positions.has(readable)) byPosition.set(readable, line)
    }
    start = info.bytes
    line = info.lines + 1
  }
  return { byPosition, byByte }
}
