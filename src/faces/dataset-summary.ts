import { referenceTo } from '../answer.ts'
import type { Manifest } from '../dataset/schema.ts'
import { periodName, periodsHeld } from '../wording.ts'

/** The periods of a dataset as one says them; of a small table, whose rows have any, from the first to the last. */
export function periodsOf({ kind, periods }: Pick<Manifest, 'kind' | 'periods'>): string {
  const [first, last] = [periods[0], periods.at(-1)]
  if (kind === 'flow' || kind === 'production' || first === undefined || last === undefined) return periodsHeld(periods)
  return first === last ? periodName(first) : `${periodName(first)} to ${periodName(last)}`
}

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
          // What a table gives as its remainder, or of areas not specified, is no importer.
          importers: manifest.importers.filter((importer) => !importer.startsWith('X-')).length,
        }
      : {}
  return {
    ...referenceTo(manifest),
    title: manifest.title,
    periods: {
      first: first ? periodName(first) : null,
      last: last ? periodName(last) : null,
      held: periodsOf(manifest),
    },
    rows: manifest.account.rows.kept,
    ...flows,
    notes: manifest.notes,
  }
}
