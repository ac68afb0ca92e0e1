-- What was traded, as stored: one row a period, product, importer and exporter.
--
-- uses    report
-- given   $level      integer: digits of the product codes as stored, 0 for all goods
--         $side       text: whose report, or reconciled
--         $periods    list of integer: yyyymm, a year is yyyy00; empty takes all
--         $products   list of text: codes as stored; empty takes all
--         $importers  list of text: alpha-3; empty takes all
-- gives   period, product, importer, exporter
--         inside      0: the seller does not belong to the buying bloc, for there is none; written as a difference that is
--                     nothing, for ClickHouse mistakes a constant where several relations read it
--         own         0: nor the buyer to the selling bloc
--         known       1, or 0 where the supplier is one of the reserved codes X-… for unknown partners
--         value       currency
--         mass        grams, null where unknown or estimated by the publisher: an estimate follows from a usual unit value
-- source  methods, section 0: own trade and empty flows are left out
select
  r.period as period, r.product as product, r.importer as importer, r.exporter as exporter,
  r.level - $level as inside, r.level - $level as own,
  case when substr(r.exporter, 1, 2) = 'X-' then 0 else 1 end as known,
  r.value as value,
  case when r.status in ('estimated mass', 'estimated mass and quantity') then null else r.mass end as mass
from report as r
where r.level = $level and r.side = $side and r.trade = 'all' and r.exporter <> r.importer and r.value > 0
  and (length($periods) = 0 or r.period in (select unnest($periods) as period))
  and (length($products) = 0 or r.product in (select unnest($products) as product))
  and (length($importers) = 0 or r.importer in (select unnest($importers) as economy))
