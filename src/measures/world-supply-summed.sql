-- What does the world sell of a product, and how unevenly?
--
-- uses    world_exports
-- gives   one row a period or window and product
--         total       currency: what all exporters sell
--         unknown     currency: of it, by exporters that are not known
--         squares     currency squared: sum of squared exports, known exporters
--         lead_value  currency: the largest known exporter's
-- source  methods, section c (C2, fixture C2_world)
select
  e.period as period, e.product as product,
  cast(sum(e.value) as Int128) as total,
  cast(sum(case when e.known = 0 then e.value else 0 end) as Int128) as unknown,
  sum(case when e.known = 1 then cast(e.value as Int128) * e.value else cast(0 as Int128) end) as squares,
  cast(max(case when e.known = 1 then e.value else 0 end) as Int128) as lead_value
from world_exports as e
group by e.period, e.product
