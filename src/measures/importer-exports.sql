-- What do the members of each importing bloc sell, and what does the world sell without them?
--
-- uses    exports, merged_exports
-- given   $buyer_economy  list of text: members of buying blocs
--         $buyer_bloc     list of text: their bloc
-- gives   one row a period or window, product and importing bloc that exports
--         value          currency: sold by its members, those among members too
--         world_value    currency: of the world's exports, theirs
--         world_squares  currency squared: by how much the world's sum of squares falls without them
-- source  methods, sections b1 (CDI3) and b2 (world exports without the bloc)
with buyer as (
  select $buyer_economy[b.i] as economy, $buyer_bloc[b.i] as bloc
  from (select unnest(range(1, length($buyer_economy) + 1)) as i) as b
),
part as (
  select
    e.period as period, e.product as product, b.bloc as importer, e.exporter as exporter,
    sum(e.value) as value, cast(sum(e.outside) as Int128) as outside
  from exports as e
  join buyer as b on b.economy = e.economy
  group by e.period, e.product, b.bloc, e.exporter
)
select
  p.period as period, p.product as product, p.importer as importer,
  cast(sum(p.value) as Int128) as value,
  sum(p.outside) as world_value,
  -- Members that leave a bloc which sells as one take their part out of its square.
  sum(p.outside * (2 * cast(coalesce(m.value, p.outside) as Int128) - p.outside)) as world_squares
from part as p
left join merged_exports as m on m.period = p.period and m.product = p.product and m.exporter = p.exporter
group by p.period, p.product, p.importer
