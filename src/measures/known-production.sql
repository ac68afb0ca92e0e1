-- What do economies and buying blocs make of each product, as far as that is known?
--
-- uses    production
-- given   $buyer_economy        list of text: members of buying blocs
--         $buyer_bloc           list of text: their bloc
--         $production_editions  list of text: nomenclatures whose codes are those of the flows
--         $production_values    integer: 1 where values are in the currency of the flows, else 0
-- gives   one row a period, product and economy or bloc
--         value  currency; null where unknown, for a bloc unless it is known of every member
--         mass   grams; the same, and null where it is beyond what a whole number of 64 bits holds
with member as (
  select $buyer_economy[b.i] as economy, $buyer_bloc[b.i] as bloc
  from (select unnest(range(1, length($buyer_economy) + 1)) as i) as b
),
size as (
  select m.bloc as bloc, count(*) as members
  from member as m
  where m.economy <> m.bloc
  group by m.bloc
),
made as (
  select
    cast(p.period as bigint) as period, p.product as product, p.economy as economy,
    case when $production_values = 1 then p.value end as value, p.mass as mass
  from production as p
  where p.edition in (select unnest($production_editions) as edition)
)
select d.period as period, d.product as product, d.economy as economy, d.value as value, d.mass as mass
from made as d
union all
select
  d.period as period, d.product as product, s.bloc as economy,
  case when count(d.value) = max(s.members) then cast(sum(d.value) as bigint) end as value,
  case when count(d.mass) = max(s.members) and sum(cast(d.mass as Int128)) < 9000000000000000000
    then cast(sum(cast(d.mass as Int128)) as bigint) end as mass
from made as d
join member as m on m.economy = d.economy
join size as s on s.bloc = m.bloc
group by d.period, d.product, s.bloc
