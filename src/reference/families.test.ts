import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { Refusal } from '../refusal.ts'
import { type Family, families, hsEdition, prune } from './families.ts'
import { correlations, hsEditions, type Link } from './families-correlations.ts'
import { table } from './table.ts'

const home = mkdtempSync(join(tmpdir(), 'chokepoint-families-'))
const folder = join(home, 'correlations')
const file = join(folder, 'own.csv')
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
})
afterAll(() => rmSync(home, { recursive: true }))

const own = (...rows: string[]) => writeFileSync(file, ['from_edition,to_edition,from,to', ...rows, ''].join('\n'))
const step = (older: string, newer: string, ...pairs: string[]) =>
  own(...pairs.map((pair) => `${older},${newer},${pair}`))
const codesOf = (family: Family | undefined) =>
  [...(family?.codes ?? [])].map(([, codes]) => codes.join(',')).join(' | ')
const linksFrom = (older: string) => correlations().get(older)?.links ?? []

/** What a table of links is made of, counted by a way of its own: sets merged until nothing changes. */
function shape(links: readonly Link[]) {
  const holder = new Map<string, string[]>()
  for (const { from, to } of links) {
    const one = holder.get(`old ${from}`) ?? [`old ${from}`]
    const other = holder.get(`new ${to}`) ?? [`new ${to}`]
    const both = one === other ? one : [...one, ...other]
    for (const member of both) holder.set(member, both)
  }
  const kinds = { links: links.length, new: 0, old: 0, one: 0, split: 0, merge: 0, many: 0, largest: '', renumbered: 0 }
  let most = 0
  for (const members of new Set(holder.values())) {
    const newer = members.filter((member) => member.startsWith('new'))
    const older = members.filter((member) => member.startsWith('old'))
    kinds.new += newer.length
    kinds.old += older.length
    if (members.length === 2) kinds.one += 1
    else if (older.length === 1) kinds.split += 1
    else if (newer.length === 1) kinds.merge += 1
    else kinds.many += 1
    if (members.length === 2 && newer[0]?.slice(4) !== older[0]?.slice(4)) kinds.renumbered += 1
    if (members.length > most) {
      most = members.length
      kinds.largest = `${newer.length} x ${older.length}`
    }
  }
  return kinds
}

describe('the shipped links', () => {
  // HS2012-HS2017 is the methods' table to the digit. In the others it differs by the unspecified goods (999999) and a few
  // codes that the weights match and the correlation does not; petroleum of HS1992 has 20 x 20 links, of HS1996 20 x 4.
  test.each([
    ['HS1992', 5825, 5133, 5039, 4571, 72, 42, 71, '24 x 20', 32],
    ['HS1996', 5688, 5225, 5133, 4745, 77, 40, 30, '64 x 62', 30],
    ['HS2002', 5665, 5053, 5225, 4472, 47, 142, 41, '75 x 76', 21],
    ['HS2007', 5366, 5206, 5053, 4786, 70, 34, 28, '22 x 23', 39],
    ['HS2012', 6141, 5388, 5206, 4744, 75, 6, 36, '175 x 173', 4],
  ])('from %s to the next: %d links', (older, links, newer, old, one, split, merge, many, largest, renumbered) => {
    const expected = { links, new: newer, old, one, split, merge, many, largest, renumbered }
    expect(shape(linksFrom(older))).toEqual(expected)
  })

  test('three catch-all codes of HS2017 have 159 predecessors each; without them its largest family has 82 and 79 codes', () => {
    const { kept, cut } = prune(linksFrom('HS2012'))
    expect([...new Set(cut.map((link) => link.to))].sort()).toEqual(['854231', '854232', '854239'])
    expect(cut).toHaveLength(3 * 158)
    expect(shape(kept)).toMatchObject({ links: 5667, one: 4835, split: 75, merge: 6, many: 37, largest: '82 x 79' })
    for (const older of ['HS1992', 'HS1996', 'HS2002', 'HS2007']) expect(prune(linksFrom(older)).cut).toEqual([])
  })

  test('over every chain of shipped editions to HS2017 each code of HS2017 has a family, and of each edition exactly one', () => {
    for (const oldest of hsEditions.slice(0, 5)) {
      const chain = families([oldest, 'HS2017'])
      const found = new Set<Family>()
      for (const { to } of linksFrom('HS2012')) {
        const family = chain.of('HS2017', to)
        expect(family).toBeDefined()
        found.add(family as Family)
      }
      for (const edition of chain.editions) {
        const all = [...found].flatMap((family) => family.codes.get(edition) ?? [])
        expect(new Set(all).size).toBe(all.length)
        expect(all.every((code) => found.has(chain.of(edition, code) as Family))).toBe(true)
      }
      expect(new Set([...found].map((family) => family.label)).size).toBe(found.size)
    }
    expect(families(['HS1992', 'HS2017']).editions).toHaveLength(6)
  })
})

describe('from HS2017 to HS2022', () => {
  const chain = families(['HS2017', 'HS2022'])

  test('every code of a shipped group was reviewed, on the side of its edition', () => {
    const rows = table('hs-2017-2022-by-hand.csv')
    for (const { product, edition } of table('product-groups.csv')) {
      const column = edition === 'HS2017' ? 'from' : 'to'
      // 901380 kept its number and became other goods: it is reviewed, and linked to nothing.
      if (product !== '901380') expect(rows.map((row) => row[column])).toContain(product)
    }
    for (const row of rows) expect(row['source']).not.toBe('')
    expect(chain.reviewed('HS2017', '901380')).toContain('8524')
    expect(chain.of('HS2022', '901380')).toBeUndefined()
  })

  test('what keeps number and scope is a family of one, what was split is summed', () => {
    expect(chain.of('HS2017', '854231')?.label).toBe('854231')
    expect(codesOf(chain.of('HS2022', '880730'))).toBe('880330 | 880730')
    expect(chain.of('HS2017', '880330')?.label).toBe('880730')
    expect(chain.of('HS2022', '851779')?.label).toBe('851771~3')
    expect(codesOf(chain.of('HS2017', '851770'))).toBe('851770 | 851771,851779')
    expect(chain.of('HS2017', '811292')?.notes).toHaveLength(1)
    expect(chain.of('HS2022', '010121')).toBeUndefined()
  })

  test('chip sensors are never phones', () => {
    const phones = chain.of('HS2017', '851712')
    expect(codesOf(phones)).toBe('851712 | 851713,851714')
    for (const sensor of ['854151', '854159']) {
      expect(codesOf(chain.of('HS2022', sensor))).toBe('854150 | 854151,854159')
      expect(chain.of('HS2022', sensor)).not.toBe(phones)
    }
  })

  test('nor where a user’s table names 157 apparatus as predecessors of sensors: those have no family then', () => {
    const apparatus = [...Array(157).keys()].map((at) => String(842211 + at))
    own(
      'HS2022,HS2017,851713,851712',
      'HS2022,HS2017,851714,851712',
      ...apparatus.flatMap((code) => [
        `HS2022,HS2017,${code},${code}`,
        `HS2022,HS2017,854151,${code}`,
        `HS2022,HS2017,854159,${code}`,
      ]),
      'HS2022,HS2017,854151,851712',
      'HS2022,HS2017,854159,851712',
    )
    const theirs = families(['HS2017', 'HS2022'], home)
    expect(codesOf(theirs.of('HS2017', '851712'))).toBe('851712 | 851713,851714')
    expect(theirs.of('HS2017', '851712')?.cut).toBe(2)
    expect(theirs.of('HS2022', '854151')).toBeUndefined()
    expect(theirs.of('HS2022', '842211')?.label).toBe('842211')
    expect(theirs.files).toEqual([file])
  })
})

describe('families', () => {
  test('G3: phones are one family of three codes, cells and modules another', () => {
    step('HS2017', 'HS2022', '851712,851713', '851712,851714', '854140,854142', '854140,854143')
    const chain = families(['HS2022', 'HS2017'], home)
    expect(codesOf(chain.of('HS2022', '851714'))).toBe('851712 | 851713,851714')
    expect(codesOf(chain.of('HS2022', '854143'))).toBe('854140 | 854142,854143')
    expect(chain.of('HS2022', '854143')?.label).toBe('854142~3')
  })

  test('G4: a split and a merger on the way make one family of both ends', () => {
    own(
      'HS2012,HS2017,100000,200000',
      'HS2012,HS2017,100000,210000',
      'HS2017,HS2022,200000,300000',
      'HS2017,HS2022,210000,300000',
      'HS2017,HS2022,210000,310000',
    )
    const chain = families(['HS2012', 'HS2022'], home)
    expect(codesOf(chain.of('HS2012', '100000'))).toBe('100000 | 200000,210000 | 300000,310000')
    expect(chain.of('HS2022', '310000')?.label).toBe('300000~5')
    expect(chain.of('HS2017', '210000')).toBe(chain.of('HS2012', '100000'))
  })

  test('a family of which one code has no link onwards is none', () => {
    own(
      'HS2012,HS2017,100000,200000',
      'HS2012,HS2017,100000,210000',
      'HS2012,HS2017,110000,110000',
      'HS2017,HS2022,200000,300000',
      'HS2017,HS2022,110000,110000',
    )
    const chain = families(['HS2012', 'HS2022'], home)
    expect(chain.of('HS2012', '100000')).toBeUndefined()
    expect(chain.of('HS2022', '300000')).toBeUndefined()
    expect(chain.of('HS2022', '110000')?.label).toBe('110000')
  })

  test('over one edition each code is its own', () => {
    const one = families(['HS2022', 'HS2022'])
    expect(one.of('HS2022', '854151')).toMatchObject({ label: '854151', cut: 0 })
    expect(one.of('HS2017', '854150')).toBeUndefined()
  })

  test('the Combined Nomenclature follows the HS of its years', () => {
    expect(
      ['CN1991', 'CN1995', 'CN2016', 'CN2021', 'CN2022', 'CN2025', 'HS2002', 'HS2003', 'none'].map(hsEdition),
    ).toEqual([undefined, 'HS1992', 'HS2012', 'HS2017', 'HS2022', 'HS2022', 'HS2002', undefined, undefined])
  })
})

describe('a user’s correlation file', () => {
  const read = () => families(['HS2017', 'HS2022'], home)

  test('the sheet of a workbook of the UN Statistics Division, as CSV, in its layouts', () => {
    for (const text of [
      'Between,,\nHS2022,HS2017,Relationship\n851713,851712,n:1\n851714,851712,n:1\n',
      '\uFEFFHS 2022;HS 2017;Relationship;;\r\n8517.13;8517.12;n to 1;;\r\n8517.14;8517.12;n to 1;;\r\n',
    ]) {
      writeFileSync(file, text)
      expect(codesOf(read().of('HS2017', '851712'))).toBe('851712 | 851713,851714')
      expect(read().of('HS2017', '854231')).toBeUndefined()
    }
  })

  test('a pair of editions is replaced whole, the others stay as shipped', () => {
    step('HS2017', 'HS2022', '854231,854231')
    expect(families(['HS2012', 'HS2017'], home).files).toEqual([])
    expect(families(['HS2012', 'HS2022'], home).of('HS2022', '854231')?.label).toBe('854231')
    expect(families(['HS2012', 'HS2022'], home).of('HS2022', '854232')).toBeUndefined()
    expect(families(['HS2017', 'HS2022']).of('HS2022', '854232')?.label).toBe('854232')
  })

  test.each([
    ['a lost zero', 'HS2017,HS2022,10121,010121', 3, 'was a leading zero lost'],
    ['a word for a code', 'HS2017,HS2022,010121,horses', 3, '"horses" has not six digits'],
    ['a missing code', 'HS2017,HS2022,010121', 3, 'has not six digits'],
    ['another edition', 'HS2017,HS2027,010121,010121', 3, '"HS2027" is no edition'],
    ['editions that are no neighbours', 'HS2012,HS2022,010121,010121', 3, 'HS2012 and HS2022 are not neighbours'],
    [
      'a word behind other line ends',
      'HS2017,HS2022,854232,854232\r\nHS2017,HS2022,010121,horses\r',
      4,
      'has not six digits',
    ],
    ['an open quotation', '"HS2017,HS2022,010121,010121', 3, 'Quote'],
  ])('%s is refused where it stands', (_, row, line, message) => {
    own('HS2017,HS2022,854231,854231', row)
    expect(read).toThrow(Refusal)
    expect(read).toThrow(`own.csv, line ${line}, column `)
    expect(read).toThrow(message)
  })

  test('the table of conversions, one target a code, is refused by its header', () => {
    for (const header of ['From HS2022,To HS2017', 'HS2022,HS2017']) {
      writeFileSync(file, `${header}\n854151,851712\n`)
      expect(read).toThrow('own.csv, line 1, column 1: the columns are')
      expect(read).toThrow('telephones of chip sensors')
    }
  })

  test('an empty file, a workbook, and two files for one pair of editions are refused', () => {
    writeFileSync(file, '')
    expect(read).toThrow('own.csv, line 1, column 1: no header')
    own()
    expect(read).toThrow('own.csv, line 1, column 1: no links')
    step('HS2017', 'HS2022', '854231,854231')
    writeFileSync(join(folder, 'second.csv'), 'HS2022,HS2017,Relationship\n854231,854231,1:1\n')
    expect(read).toThrow(`second.csv, line 1, column 1: links from HS2017 to the next edition stand in ${file} too`)
    writeFileSync(join(folder, 'a.xlsx'), '')
    expect(read).toThrow('a.xlsx, line 1, column 1: not a CSV file')
  })
})
