import { Refusal } from '../refusal.ts'
import { type Loading, type Row, rowsOf } from './loading.ts'
import { named, type Staged } from './staging.ts'

const key = 'period, product, importer_code, exporter_code, edition, side, trade'

/**
 * Set identical rows of `resolved` aside but for the first, and treat rows that contradict each other by the rule.
 * Returns a note where there were such.
 * @throws Refusal where rows contradict each other and the rule is `stop`
 */
export async function setDuplicatesAside(
  { db }: Loading,
  staged: Staged,
  rule: 'stop' | 'sum' | 'first' | 'largest',
  progress?: (line: string) => void,
): Promise<string[]> {
  const counted = (
    await rowsOf(
      db,
      `select count(*) as n, count(distinct hash(${key})) as different from resolved where set_aside is null`,
    )
  )[0]
  if (counted?.['n'] === counted?.['different']) return []
  progress?.('looking at duplicates')
  await db.run(`create temporary table repeated as
    select place, row_number() over (partition by ${key}, value, mass order by place) as copy,
      rank() over (partition by ${key} order by place) as turn,
      row_number() over (partition by ${key} order by value desc, place) as size_rank,
      count(distinct (value, coalesce(mass, -1))) over (partition by ${key}) as versions,
      count(*) over (partition by ${key}) as copies
    from resolved where set_aside is null qualify copies > 1`)
  const conflict = await rowsOf(
    db,
    `select r.* from resolved as r join repeated as d on d.place = r.place where d.versions > 1 order by r.place limit 2`,
  )
  if (conflict.length > 0 && rule === 'stop') {
    const [one, two] = conflict as [Row, Row]
    const count = Number((await rowsOf(db, 'select count(*) as n from repeated where versions > 1'))[0]?.['n'])
    throw new Refusal(
      'refused',
      'load/conflict',
      `${named(staged)}: ${count} rows contradict each other, first: period ${one['period']}, ${one['exporter_code']} to ${one['importer_code']}, product ${one['product']} has the values ${one['value']} and ${two['value']}. Are they breakdowns, such as modes of transport? Choose --on-conflict sum, first or largest`,
    )
  }
  await db.run(
    `update resolved set set_aside = 'duplicate' from repeated as d where d.place = resolved.place and d.copy > 1 ${rule === 'sum' ? 'and d.versions = 1' : ''}`,
  )
  if (conflict.length === 0) return []
  if (rule !== 'sum') {
    await db.run(
      `update resolved set set_aside = 'conflict, ${rule} kept' from repeated as d where d.place = resolved.place and resolved.set_aside is null and d.versions > 1 and ${rule === 'first' ? 'd.turn' : 'd.size_rank'} > 1`,
    )
  }
  return [`Rows that contradicted each other: ${rule} was kept, as asked.`]
}
