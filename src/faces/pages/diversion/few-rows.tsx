import { Cells } from '../analysis/table.tsx'
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
              <Cells columns={columns} row={row} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
