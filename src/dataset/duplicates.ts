import { Refusal } from '../refusal.ts'
import { type Loading, type Row, rowsOf } from './loading.ts'
import { whereIs } from './places.ts'
import { makeResolved } from './resolution.ts'
import type { Staged } from './staging.ts'

/** What becomes of rows that contradict each other. */
export type Rule = 'stop' | 'sum' | 'first' | 'largest'

const key = 'period, product, importer_code, exporter_code, edition, side, trade'

/** Rows that are set aside for what they are, and still stand once each: totals are compared with their parts. */
const totals = `set_aside in ('own trade', 'aggregate of economies')`

/** Whether a total or own trade stands twice: the sorted rows, which show any other repeated key, do not hold these. */
export async function repeatsTotals({ db }: Loading): Promise<boolean> {
  const found = await rowsOf(db, `select 1 from resolved where ${totals} group by ${key} having count(*) > 1 limit 1`)
  return found.length > 0
}

/**
 * Mark identical rows of `resolved` to be set aside but for the first, and rows that contradict each other by the rule;
 * with a rule other than `stop`, totals and own trade too. Where they are to be summed they are parts, and none is set
 * aside: two may well be equal.
 * Returns a note where there were such.
 * @throws Refusal where rows contradict each other and the rule is `stop`
 */
export async function setDuplicatesAside(loading: Loading, staged: Staged, rule: Rule): Promise<string[]> {
  const { db } = loading
  if (rule === 'sum') return summed(db)
  const looked = rule === 'stop' ? 'set_aside is null' : `(set_aside is null or ${totals})`
  await db.run(`create temporary table repeated as
    select place, row_number() over (partition by ${key}, value, rest, mass order by place) as copy,
      rank() over (partition by ${key} order by place) as turn,
      row_number() over (partition by ${key} order by value desc, rest desc, place) as size_rank,
      count(distinct (value, rest, coalesce(mass, -1))) over (partition by ${key}) as versions,
      count(*) over (partition by ${key}) as copies
    from resolved where ${looked} qualify copies > 1`)
  const conflict = await rowsOf(
    db,
    `with contradicting as (select r.* from resolved as r join repeated as d on d.place = r.place where d.versions > 1),
       first as (select * from contradicting order by place limit 1)
     select c.* from contradicting as c join first as f on ${key
       .split(', ')
       .map((column) => `c.${column} = f.${column}`)
       .join(' and ')}
     where c.place = f.place or c.exact is distinct from f.exact or c.mass is distinct from f.mass order by c.place limit 2`,
  )
  if (conflict.length > 0 && rule === 'stop') {
    const [one, two] = conflict as [Row, Row]
    const count = Number((await rowsOf(db, 'select count(*) as n from repeated where versions > 1'))[0]?.['n'])
    const [here, there] = [
      await whereIs(db, staged.tables, Number(one['place'])),
      await whereIs(db, staged.tables, Number(two['place'])),
    ]
    const said = (row: Row) =>
      `${row['exact']}${one['exact'] === two['exact'] ? ` (mass ${row['mass'] ?? 'unknown'} g)` : ''}`
    throw new Refusal(
      'refused',
      'load/conflict',
      `${here}, the first of ${count} rows that contradict each other: period ${one['period']}, ${one['exporter_code']} to ${one['importer_code']}, product ${one['product']} has the value ${said(one)}, and ${said(two)} in ${there}. Are they breakdowns, such as modes of transport? Choose --on-conflict sum, first or largest`,
    )
  }
  const order = rule === 'largest' ? 'size_rank' : 'turn'
  await db.run(`insert into marks select place, case when copy > 1 then 'duplicate' else 'conflict, ${rule} kept' end
    from repeated where copy > 1 or (versions > 1 and ${order} > 1)`)
  await makeResolved(loading)
  return conflict.length > 0 ? [`Rows that contradicted each other: the ${rule} was kept.`] : []
}

/** Say how many rows add up with others, and how many of these are equal, as those of a file given twice would be. */
async function summed(db: Loading['db']): Promise<string[]> {
  const [found] = await rowsOf(
    db,
    `select coalesce(sum(copies), 0) as n, coalesce(sum(copies - versions), 0) as equals from (
       select count(*) as copies, count(distinct (value, rest, coalesce(mass, -1))) as versions
       from resolved where set_aside is null group by ${key} having count(*) > 1)`,
  )
  const [rows, equals] = [Number(found?.['n']), Number(found?.['equals'])]
  if (rows === 0) return []
  const twice = equals > 0 ? `, ${equals.toLocaleString('en')} of them equal to another: is a file given twice?` : '.'
  return [`${rows.toLocaleString('en')} rows share their key with others: their sums were kept${twice}`]
}
