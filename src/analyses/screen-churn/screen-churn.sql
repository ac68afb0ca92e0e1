-- Which products became critical between two periods, which are so no more, and which were near it?
--
-- uses    verdict_changes
-- given   $pair_from     list of integer: the earlier period of each comparison
--         $pair_to       list of integer: the later one
--         $method_name   list of text: names of methods
--         $method_short  list of text: the same in three characters at most
--         $keep_all      integer: 0 leaves out products that entered, left, are near or left open by no method
-- gives   one row a comparison, importer, product and method
--         period_before, period                the two periods
--         imports_before, imports              currency: bought in them; null where the product was not judged
--         method, short, before, after, change
--         nearest_before, distance_before, nearest, distance
--         lead_supplier                        the largest known one in the later period
-- source  methods, section c
with shown as (
  select
    v.*, max(case when v.change in ('entered', 'left', 'open', 'near') then 1 else 0 end)
      over (partition by v.pair, v.product, v.importer) as changed
  from verdict_changes as v
)
select
  cast($pair_from[s.pair] as integer) as period_before, cast($pair_to[s.pair] as integer) as period,
  s.importer as importer, s.product as product,
  cast(s.total_before as bigint) as imports_before, cast(s.total as bigint) as imports, s.lead_supplier as lead_supplier,
  $method_name[s.method] as method, $method_short[s.method] as short, s.before as before, s.after as after, s.change as change,
  s.nearest_before as nearest_before, s.distance_before as distance_before, s.nearest as nearest, s.distance as distance,
  s.method as place
from shown as s
where $keep_all = 1 or s.changed = 1
