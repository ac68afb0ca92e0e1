-- What share of each product does an importer buy from a supplier, and how much from any other at most?
--
-- uses    flow
-- given   $buyers          list of text: importers or blocs as named in flow; empty takes all
--         $suppliers       list of text: suppliers or sets as named in flow
--         $own_importer    list of text: importers that a supplier lies within
--         $own_supplier    list of text: for each, that supplier
--         $blank_importer  list of text: importers whose purchases from a supplier are not known
--         $blank_supplier  list of text: for each, that supplier
--         $blank_period    list of integer: for each, the period
--         $blank_level     list of integer: for each, the digits of the products that have nothing
--         $level           integer: digits of the product codes as stored
-- gives   one row a period, importer, supplier and product that the importer buys, unless the supplier lies within it
--         value  currency: bought from the supplier; null where that is not known
--         total  currency: bought from all, unknown partners among them
--         share  share 0-1: value by total, null as value is
--         rival  currency: the most bought from any other known supplier
-- source  methods, section a (shares, lead gap)
with asked as (
  select unnest($suppliers) as supplier
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
known as (
  select
    p.period as period, p.product as product, p.importer as importer, p.supplier as supplier, p.total as total,
    p.rival as rival, case when b.certain = 1 or (b.certain = 0 and p.value = 0) then null else p.value end as value
  from purchases as p
  left join inner_pair as o on o.importer = p.importer and o.supplier = p.supplier
  left join blank as b on b.importer = p.importer and b.supplier = p.supplier and b.period = p.period
  where o.importer is null
)
select
  k.period as period, k.product as product, k.importer as importer, k.supplier as supplier, k.value as value,
  k.total as total, k.rival as rival, cast(k.value as double) / cast(k.total as double) as share
from known as k
