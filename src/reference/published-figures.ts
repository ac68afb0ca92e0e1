import { table } from './table.ts'

/**
 * A figure that somebody published: evidence beside the customs data, never input to a measure. It is shown with its
 * basis and certainty (A official, B named method, C named but relayed, D anonymous or garbled).
 */
export interface PublishedFigure {
  readonly id: string
  readonly publisher: string
  readonly published: string
  readonly basis: string
  readonly certainty: string
  readonly valuation: string
  readonly value: number | undefined
  readonly unit: string
  readonly note: string
  readonly url: string
}

/** A published figure by its id, such as F133; undefined where there is none. */
export function publishedFigure(id: string): PublishedFigure | undefined {
  const row = table('published-figures.csv').find((one) => one['id'] === id)
  if (!row) return undefined
  const { publisher = '', published = '', basis = '', certainty = '', valuation = '', unit = '', note = '' } = row
  return {
    id,
    publisher,
    published,
    basis,
    certainty,
    valuation,
    unit,
    note,
    value: row['value'] ? Number(row['value']) : undefined,
    url: row['url'] || row['relay_url'] || '',
  }
}
