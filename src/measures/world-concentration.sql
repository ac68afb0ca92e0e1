-- How concentrated are the world's exports of a product?
--
-- uses    world_supply
-- inline  what it stands on is kept, or stored
-- gives   one row a period or window and product
--         high_squares   currency squared, with all of the unknown added to the largest: the upper bound
--         new_squares    currency squared, with the unknown as one more exporter
--         and the columns of world_supply as they are
-- source  methods, sections c (C2, fixture C2_world) and a (bounds)
select
  s.period as period, s.product as product, s.total as total, s.unknown as unknown, s.squares as squares,
  s.lead_value as lead_value,
  s.squares + 2 * s.lead_value * s.unknown + s.unknown * s.unknown as high_squares,
  s.squares + s.unknown * s.unknown as new_squares
from world_supply as s
