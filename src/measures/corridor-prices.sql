-- What did listed goods sold on the first leg of each hub cost by weight, before an event and after?
--
-- uses    report
-- given   $level          integer: digits of the product codes as stored
--         $origins        list of text: who restricts, members and the bloc itself
--         $importers      list of text: the hubs
--         $first_side     text: whose report the sales of origins are
--         $window_stored  list of integer: periods as stored
--         $window_number  list of integer: the window that each stands in: 0 after the event, 1 a year before, 2 two, …
--         $mean_windows   integer: how many windows before the event are compared
--         $goods_code     list of text: stored codes
--         $goods_edition  list of text: its nomenclature
--         $goods_unit     list of text: what it is compared as
--         $goods_listed   list of integer: 1 where it counts as listed
-- gives   one row a hub, over units of goods of which all that was sold after the event and before has a known weight
--         after, before           currency: what was sold after the event, and in the windows before
--         before_at_prices_after  currency: what was sold before, by the unit values after
--         after_at_prices_before  currency: what was sold after, by the unit values before
-- source  methods, section i (price; fixture CON1)
with moment as (
  select $window_stored[m.i] as stored, case when $window_number[m.i] = 0 then 1 else 0 end as after
  from (select unnest(range(1, length($window_stored) + 1)) as i) as m
  where $window_number[m.i] <= $mean_windows
),
goods as (
  select $goods_code[g.i] as code, $goods_edition[g.i] as edition, $goods_unit[g.i] as unit
  from (select unnest(range(1, length($goods_code) + 1)) as i) as g
  where $goods_listed[g.i] = 1
),
sold as (
  select
    r.importer as hub, g.unit as unit, m.after as after, cast(r.value as Int128) as value,
    case when r.mass > 0 and r.status not in ('estimated mass', 'estimated mass and quantity') then r.mass end as mass
  from report as r
  join moment as m on m.stored = r.period
  join goods as g on g.code = r.product and g.edition = r.edition
  where r.level = $level and r.trade = 'all' and r.side = $first_side and r.value > 0
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
)
-- Values at the other time's prices in whole millionths of currency, so that sums do not depend on their order.
select
  w.hub as hub, cast(sum(w.value_after) as double) as after, cast(sum(w.value_before) as double) as before,
  cast(sum(cast(round(cast(w.value_after as double) / w.mass_after * w.mass_before * 1e6) as Int128)) as double) / 1e6
    as before_at_prices_after,
  cast(sum(cast(round(cast(w.value_before as double) / w.mass_before * w.mass_after * 1e6) as Int128)) as double) / 1e6
    as after_at_prices_before
from weighed as w
where w.mass_after > 0 and w.mass_before > 0
group by w.hub
