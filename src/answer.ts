import type { Table } from 'apache-arrow'
import { z } from 'zod'
import type { Analysis, Plan, Row } from './analyses/analysis.ts'
import type { FlowQuestion } from './analyses/question.ts'
import type { Doubt, Manifest, Side } from './dataset/schema.ts'
import type { Cell, Engine, Query } from './engine/engine.ts'
import { measure } from './engine/statement.ts'
import { Refusal } from './refusal.ts'

/** A column of an answer, as declared by its analysis; `currency` is resolved to the dataset's. */
export interface AnswerColumn {
  readonly name: string
  readonly type: 'integer' | 'number' | 'text' | 'boolean'
  readonly unit: string
  readonly description: string
}

interface JsonSchema {
  type?: string
  anyOf?: JsonSchema[]
  unit?: string
  description?: string
}

/** The columns that an analysis declares, in order. */
export function columnsOf(analysis: Analysis): AnswerColumn[] {
  const schema = z.toJSONSchema(analysis.columns, { io: 'output' }) as { properties: Record<string, JsonSchema> }
  return Object.entries(schema.properties).map(([name, field]) => {
    const kind = field.type ?? field.anyOf?.find((one) => one.type !== 'null')?.type ?? 'string'
    const type = kind === 'string' ? 'text' : (kind as 'integer' | 'number' | 'boolean')
    return { name, type, unit: field.unit ?? '', description: field.description ?? '' }
  })
}

const revised = measure('report_revised')
const mostDoubtsTold = 3
const howOtherwise: Readonly<Record<Doubt['kind'], string>> = {
  jump: 'Without it',
  blank: 'With its last value instead',
  mirror: 'With the partner’s report instead',
}
const mirrorOf = (side: Side): Side => (side === 'importer' ? 'exporter' : 'importer')

/**
 * The answer to one question: a relation that the engine streams, with everything that makes it traceable beside it.
 * Nothing is computed until rows are asked for.
 */
export class Answer<R = Row> {
  readonly analysis: string
  readonly title: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly dataset: {
    readonly name: string
    readonly version: string
    readonly kind: string
    readonly currency: string
    readonly valuation: string
    readonly sources: readonly string[]
  }
  readonly tool_version: string
  readonly columns: readonly AnswerColumn[]
  /** Complete once the rows were asked for, or after `prepare`. */
  readonly caveats: string[]
  readonly sources: readonly string[]
  readonly #declared: Analysis
  readonly #question: FlowQuestion
  readonly #engine: Engine
  readonly #query: Query
  /** The same question with the columns that the finding is read from. */
  readonly #finding: Query
  readonly #doubts: readonly Doubt[]
  #doubtsTold = false

  constructor(
    declared: Analysis,
    plan: Plan,
    finding: Plan,
    question: FlowQuestion,
    engine: Engine,
    report: readonly string[],
    manifest: Manifest,
    parameters: Readonly<Record<string, unknown>>,
    columns: readonly string[],
    toolVersion: string,
  ) {
    const known = columnsOf(declared)
    this.#declared = declared
    this.#question = question
    this.#engine = engine
    this.analysis = declared.name
    this.title = declared.title
    this.parameters = parameters
    this.dataset = {
      name: manifest.name,
      version: manifest.version,
      kind: manifest.kind,
      currency: manifest.currency,
      valuation: manifest.valuation,
      sources: manifest.provenance.map((one) =>
        [one.publisher, one.title, one.vintage, one.licence].filter(Boolean).join(', '),
      ),
    }
    this.tool_version = toolVersion
    this.columns = columns.map((name) => {
      const column = known.find((one) => one.name === name) as AnswerColumn
      return column.unit.includes('currency')
        ? { ...column, unit: column.unit.replace('currency', manifest.currency) }
        : column
    })
    this.caveats = [...question.caveats, ...(plan.caveats ?? []), ...manifest.notes]
    this.sources = declared.sources
    const query = (of: Plan, wanted: readonly string[]): Query => ({
      statement: of.statement,
      flow: question.flow,
      values: { ...question.values, ...of.values },
      report,
      columns: wanted,
      order: of.order,
    })
    this.#query = query(plan, columns)
    this.#finding = query(finding, finding.columns ?? declared.headline_columns)
    this.#doubts = manifest.doubts.filter(
      (doubt) =>
        doubt.side === question.side &&
        doubt.periods.some((period) => question.touched.includes(period)) &&
        (question.importers.length === 0 || question.importers.includes(doubt.importer)),
    )
  }

  /** Rows in blocks, cells in the order of `columns`. Whole numbers beyond 2^53 arrive as bigint. */
  stream(signal?: AbortSignal): AsyncIterable<readonly (readonly Cell[])[]> {
    return this.#engine.stream(this.#query, signal)
  }

  /**
   * All rows as objects.
   * @throws Refusal where a whole number is beyond 2^53: such answers are for CSV, JSON or Parquet
   */
  async rows(signal?: AbortSignal): Promise<R[]> {
    return (await this.#objects(this.#query, signal)) as R[]
  }

  async #objects(query: Query, signal?: AbortSignal): Promise<Row[]> {
    const rows: Row[] = []
    for await (const block of this.#engine.stream(query, signal)) {
      for (const cells of block) {
        const row: Record<string, Cell> = {}
        for (const [place, column] of query.columns.entries()) {
          const value = cells[place] ?? null
          if (typeof value === 'bigint')
            throw new Refusal(
              'refused',
              'answer/large',
              `${column} is ${value}, beyond what a number holds exactly: ask for CSV, JSON or Parquet`,
            )
          row[column] = value
        }
        rows.push(row)
      }
    }
    return rows
  }

  /** The finding in a sentence, from all declared columns that this statement has. */
  async headline(signal?: AbortSignal): Promise<string | undefined> {
    return this.#headlineOf(this.#finding, signal)
  }

  async #headlineOf(query: Query, signal?: AbortSignal): Promise<string | undefined> {
    return this.#declared.headline(await this.#objects(query, signal), this.#question.selection)
  }

  /** Add what the doubts of the data do to the finding: the sentence as it would read without each. */
  async tellDoubts(signal?: AbortSignal): Promise<void> {
    if (this.#doubtsTold) return
    this.#doubtsTold = true
    for (const doubt of this.#doubts.slice(0, mostDoubtsTold)) {
      const query: Query = {
        ...this.#finding,
        revised,
        values: {
          ...this.#finding.values,
          doubt_importer: doubt.importer,
          doubt_exporter: doubt.exporter,
          doubt_side: doubt.side,
          doubt_periods: doubt.periods,
          doubt_carry: doubt.kind === 'blank' ? doubt.last : 0,
          doubt_stand_in: doubt.kind === 'jump' ? '' : doubt.kind === 'blank' ? doubt.side : mirrorOf(doubt.side),
        },
      }
      const otherwise = await this.#headlineOf(query, signal)
      const how = howOtherwise[doubt.kind]
      this.caveats.push(`Doubtful: ${doubt.text}.${otherwise ? ` ${how}: ${otherwise}` : ''}`)
    }
    if (this.#doubts.length > mostDoubtsTold)
      this.caveats.push(
        `${this.#doubts.length - mostDoubtsTold} more series of these importers are doubtful: chokepoint datasets show ${this.dataset.name}`,
      )
  }

  /** The statement whole, with its parameters, in a form that pastes into the engine's shell and runs. */
  explain(): string {
    return this.#engine.explain(this.#query)
  }

  /** The rows as an Arrow table: whole numbers as 64-bit integers, unknown as null. */
  async arrow(signal?: AbortSignal): Promise<Table> {
    const { Bool, Float64, Int64, Table: ArrowTable, Utf8, vectorFromArray } = await import('apache-arrow')
    const types = { integer: new Int64(), number: new Float64(), text: new Utf8(), boolean: new Bool() }
    const cells: Cell[][] = this.columns.map(() => [])
    for await (const block of this.stream(signal)) {
      for (const row of block) {
        for (const [place, column] of this.columns.entries()) {
          const value = row[place] ?? null
          cells[place]?.push(column.type === 'integer' && value !== null ? BigInt(value) : value)
        }
      }
    }
    return new ArrowTable(
      Object.fromEntries(
        this.columns.map((column, place) => [column.name, vectorFromArray(cells[place] ?? [], types[column.type])]),
      ),
    )
  }

  /** Write the rows as Parquet, straight from the engine. */
  async parquet(file: string, signal?: AbortSignal): Promise<void> {
    await this.#engine.parquet(this.#query, file, signal)
  }
}
