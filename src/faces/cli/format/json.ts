import type { Cell } from '../../../engine/engine.ts'
import type { Answer } from '../../../index.ts'

/** Whole numbers that a reader's JSON would round are written as decimal text. */
function exact(_key: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  const near = Number(value)
  return Number.isSafeInteger(near) ? near : String(value)
}

const indented = (value: unknown) => JSON.stringify(value, exact, 2).replaceAll('\n', '\n  ')

type Described = Omit<Answer, 'stream' | 'rows' | 'parquet' | 'headline' | 'explain'>

/** An answer as one object, its rows one a line, written as they come. */
export async function* json(
  answer: Described,
  blocks: AsyncIterable<readonly (readonly Cell[])[]> | Iterable<readonly (readonly Cell[])[]>,
): AsyncGenerator<string> {
  const head = ['analysis', 'title', 'parameters', 'dataset', 'tool_version', 'columns'] as const
  yield `{\n${head.map((key) => `  "${key}": ${indented(answer[key])},\n`).join('')}  "rows": [`
  const names = answer.columns.map((column) => column.name)
  let before = '\n    '
  for await (const block of blocks) {
    let text = ''
    for (const row of block) {
      text += before + JSON.stringify(Object.fromEntries(names.map((name, place) => [name, row[place] ?? null])), exact)
      before = ',\n    '
    }
    if (text !== '') yield text
  }
  yield `\n  ],\n  "caveats": ${indented(answer.caveats)},\n  "sources": ${indented(answer.sources)}\n}\n`
}
