import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { openDataset } from '../src/dataset/store.ts'
import { diagnose } from '../src/diagnosis.ts'
import { open } from '../src/index.ts'
import { temporaryHome } from './engines.ts'

const main = fileURLToPath(new URL('../dist/faces/cli/main.js', import.meta.url))
const user = await temporaryHome()
const home = join(user, 'trade')
const store = join(home, 'datasets')

/** Each stands where a careless report would carry it along. */
const secrets = {
  CHOKEPOINT_TOKEN: 'token-of-twenty-four-characters',
  CHOKEPOINT_COMTRADE_KEY: 'key-0f-the-service',
  CHOKEPOINT_MEMORY: 'memory-by-mistake',
  HTTPS_PROXY: 'http://someone:password-of-proxy@proxy.example:3128',
  AWS_SECRET_ACCESS_KEY: 'another-programs-secret',
}
const within = ['title-of-own-group', 'Mentioned Vendor', 'origin-of-flows', '4711815']

function run(environment: Record<string, string>, ...words: string[]) {
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: user,
      USERPROFILE: user,
      CHOKEPOINT_HOME: home,
      ...environment,
    }
    execFile(process.execPath, [main, 'doctor', ...words], { env }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    )
  })
}

beforeAll(async () => {
  await mkdir(join(home, 'groups'), { recursive: true })
  await writeFile(
    join(home, 'groups', 'own.yaml'),
    'kind: economies\ngroup: OWN\ntitle: title-of-own-group\nsource: us\nmembers: [DEU]\n',
  )
  const files: [string, string][] = [
    [
      'mapping.yaml',
      'title: origin-of-flows\nfrequency: year\ncurrency: USD\nside: importer\ncodes: iso3\ncolumns: { period: t, importer: j, exporter: i, value: v }\n',
    ],
    ['flows.csv', 't,j,i,v\n2022,DEU,CHN,4711815\n'],
  ]
  for (const [name, text] of files) await writeFile(join(user, name), text)
  await using chokepoint = await open({ home })
  await chokepoint.load([join(user, 'flows.csv')], { as: 'flows', mapping: join(user, 'mapping.yaml') })
})

test('versions, paths, engines, limits and datasets are told, the home directory as ~', async () => {
  const { code, out } = await run({ CHOKEPOINT_MEMORY: '500000000', CHOKEPOINT_SECONDS: '9' }, '--json')
  expect(code).toBe(0)
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
  expect(JSON.parse(out)).toMatchObject({
    versions: { chokepoint: version, node: process.version, duckdb: expect.stringMatching(/^v\d/), arch: process.arch },
    home: { path: '~/trade', writable: true, disk_free: expect.any(Number) },
    engines: { duckdb: 'works' },
    limits: { memory: '476.8 MiB', threads: 2, seconds: 9 },
    environment: { CHOKEPOINT_HOME: '~/trade', CHOKEPOINT_MEMORY: '500000000', CHOKEPOINT_SECONDS: '9' },
    datasets: [{ name: 'flows', rows: 1, size: expect.any(Number), state: 'sound' }],
    own_files: { files: 1, errors: 0, warnings: 0 },
    proxy: false,
    terminal: { width: 80, is_terminal: false },
    problems: [],
  })
})

test('secrets and what users’ files say are nowhere in it', async () => {
  for (const form of [[], ['--json']]) {
    const { code, out, err } = await run(secrets, ...form)
    expect(code).toBe(4)
    expect(err).toContain('CHOKEPOINT_MEMORY is "(set)": it takes a whole number of bytes')
    expect(out).toMatch(form.length > 0 ? /"proxy": true/ : /proxy +set/)
    for (const name of Object.keys(secrets).filter((one) => one.startsWith('CHOKEPOINT_'))) expect(out).toContain(name)
    for (const secret of [...Object.values(secrets), 'someone', 'proxy.example', ...within, user])
      expect(out + err).not.toContain(secret)
    for (const line of form.length > 0 ? [] : out.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  }
})

test('what is broken is told with its remedy', async () => {
  const { manifest } = await openDataset(home, 'flows')
  const { name, version } = manifest
  const look = (compare = true) => diagnose({ CHOKEPOINT_HOME: home }, compare)
  const file = join(store, name, version, 'report-by-importer-1.parquet')
  const bytes = await readFile(file)
  bytes[40] = (bytes[40] ?? 0) ^ 1
  await writeFile(file, bytes)
  const unsound = { name, version, rows: 1, state: 'unsound' }
  const problem = `${file} changed since it was loaded. Load flows again`
  expect(await look()).toMatchObject({ datasets: [unsound], problems: [problem] })
  expect(await look(false)).toMatchObject({ datasets: [{ ...unsound, state: 'not compared' }], problems: [] })
  await writeFile(join(store, name, version, 'manifest.json'), '{')
  expect(await look()).toMatchObject({
    datasets: [{ ...unsound, rows: null, state: 'damaged' }],
    problems: [expect.stringContaining('missing or damaged. Load flows again')],
  })
})
