-- What was traded of all goods together, as stored: a question of all goods reads this in place of every product.
--
-- uses    report
-- gives   one row a level, edition, side, kind of trade, status, period, importer and exporter
--         product  TOTAL
--         value    currency
--         mass     grams, null unless known for every product, and where it is beyond what a whole number of 64 bits holds
-- source  methods, section 0: empty flows are left out
select
  r.period as period, r.importer as importer, r.exporter as exporter, 'TOTAL' as product, r.level as level,
  r.edition as edition, r.side as side, r.trade as trade, cast(sum(r.value) as bigint) as value,
  case when count(r.mass) = count(*) and sum(cast(r.mass as Int128)) < 9000000000000000000
    then cast(sum(r.mass) as bigint) end as mass,
  r.status as status
from report as r
where r.value > 0
group by r.period, r.importer, r.exporter, r.level, r.edition, r.side, r.trade, r.status
