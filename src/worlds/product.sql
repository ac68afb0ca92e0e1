-- The products of a made-up world, by code.
--
-- given   $seed      integer
--         $codes     list of text: six digits
--         $kept      list of text: codes that are among them whatever is drawn
--         $products  integer: how many there are
-- gives   product    number from 0, by code
--         turn       number from 0, drawn: plants take products in this order
with listed as (
  select c.code, hash($seed, 'product', cast(c.code as integer)) as chance from (select unnest($codes) as code) as c
),
drawn as (
  select l.code, l.chance
  from listed as l
  order by case when list_contains($kept, l.code) then 0 else 1 end, l.chance, l.code
  limit $products
)
select
  cast(row_number() over (order by d.code) - 1 as integer) as product, d.code as code, cast(d.code as integer) as number,
  cast(row_number() over (order by d.chance, d.code) - 1 as integer) as turn
from drawn as d
order by d.code
