import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Chokepoint, open, Refusal } from '../../src/index.ts'
import { loadSamples } from '../../src/sample.ts'
import { temporaryHome } from '../engines.ts'

const header =
  'market,segment,measure,vendor,members,share,period_start,period_end,basis,source,source_kind,jurisdiction,certainty,note'
const row = (vendor: string, share: string, more: Record<string, string> = {}) => {
  const cells: Record<string, string> = {
    market: 'RUS',
    segment: 'base stations',
    measure: 'base',
    vendor,
    members: '',
    share,
    period_start: '2021-01-01',
    period_end: '2021-12-31',
    basis: 'installed',
    source: 'an analyst',
    source_kind: 'analyst',
    jurisdiction: '',
    certainty: 'C',
    note: '',
    ...more,
  }
  return header
    .split(',')
    .map((name) => cells[name])
    .join(',')
}

describe('small tables', async () => {
  const home = await temporaryHome()
  let chokepoint: Chokepoint
  beforeAll(async () => {
    chokepoint = await open({ home })
  })
  afterAll(() => chokepoint.close())

  let number = 0
  async function load(...lines: string[]) {
    const folder = join(home, `table-${number++}`)
    await mkdir(folder)
    const file = join(folder, 'vendors.csv')
    await writeFile(file, [header, ...lines, ''].join('\n'))
    return chokepoint.load([file], { as: `vendors-${number}` })
  }
  /** Shares as they were understood, of the dominance after an exit of another vendor. */
  async function understood(...lines: string[]) {
    const manifest = await load(...lines, row('leaver', '0.01'))
    const rows = await (
      await chokepoint.ask('dominance', { dataset: manifest.name, exit: ['leaver'], rule: 'proportional' })
    ).rows()
    return rows.map((one) => [one.supplier, one.share_before_low, one.share_before])
  }

  test('a share is a point, a percentage, or words: almost is from nine tenths up, more than has no upper end', async () => {
    expect(await understood(row('A', '0.4'))).toContainEqual(['A', 0.4, 0.4])
    expect(await understood(row('A', '40 %'))).toContainEqual(['A', 0.4, 0.4])
    expect(await understood(row('A', 'about 0.4'))).toContainEqual(['A', 0.4, 0.4])
    expect(await understood(row('A', 'almost 50 %'))).toContainEqual(['A', 0.45, null])
    expect(await understood(row('A', 'more than 0.7'))).toContainEqual(['A', 0.7, null])
    expect(await understood(row('A', '0.25-0.30'))).toContainEqual(['A', 0.25, null])
  })

  test('rows that cannot be read stand in the reject table with line and reason', async () => {
    const manifest = await load(
      row('A', '0.4'),
      row('others', '0.2'),
      // With another line end than those before it.
      `${row('B', 'a third')}\r`,
      row('C', '40'),
      row('D', '0.1', { market: 'RU' }),
      row('E', '0.1', { basis: 'turnover' }),
      row('F', '0.1', { certainty: 'E' }),
      row('G', '0.3-0.2'),
      row('"H\nI"', '0.1', { source: '' }),
      row('J', '0.1', { period_start: '2022-13' }),
    )
    expect(manifest.account.rows).toMatchObject({ in: 10, kept: 1, rejected: 9 })
    expect((await chokepoint.rejects(manifest.name)).map(({ line, reason }) => [Number(line), reason])).toEqual([
      [3, expect.stringContaining('is no vendor')],
      [4, expect.stringContaining('share "a third"')],
      [5, expect.stringContaining('between 0 and 1')],
      [6, expect.stringContaining('Russia is RUS')],
      [7, expect.stringContaining('basis')],
      [8, expect.stringContaining('certainty')],
      [9, expect.stringContaining('the first is larger')],
      [10, expect.stringContaining('source: missing')],
      [12, expect.stringContaining('2022-13')],
    ])
    expect(await chokepoint.verify(manifest.name)).toEqual([
      { file: expect.stringContaining('reject'), sound: true },
      { file: expect.stringContaining('rows'), sound: true },
    ])
  })

  test.each([
    ['more than all', [row('A', '0.6'), row('B', '0.5')], 3, 'add up to 110.0 %'],
    ['a vendor twice', [row('A', '0.4'), row('A', '0.3')], 3, 'A is counted twice'],
    ['a vendor beside its group', [row('A+B', '0.4'), row('B', '0.3')], 3, 'B is counted twice'],
    ['nothing that can be read', [row('others', '1')], 2, 'no row can be kept'],
  ])('%s is refused with its line', async (_name, lines, line, message) => {
    const refusal = await load(...lines).then(
      () => expect.unreachable('it loaded'),
      (error: unknown) => error as Error,
    )
    expect(refusal).toBeInstanceOf(Refusal)
    expect(refusal.message).toContain(`line ${line}`)
    expect(refusal.message).toContain(message)
  })

  test('a column that is read and stands twice is refused, and one that is not read may', async () => {
    const loaded = async (column: string, cell: string) => {
      const file = join(home, `twice-${number++}.csv`)
      await writeFile(file, `${header},${column},${column}\n${row('A', '0.4')},${cell},${cell}\n`)
      return chokepoint.load([file], { as: `twice-${number}` })
    }
    await expect(loaded('Share', '0.1')).rejects.toMatchObject({
      code: 'source/column-repeated',
      message: expect.stringMatching(/twice-\d+\.csv, line 1: two columns are called "share"\. Rename one/),
    })
    expect((await loaded('remark', 'x')).account.rows.kept).toBe(1)
  })

  test('shares of two bases, periods or sources are not added up', async () => {
    const manifest = await load(
      row('A', '0.6'),
      row('B', '0.5', { basis: 'shipments' }),
      row('B', '0.5', { period_end: '2022-12-31' }),
      row('B', '0.5', { source: 'another' }),
      row('B', '1', { basis: 'target' }),
    )
    expect(manifest.account.rows.kept).toBe(5)
  })

  test('the same rows in another order are the same version, another share is another', async () => {
    const one = await load(row('A', '0.4'), row('B', '0.3'))
    const two = await load(row('B', '0.3'), row('A', '0.4'))
    const three = await load(row('B', '0.3'), row('A', '0.5'))
    expect(two.version).toBe(one.version)
    expect(three.version).not.toBe(one.version)
  })

  test('the thirty figures ship corrected: alpha-3, groups told from vendors, words kept as intervals', async () => {
    await loadSamples(chokepoint)
    expect((await chokepoint.dataset('russia-vendors')).account.rows).toMatchObject({ in: 30, kept: 30, rejected: 0 })
    expect((await chokepoint.dataset('published-figures')).account.rows).toMatchObject({
      in: 300,
      kept: 300,
      rejected: 0,
    })
    const rows = await (
      await chokepoint.ask('dominance', { dataset: 'russia-vendors', exit: ['China'], rule: 'proportional' })
    ).rows()
    expect(new Set(rows.map((one) => one.importer))).toEqual(new Set(['RUS', 'WLD']))
    // Home makers are a group whose members nobody names, and no target is among the shares.
    expect(rows.some((one) => one.basis === 'target')).toBe(false)
    await expect(
      chokepoint.ask('concentration', { dataset: 'russia-vendors', importer: ['RUS'] }),
    ).rejects.toMatchObject({ kind: 'no_data', message: expect.stringContaining('shares of vendors in markets') })
  })
})
