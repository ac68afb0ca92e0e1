-- How many products are critical by each method, and for how much of what is bought do they stand?
--
-- uses    purchase_standing, standing_verdicts
-- given   $method_name   list of text: names of methods
--         $method_short  list of text: the same in three characters at most
-- gives   one row a period, importer and method
--         imports                 currency: bought of all products judged, chapter 99 among them
--         products                count
--         critical, undetermined  count of products with the verdict yes, and with that verdict; null where none is judged
--         unjudged                count of products without a verdict
--         value_share             share 0-1 of imports that is in critical products; null where none is judged
--         supplier_share          share 0-1 of the value of critical products that the supplier asked about sells, or each
--                                 product's leading one; null where none is critical
-- source  methods, section b1 (origins by value, fixture B4), d9 (fixture D3)
with stood as (
  select s.standing as standing, sum(s.total) as total, sum(s.supplier_value) as supplier_value
  from purchase_standing as s
  group by s.standing
)
select
  cast(v.period as integer) as period, v.importer as importer, $method_name[v.method] as method,
  $method_short[v.method] as short,
  cast(sum(s.total) as bigint) as imports, cast(sum(v.purchases) as integer) as products,
  case when count(v.verdict) > 0 then cast(sum(case when v.verdict = 'yes' then v.purchases else 0 end) as integer) end
    as critical,
  case when count(v.verdict) > 0 then cast(sum(case when v.verdict = 'undetermined' then v.purchases else 0 end) as integer)
    end as undetermined,
  cast(sum(case when v.verdict is null then v.purchases else 0 end) as integer) as unjudged,
  case when count(v.verdict) > 0 then
    cast(sum(case when v.verdict = 'yes' then s.total else cast(0 as Int128) end) as double) / cast(sum(s.total) as double)
  end as value_share,
  cast(sum(case when v.verdict = 'yes' then s.supplier_value else cast(0 as Int128) end) as double)
    / nullif(cast(sum(case when v.verdict = 'yes' then s.total else cast(0 as Int128) end) as double), 0) as supplier_share
from standing_verdicts as v
join stood as s on s.standing = v.standing
group by v.period, v.importer, v.method
