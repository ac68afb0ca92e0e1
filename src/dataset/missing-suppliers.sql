-- Which economy buys much of many products, and is nobody's supplier?
--
-- uses    pair (period, importer, exporter, value: sums over products), held (period, products: how many there are)
-- given   $least  integer: so many products and importers must be there before anything is said
--         $part   integer: it buys for at least one part in so many of what a product is traded for on average
-- gives   one row an economy, the largest buyers first
--         periods  in which it is so
--         value    currency: bought in those periods
--         total    currency: traded in those periods
-- source  methods, section 0: a supplier that is dropped without a word is the most damaging fault of this domain
with whole as (
  select p.period, max(h.products) as products, sum(p.value) as total, count(distinct p.importer) as importers
  from pair as p
  join held as h on h.period = p.period
  group by p.period
),
bought as (
  select period, importer as economy, sum(value) as value
  from pair
  where substr(importer, 1, 2) <> 'X-'
  group by period, importer
)
select
  b.economy as economy, list(cast(b.period as integer) order by b.period) as periods,
  cast(sum(b.value) as double) as value, cast(sum(w.total) as double) as total
from bought as b
join whole as w on w.period = b.period
anti join (select distinct period, exporter as economy from pair) as s
  on s.period = b.period and s.economy = b.economy
where w.products >= $least and w.importers >= $least and b.value * w.products * $part >= w.total
group by b.economy
order by value desc, economy
