-- How much of a unit of goods, of which any code is on a list, is on it, and does the unit count as listed?
--
-- uses    corridor_flows
-- given   $goods_code              list of text: the stored codes of such units
--         $goods_edition           list of text: of each, its nomenclature
--         $goods_unit              list of text: what it is compared as, over all nomenclatures: a family, a heading, or all in one
--         $goods_listed            list of integer: 1 where the code is on the list
--         $listed_share_millionths integer: the least share of a unit with which it counts as listed
-- gives   one row a unit
--         listed        1, 0, or null where it is listed for less than that share: it is neither
--         listed_share  share 0-1 of what the origins sold of the unit in the periods read, to anybody, that is on the list;
--                       null where they sold none
-- source  methods, section h: a family is listed fully, partly or not (fixture NOM1)
with goods as (
  select $goods_code[g.i] as code, $goods_edition[g.i] as edition, $goods_unit[g.i] as unit, $goods_listed[g.i] as listed
  from (select unnest(range(1, length($goods_code) + 1)) as i) as g
),
sold as (
  select
    g.unit as unit, cast(sum(case when g.listed = 1 then f.value else 0 end) as bigint) as listed,
    cast(sum(f.value) as bigint) as value
  from corridor_flows as f
  join goods as g on g.code = f.product and g.edition = f.edition
  where f.leg in ('first', 'direct', 'elsewhere')
  group by g.unit
),
part as (
  select g.unit as unit, min(g.listed) as all_listed from goods as g group by g.unit
)
select
  p.unit as unit,
  cast(case
    when s.value is null then p.all_listed
    when cast(s.listed as Int128) * 1000000 >= cast(s.value as Int128) * $listed_share_millionths then 1
  end as integer) as listed,
  cast(s.listed as double) / cast(s.value as double) as listed_share
from part as p
left join sold as s on s.unit = p.unit
