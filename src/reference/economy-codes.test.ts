import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { realData } from '../../test/engines.ts'
import { economies, findEconomy } from './economies.ts'
import { economyCodes, resolveEconomyCode } from './economy-codes.ts'
import { economyGroups, groupMembers } from './economy-groups.ts'
import { table } from './table.ts'

const economyOf = (scheme: string, code: string, year = 2022) => resolveEconomyCode(scheme, code, year)?.economy

test('4, 04 and 004 are Afghanistan, 0 and 000 the world', () => {
  expect(['4', '04', '004'].map((code) => economyOf('m49', code))).toEqual(['AFG', 'AFG', 'AFG'])
  expect(resolveEconomyCode('m49', '000', 2022)).toMatchObject({ economy: 'WLD', treatment: 'aggregate' })
})

test('492 is what the sources mean by it, a remainder of Europe, and not Monaco', () => {
  expect(resolveEconomyCode('m49', '492', 2022)).toMatchObject({ economy: 'X-REGION', treatment: 'unknown' })
  expect(findEconomy('MCO').code).toBe('MCO')
})

test('a reader may write 842, 490 or 004', () => {
  expect(['842', '490', '004', '643'].map((code) => findEconomy(code).code)).toEqual(['USA', 'TWN', 'AFG', 'RUS'])
})

test('588 is Pakistan, 647 Japan and 532 the Netherlands Antilles, as they were', () => {
  expect(['588', '647', '532'].map((code) => economyOf('m49', code, 1970))).toEqual(['PAK', 'JPN', 'ANT'])
})

test('to 1998 BE is Belgium-Luxembourg, CS is Czechoslovakia to 1992 and Serbia and Montenegro after', () => {
  expect([1998, 1999].map((year) => economyOf('comext', 'BE', year))).toEqual(['BLX', 'BEL'])
  expect([1992, 2004].map((year) => economyOf('comext', 'CS', year))).toEqual(['CSK', 'SCG'])
})

test('every code means a listed economy, the world or a group, and unknown is what begins with X-', () => {
  const listed = new Set(economies().map((one) => one.economy))
  for (const { economy, treatment, code } of ['iso3', 'iso2', 'm49', 'comext', 'comext-name', 'imf'].flatMap(
    economyCodes,
  )) {
    expect(treatment === 'aggregate' ? ['WLD', 'GROUP'].includes(economy) : listed.has(economy), code).toBe(true)
    expect(treatment === 'unknown', code).toBe(economy.startsWith('X-'))
  }
})

test('every row of a shipped table has its source', () => {
  for (const name of ['economies', 'economy-codes', 'economy-groups', 'product-groups', 'hs', 'exchange-rates'])
    expect(table(`${name}.csv`).filter((row) => !row['source'])).toEqual([])
})

test('no name belongs to two economies, and none reads as another’s code', () => {
  const owner = new Map<string, string>()
  for (const { economy, name, aliases } of economies()) {
    for (const one of [name, ...aliases]) {
      expect([economy, undefined], one).toContain(owner.get(one.toLowerCase()))
      owner.set(one.toLowerCase(), economy)
      expect(findEconomy(one).code, one).toBe(one === 'EU' ? 'EU' : economy)
    }
  }
})

test('members of groups are economies; BRICS had 4 in 2009, 5 in 2023, 10 in 2025; the coalition 39', () => {
  const listed = new Set(economies().map((one) => one.economy))
  for (const { members } of economyGroups()) for (const { economy } of members) expect(listed).toContain(economy)
  expect([2009, 2023, 2025].map((year) => groupMembers('BRICS', year).length)).toEqual([4, 5, 10])
  expect(groupMembers('COALITION', 2024)).toHaveLength(39)
  expect(groupMembers('COALITION', 2021)).toEqual([])
  expect(groupMembers('ASEAN', 2025)).toContain('TLS')
})

describe.runIf(existsSync(realData))('labels of Eurostat’s tables', () => {
  const totals = 'eu-total-exports-caucasus-ca'
  test.each([
    [`${totals}/eu27_total_exports_by_partner_annual_2010_2023.csv`, 'partner', 418],
    [`${totals}/eu27_total_monthly_2019-01_2024-08.csv`, 'reporter', 32],
    [`${totals}/eu27_total_monthly_2019-01_2024-08.csv`, 'partner', 5],
    ['eu-cn8-sanctioned-exports/eu_countries.csv', 'reporter', 27],
    ['eu-cn8-sanctioned-exports/salys.csv', 'country', 7],
  ])('%s, %s: all %i resolve', (path, column, count) => {
    const rows = parse(readFileSync(join(realData, path)), { columns: true, bom: true }) as Record<string, string>[]
    const labels = [...new Set(rows.map((row) => row[column] ?? ''))]
    expect(labels).toHaveLength(count)
    expect(labels.filter((label) => !economyOf('comext-name', label))).toEqual([])
  })

  test('Congo and the Democratic Republic, both Koreas and Guineas stay apart in French and English', () => {
    const pairs = [
      'Congo',
      'Congo, Democratic Republic of',
      'Congo, République démocratique du',
      'Guinée équatoriale',
      'Guinée',
      'Corée, République de',
      'Corée, République populaire démocratique de',
      'Dominique',
      'République dominicaine',
    ]
    expect(pairs.map((label) => economyOf('comext-name', label))).toEqual([
      'COG',
      'COD',
      'COD',
      'GNQ',
      'GIN',
      'KOR',
      'PRK',
      'DMA',
      'DOM',
    ])
  })
})
