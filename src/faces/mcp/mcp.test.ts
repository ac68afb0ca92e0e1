import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { afterAll, describe, expect, test } from 'vitest'
import { samples } from '../../../test/samples.ts'
import { analysisList } from '../../analyses/index.ts'
import { mcpServer } from './server.ts'

const chokepoint = await samples()

async function clientOf(base?: string): Promise<Client> {
  const [here, there] = InMemoryTransport.createLinkedPair()
  await mcpServer(chokepoint, base).connect(there)
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(here)
  afterAll(() => client.close())
  return client
}

const client = await clientOf()
const germany = { dataset: 'critical-materials', importer: ['Germany'], period: ['2024'] }
const textOf = (content: object | undefined) => (content as { text: string }).text
/** What a tool found, in whatever shape the test expects. */
const call = async (name: string, given: Record<string, unknown>, by = client) => {
  const result = await by.callTool({ name, arguments: given })
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect
  return { ...result, found: result.structuredContent as any, text: textOf(result.content[0]) }
}

describe('tools', () => {
  test('are one an analysis, with its parameters, its columns and when not to use it', async () => {
    const { tools } = await client.listTools()
    expect(tools.map((tool) => tool.name)).toEqual(analysisList.map((analysis) => analysis.name))
    for (const [place, tool] of tools.entries()) {
      const analysis = analysisList[place] as (typeof analysisList)[number]
      for (const limit of analysis.limits) expect(tool.description).toContain(limit)
      const parameters = Object.keys(analysis.parameters.shape).filter((name) => name !== 'file')
      expect(Object.keys(tool.inputSchema.properties ?? {})).toEqual([...parameters, 'columns', 'rows'])
      expect(JSON.stringify(tool.outputSchema)).toContain(`"${Object.keys(analysis.columns.shape)[0]}"`)
      expect(tool.annotations?.readOnlyHint).toBe(true)
    }
  })

  test('resolve names and give the first rows, the count, caveats and the command for the rest', async () => {
    const { found, text, isError } = await call('concentration', { ...germany, rows: 3 })
    expect(isError).toBeFalsy()
    expect(found.parameters.importer).toEqual(['DEU'])
    expect(found.rows).toHaveLength(3)
    expect(found.count).toBeGreaterThan(3)
    expect(found.headline).toContain('Germany')
    expect(found.caveats.join(' ')).toContain('Thresholds')
    expect(found.rest).toBe(
      'chokepoint concentration --dataset critical-materials --importer Germany --period 2024 --format csv',
    )
    expect(found.datasets[0].version).toMatch(/^[0-9a-f]{12}$/)
    expect(JSON.parse(text)).toEqual(found)
  })

  test('give the address for the rest where the HTTP interface is served beside', async () => {
    const served = await clientOf('http://127.0.0.1:8420')
    const { found } = await call('suppliers', { ...germany, product: ['850511'], rows: 2 }, served)
    expect(found.rest).toBe(
      'http://127.0.0.1:8420/api/v1/suppliers?dataset=critical-materials&importer=Germany&product=850511&period=2024&format=csv',
    )
    expect((await call('suppliers', { ...germany, product: ['850511'], rows: 900 }, served)).found.rest).toBeNull()
  })

  test('answer a doubtful name with candidates, and what data cannot carry with the reason', async () => {
    expect(await call('suppliers', { ...germany, importer: ['Germny'] })).toMatchObject({
      isError: true,
      text: expect.stringContaining('Germany (DEU)'),
    })
    const { found, isError } = await call('concentration', { dataset: 'eu-listed-exports', importer: ['Russia'] })
    expect(isError).toBeFalsy()
    expect(found).toMatchObject({ count: 0, rows: [], rest: null, reason: expect.stringContaining('plausible') })
  })

  test.each([
    ['suppliers', { ...germany, imprter: ['DEU'] }, 'imprter'],
    ['suppliers', { ...germany, importer: 'DEU' }, 'importer'],
    ['suppliers', { ...germany, columns: ['nonsense'] }, 'columns'],
    ['claims', { file: '/etc/passwd' }, 'file'],
  ])('%s of %j is refused by its schema, naming %s', async (name, given, parameter) => {
    const result = await call(name, given)
    expect(result.isError).toBe(true)
    expect(result.text).toContain(parameter)
    expect(result.text).not.toMatch(/\n\s+at /)
  })
})

describe('resources', () => {
  const read = async (uri: string) => JSON.parse(textOf((await client.readResource({ uri })).contents[0]))

  test('are datasets, a method an analysis, and lists', async () => {
    const { resources } = await client.listResources()
    expect(resources.map((one) => one.uri)).toEqual(
      expect.arrayContaining([
        'chokepoint://datasets',
        'chokepoint://lists/economies',
        'chokepoint://lists/economy-groups',
        'chokepoint://lists/product-groups',
        ...analysisList.map(({ name }) => `chokepoint://methods/${name}`),
      ]),
    )
    for (const { uri } of resources) expect(await read(uri)).toBeTruthy()
    expect(await read('chokepoint://datasets')).toContainEqual(
      expect.objectContaining({
        name: 'critical-materials',
        periods: { first: '2022', last: '2024', held: '2022, 2024' },
        currency: 'USD',
      }),
    )
    expect(await read('chokepoint://methods/suppliers')).toMatchObject({
      limits: expect.any(Array),
      columns: expect.any(Array),
    })
    await expect(read('chokepoint://methods/nothing')).rejects.toThrow('No analysis "nothing"')
  })

  test('and a prompt writes a brief on dependence', async () => {
    const { messages } = await client.getPrompt({
      name: 'dependence-brief',
      arguments: { importer: 'Germany', supplier: 'China' },
    })
    expect(textOf(messages[0]?.content)).toContain('how far does Germany depend on China in the latest period')
  })
})
