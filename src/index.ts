import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { z } from 'zod'
import { type Analysis, type ComputedAnalysis, type FlowAnalysis, kindsOf, type RowOf } from './analyses/analysis.ts'
import { type AnalysisName, analyses } from './analyses/index.ts'
import type { FlowGiven } from './analyses/question.ts'
import { Answer, columnsOf } from './answer.ts'
import { Asking, type Lender } from './context.ts'
import { chokepointHome } from './dataset/home.ts'
import { kindWords, type Manifest } from './dataset/schema.ts'
import {
  listDatasets,
  openDataset,
  refusedDatasets,
  removeDataset,
  storedFiles,
  verifyDataset,
} from './dataset/store.ts'
import { StoreReader } from './dataset/store-reader.ts'
import { compare, differenceOf, type Sides } from './difference.ts'
import type { Cell, Engine, Limits } from './engine/engine.ts'
import { type Beside, FlowReading, heldIn, type Revision } from './flow-reading.ts'
import { FoundResults } from './found-once.ts'
import { environmentLimits, usualThreads } from './limits.ts'
import type { LoadRequest } from './load-files.ts'
import { productDescription } from './reference/nomenclature.ts'
import { tablesFingerprint } from './reference/tables-fingerprint.ts'
import { Refusal } from './refusal.ts'
import { ComputedResult, FlowResult } from './result.ts'
import { Threads } from './threads/threads.ts'

export type { RowOf } from './analyses/analysis.ts'
export { type AnalysisName, analyses } from './analyses/index.ts'
export { Answer, type AnswerColumn } from './answer.ts'
export type { Account, Doubt, Manifest } from './dataset/schema.ts'
export type { Cell, Engine, Limits } from './engine/engine.ts'
export type { LoadRequest } from './load-files.ts'
export { exchangeRate } from './reference/exchange-rates.ts'
export { Refusal } from './refusal.ts'

/** This release, as in package.json. */
export const toolVersion: string = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version

type Given<Name extends AnalysisName> = z.input<(typeof analyses)[Name]['parameters']>

/** A product of a dataset. */
export interface DatasetProduct {
  readonly code: string
  /** The nomenclature that the code stands in, such as HS2017. */
  readonly edition: string
  readonly periods: readonly number[]
  /** As of that nomenclature; null where no shipped text has it. */
  readonly description: string | null
}

export interface AskOptions {
  /** Columns wanted, of those declared; all where left out. */
  readonly columns?: readonly string[]
  readonly signal?: AbortSignal
}

/** The library: datasets under one home, and questions to them. Close it, or let `await using` do so. */
export class Chokepoint implements AsyncDisposable {
  /** Resolved, so that it stands as it does in paths of what lies in it. */
  readonly home: string
  readonly #engine: Engine
  readonly #limits: Limits
  readonly #found = new FoundResults()
  readonly #threads: Threads

  /** @param limits of loads, each of which has an engine of its own, and of work on small tables */
  constructor(home: string, engine: Engine, limits: Limits = {}) {
    this.home = resolve(home)
    this.#engine = new StoreReader(engine)
    this.#limits = limits
    this.#threads = new Threads(limits.threads ?? usualThreads, limits.seconds)
  }

  /**
   * Ask an analysis. Names are resolved and what it needs is checked before anything is computed.
   * @throws Refusal of kind `wrong_use` for parameters, `no_data` where the dataset cannot carry the question
   */
  async ask<Name extends AnalysisName>(
    name: Name,
    given: Given<Name>,
    options?: AskOptions,
  ): Promise<Answer<RowOf<(typeof analyses)[Name]>>>
  async ask(name: string, given: Readonly<Record<string, unknown>>, options?: AskOptions): Promise<Answer>
  async ask(name: string, given: Readonly<Record<string, unknown>>, options: AskOptions = {}): Promise<Answer> {
    const { analysis, parsed, wanted } = this.#understood(name, given, options)
    return 'plan' in analysis
      ? this.#askFlows(analysis, parsed, wanted, options.signal)
      : this.#compute(analysis, parsed, wanted, options.signal)
  }

  /**
   * What decides an answer, found without computing it: release, versions of the datasets, parameters, columns, shipped
   * tables and a user's own. Of two questions with one identity the answers have the same bytes. sha256.
   * @throws Refusal as `ask` does for parameters and the dataset
   */
  async identity(name: string, given: Readonly<Record<string, unknown>>, options: AskOptions = {}): Promise<string> {
    const { analysis, parsed, wanted } = this.#understood(name, given, options)
    const second = 'plan' in analysis ? (await this.#beside(analysis, parsed)).map((one) => one.manifest) : []
    const read =
      'plan' in analysis ? [(await this.#opened(analysis, parsed)).manifest, ...second] : await this.datasets()
    const opened = 'plan' in analysis || kindsOf(analysis).length === 0 ? [] : [await this.#opened(analysis, parsed)]
    const datasets = [...opened.map(({ manifest }) => manifest), ...read].map((one) => `${one.name}@${one.version}`)
    const decisive = [toolVersion, name, parsed, wanted, datasets, tablesFingerprint(this.home)]
    return createHash('sha256').update(JSON.stringify(decisive)).digest('hex')
  }

  /** The answer of faces that answer with no rows, and a reason, where data cannot carry a question. */
  withoutRows(name: string, given: Readonly<Record<string, unknown>>, options: AskOptions = {}): Answer {
    const { analysis, parsed, wanted } = this.#understood(name, given, options)
    const none = { rows: [] }
    const result = new ComputedResult(none, wanted, [], async () => none, [], this.#writer(analysis, wanted))
    return new Answer(analysis, result, {
      parameters: parsed as Record<string, unknown>,
      dataset: undefined,
      datasets: [],
      caveats: [],
      toolVersion,
    })
  }

  /** What writes rows of these columns as Parquet. */
  #writer(analysis: Analysis, columns: readonly string[]) {
    const types = new Map(columnsOf(analysis).map((column) => [column.name, column.type]))
    const typed = columns.map((name) => ({ name, type: types.get(name) ?? ('text' as const) }))
    return (rows: readonly (readonly Cell[])[], file: string) => this.#engine.writeParquet(typed, rows, file)
  }

  /** The analysis with its parameters and columns checked. */
  #understood(name: string, given: Readonly<Record<string, unknown>>, options: AskOptions) {
    const analysis = analysisCalled(name)
    const parsed = analysis.parameters.safeParse(given)
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      const field = String(issue?.path[0] ?? (issue as { keys?: string[] } | undefined)?.keys?.[0] ?? '')
      throw new Refusal(
        'wrong_use',
        'parameter/invalid',
        `--${field.replaceAll('_', '-')}: ${issue?.message} (received ${JSON.stringify(given[field])})`,
      )
    }
    const known = columnsOf(analysis).map((column) => column.name)
    const unknown = options.columns?.find((column) => !known.includes(column))
    if (unknown !== undefined)
      throw new Refusal(
        'wrong_use',
        'columns/unknown',
        `${name} has no column "${unknown}". It has ${known.join(', ')}`,
      )
    return { analysis, parsed: parsed.data, wanted: options.columns ?? known }
  }

  async #askFlows(
    analysis: FlowAnalysis,
    given: object,
    wanted: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    const { manifest, folder } = await this.#opened(analysis, given)
    if (manifest.kind !== 'flow') throw new Error(`${analysis.name} reads flows only`)
    const beside = await this.#beside(analysis, given)
    const reading = (revision?: Revision) =>
      new FlowReading(
        this.#engine,
        { manifest, folder },
        analysis.needs,
        given as FlowGiven,
        this.home,
        revision,
        undefined,
        beside,
      )
    const read = reading()
    const { question } = read
    const plan = analysis.plan(given as Record<string, unknown>, question.selection, wanted)
    const finding = analysis.plan(given as Record<string, unknown>, question.selection, analysis.headline_columns)
    const columns = plan.columns ?? wanted
    if (columns.length === 0)
      throw new Refusal('wrong_use', 'columns/none', `None of ${wanted.join(', ')} is in this answer`)
    const result = new FlowResult(analysis, plan, finding, columns, this.#engine, read, reading, signal)
    return new Answer(analysis, result, {
      parameters: {
        ...given,
        dataset: `${manifest.name}@${manifest.version}`,
        ...Object.fromEntries(beside.map((one) => [one.parameter, `${one.manifest.name}@${one.manifest.version}`])),
        ...question.resolved,
        ...plan.resolved,
      },
      dataset: manifest,
      datasets: [manifest, ...beside.map((one) => one.manifest)],
      caveats: [...question.caveats, ...(plan.caveats ?? []), ...manifest.notes],
      incomplete: question.incomplete,
      toolVersion,
    })
  }

  async #compute(
    analysis: ComputedAnalysis,
    given: object,
    columns: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    const opened = analysis.needs.kinds.length > 0 ? await this.#opened(analysis, given) : undefined
    const lender: Lender = {
      home: this.home,
      engine: this.#engine,
      datasets: () => this.datasets(),
      ask: (name, parameters) => this.ask(name, parameters, signal ? { signal } : {}),
      analysis: (name) => (analyses as unknown as Readonly<Record<string, Analysis>>)[name],
      found: this.#found,
      threads: this.#threads,
    }
    const context = new Asking(lender, opened, undefined, signal)
    const outcome = await analysis.run(given as Record<string, unknown>, context)
    const again = (revision: Revision) =>
      analysis.run(given as Record<string, unknown>, new Asking(lender, opened, revision, signal))
    const result = new ComputedResult(
      outcome,
      columns,
      context.doubts,
      again,
      context.explained,
      this.#writer(analysis, columns),
    )
    return new Answer(analysis, result, {
      parameters: {
        ...given,
        ...(opened ? { dataset: `${opened.manifest.name}@${opened.manifest.version}` } : {}),
        ...outcome.resolved,
      },
      dataset: opened?.manifest,
      datasets: context.read,
      caveats: [...context.caveats, ...(outcome.caveats ?? [])],
      incomplete: context.incomplete,
      toolVersion,
      failed: outcome.failed,
    })
  }

  /** The second datasets that a question names by parameters of its own. */
  async #beside(analysis: FlowAnalysis, given: object): Promise<Beside[]> {
    const found: Beside[] = []
    for (const [parameter, kind] of Object.entries(analysis.beside ?? {})) {
      const named = (given as Readonly<Record<string, string>>)[parameter] ?? ''
      if (named === '') continue
      const { manifest, folder } = await openDataset(this.home, named)
      if (manifest.kind !== kind)
        throw new Refusal(
          'no_data',
          'dataset/kind',
          `--${parameter} ${named}: it holds ${kindWords[manifest.kind]}, where ${kindWords[kind]} is read`,
        )
      found.push({ parameter, manifest, folder })
    }
    return found
  }

  /** The dataset that was named, or the only one of a kind that the analysis takes. */
  async #opened(analysis: Analysis, given: object): Promise<{ manifest: Manifest; folder: string }> {
    const kinds = kindsOf(analysis)
    const named = (given as { dataset?: string }).dataset ?? ''
    if (named) {
      const opened = await openDataset(this.home, named)
      if (!kinds.includes(opened.manifest.kind))
        throw new Refusal(
          'no_data',
          'dataset/kind',
          `${opened.manifest.name} holds ${kindWords[opened.manifest.kind]}; ${analysis.name} reads ${kinds.map((kind) => kindWords[kind]).join(' or ')}`,
        )
      return opened
    }
    const all = await listDatasets(this.home)
    const fitting = all.filter((one) => kinds.includes(one.kind))
    if (fitting.length === 1) return openDataset(this.home, fitting[0]?.name as string)
    throw new Refusal(
      'wrong_use',
      'dataset/choose',
      fitting.length === 0
        ? `No dataset of ${kinds.map((kind) => kindWords[kind]).join(' or ')} is loaded: \`chokepoint start\` builds the samples, \`chokepoint load FILE --as NAME\` loads yours`
        : `Which dataset? --dataset ${fitting.map((one) => one.name).join(', or --dataset ')}`,
    )
  }

  /**
   * What changed in an analysis between two versions of a dataset, or two periods of it: rows that appeared, vanished or
   * moved, one for each column that did, with the reason where it can be known.
   * @throws Refusal as `ask` does, and where a side has several rows with the same keys
   */
  async diff(
    name: string,
    given: Readonly<Record<string, unknown>>,
    sides: Sides,
    options: AskOptions = {},
  ): Promise<Answer> {
    const analysis = analysisCalled(name)
    if (kindsOf(analysis).length === 0)
      throw new Refusal('wrong_use', 'diff/analysis', `${name} asks others: compare those that it asks`)
    const side = (of: { readonly dataset?: string; readonly period?: string }) => ({
      ...given,
      ...(of.dataset === undefined ? {} : { dataset: of.dataset }),
      ...(of.period === undefined ? {} : { period: [of.period] }),
    })
    const chosen = options.columns ?? analysis.shown.filter((column) => !analysis.keys.includes(column))
    const columns = [...new Set([...analysis.keys, ...chosen])]
    const asked = { columns, ...(options.signal ? { signal: options.signal } : {}) }
    const [from, to] = [await this.ask(name, side(sides.from), asked), await this.ask(name, side(sides.to), asked)]
    for (const answer of [from, to]) await answer.tellDoubts(options.signal)
    const manifest = async (answer: Answer) => this.dataset(`${answer.dataset?.name}@${answer.dataset?.version}`)
    const datasets = { from: await manifest(from), to: await manifest(to) }
    const compared = chosen.filter(
      (column) => !analysis.keys.includes(column) && to.columns.some((one) => one.name === column),
    )
    const outcome = await compare(analysis, sides, { from, to }, datasets, compared, options.signal)
    const declared = differenceOf(analysis, sides)
    const all = columnsOf(declared).map((column) => column.name)
    const write = (rows: readonly (readonly Cell[])[], file: string) =>
      this.#engine.writeParquet(columnsOf(declared), rows, file)
    const result = new ComputedResult(outcome, all, [], async () => outcome, [from.explain(), to.explain()], write)
    return new Answer(declared, result, {
      parameters: { ...to.parameters, from: from.parameters, to: to.parameters },
      dataset: datasets.to,
      datasets: datasets.from.version === datasets.to.version ? [datasets.to] : [datasets.from, datasets.to],
      caveats: [...new Set([...from.caveats, ...to.caveats, ...(outcome.caveats ?? [])])],
      toolVersion,
    })
  }

  datasets(): Promise<Manifest[]> {
    return listDatasets(this.home)
  }

  /** Why some datasets of the store are not among `datasets()`, such as those of another release, and the remedy. */
  refusedDatasets(): Promise<Refusal[]> {
    return refusedDatasets(this.home)
  }

  /** What a dataset says of itself; `name@version` for an earlier one. */
  async dataset(name: string): Promise<Manifest> {
    return (await openDataset(this.home, name)).manifest
  }

  /** Load files as a new version of a dataset; what was there stays until the load is whole. */
  async load(paths: readonly string[], request: LoadRequest): Promise<Manifest> {
    // What reads files is itself read when there are some: most questions ask what is loaded.
    const { loadFiles } = await import('./load-files.ts')
    return loadFiles(paths, request, { home: this.home, limits: this.#limits, toolVersion })
  }

  /** The products that a dataset of flows holds, by code and nomenclature; periods as stored, yyyymm or yyyy00. */
  async products(name: string): Promise<DatasetProduct[]> {
    const { manifest, folder } = await openDataset(this.home, name)
    if (manifest.kind !== 'flow')
      throw new Refusal('no_data', 'dataset/kind', `${manifest.name} holds ${kindWords[manifest.kind]}, no products`)
    return heldIn(folder).map(({ code, edition, periods }) => ({
      code,
      edition,
      periods,
      description: productDescription(code, edition) ?? null,
    }))
  }

  /** Rows that could not be read, with file, line and reason. */
  async rejects(name: string): Promise<{ file: string; line: number | null; reason: string; raw: string }[]> {
    const { folder } = await openDataset(this.home, name)
    return (await this.#engine.table(join(folder, storedFiles.reject))) as {
      file: string
      line: number | null
      reason: string
      raw: string
    }[]
  }

  verify(name: string): Promise<{ file: string; sound: boolean }[]> {
    return verifyDataset(this.home, name)
  }

  remove(name: string): Promise<string[]> {
    return removeDataset(this.home, name)
  }

  async close(): Promise<void> {
    await Promise.all([this.#engine.close(), this.#threads.close()])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/** @throws Refusal with the names there are */
function analysisCalled(name: string): Analysis {
  const analysis = (analyses as unknown as Readonly<Record<string, Analysis>>)[name]
  if (!analysis)
    throw new Refusal(
      'wrong_use',
      'analysis/unknown',
      `No analysis "${name}". There are ${Object.keys(analyses).join(', ')}`,
    )
  return analysis
}

/** Open the library: the datasets under `home` (CHOKEPOINT_HOME where left out) and an embedded engine within limits. */
export async function open(options: { home?: string; limits?: Limits } = {}): Promise<Chokepoint> {
  const limits = {
    ...environmentLimits(process.env),
    ...options.limits,
  }
  const { DuckDB } = await import('./engine/duckdb.ts')
  return new Chokepoint(options.home ?? chokepointHome(), new DuckDB(limits), limits)
}
