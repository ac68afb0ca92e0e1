import { join } from 'node:path'
import { type Chokepoint, Refusal } from '../../src/index.ts'
import { files, type ListedFile } from './files.ts'

/** Where the table begins in docs/sources.md; it goes to the end. */
export const heading = '## Files of the test data\n'

/** The table of docs/sources.md: what became of each file, really loaded or refused, in lines of Markdown. */
export async function tableOfFiles(
  chokepoint: Chokepoint,
  data: string,
  which: readonly ListedFile[] = files,
): Promise<string> {
  const lines = ['| file | loads | rows read = kept + aside + rejected | what it is |', '| --- | --- | --- | --- |']
  for (const listed of which) {
    const [loads, rows] = await outcomeOf(chokepoint, data, listed)
    lines.push(`| ${listed.file} | ${loads} | ${rows} | ${listed.what} |`)
  }
  return `${lines.join('\n')}\n`
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
    return [
      yaml ? `by [${mapping}](mappings/${mapping}.yaml)` : `\`${manifest.source}\``,
      `${all} = ${parts.join(' + ')}`,
    ]
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return [`no: \`${error.code}\``, '']
  }
}
