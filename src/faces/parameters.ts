import { z } from 'zod'
import type { Analysis } from '../analyses/analysis.ts'

/** A parameter as its JSON Schema describes it: what every face makes its own form of. */
export interface Property {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly default?: unknown
  readonly description?: string
  readonly unit?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly items?: Property
  /** It names a file of the machine that it is asked on, so only a face of that machine offers it. */
  readonly local?: boolean
}

/** Parameters by the schema that declares them: every request of a face asks for them. */
const declared = new WeakMap<object, Readonly<Record<string, Property>>>()

/** The parameters of an analysis by their names. */
export function propertiesOf({ parameters }: Pick<Analysis, 'parameters'>): Readonly<Record<string, Property>> {
  const known = declared.get(parameters)
  if (known) return known
  const found = (z.toJSONSchema(parameters, { io: 'input' }).properties ?? {}) as Record<string, Property>
  declared.set(parameters, found)
  return found
}

/** The same without those that name files: for faces that others reach. */
export const remotePropertiesOf = (analysis: Analysis): Readonly<Record<string, Property>> =>
  Object.fromEntries(Object.entries(propertiesOf(analysis)).filter(([, property]) => property.local !== true))

/** The parts of a list as written, separated by commas. */
export const partsOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

/** A text as the type that a parameter has; what cannot be read stays text, for a better message. */
export function typed(text: string, type: string | undefined): string | number | boolean {
  if (type === 'integer' && /^\d+$/.test(text)) return Number(text)
  if (type === 'number' && /^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

/** What a parameter takes, in words. */
export function allowed(property: Property): string {
  if (property.enum) return `one of ${property.enum.filter((value) => value !== '').join(', ')}`
  if (property.items?.enum) return `a list separated by commas, of ${property.items.enum.join(', ')}`
  if (property.type === 'array') return 'a list separated by commas'
  if (property.type === 'boolean') return 'true or false'
  if (property.type !== 'integer' && property.type !== 'number') return 'a text'
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = property
  return [
    property.type === 'integer' ? 'a whole number' : 'a number',
    minimum === undefined ? '' : ` from ${minimum}`,
    exclusiveMinimum === undefined ? '' : ` above ${exclusiveMinimum}`,
    maximum === undefined ? '' : ` to ${maximum}`,
    exclusiveMaximum === undefined ? '' : ` below ${exclusiveMaximum}`,
  ].join('')
}
