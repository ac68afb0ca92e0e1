import { type ChildProcess, spawn } from 'node:child_process'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, describe, expect, test } from 'vitest'
import { analysisList } from '../src/analyses/index.ts'
import { samples } from './samples.ts'

const command = join(new URL('..', import.meta.url).pathname, 'dist/faces/cli/main.js')
const chokepoint = await samples()
const { home } = chokepoint
const germany = { dataset: 'critical-materials', importer: ['Germany'], period: ['2024'], product: ['850511'] }

interface Running {
  readonly process: ChildProcess
  readonly out: () => string
  readonly err: () => string
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>
}

function start(words: readonly string[], environment: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [command, ...words], {
    env: { ...process.env, CHOKEPOINT_HOME: home, ...environment },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (bytes) => (out += bytes))
  child.stderr.on('data', (bytes) => (err += bytes))
  const ended = new Promise<number | string | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  )
  afterAll(() => child.kill('SIGKILL'))
  return { process: child, out: () => out, err: () => err, ended }
}

/** The address that it prints once it listens. */
async function addressOf(running: Running): Promise<string> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    if (running.out().includes('\n')) return running.out().trim()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`it never listened: ${running.err()}`)
}

const taking = (port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
    afterAll(() => server.close())
  })

describe('chokepoint serve', async () => {
  const taken = await taking(8420).catch(() => undefined)
  const serving = start(['serve'])
  const address = await addressOf(serving)

  test('says that the usual port is taken and prints the address that it has', async () => {
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:84\d\d$/)
    expect(address).not.toContain(':8420')
    expect(serving.err()).toContain('Port 8420 is taken.')
    expect(taken === undefined || taken.listening).toBe(true)
    expect(await (await fetch(`${address}/health`)).json()).toEqual({ status: 'ok' })
  })

  test('does not take another port than the one asked for', async () => {
    const port = new URL(address).port
    const second = start(['serve', '--port', port])
    expect(await second.ended).toBe(1)
    expect(second.err()).toContain(`Port ${port} is taken. Choose another with --port`)
  })

  test.each([
    [['--host', '0.0.0.0'], 'Add --remote'],
    [['--host', '0.0.0.0', '--remote'], 'CHOKEPOINT_TOKEN'],
    [['--host', '0.0.0.0', '--remote', '--token-file', '/nowhere'], 'cannot be read'],
    [['--port', '123456'], 'up to 65535'],
  ])('%j ends with 2 and says what is missing', async (words, message) => {
    const refused = start(['serve', ...words])
    expect(await refused.ended).toBe(2)
    expect(refused.err()).toContain(message)
  })

  test('lets nobody in from elsewhere without the token', async () => {
    const token = 'a-token-of-twenty-four-characters'
    const remote = start(['serve', '--host', '0.0.0.0', '--remote', '--port', '0'], { CHOKEPOINT_TOKEN: token })
    const at = (await addressOf(remote)).replace('0.0.0.0', '127.0.0.1')
    expect((await fetch(`${at}/api/v1`)).status).toBe(401)
    expect((await fetch(`${at}/api/v1`, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(200)
    expect(remote.err()).not.toContain(token)
    remote.process.kill('SIGTERM')
    expect(await remote.ended).toBe(0)
  })

  test('answers others while it draws for one, in threads, what is drawn here', async () => {
    const question = {
      ...germany,
      exit: ['CHN', 'JPN', 'KOR', 'USA'],
      rule: 'proportional',
      threshold: 0.05,
      precision: 1,
    }
    let done = false
    const texts = new URLSearchParams(Object.entries(question).map(([name, value]) => [name, String(value)]))
    const from = performance.now()
    const drawn = fetch(`${address}/api/v1/dominance?${texts}`).finally(() => {
      done = true
    })
    let longest = 0
    while (!done) {
      const asked = performance.now()
      await (await fetch(`${address}/health`)).text()
      longest = Math.max(longest, performance.now() - asked)
    }
    expect(longest).toBeLessThan((performance.now() - from) / 2)
    const { rows } = (await (await drawn).json()) as { rows: unknown[] }
    expect(rows).toEqual(await (await chokepoint.ask('dominance', question)).rows())
  })

  test('speaks the Model Context Protocol at /mcp, with addresses of its own for the rest', async () => {
    const client = new Client({ name: 'test', version: '1' })
    await client.connect(new StreamableHTTPClientTransport(new URL(`${address}/mcp`)))
    const { structuredContent } = await client.callTool({ name: 'suppliers', arguments: { ...germany, rows: 1 } })
    const { rest, count } = structuredContent as { rest: string; count: number }
    expect(rest.startsWith(`${address}/api/v1/suppliers?`)).toBe(true)
    expect((await (await fetch(rest)).text()).trimEnd().split('\r\n')).toHaveLength(count + 1)
    await client.close()
    expect((await fetch(`${address}/mcp`, { method: 'POST', headers: { Origin: 'http://evil.example' } })).status).toBe(
      403,
    )
    const large = await fetch(`${address}/mcp`, { method: 'POST', body: 'x'.repeat(2 ** 21) })
    expect(large.status).toBe(413)
  })

  test('ends cleanly on SIGTERM, answers in work and all', async () => {
    const left = fetch(`${address}/api/v1/claims`).catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 100))
    serving.process.kill('SIGTERM')
    expect(await serving.ended).toBe(0)
    await left
    expect(serving.err()).not.toMatch(/fault|\n\s+at /)
  })

  test('and on SIGINT', async () => {
    const interrupted = start(['serve', '--port', '0'])
    await addressOf(interrupted)
    interrupted.process.kill('SIGINT')
    expect(await interrupted.ended).toBe(0)
  })
})

test('chokepoint mcp speaks on stdin and stdout, and ends with them', async () => {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [command, 'mcp'],
    env: { ...(process.env as Record<string, string>), CHOKEPOINT_HOME: home },
    stderr: 'pipe',
  })
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(transport)
  expect((await client.listTools()).tools).toHaveLength(analysisList.length)
  const { structuredContent } = await client.callTool({ name: 'suppliers', arguments: { ...germany, rows: 1 } })
  expect(structuredContent).toMatchObject({ rows: [{ supplier: 'CHN', value: 513918501 }] })
  expect((structuredContent as { rest: string }).rest).toMatch(/^chokepoint suppliers --dataset critical-materials/)
  await client.close()
})
