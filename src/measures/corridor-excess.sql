-- By how much is each leg above what would have been without the event, in each unit of listed goods?
--
-- uses    corridor_cells
-- given   $baseline_leg     list of text: first, second, second mirror or direct
--         $baseline_hub     list of text: of each, the hub; '' for direct
--         $baseline_number  list of integer: of each, the baseline, by which legs belong together
--         $baseline_factor  list of text: of each, a number: what would have been for each unit of currency in all windows of
--                           the mean together
-- gives   one row a leg, hub, unit and baseline
--         excess   currency, whole: after less what would have been; negative where below
-- source  methods, section a: E = post - B; a corridor's baseline falls to its units in proportion to what they were before
with baseline as (
  select
    $baseline_leg[b.i] as leg, $baseline_hub[b.i] as hub, $baseline_number[b.i] as baseline,
    cast($baseline_factor[b.i] as double) as factor
  from (select unnest(range(1, length($baseline_leg) + 1)) as i) as b
)
select
  c.leg as leg, c.hub as hub, c.unit as unit, b.baseline as baseline,
  -- Whole units of currency from here on, so that sums do not depend on their order.
  c.post - cast(floor(cast(c.before as double) * b.factor + 0.5) as bigint) as excess
from corridor_cells as c
join baseline as b on b.leg = c.leg and b.hub = c.hub
where c.listed = 1
