-- How concentrated are an importer's purchases of a product?
--
-- uses    flow
-- gives   one row a period, product and importer
--         total          currency: bought from all suppliers
--         unknown        currency: of it, from partners that are not known
--         suppliers      count of known suppliers
--         squares        currency squared: sum of squared values, known suppliers
--         lead_supplier  the largest known supplier; of equals the first by alphabet
--         lead_value     currency: what it sells
--         high_squares   currency squared, with all of the unknown added to the largest: the upper bound
--         new_squares    currency squared, with the unknown as one more supplier
--         entropy_sum    sum of value × ln(value) in units of 1e-12, whole, so that its order does not matter
-- source  Hirschman (1964), The Paternity of an Index, AER 54(5); bounds: methods, section a, "Bounds"
with supply as (
  select
    f.period as period, f.product as product, f.importer as importer,
    cast(sum(f.value) as Int128) as total,
    cast(sum(case when f.known = 0 then f.value else 0 end) as Int128) as unknown,
    cast(sum(f.known) as bigint) as suppliers,
    sum(case when f.known = 1 then cast(f.value as Int128) * f.value else cast(0 as Int128) end) as squares,
    min_by(f.exporter, (case when f.known = 1 then -f.value else 1 end, f.exporter)) as leader,
    cast(max(case when f.known = 1 then f.value else 0 end) as Int128) as lead_value,
    sum(cast(round(cast(f.value as double) * ln(cast(f.value as double)) * 1e12) as Int128)) as entropy_sum
  from flow as f
  where f.inside = 0
  group by f.period, f.product, f.importer
)
select
  s.period as period, s.product as product, s.importer as importer,
  s.total as total, s.unknown as unknown, s.suppliers as suppliers, s.squares as squares,
  case when s.suppliers > 0 then s.leader end as lead_supplier,
  s.lead_value as lead_value,
  s.squares + 2 * s.lead_value * s.unknown + s.unknown * s.unknown as high_squares,
  s.squares + s.unknown * s.unknown as new_squares,
  s.entropy_sum as entropy_sum
from supply as s
