-- What does the world sell of a product, and how unevenly: in each period as stored and, under the name of each window, in
-- its periods together?
--
-- uses    world_supply_of_periods, world_supply_summed
-- gives   the columns of world-supply-summed
-- source  methods, sections b2 (sums over a window) and c (C2)
select
  s.period as period, s.product as product, s.total as total, s.unknown as unknown, s.squares as squares,
  s.lead_value as lead_value
from world_supply_of_periods as s
union all
select
  w.period as period, w.product as product, w.total as total, w.unknown as unknown, w.squares as squares,
  w.lead_value as lead_value
from world_supply_summed as w
where w.period >= 1000000
