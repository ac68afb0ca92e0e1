-- Which verdicts are shown, with what was counted of their product over methods, and of their method over products?
--
-- uses    method_verdicts
-- given   $keep_all  integer: 0 leaves out products that no method finds critical or leaves open
-- gives   the columns of method_verdicts, where they are shown
--         agreed, criteria  as in method_verdicts, of a product the same with every method
--         products          count of products that the method was asked about, and not only of those shown
--         found             count of them with the verdict yes; null where none is judged
-- source  methods, sections b to d
with shown as (
  select distinct v.period as period, v.product as product, v.importer as importer
  from method_verdicts as v
  where v.verdict in ('yes', 'undetermined') or $keep_all = 1
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
  v.lead_value as lead_value, v.supplier as supplier, v.agreed as agreed, v.criteria as criteria,
  c.products as products, c.found as found
from method_verdicts as v
join shown as s on s.period = v.period and s.product = v.product and s.importer = v.importer
join counted as c on c.period = v.period and c.importer = v.importer and c.method = v.method
