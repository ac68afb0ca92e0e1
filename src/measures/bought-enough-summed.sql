-- What does each importer buy for enough in a period that is judged?
--
-- uses    flow_of_periods
-- given   $judged_periods  list of integer: the periods that are judged
--         $min_value       integer: judge no product that is bought for less, currency
-- gives   one row a judged period, product and importer
-- source  methods, section 0: the least value is of purchases in the period judged
select f.period as period, f.product as product, f.importer as importer
from flow_of_periods as f
where f.inside = 0 and f.period in (select unnest($judged_periods) as period)
group by f.period, f.product, f.importer
having sum(f.value) >= $min_value
