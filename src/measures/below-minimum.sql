-- What does a least value of purchases leave out?
--
-- uses    flow
-- given   $min_value     integer: purchases of a product for less in all are left out, currency
--         $period_asked  list of integer: the periods asked for
-- gives   one row
--         left_out    count of purchases, one an importer, product and period, below it
--         purchases   count of all
--         value       currency: of those left out
--         total       currency: of all
with purchase as (
  select f.period as period, f.product as product, f.importer as importer, sum(f.value) as value
  from flow as f
  where f.inside = 0 and f.period in (select unnest($period_asked) as period)
  group by f.period, f.product, f.importer
)
select
  cast(count(case when p.value < $min_value then 1 end) as integer) as left_out, cast(count(*) as integer) as purchases,
  cast(coalesce(sum(case when p.value < $min_value then p.value else 0 end), 0) as double) as value,
  cast(coalesce(sum(p.value), 0) as double) as total
from purchase as p
