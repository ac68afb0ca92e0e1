import { type Chart, type ChartDeclaration, chartsOf } from '../../../analyses/charting.ts'
import type { Answer } from '../../../answer.ts'
import { Refusal } from '../../../refusal.ts'

/** Pixels of a picture's width, without its margin. */
const width = 640

/**
 * The charts that an analysis declares, or those of them of one kind.
 * @throws Refusal where it has none
 */
export function chartIn(
  analysis: string,
  declared: ChartDeclaration | undefined,
  kind?: Chart['kind'],
): ChartDeclaration {
  if (declared) return kind === undefined ? declared : chartsOf(declared).filter((chart) => chart.kind === kind)
  throw new Refusal(
    'wrong_use',
    'format/no-chart',
    `${analysis} has no chart: its answer is a table. Take --format csv, json or parquet`,
  )
}

/**
 * An answer as a picture that keeps title, units, source and caveats. The library that draws is loaded only here.
 * @param home where the reader's own groups are, for their titles
 * @throws Refusal where its analysis has no chart, or nothing in the answer can be drawn
 */
export async function* svg(
  answer: Answer,
  declared: ChartDeclaration | undefined,
  home: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const chart = chartIn(answer.analysis, declared)
  const [{ Colours, draw, standalone }, { chartedFrom, serverDocument, shippedWorld }] = await Promise.all([
    import('../../chart/chart.ts'),
    import('../../chart/server.ts'),
  ])
  const charted = await chartedFrom(answer, chart, home, signal)
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
        : `${answer.analysis}: these rows make no picture: a figure that it shows is unknown in all of them or was not asked for, or it needs several periods, suppliers or importers. Leave --columns out, ask for more, or take --format csv`,
    )
  yield standalone(drawing)
}
