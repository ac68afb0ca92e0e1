-- How much of what an importer buys comes from a supplier, and since when?
--
-- uses    flow, exports
-- given   $buyers           list of text: importers or blocs as named in flow; empty takes all
--         $suppliers        list of text: suppliers or sets as named in flow
--         $period_asked     list of integer: the periods asked for
--         $period_previous  list of integer: for each, the period it is compared with; 0 where there is none
--         $reverse          integer: 1 where the suppliers' exports are covered whole, else 0
--         $min_value        integer: leave out purchases of a product for less in all, currency
--         $own_importer     list of text: importers that a supplier lies within
--         $own_supplier     list of text: for each, that supplier
--         $blank_importer   list of text: importers whose purchases from a supplier are not known
--         $blank_supplier   list of text: for each, that supplier
--         $blank_period     list of integer: for each, the period
--         $blank_level      list of integer: for each, the digits of the products that have nothing
--         $level            integer: digits of the product codes as stored
-- gives   one row a period, importer, supplier and product that the importer buys, unless the supplier lies within it
--         value             currency: bought from the supplier; null where that is not known
--         total             currency: bought from all, unknown partners among them
--         share             share 0-1, null as value is
--         share_change      share 0-1 less that of the previous period; null where either is not covered or not known
--         lead_gap          share 0-1 less the largest share of any other known supplier; negative where that leads, null as
--                           value is
--         reverse_share     share 0-1 of the supplier's exports that goes to the importer; null where not covered
--         independence      what orders: the share in the last period, negative, the same in all periods; 1 where not known
-- source  methods, sections a and d17 (fixture D10)
with asked as (
  select unnest($suppliers) as supplier
),
step as (
  select $period_asked[p.i] as period, $period_previous[p.i] as previous
  from (select unnest(range(1, length($period_asked) + 1)) as i) as p
),
inner_pair as (
  select $own_importer[o.i] as importer, $own_supplier[o.i] as supplier
  from (select unnest(range(1, length($own_importer) + 1)) as i) as o
),
blank as (
  select
    $blank_importer[b.i] as importer, $blank_supplier[b.i] as supplier, $blank_period[b.i] as period,
    max(case when $blank_level[b.i] = $level then 1 else 0 end) as certain
  from (select unnest(range(1, length($blank_importer) + 1)) as i) as b
  group by $blank_importer[b.i], $blank_supplier[b.i], $blank_period[b.i]
),
bought as (
  select f.period as period, f.product as product, f.importer as importer, f.exporter as exporter, f.known as known, f.value as value
  from flow as f
  where f.inside = 0 and (length($buyers) = 0 or f.importer in (select unnest($buyers) as economy))
),
purchases as (
  select
    b.period as period, b.product as product, b.importer as importer, a.supplier as supplier,
    cast(sum(b.value) as bigint) as total,
    cast(sum(case when b.exporter = a.supplier then b.value else 0 end) as bigint) as value,
    max(case when b.exporter <> a.supplier and b.known = 1 then b.value else 0 end) as rival
  from bought as b cross join asked as a
  where b.importer <> a.supplier
  group by b.period, b.product, b.importer, a.supplier
),
shares as (
  select
    p.period as period, p.product as product, p.importer as importer, p.supplier as supplier, p.total as total,
    p.rival as rival, case when b.certain = 1 or (b.certain = 0 and p.value = 0) then null else p.value end as value
  from purchases as p
  left join inner_pair as o on o.importer = p.importer and o.supplier = p.supplier
  left join blank as b on b.importer = p.importer and b.supplier = p.supplier and b.period = p.period
  where o.importer is null
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
  s.value as value, s.total as total,
  cast(s.value as double) / cast(s.total as double) as share,
  case when p.total is null then null
    else cast(s.value as double) / cast(s.total as double) - cast(p.value as double) / cast(p.total as double)
  end as share_change,
  (cast(s.value as double) - cast(s.rival as double)) / cast(s.total as double) as lead_gap,
  cast(s.value as double) / nullif(cast(o.value as double), 0) as reverse_share,
  -first_value(coalesce(cast(s.value as double) / cast(s.total as double), -1)) over (
    partition by s.importer, s.supplier, s.product order by s.period desc
  ) as independence
from shares as s
join step as t on t.period = s.period
left join shares as p
  on p.period = t.previous and p.product = s.product and p.importer = s.importer and p.supplier = s.supplier
left join sold as o on o.period = s.period and o.product = s.product and o.supplier = s.supplier
where s.total >= $min_value
