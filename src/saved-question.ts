import { stringify } from 'yaml'
import { z } from 'zod'
import type { WrittenParameters } from './analyses/written-question.ts'
import { readYaml, type YamlFile } from './reference/yaml-file.ts'

const text = z.string().min(1)

const schema = z.strictObject({
  analysis: text,
  parameters: z.record(z.string(), z.union([text, z.array(text)])).default({}),
  columns: z.array(text).optional(),
  /** The release that it was saved by: another may answer in other words. */
  tool_version: text.optional(),
})

/** A question that was written down, with the dataset and its version: asked again, it gives the same bytes. */
export interface SavedQuestion {
  readonly analysis: string
  readonly parameters: WrittenParameters
  readonly columns?: readonly string[] | undefined
  readonly tool_version?: string | undefined
}

/** @throws Refusal naming file, line and column */
export function readQuestion(path: string): SavedQuestion & { readonly refuse: YamlFile['refuse'] } {
  const file = readYaml(path, 'question')
  return { ...file.as(schema), refuse: file.refuse }
}

/** A question as a YAML file that people read. */
export function writtenQuestion(question: SavedQuestion): string {
  const quoted = (value: string | readonly string[]) => (typeof value === 'string' ? value : [...value])
  const parameters = Object.fromEntries(Object.entries(question.parameters).map(([key, value]) => [key, quoted(value)]))
  return stringify(
    {
      analysis: question.analysis,
      parameters,
      ...(question.columns ? { columns: [...question.columns] } : {}),
      ...(question.tool_version ? { tool_version: question.tool_version } : {}),
    },
    { lineWidth: 0 },
  )
}
