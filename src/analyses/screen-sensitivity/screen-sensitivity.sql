-- How does the list of critical products change where one thing of a method is set otherwise?
--
-- uses    method_verdicts
-- given   $variant_method  list of integer: the place of each variant among the methods
--         $variant_base    list of integer: that of the method it varies
-- gives   one row a period, importer and variant
--         method, base             their places
--         judged, judged_before    count of products with a verdict, by the variant and by the method
--         critical_before          count of products critical by the method as it is
--         critical                 count of products critical by the variant
--         undetermined             count of products that the variant leaves open
--         entered, left            count of products critical by one of them only
--         both                     count of products critical by both
--         first_in, second_in, third_in, first_out, second_out, third_out  of those, the three most bought
-- source  methods, section h (the grid of windows and blocs); thresholds moved one at a time are ours
with variant as (
  select $variant_method[t.i] as method, $variant_base[t.i] as base
  from (select unnest(range(1, length($variant_method) + 1)) as i) as t
),
compared as (
  select
    v.period as period, v.importer as importer, v.product as product, v.total as total, v.method as method, t.base as base,
    v.verdict as after, b.verdict as before,
    case
      when v.verdict = 'yes' and (b.verdict is null or b.verdict <> 'yes') then 1
      when b.verdict = 'yes' and (v.verdict is null or v.verdict <> 'yes') then -1
      else 0
    end as change
  from method_verdicts as v
  join variant as t on t.method = v.method
  join method_verdicts as b
    on b.period = v.period and b.product = v.product and b.importer = v.importer and b.method = t.base
),
ranked as (
  select
    c.*,
    row_number() over (partition by c.period, c.importer, c.method, c.change order by c.total desc, c.product) as turn
  from compared as c
)
select
  cast(r.period as integer) as period, r.importer as importer, r.method as method, max(r.base) as base,
  cast(count(r.after) as integer) as judged, cast(count(r.before) as integer) as judged_before,
  cast(sum(case when r.before = 'yes' then 1 else 0 end) as integer) as critical_before,
  cast(sum(case when r.after = 'yes' then 1 else 0 end) as integer) as critical,
  cast(sum(case when r.after = 'undetermined' then 1 else 0 end) as integer) as undetermined,
  cast(sum(case when r.change = 1 then 1 else 0 end) as integer) as entered,
  cast(sum(case when r.change = -1 then 1 else 0 end) as integer) as "left",
  cast(sum(case when r.before = 'yes' and r.after = 'yes' then 1 else 0 end) as integer) as both,
  max(case when r.change = 1 and r.turn = 1 then r.product end) as first_in,
  max(case when r.change = 1 and r.turn = 2 then r.product end) as second_in,
  max(case when r.change = 1 and r.turn = 3 then r.product end) as third_in,
  max(case when r.change = -1 and r.turn = 1 then r.product end) as first_out,
  max(case when r.change = -1 and r.turn = 2 then r.product end) as second_out,
  max(case when r.change = -1 and r.turn = 3 then r.product end) as third_out
from ranked as r
group by r.period, r.importer, r.method
