import { stringify } from 'csv-stringify'
import type { Cell } from '../engine/engine.ts'

/** A cell that no spreadsheet takes for a formula. Numbers stay numbers, negative ones too. */
function guarded(value: Cell): string | number | null {
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
}

/** Rows as RFC 4180: a header, lines that end in CRLF, nothing where a value is unknown. */
export async function* csv(
  names: readonly string[],
  blocks: AsyncIterable<readonly (readonly Cell[])[]> | Iterable<readonly (readonly Cell[])[]>,
): AsyncGenerator<string> {
  const writer = stringify({ record_delimiter: '\r\n' })
  writer.setEncoding('utf8')
  writer.write([...names])
  for await (const block of blocks) {
    for (const row of block) writer.write(row.map(guarded))
    yield (writer.read() as string | null) ?? ''
  }
  writer.end()
  for await (const rest of writer) yield rest as string
}
