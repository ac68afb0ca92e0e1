import { type Chart, type ChartDeclaration, chartsOf, shownColumns } from '../../../analyses/charting.ts'
import { analysisList } from '../../../analyses/index.ts'
import { type Answer, columnsOf } from '../../../answer.ts'
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

/** That no chart has the columns that it shows, and the flag that they come with; nothing where it is not for that. */
function lacking({ analysis, columns }: Answer, declared: ChartDeclaration): string | undefined {
  const absent = chartsOf(declared).map((chart) =>
    shownColumns(chart).filter((name) => !columns.some((column) => column.name === name)),
  )
  const [first] = absent
  if (first === undefined || absent.some((names) => names.length === 0)) return undefined
  const declaration = analysisList.find(({ name }) => name === analysis)
  const shown = declaration ? columnsOf(declaration).filter(({ name }) => first.includes(name)) : []
  const flag = /only with (--[a-z-]+)/.exec(shown.map(({ description }) => description).join())?.[1]
  return `${analysis}: the picture shows ${first.join(' and ')}, which this answer does not have. ${flag ? `Add ${flag}` : 'Leave --columns out, or name them'}, or take --format csv`
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
        : (lacking(answer, chart) ??
            `${answer.analysis}: these rows make no picture: a figure that it shows is unknown in all of them or was not asked for, or it needs several periods, suppliers or importers. Leave --columns out, ask for more, or take --format csv`),
    )
  yield standalone(drawing)
}
