-- What each economy wants of each product, and from how many suppliers.
--
-- uses    economy, product, seller
-- given   $seed           integer
--         $plants         list of integer: products with planted answers, which are made apart, and never small
--         $giant_product  integer: the product that is so many times as large as it would be; -1 for none
--         $giant          double
-- gives   own       the buyer's rank among the sellers of the product: it does not buy from itself
--         breadth   how many suppliers, times a factor that the number of rows decides
--         rounding  what breadth is rounded down with, from 0 to 1
--         demand    log of how much, without the supplier's part
with sized as (
  select
    p.product, p.number, list_contains($plants, p.product) as planted, normal(hash($seed, 'size', p.number)) as drawn
  from product as p
),
grown as (
  select s.product, s.number, s.planted, case when s.planted then greatest(s.drawn, 1) else s.drawn end as size from sized as s
)
select
  s.product, s.exporter as importer, s.rank as own, p.planted,
  cast(exp(0.3 * e.size + 0.35 * p.size + 0.5 * normal(hash($seed, 'breadth', s.exporter, p.number))) as float) as breadth,
  cast(uniform(hash($seed, 'rounding', s.exporter, p.number)) as float) as rounding,
  cast(0.7 * e.size + 1.2 * p.size + 0.8 * normal(hash($seed, 'demand', s.exporter, p.number))
    + case when s.product = $giant_product then ln($giant) else 0 end as float) as demand
from seller as s
join economy as e on e.economy = s.exporter
join grown as p on p.product = s.product
order by s.product, importer
