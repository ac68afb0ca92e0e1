import type { z } from 'zod'
import type { Manifest } from '../dataset/schema.ts'
import type { Bound, Cell } from '../engine/engine.ts'
import type { Statement } from '../engine/statement.ts'

/** What a dataset must offer before an analysis may speak of it. Checked once, for all faces. */
export interface Needs {
  readonly kind: 'flow'
  /** Every supplier of the importers asked about: without them a share has no denominator. */
  readonly complete_suppliers: boolean
  /** Whether a period is compared with the one before it, which must then be read as well. */
  readonly compares_periods: boolean
  /** A named list of products is summed, or taken product by product. */
  readonly groups: 'summed' | 'by product'
}

/** What an analysis makes of a question: a statement, what only it binds, and what must be said beside the answer. */
export interface Plan {
  readonly statement: Statement
  readonly values: Readonly<Record<string, Bound>>
  readonly order: readonly string[]
  /** Whether purchases of every importer are read, not only of those asked for: for shares of a supplier's exports. */
  readonly every_importer?: boolean
  /** The columns that this statement has, of those wanted; all of them where left out. */
  readonly columns?: readonly string[]
  readonly caveats?: readonly string[]
}

/** The flows that a question is about, names resolved: what `flow` is bound to, and what the reader asked for. */
export interface Selection {
  readonly manifest: Manifest
  /** Labels as they stand in the answer: codes, or names of blocs and sets. Empty means all. */
  readonly importers: readonly string[]
  readonly suppliers: readonly string[]
  readonly products: readonly string[]
  readonly periods: readonly number[]
  /** The periods as stored that stand before each of `periods`, or 0. */
  readonly previous: readonly number[]
  /** Whether the suppliers' exports to everyone are in the dataset. */
  readonly covers_exports: boolean
}

export type Row = Readonly<Record<string, Cell>>

/** A question that trade data can answer, declared once and shown by every face. */
export interface Analysis<Given extends z.ZodObject = z.ZodObject, Columns extends z.ZodObject = z.ZodObject> {
  readonly name: string
  readonly title: string
  readonly question: string
  /** One command that shows it at work on the bundled sample. */
  readonly example: string
  readonly needs: Needs
  /** What the reader may choose. Each field carries a description; a default makes it optional. */
  readonly parameters: Given
  /** What comes back: one field a column, each with unit and meaning. */
  readonly columns: Columns
  /** Columns that a terminal shows unless others are asked for. */
  readonly shown: readonly string[]
  readonly sources: readonly string[]
  readonly limits: readonly string[]
  plan(given: z.output<Given>, selection: Selection, columns: readonly string[]): Plan
  /** The columns that the finding is read from, whatever columns the reader wants. */
  readonly headline_columns: readonly string[]
  /** The finding in one sentence, or nothing where there is none. */
  headline(rows: readonly Row[], selection: Selection): string | undefined
}

/** Declare an analysis. Returns its argument: the call is there for the types. */
export function defineAnalysis<Given extends z.ZodObject, Columns extends z.ZodObject>(
  analysis: Analysis<Given, Columns>,
): Analysis<Given, Columns> {
  return analysis
}

/** One row of an analysis's answer. */
export type RowOf<A> = A extends Analysis<z.ZodObject, infer Columns> ? z.output<Columns> : never
