import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { readYaml, type YamlFile, yamlFiles } from '../reference/yaml-file.ts'
import { type Fault, Refusal } from '../refusal.ts'
import { type MeasureName, measureNames, type Need, needOf, needs } from './measures.ts'

export const operators = ['>', '>=', '<', '<='] as const
export type Operator = (typeof operators)[number]

/** An exact threshold: no decimal point is lost. */
export interface Fraction {
  readonly numerator: number
  readonly denominator: number
}

/** One comparison of a measure with a threshold. */
export interface Criterion {
  readonly measure: MeasureName
  readonly operator: Operator
  readonly threshold: Fraction
  /** The exports that imports are compared with: of a bloc all, or those to outsiders. */
  readonly exports: 'total' | 'extra'
}

/** Whether a window ends in the period judged or has it in its middle. */
export const alignments = ['trailing', 'centred'] as const
export type Alignment = (typeof alignments)[number]

/** Which periods decide: the period itself, so many years of a window, or the sum of flows over a window. */
export type Window =
  | { readonly rule: 'period' }
  | {
      readonly rule: 'at least'
      readonly years: number
      readonly hold: number
      readonly now: boolean
      /** In place of the reader's choice. */
      readonly alignment?: Alignment
    }
  | { readonly rule: 'sum'; readonly years: number }

/** A published definition of a critical product, or a user's own. */
export interface Method {
  readonly name: string
  /** At most three characters, for the head of a table. */
  readonly short: string
  readonly title: string
  readonly source: string
  readonly needs: readonly Need[]
  readonly window: Window
  /** All must be met. */
  readonly criteria: readonly Criterion[]
  /** Shown beside the verdict, which does not depend on them. */
  readonly also: readonly Criterion[]
  /** What could not be read in the source, and what was chosen instead. */
  readonly notes: readonly string[]
  /** Whether it is a user's. */
  readonly own: boolean
}

/** The same methods for who wants verdicts only: what is shown beside them is not compared. */
export const verdictsOnly = (methods: readonly Method[]): Method[] => methods.map((method) => ({ ...method, also: [] }))

const threshold = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,6}|\/[1-9]\d{0,5})?$/, 'a threshold is written 2/5, 0.4 or 1')
  .transform((text): Fraction => {
    const [whole = '', under] = text.split('/')
    if (under !== undefined) return { numerator: Number(whole), denominator: Number(under) }
    const [, decimals = ''] = text.split('.')
    return { numerator: Number(text.replace('.', '')), denominator: 10 ** decimals.length }
  })
const criterion = z.strictObject({
  measure: z.enum(measureNames, { error: `there are ${measureNames.join(', ')}` }),
  operator: z.enum(operators, { error: `an operator is ${operators.join(', ')}, in quotation marks` }),
  threshold,
  exports: z.enum(['total', 'extra'], { error: 'exports are total or extra' }).default('extra'),
})
const years = z
  .string()
  .regex(/^([2-9]|10)$/, 'a window has 2 to 10 years')
  .transform(Number)
const yes = z.enum(['yes', 'no'], { error: 'yes or no' }).transform((word) => word === 'yes')
const window = z.discriminatedUnion(
  'rule',
  [
    z.strictObject({ rule: z.literal('period') }),
    z
      .strictObject({
        rule: z.literal('at least'),
        years,
        hold: z
          .string()
          .regex(/^([1-9]|10)$/, 'how many years of the window, 1 to all of them')
          .transform(Number),
        now: yes.default(false),
      })
      .refine(({ years, hold }) => hold <= years, {
        path: ['hold'],
        error: ({ input }) => {
          const { years, hold } = input as { years: number; hold: number }
          return `${hold} of ${years} years: a window has no more than all of its years`
        },
        params: { code: 'window' },
      }),
    z.strictObject({ rule: z.literal('sum'), years }),
  ],
  { error: 'a window has rule: period, at least (with years and hold) or sum (with years)' },
)
const schema = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'a name has small letters, digits and hyphens'),
    short: z.string().regex(/^[A-Za-z0-9+]{1,3}$/, 'one to three letters or digits, for the head of a table'),
    title: z.string().min(1, 'nothing stands here: name the method in words'),
    source: z.string().min(1, 'nothing stands here: say where the method is from'),
    needs: z.array(z.enum(needs, { error: `there are ${needs.join(', ')}` })).default([]),
    window: window.default({ rule: 'period' }),
    criteria: z.array(criterion).min(1, 'a method has at least one criterion').max(20, 'at most 20 criteria'),
    also: z.array(criterion).max(20, 'at most 20').default([]),
    notes: z.array(z.string()).default([]),
  })
  // Whatever else is wrong with a method, its needs are looked at.
  .superRefine(tellNeeds, { when: ({ value }) => typeof value === 'object' })

/** Tell of measures whose need the method does not state. Parts of it may be wrong otherwise. */
function tellNeeds(method: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx): void {
  const listed = (list: string) => (Array.isArray(method[list]) ? (method[list] as readonly unknown[]) : [])
  const stated = listed('needs')
  for (const list of ['criteria', 'also'])
    for (const [place, one] of listed(list).entries()) {
      const { measure } = (one ?? {}) as { measure?: unknown }
      const need = measureNames.some((name) => name === measure) ? needOf(measure as MeasureName) : undefined
      if (need && !stated.includes(need))
        context.addIssue({
          code: 'custom',
          path: [list, place, 'measure'],
          message: `${measure} needs ${need}: say so, needs: [${[...stated, need].join(', ')}]`,
          params: { code: 'needs' },
        })
    }
}

const shippedFolder = fileURLToPath(new URL('../../data/methods', import.meta.url))

let shipped: readonly Method[] | undefined

/** What names and short names mean, in small letters: those of the shipped methods. */
export function shippedWords(): Map<string, string> {
  if (!shipped) {
    const taken = new Map<string, string>()
    shipped = yamlFiles(shippedFolder).map((path) => readMethod(path, false, taken).method)
  }
  return new Map(shipped.flatMap(({ name, short }) => wordsOf({ name, short }).map((word) => [word, name])))
}

/**
 * Every method: those shipped, which are read once, and a user's own, `methods/*.yaml` under CHOKEPOINT_HOME, by name.
 * @throws FaultyFile with what is wrong with the first file that has a fault
 */
export function methods(home: string): readonly Method[] {
  const taken = shippedWords()
  const own = yamlFiles(join(home, 'methods')).map((path) => readMethod(path, true, taken).method)
  return [...(shipped ?? []), ...own].sort((a, b) => (a.name < b.name ? -1 : 1))
}

const wordsOf = (method: Readonly<Record<string, unknown>>): string[] =>
  (['name', 'short'] as const).map((key) => `${key}: ${method[key]}`.toLowerCase())

/**
 * One file with a method, whose name and short name join those that are taken.
 * @throws FaultyFile
 */
export function readMethod(
  path: string,
  own: boolean,
  taken: Map<string, string>,
): { readonly file: YamlFile; readonly method: Method } {
  const file = readYaml(path, 'method')
  for (const [at, word] of wordsOf(file.content).entries()) {
    const key = at === 0 ? 'name' : 'short'
    const other = taken.get(word)
    if (file.content[key] === undefined) continue
    if (other !== undefined)
      file.fault('taken', [key], `${key}: "${file.content[key]}" is that of ${other}: choose another`)
    else taken.set(word, String(file.content['name']))
  }
  return { file, method: { ...file.as(schema), own } }
}

/** What in a method loads and is probably not meant: needs that no criterion has, and a criterion that stands twice. */
export function methodDoubts({ file, method }: ReturnType<typeof readMethod>): Fault[] {
  const all = [...method.criteria, ...method.also]
  const idle = method.needs.flatMap((need, place) =>
    all.some(({ measure }) => needOf(measure) === need)
      ? []
      : [
          file.doubt(
            'needs',
            ['needs', place],
            `needs: no criterion asks for ${need}. Add the criterion, or take it out`,
          ),
        ],
  )
  const written = all.map((one) => JSON.stringify(one))
  const repeated = written.flatMap((one, place) => {
    if (written.indexOf(one) === place) return []
    const [list, at] = place < method.criteria.length ? ['criteria', place] : ['also', place - method.criteria.length]
    return [
      file.doubt('twice', [list, at], `${list} ${at + 1}: this criterion stands here already. Take one of them out`),
    ]
  })
  return [...idle, ...repeated]
}

/**
 * The methods that a reader means; all where none is named.
 * @throws Refusal naming those there are
 */
export function chosenMethods(names: readonly string[], home: string): readonly Method[] {
  const all = methods(home)
  const unknown = names.find((name) => !all.some((method) => method.name === name))
  if (unknown !== undefined)
    throw new Refusal(
      'wrong_use',
      'method/unknown',
      `No method "${unknown}". There are ${all.map((method) => method.name).join(', ')}; your own stand as YAML under CHOKEPOINT_HOME/methods`,
    )
  return names.length === 0 ? all : all.filter((method) => names.includes(method.name))
}
