import { readFileSync } from 'node:fs'
import { type DuckDBConnection, INTEGER, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { economyCodes } from '../reference/economy-codes.ts'
import { Refusal } from '../refusal.ts'
import { type Loading, rowsOf } from './loading.ts'
import type { Mapping } from './mapping.ts'
import { whereIs } from './places.ts'
import type { Staged } from './staging.ts'

const resolve = readFileSync(new URL('./resolve.sql', import.meta.url), 'utf8')

/** A spelling of a code and what it stands for in the years from-until, both included. */
interface Spelling {
  readonly label: string
  readonly code: string
  readonly from: number
  readonly until: number
  readonly economy: string
  readonly treatment: string
}

/**
 * The spellings of a scheme's codes, and of those that a mapping names itself.
 * @throws Error where one means two things in one year: a row would count twice
 */
function spellingsOf(mapping: Mapping): Spelling[] {
  const seen = new Set<string>()
  const own = mapping.economies ?? {}
  const listed = Object.entries(own).map(([label, economy]) => ({
    code: label,
    label,
    from: undefined,
    until: undefined,
    economy,
    treatment:
      economy === 'WLD' || economy === 'GROUP' ? 'aggregate' : economy.startsWith('X-') ? 'unknown' : 'economy',
  }))
  const codes = economyCodes(mapping.codes).flatMap((row) => {
    const code = mapping.codes === 'm49' ? row.code.replace(/^0+(?=\d)/, '') : row.code
    const labels = mapping.codes === 'm49' ? new Set([code, code.padStart(3, '0')]) : [code]
    return [...labels]
      .filter((label) => {
        const key = `${label} ${row.from ?? ''} ${row.economy}`
        return !seen.has(key) && seen.add(key)
      })
      .map((label) => ({ ...row, label, code }))
  })
  const before = new Map<string, Spelling[]>()
  const all = [...codes.filter(({ label }) => own[label] === undefined), ...listed].map((row) => ({
    ...row,
    from: row.from ?? 0,
    until: row.until ?? 9999,
  }))
  for (const one of all) {
    const like = before.get(one.label) ?? []
    if (like.some((other) => one.from <= other.until && other.from <= one.until))
      throw new Error(`economy codes overlap in time: ${mapping.codes} ${one.label}`)
    before.set(one.label, [...like, one])
  }
  return all
}

/**
 * Make `spelling`, the scheme's codes with their years, and the type `code_text` of all their spellings. Whatever stands
 * for many rows is a number with a name in this load: a text is compared, sorted and written at several times the cost.
 */
export async function nameCodes(db: DuckDBConnection, mapping: Mapping): Promise<void> {
  const all = spellingsOf(mapping)
  await nameType(
    db,
    'code_text',
    all.map((row) => row.label),
  )
  await db.run(
    `create table spelling as select cast(unnest($label) as code_text) as label, unnest($code) as code, unnest($from) as from_year,
      unnest($until) as until_year, unnest($economy) as economy, unnest($treatment) as treatment`,
    {
      label: listValue(all.map((row) => row.label)),
      code: listValue(all.map((row) => row.code)),
      from: listValue(all.map((row) => row.from)),
      until: listValue(all.map((row) => row.until)),
      economy: listValue(all.map((row) => row.economy)),
      treatment: listValue(all.map((row) => row.treatment)),
    },
    {
      label: LIST(VARCHAR),
      code: LIST(VARCHAR),
      from: LIST(INTEGER),
      until: LIST(INTEGER),
      economy: LIST(VARCHAR),
      treatment: LIST(VARCHAR),
    },
  )
}

/** Make a type of names that sort as their texts do, byte by byte. */
async function nameType(db: DuckDBConnection, type: string, names: readonly string[]): Promise<void> {
  const sorted = [...new Set(names)].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
  await db.run(
    `create type ${type} as enum (select unnest($names))`,
    { names: listValue(sorted) },
    { names: LIST(VARCHAR) },
  )
}

/**
 * Make `resolved` of `staged`: statistical codes become economies, and what is an aggregate, own trade or a level above
 * another is set aside. Returns notes on codes that no table knows, where they are kept.
 * @throws Refusal where a code is in no table and `keepUnmapped` is not asked for
 */
export async function resolveCodes(
  loading: Loading,
  mapping: Mapping,
  staged: Staged,
  keepUnmapped: boolean,
): Promise<string[]> {
  const { db } = loading
  const unknown = await nameHeld(db, mapping, staged)
  await db.run('create table marks (place bigint, reason varchar)')
  await makeResolved(loading)
  if (unknown.length === 0) return []
  const shares = await rowsOf(
    db,
    `select code, role, cast(sum(value) as double) / nullif((select cast(sum(value) as double) from resolved), 0) as part, count(*) as n from (
      select importer_code as code, 'importer' as role, value from resolved where importer in (select economy from unmapped)
      union all select exporter_code, 'exporter', value from resolved where exporter in (select economy from unmapped))
    group by all order by part desc nulls last, code`,
  )
  const first = shares
    .slice(0, 5)
    .map(
      (row) =>
        `"${row['code']}" (${row['role']}, ${row['n']} rows, ${(Number(row['part'] ?? 0) * 100).toFixed(2)} % of value)`,
    )
  const at = (await rowsOf(db, 'select count(*) as n, min(place) as first from resolved where unmapped'))[0]
  const where = await whereIs(db, staged.tables, Number(at?.['first']))
  const message = `${where}${Number(at?.['n']) > 1 ? `, the first of ${at?.['n']} rows` : ''}: ${shares.length === 1 ? 'a code is' : `${shares.length} codes are`} in no table of ${mapping.codes} codes: ${first.join(', ')}${shares.length > 5 ? ', …' : ''}`
  if (!keepUnmapped) {
    throw new Refusal(
      'refused',
      'load/unmapped',
      `${message}. Correct the code, choose another scheme in the mapping, or load with --keep-unmapped: it then stays in every total as a named unknown supplier`,
    )
  }
  return [`${message}. Kept as named unknown suppliers.`]
}

/** Make `resolved`, or make it again where `marks` have come: of few rows it is a table, which is read several times. */
export async function makeResolved({ db, small }: Loading): Promise<void> {
  await db.run(`create or replace ${small ? 'table' : 'view'} resolved as ${resolve}`)
}

/**
 * Name the economies, products, editions and units that the readable rows have; names sort as their texts do.
 * @returns codes that no table has
 */
async function nameHeld(db: DuckDBConnection, mapping: Mapping, staged: Staged): Promise<string[]> {
  const unknown = await unknownCodes(db)
  const economies = spellingsOf(mapping).map((row) => row.economy)
  const unmapped = unknown.map((text) => `X-UNMAPPED:${text}`)
  await nameType(db, 'economy', [...economies, ...unmapped, 'X-RESIDUAL'])
  await db.run(
    'create table codes as select label, from_year, until_year, code, cast(economy as economy) as economy, treatment from spelling',
  )
  await db.run(
    'create table unmapped as select unnest($text) as text, cast(unnest($economy) as economy) as economy',
    { text: listValue(unknown), economy: listValue(unmapped) },
    { text: LIST(VARCHAR), economy: LIST(VARCHAR) },
  )

  await db.run(
    'create table held as select distinct product as number, form, edition as given, period, part is null as whole from readable',
  )
  const text = `case when number = 0 then 'TOTAL' else lpad(cast(number % 10000000000 as varchar), cast(number // 10000000000 as integer), '0') end`
  await db.run('create table numbers as select distinct number from held')
  await db.run(`create type product_code as enum (select ${text} from numbers order by number)`)
  await db.run(
    `create table goods as select number, cast(${text} as product_code) as product, cast(number // 10000000000 as utinyint) as level from numbers`,
  )
  await nameEditions(db, staged)
  await db.run(`create table parents as
    select distinct d.edition, n.digits * 10000000000 + h.number % 10000000000 // cast(pow(10, h.number // 10000000000 - n.digits) as bigint) as number
    from held as h
    join editions as d on d.form = h.form and d.period = h.period and d.given is not distinct from h.given
    join (select unnest([2, 4, 6, 8]) as digits) as n on n.digits < h.number // 10000000000
    where h.whole`)

  const units = staged.columns.has('quantity_unit')
    ? 'select distinct quantity_unit as unit from readable where quantity_unit is not null union '
    : ''
  await db.run(`create type unit_name as enum (select unit from (${units}select '' as unit) order by unit)`)
  return unknown
}

/** Codes of readable rows that stand in no table for their years, in the order of their texts. */
async function unknownCodes(db: DuckDBConnection): Promise<string[]> {
  const rows = await rowsOf(
    db,
    `with held as (
       select distinct code, year
       from (select importer as code, period // 100 as year from readable union all select exporter, period // 100 from readable)
       where code is not null
     )
     select cast(h.code as varchar) as text
     from held as h anti join spelling as c on c.label = h.code and h.year between c.from_year and c.until_year
     union all select importer from others where importer is not null
     union all select exporter from others where exporter is not null`,
  )
  return [...new Set(rows.map((row) => String(row['text'])))].sort()
}

/** Make `editions`, which edition the rows of a file and a period are in, and the type of their names. */
async function nameEditions(db: DuckDBConnection, staged: Staged): Promise<void> {
  const rows = (await rowsOf(db, 'select distinct form, given, period from held')).map((row) => {
    const [form, given, period] = [Number(row['form']), row['given'] as string | null, Number(row['period'])]
    const pattern = given ?? (staged.editions[form] as string)
    return { form, given, period, edition: pattern.replaceAll('{year}', String(Math.floor(period / 100))) }
  })
  await nameType(
    db,
    'edition_name',
    rows.map((row) => row.edition),
  )
  await db.run(
    `create table editions as select unnest($form) as form, unnest($given) as given, unnest($period) as period,
       cast(unnest($edition) as edition_name) as edition`,
    {
      form: listValue(rows.map((row) => row.form)),
      given: listValue(rows.map((row) => row.given)),
      period: listValue(rows.map((row) => row.period)),
      edition: listValue(rows.map((row) => row.edition)),
    },
    { form: LIST(INTEGER), given: LIST(VARCHAR), period: LIST(INTEGER), edition: LIST(VARCHAR) },
  )
}
