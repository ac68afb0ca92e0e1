import { useEffect, useRef, useState } from 'preact/hooks'
import type { Row } from '../api.ts'
import { grouped } from '../words.ts'
import type { ViewColumn } from './view.ts'
import { manyRows, useVirtual } from './virtual.ts'

/** While paper is printed every row is in the page. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false)
  useEffect(() => {
    const [before, after] = [() => setPrinting(true), () => setPrinting(false)]
    addEventListener('beforeprint', before)
    addEventListener('afterprint', after)
    return () => {
      removeEventListener('beforeprint', before)
      removeEventListener('afterprint', after)
    }
  }, [])
  return printing
}

/** The cells of a row, as a table of any length has them. */
export function Cells({ columns, row }: { columns: readonly ViewColumn[]; row: Row }) {
  return (
    <>
      {columns.map((column, place) => {
        const code = column.code?.(row)
        const text = column.text(row)
        return (
          <td
            key={column.id}
            role="cell"
            class={[column.numeric ? 'num' : '', column.long ? 'long' : '', place === 0 ? 'first' : '']
              .join(' ')
              .trim()}
            data-name={column.title}
            title={column.full?.(row)}
          >
            <span>
              <span>{text}</span>
              {code ? <small>{code}</small> : null}
            </span>
          </td>
        )
      })}
    </>
  )
}

interface TableProps {
  readonly caption: string
  readonly columns: readonly ViewColumn[]
  readonly rows: readonly Row[]
  readonly sort: string
  readonly onSort: (column: ViewColumn) => void
}

function Head({ columns, sort, onSort }: Pick<TableProps, 'columns' | 'sort' | 'onSort'>) {
  return (
    <thead role="rowgroup">
      <tr role="row" aria-rowindex={1}>
        {columns.map((column) => {
          const sorted = sort === column.id ? 'ascending' : sort === `-${column.id}` ? 'descending' : undefined
          return (
            <th key={column.id} role="columnheader" scope="col" class={column.numeric ? 'num' : ''} aria-sort={sorted}>
              <button type="button" title={column.meaning} onClick={() => onSort(column)}>
                {column.title}
              </button>
              <b class="printed">{column.title}</b>
              {column.unit !== '' && <span class="unit">{column.unit}</span>}
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

/** All rows, of which only those in view are in the page where they are many. */
export function Table({ caption, columns, rows, sort, onSort }: TableProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const printing = usePrinting()
  const many = rows.length > manyRows && !printing
  const { items, before, behind, measure } = useVirtual(scroller, rows.length, 44)
  const shown = many ? items.map(({ index }) => index) : rows.map((_, index) => index)
  const widths = columns.map((column) => widthOf(column, rows))
  const total = widths.reduce((sum, width) => sum + width, 0)
  return (
    <section
      class={many ? 'scroll tall' : rows.length > 30 ? 'scroll tall-where-wide' : 'scroll'}
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
      tabIndex={0}
      aria-label={caption}
    >
      <table
        role="table"
        class={many ? 'data fixed' : 'data'}
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length}
        style={many ? { minWidth: `${total}ch` } : undefined}
      >
        <caption class="unseen">
          {caption}, {grouped(rows.length)} rows
        </caption>
        {many && (
          <colgroup>
            {columns.map((column, place) => (
              <col key={column.id} style={{ width: `${((widths[place] ?? 0) / total) * 100}%` }} />
            ))}
          </colgroup>
        )}
        <Head columns={columns} sort={sort} onSort={onSort} />
        <tbody role="rowgroup">
          {many && before > 0 && <Gap height={before} />}
          {shown.map((index) => (
            <tr key={index} role="row" aria-rowindex={index + 2} data-index={index} ref={many ? measure : null}>
              <Cells columns={columns} row={rows[index] as Row} />
            </tr>
          ))}
          {many && behind > 0 && <Gap height={behind} />}
        </tbody>
      </table>
    </section>
  )
}

/** Rows out of view, as the space that they take. */
const Gap = ({ height }: { height: number }) => (
  <tr class="gap" aria-hidden="true" style={{ height: `${height}px` }}>
    <td />
  </tr>
)

/** Letters that a column takes, from its title and a sample of its rows: so that no width changes while one scrolls. */
function widthOf(column: ViewColumn, rows: readonly Row[]): number {
  const step = Math.max(1, Math.floor(rows.length / 200))
  let widest = Math.max(column.title.length, Math.min(column.unit.length, 12)) + 2
  for (let at = 0; at < rows.length; at += step) widest = Math.max(widest, column.text(rows[at] as Row).length + 1)
  return Math.min(widest, column.long ? 60 : 34) + 2
}
