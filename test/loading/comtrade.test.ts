import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { stringify } from 'csv-stringify/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FlowManifest } from '../../src/dataset/schema.ts'
import { uniformColumns } from '../../src/engine/engine.ts'
import { type Chokepoint, type LoadRequest, open } from '../../src/index.ts'
import { flowsOf, temporaryHome } from '../engines.ts'

/** A record as the API gives it, where a test says nothing else: Germany buys from China, all that there is of it. */
const usual = {
  typeCode: 'C',
  freqCode: 'A',
  refPeriodId: 20230101,
  refYear: 2023,
  refMonth: 52,
  period: '2023',
  reporterCode: 276,
  reporterDesc: 'Germany',
  flowCode: 'M',
  partnerCode: 156,
  partnerDesc: 'China',
  partner2Code: 0,
  classificationCode: 'H6',
  isOriginalClassification: true,
  cmdCode: '850650',
  aggrLevel: 6,
  isLeaf: true,
  customsCode: 'C00',
  mosCode: '0',
  motCode: 0,
  qtyUnitCode: 8,
  qty: 100.5,
  isQtyEstimated: false,
  netWgt: 100.5,
  isNetWgtEstimated: false,
  cifvalue: 1000.25,
  fobvalue: null as number | null,
  primaryValue: 1000.25,
  legacyEstimationFlag: 0,
  isReported: false,
  isAggregate: true,
}
const record = (given: Partial<typeof usual> = {}) => ({ ...usual, ...given })
const world = (given: Partial<typeof usual> = {}) => record({ partnerCode: 0, partnerDesc: 'World', ...given })
const answer = (...data: object[]) => ({ elapsedTime: '0.05 secs', count: data.length, data, error: '' })

let home: string
let chokepoint: Chokepoint
beforeAll(async () => {
  home = await temporaryHome()
  chokepoint = await open({ home })
})
afterAll(() => chokepoint.close())

let loads = 0
async function load(content: string | Buffer, file: string, request: Partial<LoadRequest> = {}) {
  const path = join(home, file)
  await writeFile(path, content)
  return flowsOf(chokepoint.load([path], { as: `comtrade-${loads++}`, ...request }))
}

/** The rows as stored. */
async function rows(manifest: FlowManifest, columns: string) {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const file = join(home, 'datasets', manifest.name, manifest.version, 'report-by-product-1.parquet')
  const read = await connection.runAndReadAll(
    `select ${columns} from (select *${uniformColumns(manifest.uniform)} from read_parquet('${file}')) order by all`,
  )
  const found = read.getRowsJson()
  connection.closeSync()
  instance.closeSync()
  return found
}

const camel = (name: string) => name
const title = (name: string) => name[0]?.toUpperCase() + name.slice(1)
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

describe('UN Comtrade, today’s columns', () => {
  const records = [
    record({ primaryValue: 600, netWgt: 300 }),
    record({ partnerCode: 842, primaryValue: 400, netWgt: 0, isNetWgtEstimated: true }),
    world({ primaryValue: 1000 }),
    record({ reporterCode: 156, flowCode: 'X', partnerCode: 276, primaryValue: 550, isNetWgtEstimated: true }),
    record({ reporterCode: 156, flowCode: 'RX', partnerCode: 276, primaryValue: 50 }),
    record({ reporterCode: 156, flowCode: 'RM', partnerCode: 156, primaryValue: 9 }),
  ]
  const table = (name: (column: string) => string, delimiter: string, end = '') =>
    stringify(
      records.map((one) =>
        Object.fromEntries(Object.entries(one).map(([key, value]) => [name(key), String(value ?? '')])),
      ),
      { header: true, delimiter },
    )
      .trimEnd()
      .split('\n')
      .map((line, at) => (at === 0 ? line : line + end))
      .join('\n')
  const forms: [string, string, string][] = [
    ['the API’s JSON', 'answer.json', JSON.stringify(answer(...records))],
    ['the web’s CSV', 'TradeData_1.csv', table(camel, ',')],
    ['the web’s CSV, whose rows end in a comma', 'TradeData_2.csv', table(camel, ',', ',')],
    ['bulk text, with tabs', 'COMTRADE-FINAL-CA2762023H6.txt', table(camel, '\t')],
    ['capital letters', 'capitals.csv', table(title, ',')],
    ['snake case, as other clients write it', 'snake.csv', table(snake, ',')],
  ]

  test.each(forms)('%s: both sides, re-exports apart, the nomenclature of each row', async (_, file, content) => {
    const manifest = await load(content, file)
    expect(manifest).toMatchObject({
      source: 'comtrade',
      currency: 'USD',
      frequency: 'year',
      valuation: 'CIF imports, FOB exports',
      sides: ['importer', 'exporter'],
      editions: ['HS2022'],
      periods: [202300],
    })
    expect(await rows(manifest, 'side, trade, exporter, importer, value')).toEqual([
      ['exporter', 'all', 'CHN', 'DEU', '550'],
      ['exporter', 're-export', 'CHN', 'DEU', '50'],
      ['importer', 'all', 'CHN', 'DEU', '600'],
      ['importer', 'all', 'USA', 'DEU', '400'],
    ])
    expect(manifest.account.rows).toMatchObject({ in: 6, kept: 4, aside: 2, rejected: 0 })
  })

  test('masses that the publisher estimated are marked, a mass of 0 is unknown, and neither makes a unit value', async () => {
    const manifest = await load(JSON.stringify(answer(...records)), 'masses.json')
    expect(await rows(manifest, 'side, exporter, status, mass')).toEqual([
      ['exporter', 'CHN', 'estimated mass', '100500'],
      ['exporter', 'CHN', 'reported', '100500'],
      ['importer', 'CHN', 'reported', '300000'],
      ['importer', 'USA', 'estimated mass', null],
    ])
    const ask = async (side: 'importer' | 'exporter') =>
      (await chokepoint.ask('trade', { dataset: manifest.name, side, supplier: ['CHN'] })).rows()
    expect((await ask('importer'))[0]?.mass).toBe(0.3)
    expect((await ask('exporter'))[0]?.mass).toBeNull()
  })

  test('what a partner only passes on stands beside what it reports, where it says so', async () => {
    const manifest = await load(JSON.stringify(answer(...records)), 're-exports.json')
    const [row] = await (
      await chokepoint.ask('mirror-partners', { dataset: manifest.name, importer: ['DEU'], min_value: 0 })
    ).rows()
    expect(row).toMatchObject({ partner: 'CHN', reported: 550, re_exports: 50, base_value: 600 })
  })

  test('a value that nobody reported and that is no sum is the publisher’s estimate', async () => {
    const manifest = await load(JSON.stringify(answer(record({ isAggregate: false }))), 'matrix.json')
    expect(await rows(manifest, 'status')).toEqual([['estimated']])
    expect(manifest.estimated_periods).toEqual([202300])
  })

  test('months are months', async () => {
    const monthly = record({ freqCode: 'M', period: '202303', refMonth: 3 })
    expect(await load(JSON.stringify(answer(monthly)), 'months.json')).toMatchObject({
      frequency: 'month',
      periods: [202303],
    })
  })

  test('breakdowns by second partner, procedure and transport are set aside by name, and a flow without its total is told', async () => {
    const manifest = await load(
      JSON.stringify(
        answer(
          record(),
          record({ motCode: 1000, primaryValue: 700 }),
          record({ motCode: 2100, primaryValue: 300.25 }),
          record({ partner2Code: 528, primaryValue: 900 }),
          record({ customsCode: 'C05', primaryValue: 100 }),
          record({ flowCode: 'MIP', primaryValue: 80 }),
          record({ partnerCode: 392, motCode: 1000, primaryValue: 33 }),
        ),
      ),
      'breakdowns.json',
    )
    expect(await rows(manifest, 'exporter, value')).toEqual([['CHN', '1000']])
    expect(manifest.aside_reasons).toEqual({
      'part of another row (customsCode)': { rows: 1, value: '100' },
      'part of another row (flowCode)': { rows: 1, value: '80' },
      'part of another row (motCode)': { rows: 3, value: '1033.25' },
      'part of another row (partner2Code)': { rows: 1, value: '900' },
    })
    expect(manifest.notes.join('\n')).toMatch(/^1 flows are in the files only as parts.*left out; .* 33\./)
  })

  test('levels above others are set aside, and all goods are a level of their own', async () => {
    const manifest = await load(
      JSON.stringify(
        answer(record(), record({ cmdCode: '85', aggrLevel: 2 }), record({ cmdCode: 'TOTAL', aggrLevel: 0 })),
      ),
      'levels.json',
    )
    expect(manifest.levels).toEqual([0, 6])
    expect(manifest.aside_reasons).toMatchObject({ 'level above another': { rows: 1 } })
    const [row] = await (await chokepoint.ask('trade', { dataset: manifest.name, level: '0' })).rows()
    expect(row).toMatchObject({ product: 'TOTAL', value: 1000 })
  })

  test('with a world total beside them all partners are known to be there; without one shares have no denominator', async () => {
    const whole = await load(JSON.stringify(answer(record(), world())), 'whole.json')
    expect(whole.partners_complete).toBe(true)
    const part = await load(JSON.stringify(answer(record())), 'part.json')
    expect(part.partners_complete).toBe(false)
    await expect(chokepoint.ask('suppliers', { dataset: part.name, importer: ['DEU'] })).rejects.toMatchObject({
      code: 'coverage/partners',
    })
  })

  test('what a world total has more than its partners stays as an unknown one, own trade being a partner', async () => {
    const manifest = await load(
      JSON.stringify(
        answer(
          record({ primaryValue: 600 }),
          record({ partnerCode: 276, primaryValue: 100 }),
          world({ primaryValue: 1000 }),
        ),
      ),
      'short.json',
    )
    expect(await rows(manifest, 'exporter, value')).toEqual([
      ['CHN', '600'],
      ['X-RESIDUAL', '300'],
    ])
    expect(manifest.notes).toEqual([
      'Germany, importer side, 2023: the published world total of 850650 is 30.00 % more than its parts; the rest is kept as an unknown partner.',
    ])
  })

  test('rows that stand twice, world totals among them, count once', async () => {
    const twice = [record({ primaryValue: 600 }), world({ primaryValue: 1000 })]
    const manifest = await load(JSON.stringify(answer(...twice, ...twice)), 'twice.json')
    expect(await rows(manifest, 'exporter, value')).toEqual([
      ['CHN', '600'],
      ['X-RESIDUAL', '400'],
    ])
    expect(manifest.account).toMatchObject({
      rows: { in: 4, kept: 1, aside: 3 },
      derived: { rows: 1, value: '400' },
    })
  })

  test('files of other columns and other sides are one dataset, and each row has its own', async () => {
    const bare = ({ netWgt: _, qty: __, ...rest }: typeof usual) => rest
    const [first, second] = [join(home, 'bare.json'), join(home, 'full.json')]
    await writeFile(first, JSON.stringify(answer(bare(record()), bare(world()))))
    await writeFile(second, JSON.stringify(answer(...[record, world].map((of) => of({ flowCode: 'X', netWgt: 7 })))))
    const manifest = await flowsOf(chokepoint.load([first, second], { as: `comtrade-${loads++}` }))
    expect(await rows(manifest, 'importer, exporter, side, value, mass')).toEqual([
      ['CHN', 'DEU', 'exporter', '1000', '7000'],
      ['DEU', 'CHN', 'importer', '1000', null],
    ])
  })
})

describe('answers that are no data', () => {
  const refusals: [string, string, RegExp][] = [
    [
      'a preview of 500 rows',
      JSON.stringify(answer(...Array.from({ length: 500 }, (_, at) => record({ cmdCode: String(100000 + at) })))),
      /exactly 500 rows.*cuts a table short/,
    ],
    [
      'fewer rows than are counted',
      JSON.stringify({ count: 812, data: [record()], error: '' }),
      /counts 812 rows and holds 1/,
    ],
    ['nothing found', JSON.stringify(answer()), /found nothing for this question/],
    [
      'an error beside no rows',
      JSON.stringify({ count: 0, data: [], error: 'Invalid reporterCode' }),
      /answered "Invalid reporterCode"/,
    ],
    [
      'an error body',
      JSON.stringify({ statusCode: 401, message: 'Access denied due to missing subscription key.' }),
      /statusCode 401, message Access denied due to missing subscription key/,
    ],
    ['half an answer', JSON.stringify(answer(record())).slice(0, 300), /cannot be read as JSON/],
  ]
  test.each(refusals)('%s is refused with a word', async (_, content, word) => {
    await expect(load(content, 'refused.json')).rejects.toThrow(word)
  })

  test('so is a table of as many rows, whatever its form', async () => {
    const cut = Array.from({ length: 500 }, (_, at) => record({ cmdCode: String(100000 + at) }))
    await expect(load(stringify(cut, { header: true, cast: { boolean: String } }), 'cut.csv')).rejects.toMatchObject({
      code: 'load/cut',
    })
  })
})

describe('UN Comtrade, classic layout', () => {
  const header =
    'Classification,Year,Period,Period Desc.,Aggregate Level,Is Leaf Code,Trade Flow Code,Trade Flow,Reporter Code,Reporter,Reporter ISO,Partner Code,Partner,Partner ISO,2nd Partner Code,Customs Proc. Code,Mode of Transport Code,Commodity Code,Commodity,Qty Unit Code,Qty,Netweight (kg),Trade Value (US$),Flag'
  const line = (flow: string, partner: string, value: number, weight: number | '', flag: number, rest = ',,,') =>
    `H5,2019,2019,2019,6,1,${flow},Import,384,Côte d'Ivoire,CIV,${partner},Curaçao,CUW${rest}848620,Machines,1,0,${weight},${value},${flag}`

  test('is read in latin-1, with its four flows and its marks of estimated masses', async () => {
    const text = [
      header,
      line('1', '156', 500, 20, 0, ',,,,'),
      line('1', '842', 300, 10, 4, ',,,,'),
      line('2', '156', 70, '', 0, ',,,,'),
      line('3', '156', 30, 1, 6, ',,,,'),
      line('1', '0', 800, 30, 0, ',,,,'),
    ].join('\n')
    const manifest = await load(Buffer.from(text, 'latin1'), 'classic.csv')
    expect(manifest.files[0]?.encoding).toBe('windows-1252')
    expect(manifest).toMatchObject({ editions: ['HS2017'], partners_complete: false })
    expect(await rows(manifest, 'side, trade, exporter, importer, value, status')).toEqual([
      ['exporter', 'all', 'CIV', 'CHN', '70', 'reported'],
      ['exporter', 're-export', 'CIV', 'CHN', '30', 'estimated mass and quantity'],
      ['importer', 'all', 'CHN', 'CIV', '500', 'reported'],
      ['importer', 'all', 'USA', 'CIV', '300', 'estimated mass'],
    ])
  })

  test('world totals alone are kept whole, as an unknown partner', async () => {
    const manifest = await load(`${header}\n${line('1', '0', 800, 30, 0, ',,,,')}\n`, 'totals.csv')
    expect(await rows(manifest, 'exporter, importer, value')).toEqual([['X-RESIDUAL', 'CIV', '800']])
    expect(manifest.notes).toEqual([
      '1 published world totals have no partner beside them: each is kept whole as an unknown partner.',
    ])
  })
})

describe('an extract that has lost its key columns', () => {
  const extract = (...lines: string[]) =>
    `${['year,reporter,partner,cmd,flow,value,netwgt,qty,qtyunit', ...lines].join('\n')}\n`
  // Each flow as its own row and again by mode of transport: 100 = 60 + 40 and 50 = 50; the sum of all is 300.
  const text = extract(
    '2022,276,156,850650,M,100,5,5,8',
    '2022,276,156,850650,M,60,3,3,8',
    '2022,276,156,850650,M,40,2,2,8',
    '2022,276,842,850650,M,50,,,8',
    '2022,276,842,850650,M,50,,,8',
    '2022,276,276,850650,M,7,,,8',
    '2022,276,276,850650,M,5,,,8',
    '2022,276,0,850650,M,157,8,8,8',
    '2022,276,0,850650,M,90,8,8,8',
  )

  test('takes a partner’s own row, never the sum of its breakdowns, and partners add up to the world', async () => {
    const manifest = await load(text, 'extract.csv')
    expect(await rows(manifest, 'exporter, value, mass')).toEqual([
      ['CHN', '100', '5000'],
      ['USA', '50', null],
    ])
    expect(manifest.partners_complete).toBe(true)
    expect(manifest.notes).toEqual(['Rows that contradicted each other: the largest was kept.'])
    expect(manifest.provenance[0]?.note).toContain('lost the columns')
    expect(manifest.account.derived.rows).toBe(0)
  })

  test('a reader’s own rule goes before the source’s', async () => {
    await expect(load(text, 'stopped.csv', { onConflict: 'stop' })).rejects.toMatchObject({ code: 'load/conflict' })
  })

  test('without a column for it the year is that of the file’s name', async () => {
    const manifest = await load('reporter,partner,cmd,flow,value,netwgt\n276,156,850650,M,100,5\n', 'comtrade_2024.csv')
    expect(manifest.periods).toEqual([202400])
  })

  test('files with and without that column are one dataset', async () => {
    const [first, second] = ['comtrade_2022.csv', 'comtrade_2024.csv'].map((file) => join(home, file))
    await writeFile(first as string, text)
    await writeFile(second as string, 'reporter,partner,cmd,flow,value,netwgt\n276,156,850650,M,100,5\n')
    const manifest = await flowsOf(chokepoint.load([first as string, second as string], { as: 'both-years' }))
    expect(manifest.periods).toEqual([202200, 202400])
    expect(readFileSync(first as string, 'utf8')).toBe(text)
  })
})

test('a mapping of one’s own can say which rows add up, what their status is, and of which period they are', async () => {
  const mapping = join(home, 'own.yaml')
  await writeFile(
    mapping,
    `frequency: year
currency: EUR
side: importer
codes: iso3
period: "2021"
only: {mode: [all, ""]}
statuses: {estimated: {source: [model]}}
editions: {v5: HS2017}
columns: {importer: buyer, exporter: seller, product: hs, value: value, edition: version}
`,
  )
  const manifest = await load(
    'buyer,seller,hs,version,mode,source,value\nDEU,CHN,850650,v5,all,customs,10\nDEU,CHN,850650,v5,sea,customs,6\nDEU,JPN,850650,v5,,model,4\n',
    'own.csv',
    { mapping },
  )
  expect(await rows(manifest, 'period, edition, exporter, status, value')).toEqual([
    [202100, 'HS2017', 'CHN', 'reported', '10'],
    [202100, 'HS2017', 'JPN', 'estimated', '4'],
  ])
  expect(manifest.aside_reasons).toEqual({ 'part of another row (mode)': { rows: 1, value: '6' } })
})
