import { readFileSync } from 'node:fs'
import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { economyCodes } from '../reference/economy-codes.ts'
import { Refusal } from '../refusal.ts'
import { type Loading, rowsOf } from './loading.ts'
import type { Mapping } from './mapping.ts'
import { whereIs } from './places.ts'
import type { Staged } from './staging.ts'

const resolve = readFileSync(new URL('./resolve.sql', import.meta.url), 'utf8')

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
  await codeTable(db, mapping)
  if (mapping.codes === 'm49') {
    await db.run(
      `update staged set importer = coalesce(nullif(ltrim(importer, '0'), ''), '0'), exporter = coalesce(nullif(ltrim(exporter, '0'), ''), '0') where importer like '0%' or exporter like '0%'`,
    )
  }
  await db.run(`create table parents as
    with held as (select distinct edition, product from staged where reason is null and part is null and level > 0)
    select distinct h.edition as edition, substr(h.product, 1, n.digits) as product
    from held as h cross join (select unnest([2, 4, 6, 8]) as digits) as n where length(h.product) > n.digits`)
  await db.run(resolve)
  const double = await rowsOf(db, 'select place from resolved group by place having count(*) > 1 limit 1')
  if (double.length > 0) throw new Error('economy codes overlap in time: a row resolved twice')
  const unmapped = await rowsOf(
    db,
    `select code, role, cast(sum(value) as double) / nullif((select cast(sum(value) as double) from resolved), 0) as part, count(*) as n from (
    select importer_code as code, 'importer' as role, value from resolved where importer like 'X-UNMAPPED:%'
    union all select exporter_code, 'exporter', value from resolved where exporter like 'X-UNMAPPED:%') group by all order by part desc nulls last, code`,
  )
  if (unmapped.length === 0) return []
  const first = unmapped
    .slice(0, 5)
    .map(
      (row) =>
        `"${row['code']}" (${row['role']}, ${row['n']} rows, ${(Number(row['part'] ?? 0) * 100).toFixed(2)} % of value)`,
    )
  const at = (await rowsOf(db, 'select count(*) as n, min(place) as first from resolved where unmapped'))[0]
  const where = await whereIs(db, staged.tables, Number(at?.['first']))
  const message = `${where}${Number(at?.['n']) > 1 ? `, the first of ${at?.['n']} rows` : ''}: ${unmapped.length === 1 ? 'a code is' : `${unmapped.length} codes are`} in no table of ${mapping.codes} codes: ${first.join(', ')}${unmapped.length > 5 ? ', …' : ''}`
  if (!keepUnmapped) {
    throw new Refusal(
      'refused',
      'load/unmapped',
      `${message}. Correct the code, choose another scheme in the mapping, or load with --keep-unmapped: it then stays in every total as a named unknown supplier`,
    )
  }
  return [`${message}. Kept as named unknown suppliers.`]
}

/** The scheme's codes with their years, each spelling once. */
async function codeTable(db: DuckDBConnection, mapping: Mapping): Promise<void> {
  const normal = mapping.codes === 'm49' ? (code: string) => code.replace(/^0+(?=\d)/, '') : (code: string) => code
  const seen = new Set<string>()
  const unique = economyCodes(mapping.codes).filter((row) => {
    const key = `${normal(row.code)} ${row.from ?? ''} ${row.economy}`
    return !seen.has(key) && seen.add(key)
  })
  await db.run(
    `create table codes as select unnest($code) as code, cast(unnest($from) as integer) as from_year, cast(unnest($until) as integer) as until_year, unnest($economy) as economy, unnest($treatment) as treatment`,
    {
      code: listValue(unique.map((row) => normal(row.code))),
      from: listValue(unique.map((row) => String(row.from ?? 0))),
      until: listValue(unique.map((row) => String(row.until ?? 9999))),
      economy: listValue(unique.map((row) => row.economy)),
      treatment: listValue(unique.map((row) => row.treatment)),
    },
    {
      code: LIST(VARCHAR),
      from: LIST(VARCHAR),
      until: LIST(VARCHAR),
      economy: LIST(VARCHAR),
      treatment: LIST(VARCHAR),
    },
  )
}
