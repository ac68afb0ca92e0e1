import { join } from 'node:path'
import { scanOf } from '../engine/duckdb.ts'
import { quoted, type Uniform, uniformColumns } from '../engine/engine.ts'
import { type Loading, type Row, rowsOf } from './loading.ts'
import type { Mapping } from './mapping.ts'
import type { Staged } from './staging.ts'
import { type Stretch, spreadFiles, storedFiles } from './store.ts'
import { among, inGroups, parquet, writeSums } from './sums.ts'

const keys = ['period', 'importer', 'exporter', 'product', 'level', 'edition', 'side', 'trade'] as const
const order = {
  byProduct: ['period', 'product', 'importer', 'exporter', 'edition', 'side', 'trade'],
  byImporter: ['importer', 'period', 'product', 'exporter', 'edition', 'side', 'trade'],
} as const
/** No statement reads quantities: they are stored where a file gives them. */
const quantities = { quantity: 'bigint', quantity_unit: 'varchar' } as const

/** Columns that may be uniform. */
const maybeUniform = ['level', 'edition', 'side', 'trade', 'status']

/** Those that are uniform in all rows that could be read, set aside or not: to look at what is kept would be one more reading. */
async function uniformIn({ db }: Loading, mapping: Mapping): Promise<Uniform> {
  const only = (column: string) =>
    `case when min(${column}) = max(${column}) and count(${column}) = count(*) then min(${column}) end`
  const [found = {}] = await rowsOf(
    db,
    `select (select ${only('level')} from goods) as level, (select cast(${only('edition')} as varchar) from editions) as edition,
       cast(${only('side')} as varchar) as side, cast(${only('trade')} as varchar) as trade, cast(${only('status')} as varchar) as status
     from readable`,
  )
  const isUniform = (column: string, value: unknown) =>
    // What is estimated by the mapping has a status of its own, and the rest of a world total counts as reported.
    value !== null && !(column === 'status' && (value !== 'reported' || Object.keys(mapping.estimated).length > 0))
  return Object.fromEntries(
    Object.entries(found).flatMap(([column, value]) =>
      isUniform(column, value) ? [[column, column === 'level' ? Number(value) : String(value)]] : [],
    ),
  )
}

/** Rows that are sorted, summed and stored together unless said otherwise: what is sorted stays in the memory of a load. */
const usualRows = 10_000_000

/** The periods of `readable`, as many together as have no more than `most` rows, and each that has more by itself. */
export async function stretchesOf({ db }: Loading, most = usualRows): Promise<Stretch[]> {
  const counted = await rowsOf(db, 'select period, count(*) as n from readable group by period order by period')
  const found: number[][] = []
  let held = 0
  for (const row of counted) {
    const [period, rows] = [Number(row['period']), Number(row['n'])]
    const last = found.at(-1)
    if (last && held + rows <= most) {
      last.push(period)
      held += rows
    } else {
      found.push([period])
      held = rows
    }
  }
  return found
}

/**
 * Write the kept rows of `resolved` and what of a world total no partner explains, by product, and make `report` of
 * what was written. `summed` sums rows of one key; without it there must be none.
 * @returns the columns that say the same in every row
 */
export async function writeByProduct(
  loading: Loading,
  mapping: Mapping,
  staged: Staged,
  stretches: readonly Stretch[],
  summed: boolean,
): Promise<Uniform> {
  const { db, folder } = loading
  const key = keys.join(', ')
  const kept = summed
    ? `select ${key}, cast(sum(value) as bigint) as value,
         case when count(mass) = count(*) and sum(mass) < 9000000000000000000 then cast(sum(mass) as bigint) end as mass,
         case when count(quantity) = count(*) and count(distinct quantity_unit) <= 1 and abs(sum(quantity)) < 9000000000000000000
           then cast(sum(quantity) as bigint) end as quantity,
         case when count(distinct quantity_unit) <= 1 then max(quantity_unit) end as quantity_unit,
         min(status) as status
       from resolved where set_aside is null group by ${key}`
    : `select ${key}, value, mass, quantity, quantity_unit, status from resolved where set_aside is null`
  const rest = `cast('X-RESIDUAL' as economy)`
  const residual = mapping.world_check
    ? `union all select period, case when side = 'exporter' then ${rest} else reporter end, case when side = 'exporter' then reporter else ${rest} end,
         product, level, edition, side, trade, rest, null, null, null, 'reported' from residual where rest > parts`
    : ''
  const estimated = Object.entries(mapping.estimated)
  const status = estimated.length
    ? `case ${estimated.map(([economy, from]) => `when period >= ${Number.parseInt(from, 10)}00 and ${quoted(economy)} = cast(case when side = 'exporter' then exporter else importer end as varchar) then cast('estimated' as status_kind)`).join(' ')} else status end`
    : 'status'
  await db.run(
    `create or replace view kept as select ${key}, value, mass, quantity, quantity_unit, ${status} as status from (${kept} ${residual})`,
  )
  const uniform = await uniformIn(loading, mapping)
  await write(loading, staged, stretches, uniform, 'byProduct', ['product'])
  const files = spreadFiles('byProduct', stretches).map((file) => join(folder, file))
  const absent = Object.entries(quantities).filter(([column]) => !staged.columns.has(column))
  await db.run(
    `create or replace view report as select *${uniformColumns(uniform)}${absent.map(([column, type]) => `, cast(null as ${type}) as ${column}`).join('')} from ${scanOf(files)}`,
  )
  return uniform
}

/** What identifies the rows of `report`, whatever their order in the files. */
export interface Content {
  readonly rows: number
  /** Sums of a hash of each row, by two operations that do not depend on order. */
  readonly mixed: string
  readonly added: string
}

/**
 * The content of `report`, or undefined where a key stands twice: in the order of the keys, equals are neighbours.
 * The hash is the engine's own; where another release of it has another, `schemaVersion` goes up with it.
 */
export async function contentOf({ db }: Loading): Promise<Content | undefined> {
  const read = (
    await rowsOf(
      db,
      `select count(*) as n, count(*) filter (where key = before) as repeated,
        cast(bit_xor(row) as varchar) as mixed, cast(sum(row) as varchar) as added
      from (
        select key, lag(key) over () as before, hash(key, value, mass, quantity, quantity_unit, status) as row
        from (select hash(${keys.join(', ')}) as key, value, mass, quantity, quantity_unit, status from report))`,
    )
  )[0] as Row
  if (Number(read['repeated']) > 0) return undefined
  return { rows: Number(read['n']), mixed: String(read['mixed']), added: String(read['added']) }
}

/**
 * Write the same rows by importer, their sums over all goods, from which it makes `all_goods`, what each economy sells, what
 * was set aside, and what was rejected. `tally` says whether anything was.
 */
export async function writeBeside(
  loading: Loading,
  staged: Staged,
  stretches: readonly Stretch[],
  uniform: Uniform,
): Promise<void> {
  const some = await rowsOf(loading.db, 'select 1 from tally where reason is not null limit 1')
  await write(loading, staged, stretches, uniform, 'byImporter', ['product', 'importer'])
  await writeSums(loading, stretches, uniform)
  await parquet(
    loading,
    `select period, importer_code, exporter_code, cast(importer as varchar) as importer, cast(exporter as varchar) as exporter,
       cast(product as varchar) as product, level, cast(edition as varchar) as edition, cast(side as varchar) as side,
       cast(trade as varchar) as trade, exact as value, mass, set_aside as reason
     from resolved where ${some.length > 0 ? 'set_aside is not null' : 'false'} order by place`,
    storedFiles.aside,
  )
  await parquet(loading, 'select * from rejects order by file, line, reason', storedFiles.reject)
}

/**
 * Write `kept` in an order, a file a stretch of periods. A name is written several times quicker than its text, and reads
 * the same; but the bounds that let a reader pass over a group of rows are those of all names, so the columns that lead the
 * order are text. What is the same in every row is not written.
 */
async function write(
  loading: Loading,
  { columns }: Staged,
  stretches: readonly Stretch[],
  uniform: Uniform,
  as: keyof typeof order,
  text: readonly string[],
): Promise<void> {
  const varying = maybeUniform.filter((name) => !(name in uniform))
  const given = ['mass', ...Object.keys(quantities)].filter((name) => columns.has(name))
  const sorted = ['period', 'importer', 'exporter', 'product', ...varying, 'value', ...given]
  const name = (column: string) => (text.includes(column) ? `cast(${column} as varchar) as ${column}` : column)
  const optional = given.includes('mass') ? given : ['cast(null as bigint) as mass', ...given]
  for (const [place, file] of spreadFiles(as, stretches).entries()) {
    await parquet(
      loading,
      `select ${['cast(period as uinteger) as period', name('importer'), 'exporter', name('product'), ...varying, 'value', ...optional].join(', ')}
       from (select ${sorted.join(', ')} from kept ${among(stretches, place)}
         order by ${order[as].filter((key) => !(key in uniform)).join(', ')})`,
      file,
      inGroups,
    )
  }
}
