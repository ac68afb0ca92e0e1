-- Which products are critical by each method, or left open?
--
-- uses    method_verdicts, standing_verdicts
-- gives   one row a period, importer, method and product with the verdict yes or undetermined; and one with no product
--         where a method judges something
--         method   its place
--         verdict  yes or undetermined, or judged where there is no product
--         total    currency: bought; without a product, the count of products judged
-- source  methods, sections b to d
select
  cast(v.period as integer) as period, v.importer as importer, v.method as method, v.product as product, v.verdict as verdict,
  cast(v.total as bigint) as total
from method_verdicts as v
where v.verdict in ('yes', 'undetermined')
union all
select
  cast(v.period as integer) as period, v.importer as importer, v.method as method, '' as product,
  'judged' as verdict, cast(sum(v.purchases) as bigint) as total
from standing_verdicts as v
where v.verdict is not null
group by v.period, v.importer, v.method
