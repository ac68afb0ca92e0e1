-- What does each importer buy for enough in a period that is judged? By purchases as stored.
--
-- uses    purchases_of_periods
-- given   $judged_periods  list of integer: the periods that are judged
--         $min_value       integer: judge no product that is bought for less, currency
-- gives   the columns of bought-enough-summed
-- source  methods, section 0: the least value is of purchases in the period judged
select p.period as period, p.product as product, p.importer as importer
from purchases_of_periods as p
where p.total >= $min_value and p.period in (select unnest($judged_periods) as period)
