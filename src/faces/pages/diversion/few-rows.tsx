import type { ViewColumn } from '../analysis/view.ts'
import type { Row } from '../api.ts'

/** A short table in the order in which its rows come. */
export function FewRows({
  caption,
  columns,
  rows,
}: {
  caption: string
  columns: readonly ViewColumn[]
  rows: readonly Row[]
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section class="scroll" tabIndex={0} aria-label={caption}>
      <table role="table" class="data">
        <caption class="unseen">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ id, title, unit, numeric, meaning }) => (
              <th key={id} role="columnheader" scope="col" class={numeric ? 'num' : ''} title={meaning}>
                {title}
                {unit !== '' && <span class="unit">{unit}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row, index) => (
            <tr key={index} role="row">
              {columns.map((column, place) => (
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
                    <span>{column.text(row)}</span>
                    {column.code?.(row) ? <small>{column.code(row)}</small> : null}
                  </span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
