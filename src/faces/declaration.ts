import { type Analysis, kindsOf } from '../analyses/analysis.ts'
import { columnsOf } from '../answer.ts'
import { remotePropertiesOf } from './parameters.ts'

/** What a face that others reach tells of an analysis: what it asks, takes, gives, shows, and does not say. */
export function declarationOf(analysis: Analysis) {
  const { name, title, question, example, keys, shown, pivot, sources, limits } = analysis
  return {
    name,
    title,
    question,
    limits,
    sources,
    parameters: remotePropertiesOf(analysis),
    columns: columnsOf(analysis),
    keys,
    shown,
    pivot: pivot ?? null,
    /** Kinds of dataset of which it takes one; none where it asks others. */
    kinds: kindsOf(analysis),
    /** Whether flows that lack suppliers cannot carry it. */
    complete_suppliers: analysis.needs.complete_suppliers === true,
    /** Parameters that name a second dataset, by the kind that they take. */
    beside: 'beside' in analysis ? (analysis.beside ?? {}) : {},
    example,
    ...('chart' in analysis ? { chart: analysis.chart } : {}),
  }
}
