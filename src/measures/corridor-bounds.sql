-- How much of what was lost directly could have come through each hub, at least and at most, over all goods?
--
-- uses    corridor_excess, corridor_through
-- gives   one row a baseline and hub, and one with hub '' for what was lost directly
--         first_excess, second_excess, second_mirror_excess  currency: over the baseline, of listed goods, negative where
--                          below; null where the leg has no listed goods
--         through_low, through_high, capped, shared_low, shared_high  currency: sums over units; null for hub ''
--         lost             currency: only for hub '': in each unit what direct trade is below its baseline, never below zero
-- source  methods, section b
with legs as (
  select
    e.hub as hub, e.baseline as baseline,
    cast(sum(case when e.leg = 'first' then e.excess end) as bigint) as first_excess,
    cast(sum(case when e.leg = 'second' then e.excess end) as bigint) as second_excess,
    cast(sum(case when e.leg = 'second mirror' then e.excess end) as bigint) as second_mirror_excess,
    cast(sum(case when e.leg = 'direct' then greatest(0, -e.excess) end) as bigint) as lost
  from corridor_excess as e
  group by e.hub, e.baseline
),
passed as (
  select
    t.hub as hub, t.baseline as baseline, cast(sum(t.low) as bigint) as through_low,
    cast(sum(t.high) as bigint) as through_high, cast(sum(t.capped) as bigint) as capped, cast(sum(t.shared_low) as bigint) as shared_low,
    cast(sum(t.shared_high) as bigint) as shared_high
  from corridor_through as t
  group by t.hub, t.baseline
)
select
  l.baseline as baseline, l.hub as hub, l.first_excess as first_excess, l.second_excess as second_excess,
  l.second_mirror_excess as second_mirror_excess, p.through_low as through_low, p.through_high as through_high, p.capped as capped,
  p.shared_low as shared_low, p.shared_high as shared_high, l.lost as lost
from legs as l
left join passed as p on p.hub = l.hub and p.baseline = l.baseline
