import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

/** Characters of a row that are kept with a reject. */
export const longestRaw = 400

/** A record as it stands in the file: its first line, counted from 1, and its text. */
export interface PlacedRecord {
  readonly line: number
  readonly raw: string
}

/** How a text is split into cells, and into how many a record. */
export interface Delimited {
  readonly delimiter: string
  readonly columns: number
}

/** A record that has not the cells that its header has, by the byte at which it begins. */
export interface TornRecord extends PlacedRecord {
  readonly start: number
  readonly end: number
  readonly reason: string
}

/**
 * The records of a delimited text that have not as many cells as its columns, up to `most` and one more. The engine's
 * own list of them cannot be trusted: where the end of a long file is torn it lacks nearly all of that, and for each cell
 * that is missing or too many it takes a kilobyte of memory, whatever limit it is given.
 */
export async function tornRecords(
  path: string,
  { delimiter, columns }: Delimited,
  most: number,
): Promise<TornRecord[]> {
  const torn: TornRecord[] = []
  let header = true
  for await (const { start, end, line, raw, cells, filled, closed } of records(path, delimiter)) {
    const reason = !closed
      ? 'the row has a quotation mark that is not closed'
      : cells < columns
        ? 'the row has fewer columns than the header'
        : filled > columns
          ? 'the row has more columns than the header'
          : undefined
    if (reason !== undefined && !header) torn.push({ start, end, line, raw: raw(), reason })
    header = false
    if (torn.length > most) break
  }
  return torn
}

/** Write a text without these of its records, which are in its order. */
export async function writeWithout(torn: readonly TornRecord[], path: string, to: string): Promise<void> {
  await pipeline(without(torn, path), createWriteStream(to))
}

async function* without(torn: readonly TornRecord[], path: string): AsyncGenerator<Buffer> {
  let [offset, next] = [0, 0]
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = chunk as Buffer
    let from = 0
    for (let one = torn[next]; one && one.start < offset + bytes.length; one = torn[next]) {
      if (one.start > offset + from) yield bytes.subarray(from, one.start - offset)
      from = Math.min(one.end - offset, bytes.length)
      if (one.end > offset + bytes.length) break
      next += 1
    }
    if (from < bytes.length) yield bytes.subarray(from)
    offset += bytes.length
  }
}

/**
 * Places of records by their position among those that are not torn. The engine's own line numbers are wrong behind
 * quoted line breaks and blank lines.
 * @param torn bytes at which torn records begin
 */
export async function recordPlaces(
  path: string,
  delimiter: string,
  positions: ReadonlySet<number>,
  torn: ReadonlySet<number>,
): Promise<Map<number, PlacedRecord>> {
  const places = new Map<number, PlacedRecord>()
  // The header is the first record, and no row.
  let readable = -2
  for await (const { start, line, raw } of records(path, delimiter)) {
    if (places.size === positions.size) break
    if (torn.has(start)) continue
    readable += 1
    if (positions.has(readable)) places.set(readable, { line, raw: raw() })
  }
  return places
}

/** A record that is not blank, as it stands in the file and as the engine splits it. */
interface SplitRecord {
  /** Its bytes, blank lines before it included. */
  readonly start: number
  readonly end: number
  readonly line: number
  readonly raw: () => string
  readonly cells: number
  /** Cells up to the last that is not empty. */
  readonly filled: number
  /** Whether each quotation mark that opens a cell is closed at the cell's end. */
  readonly closed: boolean
}

async function* records(path: string, delimiter: string): AsyncGenerator<SplitRecord> {
  const [LF, CR, QUOTE, SPACE, BETWEEN] = [10, 13, 34, 32, delimiter.charCodeAt(0)]
  let offset = 0
  let start = 0
  let text = 0
  let line = 1
  let first = 1
  let empty = true
  let cells = 1
  let filled = 0
  /** In a cell: at its start, behind one space there, between quotation marks, and behind the one that closes. */
  let cellStart = true
  let spaced = false
  let quoted = false
  let behind = false
  let closed = true
  let before = 0
  let carried: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = chunk as Buffer
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] as number
      const previous = before
      before = byte
      if (byte === CR || (byte === LF && previous !== CR)) line += 1
      if (quoted) {
        // A doubled quotation mark closes and opens again.
        quoted = byte !== QUOTE
        if (quoted) filled = cells
        else behind = true
        continue
      }
      if (byte === LF || byte === CR) {
        if (!empty) {
          const end = offset + at + 1
          const from = text - offset
          const rest = bytes.subarray(Math.max(from, 0), at)
          yield {
            start,
            end,
            line: first,
            raw: () => Buffer.concat([carried, rest]).toString('utf8').slice(0, longestRaw),
            cells,
            filled: spaced ? cells : filled,
            closed,
          }
          start = end
          carried = Buffer.alloc(0)
        }
        empty = true
        cells = 1
        filled = 0
        cellStart = true
        spaced = false
        behind = false
        closed = true
        first = line
        text = offset + at + 1
        continue
      }
      empty = false
      if (byte === BETWEEN) {
        if (spaced) filled = cells
        cells += 1
        cellStart = true
        spaced = false
        behind = false
      } else if (byte === QUOTE && (cellStart || spaced || (behind && (closed || previous === QUOTE)))) {
        if (behind) filled = cells
        quoted = true
        cellStart = false
        spaced = false
      } else if (behind) {
        closed &&= byte === SPACE
      } else {
        // The engine passes over one space before a quotation mark, and no more.
        spaced = cellStart && byte === SPACE
        if (!spaced) filled = cells
        cellStart = false
      }
    }
    const from = text - offset
    if (from < bytes.length && carried.length < 4 * longestRaw) {
      carried = Buffer.concat([carried, bytes.subarray(Math.max(from, 0), Math.max(from, 0) + 4 * longestRaw)])
    }
    offset += bytes.length
  }
  // Without it the line end of the record before stays whole.
  if (!empty)
    yield {
      start: text,
      end: offset,
      line: first,
      raw: () => carried.toString('utf8').slice(0, longestRaw),
      cells,
      filled: spaced ? cells : filled,
      closed: closed && !quoted,
    }
}
