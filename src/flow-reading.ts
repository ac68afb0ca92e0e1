import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FlowNeeds, FlowReader, Plan, Row, Selection } from './analyses/analysis.ts'
import { type FlowGiven, type FlowQuestion, flowQuestion, type HeldProduct } from './analyses/question.ts'
import type { Doubt, FlowManifest, ProductionManifest, Side } from './dataset/schema.ts'
import { groupRows, productionFiles, type Spread, spreadFiles, storedFiles } from './dataset/store.ts'
import type { Bound, Cell, Engine, Query } from './engine/engine.ts'
import {
  composition,
  type Grounds,
  measure,
  takesGoodsAsked,
  takesPeriodsAsked,
  type Windowed,
} from './engine/statement.ts'
import { Refusal } from './refusal.ts'

/** The data with one doubtful series read otherwise: left out, or carried on from its last value. */
export type Revision = Readonly<Record<string, Bound>>

const revised = measure('report_revised')
const asStored = measure('flow')
const exportsAsStored = measure('exports')
const noneNamed = measure('nobody_named')
const noneMerged = measure('nobody_merged')
const ownExports = measure('own_exports')
const purchases = measure('purchases')
const worldSupply = measure('world_supply')
const leadExports = measure('lead_exports')
const namedExports = measure('named_exports')
const boughtEnough = measure('bought_enough')
/** Measures as they sum what is asked, where no other form may stand for them. */
const summed = {
  purchases: measure('purchases_summed'),
  named_supply: measure('named_supply'),
  merged_exports: measure('merged_exports'),
  importer_exports: measure('importer_exports'),
  world_supply: measure('world_supply_summed'),
  supplier_exports: measure('supplier_exports_summed'),
  bought_enough: measure('bought_enough_summed'),
} as const

/** How a dataset would read without the rows that it doubts: with nothing, their last value, or the partner's report. */
export const revisionOf = (doubt: Doubt): Revision => ({
  doubt_importer: doubt.importer,
  doubt_exporter: doubt.exporter,
  doubt_side: doubt.side,
  doubt_periods: doubt.periods,
  doubt_carry: doubt.kind === 'blank' ? doubt.last : 0,
  doubt_stand_in: doubt.kind === 'jump' ? '' : doubt.kind === 'blank' ? doubt.side : mirrorOf(doubt.side),
})

const mirrorOf = (side: Side): Side => (side === 'importer' ? 'exporter' : 'importer')

const productsHeld = new Map<string, readonly HeldProduct[]>()

/** The products of a dataset version, read once: a version never changes. */
export function heldIn(folder: string): readonly HeldProduct[] {
  const known = productsHeld.get(folder)
  if (known) return known
  const file = join(folder, storedFiles.products)
  let held: readonly HeldProduct[]
  try {
    held = JSON.parse(readFileSync(file, 'utf8')) as HeldProduct[]
  } catch {
    throw new Refusal(
      'refused',
      'dataset/damaged',
      `${file}: missing or damaged. Load the dataset again: that mends it`,
    )
  }
  productsHeld.set(folder, held)
  return held
}

/** Whether what is bound asks for all goods together, so that no product need be told from another. */
function isOfAllGoods({ digits, products, goods_code }: Query['values']): boolean {
  const none = (codes: Bound | undefined) => (codes as readonly string[]).length === 0
  return digits === 0 && none(products) && none(goods_code)
}

/** A second dataset that a question names, and the parameter that does. */
export interface Beside {
  readonly parameter: string
  readonly manifest: ProductionManifest
  readonly folder: string
}

/** The flows that one question is about: which stored rows, in which order, and what statements over them are bound to. */
export class FlowReading implements FlowReader {
  readonly question: FlowQuestion
  readonly manifest: FlowManifest
  /** Doubts of the data that touch the question. */
  readonly doubts: readonly Doubt[]
  readonly #engine: Engine
  readonly #held: readonly HeldProduct[]
  readonly #folder: string
  readonly #revision: Revision | undefined
  readonly #signal: AbortSignal | undefined
  readonly #beside: Readonly<Record<string, readonly string[]>>
  /** The statements that were run, in the form that pastes into the engine's shell. */
  readonly explained: string[] = []

  /** @throws Refusal where a name is unknown or the dataset cannot carry the question */
  constructor(
    engine: Engine,
    opened: { readonly manifest: FlowManifest; readonly folder: string },
    needs: FlowNeeds,
    given: FlowGiven,
    home: string,
    revision?: Revision,
    signal?: AbortSignal,
    beside: readonly Beside[] = [],
  ) {
    this.#held = heldIn(opened.folder)
    // A blank that is filled for this reading is unknown no more.
    const filled = opened.manifest.doubts.filter((doubt) => doubt.periods !== revision?.['doubt_periods'])
    const known = { ...opened.manifest, doubts: filled }
    const question = flowQuestion(given, known, needs, this.#held, home)
    const second = Object.fromEntries(beside.map((one) => [one.parameter, one.manifest]))
    this.question = { ...question, selection: { ...question.selection, beside: second } }
    this.#beside = Object.fromEntries(
      beside.map((one) => [one.manifest.kind, [join(one.folder, productionFiles.rows)]]),
    )
    this.manifest = opened.manifest
    const touching = opened.manifest.doubts.filter(
      (doubt) =>
        // Where both reports are the question, that they differ is the answer and no doubt of it.
        !(needs.both_sides && doubt.kind === 'mirror') &&
        this.question.sides.includes(doubt.side) &&
        doubt.periods.some((period) => this.question.touched.includes(period)) &&
        (this.question.importers.length === 0 || this.question.importers.includes(doubt.importer)),
    )
    // Those of the suppliers asked for come first, for only a few are told.
    const asked = (doubt: Doubt) => this.question.suppliers.includes(doubt.exporter)
    this.doubts = [...touching.filter(asked), ...touching.filter((doubt) => !asked(doubt))]
    this.#engine = engine
    this.#folder = opened.folder
    this.#revision = revision
    this.#signal = signal
  }

  get products(): readonly HeldProduct[] {
    return this.#held
  }

  get selection(): Selection {
    return this.question.selection
  }

  /** A plan over these flows as the engine takes it. */
  query(plan: Plan, columns: readonly string[]): Query {
    const every = plan.every_importer === true
    const values: Query['values'] = {
      ...this.question.values,
      ...(every ? { importers: [] } : {}),
      ...plan.values,
      ...this.#revision,
    }
    const byImporter = this.question.byImporter && !every
    const { grounds, areExportsOfFew } = this.#grounds(plan, values, byImporter)
    const parts = composition(plan.statement, grounds)
    const areGoodsSummed = isOfAllGoods(values) && takesGoodsAsked(parts)
    const periods = !this.#revision && takesPeriodsAsked(parts) ? (values['periods'] as readonly number[]) : []
    const spread = byImporter ? this.#closest : 'byProduct'
    const files = areGoodsSummed ? [storedFiles.allGoods] : spreadFiles(spread, this.manifest.stretches, periods)
    const readsAllExports = plan.reads_exports !== undefined && !areExportsOfFew
    return {
      statement: plan.statement,
      ...grounds,
      values,
      report: files.map((file) => join(this.#folder, file)),
      uniform: this.manifest.uniform,
      ...(this.#revision ? { revised } : {}),
      columns,
      order: plan.order,
      reads: areGoodsSummed ? 0 : this.#expected(byImporter && !readsAllExports),
    }
  }

  /** The forms in which measures stand for a plan, and whether exports are read of few exporters. */
  #grounds(plan: Plan, values: Query['values'], byImporter: boolean): { grounds: Grounds; areExportsOfFew: boolean } {
    const { default_level, default_side } = this.manifest
    const flow = plan.flow ?? this.question.flow
    const { exports } = this.question
    const areSumsStored = values['level'] === default_level && values['side'] === default_side && !this.#revision
    const areExportsAsStored = exports === exportsAsStored
    const isNamed = Boolean(values['named_supplier'])
    const isCoalitionNamed = ((values['named_coalition'] ?? []) as readonly string[]).length > 0
    const isStored = {
      purchases: areSumsStored && flow === asStored,
      world_supply: areSumsStored && areExportsAsStored,
    }
    // Of windows, the world's exports are summed where something is compared with them; those of periods stand as stored.
    const isWorldSummed = plan.windows === true && values['window_world'] === 1
    // Of a supplier that is named exports stand for each importer that is, so that no purchase need be looked at.
    const supplierExports =
      !isStored.purchases || !isStored.world_supply
        ? summed.supplier_exports
        : !isNamed
          ? leadExports
          : byImporter
            ? namedExports
            : summed.supplier_exports
    // Where they are stored by exporter, those of a few are passed to; mapped anew, they are summed over all flows.
    const areExportsOfFew =
      areExportsAsStored &&
      !this.#revision &&
      (plan.reads_exports === 'of suppliers' ||
        (plan.reads_exports === 'of what is judged' &&
          byImporter &&
          !isWorldSummed &&
          supplierExports !== summed.supplier_exports))
    const ofPeriods = (what: Spread) =>
      spreadFiles(what, this.manifest.stretches, values['periods'] as readonly number[])
    const sums = {
      national_exports: ofPeriods(areExportsOfFew ? 'exportsByExporter' : 'exports'),
      national_purchases: ofPeriods('purchases'),
      national_supply: [storedFiles.supply],
    }
    const windows: Windowed[] = ['flow', 'exports']
    if (isStored.purchases) windows.push('purchases')
    if (isStored.world_supply && isWorldSummed) windows.push('world_supply')
    if (supplierExports === leadExports && isWorldSummed) windows.push('supplier_exports')
    const grounds = {
      flow,
      exports,
      ...summed,
      ...(isStored.purchases ? { purchases, bought_enough: boughtEnough } : {}),
      ...(isNamed || isCoalitionNamed ? {} : { named_supply: noneNamed }),
      ...(areExportsAsStored ? { merged_exports: noneMerged } : {}),
      ...(areExportsAsStored && this.selection.buying_blocs.length === 0 ? { importer_exports: ownExports } : {}),
      ...(isStored.world_supply ? { world_supply: worldSupply } : {}),
      supplier_exports: supplierExports,
      beside: this.#revision ? this.#beside : { ...this.#beside, ...this.#inFolder(sums) },
      ...(plan.windows ? { windows } : {}),
      ...(plan.forms ? { forms: plan.forms } : {}),
      keeps_flow: byImporter && flow !== asStored,
    }
    return { grounds, areExportsOfFew }
  }

  #inFolder(files: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
    return Object.fromEntries(
      Object.entries(files).map(([name, stored]) => [name, stored.map((file) => join(this.#folder, file))]),
    )
  }

  /** Rows of the touched periods, less what the sort order spares: what decides the question's turn. */
  #expected(byImporter: boolean): number {
    const { importers, products } = this.#parts
    return this.#touchedRows * (byImporter ? Math.min(importers, products) : products)
  }

  /** The order in which the importers and products asked for stand closest together. */
  get #closest(): 'byImporter' | 'byProduct' {
    const { touched, importers, values } = this.question
    const parts = this.#parts
    const rows = this.#touchedRows
    const stretches = this.manifest.stretches.filter((stretch) => stretch.some((one) => touched.includes(one)))
    // Rows that are asked for, and of each run of them, in the middle, a group of others.
    const read = (part: number, runs: number) => Math.min(rows, rows * part + runs * groupRows)
    const products = (values['products'] as readonly string[]).length
    return read(parts.importers, importers.length * stretches.length) <=
      (products === 0 ? rows : read(parts.products, products * touched.length))
      ? 'byImporter'
      : 'byProduct'
  }

  get #touchedRows(): number {
    const { touched } = this.question
    const { side } = this.selection
    return this.manifest.coverage
      .filter((one) => one.side === side && touched.includes(one.period))
      .reduce((sum, one) => sum + one.rows, 0)
  }

  /** What part of the importers and of the products that the dataset has is asked for; 1 where none is named. */
  get #parts(): { importers: number; products: number } {
    const { importers, values } = this.question
    const part = (asked: number, of: number) => (asked === 0 || of === 0 ? 1 : Math.min(1, asked / of))
    return {
      importers: part(importers.length, this.manifest.importers.length),
      products: part((values['products'] as readonly string[]).length, this.#held.length),
    }
  }

  async rows(plan: Plan, columns: readonly string[]): Promise<Row[]> {
    const query = this.query(plan, columns)
    this.explained.push(this.#engine.explain(query))
    return objects(this.#engine.stream(query, this.#signal), columns)
  }
}

/**
 * Blocks of cells as objects.
 * @throws Refusal where a whole number is beyond 2^53: such answers are for CSV, JSON or Parquet
 */
export async function objects(
  blocks: AsyncIterable<readonly (readonly Cell[])[]>,
  columns: readonly string[],
): Promise<Row[]> {
  const rows: Row[] = []
  for await (const block of blocks) {
    for (const cells of block) {
      const row: Record<string, Cell> = {}
      for (const [place, column] of columns.entries()) {
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
