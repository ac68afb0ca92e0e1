-- What did each economy sell to the world in each period and, under the name of each window, in its periods together?
--
-- uses    exports_of_periods
-- given   $window_name    list of integer: names of windows whose flows are summed, years × 1,000,000 + the period judged
--         $window_period  list of integer: for each name, one of the periods in the window
-- gives   the columns of exports
-- source  methods, section b2: the mean of values over a window, whose ratios are those of their sum
with pool as (
  select $window_name[w.i] as name, $window_period[w.i] as period
  from (select unnest(range(1, length($window_name) + 1)) as i) as w
)
select
  e.period as period, e.product as product, e.economy as economy, e.exporter as exporter, e.known as known,
  e.value as value, e.outside as outside
from exports_of_periods as e
union all
select
  p.name as period, e.product as product, e.economy as economy, min(e.exporter) as exporter, min(e.known) as known,
  cast(sum(e.value) as bigint) as value, cast(sum(e.outside) as bigint) as outside
from exports_of_periods as e
join pool as p on p.period = e.period
group by p.name, e.product, e.economy
