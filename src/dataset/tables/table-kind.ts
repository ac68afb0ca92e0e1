import { z } from 'zod'
import type { Cell, TypedColumn } from '../../engine/engine.ts'
import type { Refusal } from '../../refusal.ts'
import type { TableManifest } from '../schema.ts'

/** A row that can be read, with the line of its file. */
export interface PlacedRow<Row> {
  readonly line: number
  readonly row: Row
}

/** A kind of small table: what its rows are, and what must hold of all of them together. Mostly data. */
export interface TableKind<Row extends Readonly<Record<string, Cell>> = Readonly<Record<string, Cell>>> {
  readonly kind: TableManifest['kind']
  /** Columns that tell it from any other table. */
  readonly marks: readonly string[]
  /** Every column that is read; others are named in a note. */
  readonly reads: readonly string[]
  /** The columns as stored. */
  readonly columns: readonly TypedColumn[]
  /** A row of text cells as stored; a fault of it is a reason to set it in the reject table. */
  readonly row: z.ZodType<Row>
  /** First and last month that a row speaks of, yyyymm; null where it names none. */
  span(row: Row): readonly [number | null, number | null]
  /** What holds of the whole table; the fault of a row as a refusal with its line. */
  check(rows: readonly PlacedRow<Row>[], refuse: (line: number, code: string, message: string) => Refusal): void
}

/** Cells that stand for nothing. */
const nothing = new Set(['', 'NA', 'n/a', '-', '–', 'null'])

/** A text that must be there. */
export const required = z
  .string()
  .optional()
  .transform((text, context) => {
    if (text !== undefined && !nothing.has(text)) return text
    context.addIssue({ code: 'custom', message: 'missing' })
    return z.NEVER
  })

/** A text that may be left out; null then. */
export const optional = z
  .string()
  .optional()
  .transform((text) => (text === undefined || nothing.has(text) ? null : text))

/** One of a few words. */
export const oneOf = <Word extends string>(words: readonly [Word, ...Word[]]) => required.pipe(z.enum(words))

/** A decimal number with a point, or null. */
export const decimal = optional.transform((text, context) => {
  if (text === null) return null
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  context.addIssue({ code: 'custom', message: `"${text}" is not a number with a decimal point` })
  return z.NEVER
})

/** A day, a month or a year as its first or last month, yyyymm, or null. */
export const optionalMonth = (end: 'first' | 'last') =>
  optional.transform((text, context) => {
    if (text === null) return null
    const found = /^(\d{4})(?:-(\d{2})(?:-\d{2})?)?$/.exec(text)
    const number = Number(found?.[2] ?? (end === 'first' ? 1 : 12))
    if (found && number >= 1 && number <= 12) return Number(found[1]) * 100 + number
    context.addIssue({ code: 'custom', message: `"${text}" is not a date: 2021, 2021-03 or 2021-03-31` })
    return z.NEVER
  })

/** A day, a month or a year that must be there. */
export const month = (end: 'first' | 'last') =>
  optionalMonth(end).transform((at, context) => {
    if (at !== null) return at
    context.addIssue({ code: 'custom', message: 'missing' })
    return z.NEVER
  })
