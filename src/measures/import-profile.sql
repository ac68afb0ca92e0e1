-- What do definitions of critical products compare? Everything they need of a purchase, once.
--
-- uses    import_concentration, exports, bloc_exports, merged_exports, world_concentration, world_exports
-- given   $named_supplier  text: the supplier asked about; '' takes the leading one of each purchase
--         $blocs           list of text: importers that are blocs
-- gives   one row a period or window, product and importer
--         bloc                            1 where the importer is a bloc, else 0
--         supplier                        the supplier asked about, or the leading one
--         supplier_value, supplier_world  currency: what it sells to the importer, and to the world
--         exports, exports_extra          currency: what the importer sells; without sales among members of a bloc
--         world_…                         as in world_concentration
--         others_…                        the same without the importer's own exports
--         ratio_…                         effective suppliers used by effective exporters there are, in units of 1e-12
--         and columns of import_concentration as they are
-- source  methods, sections b, c and d; each definition's own in data/methods
with joined as (
  select
    c.period as period, c.product as product, c.importer as importer,
    case when c.importer in (select unnest($blocs) as importer) then 1 else 0 end as bloc,
    c.total as total, c.unknown as unknown, c.squares as squares, c.high_squares as high_squares,
    c.new_squares as new_squares, c.lead_supplier as lead_supplier, c.lead_value as lead_value,
    case when $named_supplier = '' then c.lead_supplier else $named_supplier end as supplier,
    case when $named_supplier = '' then c.lead_value else c.named_value end as supplier_value,
    c.coalition_value as coalition_value, c.intra as intra,
    cast(coalesce(b.value, x.value, 0) as Int128) as exports,
    w.total as world_total, w.unknown as world_unknown, w.squares as world_squares,
    w.high_squares as world_high_squares, w.new_squares as world_new_squares, w.lead_value as world_lead_value,
    cast(coalesce(b.world_value, x.outside, 0) as Int128) as own_value,
    -- An economy that leaves a bloc which sells as one takes its part out of the bloc's square.
    coalesce(b.world_squares, cast(x.outside as Int128) * (2 * cast(coalesce(m.value, x.outside) as Int128) - x.outside),
      cast(0 as Int128)) as own_squares
  from import_concentration as c
  left join bloc_exports as b on b.period = c.period and b.product = c.product and b.importer = c.importer
  left join exports as x on x.period = c.period and x.product = c.product and x.economy = c.importer
  left join merged_exports as m on m.period = x.period and m.product = x.product and m.exporter = x.exporter
  left join world_concentration as w on w.period = c.period and w.product = c.product
)
select
  j.period as period, j.product as product, j.importer as importer, j.bloc as bloc,
  j.total as total, j.unknown as unknown, j.squares as squares, j.high_squares as high_squares,
  j.new_squares as new_squares, j.lead_supplier as lead_supplier, j.lead_value as lead_value,
  j.supplier as supplier, j.supplier_value as supplier_value,
  cast(coalesce(s.value, 0) as Int128) as supplier_world,
  j.coalition_value as coalition_value, j.intra as intra,
  j.exports as exports, j.exports - j.intra as exports_extra,
  j.world_total as world_total, j.world_unknown as world_unknown, j.world_squares as world_squares,
  j.world_high_squares as world_high_squares, j.world_new_squares as world_new_squares,
  j.world_lead_value as world_lead_value,
  j.world_total - j.own_value as others_total,
  j.world_squares - j.own_squares as others_squares,
  j.world_high_squares - j.own_squares as others_high_squares,
  j.world_new_squares - j.own_squares as others_new_squares,
  cast(round(cast(j.world_squares as double) / nullif(cast(j.world_total as double), 0) / cast(j.world_total as double)
    * cast(j.total as double) / nullif(cast(j.high_squares as double), 0) * cast(j.total as double) * 1e12) as Int128)
    as ratio_low,
  cast(round(cast(j.world_new_squares as double) / nullif(cast(j.world_total as double), 0) / cast(j.world_total as double)
    * cast(j.total as double) / nullif(cast(j.new_squares as double), 0) * cast(j.total as double) * 1e12) as Int128)
    as ratio_new,
  cast(round(cast(j.world_high_squares as double) / nullif(cast(j.world_total as double), 0) / cast(j.world_total as double)
    * cast(j.total as double) / nullif(cast(j.squares as double), 0) * cast(j.total as double) * 1e12) as Int128)
    as ratio_high
from joined as j
left join world_exports as s on s.period = j.period and s.product = j.product and s.exporter = j.supplier
