-- What was traded in each period, by those who buy, those who sell, and what.
--
-- uses    flow
-- given   $sellers  list of text: exporters or blocs as named in flow; empty takes all as one
--         $buyers   list of text: importers or blocs as named in flow; empty takes all as one
-- gives   one row a period, importer, supplier and product in which anything was traded
--         value   currency
--         mass    tonnes, null where unknown for a part
select
  cast(f.period as integer) as period,
  case when length($buyers) = 0 then 'ALL' else f.importer end as importer,
  case when length($sellers) = 0 then 'ALL' else f.exporter end as supplier,
  f.product as product,
  cast(sum(f.value) as bigint) as value,
  case when count(f.mass) = count(*) then cast(sum(cast(f.mass as Int128)) as double) / 1e6 end as mass
from flow as f
where f.inside = 0 and (length($buyers) = 0 or f.importer in (select unnest($buyers) as economy))
  and (length($sellers) = 0 or f.exporter in (select unnest($sellers) as economy))
group by
  f.period, f.product,
  case when length($buyers) = 0 then 'ALL' else f.importer end,
  case when length($sellers) = 0 then 'ALL' else f.exporter end
