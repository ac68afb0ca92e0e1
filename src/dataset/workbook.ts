import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import { type CellValue, HucreError } from 'hucre'
import { readXlsx, type StreamRow, streamXlsxRows } from 'hucre/xlsx'
import { Refusal } from '../refusal.ts'

/** Where the tables stand in a workbook, as a mapping says. */
export interface SheetChoice {
  /** Names of sheets; where left out the only visible one that has anything in it. */
  readonly sheets: readonly string[] | undefined
  /** The row with the names of the columns, from 1. */
  readonly header_row: number | undefined
}

/** Larger workbooks are no tables that a person has looked at: the sheet as CSV is read without this bound. */
const largest = 200_000_000

const refuse = (code: string, message: string) => new Refusal('refused', `intake/${code}`, message)

/**
 * Write sheets of a workbook as CSV whose lines are the sheet's rows from the header on, and give each with the row that
 * its header stands in. Dates are written as days, numbers in full, results of formulas as they were last saved. A merged
 * cell has its value in its first cell, and nothing in the others, as the file has it.
 * @throws Refusal where the sheet or its header is not certain
 */
export async function* sheetsOf(
  file: string,
  folder: string,
  choice: SheetChoice,
): AsyncGenerator<{ name: string; path: string; headerLine: number }> {
  if ((await stat(file)).size > largest)
    throw refuse('workbook', `${file}: a workbook of more than ${largest / 1_000_000} MB. Save the sheet as CSV`)
  const book = await readFile(file)
  const rows = (sheet: string) => readable(file, streamXlsxRows(book, { sheet }))
  const headerLine = choice.header_row ?? 1
  for (const sheet of await chosen(file, book, choice.sheets, rows)) {
    const name = `${basename(file)}/${sheet}`
    const path = join(folder, `sheet-${randomUUID()}`)
    await pipeline(Readable.from(records(name, rows(sheet), headerLine)), stringify(), createWriteStream(path))
    yield { name, path, headerLine }
  }
}

/** Rows of a sheet; what the library cannot read is the file's fault. */
async function* readable(file: string, rows: AsyncIterable<StreamRow>): AsyncGenerator<StreamRow> {
  try {
    yield* rows
  } catch (error) {
    throw unreadable(file, error)
  }
}

function unreadable(file: string, error: unknown): unknown {
  if (!(error instanceof HucreError)) return error
  return refuse(
    'workbook',
    `${file}: cannot be read as a workbook (${error.message}). Save it again, or the sheet as CSV`,
  )
}

/** Names of the sheets to read. */
async function chosen(
  file: string,
  book: Uint8Array,
  wanted: readonly string[] | undefined,
  rows: (sheet: string) => AsyncIterable<StreamRow>,
): Promise<readonly string[]> {
  const all: { name: string; hidden: boolean }[] = []
  await readXlsx(book, {
    sheets: ({ name, hidden, veryHidden }) => {
      all.push({ name, hidden: hidden === true || veryHidden === true })
      return false
    },
  }).catch((error: unknown) => {
    throw unreadable(file, error)
  })
  const listed = all.map(({ name }) => `"${name}"`).join(', ')
  const missing = wanted?.find((name) => !all.some((one) => one.name === name))
  if (missing !== undefined) throw refuse('sheet', `${file}: no sheet "${missing}". It has ${listed}`)
  if (wanted) return wanted
  const filled: string[] = []
  for (const { name } of all.filter(({ hidden }) => !hidden))
    for await (const { values } of rows(name)) {
      if (values.every((value) => textOf(value) === '')) continue
      filled.push(name)
      break
    }
  if (filled.length === 1) return filled
  throw filled.length === 0
    ? refuse('sheet', `${file}: nothing in any visible sheet (${listed})`)
    : refuse(
        'sheet',
        `${file}: ${filled.length} sheets, ${filled.map((name) => `"${name}"`).join(', ')}: which? Say sheets: ["${filled[0]}"] in the mapping`,
      )
}

/** A sheet's rows from its header on, an empty list for each row without anything in it. */
async function* records(name: string, rows: AsyncIterable<StreamRow>, headerLine: number): AsyncGenerator<string[]> {
  let header: readonly string[] | undefined
  let last = headerLine
  for await (const { index, values } of rows) {
    const line = index + 1
    const cells = values.map(textOf)
    if (line < headerLine || cells.every((cell) => cell === '')) continue
    if (header === undefined) {
      if (line > headerLine) break
      header = headerOf(name, cells, line)
      yield [...header]
      continue
    }
    if (last === headerLine) checkBelow(name, header, cells, headerLine, line)
    for (let empty = last + 1; empty < line; empty += 1) yield []
    last = line
    yield header.map((_, column) => cells[column] ?? '')
  }
  if (header === undefined)
    throw refuse(
      'header',
      `${name}, line ${headerLine}: an empty row, where the names of the columns should stand. Say header_row in the mapping`,
    )
}

/** The names in a header row, up to the last. */
function headerOf(name: string, cells: readonly string[], line: number): readonly string[] {
  const names = cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1)
  if (names.filter((cell) => cell !== '').length < 2)
    throw refuse(
      'header',
      `${name}, line ${line}: "${names.join('').slice(0, 60)}" is a title, no header. Say in which row the names of the columns stand: header_row in the mapping`,
    )
  return names
}

/** A name over several columns is a merged cell, and leaves all but the first without one. */
function checkBelow(
  name: string,
  header: readonly string[],
  cells: readonly string[],
  headerLine: number,
  line: number,
) {
  const first = header.findIndex((cell) => cell !== '')
  const unnamed = cells.findIndex(
    (cell, column) => cell !== '' && column > first && column <= header.length && (header[column] ?? '') === '',
  )
  if (unnamed > 0)
    throw refuse(
      'header',
      `${name}, line ${headerLine}: column ${unnamed + 1} has no name, and "${cells[unnamed]?.slice(0, 30)}" in line ${line}: a merged header? Give each column its name, or say header_row: ${line} in the mapping`,
    )
}

/** A cell as the text that CSV would have, in one line. */
function textOf(value: CellValue | undefined): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString().slice(0, 10)
  return String(value)
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .trim()
}
