import { readFileSync } from 'node:fs'
import { parseHTML } from 'linkedom'
import type { ChartDeclaration } from '../../analyses/charting.ts'
import type { Answer } from '../../answer.ts'
import { economyName } from '../../reference/economies.ts'
import { productDescription } from '../../reference/nomenclature.ts'
import type { Charted } from './chart.ts'

let world: unknown

/** The shipped map, read once. */
export function shippedWorld(): unknown {
  world ??= JSON.parse(readFileSync(new URL('../../../data/map/world.json', import.meta.url), 'utf8'))
  return world
}

/** A document to draw in where there is no browser. */
export const serverDocument = (): Document => parseHTML('<html><body></body></html>').document as unknown as Document

type Rows = Charted['rows']

/** Names for the codes of economies and products in these rows. */
export function namesFor(columns: Charted['columns'], rows: Rows): Record<string, string> {
  const names: Record<string, string> = {}
  for (const { name, unit } of columns) {
    const isProduct = name === 'product'
    if (unit !== 'economy' && !isProduct) continue
    for (const row of rows) {
      const cell = row[name]
      if (typeof cell !== 'string' || cell in names) continue
      const found = isProduct ? productDescription(cell.replace(/~\d+$/, '')) : economyName(cell)
      if (found !== undefined && found !== cell) names[cell] = found
    }
  }
  return names
}

/** What a chart is drawn from, of an answer: all its rows, its finding, names for its codes. */
export async function chartedFrom(answer: Answer, chart: ChartDeclaration, signal?: AbortSignal): Promise<Charted> {
  const headline = await answer.headline(signal)
  const names = answer.columns.map(({ name }) => name)
  const rows: Record<string, string | number | boolean | null>[] = []
  for await (const block of answer.stream(signal))
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
    names: namesFor(answer.columns, rows),
    estimated: answer.estimated,
  }
}
