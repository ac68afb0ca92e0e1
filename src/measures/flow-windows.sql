-- What was traded in each period and, under the name of each window, in its periods together.
--
-- uses    flow_of_periods
-- given   $window_name    list of integer: names of windows whose flows are summed, years × 1,000,000 + the period judged
--         $window_period  list of integer: for each name, one of the periods in the window
-- gives   the columns of flow; mass is null for a window
-- source  methods, section b2: the mean of values over a window, whose ratios are those of their sum
with pool as (
  select $window_name[w.i] as name, $window_period[w.i] as period
  from (select unnest(range(1, length($window_name) + 1)) as i) as w
)
select
  f.period as period, f.product as product, f.importer as importer, f.exporter as exporter,
  f.inside as inside, f.own as own, f.known as known, f.value as value, f.mass as mass
from flow_of_periods as f
union all
-- Who buys from whom decides what is inside a bloc, whose own, and known: no keys of their own.
select
  p.name as period, f.product as product, f.importer as importer, f.exporter as exporter,
  min(f.inside) as inside, min(f.own) as own, min(f.known) as known, cast(sum(f.value) as bigint) as value,
  cast(null as bigint) as mass
from flow_of_periods as f
join pool as p on p.period = f.period
group by p.name, f.product, f.importer, f.exporter
