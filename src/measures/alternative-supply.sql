-- Who else sells what an importer would lose, how much of it could come, and what stands against it?
--
-- uses    contested_flow, lost_supply, world_price, known_production
-- given   $buyer_economy         list of text: members of buying blocs
--         $buyer_bloc            list of text: their bloc
--         $hubs                  list of text: economies that mostly pass goods on
--         $separate              list of text: importers whose purchases are known, where the rest is one; else empty
--         $diversion_millionths  integer: part of what others sell elsewhere that could be turned to the importer
--         $spare_millionths      integer: unused capacity as a part of exports
--         $reliance_millionths   integer: above this reliance on the lost supplier an alternative falls with it
--         $price_low_percent     integer: at or below this part of the reference a price is low
--         $price_high_percent    integer: at or above this part of the reference a price is high
--         $price_counts          integer: 1 where another price band rules an alternative out, 0 where none does
-- gives   one row a period, product, importer, lost supplier and other known supplier; no member of the importer
--         gap         currency: what is lost
--         value       currency: already sold to the importer
--         exports     currency: sold to all
--         elsewhere   currency: exports less value
--         divertible  millionths of the currency: the given part of elsewhere
--         spare       the same: unused capacity less what it buys from the lost supplier, at least 0
--         reliance    share 0-1: at most so much of its own supply comes from the lost supplier: what it buys from it
--                     by all that it buys and makes, or, where what it makes is unknown, by the larger of its imports
--                     and exports; null where its purchases are not known
--         unit_value, price_band  as in world_price;  lost_price_band  of what is lost
--         hub         1 where it mostly passes goods on
--         standing    firm, or the first that stands against it: hub, dependent, other price, unknown (own purchases or price)
--         surely, perhaps  1 where it counts for certain; where it may count
-- source  methods, section e (headroom, fixture E6; unit values, E5); spare capacity: methods of scenarios, headroom_k;
--         reliance: Rogers et al. (2020), Breaking the China Supply Chain, with exports where they exceed imports
with member as (
  select $buyer_economy[b.i] as economy, $buyer_bloc[b.i] as bloc
  from (select unnest(range(1, length($buyer_economy) + 1)) as i) as b
),
lost as (
  select
    l.period as period, l.product as product, l.importer as importer, l.lost as lost, l.value as gap,
    case when l.mass > 0 then cast(l.value as double) * 1e6 / cast(l.mass as double) end as unit_value
  from lost_supply as l
),
bought as (
  select f.period as period, f.product as product, f.importer as importer, cast(sum(f.value) as Int128) as total
  from contested_flow as f
  where f.inside = 0
  group by f.period, f.product, f.importer
),
offer as (
  select
    l.period as period, l.product as product, l.importer as importer, l.lost as lost, l.gap as gap,
    case when l.unit_value * 100 >= w.reference * $price_high_percent then 'high'
      when l.unit_value * 100 <= w.reference * $price_low_percent then 'low'
      when l.unit_value is not null and w.reference is not null then 'medium' end as lost_price_band,
    w.supplier as supplier, w.exports as exports, w.unit_value as unit_value, w.price_band as price_band,
    coalesce(v.value, 0) as value, coalesce(d.value, 0) as from_lost, coalesce(c.total, 0) as imports, p.value as made,
    case when w.supplier in (select unnest($hubs) as economy) then 1 else 0 end as hub,
    case when length($separate) = 0 or w.supplier in (select unnest($separate) as economy) then 1 else 0 end as own_known
  from lost as l
  join world_price as w on w.period = l.period and w.product = l.product
  left join contested_flow as v
    on v.period = l.period and v.product = l.product and v.importer = l.importer and v.exporter = w.supplier
  left join contested_flow as d
    on d.period = l.period and d.product = l.product and d.importer = w.supplier and d.exporter = l.lost
  left join bought as c
    on c.period = l.period and c.product = l.product and c.importer = w.supplier
  left join known_production as p on p.period = l.period and p.product = l.product and p.economy = w.supplier
  left join member as h on h.economy = w.supplier and h.bloc = l.importer
  where w.supplier <> l.lost and w.supplier <> l.importer and h.bloc is null
),
measured as (
  select
    o.*,
    cast(o.exports - o.value as bigint) as elsewhere,
    cast(o.exports - o.value as Int128) * $diversion_millionths as divertible,
    greatest(
      cast(0 as Int128), cast(o.exports as Int128) * $spare_millionths - cast(o.from_lost as Int128) * 1000000
    ) as spare,
    case when o.own_known = 1
      then least(cast(1 as double), cast(o.from_lost as double) / cast(coalesce(nullif(o.imports + o.made, 0), greatest(o.imports, o.exports)) as double))
    end as reliance
  from offer as o
),
judged as (
  select
    m.*,
    case
      when m.hub = 1 then 'hub'
      when m.reliance * 1e6 > $reliance_millionths then 'dependent'
      when $price_counts = 1 and m.price_band <> m.lost_price_band then 'other price'
      when m.reliance is null then 'unknown'
      when $price_counts = 1 and (m.price_band is null or m.lost_price_band is null) then 'unknown'
      else 'firm'
    end as standing
  from measured as m
)
select
  j.*,
  case when j.standing = 'firm' then 1 else 0 end as surely,
  case when j.standing in ('firm', 'unknown') then 1 else 0 end as perhaps
from judged as j
