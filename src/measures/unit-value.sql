-- What does each flow cost by weight?
--
-- uses    flow
-- gives   one row a period, product, importer and exporter, of those with a known weight; a weight that the publisher has
--         estimated is none, for it follows from a usual unit value
--         value       currency
--         mass        grams
--         unit_value  currency per tonne
--         log         its natural logarithm in units of 1e-14, whole, so that medians and sums do not depend on an order
-- source  methods, section f: quantity 0 or missing has no unit value, never an infinite one
select
  f.period as period, f.product as product, f.importer as importer, f.exporter as exporter, f.value as value,
  f.mass as mass, cast(f.value as double) * 1e6 / cast(f.mass as double) as unit_value,
  cast(round(ln(cast(f.value as double) * 1e6 / cast(f.mass as double)) * 1e14) as bigint) as log
from flow as f
where f.inside = 0 and f.own = 0 and f.known = 1 and f.value > 0 and f.mass > 0
