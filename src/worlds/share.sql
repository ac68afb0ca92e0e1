-- Planted shares, one row a product, importer and supplier: an importer's own before those of all importers.
--
-- uses    wanted (product, importer or -1 for all, exporter, share), demand
-- given   $density  double: the factor on breadth
select w.product, d.importer, w.exporter, cast(w.share as decimal(4, 3)) as share
from wanted as w
join demand as d on d.product = w.product and d.importer <> w.exporter
where w.importer = d.importer
  or (
    w.importer = -1 and floor($density * d.breadth + d.rounding) > 0
    and not exists (select 1 from wanted as o where o.product = w.product and o.importer = d.importer)
  )
order by all
