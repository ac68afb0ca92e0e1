-- What would an importer lose with a supplier, product by product?
--
-- uses    flow
-- given   $buyers     list of text: importers or blocs as named in flow; empty takes all
--         $lost       list of text: suppliers or sets, each lost by itself; empty takes each product's leading one
--         $min_value  integer: leave out purchases of a product for less in all, currency
--         $min_share_millionths  integer: leave out what is a smaller share of all that the importer buys of it
-- gives   one row a period, product, importer and lost supplier, where something is bought from it
--         value  currency: what is lost
--         mass   grams, null where unknown
--         total  currency: bought from all, unknown partners among them
-- source  methods, section e: the lost flow F
with bought as (
  select
    f.period as period, f.product as product, f.importer as importer, f.exporter as lost, f.known as known,
    f.value as value, f.mass as mass,
    cast(sum(f.value) over (partition by f.period, f.product, f.importer) as Int128) as total,
    row_number() over (
      partition by f.period, f.product, f.importer order by f.known desc, f.value desc, f.exporter
    ) as place
  from flow as f
  where f.inside = 0 and (length($buyers) = 0 or f.importer in (select unnest($buyers) as economy))
)
select
  b.period as period, b.product as product, b.importer as importer, b.lost as lost,
  b.value as value, b.mass as mass, b.total as total
from bought as b
where b.total >= $min_value and b.value * cast(1000000 as Int128) >= b.total * $min_share_millionths
  and case when length($lost) = 0 then b.place = 1 and b.known = 1
    else b.lost in (select unnest($lost) as supplier) end
