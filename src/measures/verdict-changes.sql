-- What became of each method's verdict on a product between two periods, and how near was it to another?
--
-- uses    method_verdicts, criterion_values
-- given   $pair_from         list of integer: the earlier period of each comparison
--         $pair_to           list of integer: the later one
--         $method_hold       list of integer: in so many periods of a window, 0 where the period decides
--         $item_method       list of integer: the rows of a method, in order
--         $item_criterion    list of integer: the criterion that each shows; 0 for periods of the window that hold
--         $item_measure      list of text: what is compared
--         $item_numerator    list of integer: with what, as a fraction
--         $item_denominator  list of integer: its denominator
--         $item_operator     list of text: how
--         $item_counts       list of integer: 1 where the verdict depends on it
--         $obstacle_method   list of integer: a method that the data cannot carry
--         $obstacle_period   list of integer: in a judged period
--         $obstacle_open     list of integer: 1 where the verdict is undetermined, 0 where there is none
--         $near_millionths   integer: a product is near where it falls short by no more of the threshold
-- gives   one row a comparison, product, importer and method that judges the product in either period
--         pair                              its place in the lists
--         before, after                     yes, no, undetermined, not judged (for less is bought), or null
--         change                            entered, left, stayed, near (not critical, but not far from it), open (a
--                                           verdict is undetermined), none, or null where there is no verdict
--         nearest_before, nearest           the criterion that falls shortest, or holds by least
--         distance_before, distance         by so much of its threshold, positive beyond it
--         total_before, total               currency: bought in the two periods; null where not judged
--         lead_supplier, supplier           in the later period
-- source  methods, section c: churn; near misses are ours
with pair as (
  select cast(p.i as bigint) as pair, $pair_from[p.i] as from_period, $pair_to[p.i] as to_period
  from (select unnest(range(1, length($pair_from) + 1)) as i) as p
),
leg as (
  select p.pair as pair, p.from_period as period, 0 as later from pair as p
  union all
  select p.pair as pair, p.to_period as period, 1 as later from pair as p
),
item as (
  select
    cast(i.i as bigint) as place, $item_method[i.i] as method, $item_criterion[i.i] as criterion,
    cast($item_numerator[i.i] as double) / $item_denominator[i.i] as threshold,
    case when substr($item_operator[i.i], 1, 1) = '<' then -1 else 1 end as direction, $item_counts[i.i] as counts
  from (select unnest(range(1, length($item_method) + 1)) as i) as i
),
-- What is divided by nothing is as far beyond its threshold as can be, and never the shortest.
reached as (
  select
    x.period as period, x.product as product, x.importer as importer, i.method as method,
    min(i.direction * (x.value - i.threshold) / i.threshold) as distance,
    min_by(i.place, (i.direction * (x.value - i.threshold) / i.threshold, i.place)) as nearest
  from criterion_values as x
  join item as i on i.criterion = x.criterion
  where i.counts = 1 and i.threshold > 0 and x.applies = 1 and x.value is not null
  group by x.period, x.product, x.importer, i.method
),
standing as (
  select
    v.period as period, v.product as product, v.importer as importer, v.method as method,
    coalesce(v.verdict, 'null') as verdict, v.total as total, v.lead_supplier as lead_supplier, v.supplier as supplier,
    case when v.verdict is null then null
      when $method_hold[v.method] > 0 then cast(v.held - $method_hold[v.method] as double) / $method_hold[v.method]
      else r.distance end as distance,
    case when v.verdict is null then null when $method_hold[v.method] > 0 then 'periods_held' else $item_measure[r.nearest] end
      as nearest,
    case when $method_hold[v.method] > 0 then case when v.held + 1 >= $method_hold[v.method] then 1 else 0 end
      when r.distance * 1000000 >= -$near_millionths then 1 else 0 end as within_reach
  from method_verdicts as v
  left join reached as r
    on r.period = v.period and r.product = v.product and r.importer = v.importer and r.method = v.method
),
joined as (
  select
    l.pair as pair, s.product as product, s.importer as importer, s.method as method,
    max(case when l.later = 0 then s.verdict end) as verdict_before, max(case when l.later = 1 then s.verdict end) as verdict_after,
    max(case when l.later = 0 then s.total end) as total_before, max(case when l.later = 1 then s.total end) as total,
    max(case when l.later = 0 then s.nearest end) as nearest_before, max(case when l.later = 1 then s.nearest end) as nearest,
    max(case when l.later = 0 then s.distance end) as distance_before, max(case when l.later = 1 then s.distance end) as distance,
    max(case when l.later = 1 then s.within_reach end) as within_reach,
    max(case when l.later = 1 then s.lead_supplier end) as lead_supplier, max(case when l.later = 1 then s.supplier end) as supplier
  from standing as s
  join leg as l on l.period = s.period
  group by l.pair, s.product, s.importer, s.method
),
-- A period that a method cannot judge has no verdict on what is not bought in it either.
obstacle as (
  select
    l.pair as pair, o.method as method,
    max(case when l.later = 0 then case when o.leaves_open = 1 then 'undetermined' else 'null' end end) as before,
    max(case when l.later = 1 then case when o.leaves_open = 1 then 'undetermined' else 'null' end end) as after
  from (
    select $obstacle_method[o.i] as method, $obstacle_period[o.i] as period, $obstacle_open[o.i] as leaves_open
    from (select unnest(range(1, length($obstacle_method) + 1)) as i) as o
  ) as o
  join leg as l on l.period = o.period
  group by l.pair, o.method
),
told as (
  select
    j.*, coalesce(j.verdict_before, o.before, 'not judged') as before, coalesce(j.verdict_after, o.after, 'not judged') as after
  from joined as j
  left join obstacle as o on o.pair = j.pair and o.method = j.method
)
select
  t.pair as pair, t.product as product, t.importer as importer, t.method as method,
  nullif(t.before, 'null') as before, nullif(t.after, 'null') as after,
  case
    when t.before = 'null' or t.after = 'null' then null
    when t.before = 'undetermined' or t.after = 'undetermined' then 'open'
    when t.before = 'yes' and t.after = 'yes' then 'stayed'
    when t.before = 'yes' then 'left'
    when t.after = 'yes' then 'entered'
    when t.within_reach = 1 then 'near'
    else 'none'
  end as change,
  t.nearest_before as nearest_before, t.nearest as nearest, t.distance_before as distance_before, t.distance as distance,
  t.total_before as total_before, t.total as total, t.lead_supplier as lead_supplier, t.supplier as supplier
from told as t
