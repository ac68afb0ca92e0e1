import type { McpServer, ServerContext } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { Analysis } from '../../analyses/analysis.ts'
import { analysisList } from '../../analyses/index.ts'
import { columnsOf } from '../../answer.ts'
import { type Answer, type Chokepoint, Refusal } from '../../index.ts'
import { remotePropertiesOf } from '../parameters.ts'

/** Rows that come along unless more are asked for: enough to speak of, few enough to read. */
const usualRows = 20
const mostRows = 1_000

/** The analysis's own parameters, less those that name files of this machine, and which part of the answer comes along. */
export function inputOf(analysis: Analysis): z.ZodObject {
  const shape = analysis.parameters.shape as Record<string, z.ZodType>
  const offered = Object.keys(remotePropertiesOf(analysis)).map((name) => [name, shape[name]] as const)
  return z.strictObject({
    ...(Object.fromEntries(offered) as Record<string, z.ZodType>),
    columns: z
      .array(z.enum(columnsOf(analysis).map((column) => column.name)))
      .optional()
      .meta({ description: 'Columns wanted; all where left out' }),
    rows: z.int().min(1).max(mostRows).default(usualRows).meta({ description: 'Rows that come along, the first ones' }),
  })
}

const dataset = z.strictObject({
  name: z.string(),
  version: z.string(),
  kind: z.string(),
  currency: z.string(),
  valuation: z.string(),
  edition: z.string(),
  all_goods: z.boolean().nullable(),
  sources: z.array(z.string()),
})

/** An answer as a tool gives it: the finding and what must be said beside it stand before the rows. */
export function outputOf(analysis: Analysis): z.ZodObject {
  return z.strictObject({
    headline: z.string().nullable().meta({ description: 'The finding in a sentence' }),
    reason: z.string().nullable().meta({ description: 'Why there are no rows' }),
    failed: z.string().nullable().meta({ description: 'A check that was asked for and did not hold' }),
    caveats: z.array(z.string()).meta({ description: 'Say these beside the figures' }),
    count: z.int().min(0).meta({ description: 'Rows of the whole answer' }),
    rows: z.array(analysis.columns.partial()),
    rest: z.string().nullable().meta({ description: 'Address or command that gives all rows' }),
    units: z.record(z.string(), z.string()).meta({ description: 'Unit of each column' }),
    parameters: z.record(z.string(), z.unknown()).meta({ description: 'As resolved: codes in place of names' }),
    datasets: z.array(dataset).meta({ description: 'Cite these, with their versions' }),
    sources: z.array(z.string()).meta({ description: 'Of the method' }),
    tool_version: z.string(),
  })
}

const described = (analysis: Analysis) =>
  [
    `${analysis.question} (${analysis.title})`,
    'Names are resolved, so give economies and products as people say them; an unknown name is answered with candidates.',
    `When not to use it, or what not to conclude:\n${analysis.limits.map((limit) => `- ${limit}`).join('\n')}`,
  ].join('\n\n')

/** A text as one word of a shell. */
const word = (text: string) => (/^[\w.,:+@=/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

/** The command that gives the whole answer. */
function commandFor(analysis: Analysis, given: Readonly<Record<string, unknown>>): string {
  const flags = Object.entries(given).map(([name, value]) => {
    const flag = `--${name.replaceAll('_', '-')}`
    return value === true ? flag : `${flag} ${word([value].flat().join(','))}`
  })
  return ['chokepoint', analysis.name, ...flags, '--format csv'].join(' ')
}

/** The address that gives the whole answer. */
function addressFor(base: string, analysis: Analysis, given: Readonly<Record<string, unknown>>): string {
  const texts = Object.entries(given).map(([name, value]) => [name, [value].flat().join(',')])
  return `${base}/api/v1/${analysis.name}?${new URLSearchParams([...texts, ['format', 'csv']] as [string, string][])}`
}

/** What was given beyond the defaults. */
function chosen(analysis: Analysis, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const defaults = analysis.parameters.parse({}) as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(defaults[name])),
  )
}

async function contentOf(answer: Answer, rows: number, signal: AbortSignal, reason: string | null) {
  await answer.tellDoubts(signal)
  const headline = (await answer.headline(signal)) ?? null
  const count = await answer.count(signal)
  return {
    headline,
    reason: reason ?? (count === 0 ? 'Nothing in the data fits these parameters.' : null),
    failed: answer.failed ?? null,
    caveats: answer.caveats,
    count,
    rows: await answer.rows(signal, { start: 0, rows }),
    units: Object.fromEntries(answer.columns.map(({ name, unit }) => [name, unit])),
    parameters: answer.parameters,
    datasets: answer.datasets,
    sources: answer.sources,
    tool_version: answer.tool_version,
  }
}

/**
 * One tool an analysis.
 * @param base address of the HTTP interface, where it is served beside
 */
export function addTools(server: McpServer, chokepoint: Chokepoint, base: string | undefined): void {
  for (const analysis of analysisList) {
    server.registerTool(
      analysis.name,
      {
        title: analysis.title,
        description: described(analysis),
        inputSchema: inputOf(analysis),
        outputSchema: outputOf(analysis),
        annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
      },
      async (input: Record<string, unknown>, { mcpReq: { signal } }: ServerContext) => {
        const { columns, rows, ...given } = input
        const options = { ...(columns ? { columns: columns as string[] } : {}), signal }
        try {
          const answer = await chokepoint.ask(analysis.name, given, options)
          return delivered(await contentOf(answer, Number(rows), signal, null), analysis, given, base)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          const message = error.message.replaceAll(chokepoint.home, 'CHOKEPOINT_HOME')
          if (error.kind !== 'no_data') return { isError: true, content: [{ type: 'text' as const, text: message }] }
          const answer = chokepoint.withoutRows(analysis.name, given, options)
          return delivered(await contentOf(answer, Number(rows), signal, message), analysis, given, base)
        }
      },
    )
  }
}

function delivered(
  content: Awaited<ReturnType<typeof contentOf>>,
  analysis: Analysis,
  given: Readonly<Record<string, unknown>>,
  base: string | undefined,
) {
  const asked = chosen(analysis, given)
  const rest =
    content.count <= content.rows.length
      ? null
      : base === undefined
        ? commandFor(analysis, asked)
        : addressFor(base, analysis, asked)
  const structuredContent = { ...content, rest }
  return { content: [{ type: 'text' as const, text: JSON.stringify(structuredContent) }], structuredContent }
}
