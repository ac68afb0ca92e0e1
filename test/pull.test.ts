import { execFile, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { open } from '../src/index.ts'
import { pullBaci } from '../src/pull/baci.ts'
import { pullComtrade } from '../src/pull/comtrade.ts'
import { PullFolder } from '../src/pull/folder.ts'
import { openNetwork, serverAddress } from '../src/pull/network.ts'
import { retryAfter } from '../src/pull/patience.ts'
import { flowsOf, temporaryHome } from './engines.ts'

const main = new URL('../dist/faces/cli/main.js', import.meta.url).pathname
const servers: Server[] = []
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections()
})

/** A server on this machine that answers as a publisher does. */
async function replay(answer: RequestListener): Promise<URL> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
}

const home = await temporaryHome()
let number = 0
const newFolder = () => join(home, `pulled-${number++}`)

async function pulling(path: string, signal = new AbortController().signal) {
  const told: string[] = []
  const network = openNetwork({ toolVersion: '0', redirections: true, patience: 5000 })
  const usual = { most: 4, first: 1, longest: 4, longestAsked: 2000, random: () => 1 }
  return {
    folder: await PullFolder.open(path),
    network,
    patience: { ...usual, signal, tell: (line: string) => void told.push(line) },
    told,
  }
}

describe('BACI', () => {
  const archive = randomBytes(300_000)
  const name = 'BACI_HS17_V202601.zip'
  const sha256 = createHash('sha256').update(archive).digest('hex')

  /** Answers with the archive or a part of it, and notes what was asked for; `fault` may answer in its place. */
  async function publisher(
    fault: (asked: number, request: IncomingMessage, response: ServerResponse) => boolean = () => false,
    etag = '"one"',
  ) {
    const ranges: string[] = []
    const address = await replay((request, response) => {
      const { range, 'if-range': same } = request.headers
      ranges.push(`${range ?? ''} ${same ?? ''}`.trim())
      if (request.url !== `/DATA_DOWNLOAD/baci/data/${name}`) return response.writeHead(404).end()
      if (fault(ranges.length, request, response)) return undefined
      const from = range && same === etag ? Number(/\d+/.exec(range)?.[0]) : 0
      const headers = { etag, 'content-length': archive.length - from }
      if (from > 0)
        response.writeHead(206, {
          ...headers,
          'content-range': `bytes ${from}-${archive.length - 1}/${archive.length}`,
        })
      else response.writeHead(200, headers)
      return response.end(archive.subarray(from))
    })
    return { address, ranges }
  }

  /** Sends so many of the bytes asked for, and breaks off. */
  const broken = (request: IncomingMessage, response: ServerResponse, bytes: number) => {
    const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0)
    const range = { 'content-range': `bytes ${from}-${archive.length - 1}/${archive.length}` }
    response.writeHead(from ? 206 : 200, {
      etag: '"one"',
      'content-length': archive.length - from,
      ...(from ? range : {}),
    })
    response.write(archive.subarray(from, from + bytes), () => setTimeout(() => response.destroy(), 200))
    return true
  }

  async function pull(address: URL, path = newFolder(), signal?: AbortSignal, progress: () => void = () => undefined) {
    const given = await pulling(path, signal)
    const file = await pullBaci({ ...given, server: address, edition: 'HS17', vintage: '202601', progress })
    return { path, file, told: given.told }
  }

  const whole = async (path: string) => {
    expect((await readFile(join(path, name))).equals(archive)).toBe(true)
    expect((await readdir(path)).sort()).toEqual([name, 'SHA256SUMS'])
    expect(await readFile(join(path, 'SHA256SUMS'), 'utf8')).toBe(`${sha256}  ${name}\n`)
  }

  test('comes whole with its checksum, goes on where the connection broke, and is not asked for again', async () => {
    const { address, ranges } = await publisher((asked, request, response) =>
      asked < 3 ? broken(request, response, 50_000) : false,
    )
    const { path, told } = await pull(address)
    await whole(path)
    expect(ranges).toEqual(['', 'bytes=50000- "one"', 'bytes=100000- "one"'])
    expect(told.filter((line) => /again in/.test(line))).toHaveLength(2)
    await pull(address, path)
    expect(ranges).toHaveLength(3)
    await writeFile(join(path, name), 'changed')
    await expect(pull(address, path)).rejects.toMatchObject({ code: 'pull/changed' })
  })

  test.each([
    ['goes on', async () => undefined, '"one"', ['bytes=100000- "one"'], undefined],
    [
      'begins again where what there is has changed',
      (path: string) => writeFile(join(path, `${name}.part`), 'x'.repeat(120_000)),
      '"one"',
      [''],
      /changed on this disk/,
    ],
    [
      'begins again where the publisher has another file now',
      async () => undefined,
      '"two"',
      ['bytes=100000- "one"'],
      /another now/,
    ],
  ])('an interrupted pull leaves what came, and %s', async (_name, between, etag, asked, word) => {
    const path = newFolder()
    const interruption = new AbortController()
    const first = await publisher((_asked, _request, response) => {
      response.writeHead(200, { etag: '"one"', 'content-length': archive.length })
      response.write(archive.subarray(0, 100_000))
      return true
    })
    let bytes = 0
    const stopped = pull(first.address, path, interruption.signal, (...[, made]: unknown[]) => {
      bytes = (made as { bytes: number }).bytes
      if (bytes === 100_000) interruption.abort()
    })
    await expect(stopped).rejects.toThrow()
    expect((await readdir(path)).sort()).toEqual([`${name}.part`, `${name}.part.state`])
    await between(path)
    const second = await publisher(undefined, etag)
    const state = join(path, `${name}.part.state`)
    await writeFile(state, (await readFile(state, 'utf8')).replace(first.address.href, second.address.href))
    const { told } = await pull(second.address, path)
    await whole(path)
    expect(second.ranges).toEqual(asked)
    if (word) expect(told.join('\n')).toMatch(word)
  })

  test.each<[string, number, Record<string, string>, RegExp]>([
    ['nothing at the address', 404, {}, /no such file.*vintages/],
    ['a service that is down', 503, {}, /answered 503.*4 times in a row.*goes on/],
    ['a service that asks for hours', 429, { 'retry-after': '7200' }, /answered 429.*asks to wait 120 min|2 h/],
    ['a quota used up', 403, { 'retry-after': '3600' }, /asks to wait 60 min/],
    ['a service that refuses', 403, {}, /answered 403.*Is the key right/],
  ])('%s is told with the remedy', async (_name, status, headers, message) => {
    const { address } = await publisher((_asked, _request, response) => {
      response.writeHead(status, headers).end('no')
      return true
    })
    const path = newFolder()
    await expect(pull(address, path)).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(message),
    })
    expect(await readdir(path)).not.toContain(name)
  })

  test.each<[string, number, Record<string, string>, string, RegExp]>([
    ['a circle of redirections', 302, { location: `/DATA_DOWNLOAD/baci/data/${name}` }, 'moved', /back to itself/],
    ['a redirection to nowhere', 302, {}, '<html>moved</html>', /302 \(<html>moved<\/html>\)/],
    ['no content', 204, {}, '', /204/],
    ['the page of a proxy', 203, { 'content-type': 'text/html' }, '<html>log in</html>', /203.*text\/html.*log in/],
    [
      'a page that says all is well',
      200,
      { 'content-type': 'text/html' },
      '<html>log in</html>',
      /200.*text\/html.*log in/,
    ],
    ['a part that nobody asked for', 206, { 'content-range': 'bytes 0-4/5' }, 'bytes', /206/],
  ])('%s is no archive, and nothing of it is kept', async (_name, status, headers, body, message) => {
    let archives = false
    const { address } = await publisher((_asked, _request, response) => {
      if (archives) return false
      response.writeHead(status, headers).end(body)
      return true
    })
    const path = newFolder()
    await expect(pull(address, path)).rejects.toMatchObject({
      code: 'pull/status',
      message: expect.stringMatching(new RegExp(`${name}.*${message.source}.*nothing of it was kept.*browser`)),
    })
    expect(await readdir(path)).toEqual([])
    archives = true
    await pull(address, path)
    await whole(path)
  })

  test('what came before an answer that is no part of it stays, and is gone on from', async () => {
    const { address, ranges } = await publisher((asked, request, response) => {
      if (asked === 1) return broken(request, response, 50_000)
      if (asked > 2) return false
      response.writeHead(203, { 'content-type': 'text/html' }).end('<html>log in</html>')
      return true
    })
    const path = newFolder()
    await expect(pull(address, path)).rejects.toMatchObject({ code: 'pull/status' })
    expect((await readdir(path)).sort()).toEqual([`${name}.part`, `${name}.part.state`])
    await pull(address, path)
    await whole(path)
    expect(ranges).toEqual(['', 'bytes=50000- "one"', 'bytes=50000- "one"'])
  })

  test('waits as long as the service asks, and no shorter', async () => {
    const { address } = await publisher((asked, _request, response) => {
      if (asked > 1) return false
      response.writeHead(503, { 'retry-after': '1' }).end()
      return true
    })
    const began = Date.now()
    const { path } = await pull(address)
    expect(Date.now() - began).toBeGreaterThanOrEqual(1000)
    await whole(path)
    expect(retryAfter('Wed, 21 Oct 2015 07:28:00 GMT', Date.parse('2015-10-21T07:27:30Z'))).toBe(30_000)
  })

  test('nothing is written through a link, and no key goes out unencrypted', async () => {
    const { address } = await publisher()
    const [path, elsewhere] = [newFolder(), join(home, 'elsewhere')]
    await mkdir(path)
    await writeFile(elsewhere, 'mine')
    await symlink(elsewhere, join(path, `${name}.part`))
    await expect(pull(address, path)).rejects.toMatchObject({ code: 'pull/place' })
    expect(await readFile(elsewhere, 'utf8')).toBe('mine')
    for (const server of ['http://example.org', 'ftp://127.0.0.1', 'cepii.fr', 'https://me:secret@example.org'])
      expect(() => serverAddress(server)).toThrow(/https/)
  })

  describe('a proxy', () => {
    afterEach(() => vi.unstubAllEnvs())
    test('is honoured, and left out where NO_PROXY says so', async () => {
      const { address } = await publisher()
      const through: string[] = []
      const proxy = await replay((_request, response) => response.writeHead(500).end())
      servers.at(-1)?.on('connect', (request, socket) => {
        through.push(request.url ?? '')
        const there = connect(Number(address.port), '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
          there.pipe(socket).pipe(there)
        })
      })
      vi.stubEnv('HTTP_PROXY', proxy.href)
      vi.stubEnv('http_proxy', proxy.href)
      const named = new URL(address)
      named.hostname = 'localhost'
      vi.stubEnv('NO_PROXY', '127.0.0.1')
      vi.stubEnv('no_proxy', '127.0.0.1')
      await pull(address)
      expect(through).toEqual([])
      await whole((await pull(named)).path)
      expect(through).toEqual([named.host])
    })
  })

  test('on the command line: SIGINT leaves what came, the same command goes on, and the last line loads it', async () => {
    let stalls = true
    const { address, ranges } = await publisher((_asked, _request, response) => {
      if (!stalls) return false
      response.writeHead(200, { etag: '"one"', 'content-length': archive.length })
      response.write(archive.subarray(0, 100_000))
      return true
    })
    const path = newFolder()
    const words = [main, 'pull', 'baci', '--into', path, '--server', address.href]
    const child = spawn(process.execPath, words)
    let err = ''
    let stopping: NodeJS.Timeout | undefined
    child.stderr.on('data', (text) => {
      err += text
      if (/MB of/.test(err) && !stopping) stopping = setTimeout(() => child.kill('SIGINT'), 200)
    })
    expect(await once(child, 'exit')).toEqual([130, null])
    expect(err).toMatch(/Stopped\..*goes on from there/)
    stalls = false
    const { stdout } = await promisify(execFile)(process.execPath, words)
    expect(stdout).toBe(`chokepoint load ${path}/${name} --as baci\n`)
    expect(ranges.at(-1)).toBe('bytes=100000- "one"')
    await whole(path)
    const { stdout: help } = await promisify(execFile)(process.execPath, [main, 'pull', 'comtrade', '--help'])
    expect(help).toMatch(/replay/)
    expect(help).toMatch(/COMTRADE_API_KEY/)
  })
})

describe('UN Comtrade', () => {
  const key = 'a-key-that-nobody-may-see'
  const limit = 20

  /** A service with `rows` rows of each product and flow: reporters 276 and 392 report, 643 does not. */
  async function service(rows: number, fault: (asked: number, response: ServerResponse) => boolean = () => false) {
    const calls: URL[] = []
    const keys = new Set<string>()
    const address = await replay((request, response) => {
      const url = new URL(request.url ?? '', 'http://service')
      calls.push(url)
      keys.add(String(request.headers['ocp-apim-subscription-key']))
      if (fault(calls.length, response)) return
      const term = (term_name: string) => url.searchParams.get(term_name)?.split(',') ?? []
      const [reporter = ''] = term('reporterCode')
      const all =
        reporter === '643'
          ? []
          : term('flowCode').flatMap((flow) =>
              term('cmdCode').flatMap((product) =>
                Array.from({ length: rows }, (_, at) => ({
                  typeCode: 'C',
                  freqCode: 'A',
                  classificationCode: 'H6',
                  reporterCode: Number(reporter),
                  period: url.searchParams.get('period'),
                  flowCode: flow,
                  partnerCode: at === 0 ? 0 : [156, 842, 410, 36, 76, 704, 484, 702, 764][at],
                  partner2Code: 0,
                  customsCode: 'C00',
                  motCode: 0,
                  cmdCode: product,
                  primaryValue: at === 0 ? 10 * (rows - 1) : 10,
                  netWgt: 1,
                })),
              ),
            )
      const data = all.slice(0, Number(url.searchParams.get('maxRecords')))
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ elapsedTime: '0 secs', count: data.length, data, error: '' }))
    })
    return { address, calls, keys }
  }

  async function pull(address: URL, path: string, more: Partial<Parameters<typeof pullComtrade>[0]> = {}) {
    const given = await pulling(path)
    const pulled = await pullComtrade({
      ...given,
      server: address,
      key,
      reporters: ['DEU', '392'],
      periods: ['2022-2023'],
      products: ['850511', '850650'],
      flows: ['M', 'X'],
      rows: limit,
      pause: 0,
      progress: () => undefined,
      ...more,
    })
    return { ...pulled, told: given.told }
  }

  test('a call for each reporter and period; an answer that is cut comes in parts; what came is not asked for again', async () => {
    const { address, calls, keys } = await service(8, (asked, response) => {
      if (asked !== 1) return false
      response
        .writeHead(429, { 'retry-after': '0' })
        .end('{ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 1 seconds." }')
      return true
    })
    const path = newFolder()
    const pulled = await pull(address, path, { reporters: ['DEU', '392', '643'] })
    // 32 rows a call are cut at 20; 16 of one flow are not.
    expect(pulled).toMatchObject({ rows: 128, empty: ['643 2022', '643 2023'] })
    expect(pulled.files).toHaveLength(8)
    expect(pulled.told.join()).toMatch(/429.*Rate limit/)
    expect(calls).toHaveLength(1 + 4 * 3 + 2)
    expect(calls[1]?.href).toBe(
      'http://service/data/v1/get/C/A/HS?reporterCode=276&period=2022&flowCode=M%2CX&cmdCode=850511%2C850650&partner2Code=0&customsCode=C00&motCode=0&maxRecords=20&includeDesc=false',
    )
    expect([...keys]).toEqual([key])
    for (const name of await readdir(path)) expect(await readFile(join(path, name), 'utf8')).not.toContain(key)
    await pull(address, path, { reporters: ['DEU', '392', '643'] })
    expect(calls).toHaveLength(15)

    await using chokepoint = await open({ home })
    const manifest = await flowsOf(chokepoint.load([path], { as: 'reports' }))
    expect(manifest).toMatchObject({
      source: 'comtrade',
      partners_complete: true,
      account: { rows: { in: 128, kept: 112, aside: 16 } },
    })
  })

  test('without a key the preview answers, and what it cuts is refused with the remedy', async () => {
    const { address, calls, keys } = await service(500)
    await expect(pull(address, newFolder(), { key: undefined, rows: 500 })).rejects.toMatchObject({
      code: 'pull/cut',
      message: expect.stringMatching(/276 2022, M, 850511: more than 500 rows.*free key/),
    })
    expect(calls[0]?.pathname).toBe('/public/v1/preview/C/A/HS')
    expect([...keys]).toEqual(['undefined'])
  })

  test.each<[string, Parameters<typeof pull>[2], RegExp]>([
    ['a wrong key', {}, /answered 401.*Is the key right/],
    ['an unknown economy', { reporters: ['Germoney'] }, /No economy or group "Germoney"/],
    ['periods of two kinds', { periods: ['2022', '202301'] }, /--period 2022,202301: years.*or months/],
    ['a period that is none', { periods: ['202213'] }, /--period 202213/],
  ])('%s is told', async (_name, more, message) => {
    const { address } = await service(1, (_asked, response) => {
      response.writeHead(401).end('{ "statusCode": 401, "message": "Access denied due to invalid subscription key." }')
      return true
    })
    await expect(pull(address, newFolder(), more)).rejects.toMatchObject({ message: expect.stringMatching(message) })
  })

  test('economies have the codes of the service, months are months, and blocs are their members', async () => {
    const { address, calls } = await service(1)
    await pull(address, newFolder(), {
      reporters: ['USA', 'France', 'India', 'Switzerland', 'Norway', 'Taiwan', 'Italy'],
      periods: ['202212-202301'],
      flows: ['M'],
    })
    expect(calls[0]?.pathname).toBe('/data/v1/get/C/M/HS')
    expect(
      calls.map((call) => `${call.searchParams.get('period')} ${call.searchParams.get('reporterCode')}`).slice(6, 8),
    ).toEqual(['202212 380', '202301 842'])
    expect(calls.slice(0, 7).map((call) => call.searchParams.get('reporterCode'))).toEqual([
      '842',
      '251',
      '699',
      '757',
      '579',
      '490',
      '380',
    ])
    calls.length = 0
    await pull(address, newFolder(), { reporters: ['EU27'], periods: ['2022'], flows: ['M'], products: ['TOTAL'] })
    expect(new Set(calls.map((call) => call.searchParams.get('reporterCode'))).size).toBe(27)
  })
})
