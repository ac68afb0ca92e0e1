import type { ChartDeclaration } from '../../../analyses/charting.ts'
import type { Answer } from '../../../answer.ts'
import { Refusal } from '../../../refusal.ts'

/** Pixels of a picture's width, without its margin. */
const width = 640

/**
 * The chart that an analysis declares.
 * @throws Refusal where it has none
 */
export function chartIn(analysis: string, chart: ChartDeclaration | undefined): ChartDeclaration {
  if (chart) return chart
  throw new Refusal(
    'wrong_use',
    'format/no-chart',
    `${analysis} has no chart: its answer is a table. Take --format csv, json or parquet`,
  )
}

/**
 * An answer as a picture that keeps title, units, source and caveats. The library that draws is loaded only here.
 * @throws Refusal where its analysis has no chart, or nothing in the answer can be drawn
 */
export async function* svg(
  answer: Answer,
  declared: ChartDeclaration | undefined,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const chart = chartIn(answer.analysis, declared)
  const [{ Colours, draw, standalone }, { chartedFrom, serverDocument, shippedWorld }] = await Promise.all([
    import('../../chart/chart.ts'),
    import('../../chart/server.ts'),
  ])
  const charted = await chartedFrom(answer, chart, signal)
  const drawing = draw(charted, {
    width,
    id: 'chart',
    document: serverDocument(),
    colours: new Colours(),
    world: shippedWorld(),
  })
  if (!drawing)
    throw new Refusal(
      'no_data',
      'chart/nothing',
      charted.rows.length === 0
        ? `${answer.analysis}: no rows, so there is nothing to draw`
        : `${answer.analysis}: the columns that its chart shows are unknown in every row, or were not asked for. Leave --columns out, or take --format csv`,
    )
  yield standalone(drawing)
}
