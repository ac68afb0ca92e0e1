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
  /** Whether it is better computed again than kept where it is used twice. */
  readonly inline: boolean
}

const cache = new Map<string, Statement>()

/**
 * Read a statement and its header: `-- uses …` names the relations it stands on, `-- given $name type: meaning`
 * its parameters, `-- inline why` that it is not kept where it is used twice.
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
  const inline = header.some((line) => line.startsWith('-- inline '))
  const read = { name: basename(path, '.sql').replaceAll('-', '_'), text, uses, given, inline }
  cache.set(path, read)
  return read
}

const measures = new URL('../measures/', import.meta.url).href

/** A measure by its name: `import_concentration` is `measures/import-concentration.sql`. */
export function measure(name: string): Statement {
  return statement(measures, `./${name.replaceAll('_', '-')}.sql`)
}

/** Relations that are the stored rows, whatever stands between: not kept of themselves, for filters and columns reach through them. */
export const scanned: ReadonlySet<string> = new Set(['flow', 'flow_of_periods', 'report', 'report_mapped', 'stored'])

/** Relations of the stored rows that take products as the question has them: by themselves, in groups, or all together. */
const ofGoodsAsked: ReadonlySet<string> = new Set([
  'flow',
  'flow_of_periods',
  'exports',
  'exports_of_periods',
  'national_exports',
  'report_mapped',
])

/** A relation of a composition: its name, what it is, and whether it is used more than once and worth keeping. */
export interface Part {
  readonly name: string
  readonly statement: Statement
  readonly kept: boolean
}

/**
 * What a statement's relations stand on in one question: each of these measures has a form that reads what is stored, or
 * that sees that there is nothing to read, and one that sums what is asked.
 */
export interface Grounds {
  /** `flow.sql` as stored, or `flow-blocs.sql` where economies, products or periods are mapped again. */
  readonly flow: Statement
  /** `exports.sql` as stored, or `exports-blocs.sql` likewise. */
  readonly exports: Statement
  /** `purchases.sql` as stored, or `purchases-summed.sql` of what stands as `flow`. */
  readonly purchases: Statement
  /** `named-supply.sql`, or `nobody-named.sql` where no supplier is asked about by name. */
  readonly named_supply: Statement
  /** `merged-exports.sql`, or `nobody-merged.sql` where no bloc sells as one. */
  readonly merged_exports: Statement
  /** `importer-exports.sql`, or `own-exports.sql` where nobody buys or sells as a bloc. */
  readonly importer_exports: Statement
  /** `world-supply.sql` as stored, or `world-supply-summed.sql` of what stands as `exports`. */
  readonly world_supply: Statement
  /**
   * `lead-exports.sql` as stored, `named-exports.sql` of a supplier that is named for importers that are, or
   * `supplier-exports-summed.sql` of what stands as `purchases` and `exports`.
   */
  readonly supplier_exports: Statement
  /** `bought-enough.sql` by purchases as stored, or `bought-enough-summed.sql` of what stands as `flow`. */
  readonly bought_enough: Statement
  /** Measures that the analysis has in another form for this question. */
  readonly forms?: Readonly<Record<string, Statement>>
  /** Measures that are of windows of periods as well, and stand on those of periods. */
  readonly windows?: readonly Windowed[]
  /** Whether what stands as `flow` is kept where several relations read it: mapped anew, and of few importers. */
  readonly keeps_flow?: boolean
  /** Parquet files of relations that are stored, by the names of those, in place of the measures of these names. */
  readonly beside?: Readonly<Record<string, readonly string[]>>
}

/** Measures that may be of windows of periods as well: `flow` is then `flow-windows.sql`, and stands on `flow_of_periods`. */
export type Windowed = 'flow' | 'exports' | 'purchases' | 'world_supply' | 'supplier_exports'

/** Measures that have forms. */
const formed = [
  'flow',
  'exports',
  'purchases',
  'named_supply',
  'merged_exports',
  'importer_exports',
  'world_supply',
  'supplier_exports',
  'bought_enough',
] as const satisfies readonly (keyof Grounds)[]

/** Those of the relations stored beside the flows that a composition stands on, with their files. */
export function usedBeside(
  parts: readonly { readonly statement: Statement | undefined }[],
  beside: Grounds['beside'] = {},
): readonly [string, readonly string[]][] {
  const used = new Set(parts.flatMap(({ statement }) => statement?.uses ?? []))
  return Object.entries(beside).filter(([name]) => used.has(name))
}

/**
 * Everything that a query's answer is put together from, in order: the stored rows, which have no statement, another reading
 * of them where there is one, and the parts of its statement.
 */
export function relationsOf(
  last: Statement,
  grounds: Grounds,
  revised: Statement | undefined,
): readonly (Omit<Part, 'statement'> & { readonly statement: Statement | undefined })[] {
  const reading = revised ? [{ name: 'report', statement: revised, kept: false }] : []
  return [
    { name: revised ? 'stored' : 'report', statement: undefined, kept: false },
    ...reading,
    ...composition(last, grounds),
  ]
}

/** Whether the parts of a statement that read stored rows take products as the question has them. */
export const takesGoodsAsked = (parts: readonly Part[]): boolean =>
  parts.every(({ name, statement: { uses } }) => !uses.includes('report') || ofGoodsAsked.has(name))

/** Whether they pass over all periods but those asked for. */
export const takesPeriodsAsked = (parts: readonly Part[]): boolean =>
  parts.every(({ statement: { uses, given } }) => !uses.includes('report') || 'periods' in given)

/** A statement with everything it stands on, in the order in which common table expressions must be written. */
export function composition(last: Statement, grounds: Grounds): readonly Part[] {
  const { windows = [], beside, forms = {} } = grounds
  const named = (name: string): Statement => {
    if (forms[name]) return forms[name]
    if (windows.some((one) => one === name)) return measure(`${name}_windows`)
    const single = name.replace(/_of_periods$/, '')
    const form = formed.find((one) => one === single)
    return form ? grounds[form] : measure(single)
  }
  const placed = new Map<string, Statement>()
  const place = (name: string, part: Statement) => {
    if (placed.has(name)) return
    for (const used of part.uses) {
      if (used === 'report' || (beside && used in beside)) continue
      place(used, named(used))
    }
    placed.set(name, part)
  }
  place('answer', last)
  const texts = [...placed.values()].map((part) => part.text).join('\n')
  const mayKeep = (name: string, part: Statement) =>
    scanned.has(name) ? grounds.keeps_flow === true && part === grounds.flow : !part.inline
  return [...placed].map(([name, part]) => ({
    name,
    statement: part,
    kept: mayKeep(name, part) && texts.split(new RegExp(`\\b(?:from|join) ${name}\\b`)).length > 2,
  }))
}
