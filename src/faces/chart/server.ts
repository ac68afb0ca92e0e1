import { readFileSync } from 'node:fs'
import { parseHTML } from 'linkedom'
import type { ChartDeclaration } from '../../analyses/charting.ts'
import type { Answer } from '../../answer.ts'
import { controlEvents } from '../control-events.ts'
import { doubtedSeries } from '../doubted-series.ts'
import { NamedCodes } from '../named-codes.ts'
import type { Charted } from './chart.ts'

let world: unknown

/** The shipped map, read once. */
export function shippedWorld(): unknown {
  world ??= JSON.parse(readFileSync(new URL('../../../data/map/world.json', import.meta.url), 'utf8'))
  return world
}

/** A document to draw in where there is no browser. */
export const serverDocument = (): Document => parseHTML('<html><body></body></html>').document as unknown as Document

/**
 * What a chart is drawn from, of an answer: all its rows, its finding, names for its codes.
 * @param home where the reader's own groups are, for their titles
 */
export async function chartedFrom(
  answer: Answer,
  chart: ChartDeclaration,
  home: string,
  signal?: AbortSignal,
): Promise<Charted> {
  const headline = await answer.headline(signal)
  const named = new NamedCodes(answer.columns, answer.dataset, home)
  const names = answer.columns.map(({ name }) => name)
  const rows: Record<string, string | number | boolean | null>[] = []
  for await (const block of named.seen(answer.stream(signal)))
    for (const cells of block)
      rows.push(
        Object.fromEntries(
          names.map((name, place) => {
            const cell = cells[place] ?? null
            return [name, typeof cell === 'bigint' ? cell.toString() : cell]
          }),
        ),
      )
  return {
    analysis: { name: answer.analysis, title: answer.title, chart },
    columns: answer.columns,
    rows,
    ...(headline === undefined ? {} : { headline }),
    parameters: answer.parameters,
    datasets: answer.datasets,
    caveats: answer.caveats,
    version: answer.tool_version,
    names: named.names(answer.parameters),
    estimated: answer.estimated,
    incomplete: answer.incomplete,
    doubted: doubtedSeries({ chart }, answer, named),
    events: controlEvents({ chart }, answer, named, home),
  }
}
