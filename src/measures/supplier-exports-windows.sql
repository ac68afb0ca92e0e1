-- What does the leading supplier of each purchase sell to the world: in each period as stored and, under the name of each
-- window, in its periods together?
--
-- uses    supplier_exports_of_periods, supplier_exports_summed
-- gives   the columns of supplier-exports-summed, where no supplier is asked about
-- source  methods, sections b2 (sums over a window) and d1
select s.period as period, s.product as product, s.importer as importer, s.value as value
from supplier_exports_of_periods as s
union all
select w.period as period, w.product as product, w.importer as importer, w.value as value
from supplier_exports_summed as w
where w.period >= 1000000
