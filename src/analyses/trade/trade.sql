-- What was traded, and how much did it change?
--
-- uses    flow
-- given   $sellers          list of text: exporters or blocs as named in flow; empty takes all as one
--         $buyers           list of text: importers or blocs as named in flow; empty takes all
--         $period_asked     list of integer: the periods asked for
--         $period_previous  list of integer: for each, the period it is compared with; 0 where there is none
-- gives   one row a period, importer, supplier and product
--         value   currency
--         change  ratio less 1 against the previous period; null where that is not covered or nothing was traded
--         mass    tonnes, null where unknown
with step as (
  select $period_asked[p.i] as period, $period_previous[p.i] as previous
  from (select unnest(range(1, length($period_asked) + 1)) as i) as p
),
traded as (
  select
    f.period as period, f.importer as importer, f.product as product,
    case when length($sellers) = 0 then 'ALL' else f.exporter end as supplier,
    cast(sum(f.value) as bigint) as value,
    case when count(f.mass) = count(*) then sum(cast(f.mass as Int128)) end as mass
  from flow as f
  where f.inside = 0 and (length($buyers) = 0 or f.importer in (select unnest($buyers) as economy))
    and (length($sellers) = 0 or f.exporter in (select unnest($sellers) as economy))
  group by f.period, f.importer, f.product, case when length($sellers) = 0 then 'ALL' else f.exporter end
)
select
  cast(t.period as integer) as period, t.importer as importer, t.supplier as supplier, t.product as product,
  t.value as value,
  cast(t.value as double) / nullif(cast(p.value as double), 0) - 1 as change,
  cast(t.mass as double) / 1e6 as mass
from traded as t
join step as s on s.period = t.period
left join traded as p
  on p.period = s.previous and p.importer = t.importer and p.supplier = t.supplier and p.product = t.product
