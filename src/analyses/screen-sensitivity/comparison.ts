import { statement } from '../../engine/statement.ts'
import { Refusal } from '../../refusal.ts'
import { bind } from '../../screening/binding.ts'
import { type Method, verdictsOnly } from '../../screening/methods.ts'
import { choicesOf, type ScreeningGiven } from '../../screening/parameters.ts'
import type { Variant, Varied } from '../../screening/variants.ts'
import type { FlowReader, Row } from '../analysis.ts'
import { grouped } from '../markets.ts'

const comparison = statement(import.meta.url, './screen-sensitivity.sql')
const list = statement(import.meta.url, './critical-list.sql')

/** A method's list beside that of a variant of it; what either cannot judge is null. */
export interface Compared {
  readonly period: number
  readonly importer: string
  readonly method: string
  readonly varied: Varied
  readonly setting: string
  readonly step: number | null
  readonly critical_before: number | null
  readonly critical: number | null
  readonly entered: number | null
  readonly left: number | null
  readonly undetermined: number | null
  readonly overlap: number | null
  readonly entering: string | null
  readonly leaving: string | null
}

/** Counts of products, and the three most bought of those that change. */
interface Counted {
  readonly judged_before: number
  readonly judged: number
  readonly critical_before: number
  readonly critical: number
  readonly undetermined: number
  readonly entered: number
  readonly left: number
  readonly both: number
  readonly entering: readonly string[]
  readonly leaving: readonly string[]
}

/** Codes, and how many more there are. */
const firstOf = (codes: readonly string[], all: number) =>
  codes.length === 0 ? null : `${codes.join(', ')}${all > codes.length ? ` and ${all - codes.length} more` : ''}`

function listsOf(found: Counted) {
  const both = found.judged_before > 0 && found.judged > 0
  const either = found.both + found.entered + found.left
  return {
    critical_before: found.judged_before > 0 ? found.critical_before : null,
    critical: found.judged > 0 ? found.critical : null,
    entered: both ? found.entered : null,
    left: both ? found.left : null,
    undetermined: found.judged > 0 ? found.undetermined : null,
    overlap: both && either > 0 ? found.both / either : null,
    entering: both ? firstOf(found.entering, found.entered) : null,
    leaving: both ? firstOf(found.leaving, found.left) : null,
  }
}

const counts = [
  'judged_before',
  'judged',
  'critical_before',
  'critical',
  'undetermined',
  'entered',
  'left',
  'both',
] as const
const [entering, leaving] = [
  ['first_in', 'second_in', 'third_in'],
  ['first_out', 'second_out', 'third_out'],
] as const

/** What is said of methods, said of variants of them. */
const ofVariants = (caveat: string) =>
  caveat
    .replace(/^(No verdict|Undetermined) of (.+?) for /, '$1 of some variants of $2 for ')
    .replace(': its window', ': their window')

/** Every variant of the methods, over the same flows. */
export async function compareVariants(
  reader: FlowReader,
  given: ScreeningGiven,
  methods: readonly Method[],
  variants: readonly Variant[],
): Promise<{ rows: readonly Compared[]; caveats: readonly string[] }> {
  const { selection } = reader
  const choices = { ...choicesOf(given, selection), exports: '' as const }
  const { caveats } = bind(methods, selection, choices)
  if (variants.length === 0) return { rows: [], caveats }
  const binding = bind(
    verdictsOnly([...methods, ...variants.map(({ method }) => method)]),
    selection,
    choices,
    methods.length,
  )
  const found = await reader.rows(
    {
      statement: comparison,
      values: {
        ...binding.values,
        variant_method: variants.map((_, at) => methods.length + at + 1),
        variant_base: variants.map(({ base }) => base),
      },
      windows: binding.windows,
      reads_exports: 'of what is judged',
      order: ['period', 'importer', 'method'],
    },
    ['period', 'importer', 'method', ...counts, ...entering, ...leaving],
  )
  const rows = found.map((row): Compared => {
    const variant = variants[Number(row['method']) - methods.length - 1] as Variant
    const counted = Object.fromEntries(counts.map((name) => [name, Number(row[name])])) as Record<
      (typeof counts)[number],
      number
    >
    const named = (columns: readonly string[]) => columns.flatMap((column) => (row[column] as string | null) ?? [])
    return {
      period: Number(row['period']),
      importer: String(row['importer']),
      method: (methods[variant.base - 1] as Method).name,
      varied: variant.varied,
      setting: variant.setting,
      step: variant.step,
      ...listsOf({ ...counted, entering: named(entering), leaving: named(leaving) }),
    }
  })
  const more = binding.caveats.filter((caveat) => !caveats.includes(caveat))
  return { rows, caveats: [...caveats, ...more.map(ofVariants)] }
}

/** The list of one method, importer and period: products with their verdict and value, and how many were judged. */
interface Listed {
  readonly judged: number
  readonly verdicts: ReadonlyMap<string, { readonly verdict: string; readonly total: number }>
}

async function listed(
  reader: FlowReader,
  given: ScreeningGiven,
  methods: readonly Method[],
): Promise<Map<string, Listed>> {
  const { selection } = reader
  const binding = bind(methods, selection, { ...choicesOf(given, selection), exports: '' })
  const rows = await reader.rows(
    {
      statement: list,
      values: binding.values,
      windows: binding.windows,
      reads_exports: 'of what is judged',
      order: ['period', 'importer', 'method', 'product'],
    },
    ['period', 'importer', 'method', 'product', 'verdict', 'total'],
  )
  const key = (row: Row) => JSON.stringify([row['period'], row['importer'], row['method']])
  return new Map(
    [...grouped(rows, key)].map(([name, mine]) => [
      name,
      {
        judged: Number(mine.find((row) => row['verdict'] === 'judged')?.['total'] ?? 0),
        verdicts: new Map(
          mine
            .filter((row) => row['verdict'] !== 'judged')
            .map((row) => [String(row['product']), { verdict: String(row['verdict']), total: Number(row['total']) }]),
        ),
      },
    ]),
  )
}

/**
 * The methods with a bloc that sells as one, where it sold by members, or the other way round: other flows, for who
 * supplies is another question.
 */
export async function compareBlocRule(
  reader: FlowReader,
  given: ScreeningGiven,
  methods: readonly Method[],
  bloc: string,
  read: (given: ScreeningGiven) => Promise<FlowReader>,
): Promise<{ rows: readonly Compared[]; caveats: readonly string[] }> {
  const merged = given.merge.includes(bloc)
  const other = { ...given, merge: merged ? given.merge.filter((one) => one !== bloc) : [...given.merge, bloc] }
  let reading: FlowReader
  try {
    reading = await read(other)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { rows: [], caveats: [`Not varied: ${bloc} as one supplier or by members. ${error.message}`] }
  }
  const [before, after] = [await listed(reader, given, methods), await listed(reading, other, methods)]
  const none: Listed = { judged: 0, verdicts: new Map() }
  const rows = [...new Set([...before.keys(), ...after.keys()])].map((key): Compared => {
    const [period, importer, method] = JSON.parse(key) as [number, string, number]
    const [one, two] = [before.get(key) ?? none, after.get(key) ?? none]
    const critical = ({ verdicts }: Listed) =>
      [...verdicts]
        .filter(([, { verdict }]) => verdict === 'yes')
        .sort(([a, x], [b, y]) => y.total - x.total || (a < b ? -1 : 1))
        .map(([product]) => product)
    const [was, is] = [critical(one), critical(two)]
    const entered = is.filter((product) => !was.includes(product))
    const left = was.filter((product) => !is.includes(product))
    return {
      period,
      importer,
      method: (methods[method - 1] as Method).name,
      varied: 'bloc',
      setting: merged ? `${bloc} by members` : `${bloc} as one supplier`,
      step: null,
      ...listsOf({
        judged_before: one.judged,
        judged: two.judged,
        critical_before: was.length,
        critical: is.length,
        undetermined: [...two.verdicts.values()].filter(({ verdict }) => verdict === 'undetermined').length,
        entered: entered.length,
        left: left.length,
        both: was.length - left.length,
        entering: entered.slice(0, 3),
        leaving: left.slice(0, 3),
      }),
    }
  })
  return { rows, caveats: [] }
}
