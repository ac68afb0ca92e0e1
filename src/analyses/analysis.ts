import type { z } from 'zod'
import type { Answer } from '../answer.ts'
import type { FlowManifest, Kind, Manifest, ProductionManifest, Side, TableManifest } from '../dataset/schema.ts'
import type { Bound, Cell } from '../engine/engine.ts'
import type { Statement } from '../engine/statement.ts'
import type { Compute } from '../threads/work.ts'
import type { ChartDeclaration } from './charting.ts'
import type { HeldProduct } from './question.ts'

/** Periods by which one is judged: it, and so many years that follow and precede it, consecutive ones. */
export interface PeriodWindow {
  readonly years: number
  /** How many of the years follow the one judged. */
  readonly after: number
}

/** A window of one of the periods asked for: the periods in it, and those of them that the dataset does not have. */
export interface CoveredWindow extends PeriodWindow {
  readonly period: number
  readonly periods: readonly number[]
  readonly missing: readonly number[]
}

/** An importer or supplier that is several economies taken as one. */
export interface Bloc {
  readonly label: string
  readonly members: readonly string[]
}

/** What a dataset of flows must offer before an analysis may speak of it. Checked once, for all faces. */
export interface FlowNeeds {
  readonly kind: 'flow'
  /** Every supplier of the importers asked about: without them a share has no denominator. */
  readonly complete_suppliers: boolean
  /** Whether a period is compared with the one before it, which must then be read as well. */
  readonly compares_periods: boolean
  /** A named list of products is summed, or taken product by product. */
  readonly groups: 'summed' | 'by product'
  /** Where both sides' reports are read, from `report_mapped`: no side is chosen for `flow`, nor asked of the reader. */
  readonly both_sides?: true
  /** Windows by which the periods asked for are judged: those that the dataset has whole are read as well. */
  windows?(given: Readonly<Record<string, unknown>>, home: string): readonly PeriodWindow[]
}

/** What an analysis makes of a question: a statement, what only it binds, and what must be said beside the answer. */
export interface Plan {
  readonly statement: Statement
  /** What stands as `flow` for this statement, where it is not the flows of one side. */
  readonly flow?: Statement
  readonly values: Readonly<Record<string, Bound>>
  readonly order: readonly string[]
  /** Whether purchases of every importer are read, not only of those asked for: for shares of a supplier's exports. */
  readonly every_importer?: boolean
  /**
   * Whose exports are read: of the suppliers asked for and nobody else; of those that what is judged needs, where the rest is
   * stored in sums; or of every economy. It decides how they are found, and the question's turn.
   */
  readonly reads_exports?: 'of suppliers' | 'of what is judged' | 'of all'
  /** Whether flows are read over windows too: summed, under the windows' names. */
  readonly windows?: boolean
  /** Measures that stand in another form for this question, by name. */
  readonly forms?: Readonly<Record<string, Statement>>
  /** The columns that this statement has, of those wanted; all of them where left out. */
  readonly columns?: readonly string[]
  readonly caveats?: readonly string[]
  /** Parameters as resolved, in place of those given. */
  readonly resolved?: Readonly<Record<string, unknown>>
}

/** The flows that a question is about, names resolved: what `flow` is bound to, and what the reader asked for. */
export interface Selection {
  readonly manifest: FlowManifest
  /** Labels as they stand in the answer: codes, or names of blocs and sets. Empty means all. */
  readonly importers: readonly string[]
  readonly suppliers: readonly string[]
  readonly products: readonly string[]
  readonly periods: readonly number[]
  /** The periods as stored that stand before each of `periods`, or 0. */
  readonly previous: readonly number[]
  /** Whether each of those has as many months as the period it stands before: sums of eleven and twelve do not compare. */
  readonly previous_as_long: readonly boolean[]
  /** Of how many months each of `periods` is the sum; 0 where it stands as stored. */
  readonly months: readonly number[]
  /** Each window of each period asked for. */
  readonly windows: readonly CoveredWindow[]
  readonly buying_blocs: readonly Bloc[]
  readonly selling_blocs: readonly Bloc[]
  /** Digits of the product codes as stored. */
  readonly level: number
  /** Whose report `flow` is: the importer's, the exporter's, or reconciled. */
  readonly side: Side
  /** Whether the suppliers' exports to everyone are in the dataset. */
  readonly covers_exports: boolean
  /** The second datasets that the reader named, by parameter. */
  readonly beside: Readonly<Record<string, ProductionManifest>>
  readonly home: string
}

export type Row = Readonly<Record<string, Cell>>

/** The flows of one question, for an analysis that computes on small tables cut from them. */
export interface FlowReader {
  readonly selection: Selection
  /** Every product of the dataset, whatever the question. */
  readonly products: readonly HeldProduct[]
  /** Rows of one statement over these flows, as objects with the columns named. */
  rows(plan: Plan, columns: readonly string[]): Promise<readonly Row[]>
}

/** What an analysis that computes may use: the dataset chosen, others' answers, and nothing of any face. */
export interface Context {
  /** The dataset that the reader named, or the only one that fits; undefined where the analysis takes none. */
  readonly dataset: Manifest | undefined
  readonly home: string
  readonly signal: AbortSignal | undefined
  /** The current version of every dataset loaded. */
  datasets(): Promise<readonly Manifest[]>
  /**
   * Flows of the chosen dataset, names and periods resolved, what they need checked.
   * @param aside they are compared with those of the answer: what is said of them is not said of it
   */
  flows(needs: FlowNeeds, given: object, aside?: 'aside'): Promise<FlowReader>
  /** All rows of a dataset that is a small table: vendor shares, published figures. */
  table(manifest: TableManifest): Promise<readonly Row[]>
  /** Another analysis, by its name and parameters; the datasets it reads count among this answer's. */
  ask(analysis: string, given: Readonly<Record<string, unknown>>): Promise<Answer>
  /**
   * What several analyses find alike of one question, found once for all of them while the data stay as they are.
   * @param name of what is found
   * @param given the parameters that decide it
   * @param find with a context of its own: what it reads counts as read for every answer, and what it found reads no more
   */
  once<Found>(name: string, given: object, find: (context: Context) => Promise<Found>): Promise<Found>
  /** Work on small tables, in threads where there is much of it; a given-up question does no more of it. */
  readonly compute: Compute
  /** What other analyses take, for questions that are written down: undefined where there is none of this name. */
  analysis(name: string): Analysis | undefined
}

/** What a computed analysis found. */
export interface Outcome {
  /** In the order in which they are shown; columns by their declared names. */
  readonly rows: readonly Row[]
  readonly headline?: string | undefined
  readonly caveats?: readonly string[]
  /** Parameters as resolved, in place of those given. */
  readonly resolved?: Readonly<Record<string, unknown>>
  /** A check that was asked for and did not hold, in a sentence. */
  readonly failed?: string | undefined
}

/**
 * How a person reads a long answer: one row where it has several, with one column's values side by side. Its rows come in
 * an order that keeps together what becomes one.
 */
export interface Pivot {
  /** Columns that stand once, over the rows that share their values. */
  readonly sections: readonly string[]
  /** Columns that have one value for all that becomes one row; the first of them tell rows apart. */
  readonly rows: readonly string[]
  /** The column whose values become columns, and the one that names them shortly. */
  readonly across: string
  readonly head: string
  /** The column that fills them, and marks for words too long to stand there. */
  readonly cells: string
  readonly marks: Readonly<Record<string, string>>
  /** What the marks and the heads say, beside the names of the columns. */
  readonly legend: string
}

/** What every face reads of an analysis. */
export interface Declaration<Given extends z.ZodObject = z.ZodObject, Columns extends z.ZodObject = z.ZodObject> {
  readonly name: string
  readonly title: string
  readonly question: string
  /** One command that shows it at work on the bundled sample. */
  readonly example: string
  /** What the reader may choose. Each field carries a description; a default makes it optional. */
  readonly parameters: Given
  /** What comes back: one field a column, each with unit and meaning. */
  readonly columns: Columns
  /** Columns that tell its rows apart: no two rows have the same values in all of them. */
  readonly keys: readonly string[]
  /** Columns that a terminal shows unless others are asked for. */
  readonly shown: readonly string[]
  /** How rows stand beside one another where a person reads them, unless columns are asked for. */
  readonly pivot?: Pivot
  /** What its answer is drawn as: the first of these that fits the rows. */
  readonly chart?: ChartDeclaration
  readonly sources: readonly string[]
  readonly limits: readonly string[]
}

/** Kinds of dataset that may stand beside flows in a statement. */
export type BesideKind = 'production'

/** What a page of an answer's rows is a part of. */
export interface PageOf {
  readonly selection: Selection
  readonly plan: Plan
  /** Whether it has all rows of the answer. */
  readonly whole: boolean
}

/** A question that one statement over flows answers, whatever its size. */
export interface FlowAnalysis<Given extends z.ZodObject = z.ZodObject, Columns extends z.ZodObject = z.ZodObject>
  extends Declaration<Given, Columns> {
  readonly needs: FlowNeeds
  /** Parameters that name a second dataset, by the kind that they take: it is a relation of that name to the statement. */
  readonly beside?: Readonly<Record<string, BesideKind>>
  plan(given: z.output<Given>, selection: Selection, columns: readonly string[]): Plan
  /** The columns that the finding is read from, whatever columns the reader wants. */
  readonly headline_columns: readonly string[]
  /**
   * Where rows come of another plan than the finding, whose statement has the finding's columns as well: the rows of the
   * finding in a page of them, or undefined where the page has not all.
   */
  headline_within?(page: readonly Row[], of: PageOf): readonly Row[] | undefined
  /** The finding in one sentence, or nothing where there is none. */
  headline(rows: readonly Row[], selection: Selection): string | undefined
}

/** A question that is computed from small tables, or from other analyses' answers. */
export interface ComputedAnalysis<Given extends z.ZodObject = z.ZodObject, Columns extends z.ZodObject = z.ZodObject>
  extends Declaration<Given, Columns> {
  /** Kinds of dataset, of which it takes one; none where it asks others only. */
  readonly needs: {
    readonly kinds: readonly Kind[]
    /** Of flows every supplier is needed, as it is checked where they are read. */
    readonly complete_suppliers?: true
  }
  run(given: z.output<Given>, context: Context): Promise<Outcome>
}

/** A question that data can answer, declared once and shown by every face. */
export type Analysis = FlowAnalysis | ComputedAnalysis

/** Declare an analysis. Returns its argument: the call is there for the types. */
export function defineAnalysis<Given extends z.ZodObject, Columns extends z.ZodObject>(
  analysis: FlowAnalysis<Given, Columns>,
): FlowAnalysis<Given, Columns>
export function defineAnalysis<Given extends z.ZodObject, Columns extends z.ZodObject>(
  analysis: ComputedAnalysis<Given, Columns>,
): ComputedAnalysis<Given, Columns>
export function defineAnalysis<A>(analysis: A): A {
  return analysis
}

/** The kinds of dataset that an analysis takes; none where it asks others only. */
export const kindsOf = (analysis: Analysis): readonly Kind[] =>
  'kinds' in analysis.needs ? analysis.needs.kinds : [analysis.needs.kind]

/** One row of an analysis's answer. */
export type RowOf<A> = A extends Declaration<z.ZodObject, infer Columns> ? z.output<Columns> : never
