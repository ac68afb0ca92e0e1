import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { temporaryHome } from '../../../test/engines.ts'
import { parquetOf } from '../../../test/parquet.ts'
import { samples } from '../../../test/samples.ts'
import { analysisList } from '../../analyses/index.ts'
import { open } from '../../index.ts'
import { remotePropertiesOf } from '../parameters.ts'
import { httpApp, type Serving } from './app.ts'
import { loopbackNames, rated } from './guard.ts'
import { deliveryOf } from './question.ts'

const chokepoint = await samples()
const apart = await temporaryHome()
const lines: string[] = []
const usual = { names: [...loopbackNames], origins: [] as string[], token: undefined, rate: 2_000 }

const appWith = (access: Partial<Serving['access']> = {}) =>
  httpApp({
    chokepoint,
    access: { ...usual, ...access },
    log: (line) => lines.push(line),
  })
const app = appWith()
/** An answer, read whole. */
const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await app.request(path, { headers })
  return new Response(response.body ? await response.arrayBuffer() : null, response)
}
/** A body of JSON, in whatever shape the test expects. */
// biome-ignore lint/suspicious/noExplicitAny: tests read what they expect
const jsonOf = async (response: Response | Promise<Response>): Promise<any> => (await response).json()
const germany = '/api/v1/suppliers?dataset=critical-materials&importer=Germany&period=2024'

describe('an answer', () => {
  test('as JSON is what the command line writes, with finding, reason and next page', async () => {
    const response = await get(`${germany}&product=850511`)
    expect(response.status).toBe(200)
    const answer = await jsonOf(response)
    expect(answer.parameters).toMatchObject({ importer: ['DEU'], product: ['850511'], level: '6' })
    expect(answer.rows[0]).toMatchObject({ supplier: 'CHN', rank: 1, value: 513918501 })
    expect(answer.headline).toContain('China')
    expect(answer).toMatchObject({ reason: null, failed: null, next: null })
    expect(answer.dataset.version).toMatch(/^[0-9a-f]{12}$/)
  })

  test('names the doubted series and the incomplete years of its rows, for whoever draws them', async () => {
    const russia = '/api/v1/suppliers?dataset=russia-imts&importer=Russia&period=2024'
    const doubted = [
      { importer: 'RUS', supplier: 'UGA', periods: [202200, 202300, 202400] },
      { importer: 'RUS', supplier: 'UZB', periods: [202300, 202400] },
    ]
    expect(await jsonOf(get(russia))).toMatchObject({ doubted, incomplete: [], estimated: [202200, 202300, 202400] })
    // Of a supplier that no row shows nothing is said, and no picture of concentration shows a series.
    expect(await jsonOf(get(`${russia}&supplier=China`))).toMatchObject({ doubted: [] })
    expect(await jsonOf(get(russia.replace('suppliers', 'concentration')))).toMatchObject({ doubted: [] })
    const listed = '/api/v1/trade?dataset=eu-listed-exports&importer=Armenia&supplier=EU27&period=2021-2022&level=0'
    expect(await jsonOf(get(listed))).toMatchObject({ incomplete: [202200], doubted: [{ importer: 'ARM' }] })
  })

  test('in pages is the answer whole, in its order', async () => {
    const whole = await jsonOf(get(`${germany}&limit=10000`))
    const rows: unknown[] = []
    let next: string | null = `${germany}&limit=97`
    while (next) {
      const page = await jsonOf(get(next))
      rows.push(...page.rows)
      next = page.next
    }
    expect(rows.length).toBeGreaterThan(97)
    expect(rows).toEqual(whole.rows)
  })

  test('as CSV has the same rows, and its next page and JSON as links', async () => {
    const json = await jsonOf(get(`${germany}&limit=10000`))
    const csv = await get(germany, { Accept: 'text/csv' })
    expect(csv.headers.get('Content-Type')).toBe('text/csv; charset=utf-8; header=present')
    const rows = parse(await csv.text(), { columns: true }) as Record<string, string>[]
    expect(rows.map((row) => [row['supplier'], Number(row['value'])])).toEqual(
      json.rows.map((row: Record<string, unknown>) => [row['supplier'], row['value']]),
    )
    const page = await get(`${germany}&format=csv&limit=2`)
    expect(page.headers.get('Link')).toMatch(/rel="describedby".*cursor=[\w-]+>; rel="next"/)
    expect((await page.text()).split('\r\n')).toHaveLength(4)
  })

  test('that is kept links to the format of whoever asks, however another asked for it before', async () => {
    const paged = `${germany}&limit=3`
    const linked = async (path: string, headers = {}) => (await get(path, headers)).headers.get('Link') as string
    expect(await linked(paged, { Accept: 'text/csv' })).not.toContain('format=csv')
    const [, next = ''] = /, <([^>]+)>; rel="next"/.exec(await linked(`${paged}&format=csv`, { Accept: '*/*' })) ?? []
    expect((await get(next, { Accept: '*/*' })).headers.get('Content-Type')).toContain('text/csv')
    expect((await jsonOf(get(paged))).next).not.toContain('format')
    expect((await jsonOf(get(`${paged}&format=json`))).next).toContain('format=json')
  })

  test('as Parquet has the same rows', async () => {
    const json = await jsonOf(get(`${germany}&limit=10000`))
    const response = await get(`${germany}&columns=supplier,value`, { Accept: 'application/vnd.apache.parquet' })
    const rows = await parquetOf(await response.arrayBuffer())
    expect(rows.map((row) => Number(row['value']))).toEqual(json.rows.map((row: { value: number }) => row.value))
  })

  test('that data cannot carry is 200 with no rows and the reason, in every format', async () => {
    const path = '/api/v1/concentration?dataset=eu-listed-exports&importer=Russia'
    const response = await get(path)
    expect(response.status).toBe(200)
    expect(await jsonOf(response)).toMatchObject({ rows: [], reason: expect.stringContaining('plausible and wrong') })
    expect((await (await get(`${path}&format=csv`)).text()).split('\r\n')).toHaveLength(2)
    expect(await parquetOf(await (await get(`${path}&format=parquet`)).arrayBuffer())).toEqual([])
  })

  test('drawn over time comes with the controls that concern its rows, others with none', async () => {
    const russia = await jsonOf(get('/api/v1/suppliers?dataset=russia-imts&importer=Russia&columns=importer,supplier'))
    expect(russia.events[0]).toEqual({
      date: '2022-02-24',
      text: 'US export controls on Russia',
      source: '87 FR 12226',
    })
    expect((await jsonOf(get('/api/v1/controls?destination=Russia'))).events).toEqual([])
  })

  test('with nothing that fits says so', async () => {
    const answer = await jsonOf(get(`${germany}&min_value=1000000000000000`))
    expect(answer).toMatchObject({ rows: [], reason: 'Nothing in the data fits these parameters.' })
  })

  test('that fails a check which was asked for says so beside its rows', async () => {
    const answer = await jsonOf(get('/api/v1/claims?fail_on=contradicted&columns=id,verdict'))
    expect(answer.failed).toContain('Q1 is contradicted')
    expect(answer.rows.length).toBeGreaterThan(10)
  })
})

describe('an ETag', () => {
  test('is answered with 304, and moves with question, page and format', async () => {
    const tagOf = async (path: string, headers = {}) => (await get(path, headers)).headers.get('ETag') as string
    const tag = await tagOf(germany)
    expect((await get(germany, { 'If-None-Match': `"other", W/${tag}` })).status).toBe(304)
    expect((await app.request(germany, { method: 'HEAD' })).headers.get('ETag')).toBe(tag)
    const others = [
      `${germany}&limit=5`,
      `${germany}&format=csv`,
      `${germany}&columns=supplier`,
      `${germany}&min_value=1`,
    ]
    const tags = await Promise.all(others.map((path) => tagOf(path)))
    expect(new Set([tag, ...tags]).size).toBe(5)
    expect(await tagOf(germany, { Accept: 'text/csv' })).toBe(tags[1])
  })

  test('comes before any work: a claim sheet is confirmed in a part of the time', async () => {
    const timed = async (headers = {}) => {
      const before = performance.now()
      const response = await get('/api/v1/claims', headers)
      await response.text()
      return { response, took: performance.now() - before }
    }
    const first = await timed()
    const second = await timed({ 'If-None-Match': first.response.headers.get('ETag') as string })
    expect(second.response.status).toBe(304)
    expect(second.took).toBeLessThan(first.took / 3)
  })

  const paths = [
    germany,
    `${germany}&format=csv&limit=2`,
    `${germany}&format=parquet`,
    `${germany}&format=xml`,
    `${germany}&cursor=nonsense`,
    '/api/v1/suppliers?dataset=critical-materials&importer=Nowhereland',
    '/api/v1/concentration?dataset=eu-listed-exports&importer=Russia',
    '/api/v1/controls?destination=Russia',
  ]
  test.each(paths)('or none: HEAD of %s says what GET does, and any tag matches only what there is', async (path) => {
    const headersOf = ({ headers }: Response) => [...headers].filter(([name]) => name !== 'x-request-id')
    const head = async (headers = {}) => app.request(path, { method: 'HEAD', headers })
    // The second time it is kept.
    for (const time of ['first', 'second']) {
      const [first, second] = time === 'first' ? [await head(), await get(path)] : [await get(path), await head()]
      expect([first.status, headersOf(first)]).toEqual([second.status, headersOf(second)])
    }
    const { status } = await get(path)
    const matched = await get(path, { 'If-None-Match': '*' })
    expect(matched.status).toBe(status === 200 ? 304 : status)
    expect((await head({ 'If-None-Match': '*' })).status).toBe(matched.status)
  })

  test('and a cursor end with the tables they were of', async () => {
    const { next } = await jsonOf(get(`${germany}&limit=1`))
    const tag = (await get(germany)).headers.get('ETag') as string
    expect((await get(next)).status).toBe(200)
    const folder = join(chokepoint.home, 'groups')
    await mkdir(folder)
    await writeFile(join(folder, 'mine.yaml'), 'kind: economies\ngroup: MINE\ntitle: M\nsource: me\nmembers: [DEU]\n')
    expect((await get(next)).status).toBe(410)
    expect((await get(germany, { 'If-None-Match': tag })).status).toBe(200)
    await rm(folder, { recursive: true })
    expect((await get(germany, { 'If-None-Match': tag })).status).toBe(304)
  })
})

describe('a problem', () => {
  test.each([
    ['/api/v1/suppliers?imprter=DEU', 'imprter', 'Did you mean importer?'],
    ['/api/v1/suppliers?level=7', 'level', 'one of 0, 2, 4, 6, 8, 10'],
    ['/api/v1/suppliers?min_value=lots', 'min_value', 'a whole number from 0 to 1000000000000000'],
    ['/api/v1/suppliers?min_value=1&min_value=2', 'min_value', 'given once'],
    ['/api/v1/suppliers?importer=,', 'importer', 'Name at least one'],
    ['/api/v1/suppliers?columns=supplier,nonsense', 'columns', 'period, importer'],
    ['/api/v1/suppliers?format=xml', 'format', 'json, csv, parquet'],
    ['/api/v1/suppliers?limit=0', 'limit', 'from 1 to 100000'],
    [`${germany}&cursor=nonsense`, 'cursor', 'the page before'],
    ['/api/v1/suppliers?importer=%FF', '%FF', 'UTF-8'],
    ['/api/v1/concentration?aggregate=maybe', 'aggregate', 'true or false'],
    ['/api/v1/dominance?threshold=1', 'threshold', 'above 0 below 1'],
    ['/api/v1/suppliers?dataset=absent', 'dataset', 'Loaded: critical-materials'],
    ['/api/v1/suppliers?importer=germny&dataset=critical-materials', 'importer', 'Germany (DEU)'],
    ['/api/v1/suppliers?dataset=critical-materials&period=22', 'period', '2019-2023'],
    ['/api/v1/claims?file=/etc/passwd', 'file', 'fail_on'],
    ['/api/v1/suppliers', 'dataset', 'dataset=critical-materials'],
  ])('%s names %s and what it takes', async (path, parameter, takes) => {
    const response = await get(path)
    expect(response.status).toBe(400)
    expect(response.headers.get('Content-Type')).toBe('application/problem+json')
    const problem = await jsonOf(response)
    expect(problem.errors[0].parameter).toBe(parameter)
    expect(problem.errors[0].allowed).toContain(takes)
    expect(problem.request_id).toBe(response.headers.get('X-Request-Id'))
    expect(JSON.stringify(problem)).not.toMatch(/select |--|\n\s+at |\/tmp\//)
  })

  test.each([
    [{ path: '/api/v1/nothing' }, 404],
    [{ path: '/elsewhere' }, 404],
    [{ path: germany, method: 'POST' }, 405],
    [{ path: germany, headers: { Accept: 'image/png' } }, 406],
    [{ path: `${germany}&product=${'1,'.repeat(5_000)}` }, 414],
    [{ path: germany, headers: { Origin: 'http://evil.example' } }, 403],
    [{ path: germany, headers: { Origin: 'null' } }, 403],
    [{ path: germany, headers: { Host: 'evil.example' } }, 403],
    [{ path: '/mcp', headers: { Host: 'localhost.evil.example' } }, 403],
  ])('%j is answered with %i', async ({ path, ...init }, status) => {
    const response = await app.request(path, init)
    expect(response.status).toBe(status)
    expect(await jsonOf(response)).toMatchObject({ status })
  })
})

describe('OpenAPI', () => {
  test('is valid 3.1 and names every parameter of every analysis', async () => {
    const document = await jsonOf(get('/api/v1/openapi.json'))
    expect(await new Validator().validate(document)).toEqual({ valid: true })
    expect(document.openapi).toMatch(/^3\.1/)
    for (const analysis of analysisList) {
      const operation = document.paths[`/api/v1/${analysis.name}`].get
      expect(operation.parameters.map((one: { name: string }) => one.name)).toEqual([
        ...Object.keys(remotePropertiesOf(analysis)),
        ...Object.keys(deliveryOf(analysis)),
      ])
    }
  })

  test('no analysis has a parameter called as one of delivery, nor is a file of this machine offered', () => {
    for (const analysis of analysisList) {
      const own = Object.keys(remotePropertiesOf(analysis))
      for (const name of Object.keys(deliveryOf(analysis))) expect(own).not.toContain(name)
      expect(own).not.toContain('file')
    }
  })
})

describe('what one must know to ask', () => {
  test.each([
    ['russ', 'RUS'],
    ['Россия', 'RUS'],
    ['RU', 'RUS'],
    ['643', 'RUS'],
    ['DE', 'DEU'],
    ['герм', 'DEU'],
    ['South Kor', 'KOR'],
    ['EU27', 'EU27'],
    ['China+Hong Kong', 'CHN+HKG'],
    ['EU27:members', 'EU27:members'],
  ])('an economy typed as %s is first %s', async (text, code) => {
    const found = await jsonOf(get(`/api/v1/economies?text=${encodeURIComponent(text)}`))
    expect(found[0]).toMatchObject({ code })
    expect(found[0].match).not.toBe('alike')
    expect(new Set(found.map((one: { code: string }) => one.code)).size).toBe(found.length)
  })

  test('an economy that is nowhere is at most spelt alike', async () => {
    for (const one of await jsonOf(get('/api/v1/economies?text=Atlantis'))) expect(one.match).toBe('alike')
  })

  test('an analysis is told as declared, a wrong name with the nearest', async () => {
    for (const analysis of analysisList) {
      const told = await jsonOf(get(`/api/v1/methods/${analysis.name}`))
      expect(told).toMatchObject({ keys: analysis.keys, shown: analysis.shown, limits: analysis.limits })
      expect(Object.keys(told.parameters)).toEqual(Object.keys(remotePropertiesOf(analysis)))
      expect(told.columns.map((one: { name: string }) => one.name)).toEqual(Object.keys(analysis.columns.shape))
    }
    const none = await get('/api/v1/methods/supliers')
    expect([none.status, (await jsonOf(none)).detail]).toEqual([404, expect.stringContaining('Did you mean suppliers')])
    expect((await jsonOf(get('/api/v1/methods'))).screening).toHaveLength(9)
  })

  test('a dataset is told with an account that closes, and without a folder', async () => {
    const told = await jsonOf(get('/api/v1/datasets/eu-listed-exports'))
    const { rows } = told.account
    expect(rows.kept + rows.aside + rows.rejected).toBe(rows.in)
    expect(told.periods_held).toHaveLength(35)
    expect(JSON.stringify(told)).not.toContain(chokepoint.home)
    expect((await get('/api/v1/datasets/nothing')).status).toBe(404)
    expect((await get('/api/v1/datasets/..%2Fetc')).status).toBe(404)
  })

  test('products of a dataset are found by code and by words, lists by name', async () => {
    const found = async (text: string) =>
      (await jsonOf(get(`/api/v1/products?dataset=critical-materials&text=${text}`))).products
    expect(await found('8505')).toMatchObject([{ code: '850511' }])
    expect(await found('permanent+magnets')).toMatchObject([{ code: '850511' }])
    expect((await jsonOf(get('/api/v1/products?dataset=critical-materials'))).count).toBe(30)
    expect((await get('/api/v1/products')).status).toBe(400)
    expect((await get('/api/v1/groups?of=x')).status).toBe(400)
    const { products: groups, controlled } = await jsonOf(get('/api/v1/groups'))
    const tiersOf = (code: string) => groups.find((one: { code: string }) => one.code === code)?.tiers
    expect([tiersOf('critical-materials'), tiersOf('chpl')]).toEqual([[], ['1', '2', '3A', '3B', '4A', '4B']])
    expect(controlled).toContainEqual({
      code: 'eu-2023-01',
      name: 'the Union’s export bans as of January 2023',
      codes: 2223,
      tiers: [],
      from: '2023-01-21',
    })
  })

  test('lists of products are told with how many of their codes a dataset holds', async () => {
    const held = async (dataset: string) => {
      const { products } = await jsonOf(get(`/api/v1/groups?dataset=${dataset}`))
      return products.find((one: { code: string }) => one.code === 'critical-materials').held
    }
    expect([await held('critical-materials'), await held('russia-imts')]).toEqual([30, 0])
  })

  test('the statement behind an answer is told without the folder of the datasets', async () => {
    for (const { name, example } of analysisList.filter((one) => !one.example.includes('comtrade'))) {
      const words = [...example.matchAll(/--([a-z-]+) ("[^"]*"|\S+)/g)].map(
        ([, flag = '', value = '']) => [flag.replaceAll('-', '_'), value.replaceAll('"', '')] as [string, string],
      )
      const response = await get(`/api/v1/${name}/statement?${new URLSearchParams(words)}`)
      expect(response.headers.get('Content-Type')).toContain('text/plain')
      const text = await response.text()
      expect(text).toMatch(/select|Computed/i)
      expect(text).not.toContain(chokepoint.home)
    }
    expect((await get('/api/v1/suppliers/statement?importr=x')).status).toBe(400)
  })

  test.each([
    ['a slash at its end', (home: string) => `${home}/`],
    ['two slashes', (home: string) => home.replace(/\/([^/]+)$/, '//$1')],
    ['steps back', (home: string) => `${home}/datasets/../`],
    ['a quotation mark', (home: string) => join(apart, "reader's", basename(home))],
  ])('nor where the folder is given with %s', async (_, given) => {
    await symlink(dirname(chokepoint.home), join(apart, "reader's")).catch(() => undefined)
    await using library = await open({ home: given(chokepoint.home) })
    const served = httpApp({ chokepoint: library, access: usual, log: () => {} })
    const response = await served.request(germany.replace('suppliers', 'suppliers/statement'))
    const text = await response.text()
    expect(text).toContain("['CHOKEPOINT_HOME/datasets/critical-materials/")
    expect(text).not.toContain(basename(chokepoint.home))
  })

  test('the codes in an answer are named, products as of the dataset’s nomenclature', async () => {
    const { names } = await jsonOf(get(`${germany}&product=850511&limit=3`))
    expect(names).toMatchObject({ CHN: 'China', DEU: 'Germany', 850511: expect.stringContaining('magnets') })
    expect(Object.keys(names)).toHaveLength(5)
    const lists = '/api/v1/substitutes?dataset=critical-materials&importer=Japan&supplier=China&columns=alternatives'
    expect((await jsonOf(get(lists))).names).toMatchObject({ IND: 'India', TUR: 'Türkiye' })
  })
})

describe('access', () => {
  test('by names and origins that were given, which CORS then lets read', async () => {
    const open = appWith({ names: ['data.example'], origins: ['https://pages.example'] })
    const from = (origin: string) => open.request('/api/v1', { headers: { Host: 'data.example:8420', Origin: origin } })
    expect((await from('http://data.example:8420')).status).toBe(200)
    expect((await from('https://pages.example')).headers.get('Access-Control-Allow-Origin')).toBe(
      'https://pages.example',
    )
    expect((await from('https://other.example')).status).toBe(403)
    expect((await get('/api/v1')).headers.get('Access-Control-Allow-Origin')).toBeNull()
  })

  test('by the token, where there is one; only /health needs none', async () => {
    const closed = appWith({ token: 'a-token-of-twenty-four-characters' })
    const status = async (path: string, token?: string) =>
      (await closed.request(path, token ? { headers: { Authorization: `Bearer ${token}` } } : {})).status
    expect(await status('/api/v1', 'a-token-of-twenty-four-characters')).toBe(200)
    expect(await status('/api/v1', 'a-token-of-twenty-four-character')).toBe(401)
    expect(await status('/api/v1')).toBe(401)
    expect(await status('/mcp')).toBe(401)
    expect(await status('/health')).toBe(200)
  })

  test('at a rate: five seconds’ worth at once, then as time passes', async () => {
    let time = 0
    const middleware = rated(2, () => time)
    const ask = () => middleware({ env: {} } as never, async () => {})
    for (let number = 0; number < 10; number += 1) await ask()
    await expect(ask()).rejects.toMatchObject({ status: 429, headers: { 'Retry-After': '1' } })
    time += 500
    await ask()
    await expect(ask()).rejects.toMatchObject({ status: 429 })
  })

  test('a request is one line of the log, without values', async () => {
    lines.length = 0
    await get(`${germany}&product=850511&secret=hidden`)
    await get('/api/v1/%73ecret')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        method: 'GET',
        route: '/api/v1/suppliers',
        parameters: ['dataset', 'importer', 'period', 'product', 'secret'],
        status: 400,
      },
      { route: null, status: 404 },
    ])
    expect(lines.join()).not.toMatch(/Germany|850511|hidden/)
  })
})
