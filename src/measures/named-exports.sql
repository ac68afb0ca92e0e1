-- What does the supplier asked about sell to the world, for each importer asked for, where none is a bloc?
--
-- uses    world_exports
-- given   $named_supplier  text: the supplier asked about
--         $importers       list of text: alpha-3
-- gives   the columns of supplier-exports-summed, of purchases that there may be
-- source  methods, section d1 (fixture D1)
select e.period as period, e.product as product, i.economy as importer, e.value as value
from world_exports as e
cross join (select unnest($importers) as economy) as i
where e.exporter = $named_supplier
