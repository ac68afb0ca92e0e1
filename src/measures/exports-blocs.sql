-- What did each economy sell to the world, with economies, products or periods mapped again: blocs, groups, coarser levels.
--
-- uses    report
-- given   $level           integer: digits of the product codes as stored
--         $digits          integer: digits to which they are cut, 0 for all goods
--         $side            text: whose report, or reconciled
--         $periods         list of integer: periods as stored; empty takes all
--         $products        list of text: codes as stored; empty takes all
--         $time_stored     list of integer: periods that stand under another name
--         $time_label      list of integer: that name
--         $goods_code      list of text: codes that stand under another name, such as a group or a family of codes
--         $goods_edition   list of text: the nomenclature in which they do, '' for any: one number may be two goods
--         $goods_label     list of text: that name
--         $goods_only      integer: 1 leaves out what stands under no other name, 0 keeps it under its own
--         $seller_economy  list of text: members of selling blocs, each in one at most
--         $seller_bloc     list of text: their bloc
-- gives   one row a period, product and economy
--         exporter  the bloc that it sells in, or itself
--         known     1, or 0 for an unknown supplier
--         value     currency: sold to all others, whoever asks
--         outside   currency: of it, to buyers outside the bloc that it sells in
-- source  methods, section 0: own trade left out; a merged bloc sells nothing to its members (fixture C2_world)
with seller as (
  select $seller_economy[s.i] as economy, $seller_bloc[s.i] as bloc
  from (select unnest(range(1, length($seller_economy) + 1)) as i) as s
),
goods as (
  select $goods_code[g.i] as code, $goods_edition[g.i] as edition, $goods_label[g.i] as label
  from (select unnest(range(1, length($goods_code) + 1)) as i) as g
),
moment as (
  select $time_stored[m.i] as stored, $time_label[m.i] as label
  from (select unnest(range(1, length($time_stored) + 1)) as i) as m
),
-- Filtered before all joins, for an engine passes over groups of stored rows only by filters that stand right above them.
held as (
  select
    r.period as period, r.product as product, r.importer as importer, r.exporter as exporter, r.edition as edition,
    r.value as value
  from report as r
  where r.level = $level and r.side = $side and r.trade = 'all' and r.exporter <> r.importer and r.value > 0
    and (length($periods) = 0 or r.period in (select unnest($periods) as period))
    and (length($products) = 0 or r.product in (select unnest($products) as product))
),
sold as (
  select
    coalesce(m.label, cast(r.period as bigint)) as period,
    coalesce(g.label, case when $digits = 0 then 'TOTAL' else substr(r.product, 1, $digits) end) as product,
    r.exporter as economy, r.value as value,
    case when o.bloc is null then r.value else 0 end as outside
  from held as r
  left join moment as m on m.stored = r.period
  left join goods as g on g.code = r.product and (g.edition = '' or g.edition = r.edition)
  left join seller as s on s.economy = r.exporter
  left join seller as o on o.economy = r.importer and o.bloc = s.bloc
  where $goods_only = 0 or g.label is not null
),
summed as (
  select
    s.period as period, s.product as product, s.economy as economy,
    cast(sum(s.value) as bigint) as value, cast(sum(s.outside) as bigint) as outside
  from sold as s
  group by s.period, s.product, s.economy
)
select
  e.period as period, e.product as product, e.economy as economy, coalesce(s.bloc, e.economy) as exporter,
  case when substr(e.economy, 1, 2) = 'X-' then 0 else 1 end as known, e.value as value, e.outside as outside
from summed as e
left join seller as s on s.economy = e.economy
