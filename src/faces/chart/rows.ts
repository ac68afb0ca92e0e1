import { largestOf, written } from './measures.ts'
import { c, columnOf, fitted, type Key, label, type Placed, type Sheet, textWidth } from './sheet.ts'

/** The words of one row of a chart of rows. */
export interface RowWords {
  readonly name: string
  /** What tells it apart where its name, cut to its room, is that of another row as well. */
  readonly code: string
  readonly value: string
  readonly beside: string
  readonly bold: boolean
}

/** What stands beside a row of one of its columns; a count with the name of what is counted. */
export function asideOf(sheet: Sheet, column: string, { row }: Placed): string[] {
  const cell = row[column]
  if (cell === null || cell === undefined) return []
  const words = written(sheet.charted, column, cell)
  return [columnOf(sheet, column)?.unit === 'count' ? `of ${words} ${column}` : words]
}

/** Rows below one another: wide has words left of the picture, narrow above each. */
export interface RowsFrame {
  readonly left: number
  /** Where the picture ends, where figures end, where the words beside begin. */
  readonly edge: number
  readonly figures: number
  readonly beside: number
  readonly top: number
  readonly step: number
  readonly height: number
  readonly middle: (place: number) => number
  readonly words: (place: number) => string
}

/**
 * Room for rows, each with its name, a figure and words beside it.
 * @param every the rows of all parts: room is made for them, so that parts have one scale
 */
export function rowsFrame(
  { width, narrow }: Sheet,
  rows: readonly RowWords[],
  top: number,
  every: readonly RowWords[] = rows,
): RowsFrame {
  const widest = (texts: readonly { text: string; bold: boolean }[]) =>
    largestOf(
      texts.map(({ text, bold }) => textWidth(text, 13, bold)),
      0,
    )
  const step = narrow ? 40 : 25
  const left = narrow ? 4 : Math.min(width * 0.4, widest(every.map(({ name, bold }) => ({ text: name, bold }))) + 10)
  const room = widest(every.map(({ value, bold }) => ({ text: value, bold }))) + 12
  const words = narrow ? 0 : Math.min(width * 0.28, widest(every.map(({ beside }) => ({ text: beside, bold: false }))))
  const figures = width - (words > 0 ? words + 14 : 0)
  const y = (place: number) => top + place * step + (narrow ? 10 : step / 2)
  const middle = (place: number) => top + place * step + (narrow ? 28 : step / 2)
  const besideOf = ({ beside }: RowWords) => (narrow ? Math.min(textWidth(beside), width * 0.45) : words)
  const cut = (row: RowWords, name: string) =>
    fitted(name, narrow ? width - besideOf(row) - 12 : left - 10, 13, row.bold)
  const cuts = rows.map((row) => cut(row, row.name))
  const written = (place: number) => {
    const row = rows[place] as RowWords
    const { value, beside, bold } = row
    const aside = besideOf(row)
    const twice = cuts.filter((one) => one === cuts[place]).length > 1
    const name = twice ? cut(row, `${row.code} ${row.name}`) : (cuts[place] as string)
    const named = narrow ? label(name, 0, y(place), { bold }) : label(name, left - 8, y(place), { anchor: 'end', bold })
    const next =
      beside === ''
        ? ''
        : narrow
          ? label(fitted(beside, aside + 1), width, y(place), { anchor: 'end', fill: 'var(--muted)' })
          : label(fitted(beside, words + 1), figures + 14, y(place), { fill: 'var(--muted)' })
    return `<g data-row="${place}">${named}${label(value, figures, middle(place), { anchor: 'end', bold })}${next}</g>`
  }
  return {
    left,
    edge: figures - room,
    figures,
    beside: figures + 14,
    top,
    step,
    height: top + step * rows.length + 8,
    middle,
    words: written,
  }
}

/** Squares of colour with what they mean, one after the other, in as many lines as they need. */
export function drawnKeys(
  entries: readonly Key[],
  width: number,
  top: number,
): { readonly body: string; readonly height: number } {
  let x = 0
  let y = top + 9
  const body = entries.map(({ fill, says, round, hollow, dashed }) => {
    const wide = 16 + textWidth(says, 12) + 16
    if (x > 0 && x + wide > width) {
      x = 0
      y += 18
    }
    const dashes = dashed ? ' stroke-dasharray="3 2"' : ''
    const paint = hollow ? `fill="var(--ground)" stroke="${fill}" stroke-width="1.5"${dashes}` : `fill="${fill}"`
    const edge = hollow ? '' : ' stroke="var(--rule-strong)" stroke-width="0.5"'
    const shape = round
      ? `<circle cx="${Math.round(x + 5.5)}" cy="${y}" r="${hollow ? 4.2 : 5}" ${paint}/>`
      : `<rect x="${Math.round(x) + 0.7}" y="${y - 4.7}" width="9.4" height="9.4" ${paint}${edge}/>`
    const text = label(says, x + 16, y, { size: 12, fill: 'var(--muted)' })
    x += wide
    return shape + text
  })
  return { body: body.join(''), height: entries.length === 0 ? 0 : y + 9 - top }
}

/** A threshold over rows: one rule, or on phones a piece at each row, so that it crosses no words; with its words above. */
export function rowsLimit({ width, narrow }: Sheet, frame: RowsFrame, rows: number, x: number, words: string): string {
  const pieces = narrow
    ? Array.from({ length: rows }, (_, place) => `M${c(x)},${c(frame.middle(place) - 9)}v18`).join('')
    : `M${c(x)},${frame.top - 2}V${c(frame.height - 8)}`
  const half = textWidth(words, 12) / 2
  return `<path d="${pieces}" stroke="var(--text)" stroke-width="1.5" stroke-dasharray="3 3"/>${label(words, Math.max(half, Math.min(x, width - half)), 9, { anchor: 'middle', size: 12 })}`
}
