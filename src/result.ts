import { isDeepStrictEqual } from 'node:util'
import type { FlowAnalysis, Outcome, Plan, Row } from './analyses/analysis.ts'
import type { FlowQuestion } from './analyses/question.ts'
import type { Doubt } from './dataset/schema.ts'
import type { Cell, Engine, Page } from './engine/engine.ts'
import { measure } from './engine/statement.ts'
import { type FlowReading, objects, type Revision, revisionOf } from './flow-reading.ts'
import { amount } from './wording.ts'

const belowMinimum = measure('below_minimum')

export type Blocks = AsyncIterable<readonly (readonly Cell[])[]>

/** Rows as they are read, and the finding, which may come later. */
export interface Told {
  readonly blocks: Blocks
  readonly headline: Promise<string | undefined>
}

/** Of no more rows than these a page is held at once. */
const mostHeld = 2_000

/** The rows behind an answer, wherever they come from. */
export interface Result {
  readonly columns: readonly string[]
  /** Doubts of the data that touch the question, one finding each without them. */
  readonly doubts: readonly Doubt[]
  stream(signal?: AbortSignal, page?: Page): Blocks
  /** A page of rows and the finding: of one statement, where that has all that the finding is read from. */
  told(page: Page, signal?: AbortSignal): Promise<Told>
  count(signal?: AbortSignal): Promise<number>
  headline(signal?: AbortSignal): Promise<string | undefined>
  /** The finding as it would read without a doubtful series. */
  headlineWithout(doubt: Doubt, signal?: AbortSignal): Promise<string | undefined>
  /** What a least value leaves out, in a sentence. */
  leftOut(signal?: AbortSignal): Promise<string | undefined>
  explain(): string
  parquet(file: string, signal?: AbortSignal, page?: Page): Promise<void>
}

/** One statement over flows: computed by the engine as it is read, whatever its size. */
export class FlowResult implements Result {
  readonly columns: readonly string[]
  readonly #analysis: FlowAnalysis
  readonly #reading: (revision: Revision) => FlowReading
  readonly #plan: Plan
  readonly #finding: Plan
  readonly #engine: Engine
  readonly #read: FlowReading
  readonly #signal: AbortSignal | undefined
  /** Whether every purchase that was asked for is known to be in the answer. */
  #hasAllAsked = false

  /**
   * @param finding the plan with the columns that the headline is read from
   * @param read the flows as the dataset has them
   * @param reading the same with one doubtful series read otherwise
   * @param signal whoever asked gives up by it, unless another is named
   */
  constructor(
    analysis: FlowAnalysis,
    plan: Plan,
    finding: Plan,
    columns: readonly string[],
    engine: Engine,
    read: FlowReading,
    reading: (revision: Revision) => FlowReading,
    signal?: AbortSignal,
  ) {
    this.#analysis = analysis
    this.#plan = plan
    this.#finding = finding
    this.columns = columns
    this.#engine = engine
    this.#read = read
    this.#reading = reading
    this.#signal = signal
  }

  get doubts(): readonly Doubt[] {
    return this.#read.doubts
  }

  get #findingColumns(): readonly string[] {
    return this.#finding.columns ?? this.#analysis.headline_columns
  }

  #query(page?: Page) {
    return { ...this.#read.query(this.#plan, this.columns), ...(page ? { page } : {}) }
  }

  stream(signal = this.#signal, page?: Page): Blocks {
    return this.#engine.stream(this.#query(page), signal)
  }

  async told(page: Page, signal = this.#signal): Promise<Told> {
    const [plan, finding] = [this.#plan, this.#finding].map((one) => ({ ...one, columns: undefined }))
    const isSame = isDeepStrictEqual(plan, finding)
    const { headline_within } = this.#analysis
    if (page.start > 0 || page.rows > mostHeld || !(isSame || headline_within))
      return { blocks: this.stream(signal, page), headline: this.headline(signal) }
    const finders = this.#findingColumns
    const columns = [...new Set([...this.columns, ...finders])]
    const query = { ...this.#read.query(this.#plan, columns), page }
    const held: (readonly Cell[])[] = []
    for await (const block of this.#engine.stream(query, signal)) held.push(...block)
    const blocks = blockOf(held.map((row) => row.slice(0, this.columns.length)))
    const places = finders.map((name) => columns.indexOf(name))
    const rows = await objects(blockOf(held.map((row) => places.map((place) => row[place] ?? null))), finders)
    // Rows beyond the page belong to the finding as well.
    const whole = held.length < page.rows
    const { selection } = this.#read
    const found = isSame ? (whole ? rows : undefined) : headline_within?.(rows, { selection, plan: this.#plan, whole })
    this.#hasAllAsked = whole && hasAll(rows, this.#read.question)
    return {
      blocks,
      headline: found ? Promise.resolve(this.#analysis.headline(found, selection)) : this.headline(signal),
    }
  }

  count(signal = this.#signal): Promise<number> {
    return this.#engine.count(this.#query(), signal)
  }

  headline(signal = this.#signal): Promise<string | undefined> {
    return this.#headlineOf(this.#read, signal)
  }

  headlineWithout(doubt: Doubt, signal = this.#signal): Promise<string | undefined> {
    return this.#headlineOf(this.#reading(revisionOf(doubt)), signal)
  }

  /** Counted where importers are named, whose rows are few; of all importers it would be a second scan of everything. */
  async leftOut(signal?: AbortSignal): Promise<string | undefined> {
    const min_value = Number(this.#plan.values['min_value'] ?? 0)
    if (min_value === 0) return undefined
    const { byImporter, selection } = this.#read.question
    const least = amount(min_value, selection.manifest.currency)
    // What stands as `flow` there is of one side only, and not what such an analysis leaves out.
    if (this.#analysis.needs.both_sides)
      return `Trade of less than ${least} is left out, and not counted: --min-value 0 shows it.`
    if (!byImporter)
      return `Purchases of less than ${least} are left out, and not counted: name importers to have them counted, or --min-value 0.`
    if (this.#hasAllAsked) return undefined
    const plan = {
      statement: belowMinimum,
      values: { min_value, period_asked: selection.periods },
      order: ['left_out'],
    }
    const columns = ['left_out', 'purchases', 'value', 'total']
    const [found] = await objects(this.#engine.stream(this.#read.query(plan, columns), signal), columns)
    if (!found || Number(found['left_out']) === 0) return undefined
    const money = (column: string) => amount(Number(found[column]), selection.manifest.currency)
    const one = selection.importers.length === 1 && selection.periods.length === 1
    return `Left out, for less than ${least} each: ${found['left_out']} of ${found['purchases']} ${one ? 'products' : 'purchases of a product in a period'}, ${money('value')} of ${money('total')}. --min-value 0 shows them.`
  }

  async #headlineOf(reading: FlowReading, signal?: AbortSignal): Promise<string | undefined> {
    const columns = this.#findingColumns
    const rows = await objects(this.#engine.stream(reading.query(this.#finding, columns), signal), columns)
    return this.#analysis.headline(rows, reading.selection)
  }

  explain(): string {
    return this.#engine.explain(this.#query())
  }

  async parquet(file: string, signal = this.#signal, page?: Page): Promise<void> {
    await this.#engine.parquet(this.#query(page), file, signal)
  }
}

/** Whether rows have every importer, period and product that was named, and so nothing is left out for being small. */
function hasAll(rows: readonly Row[], { selection, values, resolved }: FlowQuestion): boolean {
  const { importers, periods, products } = selection
  // Of a group the rows may have each product, and those that are left out are in no list.
  if ((resolved['group'] as readonly string[]).length > 0) return false
  const goods = products.length || (values['digits'] === 0 ? 1 : 0)
  const asked = importers.length * periods.length * goods
  const known = ['importer', 'period', 'product'].every((column) => rows.every((row) => column in row))
  const purchase = (row: Row) => JSON.stringify([row['importer'], row['period'], row['product']])
  return asked > 0 && known && new Set(rows.map(purchase)).size === asked
}

/** Rows that are there as one block; no rows are no block. */
async function* blockOf(rows: readonly (readonly Cell[])[]): Blocks {
  if (rows.length > 0) yield rows
}

/** Rows that TypeScript computed from small tables, or from other answers. */
export class ComputedResult implements Result {
  readonly columns: readonly string[]
  readonly doubts: readonly Doubt[]
  readonly #outcome: Outcome
  readonly #again: (revision: Revision) => Promise<Outcome>
  readonly #explained: readonly string[]
  readonly #write: (blocks: readonly (readonly Cell[])[], file: string) => Promise<void>

  /**
   * @param again the same question to data read otherwise
   * @param explained the statements that it ran
   * @param write how rows become a Parquet file
   */
  constructor(
    outcome: Outcome,
    columns: readonly string[],
    doubts: readonly Doubt[],
    again: (revision: Revision) => Promise<Outcome>,
    explained: readonly string[],
    write: (rows: readonly (readonly Cell[])[], file: string) => Promise<void>,
  ) {
    this.#outcome = outcome
    this.columns = columns
    this.doubts = doubts
    this.#again = again
    this.#explained = explained
    this.#write = write
  }

  #cells({ start, rows }: Page = { start: 0, rows: Number.POSITIVE_INFINITY }): (readonly Cell[])[] {
    return this.#outcome.rows.slice(start, start + rows).map((row) => this.columns.map((column) => row[column] ?? null))
  }

  stream(_signal?: AbortSignal, page?: Page): Blocks {
    return blockOf(this.#cells(page))
  }

  async told(page: Page): Promise<Told> {
    return { blocks: this.stream(undefined, page), headline: this.headline() }
  }

  async count(): Promise<number> {
    return this.#outcome.rows.length
  }

  async headline(): Promise<string | undefined> {
    return this.#outcome.headline
  }

  async leftOut(): Promise<undefined> {}

  async headlineWithout(doubt: Doubt): Promise<string | undefined> {
    return (await this.#again(revisionOf(doubt))).headline
  }

  explain(): string {
    if (this.#explained.length > 0) return this.#explained.join('\n')
    return '-- Computed from small tables; the engine is asked nothing. The formula and its source: --help.\n'
  }

  parquet(file: string, _signal?: AbortSignal, page?: Page): Promise<void> {
    return this.#write(this.#cells(page), file)
  }
}
