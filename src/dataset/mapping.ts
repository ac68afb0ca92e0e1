import { readFileSync } from 'node:fs'
import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { Refusal } from '../refusal.ts'

const whole = (error: string) =>
  z.union(
    [
      z
        .string()
        .regex(/^[1-9]\d{0,8}$/)
        .transform(Number),
      z.int().min(1).max(999_999_999),
    ],
    { error },
  )
const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .or(z.boolean())

/**
 * How a table becomes flows: which column is what, and what the table does not say of itself. Sources are such values
 * with a way to recognise their files; a user's own is a YAML file of the same words.
 */
export const mappingSchema = z.strictObject({
  title: z.string().default(''),
  publisher: z.string().default(''),
  vintage: z.string().default(''),
  licence: z.string().default(''),
  url: z.string().default(''),
  note: z.string().default(''),
  frequency: z.enum(['year', 'month']),
  currency: z.string().regex(/^[A-Z]{3}$/, 'three capital letters, such as USD'),
  valuation: z.enum(['FOB', 'CIF', 'CIF imports, FOB exports', 'reconciled', 'unknown']).default('unknown'),
  /** One unit of the value column in currency units: 1000 for thousand dollars. */
  unit: whole('a whole number of currency units, such as 1000').default(1),
  mass_unit: z.enum(['t', 'kg', 'g']).default('kg'),
  /** The side that reports, where the table has no flow column. */
  side: z.enum(['importer', 'exporter', 'reconciled']).optional(),
  /** Digits of the product codes, where they are not the codes' own length; 0 with no product column. */
  edition: z.string().default('none'),
  partners_complete: flag.default(false),
  products_complete: flag.default(false),
  /** A published world total is compared with its parts, and the rest kept as an unknown supplier. */
  world_check: flag.default(false),
  /** Scheme of the economies' codes. */
  codes: z.enum(['iso3', 'iso2', 'm49', 'comext', 'comext-name', 'imf', 'chokepoint']),
  /** Words of the flow column. */
  flows: z.record(z.string(), z.enum(['import', 'export', 're-export', 're-import'])).default({}),
  /** The columns that are periods: a pattern their names match, for tables with a column a period. */
  period_columns: z.string().optional(),
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
    flow: z.string().optional(),
    product: z.string().optional(),
    value: z.string().optional(),
    mass: z.string().optional(),
    quantity: z.string().optional(),
    quantity_unit: z.string().optional(),
    status: z.string().optional(),
    edition: z.string().optional(),
    side: z.string().optional(),
  }),
})

export type Mapping = z.output<typeof mappingSchema>

/** Read a user's mapping. Everything is text in it, so `NO` stays Norway and `010121` keeps its zero. */
export function readMapping(file: string): Mapping {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new Refusal('refused', 'mapping/unreadable', `${file}: cannot be read. --mapping takes a YAML file`)
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, maxAliasCount: 0 } as never)
  const at = (offset: number | undefined) => {
    const place = lines.linePos(offset ?? 0)
    return `${file}, line ${place.line}, column ${place.col}`
  }
  const first = document.errors[0]
  if (first) throw new Refusal('refused', 'mapping/yaml', `${at(first.pos[0])}: ${first.message.split('\n')[0]}`)
  const parsed = mappingSchema.safeParse(document.toJS({ maxAliasCount: 0 }))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const path = issue?.path.map(String) ?? []
    const node = document.getIn(path, true) as { range?: [number] } | undefined
    throw new Refusal(
      'refused',
      'mapping/invalid',
      `${at(node?.range?.[0])}: ${path.join('.') || 'mapping'}: ${issue?.message}`,
    )
  }
  checkMapping(parsed.data, file)
  return parsed.data
}

/** What a mapping must name: a period, two economies, a value, and whose report it is. */
export function checkMapping(mapping: Mapping, file: string): void {
  const has = mapping.columns
  const lacking: string[] = []
  if (!has.period && !has.year && !mapping.period_columns) lacking.push('columns.period (or year, or period_columns)')
  if (!mapping.period_columns && !has.value) lacking.push('columns.value')
  const pair = (has.exporter && has.importer) || (has.reporter && has.partner)
  if (!pair) lacking.push('columns.exporter and columns.importer, or columns.reporter and columns.partner')
  if (has.reporter && !has.flow) lacking.push('columns.flow, with flows: {word: import|export}')
  if (has.exporter && !mapping.side && !has.side) lacking.push('side (importer, exporter or reconciled)')
  if (lacking.length > 0) throw new Refusal('refused', 'mapping/incomplete', `${file}: missing ${lacking.join('; ')}`)
}
