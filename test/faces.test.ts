import { PassThrough } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import fc from 'fast-check'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { analysisList } from '../src/analyses/index.ts'
import { program } from '../src/faces/cli/program.ts'
import { httpApp } from '../src/faces/http/app.ts'
import { loopbackNames } from '../src/faces/http/guard.ts'
import { deliveryOf } from '../src/faces/http/question.ts'
import { mcpServer } from '../src/faces/mcp/server.ts'
import { remotePropertiesOf, typed } from '../src/faces/parameters.ts'
import { samples } from './samples.ts'

const chokepoint = await samples()
const faults: string[] = []
const app = httpApp({
  chokepoint,
  access: { names: [...loopbackNames], origins: [], token: undefined, rate: 1_000_000 },
  log: (line) => {
    if (line.includes('"fault"')) faults.push(line)
  },
})

/** What the example of an analysis gives, by the names of its parameters. */
function exampleOf(example: string): Record<string, string> {
  const words = [...example.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word).slice(2)
  const given: Record<string, string> = {}
  for (let at = 0; at < words.length; at += 2)
    given[(words[at] as string).slice(2).replaceAll('-', '_')] = words[at + 1] as string
  return given
}

describe('every analysis gives the same table through library, command line, HTTP and MCP', async () => {
  const [here, there] = InMemoryTransport.createLinkedPair()
  await mcpServer(chokepoint).connect(there)
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(here)
  afterAll(async () => {
    vi.unstubAllEnvs()
    await client.close()
  })

  async function byCommand(words: readonly string[]): Promise<{ rows: unknown[]; caveats: string[] }> {
    const out = new PassThrough() as unknown as NodeJS.WriteStream
    const printed = textOf(out as unknown as PassThrough)
    vi.stubEnv('CHOKEPOINT_HOME', chokepoint.home)
    const err = new PassThrough() as unknown as NodeJS.WriteStream
    const { signal } = new AbortController()
    await program({ out, err, signal }).parseAsync([...words, '--format', 'json'], { from: 'user' })
    out.end()
    return JSON.parse(await printed)
  }

  // No bundled sample holds two reports of one flow: the example of mirror-gaps is on a reader's own.
  const asked = analysisList.filter(({ example }) => !example.includes('--dataset comtrade'))
  test.each(asked.map((analysis) => [analysis.name, analysis] as const))('%s', async (name, analysis) => {
    const texts = exampleOf(analysis.example)
    const given = Object.fromEntries(
      Object.entries(texts).map(([parameter, text]) => {
        const type = remotePropertiesOf(analysis)[parameter]?.type
        return [parameter, type === 'array' ? text.split(',') : typed(text, type)]
      }),
    )
    const answer = await chokepoint.ask(name, given)
    const rows = await answer.rows()
    await answer.tellDoubts()
    expect(rows.length).toBeGreaterThan(0)

    const words = Object.entries(texts).flatMap(([parameter, text]) => [`--${parameter.replaceAll('_', '-')}`, text])
    const printed = await byCommand([name, ...words])
    expect(printed).toMatchObject({ rows, caveats: answer.caveats })

    // Of a page with all rows, the finding is read from these.
    const limit = rows.length > 1_000 ? { limit: '100000' } : {}
    const response = await app.request(`/api/v1/${name}?${new URLSearchParams({ ...texts, ...limit })}`)
    expect(await response.json()).toMatchObject({
      rows,
      caveats: answer.caveats,
      headline: (await answer.headline()) ?? null,
    })

    const result = await client.callTool({ name, arguments: { ...given, rows: 1_000 } })
    expect(result.structuredContent).toMatchObject({
      count: rows.length,
      rows: rows.slice(0, 1_000),
      caveats: answer.caveats,
    })
  })
})

describe('whatever a parameter receives, the answer is a problem or a correct result', () => {
  const datasets: Readonly<Record<string, string>> = {
    dominance: 'russia-vendors',
    'dominance-path': 'russia-vendors',
    claims: '',
    'claims-evidence': '',
    controls: '',
  }

  async function check(path: string): Promise<void> {
    const response = await app.request(path)
    const body = await response.text()
    const answer = JSON.parse(body)
    expect([200, 400, 410, 414, 422], path).toContain(response.status)
    expect(body, path).not.toMatch(/\\n\s+at |read_parquet|(Binder|Parser|Catalog|Conversion) Error/)
    expect(body, path).not.toContain(chokepoint.home)
    if (response.status === 200) {
      expect(answer.rows.length > 0 || answer.reason !== null, path).toBe(true)
      return
    }
    expect(response.headers.get('Content-Type')).toBe('application/problem+json')
    expect(answer).toMatchObject({ status: response.status, detail: expect.any(String), code: expect.any(String) })
    if (response.status === 400) expect(answer.errors?.[0]?.parameter, `${path}\n${body}`).toBeTruthy()
  }

  const paths = (analysis: (typeof analysisList)[number], name: string, encoded: string) => {
    const dataset = datasets[analysis.name] ?? 'critical-materials'
    const base = name === 'dataset' || dataset === '' ? '' : `dataset=${dataset}&`
    // Small answers, so that what is tried is the reading and not the computing.
    const narrow = 'importer' in analysis.parameters.shape && name !== 'importer' ? 'importer=DEU&' : ''
    return `/api/v1/${analysis.name}?${base}${dataset === 'critical-materials' ? narrow : ''}${name}=${encoded}`
  }
  const nasty = [
    '',
    '%00',
    '%FF%FE',
    '%',
    '-1',
    '9'.repeat(400),
    '1e308',
    "'; drop table report; --",
    '" or 1=1) union select * from report --',
    '../../../../etc/passwd',
    '$importer',
    '__proto__',
    '[object Object]',
    '𝕏'.repeat(200),
  ]
  const raw = new Set(['%00', '%FF%FE', '%', ''])

  // No bundled sample holds two reports of one flow: the example of mirror-gaps is on a reader's own.
  const asked = analysisList.filter(({ example }) => !example.includes('--dataset comtrade'))
  test.each(asked.map((analysis) => [analysis.name, analysis] as const))('%s', async (_, analysis) => {
    const names = [
      ...Object.keys(remotePropertiesOf(analysis)),
      ...Object.keys(deliveryOf(analysis)).filter((one) => one !== 'format'),
    ]
    // A sheet of claims asks all its questions, whichever claim is asked for.
    const sheet = datasets[analysis.name] === ''
    for (const name of names)
      for (const text of sheet ? nasty.slice(0, 5) : nasty)
        await check(paths(analysis, name, raw.has(text) ? text : encodeURIComponent(text)))
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.double().map(String),
      fc.bigInt().map(String),
      fc.constantFrom(
        'DEU',
        'CHN+HKG',
        'EU27:members',
        'EU27',
        '850511',
        '2022-2024',
        '2024-13',
        'true',
        'NaN',
        'null',
      ),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.array(hostile, { minLength: 1, maxLength: 3 }),
        async (name, texts) => {
          await check(paths(analysis, name, texts.map(encodeURIComponent).join(',')))
        },
      ),
      { numRuns: sheet ? 5 : 40, seed: 8420 },
    )
    expect(faults).toEqual([])
  })
})
