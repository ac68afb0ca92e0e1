-- Which partner's series moves a total by more than one per cent and has no like before, or stops?
--
-- uses    all_goods, span (position, period: the periods in order; lag: how many periods lie between a value and its likes;
--         least: how many likes it must have, for what trades in some months only has nothing like most of them)
-- gives   one row a partner, period and kind
--         jump   at least five times the largest value up to `lag` periods earlier, and above 1 % of the period's total
--         blank  nothing, after at least 1 % of the period before and values in the three before
with pair as (
  select r.side, r.importer, r.exporter, r.level, r.period, sum(r.value) as value
  from all_goods as r
  where r.level = $level and r.side = $side and r.trade = 'all' and substr(r.exporter, 1, 2) <> 'X-' and substr(r.importer, 1, 2) <> 'X-'
  group by r.side, r.importer, r.exporter, r.level, r.period
),
whole as (
  select r.period, case when r.side = 'exporter' then r.exporter else r.importer end as reporter, sum(r.value) as total
  from all_goods as r
  where r.level = $level and r.side = $side and r.trade = 'all'
  group by r.period, case when r.side = 'exporter' then r.exporter else r.importer end
),
large as (
  select distinct p.side, p.importer, p.exporter, p.level
  from pair as p
  join whole as w on w.period = p.period and w.reporter = case when p.side = 'exporter' then p.exporter else p.importer end
  where p.value * 100 > w.total
),
series as (
  select
    l.side, l.importer, l.exporter, l.level, s.period, s.position, s.lag, s.least,
    coalesce(p.value, 0) as value, w.total as total,
    lag(coalesce(p.value, 0)) over same as before, lag(w.total) over same as total_before, lag(s.period) over same as period_before
  from large as l
  cross join span as s
  left join pair as p on p.side = l.side and p.importer = l.importer and p.exporter = l.exporter and p.period = s.period
  left join whole as w on w.period = s.period and w.reporter = case when l.side = 'exporter' then l.exporter else l.importer end
  window same as (partition by l.side, l.importer, l.exporter order by s.position)
),
judged as (
  select
    a.*,
    max(b.value) as like_before, count(b.value) as periods_before, min(case when b.value > 0 then 1 else 0 end) as always_before
  from series as a
  left join series as b
    on b.side = a.side and b.importer = a.importer and b.exporter = a.exporter and b.position <= a.position - a.lag
  group by all
)
select
  case when j.value > 0 then 'jump' else 'blank' end as kind,
  j.side, j.importer, j.exporter, cast(j.level as integer) as level, cast(j.period as integer) as period,
  cast(j.value as bigint) as value, cast(j.total as bigint) as total, cast(j.like_before as bigint) as like_before,
  cast(coalesce(j.before, 0) as bigint) as before, cast(coalesce(j.period_before, 0) as integer) as period_before
from judged as j
where j.total > 0 and j.periods_before >= j.least
  and (
    (j.value * 100 > j.total and j.value >= 5 * j.like_before)
    or (j.value = 0 and j.before * 100 > j.total_before and j.always_before = 1)
  )
order by j.side, j.importer, j.exporter, j.period
