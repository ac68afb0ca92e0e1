import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { Refusal } from '../refusal.ts'
import { groupMembers } from './economy-groups.ts'
import { findProductGroup } from './product-groups.ts'
import { userGroups } from './user-groups.ts'

const home = mkdtempSync(join(tmpdir(), 'chokepoint-groups-'))
const folder = join(home, 'groups')
const write = (text: string, name = 'own.yaml') => writeFileSync(join(folder, name), text)
const group = (kind: string, ...members: string[]) =>
  [`kind: ${kind}`, 'group: OWN', 'title: Our own', 'source: us', 'members:', ...members.map((one) => `  - ${one}`), '']
    .join('\n')
    .toString()

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
})
afterAll(() => rmSync(home, { recursive: true }))

test('a home without a folder of groups has none', () => {
  expect(userGroups(undefined)).toEqual([])
  expect(userGroups(join(home, 'elsewhere'))).toEqual([])
})

test('Croatia belongs from 2013, the United Kingdom until 2020', () => {
  write(group('economies', 'FRA', '{ economy: HRV, from: 2013 }', '{ economy: GBR, until: 2020 }'))
  expect(groupMembers('OWN', 2012, home)).toEqual(['FRA', 'GBR'])
  expect(groupMembers('OWN', 2013, home)).toEqual(['FRA', 'GBR', 'HRV'])
  expect(groupMembers('OWN', 2021, home)).toEqual(['FRA', 'HRV'])
})

test('010121 keeps its zero, and one code may stand once in each of two editions', () => {
  write(
    group(
      'products',
      '010121',
      '{ product: 854231, edition: HS2017, tier: 1 }',
      '{ product: 854231, edition: HS2022, note: chips }',
    ),
  )
  expect(findProductGroup('own', home).products).toEqual([
    { product: '010121', edition: '', tier: '', note: '' },
    { product: '854231', edition: 'HS2017', tier: '1', note: '' },
    { product: '854231', edition: 'HS2022', tier: '', note: 'chips' },
  ])
})

test.each([
  ['an economy by alpha-2', group('economies', 'FRA', 'NO'), 7, 5, 'alpha-3 code in capital letters'],
  ['an economy that is none', group('economies', 'FRA', 'XQQ'), 7, 5, 'no economy has the code "XQQ"'],
  ['an economy twice', group('economies', 'FRA', 'DEU', 'FRA'), 8, 5, '"FRA" stands here twice'],
  ['years that end before they begin', group('economies', '{ economy: FRA, from: 2020, until: 2019 }'), 6, 5, '2019'],
  ['an unknown key of a member', group('economies', '{ economy: FRA, since: 2020 }'), 6, 21, 'unknown key "since"'],
  ['a product of five digits', group('products', '010121', '10121'), 7, 5, 'was a leading zero lost'],
  ['an edition that is none', group('products', '{ product: 854231, edition: H6 }'), 6, 33, 'HS2017 or CN2022'],
  ['an unknown key', `${group('products', '854231')}colour: red\n`, 7, 1, 'unknown key "colour"'],
  ['a merge key', `${group('products', '854231')}<<: { tier: 1 }\n`, 7, 1, 'unknown key "<<"'],
  ['an anchor', group('products', '&one 854231', '*one'), 6, 10, 'anchors and aliases'],
  ['a key twice', `${group('products', '854231')}title: again\n`, 7, 1, 'unique'],
  ['no source', group('products', '854231').replace('source: us\n', ''), 1, 1, 'source: missing'],
  ['no members', group('products').replace('members:', 'members: []'), 5, 10, 'at least one member'],
  ['another kind', group('regions', 'FRA'), 1, 7, 'economies or products'],
  [
    'the name of a shipped group',
    group('products', '854231').replace('OWN', 'Chips'),
    2,
    8,
    'the name of another group',
  ],
  ['the name of an economy', group('economies', 'FRA').replace('OWN', 'rus'), 2, 8, 'of an economy'],
  ['a list without a name', '- FRA\n', 1, 1, 'not a mapping of keys and values'],
  ['a broken quotation', group('products', '"854231'), 7, 1, 'quote'],
])('%s is refused where it stands', (_, text, line, column, message) => {
  write(text)
  expect(() => userGroups(home)).toThrow(Refusal)
  expect(() => userGroups(home)).toThrow(`own.yaml, line ${line}, column ${column}: `)
  expect(() => userGroups(home)).toThrow(message)
})

test('two files may not give one name', () => {
  write(group('economies', 'FRA'), 'a.yaml')
  write(group('products', '854231'), 'b.yaml')
  expect(() => userGroups(home)).toThrow('b.yaml, line 2, column 8')
})
