import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Chokepoint, open } from '../../src/index.ts'
import { flowsOf, temporaryHome } from '../engines.ts'

describe('forms of tables that a mapping can say', async () => {
  const home = await temporaryHome()
  let chokepoint: Chokepoint
  beforeAll(async () => {
    chokepoint = await open({ home })
  })
  afterAll(() => chokepoint.close())
  let number = 0

  async function load(mapping: string, lines: readonly string[]) {
    const folder = join(home, `files-${number++}`)
    await mkdir(folder)
    const [file, yaml] = [join(folder, 'table.csv'), join(folder, 'mapping.yaml')]
    await writeFile(file, `${lines.join('\n')}\n`)
    await writeFile(yaml, `frequency: month\ncurrency: USD\n${mapping}`)
    return flowsOf(chokepoint.load([file], { as: `forms-${number}`, mapping: yaml }))
  }

  test('a column a flow, one reporter in every row, its own labels, and periods in its own words', async () => {
    const manifest = await load(
      `codes: comext-name
every_row: { reporter: Armenia }
economies: { South Corea: KOR, Rest: X-REST, All: WLD }
flow_columns: { export: export, imported: import }
period_pattern: '(?<month>\\d{1,2})/(?<year>\\d{4})'
columns: { partner: country, period: when }
`,
      [
        'country,when,export,imported',
        'South Corea,3/2024,5,0',
        'Rest,12/2024,-,7.5',
        'All,3/2024,5,',
        'France,2024-03,x,1',
      ],
    )
    expect(manifest).toMatchObject({ periods: [202403, 202412], sides: ['importer', 'exporter'] })
    expect(manifest.account.rows).toEqual({ in: 5, kept: 3, aside: 1, rejected: 1, blank: 3 })
    expect(manifest.aside_reasons).toHaveProperty('aggregate of economies')
    expect(manifest.importers).toEqual(['ARM', 'KOR'])
    expect(await chokepoint.rejects(manifest.name)).toMatchObject([
      { line: 5, reason: expect.stringContaining('value') },
    ])
  })

  test('rows that are no flows of the table are set aside under their reason, and a lost zero is put back', async () => {
    const manifest = await load(
      `codes: iso2
every_row: { exporter: CN }
side: exporter
product_digits: "6"
except: { hs: { XXXXXX: no product }, kind: { own: a report of another } }
columns: { importer: to, period: when, product: hs, value: usd }
`,
      [
        'to,when,hs,usd,kind',
        'DE,202403,10121,5,',
        'DE,202403,XXXXXX,7,',
        'DE,202403,850650,11,OWN',
        'DE,202403,85065,13,',
      ],
    )
    expect(manifest.account).toMatchObject({ rows: { in: 4, kept: 2, aside: 2, rejected: 0 }, value: { kept: '18' } })
    expect(manifest.aside_reasons).toEqual({
      'a report of another': { rows: 1, value: '11' },
      'no product': { rows: 1, value: '7' },
    })
    expect((await chokepoint.products(manifest.name)).map((one) => one.code)).toEqual(['010121', '085065'])
  })

  test('Parquet: moments are days, and codes that were kept as decimals have no point', async () => {
    const [file, yaml] = [join(home, 'typed.parquet'), join(home, 'typed.yaml')]
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    await connection.run(`copy (select 156.0::double as seller, 276.0::double as buyer, 850650.0::double as hs, 12.5::double as usd, moment
      from (values (timestamp '2024-03-01 00:00:00'), ('2024-04-01 12:30:00')) as t(moment)) to '${file}' (format parquet)`)
    connection.closeSync()
    await writeFile(
      yaml,
      'frequency: month\ncurrency: USD\ncodes: m49\nside: exporter\ncolumns: {exporter: seller, importer: buyer, period: moment, product: hs, value: usd}\n',
    )
    const manifest = await flowsOf(chokepoint.load([file], { as: 'typed', mapping: yaml }))
    expect(manifest).toMatchObject({ periods: [202403, 202404], importers: ['DEU'] })
    expect(manifest.account).toMatchObject({
      rows: { in: 2, kept: 2 },
      value: { in: '25', kept: '26', rounding: '-1' },
    })
  })

  test.each([
    [
      'columns: {reporter: r, period: p, value: v}\nevery_row: {reporter: DE}\n',
      /reporter stands in columns and in every_row/,
    ],
    [
      'columns: {reporter: r, partner: q, period: p}\nflow_columns: {x: export}\nperiod_columns: a\n',
      /flow_columns and period_columns/,
    ],
    ['columns: {reporter: r, partner: q, period: p, mass: m}\nflow_columns: {x: export}\n', /mass.*of which flow/],
    [
      'columns: {importer: r, exporter: q, period: p}\nflow_columns: {x: export}\n',
      /columns.reporter and columns.partner, whose flows/,
    ],
    [
      'columns: {importer: r, exporter: q, period: p, value: v}\nside: importer\neconomies: {Corea: KOREA}\n',
      /"Corea" is "KOREA".*alpha-3/,
    ],
    [
      'columns: {importer: r, exporter: q, period: p, value: v}\nside: importer\nperiod_pattern: "(\\\\d+"\n',
      /period_pattern/,
    ],
    [
      'columns: {importer: r, exporter: q, period: p, value: v}\nside: importer\nperiod_pattern: "M(?<month>..)"\n',
      /\(\?<year>…\) once/,
    ],
    [
      'columns: {importer: r, exporter: q, period: p, value: v}\nside: importer\nperiod_pattern: "(?<year>....)(M|m)(?<month>..)"\n',
      /no groups but/,
    ],
    [
      'columns: {reporter: r, partner: q, period: p}\nflow_columns: {sold: export}\n',
      /line 1: no column "sold" \(for flow_columns\)/,
    ],
  ])('a mapping that cannot be followed is refused: %s', async (mapping, message) => {
    await expect(load(`codes: iso2\n${mapping}`, ['r,q,p,v,m,x', 'DE,CN,202403,1,1,1'])).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(message),
    })
  })
})
