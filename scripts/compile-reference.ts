/**
 * Compiles the shipped reference tables that derive from publishers' files: `npm run compile-reference`.
 * Reads CHOKEPOINT_TEST_DATA (default ../shared/data) and the folder of methods beside it; writes data/reference.
 * Tables written by hand (*-by-hand.csv, economy-groups.csv) are read, never written.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { further, furtherNames, spelling } from './reference/economy-names.ts'

type Row = Record<string, string>

const data = process.env['CHOKEPOINT_TEST_DATA'] ?? '../shared/data'
const methods = join(data, '..', 'methods')
const out = 'data/reference'
const read = (path: string): Row[] => parse(readFileSync(path), { columns: true, bom: true })
const write = (name: string, rows: readonly Row[]) =>
  writeFileSync(join(out, name), stringify(rows as Row[], { header: true }))

const baciCountries = read(join(data, 'hs-reference', 'baci_country_codes_V202201.csv'))
const iso = 'ISO 3166-1, names by Unicode CLDR'

const languages = ['ru', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'uk', 'tr', 'zh', 'ja', 'ko', 'ar']
const namesIn = (language: string) => new Intl.DisplayNames([language], { type: 'region', fallback: 'none' })
const english = namesIn('en')
const others = languages.map(namesIn)
/** An economy's name in the language that most people there read, such as Україна or 台灣. */
const native = (alpha2: string) => namesIn(new Intl.Locale(`und-${alpha2}`).maximize().toString()).of(alpha2) ?? ''
const plainEnglish = (alpha2: string) => (english.of(alpha2) ?? '').replace('St. ', 'St ').replace(' & ', ' and ')

// Names as publishers write them; one list has its accents encoded twice.
const official = new Map<string, Set<string>>()
const publish = (economy: string | undefined, name: string | undefined) => {
  if (!economy || !name || /\.\.\.|,? nes$/.test(name)) return
  official.set(economy, (official.get(economy) ?? new Set()).add(name.replace(/’/g, "'")))
}
for (const row of read(join(data, 'critical-materials-atlas/reconcile_fixtures/raw/baci/country_codes_V202601.csv')))
  publish(row['country_iso3'], Buffer.from(row['country_name'] ?? '', 'latin1').toString('utf8'))
for (const row of read(join(data, 'imf-imts-russia', 'RU_trade.csv')))
  publish(row['COUNTERPART_COUNTRY.ID'], row['COUNTERPART_COUNTRY'])

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
const folded = (text: string) =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[’']/g, "'").replace(/œ/g, 'oe').toLowerCase()
const listed = [...pairs].sort(([a], [b]) => (a < b ? -1 : 1))
const named = new Map<string, string>()
const claim = (economy: string, names: readonly string[]) =>
  names.filter((name) => {
    const key = folded(name)
    if (name === '' || named.has(key)) return false
    named.set(key, economy)
    return true
  })
for (const [economy, [iso2]] of listed) claim(economy, [spelling[economy] ?? plainEnglish(iso2)])
for (const row of byHand) claim(row['economy'] ?? '', [row['name'] ?? '', ...(row['aliases'] ?? '').split(';')])
const wellKnown = new Map(listed.map(([economy]) => [economy, claim(economy, furtherNames[economy]?.split(';') ?? [])]))
const economies: Row[] = listed.map(([economy, [iso2, m49]]) => {
  const aliases = [
    ...(wellKnown.get(economy) ?? []),
    ...claim(economy, [
      english.of(iso2) ?? '',
      ...(official.get(economy) ?? []),
      native(iso2),
      ...others.map((list) => list.of(iso2) ?? ''),
    ]),
  ]
  const note =
    economy === 'TWN' ? 'Code 490, "Other Asia, not elsewhere specified", in most sources; formally a residual' : ''
  const name = spelling[economy] ?? plainEnglish(iso2)
  return { economy, name, aliases: aliases.join(';'), iso2, m49, kind: 'economy', until: '', note, source: iso }
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
for (const row of economies)
  if (!stated.has(`comext-name ${row['name']}`)) add('comext-name', row['name'] as string, row['economy'] as string)
// Labels as Eurostat's tables print them, English and French: 'Iran, Islamic Republic of' is the Islamic Republic of Iran.
const meant = (label: string) => {
  const [head = '', tail = ''] = label.split(', ', 2)
  const forms = [
    label,
    label.replace(/^Iles\b/, 'Îles'),
    label.replace(/^Ile\b/, 'Île'),
    `${tail} ${head}`,
    `${tail}${head}`,
  ]
  return forms.flatMap((form) => named.get(folded(form)) ?? [])[0]
}
const caucasus = join(data, 'eu-total-exports-caucasus-ca')
const labels: [string, string][] = [
  ...read(join(data, 'eu-cn8-sanctioned-exports', 'eu_countries.csv')).map((row) => [
    row['reporter'],
    row['eu_country'],
  ]),
  ...read(join(data, 'eu-cn8-sanctioned-exports', 'salys.csv')).map((row) => [row['country'], row['name']]),
  ...read(join(caucasus, 'eu27_total_monthly_2019-01_2024-08.csv')).map((row) => [row['reporter'], row['reporter']]),
  ...read(join(caucasus, 'eu27_total_monthly_2019-01_2024-08.csv')).map((row) => [row['partner'], row['partner']]),
  ...read(join(caucasus, 'eu27_total_exports_by_partner_annual_2010_2023.csv')).map((row) => [
    row['partner'],
    row['partner'],
  ]),
].map(([label = '', name = '']) => [label, name])
const comextNames = new Set(economies.map((row) => row['name']))
for (const [label, name] of new Map(labels)) {
  if (comextNames.has(label) || stated.has(`comext-name ${label}`)) continue
  const economy = meant(name)
  if (economy) add('comext-name', label, economy, 'economy', 'Eurostat Comext, labels of its tables')
  else console.warn(`No economy for the Comext label "${label}": state it in economy-codes-by-hand.csv`)
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
    .replace('HS2017 list in hs-reference', 'HS2017 product list of CEPII BACI')
    .replace(' (see text)', '')
    .replace(/ The description in the HS17 reference file .*/, '')
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
const atlas = join(data, 'critical-materials-atlas')
const complete = new Set(read(join(atlas, 'reconcile_fixtures', 'reconcile', 'baci_2022.csv')).map((row) => row['cmd']))
const materials = new Map<string, string>()
const { codes } = JSON.parse(readFileSync(join(atlas, 'critical_codes.json'), 'utf8')) as { codes: Row[] }
for (const { hs6 = '', material = '', form = '' } of codes) {
  if (!complete.has(hs6)) continue
  const name = material === 'cokingcoal' ? 'coking coal' : material
  const known = materials.get(hs6)?.replace(/ \(.*/, '')
  materials.set(
    hs6,
    `${known ? `${known}, ` : ''}${name} (${form.replace(/ \((.*)\)/, ', $1').replace('HS-6 broad', 'among other goods')})`,
  )
}
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
// What the six-digit descriptions of a heading begin with, the first three of them.
const headings = new Map<string, string[]>()
for (const { code = '', description = '' } of described) {
  const leading = description.split(/[:;]/)[0] ?? ''
  const known = headings.get(code.slice(0, 4)) ?? []
  if (!known.includes(leading)) headings.set(code.slice(0, 4), [...known, leading])
}
const heading = (leading: readonly string[]) => leading.slice(0, 3).join('; ') + (leading.length > 3 ? ' …' : '')
const chapters = read(join(out, 'hs-chapters-by-hand.csv'))
// A code by hand stands in the place of the publisher's, whose list merges 2710 and words 854150 after an older edition.
const inEdition = (row: Row) => `${row['edition']} ${row['code']}`
const hsByHand = read(join(out, 'hs-codes-by-hand.csv')).map((row) => ({ ...row, level: String(row['code']?.length) }))
const replaced = new Set(hsByHand.map(inEdition))
const hs: Row[] = [
  ...chapters.map((row) => ({
    edition: 'HS2017',
    code: row['code'] as string,
    level: '2',
    description: row['description'] as string,
    source: 'own short titles of the HS chapters',
  })),
  ...[...headings].map(([code, leading]) => ({
    edition: 'HS2017',
    code,
    level: '4',
    description: heading(leading),
    source: `leading words of the six-digit descriptions; ${cepii}`,
  })),
  ...described.map((row) => ({
    edition: 'HS2017',
    code: row['code'] as string,
    level: '6',
    description: row['description'] as string,
    source: cepii,
  })),
].filter((row) => !replaced.has(inEdition(row)))
const place = (row: Row) => `${row['edition']} ${row['level']} ${row['code']}`
write(
  'hs.csv',
  [...hs, ...hsByHand].sort((a, b) => (place(a) < place(b) ? -1 : 1)),
)

write(
  'exchange-rates.csv',
  read(join(data, 'exchange-rates', 'eur-usd-monthly.csv')).map((row) => ({
    month: row['month'] as string,
    currency: 'EUR',
    per_usd: (row['eur_per_usd'] ?? '').trim(),
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
