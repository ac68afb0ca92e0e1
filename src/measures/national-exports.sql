-- What did each economy sell to all others, as stored?
--
-- uses    report
-- gives   one row a level, side, period, product and exporter
--         value  currency
-- source  methods, section 0: own trade and empty flows are left out
select
  r.level as level, r.side as side, r.period as period, r.product as product, r.exporter as exporter,
  cast(sum(r.value) as bigint) as value
from report as r
where r.trade = 'all' and r.exporter <> r.importer and r.value > 0
group by r.level, r.side, r.period, r.product, r.exporter
