-- How concentrated are the world's exports of a product?
--
-- uses    world_exports
-- gives   one row a period or window and product
--         total          currency: what all exporters sell
--         unknown        currency: of it, by exporters that are not known
--         squares        currency squared: sum of squared exports, known exporters
--         lead_value     currency: the largest known exporter's
--         high_squares   currency squared, with all of the unknown added to the largest: the upper bound
--         new_squares    currency squared, with the unknown as one more exporter
-- source  methods, sections c (C2, fixture C2_world) and a (bounds)
with supply as (
  select
    e.period as period, e.product as product,
    cast(sum(e.value) as Int128) as total,
    cast(sum(case when e.known = 0 then e.value else 0 end) as Int128) as unknown,
    sum(case when e.known = 1 then cast(e.value as Int128) * e.value else cast(0 as Int128) end) as squares,
    cast(max(case when e.known = 1 then e.value else 0 end) as Int128) as lead_value
  from world_exports as e
  group by e.period, e.product
)
select
  s.period as period, s.product as product, s.total as total, s.unknown as unknown, s.squares as squares,
  s.lead_value as lead_value,
  s.squares + 2 * s.lead_value * s.unknown + s.unknown * s.unknown as high_squares,
  s.squares + s.unknown * s.unknown as new_squares
from supply as s
