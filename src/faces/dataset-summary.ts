import { referenceTo } from '../answer.ts'
import type { Manifest } from '../dataset/schema.ts'
import { periodName } from '../wording.ts'

/** What a reader must know of a dataset to ask it, without its account. */
export function datasetSummary(manifest: Manifest) {
  const [first, last] = [manifest.periods[0], manifest.periods.at(-1)]
  const flows =
    manifest.kind === 'flow'
      ? {
          frequency: manifest.frequency,
          sides: manifest.sides,
          default_side: manifest.default_side,
          levels: manifest.levels,
          default_level: manifest.default_level,
          editions: manifest.editions,
          partners_complete: manifest.partners_complete,
          products_complete: manifest.products_complete,
          importers: manifest.importers.length,
        }
      : {}
  return {
    ...referenceTo(manifest),
    title: manifest.title,
    periods: { first: first ? periodName(first) : null, last: last ? periodName(last) : null },
    rows: manifest.account.rows.kept,
    ...flows,
    notes: manifest.notes,
  }
}
