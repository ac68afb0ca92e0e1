-- What does the leading supplier of each purchase sell to the world? As stored, beside the purchases.
--
-- uses    national_purchases
-- given   $periods    list of integer: periods as stored; empty takes all
--         $products   list of text: codes as stored; empty takes all
--         $importers  list of text: alpha-3; empty takes all
-- gives   the columns of supplier-exports-summed, where no supplier is asked about
-- source  methods, section d1
select cast(p.period as bigint) as period, p.product as product, p.importer as importer, p.lead_exports as value
from national_purchases as p
where p.lead_exports > 0
  and (length($periods) = 0 or p.period in (select unnest($periods) as period))
  and (length($products) = 0 or p.product in (select unnest($products) as product))
  and (length($importers) = 0 or p.importer in (select unnest($importers) as economy))
