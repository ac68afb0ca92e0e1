-- What does each importer buy of a product, from how many, and from whom most?
--
-- uses    flow
-- gives   one row a period, product and importer that buys from others
--         total          currency: bought from all suppliers, not from members of the same bloc
--         unknown        currency: of it, from partners that are not known
--         suppliers      count of known suppliers
--         squares        currency squared: sum of squared values, known suppliers
--         lead_supplier  the largest known supplier; of equals the first by alphabet
--         lead_value     currency: what it sells
--         intra          currency: bought by members of an importing bloc from other members, beside the total
-- source  Hirschman (1964), The Paternity of an Index, AER 54(5); purchases among members: methods, section b1
with supply as (
  select
    f.period as period, f.product as product, f.importer as importer,
    cast(sum(case when f.inside = 0 then f.value else 0 end) as Int128) as total,
    cast(sum(case when f.inside = 0 and f.known = 0 then f.value else 0 end) as Int128) as unknown,
    cast(sum(case when f.inside = 0 then f.known else 0 end) as bigint) as suppliers,
    sum(case when f.inside = 0 and f.known = 1 then cast(f.value as Int128) * f.value else cast(0 as Int128) end) as squares,
    min_by(f.exporter, (case when f.inside = 0 and f.known = 1 then -f.value else 1 end, f.exporter)) as leader,
    cast(max(case when f.inside = 0 and f.known = 1 then f.value else 0 end) as Int128) as lead_value,
    cast(sum(case when f.inside = 1 then f.value else 0 end) as Int128) as intra
  from flow as f
  group by f.period, f.product, f.importer
)
select
  s.period as period, s.product as product, s.importer as importer,
  s.total as total, s.unknown as unknown, s.suppliers as suppliers, s.squares as squares,
  case when s.suppliers > 0 then s.leader end as lead_supplier, s.lead_value as lead_value, s.intra as intra
from supply as s
where s.total > 0
