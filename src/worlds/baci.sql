-- A year in the form of BACI: t, i (exporter), j (importer), k, v (thousand dollars), q (tonnes); and the seed, in a column
-- whose name says what the rows are.
--
-- uses    whole, economy, product
-- given   $seed  integer
select
  w.period as t, i.number as i, j.number as j, p.code as k,
  cast(w.dollars / 1000e0 as decimal(18, 3)) as v,
  cast(w.kilograms / 1000e0 as decimal(18, 3)) as q,
  $seed as synthetic_seed
from whole as w
join economy as i on i.economy = w.exporter
join economy as j on j.economy = w.importer
join product as p on p.product = w.product
order by t, i, j, k
