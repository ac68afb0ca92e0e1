import { join } from 'node:path'
import type { Analysis, Context, FlowNeeds, FlowReader, Row } from './analyses/analysis.ts'
import type { FlowGiven } from './analyses/question.ts'
import type { Answer } from './answer.ts'
import type { Doubt, FlowManifest, Manifest, TableManifest } from './dataset/schema.ts'
import { openDataset, tableFiles } from './dataset/store.ts'
import type { Engine } from './engine/engine.ts'
import { FlowReading, type Revision } from './flow-reading.ts'
import type { FoundResults } from './found-once.ts'
import { tablesFingerprint } from './reference/tables-fingerprint.ts'
import type { Threads } from './threads/threads.ts'
import type { Compute } from './threads/work.ts'

/** What the library lends to an analysis that computes. */
export interface Lender {
  readonly home: string
  readonly engine: Engine
  datasets(): Promise<readonly Manifest[]>
  ask(analysis: string, given: Readonly<Record<string, unknown>>): Promise<Answer>
  analysis(name: string): Analysis | undefined
  /** What analyses have found that others may ask for as well. */
  readonly found: FoundResults
  readonly threads: Threads
}

/** One run of an analysis that computes: what it may use, and a note of everything that it read. */
export class Asking implements Context {
  readonly dataset: Manifest | undefined
  readonly home: string
  readonly signal: AbortSignal | undefined
  readonly compute: Compute
  readonly #lender: Lender
  readonly #folder: string | undefined
  readonly #revision: Revision | undefined
  readonly #read = new Map<string, Manifest>()
  readonly #readings: FlowReading[] = []
  readonly #aside = new Set<FlowReading>()
  readonly #explained: string[] = []

  constructor(
    lender: Lender,
    opened: { readonly manifest: Manifest; readonly folder: string } | undefined,
    revision?: Revision,
    signal?: AbortSignal,
  ) {
    this.#lender = lender
    this.home = lender.home
    this.dataset = opened?.manifest
    this.#folder = opened?.folder
    this.#revision = revision
    this.signal = signal
    this.compute = (work, given) => lender.threads.run(work, given, signal)
    if (opened) this.#note(opened.manifest)
  }

  #note(manifest: Manifest): void {
    this.#read.set(`${manifest.name}@${manifest.version}`, manifest)
  }

  /** Every dataset that was read, the chosen one first. */
  get read(): readonly Manifest[] {
    return [...this.#read.values()]
  }

  get #told(): readonly FlowReading[] {
    return this.#readings.filter((reading) => !this.#aside.has(reading))
  }

  /** Doubts of the flows that were read. */
  get doubts(): readonly Doubt[] {
    return [...new Set(this.#told.flatMap((reading) => reading.doubts))]
  }

  /** What must be said of the flows that were read. */
  get caveats(): readonly string[] {
    return [...new Set(this.#told.flatMap((reading) => [...reading.question.caveats, ...reading.manifest.notes]))]
  }

  /** Years of those flows that have fewer than twelve months. */
  get incomplete(): readonly number[] {
    return [...new Set(this.#told.flatMap((reading) => reading.question.incomplete))]
  }

  get explained(): readonly string[] {
    return [...this.#readings.flatMap((reading) => reading.explained), ...this.#explained]
  }

  datasets(): Promise<readonly Manifest[]> {
    return this.#lender.datasets()
  }

  async flows(needs: FlowNeeds, given: object, aside?: 'aside'): Promise<FlowReader> {
    if (this.dataset?.kind !== 'flow' || this.#folder === undefined)
      throw new Error('flows were asked of a dataset that holds none')
    const opened: { manifest: FlowManifest; folder: string } = { manifest: this.dataset, folder: this.#folder }
    const { engine, home } = this.#lender
    const reading = new FlowReading(engine, opened, needs, given as FlowGiven, home, this.#revision, this.signal)
    this.#readings.push(reading)
    if (aside) this.#aside.add(reading)
    return reading
  }

  async table(manifest: TableManifest): Promise<readonly Row[]> {
    this.#note(manifest)
    const { folder } = await openDataset(this.home, `${manifest.name}@${manifest.version}`)
    return this.#lender.engine.table(join(folder, tableFiles.rows))
  }

  async ask(analysis: string, given: Readonly<Record<string, unknown>>): Promise<Answer> {
    const answer = await this.#lender.ask(analysis, given)
    const loaded = await this.datasets()
    for (const { name, version } of answer.datasets) {
      const manifest = loaded.find((one) => one.name === name && one.version === version)
      if (manifest) this.#note(manifest)
      else this.#note((await openDataset(this.home, `${name}@${version}`)).manifest)
    }
    this.#explained.push(answer.explain())
    return answer
  }

  async once<Found>(name: string, given: object, find: (context: Context) => Promise<Found>): Promise<Found> {
    const versionOf = (one: Manifest | undefined) => `${one?.name}@${one?.version}`
    const versions = [this.dataset, ...(await this.datasets())].map(versionOf)
    const parameters = Object.entries(given).filter(([parameter]) => parameter !== 'dataset')
    const decisive = [name, parameters, versions, tablesFingerprint(this.home), this.#revision ?? null]
    const key = JSON.stringify(decisive)
    for (let known = this.#lender.found.get(key); known; known = this.#lender.found.get(key)) {
      // Who asked first may have given up: then it is found for this one.
      const one = await known.catch(() => undefined)
      this.signal?.throwIfAborted()
      if (!one) continue
      this.#joins(one.by)
      return one.found as Found
    }
    const opened =
      this.dataset && this.#folder !== undefined ? { manifest: this.dataset, folder: this.#folder } : undefined
    const by = new Asking(this.#lender, opened, this.#revision, this.signal)
    const finding = find(by).then((found) => ({ found, by }))
    this.#lender.found.keep(key, finding)
    const { found } = await finding
    this.#joins(by)
    return found
  }

  /** What another run read counts as read by this one. */
  #joins(other: Asking): void {
    for (const manifest of other.#read.values()) this.#note(manifest)
    this.#readings.push(...other.#readings)
    for (const reading of other.#aside) this.#aside.add(reading)
    this.#explained.push(...other.#explained)
  }

  analysis(name: string): Analysis | undefined {
    return this.#lender.analysis(name)
  }
}
