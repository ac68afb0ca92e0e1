-- What do the first suppliers sell, and how unequal are all of them?
--
-- uses    flow
-- gives   one row a period, product and importer
--         first_value   currency: the largest known supplier
--         second_value  currency: the next, 0 where there is none
--         three_value   currency: the largest three together
--         place_sum     currency: sum of place × value, places counted from the largest; Gini follows from it
-- source  Gini by ranks: Sen (1973), On Economic Inequality, section 2.7
-- Of equal values it does not matter whose comes first: what is summed is the same.
with ranked as (
  select
    f.period as period, f.product as product, f.importer as importer, f.value as value, f.known as known,
    row_number() over (
      partition by f.period, f.product, f.importer order by case when f.known = 1 then f.value else 0 end desc
    ) as place
  from flow as f
  where f.inside = 0
)
select
  r.period as period, r.product as product, r.importer as importer,
  sum(case when r.known = 1 and r.place = 1 then r.value else 0 end) as first_value,
  sum(case when r.known = 1 and r.place = 2 then r.value else 0 end) as second_value,
  sum(case when r.known = 1 and r.place <= 3 then r.value else 0 end) as three_value,
  sum(cast(r.place as Int128) * r.value) as place_sum
from ranked as r
group by r.period, r.product, r.importer
