-- What do all the goods between a supplier and a buyer cost by weight, and how much of the growth of value is price?
--
-- uses    flow, unit_value
-- given   $sellers       list of text: exporters or blocs as named in flow; empty takes all
--         $buyers        list of text: importers or blocs as named in flow; empty takes all
--         $period_asked  list of integer: the periods that are shown; each is compared with that of a year before
-- gives   one row a period, importer and supplier, over the products asked for
--         value            currency
--         weighed_value    currency of products with a known weight
--         mass             tonnes of those
--         unit_value       currency per tonne: ratio of their sums, never the mean of ratios
--         median_unit_value, weighted_median_unit_value  currency per tonne, over products; weighted by value
--         products, weighed_products  count
--         compared_value, compared_before  currency, over products with a known weight in the period and a year before: sold
--                          in it, and before
--         before_at_prices_now, now_at_prices_before  currency: what was sold in one by the unit values of the other
-- source  methods, section f (ANO4, ANO5)
with asked as (
  select
    f.period as period, f.importer as importer, f.exporter as supplier, cast(sum(f.value) as bigint) as value,
    count(*) as products
  from flow as f
  where f.inside = 0 and f.own = 0 and f.known = 1
    and f.period in (select unnest($period_asked) as period)
    and (length($buyers) = 0 or f.importer in (select unnest($buyers) as economy))
    and (length($sellers) = 0 or f.exporter in (select unnest($sellers) as economy))
  group by f.period, f.importer, f.exporter
),
priced as (
  select
    u.period as period, u.importer as importer, u.exporter as supplier, u.product as product, u.value as value,
    u.mass as mass, u.unit_value as unit_value,
    row_number() over (partition by u.period, u.importer, u.exporter order by u.unit_value, u.product) as place,
    count(*) over (partition by u.period, u.importer, u.exporter) as company,
    sum(cast(u.value as Int128)) over (
      partition by u.period, u.importer, u.exporter order by u.unit_value, u.product
      rows between unbounded preceding and current row
    ) as up_to,
    sum(cast(u.value as Int128)) over (partition by u.period, u.importer, u.exporter) as whole
  from unit_value as u
  where (length($buyers) = 0 or u.importer in (select unnest($buyers) as economy))
    and (length($sellers) = 0 or u.exporter in (select unnest($sellers) as economy))
),
weighed as (
  select
    p.period as period, p.importer as importer, p.supplier as supplier, count(*) as products,
    sum(cast(p.value as Int128)) as value, sum(cast(p.mass as Int128)) as mass,
    max(case when p.place = floor((p.company + 1) / 2.0) then p.unit_value end) as middle_below,
    max(case when p.place = ceil((p.company + 1) / 2.0) then p.unit_value end) as middle_above,
    min(case when 2 * p.up_to >= p.whole then p.unit_value end) as weighted_median
  from priced as p
  group by p.period, p.importer, p.supplier
),
-- Values at the other period's prices in whole millionths of currency, so that sums do not depend on their order.
compared as (
  select
    n.period as period, n.importer as importer, n.supplier as supplier,
    sum(cast(n.value as Int128)) as value_now, sum(cast(b.value as Int128)) as value_before,
    sum(cast(round(n.unit_value * cast(b.mass as double)) as Int128)) as before_at_prices_now,
    sum(cast(round(b.unit_value * cast(n.mass as double)) as Int128)) as now_at_prices_before
  from priced as n
  join priced as b
    on b.period = n.period - 100 and b.importer = n.importer and b.supplier = n.supplier and b.product = n.product
  group by n.period, n.importer, n.supplier
)
select
  cast(a.period as integer) as period, a.importer as importer, a.supplier as supplier, a.value as value,
  cast(coalesce(w.value, 0) as bigint) as weighed_value, cast(w.mass as double) / 1e6 as mass,
  cast(w.value as double) * 1e6 / cast(w.mass as double) as unit_value,
  (w.middle_below + w.middle_above) / 2 as median_unit_value, w.weighted_median as weighted_median_unit_value,
  cast(a.products as integer) as products, cast(coalesce(w.products, 0) as integer) as weighed_products,
  cast(coalesce(c.value_now, 0) as bigint) as compared_value, cast(c.value_before as double) as compared_before,
  cast(c.before_at_prices_now as double) / 1e6 as before_at_prices_now,
  cast(c.now_at_prices_before as double) / 1e6 as now_at_prices_before
from asked as a
left join weighed as w on w.period = a.period and w.importer = a.importer and w.supplier = a.supplier
left join compared as c on c.period = a.period and c.importer = a.importer and c.supplier = a.supplier
