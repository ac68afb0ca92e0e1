-- Who supplies an importer with a product, a group of products or everything?
--
-- uses    flow
-- given   $suppliers  list of text: show these only; empty shows all
--         $min_value  integer: leave out purchases of a product for less in all, currency
-- gives   one row a period, importer, product and supplier
--         value       currency
--         share       share 0-1 of all that the importer buys of it, unknown partners in the denominator
--         rank        1 is the largest; null for unknown partners, which never rank
--         mass        tonnes, null where unknown
--         unit_value  currency per tonne
with bought as (
  select
    f.period as period, f.product as product, f.importer as importer, f.exporter as exporter, f.known as known,
    f.value as value, f.mass as mass,
    sum(f.value) over (partition by f.period, f.product, f.importer) as total,
    row_number() over (
      partition by f.period, f.product, f.importer order by f.known desc, f.value desc, f.exporter
    ) as place
  from flow as f
  where f.inside = 0
)
select
  cast(b.period as integer) as period, b.importer as importer, b.product as product, b.exporter as supplier,
  b.value as value,
  cast(b.value as double) / cast(b.total as double) as share,
  case when b.known = 1 then cast(b.place as integer) end as rank,
  cast(b.place as integer) as place,
  cast(b.mass as double) / 1e6 as mass,
  cast(b.value as double) / nullif(cast(b.mass as double) / 1e6, 0) as unit_value
from bought as b
where b.total >= $min_value
  and (length($suppliers) = 0 or b.exporter in (select unnest($suppliers) as economy))
