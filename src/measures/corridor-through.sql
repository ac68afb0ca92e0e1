-- How much of what was lost directly could have come through each hub, at least and at most, in each unit of goods?
--
-- uses    corridor_excess
-- given   $second_hub       list of text: hubs whose second leg is observed
--         $second_leg       list of text: of each, second or second mirror
--         $pool_hub         list of text: hubs
--         $pool_number      list of integer: of each, the pool in which nothing is counted twice: free hubs, restricted ones
-- gives   one row a hub, unit and baseline
--         low      currency: the smaller excess of both legs, never below zero; 0 where the second is not observed
--         high     currency: the excess of the first leg, never below zero
--         capped   currency: high, but no more than was lost
--         shared_low, shared_high  currency: low and high, cut in proportion so that all hubs of a pool together are no more than was lost
-- source  methods, section b: minima and caps at the finest comparable level (fixtures REC1 to REC4)
with observed as (
  select $second_hub[o.i] as hub, $second_leg[o.i] as leg
  from (select unnest(range(1, length($second_hub) + 1)) as i) as o
),
pool as (
  select $pool_hub[o.i] as hub, $pool_number[o.i] as number
  from (select unnest(range(1, length($pool_hub) + 1)) as i) as o
),
lost as (
  select e.unit as unit, e.baseline as baseline, greatest(0, -e.excess) as lost
  from corridor_excess as e
  where e.leg = 'direct'
),
bound as (
  select
    f.hub as hub, f.unit as unit, f.baseline as baseline, p.number as pool, greatest(0, f.excess) as high,
    case when o.hub is null then 0 else least(greatest(0, f.excess), greatest(0, coalesce(s.excess, 0))) end as low
  from corridor_excess as f
  join pool as p on p.hub = f.hub
  left join observed as o on o.hub = f.hub
  left join corridor_excess as s on s.hub = f.hub and s.unit = f.unit and s.baseline = f.baseline and s.leg = o.leg
  where f.leg = 'first'
),
pooled as (
  select
    b.unit as unit, b.baseline as baseline, b.pool as pool, cast(sum(b.low) as bigint) as low,
    cast(sum(b.high) as bigint) as high
  from bound as b
  group by b.unit, b.baseline, b.pool
)
select
  b.hub as hub, b.unit as unit, b.baseline as baseline, cast(b.low as bigint) as low, cast(b.high as bigint) as high,
  cast(least(b.high, coalesce(l.lost, 0)) as bigint) as capped,
  case when coalesce(l.lost, 0) >= p.low then cast(b.low as bigint)
    else cast(floor(cast(b.low as double) * coalesce(l.lost, 0) / cast(p.low as double) + 0.5) as bigint) end as shared_low,
  case when coalesce(l.lost, 0) >= p.high then cast(b.high as bigint)
    else cast(floor(cast(b.high as double) * coalesce(l.lost, 0) / cast(p.high as double) + 0.5) as bigint) end as shared_high
from bound as b
join pooled as p on p.unit = b.unit and p.baseline = b.baseline and p.pool = b.pool
left join lost as l on l.unit = b.unit and l.baseline = b.baseline
