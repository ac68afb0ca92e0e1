import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { type CheckedFile, checkFiles } from '../src/own-files.ts'
import { temporaryHome } from './engines.ts'

const main = fileURLToPath(new URL('../dist/faces/cli/main.js', import.meta.url))

const files = {
  'groups/wrong.yaml': [
    'kind: economies',
    'group: EU27',
    'title: Ours',
    'source: us',
    'colour: red',
    'members: [DNK, NO, XQQ, DNK, { economy: HRV, from: 2020, until: 2013 }]',
  ],
  'groups/doubtful.yaml': [
    'kind: products',
    'group: mine',
    'title: Ours',
    'source: us',
    'members: ["854231", "854998", { product: "010119", edition: HS2017 }, { product: "854142", edition: HS2022 }]',
  ],
  'groups/list.txt': ['DNK'],
  'methods/wrong.yaml': [
    'name: ministry',
    'short: MER',
    'title: Ours',
    'source: us',
    'window: { rule: at least, years: 3, hold: 4 }',
    'criteria:',
    '  - { measure: import_hhi, operator: ">", threshold: "0,5" }',
    '  - { measure: imports_to_exports, operator: "=>", threshold: 2 }',
    '  - { measure: import_hh, operator: ">", threshold: 1/2 }',
  ],
  'methods/doubtful.yaml': [
    'name: office',
    'short: OFF',
    'title: Ours',
    'source: us',
    'needs: [coalition]',
    'criteria: [{ measure: import_hhi, operator: ">", threshold: 1/2 }]',
    'also: [{ measure: import_hhi, operator: ">", threshold: 1/2 }]',
  ],
  'mappings/wrong.yaml': [
    'frequency: yearly',
    'currency: usd',
    'codes: iso3',
    "period_columns: '(\\d'",
    'columns: { exporter: i, value: v }',
  ],
  'mappings/doubtful.yaml': [
    'frequency: year',
    'currency: USD',
    'codes: iso3',
    'side: importer',
    'mass_unit: t',
    'columns: { exporter: i, importer: j, period: t, value: v }',
  ],
  'mappings/vendors.yaml': ['title: Shares', 'publisher: An office'],
  'claims/wrong.yaml': [
    'report: { title: A speech, publisher: A ministry, published: "2023-13" }',
    'claims:',
    '  - id: one',
    '    text: A third.',
    '    kind: share',
    '    value: "34.3"',
    '    evidence:',
    '      - query: { analysis: dependance, importer: NO }',
    '        take: share',
    '  - id: one',
    '    text: Half.',
    '    kind: share',
    '    value: "50"',
    '    unit: "%"',
    '    evidence:',
    '      - query: { analysis: dependence, suplier: NOR, period: 2022-13 }',
    '        take: shares',
    '      - implied: { level: one, change: two }',
  ],
  'claims/doubtful.yaml': [
    'report: { title: A speech, publisher: A ministry, published: "2023" }',
    'claims: [{ id: one, text: A third., kind: share }, { id: two, text: Alas., kind: opinion }]',
  ],
  'correlations/wrong.csv': [
    'from_edition,to_edition,from,to',
    'HS2017,HS2022,"1011",854231',
    'HS2017,HS2024,854231,horses',
  ],
} as const

const home = await temporaryHome()
const at = (name: string) => join(home, name)

let checked: readonly CheckedFile[] = []
beforeAll(async () => {
  for (const folder of ['groups', 'methods', 'mappings', 'claims', 'correlations', 'elsewhere']) await mkdir(at(folder))
  for (const [name, lines] of Object.entries(files)) await writeFile(at(name), `${lines.join('\n')}\n`)
  checked = checkFiles(home)
})

/** Severity, line and column of what is wrong with a file, each with its message. */
const told = (name: string) =>
  checked
    .find(({ file }) => file === at(name))
    ?.faults.map(({ severity, line, column, message }) => [severity, `${line}:${column}`, message])

describe('everything that is wrong with a user’s files is told in one run, each where it stands', () => {
  test.each([
    [
      'groups/wrong.yaml',
      [
        ['2:8', /"EU27" is the name of another.*choose another/],
        ['5:1', /unknown key "colour"/],
        ['6:16', /members 2: .* alpha-3 code/],
        ['6:20', /members 3: no economy has the code "XQQ"/],
        ['6:25', /members 4: "DNK" stands here twice/],
        ['6:30', /members 5: HRV ends in 2013, before it begins/],
      ],
    ],
    [
      'methods/wrong.yaml',
      [
        ['2:8', /short: "MER" is that of merics-2024/],
        ['5:43', /window hold: 4 of 3 years/],
        ['7:54', /criteria 1 threshold: .*0\.4/],
        ['8:16', /criteria 2 measure: imports_to_exports needs exports: say so, needs: \[exports\]/],
        ['8:46', /criteria 2 operator: an operator is/],
        ['9:16', /criteria 3 measure: there are import_hhi/],
      ],
    ],
    [
      'mappings/wrong.yaml',
      [
        ['1:1', /missing side/],
        ['1:12', /frequency: one of year, month/],
        ['2:11', /currency: three capital letters/],
        ['4:17', /period_columns: .*no regular expression/],
        ['5:10', /missing columns.exporter and columns.importer/],
      ],
    ],
    [
      'claims/wrong.yaml',
      [
        ['1:62', /published: a date is 2023/],
        ['3:5', /one: value and unit stand together/],
        ['8:28', /no analysis "dependance"/],
        ['8:50', /NO without quotation marks/],
        ['10:9', /a second claim with the id one/],
        ['16:40', /dependence has no parameter "suplier". It has dataset/],
        ['16:62', /"2022-13": a period is/],
        ['17:15', /dependence has no column "shares". It has/],
        ['18:18', /no claim has the id two/],
      ],
    ],
    [
      'correlations/wrong.csv',
      [
        ['2:15', /"1011" has not six digits/],
        ['3:8', /"HS2024" is no edition: HS1992/],
        ['3:22', /"horses" has not six digits/],
      ],
    ],
  ] as const)('%s', (name, wanted) => {
    const all = told(name)
    expect(all).toHaveLength(wanted.length)
    for (const [index, [place, message]] of wanted.entries())
      expect(all?.[index]).toEqual(['error', place, expect.stringMatching(message)])
  })
})

test('what loads and is probably not meant is a warning', () => {
  expect(told('groups/doubtful.yaml')).toEqual([
    ['warning', '5:21', expect.stringMatching(/854998 is not in any edition .*Mend it, or name its edition/)],
    ['warning', '5:31', expect.stringMatching(/010119 is not in HS2017. Mend it$/)],
  ])
  expect(told('groups/list.txt')).toEqual([['warning', '1:1', expect.stringContaining('not read')]])
  expect(told('methods/doubtful.yaml')).toEqual([
    ['warning', '5:9', expect.stringContaining('no criterion asks for coalition')],
    ['warning', '7:8', expect.stringContaining('stands here already')],
  ])
  expect(told('mappings/doubtful.yaml')).toEqual([
    ['warning', '5:1', expect.stringContaining('mass_unit: no column has masses')],
  ])
  expect(told('mappings/vendors.yaml')).toEqual([])
  expect(told('claims/doubtful.yaml')).toEqual([
    ['warning', '2:10', expect.stringContaining('one has no evidence, so it is not tested')],
  ])
})

test('a file that stands elsewhere is known by its keys, and its names are held against those at home', async () => {
  const elsewhere = async (name: string, text: string) => {
    await writeFile(at(`elsewhere/${name}`), text)
    return checkFiles(home, [at(`elsewhere/${name}`)])[0]
  }
  const group = 'kind: products\ngroup: mine\ntitle: Ours\nsource: us\nmembers: ["854231"]\n'
  expect(await elsewhere('group.yaml', group)).toMatchObject({
    kind: 'group',
    faults: [{ severity: 'error', code: 'group/taken', line: 2, column: 8 }],
  })
  expect(await elsewhere('group.yaml', group.replace('mine', 'other'))).toMatchObject({ kind: 'group', faults: [] })
  const question = 'analysis: dependence\nparameters: { importer: RUS, side: both, level: 6 }\ncolumns: [sum]\n'
  expect(await elsewhere('question.yaml', question)).toMatchObject({
    kind: 'question',
    faults: [
      { code: 'question/parameter', line: 2, column: 36 },
      { code: 'question/column', line: 3, column: 11 },
    ],
  })
  expect(await elsewhere('what.yaml', 'a: b\n')).toMatchObject({ faults: [{ code: 'check/kind' }] })
  expect(checkFiles(home, [at('elsewhere')]).map(({ file }) => file)).toEqual(
    ['group.yaml', 'question.yaml', 'what.yaml'].map((name) => at(`elsewhere/${name}`)),
  )
  expect(() => checkFiles(home, [at('absent.yaml')])).toThrow(/absent\.yaml: no such file/)
})

test.each([
  ['brackets without end', `kind: ${'['.repeat(100_000)}`, /deeper than/],
  ['a list of lists of lists', `${'- '.repeat(100_000)}x`, /deeper than/],
  ['another encoding', Buffer.from('\ufeffkind: economies', 'utf16le'), /UTF-8/],
  ['three megabytes', `title: ${'x'.repeat(3_000_000)}`, /larger than/],
  ['several faults of form', 'kind: *a\ngroup: &b x\ntitle: *c\n', /line 1.*\n.*line 2.*\n.*line 3/],
  ['a key that is a list', 'kind: economies\n? [a, b]\n: c\n', /a key is a word/],
])('%s in place of a group is refused at once', async (_, content, message) => {
  await mkdir(at('groups-of-others'), { recursive: true })
  const file = at('groups-of-others/hostile.yaml')
  await writeFile(file, content)
  const { faults } = checkFiles(home, [file])[0] ?? { faults: [] }
  expect(faults.map(({ line, message }) => `line ${line}: ${message}`).join('\n')).toMatch(message)
})

test('the command prints faults on stdout, counts them on stderr, and ends with 4 where there is an error', async () => {
  const run = (...words: string[]) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const env = { ...process.env, CHOKEPOINT_HOME: home }
      execFile(process.execPath, [main, 'check', ...words], { env }, (error, out, err) =>
        resolve({ code: Number(error?.code ?? 0), out, err }),
      )
    })
  const all = await run()
  expect(all.code).toBe(4)
  expect(all.out.trim().split('\n')).toHaveLength(29 + 7)
  expect(all.out).toContain(`error: ${at('groups/wrong.yaml')}, line 2, column 8: group: "EU27"`)
  expect(all.err.replace(/\s+/g, ' ')).toContain(
    `11 files under ${home} (3 groups, 2 methods, 2 mappings, 1 description of a table, 2 sheets of claims, 1 correlation): 29 errors, 7 warnings`,
  )
  const one = await run(at('methods/doubtful.yaml'), '--format', 'json')
  expect(one).toMatchObject({ code: 0, err: '1 file (1 method): 0 errors, 2 warnings\n' })
  expect(JSON.parse(one.out)).toMatchObject([{ kind: 'method', faults: [{ line: 5 }, { line: 7 }] }])
})
