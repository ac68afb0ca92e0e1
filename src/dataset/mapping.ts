import { z } from 'zod'
import { economies } from '../reference/economies.ts'
import { readYaml, type YamlFile } from '../reference/yaml-file.ts'
import type { Fault } from '../refusal.ts'
import { statusWords } from './schema.ts'

const whole = (error: string) =>
  z.union(
    [
      z
        .string()
        .regex(/^[1-9]\d{0,8}$/, error)
        .transform(Number),
      z.int().min(1).max(999_999_999),
    ],
    { error },
  )
const flow = z.enum(['import', 'export', 're-export', 're-import'])
/** What may be the same in every row. */
const rowRoles = ['reporter', 'partner', 'exporter', 'importer', 'economy', 'product'] as const
const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .or(z.boolean())

/**
 * How a table becomes flows: which column is what, and what the table does not say of itself. Sources are such values
 * with a way to recognise their files; a user's own is a YAML file of the same words.
 */
export const mappingSchema = z.strictObject({
  /** What the rows are; flows where left out. */
  kind: z.enum(['flow', 'production']).optional(),
  title: z.string().default(''),
  publisher: z.string().default(''),
  vintage: z.string().default(''),
  licence: z.string().default(''),
  url: z.string().default(''),
  note: z.string().default(''),
  /** What must be said under every answer from the table. */
  caveat: z.string().optional(),
  frequency: z.enum(['year', 'month']),
  currency: z.string().regex(/^[A-Z]{3}$/, 'three capital letters, such as USD'),
  valuation: z.enum(['FOB', 'CIF', 'CIF imports, FOB exports', 'reconciled', 'unknown']).default('unknown'),
  /** One unit of the value column in currency units: 1000 for thousand dollars. */
  unit: whole('a whole number of currency units, such as 1000').default(1),
  mass_unit: z.enum(['t', 'kg', 'g']).default('kg'),
  /** The side that reports, where the table has no flow column. */
  side: z.enum(['importer', 'exporter', 'reconciled']).optional(),
  /** The period of all rows, where no column says it. */
  period: z.string().optional(),
  /** Nomenclature of the product codes; {year} stands for each row's year. */
  edition: z.string().default('none'),
  /** Words of the edition column. */
  editions: z.record(z.string(), z.string()).optional(),
  /** Whether every partner is in the table; where it can be seen by the world totals beside them: world totals. */
  partners_complete: flag.or(z.literal('world totals')).default(false),
  products_complete: flag.default(false),
  /** A published world total is compared with its parts, and the rest kept as an unknown supplier. */
  world_check: flag.default(false),
  /** By column: the values of rows that add up. Any other row is a part of one of them, and is set aside. */
  only: z.record(z.string(), z.array(z.string())).optional(),
  /** By word: the values, all in columns named, that make it a row's status. The first that fits counts. */
  statuses: z.partialRecord(z.enum(statusWords), z.record(z.string(), z.array(z.string()))).optional(),
  /** A mass of 0 with a value is a mass that is not known. */
  zero_mass: z.literal('unknown').optional(),
  /** Numbers of rows at which the publisher cuts a table short. */
  cut_at: z.array(whole('a whole number of rows')).optional(),
  /** What contradicting rows are, where the reader does not say: parts beside their total are largest. */
  on_conflict: z.enum(['stop', 'sum', 'first', 'largest']).optional(),
  /** Scheme of the economies' codes. */
  codes: z.enum(['iso3', 'iso2', 'm49', 'comext', 'comext-name', 'imf', 'chokepoint']),
  /** Words of the flow column. */
  flows: z.record(z.string(), flow).default({}),
  /** The columns that are periods: a pattern their names match, for tables with a column a period. */
  period_columns: z.string().optional(),
  /** The columns that are flows, for tables with a column a flow; an empty cell or a 0 in one is no flow. */
  flow_columns: z.record(z.string(), flow).optional(),
  /** Of a workbook: names of the sheets that are tables of this form, where it has several. */
  sheets: z.array(z.string()).min(1).optional(),
  /** Of a workbook: the row with the names of the columns, where that is not the first. */
  header_row: whole('a number of a row, from 1').optional(),
  /** What no column says because it is the same in every row. */
  every_row: z.partialRecord(z.enum(rowRoles), z.string().min(1)).optional(),
  /** By column: the values of rows that are no flows of this table, and in words why. They are set aside. */
  except: z.record(z.string(), z.record(z.string(), z.string().min(1))).optional(),
  /** By the table's own label: the economy that it stands for; everything else is of the scheme. */
  economies: z.record(z.string(), z.string()).optional(),
  /** How a period is written, where year and month stand in other words: `(?<year>\d{4})M(?<month>\d\d)`. */
  period_pattern: z.string().optional(),
  /** Digits of every product code: one that lacks its first has lost a zero, which is put back. */
  product_digits: z.enum(['2', '4', '6', '8', '10']).optional(),
  /** Years from which this reporter's rows are estimates of the publisher. */
  estimated: z.record(z.string(), z.string()).default({}),
  columns: z.strictObject({
    period: z.string().optional(),
    year: z.string().optional(),
    month: z.string().optional(),
    exporter: z.string().optional(),
    importer: z.string().optional(),
    reporter: z.string().optional(),
    partner: z.string().optional(),
    economy: z.string().optional(),
    flow: z.string().optional(),
    product: z.string().optional(),
    value: z.string().optional(),
    mass: z.string().optional(),
    quantity: z.string().optional(),
    quantity_unit: z.string().optional(),
    status: z.string().optional(),
    edition: z.string().optional(),
    side: z.string().optional(),
    source: z.string().optional(),
  }),
})

export type Mapping = z.output<typeof mappingSchema>

/** A mapping that a user writes: complete, and of nothing but columns that can be looked for. */
const writtenSchema = mappingSchema.superRefine(tellLacking, { when: ({ value }) => typeof value === 'object' })

/**
 * Read a user's mapping. Everything is text in it, so `NO` stays Norway and `010121` keeps its zero.
 * @throws FaultyFile
 */
export function readMapping(path: string): Mapping {
  return mappingIn(path).mapping
}

/** @throws FaultyFile */
export function mappingIn(path: string): { readonly file: YamlFile; readonly mapping: Mapping } {
  const file = readYaml(path, 'mapping')
  return { file, mapping: file.as(writtenSchema) }
}

/** Note what is wrong at a part of a mapping. */
type Tell = (path: string[], message: string, code?: string) => void

/**
 * Tell what a mapping must name and does not, says twice, or says in a way that nobody understands: a period, two
 * economies, a value, and whose report it is; of production one economy. Parts of it may be wrong otherwise.
 */
function tellLacking(mapping: Partial<Mapping>, context: z.core.$RefinementCtx): void {
  const tell: Tell = (path, message, code = 'incomplete') =>
    context.addIssue({ code: 'custom', path, message, params: { code } })
  const columns = mapping.period_columns
  if (typeof columns === 'string' && !isPattern(columns))
    tell(['period_columns'], `"${columns}" is no regular expression; of four digits it is '\\d{4}'`, 'pattern')
  if (typeof mapping.period_pattern === 'string') tellPattern(mapping.period_pattern, tell)
  for (const [label, code] of entries(mapping.economies))
    if (!isEconomy(String(code)))
      tell(
        ['economies', label],
        `"${label}" is "${code}", which is no economy's code: alpha-3, X-NES or WLD`,
        'economy',
      )
  if (typeof mapping.columns !== 'object') return
  const always = Object.fromEntries(entries(mapping.every_row))
  for (const role of rowRoles)
    if (mapping.columns[role] && always[role])
      tell(['every_row', role], `${role} stands in columns and in every_row. Keep one`, 'twice')
  for (const what of lackingIn(mapping, { ...mapping.columns, ...always }, tell))
    tell(what.startsWith('side') ? [] : ['columns'], `missing ${what}`)
}

/** What a mapping lacks, in words; what it says of a value twice is told. */
function lackingIn(mapping: Partial<Mapping>, has: Mapping['columns'], tell: Tell): string[] {
  const lacking: string[] = []
  if (!has.period && !has.year && !mapping.period && !mapping.period_columns)
    lacking.push('columns.period (or year, period or period_columns)')
  if (mapping.kind === 'production') {
    if (!has.economy) lacking.push('columns.economy')
    if (!has.product) lacking.push('columns.product')
    if (!mapping.period_columns && !has.value && !has.mass) lacking.push('columns.value or columns.mass')
    return lacking
  }
  if (mapping.flow_columns) {
    const others = {
      period_columns: mapping.period_columns,
      'columns.flow': has.flow,
      'columns.value': has.value,
    }
    for (const [other, given] of Object.entries(others))
      if (given)
        tell(['flow_columns'], `flow_columns and ${other}: a column a flow holds its values. Keep one`, 'twice')
    if (has.mass || has.quantity)
      tell(['columns'], 'columns.mass or quantity beside flow_columns: of which flow? Leave it out', 'mass')
    if (!has.reporter) lacking.push('columns.reporter and columns.partner, whose flows the columns are')
  } else if (!mapping.period_columns && !has.value) lacking.push('columns.value')
  const pair = (has.exporter && has.importer) || (has.reporter && has.partner)
  if (!pair) lacking.push('columns.exporter and columns.importer, or columns.reporter and columns.partner')
  if (has.reporter && !has.flow && !mapping.flow_columns)
    lacking.push('columns.flow, with flows: {word: import|export}')
  if (has.exporter && !mapping.side && !has.side) lacking.push('side (importer, exporter or reconciled)')
  return lacking
}

/** The entries of a part that may be missing or no list of keys, which the schema tells. */
const entries = (part: object | undefined) => (typeof part === 'object' ? Object.entries(part ?? {}) : [])

/** Whether a text is the code of an economy, of an unknown partner, or WLD or GROUP for an aggregate. */
const isEconomy = (code: string) =>
  code === 'WLD' || code === 'GROUP' || economies().some((one) => one.economy === code)

function tellPattern(pattern: string, tell: Tell): void {
  const named = (group: string) => pattern.split(`(?<${group}>`).length - 1
  const wrong = (message: string) => tell(['period_pattern'], message, 'pattern')
  if (!isPattern(pattern)) wrong(`"${pattern}" is no regular expression`)
  else if (named('year') !== 1 || named('month') > 1) wrong('it names (?<year>…) once, and (?<month>…) once at most')
  else if (/\((?!\?<(?:year|month)>)/.test(pattern.replaceAll('\\(', '')))
    wrong('no groups but (?<year>…) and (?<month>…)')
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(`^(?:${text})$`) instanceof RegExp
  } catch {
    return false
  }
}

/** What of a mapping says something about a column that it does not name. */
const idle: readonly (readonly [keyof Mapping, keyof Mapping['columns'], string])[] = [
  ['mass_unit', 'mass', 'no column has masses'],
  ['flows', 'flow', 'no column says which rows are imports'],
  ['editions', 'edition', 'no column says the edition'],
]

/** What in a mapping loads and is probably not meant: keys that say something of a column which is not named. */
export function mappingDoubts({ file, mapping }: ReturnType<typeof mappingIn>): Fault[] {
  return idle.flatMap(([key, column, why]) =>
    key in file.content && mapping.columns[column] === undefined
      ? [file.doubt('idle', [], `${key}: ${why}. Add columns.${column}, or take ${key} out`, key)]
      : [],
  )
}
