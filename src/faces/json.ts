import type { Cell } from '../engine/engine.ts'
import type { Answer } from '../index.ts'

const exact = (_key: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)

/** What a JSON answer says beside its rows. */
export type AnswerHead = Pick<
  Answer,
  'analysis' | 'title' | 'parameters' | 'dataset' | 'datasets' | 'tool_version' | 'columns' | 'caveats' | 'sources'
>

/**
 * An answer as one object, a row a line. Whole numbers beyond 2^53 are decimal text.
 * @param ending what a face says besides, known once the rows are written
 */
export async function* json(
  answer: AnswerHead,
  blocks: AsyncIterable<readonly (readonly Cell[])[]> | Iterable<readonly (readonly Cell[])[]>,
  ending: () => Readonly<Record<string, unknown>> = () => ({}),
): AsyncGenerator<string> {
  const { analysis, title, parameters, dataset, datasets, tool_version, columns } = answer
  const head = JSON.stringify({ analysis, title, parameters, dataset, datasets, tool_version, columns }, exact, 2)
  yield `${head.slice(0, -2)},\n  "rows": [`
  let comma = ''
  for await (const block of blocks)
    for (const cells of block) {
      const row = Object.fromEntries(columns.map(({ name }, place) => [name, cells[place] ?? null]))
      yield `${comma}\n    ${JSON.stringify(row, exact)}`
      comma = ','
    }
  const last = { caveats: answer.caveats, sources: answer.sources, ...ending() }
  const lines = Object.entries(last).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value, exact)}`,
  )
  yield `\n  ],\n${lines.join(',\n')}\n}\n`
}
