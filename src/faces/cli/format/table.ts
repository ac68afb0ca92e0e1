import type { Cell } from '../../../engine/engine.ts'
import { formatCell, printable, type TableColumn } from '../../cell.ts'

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u

/** Places that a text takes in a terminal: marks none, wide letters of East Asia two. */
export function displayWidth(text: string): number {
  let width = 0
  for (const letter of text) if (!/\p{Mark}/u.test(letter)) width += wide.test(letter) ? 2 : 1
  return width
}

const widest = 40

/** The unit of columns that are read, not scanned: they stand beneath their row, in lines of their own. */
const sentence = 'sentence'

/** A column's name in lines that are no wider than its cells, as far as its words allow. */
function headLines(name: string, cells: number): string[] {
  const words = name.split(/(?<=_)/)
  const room = Math.max(cells, ...words.map(displayWidth))
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last !== undefined && displayWidth(last + word) <= room) lines[lines.length - 1] = last + word
    else lines.push(word)
  }
  return lines
}

/**
 * Rows as lines no wider than `width`. Columns without a value are dropped. Where the others do not fit, texts that are
 * the same in every row are said once above, then names are broken at their words, and columns that still do not fit are
 * dropped from the right. Sentences stand beneath their row, or once above where all are the same.
 */
export function table(
  columns: readonly TableColumn[],
  rows: readonly (readonly Cell[])[],
  width: number,
): { readonly lines: readonly string[]; readonly leftOut: readonly string[] } {
  const filled = columns
    .map((column, place) => ({ column, place }))
    .filter(({ place }) => rows.length === 0 || rows.some((row) => row[place] !== null))
  const drawn = filled
    .filter(({ column }) => column.unit !== sentence)
    .map(({ column, place }) => {
      const cells = rows.map((row) => formatCell(row[place] ?? null, column))
      const held = Math.max(0, ...cells.map(displayWidth))
      return {
        column,
        cells,
        held,
        head: [column.name],
        width: Math.min(widest, Math.max(displayWidth(column.name), held)),
      }
    })
  const taken = () => drawn.reduce((sum, column) => sum + column.width + 2, -2)
  const same: string[] = []
  for (const one of taken() > width && rows.length > 1 ? [...drawn] : []) {
    const [cell] = one.cells
    const text = one.column.type === 'text' || one.column.unit === 'period'
    if (taken() <= width || !text || cell === undefined || !one.cells.every((other) => other === cell)) continue
    same.push(`${one.column.name}: ${cell}`)
    drawn.splice(drawn.indexOf(one), 1)
  }
  for (const one of taken() > width ? drawn : []) {
    one.head = headLines(one.column.name, one.held)
    one.width = Math.min(widest, Math.max(one.held, ...one.head.map(displayWidth)))
  }
  const leftOut: string[] = []
  while (drawn.length > 2 && taken() > width) leftOut.unshift(drawn.pop()?.column.name ?? '')
  const line = (texts: readonly string[]) =>
    drawn
      .map(({ column, width }, place) => {
        const text = texts[place] ?? ''
        const short = displayWidth(text) > width ? `${text.slice(0, width - 1)}…` : text
        const gap = ' '.repeat(Math.max(0, width - displayWidth(short)))
        const right = (column.type === 'integer' || column.type === 'number') && column.unit !== 'period'
        return right ? gap + short : short + gap
      })
      .join('  ')
      .trimEnd()
  // A sentence that is the same in most rows, and no other in the rest, is said once.
  const read = filled.filter(({ column, place }) => {
    if (column.unit !== sentence) return false
    const told = rows.flatMap((row) => row[place] ?? [])
    const repeated = told.length > 1 && 2 * told.length > rows.length && told.every((one) => one === told[0])
    if (repeated) same.push(`${column.name}${told.length < rows.length ? ' of those that have any' : ''}: ${told[0]}`)
    return !repeated
  })
  const heads = Math.max(0, ...drawn.map(({ head }) => head.length))
  return {
    lines: [
      ...(same.length > 0 ? [...wrapped('', same.join(' · '), width).split('\n'), ''] : []),
      ...Array.from({ length: heads }, (_, at) => line(drawn.map(({ head }) => head[head.length - heads + at] ?? ''))),
      ...rows.flatMap((row, at) => [
        line(drawn.map(({ cells }) => cells[at] ?? '')),
        ...read.flatMap(({ place }) =>
          row[place] == null ? [] : wrapped('    ', String(row[place]), width).split('\n'),
        ),
      ]),
    ],
    leftOut,
  }
}

/** A text in lines of at most `width`; the first begins with the mark, the others are indented as far. */
export function wrapped(mark: string, text: string, width: number): string {
  const lines: string[] = []
  let line = mark
  // A number and its unit stay together.
  for (const word of printable(text).split(/ (?!(?:%|tn|bn|m|k|points)(?![\p{L}\d]))/u)) {
    const empty = line.length <= mark.length
    if (!empty && displayWidth(line) + displayWidth(word) + 1 > width) {
      lines.push(line)
      line = ' '.repeat(mark.length) + word
    } else line += empty ? word : ` ${word}`
  }
  return [...lines, line].join('\n')
}
