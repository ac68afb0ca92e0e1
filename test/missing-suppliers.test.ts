import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Chokepoint, open } from '../src/index.ts'
import { flowsOf, realData, temporaryHome } from './engines.ts'

const here = existsSync(realData)
if (!here)
  process.stdout.write(
    'The tests on dropped suppliers did not run: set CHOKEPOINT_TEST_DATA to the folder of real data.\n',
  )

const rowsIn = (file: string) =>
  parse(readFileSync(file, 'utf8'), { columns: true, bom: true }) as Record<string, string>[]

describe.runIf(here)('a supplier’s code dropped from a copy of BACI', async () => {
  const home = await temporaryHome()
  const fixtures = join(realData, 'critical-materials-atlas', 'reconcile_fixtures')
  let chokepoint: Chokepoint
  beforeAll(async () => {
    chokepoint = await open({ home })
    await load('whole')
    await load('without-842', '842')
    await load('without-490', '490')
    await load('without-all-of-490', '490', true)
  })
  afterAll(() => chokepoint.close())

  /** The flows of 2024 as the publisher lays them out, its list of countries beside them, without one code's sales. */
  function load(name: string, dropped?: string, both = false) {
    const folder = join(home, name)
    mkdirSync(folder)
    const list = join(fixtures, 'raw', 'baci', 'country_codes_V202601.csv')
    // Former economies have the letters of those that followed them.
    const now = rowsIn(list).filter((row) => !row['country_name']?.includes('(...'))
    const codes = new Map(now.map((row) => [row['country_iso3'], row['country_code']]))
    const flows = rowsIn(join(fixtures, 'reconcile', 'baci_2024.csv'))
      .map(({ i, j, cmd, value }) => ({
        t: 2024,
        i: codes.get(i),
        j: codes.get(j),
        k: cmd,
        v: (Number(value) / 1000).toFixed(3),
        q: '',
      }))
      .filter((row) => row.i !== dropped && !(both && row.j === dropped))
    writeFileSync(join(folder, 'BACI_HS17_Y2024_V202601.csv'), stringify(flows, { header: true }))
    writeFileSync(join(folder, 'country_codes_V202601.csv'), readFileSync(list))
    return chokepoint.load([folder], { as: name })
  }

  const judged = async (dataset: string, importer: string, product: string) =>
    (
      await (
        await chokepoint.ask('screen', {
          dataset,
          importer: [importer],
          product: [product],
          method: ['ec-2021'],
          keep: 'all',
        })
      ).rows()
    ).find((row) => row.measure === 'import_hhi')

  test('whole, the copy has everything, and nothing is said', async () => {
    const { notes, source, account } = await flowsOf(chokepoint.dataset('whole'))
    expect({ notes, source }).toEqual({ notes: [], source: 'baci' })
    expect(account.rows.kept).toBe(account.rows.in)
  })

  test('842: that the United States sell nothing is noticed; coking coal would be critical for India, and is not', async () => {
    const { notes } = await flowsOf(chokepoint.dataset('without-842'))
    expect(notes).toEqual([
      'United States (842) buys 6.2 % of all that is traded in 2024, and no row has it as the supplier: rows are missing, and shares and indices are wrong wherever it sells.',
    ])
    expect(await judged('whole', 'IND', '270112')).toMatchObject({ verdict: 'no', value: expect.closeTo(0.335, 3) })
    expect(await judged('without-842', 'IND', '270112')).toMatchObject({
      verdict: 'yes',
      value: expect.closeTo(0.428, 3),
    })
  })

  test('490: that Taiwan sells nothing is noticed; cobalt oxides would be critical for Japan, and are not', async () => {
    const { notes } = await flowsOf(chokepoint.dataset('without-490'))
    expect(notes).toEqual([
      'Taiwan (490) buys 4.7 % of all that is traded in 2024, and no row has it as the supplier: rows are missing, and shares and indices are wrong wherever it sells.',
    ])
    expect(await judged('whole', 'JPN', '282200')).toMatchObject({
      verdict: 'no',
      value: expect.closeTo(0.321, 3),
      lead_share: expect.closeTo(0.433, 3),
    })
    expect(await judged('without-490', 'JPN', '282200')).toMatchObject({
      verdict: 'yes',
      value: expect.closeTo(0.41, 3),
      lead_share: expect.closeTo(0.506, 3),
    })
  })

  test('490, as supplier and importer: the publisher’s list of economies has it, and that is said', async () => {
    const { notes } = await flowsOf(chokepoint.dataset('without-all-of-490'))
    expect(notes).toEqual([
      'Taiwan (490) is in the publisher’s list of economies, and no row of 2024 has it: rows are missing, and shares and indices are wrong wherever it trades.',
    ])
  })

  test('the note stands under every answer from such a dataset', async () => {
    const answer = await chokepoint.ask('concentration', { dataset: 'without-490', importer: ['JPN'] })
    expect(answer.caveats.join('\n')).toContain('Taiwan (490) buys 4.7 %')
  })
})

describe('who buys much and sells nothing', async () => {
  const home = await temporaryHome()
  const mapping = join(home, 'flows.yaml')
  const economies = ['USA', 'CHN', 'DEU', 'JPN', 'FRA', 'GBR', 'ITA', 'ESP', 'POL', 'NLD', 'BEL', 'AUT', 'SWE', 'CZE']
  const more = ['CHE', 'NOR', 'TUR', 'IND', 'BRA', 'MEX', 'CAN', 'AUS', 'KOR', 'VNM']
  const all = [...economies, ...more]
  /** Everyone buys of the next two, so many products; sellers left out sell nothing. */
  async function notesOf(name: string, products: number, { without = [] as string[], complete = true, buys = 100 }) {
    const rows = Array.from({ length: products }, (_, at) => String(850100 + at)).flatMap((product) =>
      all.flatMap((importer, at) =>
        [1, 2].map((step) => ({
          year: 2022,
          importer,
          exporter: all[(at + step) % all.length],
          product,
          value: without.includes(importer) ? buys : 100,
        })),
      ),
    )
    const file = join(home, `${name}.csv`)
    writeFileSync(
      file,
      stringify(
        rows.filter((row) => !without.includes(String(row.exporter))),
        { header: true },
      ),
    )
    writeFileSync(
      mapping,
      `frequency: year\ncurrency: USD\nside: reconciled\nedition: HS2017\ncodes: iso3\npartners_complete: ${complete}\ncolumns: {period: year, exporter: exporter, importer: importer, product: product, value: value}\n`,
    )
    await using chokepoint = await open({ home })
    return (await chokepoint.load([file], { as: name, mapping })).notes
  }

  test('several are told one by one, the largest first', async () => {
    const notes = await notesOf('two', 20, { without: ['KOR', 'FRA'], buys: 200 })
    expect(notes.map((note) => note.split(' buys ')[0])).toEqual(['France (FRA)', 'South Korea (KOR)'])
  })

  test('a list of economies without any, beside the flows, is passed over', async () => {
    const folder = join(home, 'empty-list')
    mkdirSync(folder)
    writeFileSync(join(folder, 'BACI_HS17_Y2024_V202601.csv'), 't,i,j,k,v,q\n2024,156,276,850511,1.5,1\n')
    writeFileSync(join(folder, 'country_codes_V202601.csv'), 'country_code,country_name\n')
    await using chokepoint = await open({ home })
    expect((await chokepoint.load([folder], { as: 'empty-list' })).notes).toEqual([])
  })

  test('nothing is said where all sell, where goods are few, where little is bought, or where suppliers may be missing', async () => {
    expect(await notesOf('all', 20, {})).toEqual([])
    expect(await notesOf('few', 19, { without: ['FRA'] })).toEqual([])
    expect(await notesOf('little', 20, { without: ['FRA'], buys: 1 })).toEqual([])
    expect(await notesOf('some', 20, { without: ['FRA'], complete: false })).toEqual([])
  })
})
