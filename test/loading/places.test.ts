import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Chokepoint, type LoadRequest, open } from '../../src/index.ts'
import { temporaryHome } from '../engines.ts'

const terms = 'frequency: year\ncurrency: USD\nside: importer\ncodes: iso3\n'
const long = `${terms}columns: {period: year, importer: importer, exporter: exporter, product: product, value: value, mass: mass}\n`
const wide = `${terms}period_columns: '\\d{4}'\ncolumns: {importer: importer, exporter: exporter, product: product}\n`
const header = 'year,importer,exporter,product,value,mass,note'
const good = '2022,USA,CHN,850650,100,5,a'
const table = (...rows: string[]) => `${[header, ...rows].join('\n')}\n`

describe('a row at fault is named by where it stands', async () => {
  const home = await temporaryHome()
  let chokepoint: Chokepoint
  beforeAll(async () => {
    chokepoint = await open({ home })
  })
  afterAll(() => chokepoint.close())
  let number = 0

  async function load(files: Record<string, string>, mapping = long, request: Partial<LoadRequest> = {}) {
    const folder = join(home, `files-${number}`)
    await mkdir(folder)
    await writeFile(join(folder, 'mapping.yaml'), mapping)
    const paths: string[] = []
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(folder, name), content)
      paths.push(join(folder, name))
    }
    return chokepoint.load(paths, { as: `places-${number++}`, mapping: join(folder, 'mapping.yaml'), ...request })
  }

  test('in a table with a column a period, rejected cells carry the line of their record', async () => {
    const manifest = await load(
      {
        'wide.csv': [
          'importer,exporter,product,note,2020,2021,2022',
          'USA,CHN,850650,a,1,,3',
          '',
          '"USA","JPN",850650,"two',
          'lines",,x,-1',
          'USA,KOR',
          'USA,DEU,850650,c,4,5,y',
          '',
        ].join('\n'),
      },
      wide,
    )
    expect(manifest.account.rows).toEqual({ in: 8, kept: 4, aside: 0, rejected: 4, blank: 2 })
    const rejects = await chokepoint.rejects(manifest.name)
    expect(rejects.map(({ file, line, reason }) => [file, Number(line), reason.slice(0, 21)])).toEqual([
      ['wide.csv', 4, 'the value is negative'],
      ['wide.csv', 4, 'the value is not a nu'],
      ['wide.csv', 6, 'the row has fewer col'],
      ['wide.csv', 7, 'the value is not a nu'],
    ])
    expect(rejects[0]?.raw).toBe('"USA","JPN",850650,"two\nlines",,x,-1')
    expect(rejects[3]?.raw).toBe('USA,DEU,850650,c,4,5,y')
  })

  test('a rejected row of a format without lines says its record and what stood there', async () => {
    const record = { year: '2022', importer: 'USA', exporter: 'CHN', product: '850650', value: '1', mass: null }
    const long_manifest = await load({ 'long.json': JSON.stringify([record, record, { ...record, value: 'x' }]) })
    const [reject] = await chokepoint.rejects(long_manifest.name)
    expect(reject).toMatchObject({ file: 'long.json', line: null })
    expect(reject?.raw).toMatch(/^record 3: \{.*"exporter":"CHN".*"value":"x".*\}$/)
    const { year: _, value: __, mass: ___, ...pair } = record
    const wide_manifest = await load(
      {
        'wide.json': JSON.stringify([
          { ...pair, 2021: '1', 2022: '2' },
          { ...pair, exporter: 'JPN', 2021: '', 2022: 'x' },
        ]),
      },
      wide,
    )
    expect((await chokepoint.rejects(wide_manifest.name))[0]?.raw).toMatch(/^record 2: \{.*JPN/)
  })

  test('unknown codes are told with the file and line of the first row that has one, and how many have', async () => {
    const files = {
      'first.csv': table(good, '2022,USA,JPN,850650,50,5,"two\nlines"'),
      'second.csv': table(
        '1,2',
        good.replace('850650', '850660'),
        '2022,USA,Q7,850650,50,5,b',
        '2022,Q8,Q7,850650,5,5,c',
      ),
    }
    await expect(load(files)).rejects.toMatchObject({
      code: 'load/unmapped',
      message: expect.stringMatching(
        /^second\.csv, line 4, the first of 2 rows: 2 codes are in no table of iso3 codes: "Q7" \(exporter, 2 rows.*--keep-unmapped/,
      ),
    })
    const kept = await load(files, long, { keepUnmapped: true })
    expect(kept.notes.join()).toMatch(/^second\.csv, line 4, the first of 2 rows: .*Kept as named unknown suppliers/)
  })

  test('an unknown code in a format without lines is told with its record', async () => {
    const record = { year: '2022', importer: 'USA', exporter: 'CHN', product: '850650', value: '1', mass: '1' }
    await expect(load({ 'codes.json': JSON.stringify([record, { ...record, exporter: 'Q7' }]) })).rejects.toMatchObject(
      { message: expect.stringMatching(/^codes\.json, record 2: a code is/) },
    )
  })

  test('rows that contradict each other are told with the places of the first two of one flow', async () => {
    const other = '2022,USA,JPN,850650,50,5,b'
    await expect(
      load({
        'first.csv': table(good, other, '2022,USA,KOR,850650,1,1,c'),
        'second.csv': table(other, '', other.replace(',50,', ',70,'), good.replace(',100,', ',7,')),
      }),
    ).rejects.toMatchObject({
      code: 'load/conflict',
      message: expect.stringMatching(
        /^first\.csv, line 2, the first of 5 rows that contradict each other: period 202200, CHN to USA, product 850650 has the value 100\S*, and 7\S* in second\.csv, line 5\. .*--on-conflict/,
      ),
    })
    await expect(load({ 'masses.csv': table(good, good.replace(',5,', ',6,')) })).rejects.toMatchObject({
      message: expect.stringMatching(
        /^masses\.csv, line 2.*\(mass 5000 g\), and 100\S* \(mass 6000 g\) in masses\.csv, line 3/,
      ),
    })
  })
})
