/**
 * Compiles the shipped reference tables that derive from publishers' files: `npm run compile-reference`.
 * Reads CHOKEPOINT_TEST_DATA (default ../shared/data) and the folder of methods beside it; writes data/reference.
 * Tables written by hand (codes-by-hand.csv, economy-groups.csv) are read, never written.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'

type Row = Record<string, string>

const data = process.env['CHOKEPOINT_TEST_DATA'] ?? '../shared/data'
const methods = join(data, '..', 'methods')
const out = 'data/reference'
const read = (path: string): Row[] => parse(readFileSync(path), { columns: true, bom: true })
const write = (name: string, rows: readonly Row[]) =>
  writeFileSync(join(out, name), stringify(rows as Row[], { header: true }))

const baciCountries = read(join(data, 'hs-reference', 'baci_country_codes_V202201.csv'))
const iso = 'ISO 3166-1, names by Unicode CLDR'

// ISO 3166-1 economies that the publisher's list lacks or folds into another.
const further: readonly [string, string, string][] = [
  ['TWN', 'TW', '158'],
  ['LIE', 'LI', '438'],
  ['MCO', 'MC', '492'],
  ['PRI', 'PR', '630'],
  ['GLP', 'GP', '312'],
  ['GUF', 'GF', '254'],
  ['MTQ', 'MQ', '474'],
  ['REU', 'RE', '638'],
  ['MYT', 'YT', '175'],
  ['ALA', 'AX', '248'],
  ['GGY', 'GG', '831'],
  ['JEY', 'JE', '832'],
  ['IMN', 'IM', '833'],
  ['SJM', 'SJ', '744'],
  ['VAT', 'VA', '336'],
  ['ESH', 'EH', '732'],
  ['MAF', 'MF', '663'],
  ['BVT', 'BV', '74'],
  ['HMD', 'HM', '334'],
  ['ATA', 'AQ', '10'],
  ['SGS', 'GS', '239'],
  ['UMI', 'UM', '581'],
  ['VIR', 'VI', '850'],
  ['XKX', 'XK', '412'],
  ['HKG', 'HK', '344'],
  ['MAC', 'MO', '446'],
  ['BES', 'BQ', '535'],
  ['BWA', 'BW', '72'],
  ['LSO', 'LS', '426'],
  ['NAM', 'NA', '516'],
  ['SWZ', 'SZ', '748'],
  ['LUX', 'LU', '442'],
  ['BEL', 'BE', '56'],
  ['SSD', 'SS', '728'],
  ['SDN', 'SD', '729'],
  ['USA', 'US', '840'],
  ['FRA', 'FR', '250'],
  ['IND', 'IN', '356'],
  ['CHE', 'CH', '756'],
  ['NOR', 'NO', '578'],
  ['ITA', 'IT', '380'],
  ['FRO', 'FO', '234'],
  ['ATF', 'TF', '260'],
  ['ASM', 'AS', '16'],
  ['GUM', 'GU', '316'],
]

// Spellings that no list of names has, and names that a newspaper would print instead of the list's.
const spelling: Row = {
  CIV: 'Côte d’Ivoire',
  HKG: 'Hong Kong',
  MAC: 'Macao',
  COD: 'DR Congo',
  COG: 'Congo',
  MMR: 'Myanmar',
  PSE: 'Palestine',
  BIH: 'Bosnia and Herzegovina',
  TTO: 'Trinidad and Tobago',
  STP: 'São Tomé and Príncipe',
  KNA: 'St Kitts and Nevis',
  VCT: 'St Vincent and the Grenadines',
  ATG: 'Antigua and Barbuda',
}
const further_names: Record<string, string> = {
  RUS: 'Russian Federation',
  KOR: 'Korea;Republic of Korea;Korea, Rep.',
  PRK: 'DPRK;Democratic People’s Republic of Korea',
  USA: 'America;USA;US;United States of America;U.S.',
  GBR: 'UK;Britain;Great Britain;England',
  ARE: 'UAE;Emirates',
  TUR: 'Turkey;Turkiye',
  MMR: 'Burma',
  SWZ: 'Swaziland',
  CZE: 'Czech Republic',
  NLD: 'Holland',
  CIV: "Ivory Coast;Cote d’Ivoire;Cote d'Ivoire",
  CPV: 'Cabo Verde',
  TLS: 'East Timor',
  MKD: 'Macedonia',
  TWN: 'Chinese Taipei;Other Asia, nes;Taiwan Province of China',
  CHN: 'PRC;People’s Republic of China;Mainland China',
  VNM: 'Viet Nam',
  LAO: 'Lao PDR',
  IRN: 'Islamic Republic of Iran',
  SYR: 'Syrian Arab Republic',
  BOL: 'Plurinational State of Bolivia',
  VEN: 'Bolivarian Republic of Venezuela',
  TZA: 'United Republic of Tanzania',
  MDA: 'Republic of Moldova',
  COD: 'Democratic Republic of the Congo;Congo, Dem. Rep.;Zaire',
  KGZ: 'Kyrgyz Republic;Kirghizia',
  BRN: 'Brunei Darussalam',
  HKG: 'Hong Kong SAR',
  MAC: 'Macau',
}
const languages = ['ru', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'uk', 'tr', 'zh', 'ja', 'ko', 'ar']
const namesIn = (language: string) => new Intl.DisplayNames([language], { type: 'region', fallback: 'none' })
const english = namesIn('en')
const others = languages.map(namesIn)

const pairs = new Map<string, [string, string]>()
for (const row of baciCountries) {
  const [alpha3, alpha2, code] = [
    row['iso_3digit_alpha'] ?? '',
    row['iso_2digit_alpha'] ?? '',
    row['country_code'] ?? '',
  ]
  if (/^[A-Z]{3}$/.test(alpha3) && /^[A-Z]{2}$/.test(alpha2) && english.of(alpha2) && !pairs.has(alpha3))
    pairs.set(alpha3, [alpha2, code])
}
for (const [alpha3, alpha2, code] of further) pairs.set(alpha3, [alpha2, code])
for (const gone of ['SUN', 'YUG', 'CSK', 'DDR', 'SCG', 'ANT', 'BLX', 'ZA1', 'N/A', 'TPE', 'PUS']) pairs.delete(gone)

const byHand = read(join(out, 'economies-by-hand.csv'))
const economies: Row[] = [...pairs]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([economy, [iso2, m49]]) => {
    const name = spelling[economy] ?? english.of(iso2) ?? economy
    const aliases = new Set([
      ...(further_names[economy]?.split(';') ?? []),
      english.of(iso2) ?? '',
      ...others.map((list) => list.of(iso2) ?? ''),
    ])
    aliases.delete(name)
    aliases.delete('')
    const note =
      economy === 'TWN' ? 'Code 490, "Other Asia, not elsewhere specified", in most sources; formally a residual' : ''
    return { economy, name, aliases: [...aliases].join(';'), iso2, m49, kind: 'economy', until: '', note, source: iso }
  })
write('economies.csv', [...economies, ...byHand])

const codeRows: Row[] = []
const add = (scheme: string, code: string, economy: string, treatment = 'economy', source = iso) =>
  codeRows.push({ scheme, code, from: '', until: '', economy, treatment, flag: '', source })
const codesByHand = read(join(out, 'economy-codes-by-hand.csv'))
const stated = new Set(codesByHand.map((row) => `${row['scheme']} ${row['code']}`))
for (const row of [...economies, ...byHand]) {
  const economy = row['economy'] as string
  const treatment = economy.startsWith('X-') ? 'unknown' : 'economy'
  for (const [scheme, code] of [
    ['chokepoint', economy],
    ['iso3', economy],
    ['imf', economy],
    ['iso2', row['iso2']],
    ['comext', row['iso2']],
    ['m49', row['m49']],
  ] as const) {
    if (code && !stated.has(`${scheme} ${code}`) && (scheme === 'chokepoint' || !economy.startsWith('X-')))
      add(scheme, code, economy, treatment)
  }
}
const named = (name: string) =>
  economies.find((row) => row['name'] === name || row['aliases']?.split(';').includes(name))?.['economy']
for (const row of economies)
  if (!stated.has(`comext-name ${row['name']}`)) add('comext-name', row['name'] as string, row['economy'] as string)
for (const file of ['eu_countries.csv', 'salys.csv']) {
  for (const row of read(join(data, 'eu-cn8-sanctioned-exports', file))) {
    const label = row['reporter'] ?? row['country'] ?? ''
    const economy = named(row['eu_country'] ?? row['name'] ?? '')
    if (
      economy &&
      !stated.has(`comext-name ${label}`) &&
      !codeRows.some((known) => known['scheme'] === 'comext-name' && known['code'] === label)
    )
      add('comext-name', label, economy, 'economy', 'Eurostat Comext, English labels')
  }
}
for (const row of read(join(data, 'imf-imts-russia', 'RU_trade.csv'))) {
  const code = row['COUNTERPART_COUNTRY.ID'] as string
  if (
    /^GX?\d+$/.test(code) &&
    code !== 'G001' &&
    !codeRows.some((known) => known['scheme'] === 'imf' && known['code'] === code)
  )
    add('imf', code, 'GROUP', 'aggregate', `IMF: ${row['COUNTERPART_COUNTRY']}`)
}
write('economy-codes.csv', [...codeRows, ...codesByHand])

const product = read(join(methods, 'product-groups.csv'))
const titles: Row = {
  chips: 'Integrated circuits',
  discrete: 'Discrete semiconductors',
  'chip-materials': 'Materials for chips',
  'chip-machines': 'Machines that make chips',
  network: 'Network equipment',
  handsets: 'Telephones',
  computers: 'Computers and parts',
  'navigation-space': 'Navigation and space',
  'radio-electronics': 'Radio-electronics',
}
const plain = (text: string | undefined) =>
  (text ?? '')
    .replace(/ ?\[R\]/g, ' (recalled, to verify)')
    .replace(/ ?\[[VCO]\]/g, '')
    .trim()
const groups: Row[] = []
for (const row of product) {
  const editions = row['revision'] === 'both' ? ['HS2017', 'HS2022'] : [row['revision'] as string]
  for (const edition of editions)
    groups.push({
      group: row['group'] as string,
      title: titles[row['group'] as string] ?? (row['group'] as string),
      product: row['hs6'] as string,
      edition,
      tier: row['chpl_tier'] ?? '',
      note: plain(row['note']),
      source: plain(row['source']),
    })
}
for (const row of read(join(data, 'chpl', 'chpl_described.csv')))
  groups.push({
    group: 'chpl',
    title: 'Common High Priority List, 2024-02-23',
    product: row['hs6'] as string,
    edition: 'HS2022',
    tier: row['tier'] as string,
    note: row['description'] as string,
    source: 'US Bureau of Industry and Security, Common High Priority List of 23 February 2024',
  })
const materials = new Map<string, string>()
for (const row of read(join(data, 'critical-materials-atlas', 'baci_full_30codes_2024_trade.csv')))
  materials.set(row['hs6'] as string, row['material'] as string)
for (const [code, name] of [...materials].sort(([a], [b]) => (a < b ? -1 : 1)))
  groups.push({
    group: 'critical-materials',
    title: 'Thirty critical materials',
    product: code,
    edition: 'HS2017',
    tier: '',
    note: name,
    source:
      'Thirty HS6 codes of CEPII BACI HS17 V202601, chosen by the Critical Materials Atlas (doi 10.5281/zenodo.21948855)',
  })
write('product-groups.csv', groups)

const cepii = 'CEPII BACI product codes HS17 V202201, Etalab Open Licence 2.0'
const described = read(join(data, 'hs-reference', 'baci_product_codes_HS17_V202201.csv'))
const headings = new Map<string, string>()
for (const row of described)
  if (!headings.has((row['code'] as string).slice(0, 4)))
    headings.set((row['code'] as string).slice(0, 4), (row['description'] as string).split(/[:;]/)[0] as string)
const chapters = read(join(out, 'hs-chapters-by-hand.csv'))
const hs: Row[] = [
  ...chapters.map((row) => ({
    edition: 'HS2017',
    code: row['code'] as string,
    level: '2',
    description: row['description'] as string,
    source: 'own short titles of the HS chapters',
  })),
  ...[...headings].map(([code, description]) => ({
    edition: 'HS2017',
    code,
    level: '4',
    description,
    source: `leading words of the six-digit descriptions; ${cepii}`,
  })),
  ...described.map((row) => ({
    edition: 'HS2017',
    code: row['code'] as string,
    level: '6',
    description: row['description'] as string,
    source: cepii,
  })),
]
const held = new Set(hs.map((row) => row['code']))
for (const row of groups) {
  if (row['edition'] === 'HS2022' && !held.has(row['product'] as string)) {
    held.add(row['product'] as string)
    hs.push({
      edition: 'HS2022',
      code: row['product'] as string,
      level: '6',
      description: row['note'] as string,
      source: row['source'] as string,
    })
  }
}
write('hs.csv', hs)

write(
  'exchange-rates.csv',
  read(join(data, 'exchange-rates', 'eur-usd-monthly.csv')).map((row) => ({
    month: row['month'] as string,
    currency: 'EUR',
    per_usd: row['eur_per_usd'] as string,
    source: 'US Federal Reserve, monthly averages; public domain',
  })),
)

// Published figures: economies as alpha-3 where the source names economies; two are garbled in their relay and left out.
const alpha3 = new Map(economies.map((row) => [row['iso2'], row['economy'] as string]))
const party = (text: string | undefined) =>
  (text ?? '')
    .split('+')
    .map((part) => alpha3.get(part) ?? part)
    .join('+')
const unusable = new Set(['F175', 'F220'])
write(
  'published-figures.csv',
  read(join(methods, 'published-figures.csv'))
    .filter((row) => !unusable.has(row['id'] ?? ''))
    .map((row) => ({
      ...row,
      importer: party(row['importer']),
      exporter: party(row['exporter']),
      note: plain(row['note']),
    })),
)
