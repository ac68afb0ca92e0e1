-- What do the first suppliers sell, and how unequal are all of them?
--
-- uses    flow, purchases
-- given   $min_value  integer: leave out what is bought for less, currency
-- gives   one row a period, product and importer
--         unknown       currency: bought from partners that are not known
--         first_value   currency: the largest known supplier
--         second_value  currency: the next, 0 where there is none
--         three_value   currency: the largest three together
--         place_sum     currency: sum of place × value, places counted from the largest; Gini follows from it
--         entropy_sum   sum of value × ln(value) in units of 1e-12, whole, so that its order does not matter
-- source  Gini by ranks: Sen (1973), On Economic Inequality, section 2.7; entropy: Shannon (1948)
-- Flows are sorted by the number of a purchase: by its three names it would cost twice as much.
with purchase as (
  select
    row_number() over (order by p.period, p.product, p.importer) as number, p.period as period, p.product as product,
    p.importer as importer
  from purchases as p
  where p.total >= $min_value
),
-- Of equal values it does not matter whose comes first: what is summed is the same.
ranked as (
  select
    p.number as number, f.value as value, f.known as known,
    row_number() over (partition by p.number order by case when f.known = 1 then f.value else 0 end desc) as place
  from flow as f
  join purchase as p on p.period = f.period and p.product = f.product and p.importer = f.importer
  where f.inside = 0
),
summed as (
  select
    r.number as number,
    sum(case when r.known = 0 then r.value else 0 end) as unknown,
    sum(case when r.known = 1 and r.place = 1 then r.value else 0 end) as first_value,
    sum(case when r.known = 1 and r.place = 2 then r.value else 0 end) as second_value,
    sum(case when r.known = 1 and r.place <= 3 then r.value else 0 end) as three_value,
    sum(cast(r.place as Int128) * r.value) as place_sum,
    sum(cast(round(cast(r.value as double) * ln(cast(r.value as double)) * 1e12) as Int128)) as entropy_sum
  from ranked as r
  group by r.number
)
select
  p.period as period, p.product as product, p.importer as importer, s.unknown as unknown, s.first_value as first_value,
  s.second_value as second_value, s.three_value as three_value, s.place_sum as place_sum, s.entropy_sum as entropy_sum
from summed as s
join purchase as p on p.number = s.number
