-- How many products are critical by each method, and for how much of what is bought do they stand?
--
-- uses    method_verdicts
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
select
  cast(v.period as integer) as period, v.importer as importer, $method_name[v.method] as method,
  $method_short[v.method] as short,
  cast(sum(v.total) as bigint) as imports, cast(count(*) as integer) as products,
  case when count(v.verdict) > 0 then cast(sum(case when v.verdict = 'yes' then 1 else 0 end) as integer) end as critical,
  case when count(v.verdict) > 0 then cast(sum(case when v.verdict = 'undetermined' then 1 else 0 end) as integer) end
    as undetermined,
  cast(sum(case when v.verdict is null then 1 else 0 end) as integer) as unjudged,
  case when count(v.verdict) > 0 then
    cast(sum(case when v.verdict = 'yes' then v.total else cast(0 as Int128) end) as double) / cast(sum(v.total) as double)
  end as value_share,
  cast(sum(case when v.verdict = 'yes' then v.supplier_value else cast(0 as Int128) end) as double)
    / nullif(cast(sum(case when v.verdict = 'yes' then v.total else cast(0 as Int128) end) as double), 0) as supplier_share
from method_verdicts as v
group by v.period, v.importer, v.method
