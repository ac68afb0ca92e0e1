-- What do an importer's suppliers buy themselves from those that leave, and will miss?
--
-- uses    flow, report_mapped
-- given   $buyers   list of text: importers or blocs as named in flow; empty takes all
--         $leavers  list of text: suppliers or sets as named in flow that leave
--         $side     text: whose report, or reconciled
-- gives   one row a period, product, supplier and leaver that it buys from
--         value  currency
-- source  methods, scenarios section a2: headroom = spare rate × exports − own imports from the leavers
with selling as (
  select f.period as period, f.product as product, f.exporter as supplier
  from flow as f
  where f.inside = 0 and (length($buyers) = 0 or f.importer in (select unnest($buyers) as economy))
  group by f.period, f.product, f.exporter
),
named as (
  select
    r.period as period, r.product as product, r.importer as importer, r.buyer as supplier, r.exporter as leaver,
    cast(sum(r.value) as bigint) as value
  from report_mapped as r
  where r.side = $side and r.trade = 'all' and r.own = 0 and r.exporter in (select unnest($leavers) as economy)
  group by r.period, r.product, r.importer, r.buyer, r.exporter
)
select
  cast(n.period as integer) as period, n.product as product, n.supplier as supplier, n.leaver as leaver,
  -- A member that is asked for beside its bloc buys under both names, one that is not under its bloc's.
  max(n.value) as value
from named as n
join selling as s on s.period = n.period and s.product = n.product and s.supplier = n.supplier
group by n.period, n.product, n.supplier, n.leaver
