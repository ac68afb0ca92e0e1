import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CellValue, writeXlsx } from 'hucre'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Chokepoint, open } from '../../src/index.ts'
import { flowsOf, temporaryHome } from '../engines.ts'

type Sheet = Parameters<typeof writeXlsx>[0]['sheets'][number]

const sheet = (name: string, rows: CellValue[][], more: Partial<Sheet> = {}): Sheet => ({ name, rows, ...more })
const day = (text: string) => new Date(`${text}T00:00:00Z`)
const names = ['when', 'from', 'to', 'hs6', 'usd', 'kg']
const sold = (when: CellValue, value: CellValue = 5, code: CellValue = '010121') => [when, 'CN', 'DE', code, value, 2]

describe('workbooks', async () => {
  const home = await temporaryHome()
  let chokepoint: Chokepoint
  beforeAll(async () => {
    chokepoint = await open({ home })
  })
  afterAll(() => chokepoint.close())
  let number = 0

  async function load(content: Uint8Array | Sheet[], mapping = '', file = 'customs.xlsx') {
    const folder = join(home, `files-${number++}`)
    await mkdir(folder)
    const yaml = join(folder, 'mapping.yaml')
    await writeFile(join(folder, file), Array.isArray(content) ? await writeXlsx({ sheets: content }) : content)
    await writeFile(
      yaml,
      `frequency: month\ncurrency: USD\ncodes: iso2\nside: exporter\ncolumns: {period: when, exporter: from, importer: to, product: hs6, value: usd, mass: kg}\n${mapping}`,
    )
    return flowsOf(chokepoint.load([join(folder, file)], { as: `book-${number}`, mapping: yaml }))
  }

  test('dates are months, text keeps its zeros, numbers are exact, and rows keep their lines in the sheet', async () => {
    const manifest = await load(
      [
        sheet('Notes', [['Nothing to see']], { hidden: true }),
        sheet('2024', [
          ['Exports of China'],
          ['US dollars', null, 'provisional'],
          names,
          sold(day('2024-03-15'), 1234567890123.25),
          [],
          sold('2024-04', '7.5', '850650'),
          sold(202405, 0.1, 850760),
          sold(day('2024-03-15'), 1, 10121),
          ['Total', null, null, null, 1234567890131.85, null],
          [],
        ]),
        sheet('Empty', []),
      ],
      'header_row: 3\n',
    )
    expect(manifest).toMatchObject({
      periods: [202403, 202404, 202405],
      account: { rows: { in: 5, kept: 3, rejected: 2 } },
    })
    expect(manifest.account.value).toMatchObject({ kept: '1234567890131' })
    expect(await chokepoint.rejects(manifest.name)).toMatchObject([
      { file: 'customs.xlsx/2024', line: 8, reason: expect.stringContaining('leading zero') },
      { line: 9, reason: expect.stringContaining('period'), raw: 'Total,,,,1234567890131.85,' },
    ])
  })

  test('several sheets of one form are read where the mapping names them', async () => {
    const books = [sheet('A', [names, sold('2024-03')]), sheet('B', [names, sold('2024-04')])]
    await expect(load(books)).rejects.toMatchObject({
      message: expect.stringMatching(/2 sheets, "A", "B": which\? Say sheets/),
    })
    const manifest = await load(books, 'sheets: [A, B]\n')
    expect(manifest).toMatchObject({ periods: [202403, 202404], account: { rows: { kept: 2 } } })
  })

  const merged = [['when', 'from', 'to', 'hs6', 'Trade', null], [null, null, null, null, 'usd', 'kg'], sold('2024-03')]
  const good = () => writeXlsx({ sheets: [sheet('A', [names, sold('2024-03')])] })
  test.each<[string, Sheet[] | (() => Promise<Uint8Array>), string, string, RegExp]>([
    [
      'a title above',
      [sheet('A', [['Exports'], names])],
      '',
      '',
      /customs.xlsx\/A, line 1: "Exports" is a title.*header_row/,
    ],
    ['an empty row above', [sheet('A', [[], names])], '', '', /line 1: an empty row/],
    [
      'a merged header',
      [sheet('A', merged)],
      '',
      '',
      /line 1: column 6 has no name, and "kg" in line 2.*header_row: 2/,
    ],
    [
      'a column that is not there',
      [sheet('A', [['Exports'], ['x', 'y'], [1, 2]])],
      'header_row: 2\n',
      '',
      /customs.xlsx\/A, line 2: no column "when"/,
    ],
    ['another sheet', [sheet('A', [names])], 'sheets: [B]\n', '', /no sheet "B". It has "A"/],
    [
      'nothing visible',
      [sheet('A', [[]]), sheet('B', [names], { hidden: true })],
      '',
      '',
      /nothing in any visible sheet/,
    ],
    ['a workbook cut short', async () => (await good()).subarray(0, 900), '', '', /not a whole zip archive.*again/],
    [
      'an old workbook',
      async () => Buffer.from('d0cf11e0a1b11ae10000', 'hex'),
      '',
      'old.xls',
      /old Excel file.*Save it as .xlsx/,
    ],
    [
      'a table that is none',
      async () => Buffer.from('a,b\n1,2\n'),
      'header_row: 2\n',
      'a.csv',
      /no workbook.*Leave these out/,
    ],
    ['a header row of no number', good, 'header_row: zero\n', '', /header_row: a number of a row/],
  ])('%s is refused', async (_name, content, mapping, file, message) => {
    const bytes = Array.isArray(content) ? content : await content()
    await expect(load(bytes, mapping, file || 'customs.xlsx')).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(message),
    })
  })
})
