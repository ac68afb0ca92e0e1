import { stringify } from 'csv-stringify/sync'
import type { Cell } from '../../../engine/engine.ts'

/** Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers are left as they are. */
function guarded(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell)) return `'${cell}`
  return String(cell)
}

/** RFC 4180 with a header, block by block. */
export async function* csv(
  columns: readonly string[],
  blocks: AsyncIterable<readonly (readonly Cell[])[]> | Iterable<readonly (readonly Cell[])[]>,
): AsyncGenerator<string> {
  const text = (rows: readonly (readonly Cell[])[]) =>
    stringify(
      rows.map((row) => row.map(guarded)),
      { record_delimiter: '\r\n', quoted_match: /[\r\n]/ },
    )
  yield text([columns])
  for await (const block of blocks) if (block.length > 0) yield text(block)
}
