-- In how many periods of its window does a purchase meet all criteria of a method?
--
-- uses    criteria_met
-- given   $step_judged  list of integer: a period that is judged by a window
--         $step_period  list of integer: a period of that window
--         $step_page    list of integer: the page of the method
--         $step_place   list of integer: what one is worth at the method's digit
--         $step_next    list of integer: what one is worth at the next digit
--         $step_need    list of integer: so many criteria must be met in that period
-- gives   one row a judged period, product, importer and page, where a window is complete
--         held, held_possible  counts of periods in which all are met, for certain and perhaps, a digit a method
--         seen                 counts of periods in which something is bought, a digit a method
-- source  methods, section c (C4: in two of three years, fixtures C1 and C1b)
with step as (
  select
    $step_judged[s.i] as judged, $step_period[s.i] as period, $step_page[s.i] as page, $step_place[s.i] as place,
    $step_next[s.i] as next_place, $step_need[s.i] as need
  from (select unnest(range(1, length($step_judged) + 1)) as i) as s
)
select
  s.judged as period, m.product as product, m.importer as importer, s.page as page,
  cast(sum(case when m.certain % s.next_place >= s.need * s.place then s.place else 0 end) as bigint) as held,
  cast(sum(case when m.possible % s.next_place >= s.need * s.place then s.place else 0 end) as bigint) as held_possible,
  cast(sum(case when m.total is not null then s.place else 0 end) as bigint) as seen
from criteria_met as m
join step as s on s.period = m.period and s.page = m.page
group by s.judged, m.product, m.importer, s.page
