-- All flows of a year, in no order.
--
-- uses    flow (products without plants), planted
select f.period, f.product, f.importer, f.exporter, f.dollars, f.kilograms from flow as f
union all
select p.period, p.product, p.importer, p.exporter, p.dollars, p.kilograms from planted as p
