import type { Declaration } from '../analyses/analysis.ts'
import { chartsOf, type DoubtedSeries } from '../analyses/charting.ts'
import type { Answer } from '../index.ts'
import type { NamedCodes } from './named-codes.ts'

/** What one economy bought of another, in the periods in which the dataset doubts it. */
export interface Doubted {
  readonly importer: string
  readonly supplier: string
  readonly periods: readonly number[]
}

/** The doubted series that an answer's rows show, where its chart says by which columns; none for others. */
export function doubtedSeries(
  { chart }: Pick<Declaration, 'chart'>,
  { doubts }: Pick<Answer, 'doubts'>,
  named: NamedCodes,
): readonly Doubted[] {
  const shown = (chart === undefined ? [] : chartsOf(chart))
    .flatMap(({ doubtful }) => doubtful ?? [])
    .filter((one): one is DoubtedSeries => 'supplier' in one)
    .map(({ importer, supplier }) => ({ importers: named.of(importer), suppliers: named.of(supplier) }))
  return doubts
    .filter((doubt) =>
      shown.some(
        ({ importers, suppliers }) => importers.includes(doubt.importer) && suppliers.includes(doubt.exporter),
      ),
    )
    .map(({ importer, exporter, periods }) => ({ importer, supplier: exporter, periods }))
}
