-- What does a least value of purchases leave out?
--
-- uses    purchases
-- given   $min_value     integer: purchases of a product for less in all are left out, currency
--         $period_asked  list of integer: the periods asked for
-- gives   one row
--         left_out    count of purchases, one an importer, product and period, below it
--         purchases   count of all
--         value       currency: of those left out
--         total       currency: of all
select
  cast(count(case when p.total < $min_value then 1 end) as integer) as left_out, cast(count(*) as integer) as purchases,
  cast(coalesce(sum(case when p.total < $min_value then p.total else 0 end), 0) as double) as value,
  cast(coalesce(sum(p.total), 0) as double) as total
from purchases as p
where p.period in (select unnest($period_asked) as period)
