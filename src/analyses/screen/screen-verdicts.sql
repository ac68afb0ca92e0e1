-- Which products are critical by which method?
--
-- uses    verdicts_shown
-- given   $method_name   list of text: names of methods
--         $method_short  list of text: the same in three characters at most
-- gives   one row a period, importer, product and method: the columns of screen that are not of one criterion
-- source  methods, sections b to d
select
  cast(s.period as integer) as period, s.importer as importer, s.product as product, cast(s.total as bigint) as imports,
  s.lead_supplier as lead_supplier,
  case when s.lead_supplier is not null then cast(s.lead_value as double) / cast(s.total as double) end as lead_share,
  s.supplier as supplier, cast(s.agreed as integer) as agreed, cast(s.criteria as integer) as criteria,
  $method_name[s.method] as method, $method_short[s.method] as short, s.verdict as verdict, s.reason as reason,
  cast(s.products as integer) as products, cast(s.found as integer) as critical,
  -s.agreed as disagreement, -s.total as smallness, s.method as place
from verdicts_shown as s
