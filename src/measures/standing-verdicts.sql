-- Is what stands so critical by each method?
--
-- uses    purchase_standing
-- given   $method_page      list of integer: where a method's counts stand
--         $method_place     list of integer: what one is worth at its digit
--         $method_next      list of integer: what one is worth at the next digit
--         $method_need      list of integer: so many criteria must be met
--         $method_years     list of integer: years of its window, 0 where the period or the sum over a window decides
--         $method_hold      list of integer: in so many of them
--         $method_now       list of integer: 1 where the judged period must be among them
--         $obstacle_method  list of integer: a method that the data cannot carry
--         $obstacle_period  list of integer: in a judged period
--         $obstacle_open    list of integer: 1 where the verdict is undetermined, 0 where there is none
--         $obstacle_reason  list of text: why, in words
-- gives   one row a standing and method of its page: purchases stand in few ways, and each is judged once
--         standing, period, importer  as in purchase_standing
--         method           its place in the lists
--         purchases        count of those that stand so
--         verdict          yes, no, undetermined, or null
--         reason           why it is undetermined or null
--         held, held_high  count of periods of the window in which all criteria are met, for certain and at most
-- source  methods, sections a (three states) and c (null where the window is incomplete, fixture C1)
with method as (
  select
    cast(m.i as bigint) as method, $method_page[m.i] as page, $method_place[m.i] as place, $method_next[m.i] as next_place,
    $method_need[m.i] as need, $method_years[m.i] as years, $method_hold[m.i] as hold, $method_now[m.i] as now_too
  from (select unnest(range(1, length($method_page) + 1)) as i) as m
),
obstacle as (
  select
    $obstacle_method[o.i] as method, $obstacle_period[o.i] as period, $obstacle_open[o.i] as leaves_open,
    $obstacle_reason[o.i] as reason
  from (select unnest(range(1, length($obstacle_method) + 1)) as i) as o
),
standing as (
  select
    s.standing as standing, s.period as period, s.importer as importer, s.page as page, s.specified as specified,
    s.certain as certain, s.possible as possible, s.held as held, s.held_possible as held_possible, s.seen as seen,
    count(*) as purchases
  from purchase_standing as s
  group by
    s.standing, s.period, s.importer, s.page, s.specified, s.certain, s.possible, s.held, s.held_possible, s.seen
),
counted as (
  select
    s.standing as standing, s.period as period, s.importer as importer, s.specified as specified,
    s.purchases as purchases, m.method as method, m.years as years, m.hold as hold, m.now_too as now_too,
    o.method as obstacle, o.leaves_open as leaves_open, o.reason as reason,
    case when s.certain % m.next_place >= m.need * m.place then 1 else 0 end as certain,
    case when s.possible % m.next_place >= m.need * m.place then 1 else 0 end as possible,
    -- Digits as counts: what stands from the method's place upwards, less what stands from the next.
    (s.held % m.next_place - s.held % m.place) / m.place as held,
    (s.held_possible % m.next_place - s.held_possible % m.place) / m.place as held_possible,
    m.years - (s.seen % m.next_place - s.seen % m.place) / m.place as unseen
  from standing as s
  join method as m on m.page = s.page
  left join obstacle as o on o.method = m.method and o.period = s.period
),
judged as (
  select
    c.*,
    case
      when c.years = 0 then c.certain
      when c.held >= c.hold and c.certain >= c.now_too then 1
      else 0
    end as surely,
    case
      when c.years = 0 then c.possible
      when c.held_possible + c.unseen >= c.hold and c.possible >= c.now_too then 1
      else 0
    end as perhaps
  from counted as c
)
select
  j.standing as standing, j.period as period, j.importer as importer, j.method as method, j.purchases as purchases,
  case
    when j.specified = 0 or j.obstacle is not null and j.leaves_open = 0 then null
    when j.obstacle is not null then 'undetermined'
    when j.surely = 1 then 'yes'
    when j.perhaps = 0 then 'no'
    else 'undetermined'
  end as verdict,
  case
    when j.specified = 0 then 'chapter 99: goods that are not specified'
    when j.obstacle is not null then j.reason
    when j.surely = j.perhaps then null
    when j.years > 0 and j.unseen > 0 then 'nothing was bought in part of the window'
    else 'partners that are not known could tip it'
  end as reason,
  case when j.years > 0 and j.obstacle is null then cast(j.held as bigint) end as held,
  case when j.years > 0 and j.obstacle is null then cast(j.held_possible + j.unseen as bigint) end as held_high
from judged as j
