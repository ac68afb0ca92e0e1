import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Types that a statement's parameter may have: the words its header uses. */
export const parameterTypes = ['text', 'integer', 'list of text', 'list of integer'] as const
export type ParameterType = (typeof parameterTypes)[number]

/** One `.sql` file: a relation with a name from the field, read once. */
export interface Statement {
  readonly name: string
  readonly text: string
  /** Relations that must stand before it, by name: measures, `flow`, or `report`. */
  readonly uses: readonly string[]
  readonly given: Readonly<Record<string, ParameterType>>
}

const cache = new Map<string, Statement>()

/**
 * Read a statement and its header: `-- uses …` names the relations it stands on, `-- given $name type: meaning`
 * its parameters.
 *
 * @param base `import.meta.url` of the caller
 * @throws Error where the header and the text name different parameters: a fault of ours, found by the first test
 */
export function statement(base: string, file: string): Statement {
  const path = fileURLToPath(new URL(file, base))
  const known = cache.get(path)
  if (known) return known
  const source = readFileSync(path, 'utf8')
  const header = source.split('\n').filter((line) => line.startsWith('--'))
  const text = source
    .split('\n')
    .filter((line) => !line.startsWith('--'))
    .join('\n')
    .trim()
  const uses = header.flatMap((line) => /^-- uses\s+(.*)$/.exec(line)?.[1]?.split(/,\s*/) ?? [])
  const given: Record<string, ParameterType> = {}
  for (const line of header) {
    const found = /^--\s+(?:given\s+)?\$(\w+)\s+([a-z ]+?):/.exec(line)
    if (found?.[1] && parameterTypes.includes(found[2] as ParameterType)) given[found[1]] = found[2] as ParameterType
  }
  const named = new Set([...text.matchAll(/\$(\w+)/g)].map((match) => match[1] as string))
  const differing = [...named]
    .filter((name) => !(name in given))
    .concat(Object.keys(given).filter((n) => !named.has(n)))
  if (differing.length > 0) throw new Error(`${path}: header and text differ in ${differing.join(', ')}`)
  const read = { name: basename(path, '.sql').replaceAll('-', '_'), text, uses, given }
  cache.set(path, read)
  return read
}

const measures = new URL('../measures/', import.meta.url).href

/** A measure by its name: `import_concentration` is `measures/import-concentration.sql`. */
export function measure(name: string): Statement {
  return statement(measures, `./${name.replaceAll('_', '-')}.sql`)
}

/**
 * A statement with everything it stands on, in the order in which common table expressions must be written.
 * `flow` may be given in either of its two forms.
 *
 * @param beside relations that are stored, in place of the measures of these names
 */
export function composition(
  last: Statement,
  flow: Statement,
  beside: readonly string[] = [],
): readonly { name: string; statement: Statement }[] {
  const placed = new Map<string, Statement>()
  const place = (name: string, part: Statement) => {
    if (placed.has(name)) return
    for (const used of part.uses) {
      if (used === 'report' || beside.includes(used)) continue
      place(used, used === 'flow' ? flow : measure(used))
    }
    placed.set(name, part)
  }
  place('answer', last)
  return [...placed].map(([name, part]) => ({ name, statement: part }))
}
