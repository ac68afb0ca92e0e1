-- Which verdicts are shown, with what was counted of their product over methods, and of their method over products?
--
-- uses    method_verdicts
-- given   $keep_all  integer: 0 leaves out products that no method finds critical or leaves open
-- gives   the columns of method_verdicts, where they are shown
--         agreed, criteria  as in method_verdicts, of a product the same with every method
--         products          count of products that the method was asked about, and not only of those shown
--         found             count of them with the verdict yes; null where none is judged
-- source  methods, sections b to d
with product as (
  select
    v.period as period, v.product as product, v.importer as importer, max(v.agreed) as agreed, max(v.criteria) as criteria,
    max(case when v.verdict in ('yes', 'undetermined') then 1 else 0 end) as critical
  from method_verdicts as v
  group by v.period, v.product, v.importer
),
counted as (
  select
    v.period as period, v.importer as importer, v.method as method, count(*) as products,
    case when count(v.verdict) > 0 then sum(case when v.verdict = 'yes' then 1 else 0 end) end as found
  from method_verdicts as v
  group by v.period, v.importer, v.method
)
select
  v.period as period, v.product as product, v.importer as importer, v.method as method, v.verdict as verdict,
  v.reason as reason, v.held as held, v.held_high as held_high, v.total as total, v.lead_supplier as lead_supplier,
  v.lead_value as lead_value, v.supplier as supplier, p.agreed as agreed, p.criteria as criteria,
  c.products as products, c.found as found
from method_verdicts as v
join product as p on p.period = v.period and p.product = v.product and p.importer = v.importer
join counted as c on c.period = v.period and c.importer = v.importer and c.method = v.method
where p.critical = 1 or $keep_all = 1
