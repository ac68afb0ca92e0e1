-- What does the supplier of each purchase sell to the world: the one asked about, or the leading one?
--
-- uses    purchases, world_exports
-- given   $named_supplier  text: the supplier asked about; '' takes the leading one of each purchase
-- gives   one row a period or window, product and importer whose supplier sells something
--         value  currency
-- source  methods, section d1 (fixture D1)
select p.period as period, p.product as product, p.importer as importer, e.value as value
from world_exports as e
join purchases as p
  on p.period = e.period and p.product = e.product
  and e.exporter = case when $named_supplier = '' then p.lead_supplier else $named_supplier end
