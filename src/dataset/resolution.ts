import { readFileSync } from 'node:fs'
import { type DuckDBConnection, INTEGER, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { economyCodes } from '../reference/economy-codes.ts'
import { Refusal } from '../refusal.ts'
import { type Loading, rowsOf } from './loading.ts'
import type { Mapping } from './mapping.ts'
import { whereIs } from './places.ts'
import type { Staged } from './staging.ts'

const resolve = readFileSync(new URL('./resolve.sql', import.meta.url), 'utf8')

/**
 * Make `codes`, the scheme's codes with their years, and the type `code_text` of all their spellings. Whatever stands
 * for many rows is a number with a name in this load: a text is compared, sorted and written at several times the cost.
 */
export async function nameCodes(db: DuckDBConnection, mapping: Mapping): Promise<void> {
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
  const all = [...codes.filter(({ label }) => own[label] === undefined), ...listed]
  const double = overlapping(all)
  if (double) throw new Error(`economy codes overlap in time: ${mapping.codes} ${double}`)
  await db.run(
    `create table spelling as select unnest($label) as label, unnest($code) as code, unnest($from) as from_year,
      unnest($until) as until_year, unnest($economy) as economy, unnest($treatment) as treatment`,
    {
      label: listValue(all.map((row) => row.label)),
      code: listValue(all.map((row) => row.code)),
      from: listValue(all.map((row) => row.from ?? 0)),
      until: listValue(all.map((row) => row.until ?? 9999)),
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
  await db.run(
    'create type code_text as enum (select unnest($labels))',
    {
      labels: listValue([...new Set(all.map((row) => row.label))].sort()),
    },
    { labels: LIST(VARCHAR) },
  )
}

interface Spelt {
  readonly label: string
  readonly from: number | undefined
  readonly until: number | undefined
}

/** The first label that means two things in one year: a row would count twice. */
function overlapping(all: readonly Spelt[]): string | undefined {
  const before = new Map<string, Spelt[]>()
  for (const one of all) {
    const like = before.get(one.label) ?? []
    const meets = (other: Spelt) => (one.from ?? 0) <= (other.until ?? 9999) && (other.from ?? 0) <= (one.until ?? 9999)
    if (like.some(meets)) return one.label
    before.set(one.label, [...like, one])
  }
  return undefined
}

/**
 * Make `resolved` of `staged`: statistical codes become economies, and what is an aggregate, own trade or a level above
 * another is set aside. Returns notes on codes that no table knows, where they are kept.
 * @throws Refusal where a code is in no table and `keepUnmapped` is not asked for
 */
export async function resolveCodes(
  { db }: Loading,
  mapping: Mapping,
  staged: Staged,
  keepUnmapped: boolean,
): Promise<string[]> {
  await nameHeld(db, staged)
  const unknown = await rowsOf(db, 'select text from unmapped')
  await db.run('create table marks (place bigint, reason varchar)')
  await db.run(resolve)
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

/** Name the economies, products, editions and units that the readable rows have; names sort as their texts do. */
async function nameHeld(db: DuckDBConnection, staged: Staged): Promise<void> {
  await db.run(`create table unknown as
    with held as (
      select distinct importer as code, period // 100 as year from readable union select distinct exporter, period // 100 from readable
    )
    select cast(h.code as varchar) as text
    from held as h left join spelling as c on c.label = cast(h.code as varchar) and h.year between c.from_year and c.until_year
    where h.code is not null and c.economy is null
    union select importer from others where importer is not null
    union select exporter from others where exporter is not null`)
  await db.run(`create type economy as enum (select economy from (
    select economy from spelling union select 'X-UNMAPPED:' || text from unknown union select 'X-RESIDUAL') order by economy)`)
  await db.run(
    `create table codes as select cast(label as code_text) as label, from_year, until_year, code, cast(economy as economy) as economy, treatment from spelling`,
  )
  await db.run(`create table unmapped as select text, cast('X-UNMAPPED:' || text as economy) as economy from unknown`)

  await db.run(
    'create table held as select distinct product as number, form, edition as given, period, part is null as whole from readable',
  )
  const text = `case when number = 0 then 'TOTAL' else lpad(cast(number % 10000000000 as varchar), cast(number // 10000000000 as integer), '0') end`
  await db.run(
    `create type product_code as enum (select ${text} from (select distinct number from held) order by number)`,
  )
  await db.run(
    `create table goods as select distinct number, cast(${text} as product_code) as product, cast(number // 10000000000 as utinyint) as level from held`,
  )

  const edition = `replace(coalesce(given, $patterns[form + 1]), '{year}', cast(period // 100 as varchar))`
  await db.run(
    `create table named as select distinct form, given, period, ${edition} as edition from held`,
    { patterns: listValue([...staged.editions]) },
    { patterns: LIST(VARCHAR) },
  )
  await db.run('create type edition_name as enum (select distinct edition from named order by edition)')
  await db.run(
    'create table editions as select form, given, period, cast(edition as edition_name) as edition from named',
  )
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
}
