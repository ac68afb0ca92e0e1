import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { analysisList } from '../../analyses/index.ts'
import type { Chokepoint } from '../../index.ts'
import { economies } from '../../reference/economies.ts'
import { economyGroups } from '../../reference/economy-groups.ts'
import { productGroups } from '../../reference/product-groups.ts'
import { Refusal } from '../../refusal.ts'
import { datasetSummary } from '../dataset-summary.ts'
import { declarationOf } from '../declaration.ts'

const mimeType = 'application/json'
const contents = (uri: URL, value: unknown) => ({
  contents: [{ uri: uri.href, mimeType, text: JSON.stringify(value, undefined, 1) }],
})

/** Datasets, methods and lists: what one must know to ask well. */
export function addResources(server: McpServer, chokepoint: Chokepoint): void {
  server.registerResource(
    'datasets',
    'chokepoint://datasets',
    { title: 'Datasets', description: 'What is loaded: periods, sides, currency, what each can carry', mimeType },
    async (uri) => contents(uri, (await chokepoint.datasets()).map(datasetSummary)),
  )

  server.registerResource(
    'methods',
    new ResourceTemplate('chokepoint://methods/{analysis}', {
      list: async () => ({
        resources: analysisList.map(({ name, title, question }) => ({
          uri: `chokepoint://methods/${name}`,
          name,
          title,
          description: question,
          mimeType,
        })),
      }),
    }),
    {
      title: 'Methods',
      description: 'An analysis: question, parameters, columns with units, sources, limits',
      mimeType,
    },
    async (uri, { analysis: name }) => {
      const analysis = analysisList.find((one) => one.name === name)
      if (!analysis)
        throw new Refusal(
          'wrong_use',
          'analysis/unknown',
          `No analysis "${name}". There are ${analysisList.map((one) => one.name).join(', ')}`,
        )
      return contents(uri, declarationOf(analysis))
    },
  )

  const lists: readonly [string, string, () => unknown][] = [
    ['economies', 'Economies with codes and other names', () => economies()],
    ['economy-groups', 'Groups of economies, each membership with its years', () => economyGroups(chokepoint.home)],
    ['product-groups', 'Named lists of products, with editions and sources', () => productGroups(chokepoint.home)],
  ]
  for (const [name, description, read] of lists)
    server.registerResource(name, `chokepoint://lists/${name}`, { title: name, description, mimeType }, async (uri) =>
      contents(uri, read()),
    )
}

const briefArguments = z.strictObject({
  importer: z.string().min(1).meta({ description: 'Who buys: an economy or a bloc, such as Germany or EU27' }),
  supplier: z.string().min(1).meta({ description: 'Who sells, such as China' }),
  period: z.string().optional().meta({ description: '2022, or 2016-2024; the latest where left out' }),
})

/** How to write a brief on dependence that stays with what the data carry. */
export function addBrief(server: McpServer): void {
  server.registerPrompt(
    'dependence-brief',
    {
      title: 'Brief on import dependence',
      description: 'How much an importer hangs on a supplier, where it cannot be replaced, and what is not known',
      argsSchema: briefArguments,
    },
    ({ importer, supplier, period }) => {
      const when = period ? `in ${period}` : 'in the latest period'
      const text = `Write a brief of at most 400 words: how far does ${importer} depend on ${supplier} ${when}?

1. Read chokepoint://datasets and choose a dataset whose importers and periods fit. Say which, with its version.
2. Call dependence for the level and its change, concentration for the products in which few sell, and suppliers for who else sells the most critical ones.
3. State each figure with its unit, period, source and caveats, as the tools give them. Where a tool gives a reason in place of rows, say that this is not known; do not fill it from memory.
4. Trade data show who sold, not who could be replaced: keep what is measured apart from what is judged. Do not advise on how to get round export controls.
5. End with the datasets, their versions and the sources of the methods.`
      return { messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }] }
    },
  )
}
