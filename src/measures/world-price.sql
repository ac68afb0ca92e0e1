-- What does each economy sell of a contested product to everyone, and in which price band?
--
-- uses    contested_flow
-- given   $price_low_percent   integer: at or below this part of the reference a price is low
--         $price_high_percent  integer: at or above this part of the reference a price is high
-- gives   one row a period, product and known supplier
--         exports     currency: sold to all, within a selling bloc left out
--         unit_value  currency per tonne, over what is sold with a known weight; null where none is
--         reference   currency per tonne: median of the suppliers' unit values weighted by that value
--         price_band  low, medium or high against the reference; null without a unit value
-- source  Fontagné and Freudenberg (1997), Intra-industry trade, CEPII 97-01; CEPII Panorama 2015-01 (fixture E5)
with sold as (
  select
    f.period as period, f.product as product, f.exporter as supplier,
    cast(sum(f.value) as Int128) as exports,
    cast(sum(case when f.mass > 0 then f.value else 0 end) as Int128) as weighed_value,
    sum(case when f.mass > 0 then cast(f.mass as Int128) else cast(0 as Int128) end) as weight
  from contested_flow as f
  where f.known = 1 and f.own = 0
  group by f.period, f.product, f.exporter
),
weighed as (
  select
    s.period as period, s.product as product, s.supplier as supplier, s.exports as exports,
    s.weighed_value as weighed_value,
    case when s.weight > 0 then cast(s.weighed_value as double) * 1e6 / cast(s.weight as double) end as unit_value
  from sold as s
),
ordered as (
  select
    w.period as period, w.product as product, w.supplier as supplier, w.exports as exports, w.unit_value as unit_value,
    sum(w.weighed_value) over (
      partition by w.period, w.product order by w.unit_value nulls last, w.supplier
      rows between unbounded preceding and current row
    ) as up_to,
    sum(w.weighed_value) over (partition by w.period, w.product) as whole
  from weighed as w
),
placed as (
  select
    o.period as period, o.product as product, o.supplier as supplier, o.exports as exports, o.unit_value as unit_value,
    min(case when 2 * o.up_to >= o.whole then o.unit_value end) over (partition by o.period, o.product) as reference
  from ordered as o
)
select
  p.period as period, p.product as product, p.supplier as supplier, p.exports as exports,
  p.unit_value as unit_value, p.reference as reference,
  case when p.unit_value * 100 >= p.reference * $price_high_percent then 'high'
    when p.unit_value * 100 <= p.reference * $price_low_percent then 'low'
    when p.unit_value is not null then 'medium' end as price_band
from placed as p
