import { economyName } from '../reference/economies.ts'
import type { Rule } from './duplicates.ts'
import { type Loading, rowsOf } from './loading.ts'
import type { Account } from './schema.ts'

/** So many differences are told one by one; more, together with the largest. */
const mostTold = 12

/** What a published world total says of its parts. */
export interface WorldCheck {
  readonly derived: Account['derived']
  readonly notes: readonly string[]
  /** Whether every flow stands under such a total, so that all partners are there or in the rest. */
  readonly complete: boolean
}

/**
 * Compare published world totals with their parts, own trade among them: `residual` holds the total less its parts,
 * which stays in the report as an unknown partner where it is positive, the whole total where there are no parts.
 * A total that stands several times counts once, as the largest, or as the sum where that is the rule; totals under
 * several codes of one reporter add up, as their parts do. Notes tell differences above a thousandth.
 */
export async function compareWithWorld({ db }: Loading, rule: Rule): Promise<WorldCheck> {
  await db.run(`create or replace temporary table residual as
    with total as (select period, product, level, edition, side, trade, ${rule === 'sum' ? 'sum' : 'max'}(exact) as value,
        case when side = 'exporter' then exporter else importer end as reporter,
        case when side = 'exporter' then exporter_code else importer_code end as code
      from resolved where set_aside = 'aggregate of economies' and case when side = 'exporter' then importer else exporter end = 'WLD' group by all),
    world as (select period, product, level, edition, side, trade, reporter, sum(value) as value from total group by all),
    part as (select period, product, edition, side, trade, case when side = 'exporter' then exporter else importer end as reporter,
        sum(exact) as value, count(*) as parts from resolved where set_aside is null or set_aside = 'own trade' group by all)
    select w.period, w.product, w.level, w.edition, w.side, w.trade, w.reporter, coalesce(p.parts, 0) as parts, w.value as world,
      cast(round(w.value - coalesce(p.value, 0)) as bigint) as rest
    from world as w left join part as p using (period, product, edition, side, trade, reporter)`)
  const apart = await rowsOf(
    db,
    `select *, count(*) over () as n, sum(case when rest > 0 then rest else 0 end) over () as more, sum(case when rest < 0 then -rest else 0 end) over () as less
     from residual where parts > 0 and abs(rest) * 1000 > world order by abs(rest) desc, side, period, reporter, product limit ${mostTold + 1}`,
  )
  const counted = (
    await rowsOf(
      db,
      `select count(*) as n, coalesce(cast(sum(rest) as varchar), '0') as value, (select count(*) from residual) as totals, (select count(*) from residual where parts = 0 and rest > 0) as alone,
         (select count(*) from (select distinct period, product, edition, side, trade, case when side = 'exporter' then exporter else importer end as reporter
            from resolved where set_aside is null) as k anti join residual as r using (period, product, edition, side, trade, reporter)) as without
       from residual where rest > parts`,
    )
  )[0]
  const alone = Number(counted?.['alone'])
  const without = Number(counted?.['without'])
  const told = apart.slice(0, apart.length > mostTold ? 3 : mostTold).map((row) => {
    const share = Math.abs((Number(row['rest']) / Number(row['world'])) * 100).toFixed(2)
    const what = row['product'] === 'TOTAL' ? '' : ` of ${row['product']}`
    return `${economyName(String(row['reporter']))}, ${row['side']} side, ${Math.floor(Number(row['period']) / 100)}: the published world total${what} is ${share} % ${Number(row['rest']) > 0 ? 'more than its parts; the rest is kept as an unknown partner' : 'less than its parts'}.`
  })
  const all =
    apart.length > mostTold
      ? [
          `${Number(apart[0]?.['n']).toLocaleString('en')} of ${Number(counted?.['totals']).toLocaleString('en')} published world totals are not the sum of their parts: ${Number(apart[0]?.['more']).toLocaleString('en')} more in all, kept as unknown partners, and ${Number(apart[0]?.['less']).toLocaleString('en')} less. The largest follow.`,
        ]
      : []
  return {
    derived: { rows: Number(counted?.['n']), value: String(counted?.['value']) },
    notes: [
      ...all,
      ...told,
      ...(alone > 0
        ? [
            `${alone.toLocaleString('en')} published world totals have no partner beside them: each is kept whole as an unknown partner.`,
          ]
        : []),
      ...(without > 0 && Number(counted?.['totals']) > 0
        ? [`${without.toLocaleString('en')} flows have no published world total beside them.`]
        : []),
    ],
    complete: without === 0,
  }
}
