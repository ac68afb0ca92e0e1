import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Chokepoint, type LoadRequest, open } from '../../src/index.ts'
import { flowsOf, temporaryHome } from '../engines.ts'
import { zip } from './zip.ts'

const baci = 'BACI_HS17_Y2022_V202601.csv'
const flows = (...rows: string[]) => `${['t,i,j,k,v,q', ...rows].join('\n')}\n`
const row = '2022,156,276,850650,1.5,2'

describe('rules of loading', async () => {
  const home = await temporaryHome()
  let chokepoint: Chokepoint
  beforeAll(async () => {
    chokepoint = await open({ home })
  })
  afterAll(() => chokepoint.close())
  let number = 0

  async function load(content: string | Buffer, request: Partial<LoadRequest> = {}, file = baci) {
    const folder = join(home, `files-${number}`)
    await mkdir(folder)
    await writeFile(join(folder, file), content)
    return flowsOf(chokepoint.load([join(folder, file)], { as: `rules-${number++}`, ...request }))
  }

  /** What Germany bought, by supplier. */
  async function values(dataset: string) {
    const answer = await chokepoint.ask('suppliers', { dataset, importer: ['DEU'], product: ['850650'], min_value: 0 })
    return Object.fromEntries((await answer.rows()).map((one) => [one.supplier, one.value]))
  }

  test('BACI: 842 and 840 are the United States, 251 is France, 490 is Taiwan, and a padded NA is no mass', async () => {
    const manifest = await load(
      flows(
        '2022,842,276,850650,1.234,           NA',
        '2022,251,276,850650,2.001,   3.500',
        '2022,490,276,850650,3,NA',
        '2022,490,842,850650,4,1',
        '2021,490,840,850650,4,1',
      ),
    )
    expect(manifest).toMatchObject({ source: 'baci', editions: ['HS2017'], currency: 'USD', sides: ['reconciled'] })
    expect(manifest.importers).toEqual(['DEU', 'USA'])
    expect(manifest.account.rows).toMatchObject({ in: 5, kept: 5, aside: 0, rejected: 0 })
    expect(manifest.account.value).toMatchObject({ in: '14235', kept: '14235', rounding: '0' })
  })

  test('thousand dollars with three decimals are whole dollars, and the rest is rounding', async () => {
    const exact = await load(flows('2022,156,276,850650,0.001,1', '2022,392,276,850650,1234567.891,1'))
    expect(exact.account.value).toEqual({
      in: '1234567892',
      kept: '1234567892',
      aside: '0',
      rejected: '0',
      rounding: '0',
    })
    const finer = await load(flows('2022,156,276,850650,1.2344,1', '2022,392,276,850650,1.2347,1'))
    expect(finer.account.value).toMatchObject({ in: '2469.1', kept: '2469', rounding: '0.1' })
  })

  test('large values and masses are as exact as small ones', async () => {
    const manifest = await load(
      flows(
        '2022,156,276,850650,5000000000.123,1234567.891',
        '2022,392,276,850650,9999999999999.999,999999999999.999',
        '2022,410,276,850650,999999999.999,999999.999999',
        '2022,842,276,850650,10000000000000,1',
        '2022,643,276,850650,1,1000000000000',
      ),
    )
    expect(manifest.account.rows).toMatchObject({ in: 5, kept: 3, rejected: 2 })
    expect(manifest.account.value.kept).toBe(String(5_000_000_000_123n + 9_999_999_999_999_999n + 999_999_999_999n))
    expect((await chokepoint.rejects(manifest.name)).map((one) => one.reason)).toEqual([
      expect.stringContaining('value'),
      expect.stringContaining('mass'),
    ])
    const answer = await chokepoint.ask(
      'suppliers',
      { dataset: manifest.name, importer: ['DEU'], supplier: ['CHN', 'KOR'], min_value: 0 },
      { columns: ['supplier', 'mass'] },
    )
    expect(await answer.rows()).toEqual([
      { supplier: 'CHN', mass: 1_234_567.891 },
      { supplier: 'KOR', mass: 999_999.999999 },
    ])
    expect(answer.caveats).toContain(`2 of 5 rows read for ${manifest.name} were rejected, and are in no figure.`)
  })

  test('the account says of how many rejected rows no value could be read, and does not count them as nothing', async () => {
    const manifest = await load(
      flows(
        '2022,156,276,850650,100,1',
        '2022,392,276,850650,abc,1',
        '2022,410,276,850650,"1,500",1',
        '2022,842,276,850650',
        '2022,643,276,850650,,1',
        '2022,36,276,850650,-7,1',
      ),
    )
    expect(manifest.account.rows).toMatchObject({ in: 6, kept: 1, rejected: 5 })
    expect(manifest.account.value).toMatchObject({ in: '93000', kept: '100000', rejected: '-7000', unread: 3 })
    const all_read = await load(flows('2022,156,276,850650,100,1', '2022,643,276,850650,,1'))
    expect(all_read.account.value).not.toHaveProperty('unread')
  })

  test('a value below half a unit stays as zero, and the rounding accounts for it', async () => {
    const mapping = join(home, 'units.yaml')
    await writeFile(
      mapping,
      'frequency: year\ncurrency: USD\nside: importer\ncodes: iso3\nunit: 1\ncolumns: {period: t, exporter: i, importer: j, product: k, value: v}\n',
    )
    const manifest = await load(flows('2022,CHN,DEU,850650,0.4,', '2022,JPN,DEU,850650,10,'), { mapping }, 'units.csv')
    expect(manifest.account.rows).toMatchObject({ in: 2, kept: 2 })
    expect(manifest.account.value).toMatchObject({ in: '10.4', kept: '10', rounding: '0.4' })
  })

  test('an unknown code stops the load with its share, and stays in the total where it is kept', async () => {
    const content = flows('2022,999,276,850650,1,1', '2022,Q7,276,850650,1,1', '2022,156,276,850650,3,1')
    await expect(load(content)).rejects.toMatchObject({
      code: 'load/unmapped',
      message: expect.stringMatching(/BACI.*"Q7" \(exporter, 1 rows, 20\.00 % of value\).*--keep-unmapped/),
    })
    const kept = await load(content, { keepUnmapped: true })
    expect(kept.account.rows).toMatchObject({ in: 3, kept: 3 })
    expect(kept.account.value.kept).toBe('5000')
    expect(kept.notes.join()).toContain('Q7')
    expect(await values(kept.name)).toMatchObject({ CHN: 3000, 'X-UNMAPPED:Q7': 1000 })
  })

  test('one year with an unknown code stops the years around it as well, and what was there before stays', async () => {
    const before = await load(flows(row))
    const folder = join(home, 'years')
    await mkdir(folder)
    for (const [year, code] of [
      [2021, 156],
      [2022, '0Z9'],
      [2023, 156],
    ])
      await writeFile(
        join(folder, `BACI_HS17_Y${year}_V202601.csv`),
        flows(`${year},392,276,850650,1,1`, `${year},${code},276,850650,1,1`),
      )
    await expect(chokepoint.load([folder], { as: before.name })).rejects.toMatchObject({
      kind: 'refused',
      code: 'load/unmapped',
      message: expect.stringMatching(/^BACI_HS17_Y2022_V202601\.csv, line 3: .*"Z9"/),
    })
    expect((await chokepoint.dataset(before.name)).version).toBe(before.version)
  })

  test.each<[string, string[], Record<string, number>]>([
    ['own trade is set aside', [row, '2022,276,276,850650,9,1'], { 'own trade': 1 }],
    ['own trade under two codes is set aside', [row, '2022,840,842,850650,9,1'], { 'own trade': 1 }],
    ['identical rows are kept once', [row, row, row], { duplicate: 2 }],
    ['rows alike but for leading zeros are identical', [row, '2022,0156,0276,850650,1.500,2.0'], { duplicate: 1 }],
    [
      'a level above another is set aside',
      [row, '2022,156,276,8506,9,1', '2022,156,276,85,9,1'],
      { 'level above another': 2 },
    ],
    ['a heading without its subheadings stays', [row, '2022,156,276,8507,9,1'], {}],
  ])('%s', async (_name, rows, reasons) => {
    const manifest = await load(flows(...rows))
    const aside = Object.values(reasons).reduce((sum, count) => sum + count, 0)
    expect(manifest.account.rows).toMatchObject({ in: rows.length, kept: rows.length - aside, aside, rejected: 0 })
    expect(Object.fromEntries(Object.entries(manifest.aside_reasons).map(([why, one]) => [why, one.rows]))).toEqual(
      reasons,
    )
  })

  test('aggregates of economies are set aside', async () => {
    const mapping = join(home, 'aggregates.yaml')
    await writeFile(
      mapping,
      'frequency: year\ncurrency: USD\nside: importer\ncodes: m49\ncolumns: {period: t, exporter: i, importer: j, product: k, value: v}\n',
    )
    const manifest = await load(flows(row, '2022,0,276,850650,9,1'), { mapping }, 'world.csv')
    expect(manifest.account.rows).toMatchObject({ in: 2, kept: 1, aside: 1 })
    expect(manifest.aside_reasons).toHaveProperty('aggregate of economies')
  })

  test('rows that contradict each other stop the load unless a rule is chosen', async () => {
    const content = flows(
      '2022,156,276,850650,1,1',
      '2022,156,276,850650,5,1',
      '2022,156,276,850650,2,1',
      '2022,156,276,850650,5,1',
    )
    await expect(load(content)).rejects.toMatchObject({
      code: 'load/conflict',
      message: expect.stringMatching(/BACI.*850650.*--on-conflict sum, first or largest/),
    })
    for (const [onConflict, value, aside] of [
      ['sum', 13_000, 0],
      ['first', 1000, 3],
      ['largest', 5000, 3],
    ] as const) {
      const manifest = await load(content, { onConflict })
      expect(manifest.account.rows).toMatchObject({ in: 4, kept: 4 - aside, aside })
      expect(await values(manifest.name)).toEqual({ CHN: value })
    }
  })

  test('values that no sum could hold are refused with their unit, and masses that none could are unknown', async () => {
    // BACI’s values are in thousands.
    const large = Array.from({ length: 500 }, (_, at) => `2022,156,276,${850_000 + at},9000000000000,1`)
    await expect(load(flows(...large))).rejects.toMatchObject({
      kind: 'refused',
      code: 'load/large',
      message: expect.stringMatching(/codes of 6 digits come to 4\.5e\+18 USD together.*value_unit/),
    })
    const heavy = Array.from({ length: 12 }, (_, at) => `2022,156,276,850650,${at + 1},900000000000`)
    const { name } = await load(flows(...heavy), { onConflict: 'sum' })
    const answer = await chokepoint.ask('suppliers', { dataset: name, importer: ['DEU'], min_value: 0 })
    expect(await answer.rows()).toMatchObject([{ value: 78_000, mass: null }])
  })

  test('equal rows are parts where rows are to be summed, and it is said that they are equal', async () => {
    const finer = flows('2022,156,276,850650,2,1', '2022,156,276,850650,2,1', '2022,392,276,850650,1,1')
    expect((await load(finer)).aside_reasons).toMatchObject({ duplicate: { rows: 1 } })
    const manifest = await load(finer, { onConflict: 'sum' })
    expect(manifest.account.rows).toMatchObject({ in: 3, kept: 3, aside: 0 })
    expect(manifest.notes.join(' ')).toContain(
      '2 rows share their key with others: their sums were kept, 1 of them equal',
    )
    expect(await values(manifest.name)).toEqual({ CHN: 4000, JPN: 1000 })
  })

  test('the same rows in another order are the same version, and another value is another', async () => {
    const rows = Array.from({ length: 300 }, (_, at) => `2022,156,276,${850_000 + at},${at},1`)
    const one = await load(flows(...rows))
    expect((await load(flows(...rows.toReversed()))).version).toBe(one.version)
    expect((await load(flows(...rows.slice(1), '2022,156,276,850000,0.001,1'))).version).not.toBe(one.version)
  })

  test.each([
    "it's",
    '"x"',
    'a/b',
    '../x',
    'a\\b',
    '',
    '.',
    'A',
    'x;y',
    '-x',
    'é',
    'a b',
    'x@y',
    'con',
    'n'.repeat(65),
    'a\0',
  ])('the name %j is refused', async (as) => {
    await expect(load(flows(row), { as })).rejects.toMatchObject({ name: 'Refusal', code: 'dataset/name' })
  })

  test('a dataset of an older schema is refused with the command that loads it again, and that mends it', async () => {
    const manifest = await load(flows(row))
    const path = join(home, 'datasets', manifest.name, manifest.version, 'manifest.json')
    await writeFile(path, (await readFile(path, 'utf8')).replace(/"schema": \d+/, '"schema": 0'))
    await expect(chokepoint.dataset(manifest.name)).rejects.toMatchObject({
      code: 'dataset/schema',
      message: expect.stringContaining(`chokepoint load ${baci} --as ${manifest.name}`),
    })
    expect((await chokepoint.datasets()).map((one) => one.name)).not.toContain(manifest.name)
    expect((await chokepoint.refusedDatasets()).map((one) => one.code)).toContain('dataset/schema')
    await load(flows(row), { as: manifest.name })
    expect((await chokepoint.datasets()).map((one) => one.name)).toContain(manifest.name)
    expect((await chokepoint.dataset(manifest.name)).version).toBe(manifest.version)
  })

  test('one flipped bit in any stored file is found, and loading again mends it', async () => {
    const manifest = await load(flows(row, '2022,156,276,850650,x,2', row))
    for (const name of Object.keys(manifest.checksums)) {
      const path = join(home, 'datasets', manifest.name, manifest.version, name)
      const bytes = await readFile(path)
      const middle = bytes.length >> 1
      bytes[middle] = (bytes[middle] as number) ^ 1
      await writeFile(path, bytes)
      const broken = (await chokepoint.verify(manifest.name)).filter((checked) => !checked.sound)
      expect(broken.map((checked) => basename(checked.file))).toEqual([name])
      await load(flows(row, '2022,156,276,850650,x,2', row), { as: manifest.name })
      expect((await chokepoint.verify(manifest.name)).every((checked) => checked.sound)).toBe(true)
    }
  })

  test('what is stored is what the load reported, also where only its rejects differ', async () => {
    const one = await load(flows(row))
    const two = await load(flows(row, '2022,156,276,850650,x,2'), { as: one.name })
    expect((await chokepoint.dataset(one.name)).account).toEqual(two.account)
    expect(await chokepoint.rejects(one.name)).toHaveLength(1)
  })

  const good = { name: baci, content: flows(row) }
  const codes = { name: 'country_codes_V202601.csv', content: 'country_code,country_name\n156,China\n' }

  test('an archive with its lists and notes beside the table loads', async () => {
    const manifest = await load(zip(codes, good, { name: 'Readme.txt', content: 'notes' }), {}, 'baci.zip')
    expect(manifest.account.rows).toMatchObject({ in: 1, kept: 1 })
    expect(manifest.files.map((file) => file.file)).toEqual([`baci.zip/${baci}`])
  })

  const whole = zip(good)
  const damaged = Buffer.from(whole)
  damaged[40 + baci.length] = (damaged[40 + baci.length] as number) ^ 0xff
  test.each<[string, Buffer, RegExp]>([
    ['an entry that points outside', zip({ ...good, name: '../x.csv' }), /\.\.\/x\.csv|relative path/],
    ['an entry with an absolute name', zip({ ...good, name: '/etc/x.csv' }), /absolute|outside/],
    ['an entry with a backslash', zip({ ...good, name: '..\\x.csv' }), /invalid characters|outside/],
    ['a nested archive', zip({ name: 'inner.zip', content: whole }), /inner\.zip.*unpack it first/],
    [
      'a nested archive under another name',
      zip({ name: 'inner.csv', content: whole }),
      /inner\.csv.*inside an archive/,
    ],
    ['an archive cut short', whole.subarray(0, whole.length - 30), /whole zip.*fetch it again/],
    ['an archive with damaged data', damaged, /damaged.*fetch it again/],
    ['an archive with no table', zip({ name: 'Readme.txt', content: 'notes' }), /no table/],
    ['an archive with lists only', zip(codes), /no file with trade flows/],
    ['an empty entry', zip({ ...good, content: '' }), /empty/],
    ['a bomb that says so', zip({ name: 'x.csv', content: Buffer.alloc(60_000_000, 65) }), /unpacks to.*refused/],
    [
      'a bomb that does not',
      zip({ name: 'x.csv', content: Buffer.alloc(60_000_000, 65), claims: 100 }),
      /unpacks|damaged/,
    ],
  ])('%s is refused', async (_name, bytes, expected) => {
    await expect(load(bytes, {}, 'x.zip')).rejects.toMatchObject({
      name: 'Refusal',
      message: expect.stringMatching(expected),
    })
  })
})
