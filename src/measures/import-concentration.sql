-- How concentrated are an importer's purchases of a product, and what of them comes from suppliers asked about?
--
-- uses    flow
-- given   $named_supplier   text: a supplier or set as named in flow; '' for none
--         $named_coalition  list of text: suppliers as named in flow; empty for none
-- gives   one row a period, product and importer that buys from others
--         total            currency: bought from all suppliers, not from members of the same bloc
--         unknown          currency: of it, from partners that are not known
--         suppliers        count of known suppliers
--         squares          currency squared: sum of squared values, known suppliers
--         lead_supplier    the largest known supplier; of equals the first by alphabet
--         lead_value       currency: what it sells
--         high_squares     currency squared, with all of the unknown added to the largest: the upper bound
--         new_squares      currency squared, with the unknown as one more supplier
--         entropy_sum      sum of value × ln(value) in units of 1e-12, whole, so that its order does not matter
--         named_value      currency: from the supplier named
--         coalition_value  currency: from the coalition named
--         intra            currency: bought by members of an importing bloc from other members, beside the total
-- source  Hirschman (1964), The Paternity of an Index, AER 54(5); bounds: methods, section a, "Bounds"; named suppliers:
--         sections d1 and d14 (fixture D9); purchases among members: section b1
with supply as (
  select
    f.period as period, f.product as product, f.importer as importer,
    cast(sum(case when f.inside = 0 then f.value else 0 end) as Int128) as total,
    cast(sum(case when f.inside = 0 and f.known = 0 then f.value else 0 end) as Int128) as unknown,
    cast(sum(case when f.inside = 0 then f.known else 0 end) as bigint) as suppliers,
    sum(case when f.inside = 0 and f.known = 1 then cast(f.value as Int128) * f.value else cast(0 as Int128) end) as squares,
    min_by(f.exporter, (case when f.inside = 0 and f.known = 1 then -f.value else 1 end, f.exporter)) as leader,
    cast(max(case when f.inside = 0 and f.known = 1 then f.value else 0 end) as Int128) as lead_value,
    sum(case when f.inside = 0 then cast(round(cast(f.value as double) * ln(cast(f.value as double)) * 1e12) as Int128)
      else cast(0 as Int128) end) as entropy_sum,
    cast(sum(case when f.inside = 0 and f.exporter = $named_supplier then f.value else 0 end) as Int128) as named_value,
    cast(sum(case when f.inside = 0 and f.exporter in (select unnest($named_coalition) as economy) then f.value else 0 end)
      as Int128) as coalition_value,
    cast(sum(case when f.inside = 1 then f.value else 0 end) as Int128) as intra
  from flow as f
  group by f.period, f.product, f.importer
)
select
  s.period as period, s.product as product, s.importer as importer,
  s.total as total, s.unknown as unknown, s.suppliers as suppliers, s.squares as squares,
  case when s.suppliers > 0 then s.leader end as lead_supplier,
  s.lead_value as lead_value,
  s.squares + 2 * s.lead_value * s.unknown + s.unknown * s.unknown as high_squares,
  s.squares + s.unknown * s.unknown as new_squares,
  s.entropy_sum as entropy_sum, s.named_value as named_value, s.coalition_value as coalition_value, s.intra as intra
from supply as s
where s.total > 0
