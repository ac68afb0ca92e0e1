import { BIGINT, type DuckDBConnection, LIST, listValue } from '@duckdb/node-api'
import { rowsOf } from './loading.ts'
import { longestRaw, recordPlaces } from './records.ts'

/** A file of flows as it was read, so that a row of `staged` is found again in it. */
export interface Table {
  readonly file: string
  readonly path: string
  /** Undefined for formats without lines. */
  readonly delimiter: string | undefined
  /** Line of the header in the publisher's file. */
  readonly headerLine: number
  /** rowid of its first row in `staged`. */
  readonly first: number
  /** Bytes at which its torn records begin, which are no rows of `staged`. */
  readonly torn: ReadonlySet<number>
  /** The statement `records` of its view, where the position alone does not say a row's record. */
  readonly records: string | undefined
}

/** Where a row stands: its line, or its record in a format without lines, both counted from 1, and its text. */
export interface RowPlace {
  readonly file: string
  readonly line: number | null
  readonly record: number | null
  readonly raw: string
}

/** Where rows of a file stand, by their position among its rows in `staged`. */
export async function placesIn(
  db: DuckDBConnection,
  table: Table,
  positions: readonly number[],
): Promise<Map<number, RowPlace>> {
  const records = new Map<number, { record: number; raw: string }>()
  if (table.records && positions.length > 0) {
    const found = await rowsOf(
      db,
      `select position, record, raw from (select row_number() over () - 1 as position, record, raw from (${table.records}))
       where position in (select unnest($positions))`,
      { positions: listValue(positions.map(BigInt)) },
      { positions: LIST(BIGINT) },
    )
    for (const row of found)
      records.set(Number(row['position']), { record: Number(row['record']), raw: String(row['raw']) })
  } else for (const position of positions) records.set(position, { record: position, raw: '' })
  if (table.delimiter === undefined) {
    const place = ({ record, raw }: { record: number; raw: string }): RowPlace => ({
      file: table.file,
      line: null,
      record: record + 1,
      raw: `record ${record + 1}: ${raw}`.slice(0, longestRaw),
    })
    return new Map([...records].map(([position, one]) => [position, place(one)]))
  }
  const wanted = new Set([...records.values()].map((one) => one.record))
  const found = await recordPlaces(table.path, table.delimiter, wanted, table.torn)
  const place = (line: { line: number; raw: string } | undefined): RowPlace => ({
    file: table.file,
    line: line ? line.line + table.headerLine - 1 : null,
    record: null,
    raw: line?.raw ?? '',
  })
  return new Map([...records].map(([position, one]) => [position, place(found.get(one.record))]))
}

/** A row of `staged` for a message: `file, line 7`, or `file, record 7` in a format without lines. */
export async function whereIs(db: DuckDBConnection, tables: readonly Table[], rowid: number): Promise<string> {
  const table = tables.findLast((one) => one.first <= rowid) as Table
  const position = rowid - table.first
  const place = (await placesIn(db, table, [position])).get(position)
  if (place?.line) return `${table.file}, line ${place.line}`
  return place?.record ? `${table.file}, record ${place.record}` : table.file
}
