import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Chokepoint, open } from '../../src/index.ts'
import { flowsOf, temporaryHome } from '../engines.ts'

const columns = 'year,importer,exporter,product,value'
const mapping = `frequency: year\ncurrency: USD\nside: importer\ncodes: iso3\nedition: HS2017\ncolumns: {period: year, importer: importer, exporter: exporter, product: product, value: value}\n`

/** So many rows of a year and a product each. */
const good = (rows: number, more = '') =>
  Array.from(
    { length: rows },
    (_, at) => `${1950 + (at % 70)},USA,CHN,${100_000 + Math.floor(at / 70)},1${more}\n`,
  ).join('')

describe('of rows that have not the cells of their header each is rejected with its line', async () => {
  const home = await temporaryHome()
  let chokepoint: Chokepoint
  beforeAll(async () => {
    chokepoint = await open({ home })
    await writeFile(join(home, 'mapping.yaml'), mapping)
  })
  afterAll(() => chokepoint.close())
  let number = 0

  async function load(content: string) {
    const path = join(home, `torn-${number}.csv`)
    await writeFile(path, content)
    return flowsOf(chokepoint.load([path], { as: `torn-${number++}`, mapping: join(home, 'mapping.yaml') }))
  }

  const unreadable = '2022,USA,JPN,100000,-1'
  test.each([
    [
      'thousands of rows that lack most cells',
      `${columns}${',note'.repeat(40)}\n${good(10, ','.repeat(40))}${'2022,USA,CHN,100000,1\n'.repeat(5000)}${unreadable}${','.repeat(40)}\n`,
      { in: 5011, kept: 10, aside: 0, rejected: 5001, blank: 0 },
    ],
    [
      'thousands of rows with many cells too many',
      `${columns}\n${good(10)}${`2022,USA,CHN,100000,1${',1'.repeat(60)}\n`.repeat(3000)}${unreadable}\n`,
      { in: 3011, kept: 10, aside: 0, rejected: 3001, blank: 0 },
    ],
    [
      'the end of a long file',
      `${columns}\n${good(500_000)}${'2022,USA,CHN\n'.repeat(90_000)}`,
      { in: 590_000, kept: 500_000, aside: 0, rejected: 90_000, blank: 0 },
    ],
    [
      'rows between those of a long file',
      `${columns}\n${good(300_000)}2022,USA\n${unreadable}\n`,
      { in: 300_002, kept: 300_000, aside: 0, rejected: 2, blank: 0 },
    ],
    [
      'the last row, without its line end',
      `${columns}\n${good(10)}2022,USA`.replaceAll('\n', '\r\n'),
      { in: 11, kept: 10, aside: 0, rejected: 1, blank: 0 },
    ],
  ])('%s', async (_name, content, rows) => {
    const manifest = await load(content)
    expect(manifest.account.rows).toEqual(rows)
    const rejects = await chokepoint.rejects(manifest.name)
    expect(rejects.map(({ line }) => Number(line))).toEqual(
      Array.from({ length: rows.rejected }, (_, at) => rows.kept + at + 2),
    )
    const at = content.includes(unreadable) ? rows.rejected - 1 : -1
    expect(rejects.findIndex(({ reason }) => /negative/.test(reason))).toBe(at)
  })

  test('more than anyone would read are refused, with the line of the first', async () => {
    await expect(load(`${columns}\n${good(10)}${'2022,USA,CHN\n'.repeat(150_000)}`)).rejects.toMatchObject({
      name: 'Refusal',
      code: 'load/rejects',
      message: expect.stringMatching(/more than 100000 rows cannot be read, the first on line 12: .*fewer columns/),
    })
  })
})
