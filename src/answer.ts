import type { Table } from 'apache-arrow'
import { z } from 'zod'
import type { Declaration, Row } from './analyses/analysis.ts'
import type { Doubt, Manifest } from './dataset/schema.ts'
import type { Cell, Page } from './engine/engine.ts'
import { objects } from './flow-reading.ts'
import type { Blocks, Result, Told } from './result.ts'

/** A column of an answer, as declared by its analysis; `currency` is resolved to the dataset's. */
export interface AnswerColumn {
  readonly name: string
  readonly type: 'integer' | 'number' | 'text' | 'boolean'
  readonly unit: string
  readonly description: string
}

interface JsonSchema {
  type?: string | string[]
  anyOf?: JsonSchema[]
  unit?: string
  description?: string
}

/** Columns by the schema that declares them: every answer asks for them, several times. */
const declaredColumns = new WeakMap<object, readonly AnswerColumn[]>()

/** The columns that an analysis declares, in order. */
export function columnsOf(analysis: Declaration): readonly AnswerColumn[] {
  const known = declaredColumns.get(analysis.columns)
  if (known) return known
  const schema = z.toJSONSchema(analysis.columns, { io: 'output' }) as { properties: Record<string, JsonSchema> }
  const columns = Object.entries(schema.properties).map(([name, field]): AnswerColumn => {
    // What may be null is written as a list of types, or as alternatives.
    const kind = [field.type ?? field.anyOf?.map((one) => one.type) ?? 'string'].flat(2).find((one) => one !== 'null')
    const type = kind === 'string' ? 'text' : (kind as 'integer' | 'number' | 'boolean')
    return { name, type, unit: field.unit ?? '', description: field.description ?? '' }
  })
  declaredColumns.set(analysis.columns, columns)
  return columns
}

/** A sentence that may begin with a name: "the United States" has a capital there. */
const begun = (sentence: string | undefined) => sentence?.replace(/^the /, 'The ')

const mostDoubtsTold = 3
const howOtherwise: Readonly<Record<Doubt['kind'], string>> = {
  jump: 'Without it',
  blank: 'With its last value instead',
  mirror: 'With the partner’s report instead',
}

/** A dataset that an answer was read from, as it stands under every figure. */
export interface DatasetReference {
  readonly name: string
  readonly version: string
  readonly kind: string
  /** Empty where the dataset holds no money. */
  readonly currency: string
  readonly valuation: string
  /** The nomenclature of its last period, such as HS2017; empty where it holds no flows. */
  readonly edition: string
  /** Whether all its products together are all goods; null where it holds no flows. */
  readonly all_goods: boolean | null
  readonly sources: readonly string[]
}

/** What stands under a figure of this dataset. */
export function referenceTo(manifest: Manifest): DatasetReference {
  const flows = manifest.kind === 'flow' ? manifest : { currency: '', valuation: '' }
  return {
    name: manifest.name,
    version: manifest.version,
    kind: manifest.kind,
    currency: flows.currency,
    valuation: flows.valuation,
    all_goods: manifest.kind === 'flow' ? manifest.products_complete || manifest.default_level === 0 : null,
    edition: manifest.kind === 'flow' ? (manifest.coverage.at(-1)?.edition ?? '') : '',
    sources: manifest.provenance.map((one) =>
      [one.publisher, one.title, one.vintage, one.licence].filter(Boolean).join(', '),
    ),
  }
}

/** That rows of a dataset's files are in no figure, in a sentence; nothing where all could be read. */
function rejectedOf({ name, account: { rows } }: Manifest): string[] {
  if (rows.rejected === 0) return []
  const were = rows.rejected === 1 ? 'was' : 'were'
  return [
    `${rows.rejected.toLocaleString('en')} of ${rows.in.toLocaleString('en')} rows read for ${name} ${were} rejected, and are in no figure.`,
  ]
}

/** The answer to one question: its rows, with everything that makes them traceable beside them. */
export class Answer<R = Row> {
  readonly analysis: string
  readonly title: string
  readonly parameters: Readonly<Record<string, unknown>>
  /** The dataset that was asked; null where the analysis asks others only. */
  readonly dataset: DatasetReference | null
  /** Every dataset that was read for it. */
  readonly datasets: readonly DatasetReference[]
  readonly tool_version: string
  readonly columns: readonly AnswerColumn[]
  /** Complete after `tellDoubts`. */
  readonly caveats: string[]
  readonly sources: readonly string[]
  /** Periods of the dataset that its publisher has estimated, as stored: for pictures. */
  readonly estimated: readonly number[]
  /** Years in it that have fewer than twelve months: for pictures. */
  readonly incomplete: readonly number[]
  /** A check that was asked for and did not hold, in a sentence. */
  readonly failed: string | undefined
  readonly #result: Result
  #doubtsTold = false

  constructor(
    declared: Declaration,
    result: Result,
    about: {
      readonly parameters: Readonly<Record<string, unknown>>
      readonly dataset: Manifest | undefined
      readonly datasets: readonly Manifest[]
      readonly caveats: readonly string[]
      readonly incomplete?: readonly number[]
      readonly toolVersion: string
      readonly failed?: string | undefined
    },
  ) {
    const known = columnsOf(declared)
    this.#result = result
    this.analysis = declared.name
    this.title = declared.title
    this.parameters = about.parameters
    this.dataset = about.dataset ? referenceTo(about.dataset) : null
    this.datasets = about.datasets.map(referenceTo)
    this.tool_version = about.toolVersion
    const currency = this.dataset?.currency ?? ''
    this.columns = result.columns.map((name) => {
      const column = known.find((one) => one.name === name) as AnswerColumn
      return currency !== '' && column.unit.includes('currency')
        ? { ...column, unit: column.unit.replace('currency', currency) }
        : column
    })
    this.caveats = [...about.caveats, ...about.datasets.flatMap(rejectedOf)]
    this.sources = declared.sources
    this.estimated = about.dataset?.kind === 'flow' ? about.dataset.estimated_periods : []
    this.incomplete = about.incomplete ?? []
    this.failed = about.failed
  }

  /** Doubts of the data that touch the question. */
  get doubts(): readonly Doubt[] {
    return this.#result.doubts
  }

  /** Rows in blocks, cells in the order of `columns`; a page of them, or all. Whole numbers beyond 2^53 arrive as bigint. */
  stream(signal?: AbortSignal, page?: Page): Blocks {
    return this.#result.stream(signal, page)
  }

  /** A page of rows in blocks and the finding, by one statement where one has both. */
  async told(page: Page, signal?: AbortSignal): Promise<Told> {
    const { blocks, headline } = await this.#result.told(page, signal)
    return { blocks, headline: headline.then(begun) }
  }

  /** How many rows it has. */
  count(signal?: AbortSignal): Promise<number> {
    return this.#result.count(signal)
  }

  /**
   * Rows as objects, a page of them or all.
   * @throws Refusal where a whole number is beyond 2^53: such answers are for CSV, JSON or Parquet
   */
  async rows(signal?: AbortSignal, page?: Page): Promise<R[]> {
    return (await objects(this.#result.stream(signal, page), this.#result.columns)) as R[]
  }

  /** The finding in a sentence, whatever columns were asked for. */
  async headline(signal?: AbortSignal): Promise<string | undefined> {
    return begun(await this.#result.headline(signal))
  }

  /** Add what a least value leaves out, and what doubts do to the finding: the sentence as it would read without each. */
  async tellDoubts(signal?: AbortSignal): Promise<void> {
    if (this.#doubtsTold) return
    this.#doubtsTold = true
    const leftOut = await this.#result.leftOut(signal)
    if (leftOut) this.caveats.push(leftOut)
    const { doubts } = this.#result
    const told = await Promise.all(
      doubts.slice(0, mostDoubtsTold).map(async (doubt) => ({
        doubt,
        otherwise: begun(await this.#result.headlineWithout(doubt, signal)),
      })),
    )
    for (const { doubt, otherwise } of told) {
      const how = howOtherwise[doubt.kind]
      this.caveats.push(`Doubtful: ${doubt.text}.${otherwise ? ` ${how}: ${otherwise}` : ''}`)
    }
    if (doubts.length > mostDoubtsTold)
      this.caveats.push(
        `${doubts.length - mostDoubtsTold} more series of these importers are doubtful: chokepoint datasets show ${this.dataset?.name}`,
      )
  }

  /** The statements whole, with their parameters, in a form that pastes into the engine's shell and runs. */
  explain(): string {
    return this.#result.explain()
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

  /** Write the rows as Parquet, a page of them or all. */
  async parquet(file: string, signal?: AbortSignal, page?: Page): Promise<void> {
    await this.#result.parquet(file, signal, page)
  }
}
