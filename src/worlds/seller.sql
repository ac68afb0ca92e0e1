-- Who sells each product, the strongest first: size, an advantage in the chapter, and one in the product itself.
--
-- uses    economy, product
-- given   $seed  integer
-- gives   product, rank (from 0), exporter, strength (log)
with drawn as (
  select
    p.product, e.economy as exporter,
    e.size + 1.2 * normal(hash($seed, 'chapter', e.economy, p.number // 10000))
      + 1.5 * normal(hash($seed, 'product', e.economy, p.number)) as strength
  from product as p cross join economy as e
)
select
  d.product, cast(row_number() over (partition by d.product order by d.strength desc, d.exporter) - 1 as integer) as rank,
  d.exporter, cast(d.strength as float) as strength
from drawn as d
order by d.product, rank
