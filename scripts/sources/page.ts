import { join } from 'node:path'
import { type Chokepoint, Refusal } from '../../src/index.ts'
import { files, type ListedFile } from './files.ts'

/** Where the table begins in docs/sources.md; it goes to the end. */
export const heading = '## Files of the test data\n'

/** What became of each file, really loaded or refused, in the cells of the table of docs/sources.md. */
export async function outcomes(
  chokepoint: Chokepoint,
  data: string,
  which: readonly ListedFile[] = files,
): Promise<string[][]> {
  const rows: string[][] = []
  for (const listed of which) rows.push([listed.file, ...(await outcomeOf(chokepoint, data, listed)), listed.what])
  return rows
}

const columns = ['file', 'loads', 'rows read = kept + aside + rejected', 'what it is']

/** Rows of cells as a table in Markdown, padded as the formatter has it. */
export function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = columns.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |\n`
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('')
}

async function outcomeOf(
  chokepoint: Chokepoint,
  data: string,
  { file, mapping }: ListedFile,
): Promise<[string, string]> {
  const yaml = mapping && join('docs', 'mappings', `${mapping}.yaml`)
  try {
    const manifest = await chokepoint.load([join(data, file)], { as: 'listed', ...(yaml ? { mapping: yaml } : {}) })
    if (manifest.kind !== 'flow') return [manifest.kind, '']
    const { in: read, kept, aside, rejected } = manifest.account.rows
    const [all, ...parts] = [read, kept, aside, rejected].map((count) => count.toLocaleString('en'))
    return [yaml ? `by \`${mapping}\`` : `\`${manifest.source}\``, `${all} = ${parts.join(' + ')}`]
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return [`no: \`${error.code}\``, '']
  }
}
