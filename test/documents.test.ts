import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { httpApp } from '../src/faces/http/app.ts'
import { open } from '../src/index.ts'
import { groupMembers } from '../src/reference/economy-groups.ts'
import { flowsOf, temporaryHome } from './engines.ts'
import { sampleHome } from './samples.ts'

const root = new URL('..', import.meta.url).pathname
const blocks = (document: string, language: string) =>
  [...readFileSync(join(root, document), 'utf8').matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, stated]) => stated === language)
    .map(([, , text = '']) => text)

test('every command of the README’s five minutes runs on the samples', async () => {
  const home = await temporaryHome()
  const run = (...words: string[]) =>
    promisify(execFile)(process.execPath, [join(root, 'dist/faces/cli/main.js'), ...words], {
      env: { ...process.env, CHOKEPOINT_HOME: home },
    })
  await run('start')
  const lines = blocks('README.md', '').flatMap((text) => text.trim().split('\n'))
  const commands = lines.map((line) => line.match(/^npx --no-install chokepoint (.*)$/)?.[1]?.split(' ') ?? [])
  const asked = commands.filter(([name, , on]) => name !== undefined && name !== 'load' && on !== 'baci')
  expect(asked.length).toBeGreaterThanOrEqual(5)
  const answers = await Promise.all(asked.map((words) => run(...words)))
  for (const { stdout } of answers) expect(stdout.trim().split('\n').length).toBeGreaterThan(2)
})

test('the mappings and the group in docs/bring-your-own.md are taken as they stand there', async () => {
  const home = await temporaryHome()
  const [ministry = '', baci = '', customs = '', , , group = ''] = blocks('docs/bring-your-own.md', 'yaml')
  const given: [string, string, string[]][] = [
    [
      'ministry',
      ministry,
      [
        'country,origin,flow,date,hs6,value,tonnes',
        'DE,CN,IMP,2022,850511,1200.5,10',
        'DE,World,IMP,2022,850511,1300,11',
      ],
    ],
    ['baci', baci, ['t,i,j,k,v,q', '2022,CHN,DEU,850511,1200.5,10']],
  ]
  await using chokepoint = await open({ home })
  const load = async (name: string, mapping: string, lines: readonly string[]) => {
    writeFileSync(join(home, `${name}.yaml`), mapping)
    writeFileSync(join(home, `${name}.csv`), lines.join('\n'))
    return flowsOf(chokepoint.load([join(home, `${name}.csv`)], { as: name, mapping: join(home, `${name}.yaml`) }))
  }
  const table = ['country,month,hs6,export,import_origin', 'Holland,03/2024,10121,0,2', 'All,03/2024,010121,1,2']
  expect((await load('customs', customs, table)).account).toMatchObject({
    rows: { in: 3, kept: 1, aside: 2, rejected: 0, blank: 1 },
    value: { kept: '2000' },
  })
  for (const [name, mapping, lines] of given) {
    const { account } = await load(name, mapping, lines)
    expect(account.rows).toMatchObject({ kept: 1, aside: lines.length - 2, rejected: 0 })
    expect(account.value.kept).toBe('1200500')
    expect(await (await chokepoint.ask('suppliers', { dataset: name, importer: ['DEU'] })).rows()).toMatchObject([
      { supplier: 'CHN', value: 1_200_500, share: 1 },
    ])
  }
  mkdirSync(join(home, 'groups'))
  writeFileSync(join(home, 'groups', 'nordic.yaml'), group)
  expect(groupMembers('NORDIC', 2022, home)).toHaveLength(5)
})

test('the sheet of claims in docs/claims.md is judged as it stands there', async () => {
  const home = await sampleHome()
  await using chokepoint = await open({ home })
  const file = join(home, 'claims.yaml')
  writeFileSync(file, blocks('docs/claims.md', 'yaml')[0] ?? '')
  const rows = await (await chokepoint.ask('claims', { file })).rows()
  expect(rows.map(({ id, verdict }) => [id, verdict])).toEqual([
    ['share', 'reproduced'],
    ['worry', 'not testable'],
  ])
})

test('every request in docs/api.md is answered as it stands there', async () => {
  await using chokepoint = await open({ home: await sampleHome() })
  const access = { names: ['127.0.0.1'], origins: [], token: undefined, rate: 100 }
  const app = httpApp({ chokepoint, access, log: () => {} })
  const asked = blocks('docs/api.md', '').flatMap((text) => {
    const [, address, answer] = /^curl -s '([^']+)'\n([\s\S]*)$/.exec(text) ?? []
    return address && answer ? [{ address, answer }] : []
  })
  expect(asked).toHaveLength(2)
  const plain = (text: string) => text.replaceAll('\r', '').replace(/"request_id": ".*"/, '')
  for (const { address, answer } of asked) expect(plain(await (await app.request(address)).text())).toBe(plain(answer))
})
