-- What did each exporter sell to the world, a bloc that sells as one counted once?
--
-- uses    exports, merged_exports
-- inline  what it stands on is kept
-- given   $seller_bloc  list of text: blocs that sell as one
-- gives   one row a period or window, product and exporter that sells something
--         known  1, or 0 for an unknown supplier
--         value  currency: sold outside itself
-- source  methods, section c (fixture C2_world)
select e.period as period, e.product as product, e.exporter as exporter, e.known as known, e.outside as value
from exports as e
where e.outside > 0 and e.exporter not in (select unnest($seller_bloc) as bloc)
union all
select m.period as period, m.product as product, m.exporter as exporter, 1 as known, m.value as value
from merged_exports as m
