import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import type { Analysis, RowOf } from './analyses/analysis.ts'
import { type AnalysisName, analyses } from './analyses/index.ts'
import { type FlowGiven, flowQuestion, type HeldProduct } from './analyses/question.ts'
import { Answer, columnsOf } from './answer.ts'
import { chokepointHome } from './dataset/home.ts'
import { load } from './dataset/load.ts'
import { readMapping } from './dataset/mapping.ts'
import type { Manifest } from './dataset/schema.ts'
import { listDatasets, openDataset, removeDataset, storedFiles, verifyDataset } from './dataset/store.ts'
import { DuckDB } from './engine/duckdb.ts'
import type { Engine, Limits } from './engine/engine.ts'
import { Refusal } from './refusal.ts'
import { recognise } from './sources/index.ts'

export type { RowOf } from './analyses/analysis.ts'
export { type AnalysisName, analyses } from './analyses/index.ts'
export { Answer, type AnswerColumn } from './answer.ts'
export type { Account, Doubt, Manifest } from './dataset/schema.ts'
export type { Cell, Engine, Limits } from './engine/engine.ts'
export { exchangeRate } from './reference/exchange-rates.ts'
export { Refusal } from './refusal.ts'

/** This release, as in package.json. */
export const toolVersion: string = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version

type Given<Name extends AnalysisName> = z.input<(typeof analyses)[Name]['parameters']>

export interface LoadRequest {
  readonly as: string
  /** A YAML file that says which column is what, for tables that no source knows. */
  readonly mapping?: string
  readonly onConflict?: 'stop' | 'sum' | 'first' | 'largest'
  readonly keepUnmapped?: boolean
  readonly progress?: (line: string) => void
  readonly signal?: AbortSignal
}

/** The library: datasets under one home, and questions to them. Close it, or let `await using` do so. */
export class Chokepoint implements AsyncDisposable {
  readonly home: string
  readonly #engine: Engine

  constructor(home: string, engine: Engine) {
    this.home = home
    this.#engine = engine
  }

  /**
   * Ask an analysis. Names are resolved and what it needs is checked before anything is computed.
   * @throws Refusal of kind `wrong_use` for parameters, `no_data` where the dataset cannot carry the question
   */
  async ask<Name extends AnalysisName>(
    name: Name,
    given: Given<Name>,
    options?: { columns?: readonly string[] },
  ): Promise<Answer<RowOf<(typeof analyses)[Name]>>>
  async ask(
    name: string,
    given: Readonly<Record<string, unknown>>,
    options?: { columns?: readonly string[] },
  ): Promise<Answer>
  async ask(
    name: string,
    given: Readonly<Record<string, unknown>>,
    options: { columns?: readonly string[] } = {},
  ): Promise<Answer> {
    const analysis = (analyses as unknown as Readonly<Record<string, Analysis>>)[name]
    if (!analysis)
      throw new Refusal(
        'wrong_use',
        'analysis/unknown',
        `No analysis "${name}". There are ${Object.keys(analyses).join(', ')}`,
      )
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
    const parameters = parsed.data as unknown as FlowGiven & { dataset: string; min_value: number }
    const known = columnsOf(analysis).map((column) => column.name)
    const unknown = options.columns?.find((column) => !known.includes(column))
    if (unknown)
      throw new Refusal(
        'wrong_use',
        'columns/unknown',
        `${name} has no column "${unknown}". It has ${known.join(', ')}`,
      )
    const { manifest, folder } = await openDataset(this.home, await this.#chosen(parameters.dataset))
    const held = JSON.parse(readFileSync(join(folder, storedFiles.products), 'utf8')) as HeldProduct[]
    const question = flowQuestion(parameters, manifest, analysis.needs, held, this.home)
    const wanted = options.columns ?? known
    const plan = analysis.plan(parsed.data, question.selection, wanted)
    const columns = plan.columns ?? wanted
    if (columns.length === 0)
      throw new Refusal('wrong_use', 'columns/none', `None of ${wanted.join(', ')} is in this answer`)
    const file = question.byImporter && !plan.every_importer ? storedFiles.byImporter : storedFiles.byProduct
    return new Answer(
      analysis,
      plan,
      analysis.plan(parsed.data, question.selection, analysis.headline_columns),
      plan.every_importer ? { ...question, values: { ...question.values, importers: [] } } : question,
      this.#engine,
      [join(folder, file)],
      manifest,
      { ...parsed.data, dataset: `${manifest.name}@${manifest.version}`, ...question.resolved },
      columns,
      toolVersion,
    )
  }

  async #chosen(named: string): Promise<string> {
    if (named) return named
    const all = await listDatasets(this.home)
    if (all.length === 1) return all[0]?.name as string
    throw new Refusal(
      'wrong_use',
      'dataset/choose',
      all.length === 0
        ? 'No dataset is loaded: `chokepoint start` builds the samples, `chokepoint load FILE --as NAME` loads yours'
        : `Which dataset? --dataset ${all.map((one) => one.name).join(', or --dataset ')}`,
    )
  }

  datasets(): Promise<Manifest[]> {
    return listDatasets(this.home)
  }

  /** What a dataset says of itself; `name@version` for an earlier one. */
  async dataset(name: string): Promise<Manifest> {
    return (await openDataset(this.home, name)).manifest
  }

  /** Load files as a new version of a dataset; what was there stays until the load is whole. */
  load(paths: readonly string[], request: LoadRequest): Promise<Manifest> {
    const mapping = request.mapping ? readMapping(request.mapping) : undefined
    return load({
      home: this.home,
      as: request.as,
      paths,
      recognise: mapping ? () => ({ source: 'table', mapping }) : recognise,
      toolVersion,
      ...(request.onConflict ? { onConflict: request.onConflict } : {}),
      ...(request.keepUnmapped ? { keepUnmapped: true } : {}),
      ...(request.signal ? { signal: request.signal } : {}),
      ...(request.progress ? { progress: request.progress } : {}),
    })
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

  close(): Promise<void> {
    return this.#engine.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/** Open the library: the datasets under `home` (CHOKEPOINT_HOME where left out) and an embedded engine within limits. */
export async function open(options: { home?: string; limits?: Limits } = {}): Promise<Chokepoint> {
  const seconds = Number(process.env['CHOKEPOINT_SECONDS'] ?? 0)
  const memory = Number(process.env['CHOKEPOINT_MEMORY'] ?? 0)
  const threads = Number(process.env['CHOKEPOINT_THREADS'] ?? 0)
  const limits = {
    ...(seconds > 0 ? { seconds } : {}),
    ...(memory > 0 ? { memory } : {}),
    ...(threads > 0 ? { threads } : {}),
    ...options.limits,
  }
  return new Chokepoint(options.home ?? chokepointHome(), await DuckDB.open(limits))
}
