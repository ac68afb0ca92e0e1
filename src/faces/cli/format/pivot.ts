import type { Pivot } from '../../../analyses/analysis.ts'
import type { Cell } from '../../../engine/engine.ts'
import { economyName } from '../../../reference/economies.ts'
import { scaled } from '../../../wording.ts'
import { formatCell, type TableColumn } from '../../cell.ts'
import { displayWidth, wrapped } from './table.ts'

/** The columns that a pivot is made of. */
export const pivotColumns = ({ sections, rows, across, head, cells }: Pivot): readonly string[] => [
  ...new Set([...sections, ...rows, across, head, cells]),
]

/** What tells whether two long rows become one. */
export function keyOf(pivot: Pivot, names: readonly string[], row: readonly Cell[]): string {
  return JSON.stringify([...pivot.sections, pivot.rows[0] ?? ''].map((name) => String(row[names.indexOf(name)])))
}

/** One row of the pivot: its section, its own values, and what stands under each head. */
interface Wide {
  readonly section: string
  readonly own: readonly string[]
  readonly under: ReadonlyMap<string, string>
}

/**
 * Long rows with one column's values side by side, no wider than `width`: heads broken at their underscores, sections
 * titled, the methods' words explained at the end. From the right those columns are left out that do not fit.
 */
export function pivoted(
  columns: readonly TableColumn[],
  rows: readonly (readonly Cell[])[],
  pivot: Pivot,
  currency: string,
  width: number,
): { readonly lines: readonly string[]; readonly leftOut: readonly string[] } {
  const names = columns.map((column) => column.name)
  const cell = (row: readonly Cell[], name: string) => row[names.indexOf(name)] ?? null
  const written = (row: readonly Cell[], name: string) => {
    const column = columns[names.indexOf(name)] as TableColumn
    const value = cell(row, name)
    return value !== null && currency !== '' && column.unit === currency
      ? scaled(Number(value))
      : formatCell(value, column)
  }
  const titled = (row: readonly Cell[]) =>
    pivot.sections
      .map((name) =>
        columns[names.indexOf(name)]?.unit === 'economy' ? economyName(String(cell(row, name))) : written(row, name),
      )
      .join(', ')

  const heads = new Map<string, string>()
  const wide: Wide[] = []
  let last: string | undefined
  let under = new Map<string, string>()
  for (const row of rows) {
    const key = keyOf(pivot, names, row)
    if (key !== last) {
      under = new Map()
      wide.push({ section: titled(row), own: pivot.rows.map((name) => written(row, name)), under })
    }
    last = key
    const head = written(row, pivot.head)
    heads.set(head, written(row, pivot.across))
    const word = written(row, pivot.cells)
    under.set(head, pivot.marks[word] ?? word)
  }

  const right = (name: string) => ['integer', 'number'].includes(columns[names.indexOf(name)]?.type ?? 'text')
  const drawn = [
    ...pivot.rows.map((name, place) => ({
      head: name.replaceAll('_', '_\n').split('\n'),
      right: right(name),
      gap: 2,
      texts: wide.map((row) => row.own[place] ?? ''),
    })),
    ...[...heads.keys()].map((head, place) => ({
      head: [head],
      right: false,
      gap: place === 0 ? 2 : 1,
      texts: wide.map((row) => row.under.get(head) ?? '–'),
    })),
  ].map((column) => ({
    ...column,
    width: [...column.head, ...column.texts].reduce((widest, text) => Math.max(widest, displayWidth(text)), 0),
  }))
  const total = () => drawn.reduce((sum, column, place) => sum + column.width + (place === 0 ? 0 : column.gap), 0)
  const leftOut: string[] = []
  while (drawn.length > pivot.rows.length && total() > width) leftOut.unshift(drawn.pop()?.head.join('') ?? '')

  const line = (texts: readonly string[]) =>
    drawn
      .map((column, place) => {
        const text = texts[place] ?? ''
        const pad = ' '.repeat(Math.max(0, column.width - displayWidth(text)))
        return ' '.repeat(place === 0 ? 0 : column.gap) + (column.right ? pad + text : text + pad)
      })
      .join('')
      .trimEnd()
  const depth = Math.max(...drawn.map((column) => column.head.length))
  const head = Array.from({ length: depth }, (_, at) =>
    line(drawn.map((column) => column.head[at - depth + column.head.length] ?? '')),
  )
  const body = wide.flatMap((row, at) => [
    ...(row.section === wide[at - 1]?.section ? [] : ['', row.section]),
    line(drawn.map((column) => column.texts[at] ?? '')),
  ])
  const legend = [...heads].map(([one, name]) => `${one} ${name}`).join(', ')
  return {
    lines:
      wide.length === 0 ? [] : [...head, ...body, '', ...wrapped('', `${legend}; ${pivot.legend}`, width).split('\n')],
    leftOut,
  }
}
