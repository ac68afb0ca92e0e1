-- What does each supplier sell to an importer, and how much more could it send?
--
-- uses    flow, exports, report_mapped
-- given   $buyers     list of text: importers or blocs as named in flow; empty takes all
--         $leavers    list of text: suppliers or sets as named in flow that leave
--         $capacity   integer: 1 where suppliers' exports to everyone are covered and read, else 0
--         $side       text: whose report, or reconciled
--         $min_value  integer: leave out purchases of a product for less in all, currency
-- gives   one row a period, importer, product and supplier
--         known    1, or 0 for unknown partners
--         value    currency: what it sells to the importer
--         exports  currency: what it sells to all; null where not covered
--         lost     currency: what it buys itself from those that leave, and will miss; null where not covered
-- source  methods, scenarios section a2: headroom = spare rate × exports − own imports from the leavers
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
),
-- A member that is asked for beside its bloc buys under both names, one that is not under its bloc's.
named as (
  select
    r.period as period, r.product as product, r.importer as importer, r.buyer as supplier,
    cast(sum(r.value) as bigint) as value
  from report_mapped as r
  where r.side = $side and r.trade = 'all' and r.own = 0 and $capacity = 1
    and r.exporter in (select unnest($leavers) as economy)
  group by r.period, r.product, r.importer, r.buyer
),
missed as (
  select n.period as period, n.product as product, n.supplier as supplier, max(n.value) as value
  from named as n
  group by n.period, n.product, n.supplier
)
select
  cast(b.period as integer) as period, b.importer as importer, b.product as product, b.supplier as supplier,
  cast(b.known as integer) as known, b.value as value,
  case when $capacity = 1 then s.value end as exports,
  case when $capacity = 1 then coalesce(m.value, 0) end as lost
from bought as b
left join sold as s on s.period = b.period and s.product = b.product and s.supplier = b.supplier
left join missed as m on m.period = b.period and m.product = b.product and m.supplier = b.supplier
where b.total >= $min_value
