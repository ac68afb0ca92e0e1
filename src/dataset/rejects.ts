import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { Refusal } from '../refusal.ts'
import type { Prepared } from './intake.ts'
import { rowsOf } from './loading.ts'
import { placesIn, type Table } from './places.ts'
import { type Delimited, type TornRecord, tornRecords } from './records.ts'

const mostRejects = 100_000

/**
 * Put the torn records of a file, and rows that could not be understood, into `rejects`.
 * @throws Refusal where there are more than anyone would read
 */
export async function rejectRows(db: DuckDBConnection, table: Table, torn: readonly TornRecord[]): Promise<void> {
  const bad = await rowsOf(
    db,
    `select rowid - ${table.first} as position, reason from staged where rowid >= ${table.first} and reason is not null order by rowid limit ${mostRejects + 1}`,
  )
  if (bad.length === 0 && torn.length === 0) return
  const places = await placesIn(
    db,
    table,
    bad.map((row) => Number(row['position'])),
  )
  const found: { line: number | null; reason: string; raw: string }[] = [
    ...bad.map((row) => {
      const place = places.get(Number(row['position']))
      return { line: place?.line ?? null, reason: String(row['reason']), raw: place?.raw ?? '' }
    }),
    ...torn.map(({ line, reason, raw }) => ({ line: line + table.headerLine - 1, reason, raw })),
  ]
  if (found.length > mostRejects) {
    const first = found[0] as (typeof found)[number]
    throw tooMany(table.file, first.line, first.reason)
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

/**
 * The torn records of a file.
 * @throws Refusal where there are more than anyone would read
 */
export async function tornRows(file: Prepared, split: Delimited): Promise<TornRecord[]> {
  const torn = await tornRecords(file.path, split, mostRejects)
  const [first] = torn
  if (first && torn.length > mostRejects)
    throw tooMany(file.name, first.line + (file.headerLine ?? 1) - 1, first.reason)
  return torn
}

const tooMany = (file: string, line: number | null, reason: string) =>
  new Refusal(
    'refused',
    'load/rejects',
    `${file}: more than ${mostRejects} rows cannot be read, the first${line === null ? '' : ` on line ${line}`}: ${reason}. The file is probably not what its header says, or the mapping does not fit`,
  )
