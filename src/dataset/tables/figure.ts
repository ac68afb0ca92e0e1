import { z } from 'zod'
import { decimal, oneOf, optional, optionalMonth, required, type TableKind } from './table-kind.ts'

const given = z.object({
  id: required,
  topic: optional,
  importer: optional,
  exporter: optional,
  basis: required,
  product_group: optional,
  hs: optional,
  flow: optional,
  period_start: optionalMonth('first'),
  period_end: optionalMonth('last'),
  measure: required,
  value: decimal,
  low: decimal,
  high: decimal,
  unit: required,
  valuation: optional,
  publisher: required,
  title: optional,
  url: optional,
  published: optional,
  read: optional,
  relay_url: optional,
  certainty: oneOf(['A', 'B', 'C', 'D']),
  note: optional,
})

const row = given.transform((cells, context) => {
  if (cells.value !== null || cells.low !== null || cells.high !== null) return cells
  context.addIssue({ code: 'custom', message: 'neither a value nor a bound' })
  return z.NEVER
})

/**
 * A figure that somebody published: evidence beside the customs data, never input to a measure. It is shown with its
 * basis (origin, dispatch, seller, mirror) and certainty (A official, B named method, C named but relayed, D anonymous).
 */
export type FigureRow = z.output<typeof row>

const numbers = new Set(['value', 'low', 'high'])

/** Figures that somebody published, each with its source, basis and certainty. */
export const figureTable: TableKind<FigureRow> = {
  kind: 'figure',
  marks: ['id', 'publisher', 'basis', 'certainty', 'value', 'unit'],
  reads: Object.keys(given.shape),
  columns: Object.keys(given.shape).map((name) => ({
    name,
    type: name.startsWith('period_') ? 'integer' : numbers.has(name) ? 'number' : 'text',
  })),
  row,
  span: (figure) => [figure.period_start, figure.period_end],
  check(rows, refuse) {
    const seen = new Set<string>()
    for (const { line, row: figure } of rows) {
      if (seen.has(figure.id))
        throw refuse(line, 'figure-twice', `a second figure with the id ${figure.id}. Rename one`)
      seen.add(figure.id)
    }
  },
}
