-- How much of what an importer buys comes from a supplier, and since when?
--
-- uses    supplier_shares, exports
-- given   $suppliers        list of text: suppliers or sets as named in flow
--         $period_asked     list of integer: the periods asked for
--         $period_previous  list of integer: for each, the period it is compared with; 0 where there is none
--         $period_last      integer: the last of them
--         $reverse          integer: 1 where the suppliers' exports are covered whole, else 0
--         $min_value        integer: leave out purchases of a product for less in all, currency
-- gives   one row a period, importer, supplier and product that the importer buys, unless the supplier lies within it
--         value             currency: bought from the supplier; null where that is not known
--         total             currency: bought from all, unknown partners among them
--         share             share 0-1, null as value is
--         share_change      share 0-1 less that of the previous period; null where either is not covered or not known
--         lead_gap          share 0-1 less the largest share of any other known supplier; negative where that leads, null as
--                           value is
--         reverse_share     share 0-1 of the supplier's exports that goes to the importer; null where not covered
--         independence      what orders: the share in the last period, negative, the same in all periods; 1 where nothing is
--                           bought in it, or not known
-- source  methods, sections a and d17 (fixture D10)
with step as (
  select $period_asked[p.i] as period, $period_previous[p.i] as previous
  from (select unnest(range(1, length($period_asked) + 1)) as i) as p
),
-- Of one period it is its own: an engine sees that there is nothing to join.
latest as (
  select s.product as product, s.importer as importer, s.supplier as supplier, s.share as share
  from supplier_shares as s
  where length($period_asked) > 1 and s.period = $period_last
),
sold as (
  select e.period as period, e.product as product, e.exporter as supplier, cast(sum(e.outside) as bigint) as value
  from exports as e
  where $reverse = 1 and e.exporter in (select unnest($suppliers) as economy)
    and e.period in (select unnest($period_asked) as period)
  group by e.period, e.product, e.exporter
)
select
  cast(s.period as integer) as period, s.importer as importer, s.supplier as supplier, s.product as product,
  s.value as value, s.total as total, s.share as share, s.share - p.share as share_change,
  (cast(s.value as double) - cast(s.rival as double)) / cast(s.total as double) as lead_gap,
  cast(s.value as double) / nullif(cast(o.value as double), 0) as reverse_share,
  -coalesce(case when length($period_asked) > 1 then l.share else s.share end, -1) as independence
from supplier_shares as s
join step as t on t.period = s.period
left join supplier_shares as p
  on p.period = t.previous and p.product = s.product and p.importer = s.importer and p.supplier = s.supplier
left join latest as l on l.product = s.product and l.importer = s.importer and l.supplier = s.supplier
left join sold as o on o.period = s.period and o.product = s.product and o.supplier = s.supplier
where s.total >= $min_value
