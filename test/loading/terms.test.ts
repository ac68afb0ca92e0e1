import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schemaVersion } from '../../src/dataset/schema.ts'
import { duckdbInstance } from '../../src/engine/duckdb.ts'
import { type Chokepoint, open } from '../../src/index.ts'
import { flowsOf, temporaryHome } from '../engines.ts'

describe('what a mapping says of its tables', async () => {
  const home = await temporaryHome()
  let chokepoint: Chokepoint
  beforeAll(async () => {
    chokepoint = await open({ home })
  })
  afterAll(() => chokepoint.close())
  let number = 0

  async function load(files: Record<string, string>, mapping?: string) {
    const as = `terms-${number++}`
    const folder = join(home, `files-of-${as}`)
    await mkdir(folder)
    const paths: string[] = []
    for (const [name, content] of Object.entries(files)) {
      paths.push(join(folder, name))
      await writeFile(join(folder, name), content)
    }
    const file = join(folder, 'mapping.yaml')
    if (mapping) await writeFile(file, mapping)
    return flowsOf(chokepoint.load(paths, { as, ...(mapping ? { mapping: file } : {}) }))
  }

  const baci = (year: number) => `t,i,j,k,v,q\n${year},156,276,850650,1.5,2\n`

  test('files of several editions are one dataset, and each row has its own', async () => {
    const manifest = await load({
      'BACI_HS17_Y2021_V202601.csv': baci(2021),
      'BACI_HS22_Y2022_V202601.csv': baci(2022),
    })
    expect(manifest.editions).toEqual(['HS2017', 'HS2022'])
    expect(manifest.account.rows.kept).toBe(2)
  })

  test('two vintages of one edition are refused as one dataset', async () => {
    await expect(
      load({ 'BACI_HS17_Y2021_V202501.csv': baci(2021), 'BACI_HS17_Y2022_V202601.csv': baci(2022) }),
    ).rejects.toMatchObject({ code: 'load/mixed', message: expect.stringContaining('BACI_HS17_Y2022_V202601.csv') })
  })

  const columns =
    'period: year, exporter: i, importer: j, product: k, value: v, side: side, edition: e, quantity: n, quantity_unit: u, status: s'
  const whole = `frequency: year\ncurrency: USD\ncodes: iso3\ncolumns: {${columns}}\n`
  const header = 'year,i,j,k,v,side,e,n,u,s\n'

  test('side, edition, quantity and status may stand in columns of their own', async () => {
    const manifest = await load(
      {
        'sides.csv': `${header}2022,CHN,DEU,850650,5,importer,HS2017,1.5,pieces,estimated\n2022,CHN,DEU,850650,4,EXPORTER,CN{year},NA,,\n2022,CHN,DEU,850650,3,neither,,,,\n`,
      },
      whole,
    )
    expect(manifest.sides).toEqual(['importer', 'exporter'])
    expect(manifest.editions).toEqual(['CN2022', 'HS2017'])
    expect(manifest.estimated_periods).toEqual([202200])
    expect(await chokepoint.rejects(manifest.name)).toMatchObject([
      { line: 4, reason: expect.stringContaining('side is not importer, exporter or reconciled') },
    ])
  })

  test('rows of another edition, side or quantity are another version', async () => {
    const row = '2022,CHN,DEU,850650,5,importer,HS2017,1.5,pieces,estimated'
    const version = async (text: string) => (await load({ 'one.csv': `${header}${text}\n` }, whole)).version
    const versions = [
      row,
      row.replace('HS2017', 'HS2022'),
      row.replace('importer', 'exporter'),
      row.replace('1.5', '1.6'),
      row.replace('pieces', 'pairs'),
      row.replace('estimated', 'reported'),
    ]
    expect(new Set(await Promise.all(versions.map(version))).size).toBe(versions.length)
  })

  test('a unit that is not a whole number is refused by its line', async () => {
    await expect(load({ 'one.csv': header }, `unit: 0.5\n${whole}`)).rejects.toMatchObject({
      code: 'mapping/invalid',
      message: expect.stringMatching(/line 1.*unit.*whole number/),
    })
  })
})

test('the engine hashes rows as it did when this schema was made: where it does not, the schema takes a new number', async () => {
  const instance = await duckdbInstance(':memory:', {})
  const db = await instance.connect()
  const read = await db.runAndReadAll(
    `select hash(202200::uinteger, 'DEU', 'Côte d’Ivoire', null::bigint, 1.5::decimal(18, 12), 17::bigint, 6::utinyint) as h`,
  )
  db.closeSync()
  instance.closeSync()
  expect([schemaVersion, String(read.getRowsJS()[0]?.[0])]).toEqual([7, '526212761670503874'])
})
