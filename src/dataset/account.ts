import { Refusal } from '../refusal.ts'
import { type Loading, type Row, rowsOf } from './loading.ts'
import type { Account } from './schema.ts'
import { named, type Staged } from './staging.ts'

/** A decimal as text, without zeros that say nothing. */
export function decimal(value: unknown): string {
  const text = String(value)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/**
 * Account for every row and every value that was read: in = kept + set aside + rejected.
 * @throws Refusal where nothing is kept; Error where the account does not close, which is a fault of ours
 */
export async function takeAccount({ db }: Loading, staged: Staged, derived: Account['derived']): Promise<Account> {
  const read = (
    await rowsOf(
      db,
      `select
      (select count(*) from staged) + (select count(*) from rejects where reason like 'the row %') as n_in,
      (select count(*) from resolved where set_aside is null) as n_kept,
      (select count(*) from resolved where set_aside is not null) as n_aside,
      (select count(*) from rejects) as n_rejected,
      cast(coalesce((select sum(value) from staged), 0) as varchar) as v_in,
      cast(coalesce((select sum(cast(round(value) as decimal(38, 12))) from resolved where set_aside is null), 0) as varchar) as v_kept,
      cast(coalesce((select sum(value) from resolved where set_aside is not null), 0) as varchar) as v_aside,
      cast(coalesce((select sum(value) from staged where reason is not null), 0) as varchar) as v_rejected,
      cast(coalesce((select sum(value - round(value)) from resolved where set_aside is null), 0) as varchar) as v_rounding,
      coalesce((select sum(value) from staged), 0)
        = coalesce((select sum(cast(round(value) as decimal(38, 12))) from resolved where set_aside is null), 0)
        + coalesce((select sum(value) from resolved where set_aside is not null), 0)
        + coalesce((select sum(value) from staged where reason is not null), 0)
        + coalesce((select sum(value - round(value)) from resolved where set_aside is null), 0) as closes,
      coalesce((select cast(sum(value) as decimal(38, 0)) from report), 0) = coalesce((select sum(cast(round(value) as decimal(38, 0))) from resolved where set_aside is null), 0) + cast($derived as decimal(38, 0)) as stored`,
      { derived: derived.value },
    )
  )[0] as Row
  const rows = {
    in: Number(read['n_in']),
    kept: Number(read['n_kept']),
    aside: Number(read['n_aside']),
    rejected: Number(read['n_rejected']),
    blank: staged.blank,
  }
  if (rows.in !== rows.kept + rows.aside + rows.rejected || !read['closes'] || !read['stored']) {
    throw new Error(
      `the account does not close: ${JSON.stringify(rows)} ${JSON.stringify(read, (_key, value) => (typeof value === 'bigint' ? String(value) : value))}`,
    )
  }
  if (rows.kept === 0 && derived.rows === 0) {
    const first = (await rowsOf(db, 'select file, line, reason from rejects order by file, line limit 1'))[0]
    const why = first
      ? `the first is ${first['file']}${first['line'] === null ? '' : `, line ${first['line']}`}: ${first['reason']}`
      : `${rows.aside} rows were set aside`
    throw new Refusal('refused', 'load/empty', `${named(staged)}: of ${rows.in} rows none can be kept; ${why}`)
  }
  return {
    rows,
    value: {
      in: decimal(read['v_in']),
      kept: decimal(read['v_kept']),
      aside: decimal(read['v_aside']),
      rejected: decimal(read['v_rejected']),
      rounding: decimal(read['v_rounding']),
    },
    derived,
  }
}
