-- Which verdicts are shown, where methods are on several pages?
--
-- uses    purchase_standing, standing_verdicts, verdicts_counted
-- given   $keep_all  integer: 0 leaves out products that no method finds critical or leaves open
-- gives   as verdicts-shown.sql; a product is shown with the methods of all pages where those of one show it
-- source  methods, sections b to d
with shown as (
  select distinct s.period as period, s.product as product, s.importer as importer
  from purchase_standing as s
  join standing_verdicts as v on v.standing = s.standing
  where v.verdict in ('yes', 'undetermined') or $keep_all = 1
)
select
  s.period as period, s.product as product, s.importer as importer, v.method as method, v.verdict as verdict,
  v.reason as reason, v.held as held, v.held_high as held_high, s.total as total, s.lead_supplier as lead_supplier,
  s.lead_value as lead_value, s.supplier as supplier, s.agreed as agreed, s.criteria as criteria,
  v.products as products, v.found as found
from purchase_standing as s
join verdicts_counted as v on v.standing = s.standing
join shown as d on d.period = s.period and d.product = s.product and d.importer = s.importer
