-- What does an importer buy of a product from suppliers that are asked about by name?
--
-- uses    flow
-- given   $named_supplier   text: a supplier or set as named in flow; '' for none
--         $named_coalition  list of text: suppliers as named in flow; empty for none
-- gives   one row a period, product and importer that buys something from any of them
--         named_value      currency: from the supplier named
--         coalition_value  currency: from the coalition named
-- source  methods, sections d1 and d14 (fixture D9)
with named as (
  select unnest($named_coalition) as economy
  union distinct
  select n.economy as economy from (select $named_supplier as economy) as n where n.economy <> ''
)
select
  f.period as period, f.product as product, f.importer as importer,
  cast(sum(case when f.exporter = $named_supplier then f.value else 0 end) as Int128) as named_value,
  cast(sum(case when f.exporter in (select unnest($named_coalition) as economy) then f.value else 0 end) as Int128)
    as coalition_value
from flow as f
join named as n on n.economy = f.exporter
where f.inside = 0
group by f.period, f.product, f.importer
