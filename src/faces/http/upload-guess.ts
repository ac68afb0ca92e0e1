import { open } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import { prepare } from '../../dataset/intake.ts'
import { tableKindOf } from '../../dataset/load-table.ts'
import { kindWords } from '../../dataset/schema.ts'
import { recognise, sources } from '../../sources/index.ts'

/** What a file seems to be, before it is loaded. */
export interface Guess {
  /** A file, or an archive's entry. */
  readonly name: string
  readonly format: string
  readonly encoding: string
  readonly columns: readonly string[]
  /** Its first rows, as they stand. */
  readonly rows: readonly (readonly string[])[]
  /** Whose table it is, or what kind of small table; null where nothing knows it, so that a mapping is needed. */
  readonly recognised: { readonly source: string; readonly publisher: string; readonly holds: string } | null
  /** How its columns are read, as a mapping would say it. */
  readonly mapping: Readonly<Record<string, unknown>> | null
}

/** As much of a table as its first rows need. */
const read = 256 * 1024
const rowsShown = 5
const delimiters = [',', ';', '\t', '|']

/** The first rows of a text, of which the last may be cut. */
function firstRows(text: string): string[][] {
  const [line = ''] = text.split(/\r?\n/, 1)
  const counted = delimiters.map((delimiter) => [delimiter, line.split(delimiter).length] as const)
  const [delimiter] = counted.reduce((best, one) => (one[1] > best[1] ? one : best))
  return parse(text, {
    delimiter,
    to: rowsShown + 1,
    relax_column_count: true,
    relax_quotes: true,
    trim: true,
    bom: true,
  })
}

async function beginning(path: string): Promise<string> {
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(read), 0, read, 0)
    return buffer.subarray(0, bytesRead).toString('utf8')
  } finally {
    await handle.close()
  }
}

/**
 * What each table in a file seems to be: its format, columns and first rows, and whose it is.
 * @param path the file, plain or an archive
 * @param folder where archives are opened
 * @throws Refusal where it holds no table that can be read
 */
export async function guesses(path: string, folder: string): Promise<Guess[]> {
  const small = await tableKindOf([path])
  const found: Guess[] = []
  for await (const { name, path: plain, format, encoding } of prepare([path], folder)) {
    const rows = format === 'text' ? firstRows(await beginning(plain)) : []
    const [columns = [], ...first] = rows
    const row = first[0] && Object.fromEntries(columns.map((column, place) => [column, first[0]?.[place] ?? '']))
    const known = small || format !== 'text' ? undefined : recognise(name, columns, row)
    if (known === 'beside') continue
    const publisher = sources.find((source) => source.name === known?.source)?.publisher ?? ''
    found.push({
      name,
      format,
      encoding,
      columns: columns.slice(0, 60),
      rows: first.map((cells) => cells.slice(0, 60)),
      recognised: small
        ? { source: 'table', publisher: '', holds: kindWords[small.kind] }
        : known
          ? { source: known.source, publisher, holds: kindWords[known.mapping.kind ?? 'flow'] }
          : null,
      mapping: known ? { ...known.mapping } : null,
    })
  }
  return found
}
