-- What went over each corridor before and after, in each unit of listed goods, and how much of what was lost it could be?
--
-- uses    corridor_cells, corridor_excess, corridor_through
-- given   $mean_windows  integer: how many windows before the event the mean is of
--         $second_hub    list of text: hubs whose second leg is observed
--         $second_leg    list of text: of each, second or second mirror
-- gives   one row a hub and unit of listed goods
--         before, post, last, prior, born  currency: of the first leg
--         excess           currency: of the first leg, over the leading baseline
--         second_before, second_post, second_excess  currency: null where nobody reports the second leg
--         low, high        currency: what both legs share; what the first leg has in excess
--         capped           currency: high, but no more than was lost directly
--         lost             currency: what direct trade in the unit is below its baseline; null where it is not observed
-- source  methods, section b
with observed as (
  select $second_hub[o.i] as hub, $second_leg[o.i] as leg
  from (select unnest(range(1, length($second_hub) + 1)) as i) as o
),
leg as (
  select
    c.hub as hub, c.unit as unit, c.leg as leg, c.post as post, c.before as before, c.last as last, c.prior as prior, c.born as born, e.excess as excess, o.leg as observed
  from corridor_cells as c
  left join corridor_excess as e on e.leg = c.leg and e.hub = c.hub and e.unit = c.unit and e.baseline = 0
  left join observed as o on o.hub = c.hub
  where c.listed = 1
),
merged as (
  select
    l.hub as hub, l.unit as unit,
    cast(sum(case when l.leg = 'first' then l.post else 0 end) as bigint) as post,
    cast(sum(case when l.leg = 'first' then l.before else 0 end) as bigint) as before,
    cast(sum(case when l.leg = 'first' then l.last else 0 end) as bigint) as last,
    cast(sum(case when l.leg = 'first' then l.prior else 0 end) as bigint) as prior,
    cast(sum(case when l.leg = 'first' then l.born else 0 end) as bigint) as born,
    cast(sum(case when l.leg = 'first' then l.excess else 0 end) as bigint) as excess,
    max(l.observed) as observed,
    cast(sum(case when l.leg = l.observed then l.post else 0 end) as bigint) as second_post,
    cast(sum(case when l.leg = l.observed then l.before else 0 end) as bigint) as second_before,
    cast(sum(case when l.leg = l.observed then l.excess else 0 end) as bigint) as second_excess
  from leg as l
  where l.hub <> ''
  group by l.hub, l.unit
),
direct as (
  select e.unit as unit, greatest(0, -e.excess) as lost
  from corridor_excess as e
  where e.leg = 'direct' and e.baseline = 0
)
select
  m.hub as hub, m.unit as unit,
  cast(m.before as double) / $mean_windows as before, m.post as post, m.last as last, m.prior as prior, m.born as born,
  m.excess as excess,
  case when m.observed is not null then cast(m.second_before as double) / $mean_windows end as second_before,
  case when m.observed is not null then m.second_post end as second_post,
  case when m.observed is not null then m.second_excess end as second_excess,
  coalesce(t.low, 0) as low, coalesce(t.high, 0) as high, coalesce(t.capped, 0) as capped,
  cast(d.lost as bigint) as lost
from merged as m
left join corridor_through as t on t.hub = m.hub and t.unit = m.unit and t.baseline = 0
left join direct as d on d.unit = m.unit
