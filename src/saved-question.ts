import { stringify } from 'yaml'
import { z } from 'zod'
import type { Declaration } from './analyses/analysis.ts'
import { typedParameters, type WrittenParameters } from './analyses/written-question.ts'
import { readYaml } from './reference/yaml-file.ts'

const text = z.string().min(1, 'nothing stands here')

const parametersSchema = z.record(z.string(), z.union([text, z.array(text)])).default({})

const schema = z.strictObject({
  analysis: text,
  parameters: parametersSchema,
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

/**
 * Read a question, checked against the declaration of its analysis.
 * @throws FaultyFile with all that is wrong with it
 */
export function readQuestion(
  path: string,
  analysisNamed: (name: string) => Declaration | undefined,
): SavedQuestion & { readonly given: Readonly<Record<string, unknown>> } {
  const file = readYaml(path, 'question')
  const { analysis: name, parameters } = file.content
  const analysis = analysisNamed(String(name))
  if (!analysis && typeof name === 'string')
    file.fault('analysis', ['analysis'], `no analysis "${name}". chokepoint --help lists them`)
  const given = analysis && parametersSchema.safeParse(parameters).data
  const checked = analysis?.parameters.safeParse(typedParameters(analysis, given ?? {}))
  for (const issue of given ? (checked?.error?.issues ?? []) : [])
    for (const key of issue.code === 'unrecognized_keys' ? issue.keys : [undefined])
      file.fault(
        'parameter',
        ['parameters', ...issue.path],
        key === undefined
          ? `${issue.path.join(' ') || 'parameters'}: ${issue.message}`
          : `${name} has no parameter "${key}". It has ${Object.keys(analysis?.parameters.shape ?? {}).join(', ')}`,
        key,
      )
  const columns = Object.keys(analysis?.columns.shape ?? {})
  for (const [at, column] of [file.content['columns'] ?? []].flat().entries())
    if (analysis && !columns.includes(String(column)))
      file.fault('column', ['columns', at], `${name} has no column "${column}". It has ${columns.join(', ')}`)
  const question = file.as(schema)
  return { ...question, given: typedParameters(analysis as Declaration, question.parameters) }
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
