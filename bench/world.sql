-- A made-up year of world trade in BACI's form: t, i (exporter), j (importer), k, v (thousand dollars), q (tonnes).
--
-- given   $year       integer: the year. Who could buy from whom is the same in all: a supplier sells in four years of five,
--                     and about as much as in others
--         $economies  list of text: 200 M49 codes; 199 is prime, so a supplier's turn never meets another's or the buyer
--         $products   integer: how many six-digit codes, at most 5,000
--         $mean       double: suppliers that a buyer and product could have, on average
-- gives   the same rows on every run: all that looks like chance is a hash of indices
with pair as (
  select
    b.buyer as buyer, p.product as product,
    hash(b.buyer, p.product, 'start') % 199 as start, 1 + hash(b.buyer, p.product, 'step') % 198 as step,
    -- Whole part of an exponential variable with that mean: many goods of few suppliers, few of many.
    cast(least(199, floor(-ln(((hash(b.buyer, p.product, 'count') >> 11) + 0.5) / 9007199254740992.0) / ln(1 + 1 / $mean)))
      as bigint) as suppliers
  from (select unnest(range(0, 200)) as buyer) as b cross join (select unnest(range(0, $products)) as product) as p
),
flow as (
  select w.buyer, w.product, cast((w.buyer + 1 + (w.start + w.step * w.turn) % 199) % 200 as bigint) as seller
  from (select buyer, product, start, step, unnest(range(0, suppliers)) as turn from pair) as w
  where hash(w.buyer, w.product, w.turn, $year, 'sells') % 5 > 0
),
sized as (
  select
    f.buyer, f.product, f.seller,
    sqrt(-2 * ln(((hash(f.buyer, f.product, f.seller, 'radius') >> 11) + 0.5) / 9007199254740992.0))
      * cos(2 * pi() * (hash(f.buyer, f.product, f.seller, 'angle') >> 11) / 9007199254740992.0)
      + (hash(f.buyer, f.product, f.seller, $year, 'year') >> 11) / 9007199254740992.0 - 0.5 as normal,
    (hash(f.buyer, f.product, f.seller, 'price') >> 11) / 9007199254740992.0 as price
  from flow as f
)
select
  $year as t, $economies[s.seller + 1] as i, $economies[s.buyer + 1] as j,
  printf('%06d', 10000 + 197 * s.product) as k,
  cast(1 + exp(3.5 + 2.5 * s.normal) as decimal(18, 3)) as v,
  case when s.price >= 0.03 then cast(0.001 + exp(3.5 + 2.5 * s.normal) / (1 + 20 * s.price) as decimal(18, 3)) end as q
from sized as s
