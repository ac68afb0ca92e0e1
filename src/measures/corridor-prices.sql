-- By how much did a kilogram of listed goods become dearer on the first leg of each hub?
--
-- uses    report, corridor_goods
-- given   $level          integer: digits of the product codes as stored
--         $origins        list of text: who restricts, members and the bloc itself
--         $importers      list of text: the hubs
--         $first_side     text: whose report the sales of origins are
--         $window_stored  list of integer: periods as stored
--         $window_number  list of integer: the window that each stands in: 0 after the event, 1 a year before, 2 two, …
--         $mean_windows   integer: how many windows before the event are compared
-- gives   one row a hub, over units of goods of which all that was sold after the event and before has a known weight
--         price    ratio after to before: Fisher's index over unit values, each good weighed by what was bought before and after
--         weighed  currency: of what was sold after the event, in those units
-- source  Fisher (1922), The Making of Index Numbers; methods, section i (price; fixtures CON1, ANO5)
with moment as (
  select $window_stored[m.i] as stored, case when $window_number[m.i] = 0 then 1 else 0 end as after
  from (select unnest(range(1, length($window_stored) + 1)) as i) as m
  where $window_number[m.i] <= $mean_windows
),
sold as (
  select
    r.importer as hub, g.unit as unit, m.after as after, cast(r.value as Int128) as value,
    case when r.mass > 0 and r.status not in ('estimated mass', 'estimated mass and quantity') then r.mass end as mass
  from report as r
  join moment as m on m.stored = r.period
  join corridor_goods as g on g.code = r.product and g.edition = r.edition
  where r.level = $level and r.trade = 'all' and r.side = $first_side and r.value > 0 and g.listed = 1
    and r.exporter in (select unnest($origins) as economy) and r.importer in (select unnest($importers) as economy)
),
weighed as (
  select
    s.hub as hub, s.unit as unit,
    sum(case when s.after = 1 then s.value else cast(0 as Int128) end) as value_after,
    sum(case when s.after = 0 then s.value else cast(0 as Int128) end) as value_before,
    cast(sum(case when s.after = 1 then cast(s.mass as Int128) else cast(0 as Int128) end) as double) as mass_after,
    cast(sum(case when s.after = 0 then cast(s.mass as Int128) else cast(0 as Int128) end) as double) as mass_before
  from sold as s
  group by s.hub, s.unit
  having sum(case when s.mass is null then 1 else 0 end) = 0
),
-- Values at the other time's prices in whole millionths of currency, so that sums do not depend on their order.
compared as (
  select
    w.hub as hub, sum(w.value_after) as value_after, sum(w.value_before) as value_before,
    sum(cast(round(cast(w.value_after as double) / w.mass_after * w.mass_before * 1e6) as Int128)) as before_at_prices_after,
    sum(cast(round(cast(w.value_before as double) / w.mass_before * w.mass_after * 1e6) as Int128)) as after_at_prices_before
  from weighed as w
  where w.mass_after > 0 and w.mass_before > 0
  group by w.hub
)
select
  c.hub as hub, cast(c.value_after as double) as weighed,
  sqrt(
    cast(c.before_at_prices_after as double) / 1e6 / cast(c.value_before as double)
    * (cast(c.value_after as double) * 1e6 / cast(c.after_at_prices_before as double))
  ) as price
from compared as c
where c.after_at_prices_before > 0
