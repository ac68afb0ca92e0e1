import { readFileSync } from 'node:fs'
import { CsvError, parse } from 'csv-parse/sync'

/** The line ends of files that people write. Left to itself the reader takes the first for all, and miscounts the others. */
export const lineEnds = ['\r\n', '\n', '\r']

export interface CsvCell {
  readonly text: string
  /** Where it begins in its line, from 1. */
  readonly column: number
}

export interface CsvLine {
  readonly cells: readonly CsvCell[]
  readonly line: number
}

/** What tells a fault of a file: a code without its area, a place, and what is wrong with its remedy. */
export type Tell = (code: string, line: number, column: number, message: string) => void

/**
 * The lines of a CSV file that people write, cells as text; undefined, and told, where it cannot be read as one.
 * @param delimiters each of which ends a cell
 */
export function readCsvLines(path: string, tell: Tell, delimiters = [',', ';', '\t']): CsvLine[] | undefined {
  try {
    const read = parse(readFileSync(path), {
      bom: true,
      delimiter: delimiters,
      info: true,
      raw: true,
      record_delimiter: lineEnds,
      relax_column_count: true,
      trim: true,
    }) as unknown as { record: string[]; info: { lines: number }; raw: string }[]
    return read.map(({ record, info, raw }) => ({
      cells: record.map((text, at) => ({ text, column: columnOf(raw, at, delimiters) })),
      line: info.lines,
    }))
  } catch (error) {
    if (error instanceof CsvError)
      tell('unreadable', Number((error as { lines?: number }).lines ?? 1), 1, `${error.message}. Save it again as CSV`)
    else tell('unreadable', 1, 1, `cannot be read (${(error as NodeJS.ErrnoException).code}). It must be a CSV file`)
    return undefined
  }
}

/** Where a cell begins in the text of its record, from 1. */
function columnOf(raw: string, at: number, delimiters: readonly string[]): number {
  let quoted = false
  let before = 0
  for (let place = 0; place < raw.length && before < at; place += 1) {
    if (raw[place] === '"') quoted = !quoted
    if (!quoted && delimiters.includes(raw[place] as string)) before += 1
    if (before === at) return place + 2
  }
  return 1
}
