import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { afterAll, describe, expect, test } from 'vitest'
import { realData } from '../../test/engines.ts'
import { economies, economyName, findEconomy } from './economies.ts'
import { economyCodes, resolveEconomyCode } from './economy-codes.ts'
import { groupMembers } from './economy-groups.ts'
import { exchangeRate } from './exchange-rates.ts'
import { findProduct, productDescription } from './nomenclature.ts'
import { findProductGroup, productGroups } from './product-groups.ts'
import { table } from './table.ts'

const home = mkdtempSync(join(tmpdir(), 'chokepoint-reference-'))
mkdirSync(join(home, 'groups'))
afterAll(() => rmSync(home, { recursive: true }))

describe('economies', () => {
  test.each(['RUS', 'ru', '643', 'Russia', 'Россия', 'russland', 'Russian Federation'])('%s is Russia', (text) => {
    expect(findEconomy(text).code).toBe('RUS')
  })

  test('a mistyped name gets the nearest', () => {
    expect(() => findEconomy('Rusxia')).toThrow('Did you mean Russia (RUS)')
    expect(() => findEconomy('germny')).toThrow('Germany (DEU)')
  })

  test('every code stands once, and unknown partners begin with X-', () => {
    const codes = economies().map((one) => one.economy)
    expect(new Set(codes).size).toBe(codes.length)
    for (const one of economies()) expect(one.kind === 'unknown').toBe(one.economy.startsWith('X-'))
    expect(economyName('X-UNMAPPED:490')).toBe('unmapped code 490')
  })
})

describe('statistical codes', () => {
  test('842 and 840 are the United States, 251 France, 699 India, 757 Switzerland, 579 Norway, 490 Taiwan with a flag', () => {
    expect(
      ['842', '840', '251', '699', '757', '579', '381', '490'].map(
        (code) => resolveEconomyCode('m49', code, 2022)?.economy,
      ),
    ).toEqual(['USA', 'USA', 'FRA', 'IND', 'CHE', 'NOR', 'ITA', 'TWN'])
    expect(resolveEconomyCode('m49', '490', 2022)?.flag).not.toBe('')
  })

  test('the world is an aggregate in the codes of each kind that writes it', () => {
    for (const [scheme, code] of [
      ['iso2', 'World'],
      ['iso2', 'WLD'],
      ['iso3', 'World'],
      ['iso3', 'W00'],
      ['m49', '0'],
      ['comext', 'WORLD'],
      ['comext-name', 'World'],
      ['imf', 'G001'],
    ] as const)
      expect(resolveEconomyCode(scheme, code, 2022), `${scheme} ${code}`).toMatchObject({ treatment: 'aggregate' })
  })

  test('NA is Namibia, EL and GR Greece, XI, XU and GB the United Kingdom, XK Kosovo', () => {
    expect(
      ['NA', 'EL', 'GR', 'XI', 'XU', 'GB', 'XK'].map((code) => resolveEconomyCode('comext', code, 2022)?.economy),
    ).toEqual(['NAM', 'GRC', 'GRC', 'GBR', 'GBR', 'GBR', 'XKX'])
  })

  test('no code of a scheme means two things in one year', () => {
    for (const scheme of ['iso3', 'iso2', 'm49', 'comext', 'comext-name', 'imf', 'chokepoint']) {
      const seen = new Map<string, { from: number; until: number; economy: string }[]>()
      for (const { code, from = 0, until = 9999, economy } of economyCodes(scheme)) {
        for (const other of seen.get(code) ?? [])
          expect(`${scheme} ${code} ${from > other.until || until < other.from || economy === other.economy}`).toBe(
            `${scheme} ${code} true`,
          )
        seen.set(code, [...(seen.get(code) ?? []), { from, until, economy }])
      }
    }
  })

  test.runIf(existsSync(realData))('every code of the publishers’ lists at hand resolves', () => {
    const read = (path: string) =>
      parse(readFileSync(join(realData, path)), { columns: true, bom: true }) as Record<string, string>[]
    const unresolved = (scheme: string, codes: (string | undefined)[]) =>
      [...new Set(codes)].filter((code) => !economyCodes(scheme).some((row) => row.code === code))
    expect(
      unresolved(
        'm49',
        read('hs-reference/baci_country_codes_V202201.csv').map((row) => row['country_code']),
      ),
    ).toEqual([])
    expect(
      unresolved(
        'm49',
        read('critical-materials-atlas/reconcile_fixtures/raw/baci/country_codes_V202601.csv').map(
          (row) => row['country_code'],
        ),
      ),
    ).toEqual([])
    expect(
      unresolved(
        'imf',
        read('imf-imts-russia/RU_trade.csv').map((row) => row['COUNTERPART_COUNTRY.ID']),
      ),
    ).toEqual([])
    const inputs = read('isi-eu-critical-inputs/eu_comext_critical_inputs_cn8_2022_2024.csv')
    expect(
      unresolved(
        'comext',
        inputs.flatMap((row) => [row['DECLARANT_ISO'], row['PARTNER_ISO']]),
      ),
    ).toEqual([])
  })
})

test('the Union has 27 members in every year, the euro area 19 in 2022 and 20 in 2023', () => {
  expect(groupMembers('EU27', 2010)).toHaveLength(27)
  expect(groupMembers('EA', 2022)).toHaveLength(19)
  expect(groupMembers('EA', 2023)).toHaveLength(20)
  expect(groupMembers('EU', 2019)).toContain('GBR')
  expect(groupMembers('EU', 2021)).not.toContain('GBR')
})

test('the Common High Priority List has 50 codes: 4, 5, 16, 9, 11 and 5 by tier', () => {
  const tiers = findProductGroup('chpl').products.map((product) => product.tier)
  expect(tiers).toHaveLength(50)
  expect(['1', '2', '3A', '3B', '4A', '4B'].map((tier) => tiers.filter((one) => one === tier).length)).toEqual([
    4, 5, 16, 9, 11, 5,
  ])
  expect(findProductGroup('critical-materials').products).toHaveLength(30)
  expect(productGroups().length).toBeGreaterThanOrEqual(11)
})

test('products are found by code or by words, and a lost zero is explained', () => {
  expect(findProduct('280530', ['280530', '280540'])).toBe('280530')
  expect(productDescription('280530')).toMatch(/rare/i)
  expect(findProduct('mercury', ['280530', '280540'])).toBe('280540')
  expect(() => findProduct('999999', ['280530'])).toThrow('no product 999999')
  expect(() => findProduct('850599', ['850511'])).toThrow(
    'Near it are 850511 (Magnets: permanent magnets and articles intended to become …)',
  )
  expect(() => findProduct('magnets', ['850511', '850519'])).toThrow('fits 2 products: 850511 (')
  expect(() => findProduct('magnets of samarium', ['850511', '280540'])).toThrow('Nearest are 850511 (')
  expect(() => findProduct('samarium', ['850511'])).toThrow('described by "samarium". Give its code')
})

test('every product of the bundled samples and shipped lists has a text of its own six digits, once an edition', () => {
  const samples = new URL('../../data/sample/', import.meta.url)
  const rows = (file: string) => {
    const bytes = readFileSync(new URL(file, samples))
    return parse(file.endsWith('.gz') ? gunzipSync(bytes) : bytes, { columns: true }) as Record<string, string>[]
  }
  const codes = [
    ...rows('critical-materials.csv').map((row) => row['product']),
    ...rows('eu-listed-exports.csv.gz').map((row) => row['product']),
    ...productGroups().flatMap((group) => group.products.map((product) => product.product)),
  ]
  const texts = table('hs.csv')
  const described = new Set(texts.map((row) => row['code']))
  expect([...new Set(codes)].filter((code) => !described.has(code))).toEqual([])
  expect([...new Set(codes)].filter((code) => !described.has(code?.slice(0, 4)))).toEqual([])
  expect(new Set(texts.map((row) => `${row['edition']} ${row['code']}`)).size).toBe(texts.length)
  expect(texts.filter((row) => row['description'] === '')).toEqual([])
})

test('a product is described as of its nomenclature', () => {
  expect(productDescription('811292', 'CN2021')).toMatch(/gallium.*hafnium/i)
  for (const since of ['CN2022', 'CN2024', 'HS2022']) {
    expect(productDescription('811292', since)).toMatch(/gallium/i)
    expect(productDescription('811292', since)).not.toMatch(/hafnium/i)
    expect(productDescription('811231', since)).toMatch(/hafnium/i)
  }
  // A number that kept its text has one row for both, eight digits read as their six, and what is unknown is the newest.
  expect(productDescription('850650', 'HS2022')).toBe(productDescription('850650', 'HS2017'))
  expect(productDescription('85171300', 'CN2022')).toBe('Smartphones')
  expect(productDescription('811292')).toBe(productDescription('811292', 'HS2022'))
  expect(productDescription('854150', 'HS2012')).toMatch(/other than photosensitive/)
  expect(productDescription('000000')).toBeUndefined()
  expect(findProduct('hafnium', ['811292', '850511'])).toBe('811292')
  expect(findProduct('drones at most 7 kg', ['880621', '880622'])).toBe('880622')
})

test('published figures carry certainty, name economies by alpha-3, and two garbled ones are left out', () => {
  const figures = new Map(table('published-figures.csv').map((row) => [row['id'], row]))
  expect(figures.get('F133')).toMatchObject({ value: '76.12', certainty: 'A', basis: 'mirror', importer: 'RUS' })
  expect(figures.has('F175')).toBe(false)
  expect(figures.has('F220')).toBe(false)
  expect(figures.size).toBe(300)
})

test('a euro month converts, an unknown one is refused', () => {
  expect(exchangeRate('2016-01', 'EUR')).toBe(0.9212)
  expect(() => exchangeRate('1999-01', 'EUR')).toThrow('from 2016-01')
})

describe('a user’s own groups', () => {
  const file = join(home, 'groups', 'mine.yaml')
  const write = (text: string) => writeFileSync(file, text)
  const good =
    'kind: economies\ngroup: NORDIC\ntitle: Nordic countries\nsource: own\nmembers: [DNK, SWE, NOR, FIN, ISL]\n'

  test('five members are found by the name of their group', () => {
    write(good)
    expect(groupMembers('NORDIC', 2022, home)).toEqual(['DNK', 'FIN', 'ISL', 'NOR', 'SWE'])
    expect(findEconomy('nordic', home)).toMatchObject({ code: 'NORDIC', kind: 'group' })
    write('kind: products\ngroup: mine\ntitle: Mine\nsource: own\nmembers: [010121, "854231"]\n')
    expect(findProductGroup('mine', home).products.map((one) => one.product)).toEqual(['010121', '854231'])
  })

  test.each([
    [good.replace('SWE', 'SWX'), 'line 5, column 16: members 2: no economy has the code "SWX"'],
    [good.replace('SWE', 'DNK'), 'members 2: "DNK" stands here twice'],
    [good.replace('NORDIC', 'EU27'), 'is the name of another group'],
    [good.replace('title', 'titel'), 'line 1'],
    [good.replace('economies', 'countries'), 'line 1, column 7'],
    [good.replace('[DNK', '&a [DNK').replace('source: own', 'source: *a'), 'anchors and aliases'],
    [`${good}colour: red\n`, 'colour'],
    [good.replace(', ISL]', ''), 'line'],
    ['kind: products\ngroup: mine\ntitle: Mine\nsource: own\nmembers: [10121]\n', 'was a leading zero lost'],
    ['', 'line 1'],
  ])('a fault is named with its place (%#)', (text, message) => {
    write(text)
    expect(() => groupMembers('NORDIC', 2022, home)).toThrow(message)
    expect(() => groupMembers('NORDIC', 2022, home)).toThrow(/mine\.yaml, line \d+, column \d+/)
  })
})
