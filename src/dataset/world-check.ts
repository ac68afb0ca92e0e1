import { type Loading, rowsOf } from './loading.ts'
import type { Account } from './schema.ts'

/**
 * Compare published world totals with their parts: `residual` holds the total less its parts, which stays in the
 * report as an unknown partner where it is positive. Returns notes on differences above a thousandth.
 */
export async function compareWithWorld({ db }: Loading): Promise<{ derived: Account['derived']; notes: string[] }> {
  await db.run(`create or replace temporary table residual as
    with world as (select period, product, level, edition, side, trade, exact as value,
        case when side = 'exporter' then exporter else importer end as reporter
      from resolved where set_aside = 'aggregate of economies' and case when side = 'exporter' then importer else exporter end = 'WLD'),
    part as (select period, product, side, trade, case when side = 'exporter' then exporter else importer end as reporter,
        sum(exact) as value, count(*) as parts from resolved where set_aside is null group by all)
    select w.period, w.product, w.level, w.edition, w.side, w.trade, w.reporter, p.parts, w.value as world,
      cast(round(w.value - p.value) as bigint) as rest
    from world as w join part as p using (period, product, side, trade, reporter)`)
  const notes: string[] = []
  for (const row of await rowsOf(db, 'select * from residual where abs(rest) * 1000 > world order by side, period')) {
    const share = Math.abs((Number(row['rest']) / Number(row['world'])) * 100).toFixed(2)
    notes.push(
      `${row['reporter']}, ${row['side']} side, ${Math.floor(Number(row['period']) / 100)}: the published world total is ${share} % ${Number(row['rest']) > 0 ? 'more than its parts; the rest is kept as an unknown partner' : 'less than its parts'}.`,
    )
  }
  const made = (
    await rowsOf(
      db,
      "select count(*) as n, coalesce(cast(sum(rest) as varchar), '0') as value from residual where rest > parts",
    )
  )[0]
  return { derived: { rows: Number(made?.['n']), value: String(made?.['value']) }, notes }
}
