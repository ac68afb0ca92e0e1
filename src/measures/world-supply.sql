-- What does the world sell of a product, and how unevenly? As stored, of the side and the level of products that a dataset is
-- usually asked for.
--
-- uses    national_supply
-- given   $periods   list of integer: periods as stored; empty takes all
--         $products  list of text: codes as stored; empty takes all
-- gives   the columns of world-supply-summed, by which it was made; nobody sells as a bloc. Squares are stored as those of
--         purchases are
-- source  methods, section c (C2)
select
  cast(s.period as bigint) as period, s.product as product, cast(s.total as Int128) as total,
  cast(s.unknown as Int128) as unknown,
  cast(s.squares_high as Int128) * 4611686018427387904 + s.squares_low as squares,
  cast(s.lead_value as Int128) as lead_value
from national_supply as s
where (length($periods) = 0 or s.period in (select unnest($periods) as period))
  and (length($products) = 0 or s.product in (select unnest($products) as product))
