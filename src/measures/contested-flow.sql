-- The flows of the products that an importer would lose, whoever trades them.
--
-- uses    flow, lost_supply
-- gives   the rows and columns of flow, for the periods and products of lost_supply only
select
  f.period as period, f.product as product, f.importer as importer, f.exporter as exporter,
  f.inside as inside, f.own as own, f.known as known, f.value as value, f.mass as mass
from flow as f
join (select distinct l.period as period, l.product as product from lost_supply as l) as g
  on g.period = f.period and g.product = f.product
