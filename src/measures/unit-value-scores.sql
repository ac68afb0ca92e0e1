-- How far is each unit value from what the same supplier gets of the same buyer over time, and from everyone's at the time?
--
-- uses    unit_value
-- given   $sellers       list of text: exporters or blocs as named in flow; empty takes all
--         $buyers        list of text: importers or blocs as named in flow; empty takes all
--         $period_asked  list of integer: the periods that are judged; the others are compared with
--         $min_value     integer: currency; flows of less are compared with, not judged
--         $least         integer: fewer unit values than these are no company
-- gives   one row a period, importer, exporter and product
--         value, mass, unit_value  as in unit_value
--         own_median, world_median  currency per tonne
--         own_score, world_score  modified scores of logarithms; null in too small a company
--         own_periods, world_flows  count of unit values compared with, its own among them
--         fence_low, fence_high   currency per tonne: quartiles of the world's, type 7, less and more half as much again as lies between
-- source  Iglewicz and Hoaglin (1993): 0.6745 (x - median) / MAD, by the mean deviation where MAD is 0 (ANO1, ANO2); Tukey
--         (1977): fences (ANO3); methods, section f
with mine as (
  select
    u.period as period, u.product as product, u.importer as importer, u.exporter as exporter, u.log as log,
    row_number() over (partition by u.product, u.importer, u.exporter order by u.log, u.period) as place,
    count(*) over (partition by u.product, u.importer, u.exporter) as company
  from unit_value as u
  where (length($buyers) = 0 or u.importer in (select unnest($buyers) as economy))
    and (length($sellers) = 0 or u.exporter in (select unnest($sellers) as economy))
),
-- Twice a median is whole: the middle one twice, or the two in the middle.
mine_middle as (
  select
    m.product as product, m.importer as importer, m.exporter as exporter, max(m.company) as company,
    sum(case when 2 * m.place between m.company and m.company + 2 then m.log else 0 end)
      * (1 + max(m.company) % 2) as twice_median
  from mine as m
  group by m.product, m.importer, m.exporter
),
mine_off as (
  select
    m.product as product, m.importer as importer, m.exporter as exporter, m.period as period, c.company as company,
    c.twice_median as twice_median, 2 * m.log - c.twice_median as off,
    row_number() over (
      partition by m.product, m.importer, m.exporter order by abs(2 * m.log - c.twice_median), m.period
    ) as place
  from mine as m
  join mine_middle as c on c.product = m.product and c.importer = m.importer and c.exporter = m.exporter
),
mine_spread as (
  select
    o.product as product, o.importer as importer, o.exporter as exporter,
    sum(case when 2 * o.place between o.company and o.company + 2 then abs(o.off) else 0 end)
      * (1 + max(o.company) % 2) as twice_mad,
    sum(cast(abs(o.off) as Int128)) as all_off
  from mine_off as o
  group by o.product, o.importer, o.exporter
),
world as (
  select
    u.period as period, u.product as product, u.importer as importer, u.exporter as exporter, u.log as log,
    u.unit_value as unit_value,
    row_number() over (partition by u.period, u.product order by u.unit_value, u.importer, u.exporter) as place,
    count(*) over (partition by u.period, u.product) as company
  from unit_value as u
  where u.period in (select unnest($period_asked) as period)
),
world_middle as (
  select
    w.period as period, w.product as product, max(w.company) as company,
    sum(case when 2 * w.place between w.company and w.company + 2 then w.log else 0 end)
      * (1 + max(w.company) % 2) as twice_median,
    -- A quartile lies (n - 1) / 4 places after the first, between two neighbours by a straight line.
    max(case when w.place = 1 + floor((w.company - 1) / 4.0) then w.unit_value end) as first_below,
    max(case when w.place = 1 + ceil((w.company - 1) / 4.0) then w.unit_value end) as first_above,
    max(case when w.place = 1 + floor((w.company - 1) * 3 / 4.0) then w.unit_value end) as third_below,
    max(case when w.place = 1 + ceil((w.company - 1) * 3 / 4.0) then w.unit_value end) as third_above
  from world as w
  group by w.period, w.product
),
world_off as (
  select
    w.period as period, w.product as product, c.company as company, abs(2 * w.log - c.twice_median) as off,
    row_number() over (
      partition by w.period, w.product order by abs(2 * w.log - c.twice_median), w.importer, w.exporter
    ) as place
  from world as w
  join world_middle as c on c.period = w.period and c.product = w.product
),
world_spread as (
  select
    o.period as period, o.product as product,
    sum(case when 2 * o.place between o.company and o.company + 2 then o.off else 0 end)
      * (1 + max(o.company) % 2) as twice_mad,
    sum(cast(o.off as Int128)) as all_off
  from world_off as o
  group by o.period, o.product
),
fenced as (
  select
    c.period as period, c.product as product, c.company as company, c.twice_median as twice_median,
    c.first_below + ((c.company - 1) % 4) / 4.0 * (c.first_above - c.first_below) as first_quartile,
    c.third_below + ((c.company - 1) * 3 % 4) / 4.0 * (c.third_above - c.third_below) as third_quartile
  from world_middle as c
)
select
  u.period as period, u.importer as importer, u.exporter as exporter, u.product as product, u.value as value,
  u.mass as mass, u.unit_value as unit_value, o.company as own_periods, f.company as world_flows,
  exp(cast(o.twice_median as double) / 2e14) as own_median, exp(cast(f.twice_median as double) / 2e14) as world_median,
  case when o.company < $least then null
    when s.twice_mad > 0 then 0.6745 * cast(o.off as double) / (cast(s.twice_mad as double) / 2)
    when s.all_off > 0 then cast(o.off as double) / (1.253314 * cast(s.all_off as double) / cast(o.company as double))
    else cast(0 as double) end as own_score,
  case when f.company < $least then null
    when w.twice_mad > 0 then 0.6745 * cast(2 * u.log - f.twice_median as double) / (cast(w.twice_mad as double) / 2)
    when w.all_off > 0
      then cast(2 * u.log - f.twice_median as double) / (1.253314 * cast(w.all_off as double) / cast(f.company as double))
    else cast(0 as double) end as world_score,
  f.first_quartile - 1.5 * (f.third_quartile - f.first_quartile) as fence_low,
  f.third_quartile + 1.5 * (f.third_quartile - f.first_quartile) as fence_high
from unit_value as u
join mine_off as o
  on o.product = u.product and o.importer = u.importer and o.exporter = u.exporter and o.period = u.period
join mine_spread as s on s.product = u.product and s.importer = u.importer and s.exporter = u.exporter
join fenced as f on f.period = u.period and f.product = u.product
join world_spread as w on w.period = u.period and w.product = u.product
where u.value >= $min_value
