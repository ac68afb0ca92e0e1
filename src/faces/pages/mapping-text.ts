/** What a column of a table of flows may be. */
export const roles = [
  ['period', 'Period'],
  ['importer', 'Importer'],
  ['exporter', 'Exporter'],
  ['reporter', 'Reporter'],
  ['partner', 'Partner'],
  ['flow', 'Import or export'],
  ['product', 'Product'],
  ['value', 'Value'],
  ['mass', 'Mass'],
] as const
export type Role = (typeof roles)[number][0]

/** What a table does not say of itself, with the words that a mapping has for it. */
export const settings = [
  ['frequency', 'Its periods are', ['year', 'month']],
  ['codes', 'Economies by', ['iso3', 'iso2', 'm49', 'comext', 'comext-name', 'imf', 'chokepoint']],
  ['side', 'Reported by', ['importer', 'exporter', 'reconciled']],
  ['valuation', 'Valuation', ['unknown', 'FOB', 'CIF', 'CIF imports, FOB exports', 'reconciled']],
  [
    'edition',
    'Product codes of',
    ['none', 'HS2022', 'HS2017', 'HS2012', 'HS2007', 'HS2002', 'HS1996', 'HS1992', 'CN{year}'],
  ],
  ['mass_unit', 'Mass in', ['kg', 't', 'g']],
] as const
export type Setting = (typeof settings)[number][0]

/** What a reader says of a table that no source knows. */
export interface Said {
  readonly columns: Readonly<Partial<Record<Role, string>>>
  readonly settings: Readonly<Record<Setting, string>>
  readonly currency: string
  /** One unit of the value column, in currency units. */
  readonly unit: string
  readonly partners_complete: boolean
  readonly products_complete: boolean
  /** Words of the column that says import or export. */
  readonly flows: Readonly<Record<string, string>>
}

const names: Readonly<Record<Role, RegExp>> = {
  period: /^(period|date|month|year|time|refyear|yyyymm|t)\b/i,
  importer: /^(importer|buyer|destination|importing|j$)/i,
  exporter: /^(exporter|seller|supplier|origin|exporting|i$)/i,
  reporter: /^(reporter|declarant|reporting)/i,
  partner: /^partner/i,
  flow: /flow/i,
  product: /^(product|hs|cn\d|commodity|cmd|code|k$)/i,
  value: /(value|usd|eur|amount|^v$)/i,
  mass: /(mass|weight|tonne|netw|^kg|^q$)/i,
}

/** The same where a column says import or export: a row then has who reports and its partner. */
const sided: Readonly<Partial<Record<Role, RegExp>>> = {
  importer: /^$/,
  exporter: /^$/,
  reporter: /^(reporter|declarant|reporting|country|economy|area)/i,
  partner: /^(partner|counterpart|origin|destination)/i,
}

const directions: readonly (readonly [RegExp, string])[] = [
  [/^re.?ex/i, 're-export'],
  [/^re.?im/i, 're-import'],
  [/^(im|m|1|i$)/i, 'import'],
  [/^(ex|x|2|e$)/i, 'export'],
]

/** The words of a column among the first rows. */
const wordsOf = (columns: readonly string[], rows: readonly (readonly string[])[], column: string | undefined) =>
  column === undefined ? [] : [...new Set(rows.map((row) => row[columns.indexOf(column)] ?? ''))].filter(Boolean)

/** The words of a column that say import or export, with what each seems to mean. */
export const flowsOf = (
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  column: string | undefined,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    wordsOf(columns, rows, column).map((word) => [word, directions.find(([form]) => form.test(word))?.[1] ?? 'import']),
  )

/** Of columns named so, one with months is the period: a year beside it is only the year of a month. */
const monthly = /^(period|refperiod|yyyymm|month|time)\b/i
const month = /^\d{4}-?(0[1-9]|1[0-2])(-?\d{2})?$/

/** A first guess, from the names of the columns and the first rows. */
export function guessed(columns: readonly string[], rows: readonly (readonly string[])[]): Said {
  const all = (column: string | undefined, form: RegExp) => {
    const words = wordsOf(columns, rows, column)
    return words.length > 0 && words.every((word) => form.test(word))
  }
  // What is true or false says something of a row, such as whether its mass is an estimate, and is no part of a flow.
  const isFlag = (name: string) => all(name, /^(true|false)$/i) || (/^[Ii]s[A-Z_]/.test(name) && all(name, /^[01]$/))
  const taken = new Set(columns.filter(isFlag))
  const found: Partial<Record<Role, string>> = {}
  const months = columns.find((name) => monthly.test(name) && all(name, month))
  if (months !== undefined) {
    found.period = months
    taken.add(months)
  }
  const forms = columns.some((name) => names.flow.test(name)) ? { ...names, ...sided } : names
  for (const [role] of roles) {
    if (found[role] !== undefined) continue
    const column = columns.find((name) => !taken.has(name) && forms[role].test(name))
    if (column === undefined) continue
    found[role] = column
    taken.add(column)
  }
  const economy = found.importer ?? found.reporter
  const codes = all(economy, /^[A-Z]{2}$/) ? 'iso2' : all(economy, /^\d+$/) ? 'm49' : 'iso3'
  return {
    columns: found,
    settings: {
      frequency: found.period === undefined || all(found.period, /^\d{4}$/) ? 'year' : 'month',
      codes,
      side: 'importer',
      valuation: 'unknown',
      edition: 'none',
      mass_unit: 'kg',
    },
    currency: /eur/i.test(found.value ?? '') ? 'EUR' : 'USD',
    unit: '1',
    partners_complete: false,
    products_complete: false,
    flows: flowsOf(columns, rows, found.flow),
  }
}

/** A text as YAML takes it whatever stands in it: as JSON writes it. */
const quoted = (text: string) => JSON.stringify(text)

/** The mapping that says the same, in YAML. */
export function mappingText(said: Said): string {
  const { columns, currency, unit, flows } = said
  const named = roles.flatMap(([role]) => (columns[role] ? [`  ${role}: ${quoted(columns[role])}`] : []))
  // Whose report a row is, its own columns say; otherwise the table has one side.
  const sided = columns.reporter === undefined
  const stated = settings.flatMap(([name]) =>
    (name === 'side' && !sided) || (name === 'mass_unit' && columns.mass === undefined)
      ? []
      : [`${name}: ${quoted(said.settings[name])}`],
  )
  const words = Object.entries(flows)
  return [
    ...stated,
    `currency: ${quoted(currency)}`,
    `unit: ${quoted(unit)}`,
    `partners_complete: ${said.partners_complete}`,
    `products_complete: ${said.products_complete}`,
    ...(columns.flow !== undefined && words.length > 0
      ? ['flows:', ...words.map(([word, direction]) => `  ${quoted(word)}: ${direction}`)]
      : []),
    'columns:',
    ...named,
    '',
  ].join('\n')
}
