import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { temporaryHome } from '../../../test/engines.ts'
import { open } from '../../index.ts'
import { checkFiles } from '../../own-files.ts'
import { controlsOf, controlsOn, eventOf, exposure, findList, listedCodes } from '../../reference/controls.ts'
import { eventIn, listedGoods } from '../controlling.ts'
import type { HeldProduct } from '../question.ts'

interface Rule {
  readonly id: string
  readonly codes: readonly string[]
  readonly src: readonly string[]
  readonly dst: readonly string[]
  readonly start: string
  readonly end: string
}

const header =
  'id,issuer,instrument,title,announced,effective,until,windDownUntil,direction,targets,origins,codeSystem,codesFile,intensity,sourceUrl,sourceRead,note'

const home = await temporaryHome()
mkdirSync(join(home, 'controls/codes'), { recursive: true })
const at = (name: string) => join(home, 'controls', name)
const write = (name: string, ...lines: string[]) => writeFileSync(at(name), `${lines.join('\n')}\n`)
const rules: readonly Rule[] = [
  { id: 'm1', codes: ['8542'], src: ['EU'], dst: ['RUS'], start: '2022-02-26', end: '' },
  { id: 'm2', codes: ['854231', '854232'], src: ['EU', 'USA'], dst: ['RUS', 'BLR'], start: '2023-06-24', end: '' },
  { id: 'm3', codes: ['8542'], src: ['EU'], dst: ['RUS'], start: '2020-01-01', end: '2021-06-30' },
]
for (const { id, codes } of rules) write(`codes/${id}.csv`, 'code,system', ...codes.map((code) => `${code},HS`))
write(
  'own.csv',
  header,
  ...rules.map(
    ({ id, src, dst, start, end }) =>
      `${id},us,,Rule ${id},,${start},${end},,X,${dst.join(';')},${src.join(';')},HS,${id}.csv,ban,,yes,`,
  ),
)
const chokepoint = await open({ home })
const ask = async (given: Parameters<typeof chokepoint.ask<'controls'>>[1]) =>
  (await chokepoint.ask('controls', given)).rows()

describe('methods, diversion section g', () => {
  test.each<[hs: string, src: string, dst: string, on: string, ids: string[]]>([
    ['85423190', 'EU', 'RUS', '2022-02-25', []],
    ['85423190', 'EU', 'RUS', '2022-02-26', ['m1']],
    ['85423190', 'EU', 'RUS', '2023-06-24', ['m1', 'm2']],
    ['854231', 'USA', 'RUS', '2023-01-01', []],
    ['854290', 'EU', 'BLR', '2024-01-01', []],
    ['854231', 'EU', 'RUS', '2021-06-30', ['m3']],
  ])('EVT2: %s from %s to %s on %s', async (hs, src, dst, on, ids) => {
    const rows = await ask({ product: [hs], origin: [src], destination: [dst], on })
    const own = rows.filter(({ issuer }) => issuer === 'us')
    expect(own.map(({ id }) => id)).toEqual(ids)
    expect(own.map(({ partial }) => partial)).toEqual(ids.map(() => false))
    expect(controlsOn({ code: hs, origin: src, destination: dst, on }, home).filter((id) => /^m/.test(id))).toEqual(ids)
  })

  test('EVT1: a month is exposed for its days in force', async () => {
    const of = async (id: string, on: string) => (await ask({ on })).find((row) => row.id === id)?.exposure ?? 0
    expect(await of('eu-2022-02', '2022-01')).toBe(0)
    expect(await of('eu-2022-02', '2022-02')).toBe(0.10714285714285714)
    expect(await of('eu-2022-02', '2022-03')).toBe(1)
    expect(await of('cn-2024-09', '2024-09')).toBe(0.5333333333333333)
    expect(await of('cn-2023-08', '2023-08')).toBe(1)
  })

  test('months of a year add up to the year, and no day is in force outside the act', () => {
    const day = fc.date({ min: new Date('2019-01-01'), max: new Date('2024-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(day, day, fc.integer({ min: 2019, max: 2024 }), (one, other, year) => {
        const [effective = '', until = ''] = [one, other].map((date) => date.toISOString().slice(0, 10)).sort()
        const days = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(year, month + 1, 0)).getUTCDate())
        const held = days.map((count, month) => exposure({ effective, until }, year * 100 + month + 1) * count)
        const all = days.reduce((sum, count) => sum + count, 0)
        expect(held.reduce((sum, count) => sum + count, 0) / all).toBeCloseTo(
          exposure({ effective, until }, year * 100),
        )
        const outside = year < Number(effective.slice(0, 4)) || year > Number(until.slice(0, 4))
        if (outside) expect(exposure({ effective, until }, year * 100)).toBe(0)
      }),
      { numRuns: 100 },
    )
  })
})

describe('the shipped table', () => {
  test('its days and lists are read; what was not read in a source is marked and said', async () => {
    const shipped = controlsOf(undefined)
    for (const { id, list } of shipped.filter((one) => one.list !== ''))
      expect(findList(id).codes, list).not.toEqual([])
    const answer = await chokepoint.ask('controls', { destination: ['Russia'], on: '2022-02' })
    expect(await answer.rows()).toContainEqual(expect.objectContaining({ id: 'coalition-2022-02', source_read: false }))
    expect(answer.caveats.join()).toContain('not confirmed from the source: coalition-2022-02')
    for (const { source_read, note } of shipped) expect(source_read || note !== '').toBe(true)
  })

  test('China’s national codes are matched by their six digits, and as some goods only', async () => {
    const given = { origin: ['CHN'], destination: ['USA'], on: '2025-01' }
    const found = await ask({ ...given, product: ['811292'] })
    expect(found.map(({ id, partial }) => [id, partial])).toEqual([
      ['cn-2024-12-gallium', true],
      ['cn-2023-08', true],
    ])
    expect(await ask({ ...given, product: ['250410'], destination: ['JPN'] })).toHaveLength(1)
    expect(await ask({ ...given, product: ['811300'] })).toEqual([])
  })

  test('an event is a month, a day or a control; anything else is refused with what is near', () => {
    expect(eventOf('2022-02')).toEqual({ month: 202202, text: '2022-02' })
    expect(eventOf('EU-2022-02')).toMatchObject({ month: 202202, date: '2022-02-26' })
    expect(() => eventOf('2022-02-30')).toThrow('no date')
    expect(() => eventOf('huawei')).toThrow('us-2019-05-huawei')
    expect(() => eventIn({ event: '' }, home)).toThrow('--event')
  })
})

describe('goods of a list among those of a dataset', () => {
  const held = (level: number, ...products: [code: string, edition: string][]): HeldProduct[] =>
    products.map(([code, edition]) => ({ code, edition, level, periods: [202201] }))
  const window = { from: 202203, to: 202211 }
  const goods = (
    list: string,
    list_mode: 'as-of' | 'final',
    digits: number,
    those: HeldProduct[],
    tier: string[] = [],
  ) => listedGoods({ list, tier, list_mode }, those, digits, window, home)

  test('a list that begins later is refused as of its days, and in its final form says what it is', () => {
    const those = held(6, ['854231', 'HS2017'], ['854231', 'HS2022'], ['851713', 'HS2022'])
    expect(() => goods('chpl', 'as-of', 6, those)).toThrow('not in force from 2022-03 to 2022-11, but from 2024-02-23')
    const { products, caveats } = goods('chpl', 'final', 6, those)
    expect(products.map(({ edition, listed, tier }) => [edition, listed, tier])).toEqual([
      ['HS2017', 'full', '1'],
      ['HS2022', 'full', '1'],
    ])
    expect(caveats.join()).toMatch(/as it last was in all months.*by their numbers across HS2017, HS2022/)
    expect(() => goods('chpl', 'final', 6, those, ['2'])).toThrow('none of the 5 codes')
    expect(() => goods('chpl', 'final', 6, those, ['9'])).toThrow('there are 1, 2, 3A')
    expect(() => goods('critical-materials', 'as-of', 6, those)).toThrow('does not say since when')
    expect(() => goods('eu-2022-02', 'final', 6, those)).toThrow('names no customs codes')
  })

  test('as of its days a code holds in its nomenclature and its months', () => {
    write('codes/m4.csv', 'code,system,from,until', '85423190,CN2022,2022-03-15,2022-05-01', '8517,HS2022,2022-04-01,')
    const those = held(
      8,
      ['85423190', 'CN2021'],
      ['85423190', 'CN2022'],
      ['85171300', 'CN2022'],
      ['85171200', 'CN2021'],
    )
    expect(goods('m4', 'as-of', 8, those).products).toEqual([
      { code: '85423190', edition: 'CN2022', listed: 'full', tier: '', from: 202203, until: 202205 },
      { code: '85171300', edition: 'CN2022', listed: 'full', tier: '', from: 202204, until: 999912 },
    ])
    const coarse = goods('m4', 'as-of', 6, held(6, ['854231', 'HS2022']))
    expect(coarse.products).toMatchObject([{ listed: 'partly' }])
    expect(coarse.caveats.join()).toContain('finer than the data')
  })

  test('the Union’s list of January 2023 has the 2,223 codes of its source', () => {
    const codes = listedCodes(findList('eu-2023-01'), { mode: 'final', ...window })
    expect(codes).toHaveLength(2223)
    expect(new Set(codes.map(({ level }) => level))).toEqual(new Set([8]))
  })
})

test('the act and the list in docs/controls.md are taken as they stand there', async () => {
  const own = await temporaryHome()
  mkdirSync(join(own, 'controls/codes'), { recursive: true })
  const document = readFileSync(new URL('../../../docs/controls.md', import.meta.url), 'utf8')
  const [act = '', list = ''] = [...document.matchAll(/^```csv\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block)
  writeFileSync(join(own, 'controls/own.csv'), act)
  writeFileSync(join(own, 'controls/codes/magnets.csv'), list)
  expect(checkFiles(own).flatMap(({ faults }) => faults)).toEqual([])
  await using taken = await open({ home: own })
  const rows = await (await taken.ask('controls', { product: ['850511'], origin: ['CHN'], on: '2025' })).rows()
  expect(rows.map(({ id, partial }) => [id, partial])).toEqual([['xx-2025-01', false]])
})

test('a wrong row of a user’s is refused where it stands, at use and by chokepoint check', async () => {
  const own = await temporaryHome()
  mkdirSync(join(own, 'controls/codes'), { recursive: true })
  writeFileSync(
    join(own, 'controls/wrong.csv'),
    [
      header,
      'eu-2022-02,EU,,Again,,2022-02-26,,,X,RUS,EU,,,ban,,yes,',
      'a1,EU,,One,,2022-02-30,,,X,RUS;Russia,EU,,,ban,,yes,',
      'a2,EU,,Two,2022-03-01,2022-02-26,,,E,RUS,XYZ,,nolist,forbid,ftp://x,perhaps,',
      'a3,EU,,Three,,2022-02-26,2022-01-01,,X,RUS,EU,,,ban,,yes,a note, with a comma',
      '',
    ].join('\n'),
  )
  writeFileSync(join(own, 'controls/codes/wrong.csv'), 'code,sistem\n8542,HS\n')
  writeFileSync(join(own, 'controls/codes/chpl.csv'), 'code,system,level\n1012,HS2017,6\n85,HS\n010129,XX,\n')
  writeFileSync(join(own, 'elsewhere.csv'), 'code,system\n8542,HS\n854288,HS2017\n')
  const told = checkFiles(own).flatMap(({ faults }) => faults.map((one) => `${one.line}:${one.column} ${one.message}`))
  expect(told).toEqual([
    expect.stringMatching(/^2:1 id: "eu-2022-02" is the name of another control/),
    expect.stringMatching(/^3:13 effective: a day is written/),
    expect.stringMatching(/^3:28 targets: "Russia" is no alpha-3 code/),
    expect.stringMatching(/^4:36 direction: one of X/),
    expect.stringMatching(/^4:42 origins: "XYZ" is no alpha-3 code and no group/),
    expect.stringMatching(/^4:47 codes_file: no such list/),
    expect.stringMatching(/^4:54 intensity: one of ban/),
    expect.stringMatching(/^4:61 source_url: an address/),
    expect.stringMatching(/^4:69 source_read: yes where/),
    expect.stringMatching(/^5:1 18 cells under 17 columns/),
    expect.stringMatching(/^5:26 until: it ends before/),
    expect.stringMatching(/^1:1 "chpl" is the name of another list/),
    expect.stringMatching(/^2:13 level: 1012 has 4 digits, not 6/),
    expect.stringMatching(/^3:1 2 cells under 3 columns/),
    expect.stringMatching(/^4:8 system: a nomenclature is written/),
    expect.stringMatching(/^1:1 no column system/),
    expect.stringMatching(/^1:6 unknown column "sistem"/),
  ])
  expect(checkFiles(own, [join(own, 'elsewhere.csv')])).toMatchObject([
    { kind: 'list of codes', faults: [{ severity: 'warning', line: 3 }] },
  ])
  await using wrong = await open({ home: own })
  await expect(wrong.ask('controls', {})).rejects.toThrow('wrong.csv, line 2, column 1: id:')
  const before = await chokepoint.identity('controls', {})
  write('codes/m5.csv', 'code,system', '01,HS')
  expect(await chokepoint.identity('controls', {})).not.toBe(before)
})

test('the earliest is the earliest of all, though its source was not read, and none that names no code of the goods is theirs', async () => {
  const finding = async (given: object) => (await chokepoint.ask('controls', given)).headline()
  const answer = await chokepoint.ask('controls', { origin: ['GBR'], destination: ['RUS'] })
  const rows = await answer.rows()
  const earliest = rows.map((row) => String(row['effective'])).toSorted()[0]
  expect(await answer.headline()).toContain(` from ${earliest}: `)
  expect(await finding({ product: ['850511'] })).toMatch(/^\d+ controls, none of which names these goods by code, /)
  expect(await finding({ product: ['854231'], origin: ['EU27'], destination: ['RUS'] })).not.toContain('none of which')
})
