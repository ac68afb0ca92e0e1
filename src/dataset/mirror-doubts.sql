-- Which report of a flow is far from its mirror, the partner's report of the same flow, without having been so before?
--
-- uses    all_goods, span (position, period: the periods in order; lag: how many periods lie between a gap and its likes)
-- given   $level       integer: digits of the products whose sums are compared
--         $side        text: whose report is looked at, importer or exporter
--         $freight     integer: per cent by which an import, CIF, may exceed the export, FOB, and no more is said
--         $part        integer: per cent of the reporter's total of the period that the difference must exceed
--         $factor      integer: the larger is at least so many times the smaller, freight allowed
--         $factor_new  integer: the same where no earlier period has both reports
-- gives   one row a flow and period whose factor is more than twice any of its likes: the factors `lag` or more periods
--         earlier or, where none has both reports, that of the first that has; so a gap that stays is given for `lag`
--         periods, as a leap of a series is. A gap to the other side is no like
-- source  methods, section f: importers report CIF by origin, exporters FOB by last known destination
with flow as (
  select
    r.importer, r.exporter, r.period,
    sum(r.value) filter (where r.side = 'importer') as bought, sum(r.value) filter (where r.side = 'exporter') as sold
  from all_goods as r
  where r.level = $level and r.trade = 'all' and r.importer <> r.exporter
    and substr(r.exporter, 1, 2) <> 'X-' and substr(r.importer, 1, 2) <> 'X-'
  group by r.importer, r.exporter, r.period
  having bought > 0 and sold > 0
),
whole as (
  select r.period, case when $side = 'exporter' then r.exporter else r.importer end as reporter, sum(r.value) as total
  from all_goods as r
  where r.level = $level and r.trade = 'all' and r.side = $side
  group by r.period, case when $side = 'exporter' then r.exporter else r.importer end
),
compared as (
  select
    f.importer, f.exporter, f.period, s.position, s.lag, f.bought, f.sold,
    case when f.bought * 100 > f.sold * (100 + $freight) then 'bought' when f.sold > f.bought then 'sold' else 'neither' end as larger,
    greatest(
      cast(f.bought * 100 as double) / cast(f.sold * (100 + $freight) as double),
      cast(f.sold as double) / cast(f.bought as double)
    ) as factor
  from flow as f join span as s on s.period = f.period
),
wide as (
  select c.*
  from compared as c
  join whole as w on w.period = c.period and w.reporter = case when $side = 'exporter' then c.exporter else c.importer end
  where c.larger <> 'neither' and c.factor >= $factor and abs(c.bought - c.sold) * 100 > w.total * $part
),
judged as (
  select
    a.*,
    max(b.period) as period_before,
    coalesce(
      max(case when b.larger = a.larger then b.factor else 0 end) filter (where b.position <= a.position - a.lag),
      arg_min(case when b.larger = a.larger then b.factor else 0 end, b.position) filter (where b.position is not null)
    ) as like_before
  from wide as a
  left join compared as b on b.importer = a.importer and b.exporter = a.exporter and b.position < a.position
  group by all
)
select
  j.importer, j.exporter, cast(j.period as integer) as period,
  cast(case when $side = 'exporter' then j.sold else j.bought end as bigint) as value,
  cast(case when $side = 'exporter' then j.bought else j.sold end as bigint) as mirror,
  j.larger, j.factor, cast(coalesce(j.period_before, 0) as integer) as period_before
from judged as j
where case when j.period_before is null then j.factor >= $factor_new else j.factor > 2 * j.like_before end
order by j.importer, j.exporter, j.period
