import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { readYaml } from '../reference/yaml-file.ts'
import { Refusal } from '../refusal.ts'
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
    z.strictObject({
      rule: z.literal('at least'),
      years,
      hold: z
        .string()
        .regex(/^([1-9]|10)$/, 'how many years of the window')
        .transform(Number),
      now: yes.default(false),
    }),
    z.strictObject({ rule: z.literal('sum'), years }),
  ],
  { error: 'a window has rule: period, at least (with years and hold) or sum (with years)' },
)
const schema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'a name has small letters, digits and hyphens'),
  short: z.string().regex(/^[A-Za-z0-9+]{1,3}$/, 'one to three letters or digits, for the head of a table'),
  title: z.string().min(1),
  source: z.string().min(1),
  needs: z.array(z.enum(needs, { error: `there are ${needs.join(', ')}` })).default([]),
  window: window.default({ rule: 'period' }),
  criteria: z.array(criterion).min(1, 'a method has at least one criterion').max(20, 'at most 20 criteria'),
  also: z.array(criterion).max(20, 'at most 20').default([]),
  notes: z.array(z.string()).default([]),
})

const shippedFolder = fileURLToPath(new URL('../../data/methods', import.meta.url))

const filesIn = (folder: string) =>
  readdirSync(folder)
    .filter((file) => /\.ya?ml$/.test(file))
    .sort()
    .map((file) => join(folder, file))

let shipped: readonly Method[] | undefined

/**
 * Every method: those shipped, which are read once, and a user's own, `methods/*.yaml` under CHOKEPOINT_HOME, by name.
 * @throws Refusal naming file, line and column of the first fault
 */
export function methods(home: string): readonly Method[] {
  const taken = new Map<string, string>()
  shipped ??= filesIn(shippedFolder).map((path) => readMethod(path, false, taken))
  for (const method of shipped) take(method, taken)
  const folder = join(home, 'methods')
  const own = existsSync(folder) ? filesIn(folder).map((path) => readMethod(path, true, taken)) : []
  return [...shipped, ...own].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function take({ name, short }: Pick<Method, 'name' | 'short'>, taken: Map<string, string>): void {
  for (const word of [`name: ${name}`, `short: ${short}`]) taken.set(word.toLowerCase(), name)
}

function readMethod(path: string, own: boolean, taken: Map<string, string>): Method {
  const file = readYaml(path, 'method')
  const given = file.as(schema)
  for (const key of ['name', 'short'] as const) {
    const other = taken.get(`${key}: ${given[key]}`.toLowerCase())
    if (other) throw file.refuse('taken', [key], `${key}: "${given[key]}" is that of ${other}`)
  }
  take(given, taken)
  if (given.window.rule === 'at least' && given.window.hold > given.window.years)
    throw file.refuse('window', ['window', 'hold'], `window: ${given.window.hold} of ${given.window.years} years`)
  for (const [list, criteria] of Object.entries({ criteria: given.criteria, also: given.also })) {
    for (const [place, { measure }] of criteria.entries()) {
      const need = needOf(measure)
      if (need && !given.needs.includes(need))
        throw file.refuse(
          'needs',
          [list, place, 'measure'],
          `${list} ${place + 1}: ${measure} needs ${need}: say so, needs: [${[...given.needs, need].join(', ')}]`,
        )
    }
  }
  return { ...given, own }
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
