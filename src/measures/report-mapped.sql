-- What was reported, with economies, products or periods mapped again: whichever side says it, whichever kind of trade.
--
-- uses    report
-- given   $level           integer: digits of the product codes as stored
--         $digits          integer: digits to which they are cut, 0 for all goods
--         $periods         list of integer: periods as stored; empty takes all
--         $products        list of text: codes as stored; empty takes all
--         $importers       list of text: alpha-3, members of blocs among them; empty takes all
--         $time_stored     list of integer: periods that stand under another name
--         $time_label      list of integer: that name
--         $goods_code      list of text: codes that stand under another name, such as a group or a family of codes
--         $goods_edition   list of text: the nomenclature in which they do, '' for any: one number may be two goods
--         $goods_label     list of text: that name
--         $goods_only      integer: 1 leaves out what stands under no other name, 0 keeps it under its own
--         $buyer_economy   list of text: members of buying blocs
--         $buyer_bloc      list of text: their bloc
--         $seller_economy  list of text: members of selling blocs, each in one at most
--         $seller_bloc     list of text: their bloc
-- gives   a row a stored row, or several where it stands under several names
--         period, product, importer, exporter
--         buyer            the importer itself, whichever bloc it buys in
--         side, trade, status  as stored
--         inside           1 where the seller belongs to the buying bloc
--         own              1 where the buyer belongs to the selling bloc
--         value            currency
--         mass             grams, null where unknown or estimated by the publisher: an estimate follows from a usual unit value
-- source  methods, section 0: blocs, as importer without trade among members; own trade and empty flows are left out
with buyer as (
  select $buyer_economy[b.i] as economy, $buyer_bloc[b.i] as bloc
  from (select unnest(range(1, length($buyer_economy) + 1)) as i) as b
),
seller as (
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
    r.side as side, r.trade as trade, r.status as status, r.value as value, r.mass as mass
  from report as r
  where r.level = $level and r.exporter <> r.importer and r.value > 0
    and (length($periods) = 0 or r.period in (select unnest($periods) as period))
    and (length($products) = 0 or r.product in (select unnest($products) as product))
    and (length($importers) = 0 or r.importer in (select unnest($importers) as economy))
)
select
  coalesce(m.label, cast(r.period as bigint)) as period,
  coalesce(g.label, case when $digits = 0 then 'TOTAL' else substr(r.product, 1, $digits) end) as product,
  coalesce(b.bloc, r.importer) as importer,
  coalesce(s.bloc, r.exporter) as exporter,
  r.importer as buyer,
  case when h.bloc is null then 0 else 1 end as inside,
  case when o.bloc is null then 0 else 1 end as own,
  r.side as side, r.trade as trade, r.status as status, r.value as value,
  case when r.status in ('estimated mass', 'estimated mass and quantity') then null else r.mass end as mass
from held as r
left join moment as m on m.stored = r.period
left join goods as g on g.code = r.product and (g.edition = '' or g.edition = r.edition)
left join buyer as b on b.economy = r.importer
left join buyer as h on h.economy = r.exporter and h.bloc = b.bloc
left join seller as s on s.economy = r.exporter
left join seller as o on o.economy = r.importer and o.bloc = s.bloc
where $goods_only = 0 or g.label is not null
