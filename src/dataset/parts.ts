import { type Loading, rowsOf } from './loading.ts'

/** Name flows of which a table holds only parts, set aside, and not the row that they add up to: they are missing. */
export async function namePartsAlone({ db }: Loading): Promise<string[]> {
  const alone = (
    await rowsOf(
      db,
      `with flow as (select period, product, importer_code, exporter_code, edition, side, coalesce(cast(trade as varchar), '') as trade,
         max(exact) as largest, count(*) filter (where set_aside is null or not starts_with(set_aside, 'part of')) as whole,
         count(*) filter (where starts_with(set_aside, 'part of')) as parts from resolved group by all)
       select count(*) as n, cast(coalesce(sum(largest), 0) as varchar) as value from flow where parts > 0 and whole = 0 and trade <> ''`,
    )
  )[0]
  const flows = Number(alone?.['n'])
  if (flows === 0) return []
  return [
    `${flows.toLocaleString('en')} flows are in the files only as parts, such as modes of transport, without the row that they add up to, and are left out; the largest parts alone come to ${Math.round(Number(alone?.['value'])).toLocaleString('en')}. Ask for the totals as well.`,
  ]
}
