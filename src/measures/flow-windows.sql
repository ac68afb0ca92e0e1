-- What was traded in each period and, under the name of each window, in its periods together, where it is worth a look.
--
-- uses    flow_of_periods, bought_enough
-- given   $window_name    list of integer: names of windows whose flows are summed, years × 1,000,000 + the period judged
--         $window_period  list of integer: for each name, one of the periods in the window
-- gives   the columns of flow, of products that the importer buys for enough in a judged period; mass is null for a window
-- source  methods, section b2: the mean of values over a window, whose ratios are those of their sum
with pool as (
  select $window_name[w.i] as name, $window_period[w.i] as period
  from (select unnest(range(1, length($window_name) + 1)) as i) as w
),
bought as (
  select
    f.period as period, f.product as product, f.importer as importer, f.exporter as exporter,
    f.inside as inside, f.own as own, f.known as known, f.value as value, f.mass as mass
  from flow_of_periods as f
  join bought_enough as e on e.product = f.product and e.importer = f.importer
)
select
  b.period as period, b.product as product, b.importer as importer, b.exporter as exporter,
  b.inside as inside, b.own as own, b.known as known, b.value as value, b.mass as mass
from bought as b
union all
-- Who buys from whom decides what is inside a bloc and whose own: no keys of their own, and one number as they are summed.
select
  s.period as period, s.product as product, s.importer as importer, s.exporter as exporter,
  case when s.side >= 2 then 1 else 0 end as inside, s.side % 2 as own,
  case when substr(s.exporter, 1, 2) = 'X-' then 0 else 1 end as known, s.value as value, cast(null as bigint) as mass
from (
  select
    p.name as period, b.product as product, b.importer as importer, b.exporter as exporter,
    min(2 * b.inside + b.own) as side, cast(sum(b.value) as bigint) as value
  from bought as b
  join pool as p on p.period = b.period
  group by p.name, b.product, b.importer, b.exporter
) as s
