import { join } from 'node:path'
import { scanOf } from '../engine/duckdb.ts'
import { Refusal } from '../refusal.ts'
import { type Loading, type Row, rowsOf } from './loading.ts'
import type { Account } from './schema.ts'
import { named, type Staged } from './staging.ts'

/**
 * @returns how many rows were read
 * @throws Refusal where none of them could be
 */
export async function checkReadable({ db }: Loading, staged: Staged): Promise<number> {
  const read = (await rowsOf(db, 'select count(*) as n, count(*) - count(reason) as readable from staged'))[0]
  if (Number(read?.['readable']) > 0) return Number(read?.['n'])
  const rows = Number(read?.['n']) + staged.torn
  const first = (await rowsOf(db, 'select file, line, reason from rejects order by file, line limit 1'))[0]
  const why = first
    ? `the first is ${first['file']}${first['line'] === null ? '' : `, line ${first['line']}`}: ${first['reason']}`
    : 'there are none'
  throw empty(staged, rows, why)
}

const empty = (staged: Staged, rows: number, why: string) =>
  new Refusal(
    'refused',
    'load/empty',
    `${named(staged)}: of ${rows} rows none can be kept; ${why}. Mend the file, or say with a mapping which column is what`,
  )

/** Half of what a whole number of 64 bits holds: a sum may have production beside flows, or a flow in two groups of goods. */
const mostInSums = 4e18

/**
 * Check that whatever is summed of values stays a whole number of 64 bits, as statements write sums of them.
 * @throws Refusal where the values of one level, side and kind of trade are too large together
 */
export async function checkSums({ db }: Loading, staged: Staged, currency: string): Promise<void> {
  const most = `cast(${mostInSums} as hugeint)`
  // What was read, whatever it is, costs next to nothing to sum, and is never near it but where a unit is mistaken.
  const [read] = await rowsOf(db, `select coalesce(sum(value), 0) > ${most} as beyond from staged`)
  if (!read?.['beyond']) return
  const [large] = await rowsOf(
    db,
    `select cast(level as integer) as level, cast(sum(value) as double) as value from resolved
     where set_aside is null group by level, side, trade having sum(value) > ${most} order by 2 desc, 1 limit 1`,
  )
  if (large)
    throw new Refusal(
      'refused',
      'load/large',
      `${named(staged)}: values of ${Number(large['level']) === 0 ? 'all goods' : `codes of ${large['level']} digits`} come to ${Number(large['value']).toPrecision(2)} ${currency} together, and sums hold no more than ${mostInSums.toPrecision(1)}. Is value_unit right? If it is, load fewer periods`,
    )
}

/** Make `tally`: rows and value of `resolved` by the reason for which they were set aside, null for what is kept. */
export async function tallyAside({ db }: Loading): Promise<void> {
  await db.run(
    'create table tally as select set_aside as reason, count(*) as n, coalesce(sum(value), 0) as whole, coalesce(sum(rest), 0) as rest from resolved group by set_aside',
  )
}

/** A decimal as text, without zeros that say nothing. */
export function decimal(value: unknown): string {
  const text = String(value)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/**
 * Account for every row and every value that was read: in = kept + set aside + rejected, and what each file of rows
 * stores is what was kept and derived.
 * @param stored the files of rows in the folder, in each list all of them
 * @throws Refusal where nothing is kept; Error where the account does not close, which is a fault of ours
 */
export async function takeAccount(
  { db, folder }: Loading,
  staged: Staged,
  derived: Account['derived'],
  stored: readonly (readonly string[])[],
): Promise<Account> {
  const sums = stored.map(
    (files) =>
      `select count(*) as n, cast(coalesce(sum(value), 0) as decimal(38, 0)) as whole
       from ${scanOf(files.map((file) => join(folder, file)))}`,
  )
  const read = (
    await rowsOf(
      db,
      `with
        exact as (select reason, n, whole, rest, cast(whole as decimal(38, 12)) + rest as value from tally),
        input as (select count(*) as n, cast(coalesce(sum(value), 0) as decimal(38, 12)) + coalesce(sum(rest), 0) as value,
          cast(coalesce(sum(value) filter (where reason is not null), 0) as decimal(38, 12))
            + coalesce(sum(rest) filter (where reason is not null), 0) as rejected,
          -- An empty cell is worth nothing, and a table of masses has no values at all.
          case when count(value) > 0 then count(*) filter (where value is null and reason <> 'no value') + $torn else 0 end as unread
          from staged),
        kept as (select coalesce(sum(n), 0) as n, cast(coalesce(sum(whole), 0) as decimal(38, 0)) as whole, coalesce(sum(rest), 0) as rest
          from exact where reason is null),
        aside as (select coalesce(sum(n), 0) as n, coalesce(sum(value), 0) as value from exact where reason is not null),
        held as (select max(whole) as whole, min(whole) = max(whole) and min(n) = max(n) as alike from (${sums.join(' union all ')}))
      select
        i.n + $torn as n_in, k.n as n_kept, a.n as n_aside, (select count(*) from rejects) as n_rejected,
        cast(i.value as varchar) as v_in, cast(k.whole as varchar) as v_kept, cast(a.value as varchar) as v_aside,
        cast(i.rejected as varchar) as v_rejected, i.unread, cast(k.rest as varchar) as v_rounding,
        i.value = k.whole + a.value + i.rejected + k.rest as closes,
        h.whole = k.whole + cast($derived as decimal(38, 0)) and h.alike as stored
      from input as i cross join kept as k cross join aside as a cross join held as h`,
      { derived: derived.value, torn: staged.torn },
    )
  )[0] as Row
  const rows = {
    in: Number(read['n_in']),
    kept: Number(read['n_kept']),
    aside: Number(read['n_aside']),
    rejected: Number(read['n_rejected']),
    blank: staged.blank,
  }
  if (rows.kept === 0 && derived.rows === 0) throw empty(staged, rows.in, `${rows.aside} rows were set aside`)
  if (rows.in !== rows.kept + rows.aside + rows.rejected || !read['closes'] || !read['stored']) {
    throw new Error(
      `the account does not close: ${JSON.stringify(rows)} ${JSON.stringify(read, (_key, value) => (typeof value === 'bigint' ? String(value) : value))}`,
    )
  }
  const unread = Number(read['unread'])
  return {
    rows,
    value: {
      in: decimal(read['v_in']),
      kept: String(read['v_kept']),
      aside: decimal(read['v_aside']),
      rejected: decimal(read['v_rejected']),
      rounding: decimal(read['v_rounding']),
      ...(unread > 0 ? { unread } : {}),
    },
    derived,
  }
}
