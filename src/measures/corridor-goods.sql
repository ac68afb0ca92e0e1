-- Which stored codes count as listed goods, and which as goods that nobody listed?
--
-- uses    corridor_flows
-- given   $window_post             list of integer: periods after the event, as stored
--         $goods_code              list of text: every stored code
--         $goods_edition           list of text: its nomenclature
--         $goods_unit              list of text: what it is compared as, over all nomenclatures: a family, a heading, or all in one
--         $goods_listed            list of integer: 1 where the code is on the list
--         $goods_born              list of integer: 1 where none of its goods was in the data before the event
--         $whole_units             integer: 1 where a unit counts whole, by how much of it is listed; 0 where each code counts as it is
--         $listed_share_millionths integer: the least share of a unit after the event with which it counts as listed
-- gives   one row a code and edition
--         unit
--         listed        1, 0, or null where the unit counts whole and is listed for less than that share: it is neither
--         listed_share  share 0-1 of what the origins sold of the unit after the event, to anybody, that is on the list;
--                       null where they sold none
--         born          1 where none of its goods was in the data before the event
--         partly        1 where some but not all codes of the unit are on the list
-- source  methods, section h: a family is listed fully, partly or not (fixture NOM1)
with goods as (
  select $goods_code[g.i] as code, $goods_edition[g.i] as edition, $goods_unit[g.i] as unit, $goods_listed[g.i] as listed,
    $goods_born[g.i] as born
  from (select unnest(range(1, length($goods_code) + 1)) as i) as g
),
sold as (
  select
    g.unit as unit, cast(sum(case when g.listed = 1 then f.value else 0 end) as bigint) as listed,
    cast(sum(f.value) as bigint) as value
  from corridor_flows as f
  join goods as g on g.code = f.product and g.edition = f.edition
  where f.leg in ('first', 'direct', 'elsewhere') and f.period in (select unnest($window_post) as period)
  group by g.unit
),
part as (
  select g.unit as unit, max(g.listed) as any_listed, min(g.listed) as all_listed from goods as g group by g.unit
)
select
  g.code as code, g.edition as edition, g.unit as unit,
  cast(case
    when $whole_units = 0 then g.listed
    when p.any_listed = 0 then 0
    when s.value is null then p.all_listed
    when cast(s.listed as Int128) * 1000000 >= cast(s.value as Int128) * $listed_share_millionths then 1
  end as integer) as listed,
  g.born as born, cast(s.listed as double) / cast(s.value as double) as listed_share,
  case when p.any_listed > p.all_listed then 1 else 0 end as partly
from goods as g
join part as p on p.unit = g.unit
left join sold as s on s.unit = g.unit
