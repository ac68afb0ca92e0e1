import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { Refusal } from '../refusal.ts'
import { rowsOf } from './loading.ts'
import { placesIn, type Table } from './places.ts'

const mostRejects = 100_000

/**
 * Put rows of a file that the reader could not split, and rows that could not be understood, into `rejects`.
 * @throws Refusal where there are more than anyone would read
 */
export async function rejectRows(
  db: DuckDBConnection,
  table: Table,
  kinds: ReadonlyMap<number, string>,
): Promise<void> {
  const bad = await rowsOf(
    db,
    `select rowid - ${table.first} as position, reason from staged where rowid >= ${table.first} and reason is not null order by rowid limit ${mostRejects + 1}`,
  )
  if (bad.length === 0 && kinds.size === 0) return
  const places = await placesIn(
    db,
    table,
    bad.map((row) => Number(row['position'])),
  )
  const found: { line: number | null; reason: string; raw: string }[] = [
    ...bad.map((row) => {
      const place = places.rows.get(Number(row['position']))
      return { line: place?.line ?? null, reason: String(row['reason']), raw: place?.raw ?? '' }
    }),
    ...[...kinds].map(([byte, kind]) => {
      const place = places.torn.get(byte)
      return { line: place?.line ?? null, reason: tornReason(kind), raw: place?.raw ?? '' }
    }),
  ]
  if (found.length > mostRejects) {
    const first = found[0] as (typeof found)[number]
    throw new Refusal(
      'refused',
      'load/rejects',
      `${table.file}: more than ${mostRejects} rows cannot be read, the first${first.line === null ? '' : ` on line ${first.line}`}: ${first.reason}. The file is probably not what its header says, or the mapping does not fit`,
    )
  }
  const column = (of: (row: (typeof found)[number]) => string) => listValue(found.map(of))
  await db.run(
    `insert into rejects select $file, try_cast(unnest($lines) as bigint), unnest($reasons), unnest($raws)`,
    {
      file: table.file,
      lines: column((row) => (row.line === null ? '' : String(row.line))),
      reasons: column((row) => row.reason),
      raws: column((row) => row.raw),
    },
    { file: VARCHAR, lines: LIST(VARCHAR), reasons: LIST(VARCHAR), raws: LIST(VARCHAR) },
  )
}

/** Bytes within records of the file just read that the reader could not split, and what it says of each. */
export async function tornRecords(db: DuckDBConnection): Promise<Map<number, string>> {
  const torn = await rowsOf(
    db,
    `select line_byte_position as byte, min(error_type) as kind from reject_errors group by line_byte_position order by line_byte_position limit ${mostRejects + 1}`,
  )
  return new Map(torn.map((row) => [Number(row['byte']), String(row['kind'])]))
}

function tornReason(kind: string): string {
  if (kind === 'MISSING COLUMNS') return 'the row has fewer columns than the header'
  if (kind === 'TOO MANY COLUMNS') return 'the row has more columns than the header'
  if (kind === 'UNQUOTED VALUE') return 'the row has a quotation mark that is not closed'
  return `the row cannot be read (${kind.toLowerCase()})`
}
