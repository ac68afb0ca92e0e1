import type { FlowAnalysis, Outcome, Plan } from './analyses/analysis.ts'
import type { Doubt } from './dataset/schema.ts'
import type { Cell, Engine } from './engine/engine.ts'
import { type FlowReading, objects, type Revision, revisionOf } from './flow-reading.ts'

export type Blocks = AsyncIterable<readonly (readonly Cell[])[]>

/** The rows behind an answer, wherever they come from. */
export interface Result {
  readonly columns: readonly string[]
  /** Doubts of the data that touch the question, one finding each without them. */
  readonly doubts: readonly Doubt[]
  stream(signal?: AbortSignal): Blocks
  headline(signal?: AbortSignal): Promise<string | undefined>
  /** The finding as it would read without a doubtful series. */
  headlineWithout(doubt: Doubt, signal?: AbortSignal): Promise<string | undefined>
  explain(): string
  parquet(file: string, signal?: AbortSignal): Promise<void>
}

/** One statement over flows: computed by the engine as it is read, whatever its size. */
export class FlowResult implements Result {
  readonly columns: readonly string[]
  readonly #analysis: FlowAnalysis
  readonly #reading: (revision?: Revision) => FlowReading
  readonly #plan: Plan
  readonly #finding: Plan
  readonly #engine: Engine
  readonly #read: FlowReading

  /** @param finding the plan with the columns that the headline is read from */
  constructor(
    analysis: FlowAnalysis,
    plan: Plan,
    finding: Plan,
    columns: readonly string[],
    engine: Engine,
    reading: (revision?: Revision) => FlowReading,
  ) {
    this.#analysis = analysis
    this.#plan = plan
    this.#finding = finding
    this.columns = columns
    this.#engine = engine
    this.#reading = reading
    this.#read = reading()
  }

  get doubts(): readonly Doubt[] {
    return this.#read.doubts
  }

  stream(signal?: AbortSignal): Blocks {
    return this.#engine.stream(this.#read.query(this.#plan, this.columns), signal)
  }

  headline(signal?: AbortSignal): Promise<string | undefined> {
    return this.#headlineOf(this.#read, signal)
  }

  headlineWithout(doubt: Doubt, signal?: AbortSignal): Promise<string | undefined> {
    return this.#headlineOf(this.#reading(revisionOf(doubt)), signal)
  }

  async #headlineOf(reading: FlowReading, signal?: AbortSignal): Promise<string | undefined> {
    const columns = this.#finding.columns ?? this.#analysis.headline_columns
    const rows = await objects(this.#engine.stream(reading.query(this.#finding, columns), signal), columns)
    return this.#analysis.headline(rows, reading.selection)
  }

  explain(): string {
    return this.#engine.explain(this.#read.query(this.#plan, this.columns))
  }

  async parquet(file: string, signal?: AbortSignal): Promise<void> {
    await this.#engine.parquet(this.#read.query(this.#plan, this.columns), file, signal)
  }
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

  get #cells(): (readonly Cell[])[] {
    return this.#outcome.rows.map((row) => this.columns.map((column) => row[column] ?? null))
  }

  async *stream(): Blocks {
    if (this.#outcome.rows.length > 0) yield this.#cells
  }

  async headline(): Promise<string | undefined> {
    return this.#outcome.headline
  }

  async headlineWithout(doubt: Doubt): Promise<string | undefined> {
    return (await this.#again(revisionOf(doubt))).headline
  }

  explain(): string {
    if (this.#explained.length > 0) return this.#explained.join('\n')
    return '-- Computed from small tables; the engine is asked nothing. The formula and its source: --help.\n'
  }

  parquet(file: string): Promise<void> {
    return this.#write(this.#cells, file)
  }
}
