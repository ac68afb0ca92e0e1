import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type Address, changed, go } from '../address.ts'
import type { Answer, Declaration } from '../api.ts'
import { counted, grouped, readable } from '../words.ts'
import { addressOfAnswer, mostRows, type Question } from './question.ts'
import { Table } from './table.tsx'
import { chosenRows, nextSort, type View } from './view.ts'

/** A search that follows the typing without a step of history for each letter. */
function Search({ address, value }: { address: Address; value: string }) {
  const [text, setText] = useState(value)
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => setText(value), [value])
  const type = (typed: string) => {
    setText(typed)
    clearTimeout(waiting.current)
    waiting.current = setTimeout(() => go(changed(address, { search: typed }), 'replace'), 150)
  }
  return (
    <div class="field">
      <label for="search-rows">Search the table</label>
      <input id="search-rows" type="search" value={text} onInput={(event) => type(event.currentTarget.value)} />
    </div>
  )
}

/** Which columns are shown. */
function Columns({ declaration, address, view, chosen }: ColumnsProps) {
  const shown = chosen ?? view.columns.map(({ id }) => id)
  const names = declaration.columns.map(({ name }) => name)
  const set = (name: string, on: boolean) => {
    const columns = names.filter((one) => (one === name ? on : shown.includes(one)))
    go(changed(address, { columns: columns.join(',') }))
  }
  return (
    <details class="columns">
      <summary>Columns</summary>
      <fieldset>
        <legend class="unseen">Columns shown</legend>
        {declaration.columns.map(({ name, description }) => (
          <label key={name} title={description}>
            <input
              type="checkbox"
              checked={shown.includes(name)}
              onChange={(event) => set(name, event.currentTarget.checked)}
            />
            {readable(name)}
          </label>
        ))}
        {chosen && <a href={changed(address, { columns: undefined })}>as usual</a>}
      </fieldset>
    </details>
  )
}

interface ColumnsProps {
  readonly declaration: Declaration
  readonly address: Address
  readonly view: View
  readonly chosen: readonly string[] | undefined
}

/** What is the same in every row, said once. */
function saidOnce(view: View): { view: View; once: string } {
  const [first] = view.rows
  if (!first || view.rows.length < 2) return { view, once: '' }
  const same = view.columns.filter(
    (column) =>
      !column.numeric &&
      !column.long &&
      !column.beside &&
      view.rows.every((row) => column.value(row) === column.value(first)),
  )
  const known = same.filter((column) => column.value(first) !== null)
  return {
    view: { ...view, columns: view.columns.filter((column) => !same.includes(column)) },
    once: known.map((column) => `${column.title}: ${column.text(first)}`).join(' · '),
  }
}

/** The rows: searched, sorted, columns chosen, downloaded. */
export function Rows({
  declaration,
  question,
  address,
  answer,
  view: whole,
  title = '',
}: {
  declaration: Declaration
  question: Question
  address: Address
  answer: Answer
  view: View
  /** What the rows are, before their number. */
  title?: string
}) {
  const { view, once } = useMemo(
    () => (question.columns ? { view: whole, once: '' } : saidOnce(whole)),
    [whole, question.columns],
  )
  const { sort } = question
  const rows = useMemo(() => chosenRows(view, sort, question.search), [view, sort, question.search])
  const download = (format: string, more: Readonly<Record<string, string>> = {}) =>
    addressOfAnswer(declaration, question.given, { ...more, format })
  const shown = view.columns.map(({ id }) => id).filter((id) => declaration.columns.some(({ name }) => name === id))
  const sortable = view.columns.filter(({ long }) => !long)
  return (
    <section aria-labelledby="rows">
      <h2 id="rows">
        {title}
        {rows.length === view.rows.length
          ? counted(rows.length, 'row')
          : `${grouped(rows.length)} of ${counted(view.rows.length, 'row')}`}
      </h2>
      {once !== '' && <p class="measure">{once}</p>}
      {answer.next !== null && (
        <p class="measure">
          Of the first {grouped(mostRows)} rows of the answer; the downloads have all. Ask for fewer importers, products
          or periods to see the rest here.
        </p>
      )}
      <div class="tools no-print">
        <Search address={address} value={question.search} />
        <div class="field sort-by">
          <label for="sort-rows">Sort by</label>
          <select
            id="sort-rows"
            value={sort}
            onChange={(event) => go(changed(address, { sort: event.currentTarget.value }))}
          >
            <option value="">as usual</option>
            {sortable.flatMap(({ id, title, numeric }) => [
              <option key={id} value={id}>
                {title}, {numeric ? 'smallest first' : 'A to Z'}
              </option>,
              <option key={`-${id}`} value={`-${id}`}>
                {title}, {numeric ? 'largest first' : 'Z to A'}
              </option>,
            ])}
          </select>
        </div>
        <Columns declaration={declaration} address={address} view={view} chosen={question.columns} />
      </div>
      {rows.length === 0 ? (
        <div class="state">
          <p>
            No row has “{question.search}”. <a href={changed(address, { search: undefined })}>Show all rows</a>
          </p>
        </div>
      ) : (
        <Table
          caption={declaration.title}
          columns={view.columns}
          rows={rows}
          sort={sort}
          onSort={(column) => go(changed(address, { sort: nextSort(sort, column) }))}
        />
      )}
      {view.legend !== '' && <p class="source">{view.legend}</p>}
      <p class="doors no-print">
        <span>Download</span>
        <a download={`${declaration.name}.csv`} href={download('csv', { columns: shown.join(',') })}>
          CSV, these columns
        </a>
        <a download={`${declaration.name}-all.csv`} href={download('csv')}>
          CSV, every column
        </a>
        <a download={`${declaration.name}.json`} href={download('json', { limit: '100000' })}>
          JSON
        </a>
        <a download={`${declaration.name}.parquet`} href={download('parquet')}>
          Parquet
        </a>
      </p>
    </section>
  )
}
