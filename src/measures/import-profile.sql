-- What do definitions of critical products compare? Everything they need of a purchase, once.
--
-- uses    import_concentration, named_supply, supplier_exports, importer_exports, world_concentration
-- given   $named_supplier  text: the supplier asked about; '' takes the leading one of each purchase
--         $blocs           list of text: importers that are blocs
--         $judged_periods  list of integer: the periods that are judged
--         $min_value       integer: judge no product that is bought for less, currency
--         $beside_judged   integer: 1 where purchases that are not judged are needed as well
-- gives   one row a period or window, product and importer
--         window_name                     of a window, its years × 1,000,000; of a period 0
--         judged                          1 where the period is judged, and enough is bought in it
--         bloc                            1 where the importer is a bloc, else 0
--         supplier                        the supplier asked about, or the leading one
--         supplier_value, supplier_world  currency: what it sells to the importer, and to the world
--         exports, exports_extra          currency: what the importer sells; without sales among members of a bloc
--         world_…                         as in world_concentration
--         others_…                        the same without the importer's own exports
--         and columns of import_concentration as they are
-- source  methods, sections b, c and d; each definition's own in data/methods
with purchase as (
  select
    c.period as period, c.product as product, c.importer as importer,
    c.period - c.period % 1000000 as window_name,
    case when c.total >= $min_value and c.period in (select unnest($judged_periods) as period) then 1 else 0 end as judged,
    case when c.importer in (select unnest($blocs) as importer) then 1 else 0 end as bloc,
    c.total as total, c.unknown as unknown, c.squares as squares, c.high_squares as high_squares,
    c.new_squares as new_squares, c.lead_supplier as lead_supplier, c.lead_value as lead_value,
    case when $named_supplier = '' then c.lead_supplier else $named_supplier end as supplier,
    case when $named_supplier = '' then c.lead_value else coalesce(n.named_value, cast(0 as Int128)) end as supplier_value,
    coalesce(n.coalition_value, cast(0 as Int128)) as coalition_value, c.intra as intra
  from import_concentration as c
  left join named_supply as n on n.period = c.period and n.product = c.product and n.importer = c.importer
)
select
  p.period as period, p.product as product, p.importer as importer, p.window_name as window_name,
  p.judged as judged, p.bloc as bloc,
  p.total as total, p.unknown as unknown, p.squares as squares, p.high_squares as high_squares,
  p.new_squares as new_squares, p.lead_supplier as lead_supplier, p.lead_value as lead_value,
  p.supplier as supplier, p.supplier_value as supplier_value,
  cast(coalesce(s.value, 0) as Int128) as supplier_world,
  p.coalition_value as coalition_value, p.intra as intra,
  coalesce(x.value, cast(0 as Int128)) as exports, coalesce(x.value, cast(0 as Int128)) - p.intra as exports_extra,
  w.total as world_total, w.unknown as world_unknown, w.squares as world_squares,
  w.high_squares as world_high_squares, w.new_squares as world_new_squares, w.lead_value as world_lead_value,
  w.total - coalesce(x.world_value, cast(0 as Int128)) as others_total,
  w.squares - coalesce(x.world_squares, cast(0 as Int128)) as others_squares,
  w.high_squares - coalesce(x.world_squares, cast(0 as Int128)) as others_high_squares,
  w.new_squares - coalesce(x.world_squares, cast(0 as Int128)) as others_new_squares
from purchase as p
left join supplier_exports as s on s.period = p.period and s.product = p.product and s.importer = p.importer
left join importer_exports as x on x.period = p.period and x.product = p.product and x.importer = p.importer
left join world_concentration as w on w.period = p.period and w.product = p.product
where p.judged = 1 or p.window_name > 0 or $beside_judged = 1
