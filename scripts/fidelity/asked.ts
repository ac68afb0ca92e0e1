import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDataset, storedFiles } from '../../src/dataset/store.ts'
import type { analyses, Chokepoint, Manifest, RowOf } from '../../src/index.ts'

type Screened = RowOf<(typeof analyses)['screen']>
type Dependence = RowOf<(typeof analyses)['dependence']>

/** A dataset of flows and the questions that checks put to it, each asked once. */
export class Asked {
  readonly #chokepoint: Chokepoint
  readonly #answers = new Map<string, Promise<readonly object[]>>()
  readonly manifest: Extract<Manifest, { kind: 'flow' }>

  constructor(chokepoint: Chokepoint, manifest: Extract<Manifest, { kind: 'flow' }>) {
    this.#chokepoint = chokepoint
    this.manifest = manifest
  }

  get #dataset() {
    return `${this.manifest.name}@${this.manifest.version}`
  }

  #rows(name: string, given: object, columns?: readonly string[]): Promise<readonly object[]> {
    const key = JSON.stringify([name, given, columns])
    const known = this.#answers.get(key)
    if (known) return known
    const asking = this.#chokepoint
      .ask(name, { dataset: this.#dataset, min_value: 0, ...given }, columns ? { columns } : {})
      .then((answer) => answer.rows())
    this.#answers.set(key, asking)
    return asking
  }

  /** How many products are critical: one row an importer, period and method. */
  async counts(given: object): Promise<readonly Screened[]> {
    return (await this.#rows('screen', { ...given, aggregate: true })) as readonly Screened[]
  }

  /** Products with the verdict yes, one row an importer and period, each with its leading supplier. */
  async critical(given: object): Promise<readonly Screened[]> {
    const columns = ['importer', 'period', 'product', 'verdict', 'lead_supplier']
    const rows = (await this.#rows('screen', given, columns)) as readonly Screened[]
    const once = new Map(rows.map((row) => [`${row.importer} ${row.period} ${row.product}`, row]))
    return [...once.values()].filter((row) => row.verdict === 'yes')
  }

  /** What part of its purchases an importer has from a supplier; undefined where it is not known. */
  async share(given: object, supplier: string): Promise<number | undefined> {
    const rows = (await this.#rows('dependence', given)) as readonly Dependence[]
    return rows.find((row) => row.supplier === supplier)?.share ?? undefined
  }

  /** How many six-digit codes there are flows of. */
  async products(): Promise<number> {
    const { folder } = await openDataset(this.#chokepoint.home, this.#dataset)
    const held = JSON.parse(readFileSync(join(folder, storedFiles.products), 'utf8')) as {
      readonly code: string
      readonly level: number
    }[]
    return new Set(held.filter((one) => one.level === 6).map((one) => one.code)).size
  }
}
