import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { Refusal } from '../refusal.ts'
import type { Prepared } from './intake.ts'
import { type Header, recordPlaces } from './layout.ts'
import { rowsOf } from './loading.ts'

const mostRejects = 100_000

/** Rows of a file that the reader could not split and rows that could not be understood, with their lines. */
export async function rejectRows(
  db: DuckDBConnection,
  file: Prepared,
  delimited: Header['delimited'],
  before: number,
  onePerRecord: boolean,
): Promise<void> {
  const bad = await rowsOf(
    db,
    `select rowid - ${before} as position, reason from staged where rowid >= ${before} and reason is not null order by rowid limit ${mostRejects + 1}`,
  )
  const torn = delimited
    ? await rowsOf(
        db,
        `select line_byte_position as byte, min(error_type) as kind from reject_errors group by line_byte_position order by line_byte_position limit ${mostRejects + 1}`,
      )
    : []
  if (bad.length === 0 && torn.length === 0) return
  const wanted = new Set(bad.map((row) => Number(row['position'])))
  const bytes = torn.map((row) => Number(row['byte']))
  const places = delimited ? await recordPlaces(file.path, delimited.delimiter, wanted, bytes) : undefined
  const found: { line: number | null; reason: string; raw: string }[] = [
    ...bad.map((row) => {
      // A table with a column a period makes several rows of a record, and another format has no lines.
      const place = onePerRecord ? places?.byPosition.get(Number(row['position'])) : undefined
      return { line: place?.line ?? null, reason: String(row['reason']), raw: place?.raw ?? '' }
    }),
    ...torn.map((row) => {
      const place = places?.byByte.get(Number(row['byte']))
      return { line: place?.line ?? null, reason: tornReason(String(row['kind'])), raw: place?.raw ?? '' }
    }),
  ]
  if (found.length > mostRejects) {
    const first = found[0] as (typeof found)[number]
    throw new Refusal(
      'refused',
      'load/rejects',
      `${file.name}: more than ${mostRejects} rows cannot be read, the first${first.line === null ? '' : ` on line ${first.line}`}: ${first.reason}. The file is probably not what its header says, or the mapping does not fit`,
    )
  }
  const column = (of: (row: (typeof found)[number]) => string) => listValue(found.map(of))
  await db.run(
    `insert into rejects select $file, try_cast(unnest($lines) as bigint), unnest($reasons), unnest($raws)`,
    {
      file: file.name,
      lines: column((row) => (row.line === null ? '' : String(row.line))),
      reasons: column((row) => row.reason),
      raws: column((row) => row.raw),
    },
    { file: VARCHAR, lines: LIST(VARCHAR), reasons: LIST(VARCHAR), raws: LIST(VARCHAR) },
  )
}

function tornReason(kind: string): string {
  if (kind === 'MISSING COLUMNS') return 'the row has fewer columns than the header'
  if (kind === 'TOO MANY COLUMNS') return 'the row has more columns than the header'
  if (kind === 'UNQUOTED VALUE') return 'the row has a quotation mark that is not closed'
  return `the row cannot be read (${kind.toLowerCase()})`
}
