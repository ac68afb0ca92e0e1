-- What does each supplier sell to an importer, and what to all?
--
-- uses    flow, exports
-- given   $buyers     list of text: importers or blocs as named in flow; empty takes all
--         $capacity   integer: 1 where suppliers' exports to everyone are covered and read, else 0
--         $min_value  integer: leave out purchases of a product for less in all, currency
-- gives   one row a period, importer, product and supplier
--         known    1, or 0 for unknown partners
--         value    currency: what it sells to the importer
--         exports  currency: what it sells to all; null where not covered
-- source  methods, scenarios section a2: headroom, of which missed_supply has the rest
with bought as (
  select
    f.period as period, f.importer as importer, f.product as product, f.exporter as supplier, f.known as known,
    f.value as value, sum(f.value) over (partition by f.period, f.product, f.importer) as total
  from flow as f
  where f.inside = 0 and (length($buyers) = 0 or f.importer in (select unnest($buyers) as economy))
),
sold as (
  select e.period as period, e.product as product, e.exporter as supplier, cast(sum(e.outside) as bigint) as value
  from exports as e
  where $capacity = 1
  group by e.period, e.product, e.exporter
)
select
  cast(b.period as integer) as period, b.importer as importer, b.product as product, b.supplier as supplier,
  cast(b.known as integer) as known, b.value as value,
  case when $capacity = 1 then s.value end as exports
from bought as b
left join sold as s on s.period = b.period and s.product = b.product and s.supplier = b.supplier
where b.total >= $min_value
