-- What went over each corridor before and after an event, by unit of goods, listed and not?
--
-- uses    corridor_flows, corridor_goods
-- given   $window_stored     list of integer: periods as stored
--         $window_number     list of integer: the window that each stands in: 0 after the event, 1 a year before, 2 two, …
--         $mean_windows      integer: how many windows before the event the mean is of
-- gives   one row a leg, hub, unit of goods and listed or not
--         leg, hub, unit, listed
--         post     currency: after the event
--         before   currency: in all windows of the mean
--         last, prior  currency: one year, two years before the window after the event
--         born     currency: of post, in goods of which none was in the data before the event
--         months   count of periods after the event with any trade
-- source  methods, section 0: the same calendar months of the years before
with moment as (
  select $window_stored[m.i] as stored, $window_number[m.i] as number
  from (select unnest(range(1, length($window_stored) + 1)) as i) as m
)
select
  f.leg as leg, f.hub as hub, g.unit as unit, g.listed as listed,
  cast(sum(case when m.number = 0 then f.value else 0 end) as bigint) as post,
  cast(sum(case when m.number between 1 and $mean_windows then f.value else 0 end) as bigint) as before,
  cast(sum(case when m.number = 1 then f.value else 0 end) as bigint) as last,
  cast(sum(case when m.number = 2 then f.value else 0 end) as bigint) as prior,
  cast(sum(case when m.number = 0 and g.born = 1 then f.value else 0 end) as bigint) as born,
  cast(count(distinct case when m.number = 0 then f.period end) as integer) as months
from corridor_flows as f
join moment as m on m.stored = f.period
join corridor_goods as g on g.code = f.product and g.edition = f.edition
group by f.leg, f.hub, g.unit, g.listed
