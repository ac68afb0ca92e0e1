-- How much of the list of critical products turned over between two periods?
--
-- uses    verdict_changes
-- given   $pair_from     list of integer: the earlier period of each comparison
--         $pair_to       list of integer: the later one
--         $method_name   list of text: names of methods
--         $method_short  list of text: the same in three characters at most
-- gives   one row a comparison, importer and method
--         critical_before, critical  count of products with the verdict yes; these and all below null where the method
--                                    judges nothing in one of the periods
--         entered, left, stayed, near, open
--         churn_low, churn_high      share 0-1: of those critical before, that left, less and with those left open
-- source  methods, section c: churn(t, h) = |D(t-h) \ D(t)| / |D(t-h)|; CEPII Policy Brief 2023-41
with counted as (
  select
    v.pair as pair, v.importer as importer, v.method as method,
    sum(case when v.change is not null then 1 else 0 end) as judged,
    sum(case when v.change is not null and v.before = 'yes' then 1 else 0 end) as before,
    sum(case when v.change is not null and v.after = 'yes' then 1 else 0 end) as after,
    sum(case when v.change = 'entered' then 1 else 0 end) as entered,
    sum(case when v.change = 'left' then 1 else 0 end) as "left",
    sum(case when v.change = 'stayed' then 1 else 0 end) as stayed,
    sum(case when v.change = 'near' then 1 else 0 end) as near,
    sum(case when v.change = 'open' then 1 else 0 end) as open,
    sum(case when v.change = 'open' and v.before = 'yes' then 1 else 0 end) as open_before
  from verdict_changes as v
  group by v.pair, v.importer, v.method
)
select
  cast($pair_from[c.pair] as integer) as period_before, cast($pair_to[c.pair] as integer) as period,
  c.importer as importer, $method_name[c.method] as method, $method_short[c.method] as short,
  case when c.judged > 0 then cast(c.before as integer) end as critical_before,
  case when c.judged > 0 then cast(c.after as integer) end as critical,
  case when c.judged > 0 then cast(c.entered as integer) end as entered,
  case when c.judged > 0 then cast(c."left" as integer) end as "left",
  case when c.judged > 0 then cast(c.stayed as integer) end as stayed,
  case when c.judged > 0 then cast(c.near as integer) end as near,
  case when c.judged > 0 then cast(c.open as integer) end as open,
  case when c.before > 0 then cast(c."left" as double) / cast(c.before as double) end as churn_low,
  case when c.before > 0 then cast(c."left" + c.open_before as double) / cast(c.before as double) end as churn_high,
  c.method as place
from counted as c
