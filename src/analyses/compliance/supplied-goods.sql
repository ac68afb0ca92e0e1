-- What did each supplier, and all others together, sell of each unit of goods before and after an event?
--
-- uses    flow
-- given   $sellers  list of text: suppliers told apart, as named in flow
--         $buyers   list of text: destinations, as named in flow
--         $others   list of text: who the other suppliers are, as named in flow; empty takes everyone known
-- gives   one row a destination, supplier and unit, of goods on the list and off it apart
--         supplier  one of those told apart, or OTHERS
--         listed    1 or 0, by the first letter of flow's product; the unit is the rest
--         after     currency: in the period that flow calls 0
--         before    currency: in all its other periods together
--         mass_after, mass_before  tonnes, null where unknown for a part
with sold as (
  select
    f.importer as destination, substr(f.product, 2) as unit, substr(f.product, 1, 1) as mark,
    case when f.exporter in (select unnest($sellers) as economy) then f.exporter else 'OTHERS' end as supplier,
    f.exporter as exporter, f.known as known, f.period as period, f.value as value, f.mass as mass
  from flow as f
  where f.inside = 0 and f.own = 0 and f.importer in (select unnest($buyers) as economy)
)
select
  s.destination as destination, s.supplier as supplier, s.unit as unit,
  cast(case when s.mark = '1' then 1 else 0 end as integer) as listed,
  cast(sum(case when s.period = 0 then s.value else 0 end) as bigint) as after,
  cast(sum(case when s.period = 0 then 0 else s.value end) as bigint) as before,
  case when count(s.mass) = count(*)
    then cast(sum(case when s.period = 0 then cast(s.mass as Int128) else cast(0 as Int128) end) as double) / 1e6 end
    as mass_after,
  case when count(s.mass) = count(*)
    then cast(sum(case when s.period = 0 then cast(0 as Int128) else cast(s.mass as Int128) end) as double) / 1e6 end
    as mass_before
from sold as s
where s.supplier <> 'OTHERS'
  or (s.known = 1 and (length($others) = 0 or s.exporter in (select unnest($others) as economy)))
group by s.destination, s.supplier, s.unit, case when s.mark = '1' then 1 else 0 end
