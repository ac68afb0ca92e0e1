import { scaled, valuationSaid } from '../../../wording.ts'
import { formatCell } from '../../cell.ts'
import type { Answer, Cell, Column, Pivot, Row } from '../api.ts'
import { capital, readable } from '../words.ts'

/** A column as a reader sees it. */
export interface ViewColumn {
  /** Its name, or `across:` and the value that it stands for. */
  readonly id: string
  readonly title: string
  /** Beneath the title: in what it is measured. */
  readonly unit: string
  readonly meaning: string
  readonly numeric: boolean
  /** It stands for one of the values that are shown side by side. */
  readonly beside?: boolean
  /** It is read, not scanned. */
  readonly long: boolean
  readonly value: (row: Row) => Cell
  readonly text: (row: Row) => string
  /** The code beside a name. */
  readonly code?: (row: Row) => string
  /** The full figure behind a short one. */
  readonly full?: (row: Row) => string
}

export interface View {
  readonly columns: readonly ViewColumn[]
  readonly rows: readonly Row[]
  readonly legend: string
}

const unworded = [
  'share 0-1',
  'relative change',
  'difference of shares',
  'text',
  'sentence',
  'words',
  'economy',
  'economies',
  'product',
  'period',
  'class',
  'verdict',
  'boolean',
  'yes or no',
]

/** A verdict has a shape besides its word. */
const shapes: Readonly<Record<string, string>> = {
  critical: '▲',
  'not critical': '○',
  undetermined: '◆',
  concentrated: '▲',
  'not concentrated': '○',
}

function viewColumn(column: Column, answer: Pick<Answer, 'names' | 'dataset'>): ViewColumn {
  const { name, unit, type, description } = column
  const { currency = '', valuation = '' } = answer.dataset ?? {}
  const value = (row: Row) => row[name] ?? null
  const money = currency !== '' && unit === currency
  const plain = (row: Row) => formatCell(value(row), column)
  const called = (row: Row) => answer.names[String(value(row))]
  const named = unit === 'economy' || unit === 'product' || name === 'product'
  const several = (row: Row) =>
    plain(row)
      .split(', ')
      .map((code) => answer.names[code] ?? code)
      .join(', ')
  const worded = unit === 'verdict' || unit === 'class'
  return {
    id: name,
    title: capital(readable(name)),
    unit: money
      ? [currency, 'current', valuationSaid(valuation)].filter(Boolean).join(', ')
      : unworded.includes(unit) || unit === readable(name)
        ? ''
        : unit,
    meaning: description,
    numeric: (type === 'integer' || type === 'number') && unit !== 'period',
    long: unit === 'sentence' || unit === 'words',
    value,
    text: money
      ? (row) => (value(row) === null ? '–' : scaled(Number(value(row))))
      : named
        ? (row) => called(row) ?? plain(row)
        : unit === 'economies'
          ? several
          : worded
            ? (row) => [shapes[String(value(row))] ?? '', plain(row)].filter(Boolean).join(' ')
            : plain,
    ...(named ? { code: (row: Row) => (called(row) === undefined ? '' : String(value(row))) } : {}),
    ...(money ? { full: plain } : {}),
  }
}

/** The answer in the columns named, in their order. */
export function plainView(answer: Answer, names: readonly string[]): View {
  const columns = names.flatMap((name) => {
    const column = answer.columns.find((one) => one.name === name)
    return column ? [viewColumn(column, answer)] : []
  })
  return { columns, rows: answer.rows, legend: '' }
}

const across = 'across:'

/** Long rows with one column's values side by side, a row for each that its keys tell apart. */
export function pivotedView(answer: Answer, pivot: Pivot): View {
  const heads = new Map<string, string>()
  const wide = new Map<string, Record<string, Cell>>()
  for (const row of answer.rows) {
    const key = JSON.stringify([...pivot.sections, pivot.rows[0] ?? ''].map((name) => row[name]))
    const known =
      wide.get(key) ?? Object.fromEntries([...pivot.sections, ...pivot.rows].map((name) => [name, row[name] ?? null]))
    const head = String(row[pivot.head])
    heads.set(head, String(row[pivot.across]))
    known[across + head] = row[pivot.cells] ?? null
    wide.set(key, known)
  }
  const rows = [...wide.values()]
  const own = answer.columns.filter(({ name }) => pivot.rows.includes(name) || pivot.sections.includes(name))
  const order = [...pivot.sections, ...pivot.rows]
  const columns = order.flatMap((name) => {
    const column = own.find((one) => one.name === name)
    return column ? [viewColumn(column, answer)] : []
  })
  const beside = [...heads].map(([head, name]): ViewColumn => {
    const value = (row: Row) => row[across + head] ?? null
    const word = (row: Row) => String(value(row) ?? '–')
    return {
      id: across + head,
      beside: true,
      title: head,
      unit: '',
      meaning: readable(name),
      numeric: false,
      long: false,
      value,
      text: (row) => pivot.marks[word(row)] ?? word(row),
    }
  })
  const legend = [...heads].map(([head, name]) => `${head} ${name}`).join(', ')
  return { columns: [...columns, ...beside], rows, legend: `${legend}; ${pivot.legend}.` }
}

/** The rows of some values of a column; all of them where none is asked for, or where they have no such column. */
export function viewWithin(
  view: View,
  within: { readonly column: string; readonly values: ReadonlySet<string> } | undefined,
): View {
  if (!within || !view.rows.some((row) => within.column in row)) return view
  return { ...view, rows: view.rows.filter((row) => within.values.has(String(row[within.column]))) }
}

const order = new Intl.Collator('en', { numeric: true })

/** Rows with a text in some cell, in the order asked for; what is unknown stands last either way. */
export function chosenRows({ columns, rows }: View, sort: string, search: string): readonly Row[] {
  const wanted = search.trim().toLowerCase()
  const found =
    wanted === ''
      ? rows
      : rows.filter((row) =>
          columns.some((column) => `${column.text(row)} ${column.code?.(row) ?? ''}`.toLowerCase().includes(wanted)),
        )
  const column = columns.find(({ id }) => id === sort.replace(/^-/, ''))
  if (!column) return found
  const down = sort.startsWith('-') ? -1 : 1
  return found.toSorted((a, b) => {
    const [x, y] = [column.value(a), column.value(b)]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    if (typeof x === 'number' && typeof y === 'number') return down * (x - y)
    return down * (column.numeric ? Number(x) - Number(y) : order.compare(column.text(a), column.text(b)))
  })
}

/** The sort that a choice of a column leads to: numbers from the largest, names from the first, then back, then none. */
export function nextSort(current: string, { id, numeric }: ViewColumn): string | undefined {
  const [first, second] = numeric ? [`-${id}`, id] : [id, `-${id}`]
  return current === first ? second : current === second ? undefined : first
}
