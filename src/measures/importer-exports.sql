-- What does each economy and each importing bloc sell, and what does the world sell without it?
--
-- uses    exports, merged_exports
-- given   $buyer_economy  list of text: members of buying blocs
--         $buyer_bloc     list of text: their bloc
-- gives   one row a period or window, product and economy or importing bloc that exports
--         value          currency: sold by it, by members of a bloc to each other too
--         world_value    currency: of the world's exports, its own
--         world_squares  currency squared: by how much the world's sum of squares falls without it
-- source  methods, sections b1 (CDI3) and b2 (world exports without the bloc)
with buyer as (
  select $buyer_economy[b.i] as economy, $buyer_bloc[b.i] as bloc
  from (select unnest(range(1, length($buyer_economy) + 1)) as i) as b
),
part as (
  select
    e.period as period, e.product as product, b.bloc as importer, e.exporter as exporter,
    cast(sum(e.value) as Int128) as value, cast(sum(e.outside) as Int128) as outside
  from exports as e
  join buyer as b on b.economy = e.economy
  group by e.period, e.product, b.bloc, e.exporter
)
-- Who leaves a bloc that sells as one takes a part out of its square.
select
  e.period as period, e.product as product, e.economy as importer,
  cast(e.value as Int128) as value, cast(e.outside as Int128) as world_value,
  cast(e.outside as Int128) * (2 * cast(coalesce(m.value, e.outside) as Int128) - e.outside) as world_squares
from exports as e
left join merged_exports as m on m.period = e.period and m.product = e.product and m.exporter = e.exporter
where e.economy not in (select unnest($buyer_bloc) as bloc)
union all
select
  p.period as period, p.product as product, p.importer as importer,
  sum(p.value) as value, sum(p.outside) as world_value,
  sum(p.outside * (2 * cast(coalesce(m.value, p.outside) as Int128) - p.outside)) as world_squares
from part as p
left join merged_exports as m on m.period = p.period and m.product = p.product and m.exporter = p.exporter
group by p.period, p.product, p.importer
