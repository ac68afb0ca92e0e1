-- Which verdicts are shown, where one page has all methods?
--
-- uses    purchase_standing, verdicts_counted
-- given   $keep_all  integer: 0 leaves out products that no method finds critical or leaves open
-- gives   the columns of method_verdicts, and products and found of verdicts_counted: of all products, not only of those
--         shown
-- source  methods, sections b to d
with verdict as (
  select
    v.*,
    max(case when v.verdict in ('yes', 'undetermined') or $keep_all = 1 then 1 else 0 end)
      over (partition by v.standing) as shown
  from verdicts_counted as v
)
select
  s.period as period, s.product as product, s.importer as importer, v.method as method, v.verdict as verdict,
  v.reason as reason, v.held as held, v.held_high as held_high, s.total as total, s.lead_supplier as lead_supplier,
  s.lead_value as lead_value, s.supplier as supplier, s.agreed as agreed, s.criteria as criteria,
  v.products as products, v.found as found
from purchase_standing as s
join verdict as v on v.standing = s.standing
where v.shown = 1
