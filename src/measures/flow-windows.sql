-- What was traded in each period and, under the name of each window, in its periods together, where it is worth a look.
--
-- uses    flow_of_periods, bought_enough
-- given   $window_name    list of integer: names of windows whose flows are summed, years × 1,000,000 + the period judged
--         $window_period  list of integer: for each name, one of the periods in the window
-- gives   the columns of flow, of products that the importer buys for enough in a judged period, and of windows those of
--         that period; mass is null for a window
-- source  methods, section b2: the mean of values over a window, whose ratios are those of their sum
with pool as (
  select $window_name[w.i] as name, $window_period[w.i] as period
  from (select unnest(range(1, length($window_name) + 1)) as i) as w
),
-- The flows are read once more below: kept, they would be the largest thing in memory.
windowed as (
  select p.name as name, p.period as period, e.product as product, e.importer as importer
  from bought_enough as e
  join pool as p on p.name % 1000000 = e.period
)
select
  f.period as period, f.product as product, f.importer as importer, f.exporter as exporter,
  f.inside as inside, f.own as own, f.known as known, f.value as value, f.mass as mass
from flow_of_periods as f
join (select distinct b.product as product, b.importer as importer from bought_enough as b) as e
  on e.product = f.product and e.importer = f.importer
-- As it is anyway: said here, an engine sees that who asks for windows alone needs none of these.
where cast(f.period as bigint) < 1000000
union all
-- Who buys from whom decides what is inside a bloc and whose own: no keys of their own, and one number as they are summed.
select
  s.period as period, s.product as product, s.importer as importer, s.exporter as exporter,
  case when s.side >= 2 then 1 else 0 end as inside, s.side % 2 as own,
  case when substr(s.exporter, 1, 2) = 'X-' then 0 else 1 end as known, s.value as value, cast(null as bigint) as mass
from (
  select
    w.name as period, f.product as product, f.importer as importer, f.exporter as exporter,
    min(2 * f.inside + f.own) as side, cast(sum(f.value) as bigint) as value
  from flow_of_periods as f
  join windowed as w on w.period = f.period and w.product = f.product and w.importer = f.importer
  group by w.name, f.product, f.importer, f.exporter
) as s
