import { percent, periodName, points } from '../../../analyses/wording.ts'
import type { Cell } from '../../../engine/engine.ts'

/** What a table needs to know of a column. */
export interface TableColumn {
  readonly name: string
  readonly type: 'integer' | 'number' | 'text' | 'boolean'
  readonly unit: string
}

export interface Table {
  readonly lines: readonly string[]
  /** Columns that did not fit. Those that hold nothing in any row are not among them. */
  readonly leftOut: readonly string[]
}

const gap = '  '
const widestText = 40
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const hundredths = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })
const small = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 })
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u

/** Places that a text takes on a terminal: two for East Asian characters, none for combining marks. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += /\p{Mn}/u.test(character) ? 0 : wide.test(character) ? 2 : 1
  return width
}

function shortened(text: string): string {
  if (displayWidth(text) <= widestText) return text
  let kept = ''
  for (const character of text) {
    if (displayWidth(kept + character) >= widestText) break
    kept += character
  }
  return `${kept}…`
}

/** Text from a file must not steer the terminal that shows it. */
export const printable = (text: string): string => text.replace(/\p{Cc}/gu, ' ')

function numeral(value: number): string {
  const size = Math.abs(value)
  return (size >= 1000 ? whole : size < 0.01 ? small : hundredths).format(value)
}

/** One cell as a reader wants to see it, by the unit of its column. */
export function formatCell(cell: Cell, column: TableColumn): string {
  if (cell === null) return '–'
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no'
  if (typeof cell === 'string') return shortened(printable(cell))
  if (column.unit === 'period') return periodName(Number(cell))
  if (column.unit === 'share 0-1') return percent(Number(cell))
  if (column.unit === 'difference of shares') return points(Number(cell))
  if (column.unit === 'index 0-1') return Number(cell).toFixed(3)
  if (typeof cell === 'bigint' || column.type === 'integer') return whole.format(cell)
  return numeral(cell)
}

/** Rows as lines of at most `width` places; columns that hold nothing go, and what does not fit goes from the right. */
export function table(columns: readonly TableColumn[], rows: readonly (readonly Cell[])[], width: number): Table {
  const filled = columns
    .map((column, place) => ({ column, place }))
    .filter(({ place }) => rows.length === 0 || rows.some((row) => (row[place] ?? null) !== null))
  const printed = filled.map(({ column, place }) => {
    const cells = rows.map((row) => formatCell(row[place] ?? null, column))
    const right = column.type !== 'text' && column.unit !== 'period'
    const most = cells.reduce((sofar, cell) => Math.max(sofar, displayWidth(cell)), displayWidth(column.name))
    return { name: column.name, cells, right, width: most }
  })
  let taken = -gap.length
  let fitting = 0
  for (const column of printed) {
    taken += gap.length + column.width
    if (taken > width && fitting > 0) break
    fitting++
  }
  const kept = printed.slice(0, fitting)
  const line = (cellOf: (column: (typeof kept)[number]) => string) =>
    kept
      .map((column) => {
        const cell = cellOf(column)
        const blank = ' '.repeat(column.width - displayWidth(cell))
        return column.right ? blank + cell : cell + blank
      })
      .join(gap)
      .trimEnd()
  return {
    lines: [line((column) => column.name), ...rows.map((_row, place) => line((column) => column.cells[place] ?? ''))],
    leftOut: printed.slice(fitting).map((column) => column.name),
  }
}

/** A text broken at spaces into lines of at most `width` places, later lines indented like the first one's mark. */
export function wrapped(mark: string, text: string, width: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of printable(text).split(/ +/)) {
    if (line !== '' && displayWidth(`${mark}${line} ${word}`) > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  lines.push(line)
  return lines.map((one, place) => (place === 0 ? mark : ' '.repeat(mark.length)) + one).join('\n')
}
