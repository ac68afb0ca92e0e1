import { describe, expect, test } from 'vitest'
import { temporaryHome } from '../../../test/engines.ts'
import { open } from '../../index.ts'
import { httpApp } from './app.ts'
import { loopbackNames } from './guard.ts'

const chokepoint = await open({ home: await temporaryHome() })
const appWith = (upload: boolean) =>
  httpApp({
    chokepoint,
    access: { names: [...loopbackNames], origins: ['https://pages.example'], token: undefined, rate: 2_000 },
    log: () => {},
    upload,
  })
const app = appWith(true)
/** A body of JSON, in whatever shape the test expects. */
// biome-ignore lint/suspicious/noExplicitAny: tests read what they expect
const json = async (response: Response): Promise<any> => response.json()
const { token } = await json(await app.request('/upload'))
const own = { 'X-Upload-Token': token }
const baci = 't,i,j,k,v,q\n2022,156,276,850511,1200.5,10\n2022,156,392,850511,900,8\n'
const mine = 'year;buyer;seller;hs6;usd\n2022;DEU;CHN;850511;100\n2022;DEU;JPN;850511;50\n'
const mapping = [
  'frequency: year',
  'currency: USD',
  'codes: iso3',
  'side: importer',
  'edition: HS2017',
  'columns: {period: year, importer: buyer, exporter: seller, product: hs6, value: usd}',
].join('\n')

const bring = (name: string, body: string, headers: Record<string, string> = own) =>
  app.request(`/upload?name=${encodeURIComponent(name)}`, { method: 'POST', body, headers })

/** Load and ask after it until it is done; the last answer. */
async function load(id: string, as: string, body = ''): Promise<Response> {
  const begun = await app.request(`/upload/${id}?as=${as}`, { method: 'POST', body, headers: own })
  expect(begun.status).toBe(202)
  for (;;) {
    const answer = await app.request(`/upload/${id}`, { headers: own })
    if (answer.status !== 200 || (await json(answer.clone()))['loaded']) return answer
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe('a file that a page brings', () => {
  test('is guessed before anything is loaded, and then loaded under a name', async () => {
    const brought = await json(await bring('BACI_HS17_Y2022_V202601.csv', baci))
    expect(brought['tables']).toMatchObject([
      {
        format: 'text',
        columns: ['t', 'i', 'j', 'k', 'v', 'q'],
        recognised: { source: 'baci', holds: 'trade flows' },
        mapping: { currency: 'USD', edition: 'HS2017' },
      },
    ])
    expect(await chokepoint.datasets()).toEqual([])
    const done = await json(await load(brought['id'], 'baci-2022'))
    expect(done['loaded']).toMatchObject({ name: 'baci-2022', version: expect.stringMatching(/^[0-9a-f]{12}$/) })
    expect((await chokepoint.dataset('baci-2022')).account.rows).toMatchObject({ in: 2, kept: 2 })
    expect((await app.request(`/upload/${brought['id']}`, { headers: own })).status).toBe(404)
  })

  test('that no source knows shows its columns, and is loaded with a mapping', async () => {
    const brought = await json(await bring('mine.csv', mine))
    expect(brought['tables']).toMatchObject([
      {
        columns: ['year', 'buyer', 'seller', 'hs6', 'usd'],
        rows: [expect.arrayContaining(['CHN']), expect.anything()],
        recognised: null,
      },
    ])
    const refused = await load(brought['id'], 'mine')
    expect(refused.status).toBe(422)
    const { title, detail } = (await json(refused)) as { title: string; detail: string }
    expect(title).toBe('The file cannot be loaded like this')
    expect(detail).toContain('mine.csv')
    expect(detail).not.toMatch(/chokepoint-upload|\/tmp/)
    expect((await json(await load(brought['id'], 'mine', mapping)))['loaded']).toMatchObject({ name: 'mine' })
  })

  test.each([
    ['no table', 'a.pdf', '%PDF-1.4'],
    ['nothing', 'a.csv', ''],
  ])('of %s is refused, with the reason', async (_, name, body) => {
    const response = await bring(name, body)
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.status).toBeLessThan(500)
    expect((await json(response))['detail']).toMatch(/PDF|empty/)
  })

  test('under a name that cannot be a dataset’s is refused, and a name of a file leads nowhere', async () => {
    const brought = await json(await bring('../../etc/passwd.csv', baci))
    expect(brought['file']).toBe('passwd.csv')
    expect((await load(brought['id'], '../up')).status).toBe(400)
  })
})

describe('of files that are there at once', () => {
  test('the oldest makes room for a new one, but none that is being loaded', async () => {
    const rows = Array.from({ length: 40_000 }, (_, row) => `2022,156,276,${100_000 + row},${row + 1},10`)
    const large = (await json(await bring('BACI_HS17_Y2022_V202601.csv', `t,i,j,k,v,q\n${rows.join('\n')}\n`)))['id']
    const loading = load(large, 'large')
    const ids: string[] = []
    for (let number = 0; number < 4; number += 1) ids.push((await json(await bring(`${number}.csv`, baci)))['id'])
    const there = await Promise.all(ids.map((id) => app.request(`/upload/${id}`, { headers: own })))
    expect(there.map(({ status }) => status)).toEqual([404, 200, 200, 200])
    expect(await json(await loading)).toMatchObject({ loaded: { name: 'large' } })
  })

  test('where all are in work there is no room, and that is said with what to do', async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const [first, others] = readable.tee()
    const [second, rest] = others.tee()
    const [third, fourth] = rest.tee()
    const brought = [first, second, third, fourth].map((body, number) =>
      app.request(`/upload?name=${number}.csv`, { method: 'POST', body, headers: own, duplex: 'half' } as RequestInit),
    )
    const refused = await bring('fifth.csv', baci)
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([503, '5'])
    expect(await json(refused)).toMatchObject({
      code: 'upload/full',
      detail: expect.stringContaining('chokepoint load'),
    })
    const writer = writable.getWriter()
    await writer.write(new TextEncoder().encode(baci))
    await writer.close()
    expect((await Promise.all(brought)).map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect((await bring('fifth.csv', baci)).status).toBe(200)
  })
})

describe('nobody else brings a file', () => {
  test.each([
    ['without the token of this start', {}, 401],
    ['with another', { 'X-Upload-Token': 'another' }, 401],
    ['from a site that may ask', { ...own, Origin: 'https://pages.example' }, 403],
    ['from a site that may not', { ...own, Origin: 'https://evil.example' }, 403],
    ['from another site, as the browser says', { ...own, 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['under another name', { ...own, Host: 'evil.example' }, 403],
  ])('%s', async (_, headers, status) => {
    expect((await bring('a.csv', baci, headers as Record<string, string>)).status).toBe(status)
  })

  test('learns the token, nor is there one beyond loopback', async () => {
    const from = await app.request('/upload', { headers: { Origin: 'https://pages.example' } })
    expect([from.status, JSON.stringify(await json(from))]).toEqual([403, expect.not.stringContaining(token)])
    const closed = appWith(false)
    expect(await json(await closed.request('/upload'))).toEqual({ token: null })
    expect((await closed.request('/upload', { method: 'POST', body: baci, headers: own })).status).toBe(404)
  })
})
