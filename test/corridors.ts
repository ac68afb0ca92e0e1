import type { Chokepoint } from '../src/index.ts'
import type { TestFlow } from './engines.ts'

/** A thousand million to one of the fixture, so that whole units of currency are fine enough. */
export const unit = 1e9
export const [listed, listed2, listed3, unlisted] = ['854231', '854232', '854233', '850650'] as const
export const question = {
  origin: ['USA'],
  destination: ['RUS'],
  list: 'chips',
  list_mode: 'final' as const,
  event: '2022-02',
  donut: 0,
}

/** Values of one flow by year, from the last to the first. */
export const flows = (
  exporter: string,
  importer: string,
  values: readonly number[],
  product: string = listed,
  more: Partial<TestFlow> = {},
): TestFlow[] =>
  values.flatMap((value, back) =>
    value === 0 ? [] : [{ year: 2022 - back, exporter, importer, product, value: Math.round(value * unit), ...more }],
  )

/** What `diversion` says of a library's flows, by hub. */
export async function rowsOf(library: Chokepoint, given: object = {}) {
  const answer = await library.ask('diversion', { dataset: 'flows', ...question, ...given })
  const rows = await answer.rows()
  return Object.fromEntries(rows.map((row) => [row.hub, row]))
}
