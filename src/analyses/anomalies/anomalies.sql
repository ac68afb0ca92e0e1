-- Which unit values are far from what the same supplier gets of the same buyer over time, or from everyone's at the time?
--
-- uses    unit_value_scores
-- given   $least                  integer: fewer unit values than these are no company
--         $threshold_thousandths  integer: scores beyond this in size are far
--         $all                    integer: 1 shows every flow, 0 those that are far
-- gives   one row a period, importer, supplier and product
--         value  currency
--         mass   tonnes
--         and columns of unit_value_scores as they are
-- source  methods, section f (ANO1 to ANO3)
select
  cast(s.period as integer) as period, s.importer as importer, s.exporter as supplier, s.product as product,
  s.value as value, cast(s.mass as double) / 1e6 as mass, s.unit_value as unit_value,
  s.own_median as own_median, s.own_score as own_score, cast(s.own_periods as integer) as own_periods,
  s.world_median as world_median, s.world_score as world_score, cast(s.world_flows as integer) as world_flows,
  case when s.world_flows >= $least then s.fence_low end as fence_low,
  case when s.world_flows >= $least then s.fence_high end as fence_high
from unit_value_scores as s
where $all = 1 or abs(s.own_score) * 1000 > $threshold_thousandths or abs(s.world_score) * 1000 > $threshold_thousandths
