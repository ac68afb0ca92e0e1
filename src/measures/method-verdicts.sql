-- Is a product critical by each method?
--
-- uses    purchase_standing, standing_verdicts
-- gives   one row a judged period, product, importer and method
--         method, verdict, reason, held, held_high  as in standing_verdicts
--         agreed, criteria, total, lead_supplier, lead_value, supplier, supplier_value  as in purchase_standing
-- source  methods, sections b to d
select
  s.period as period, s.product as product, s.importer as importer, v.method as method, v.verdict as verdict,
  v.reason as reason, v.held as held, v.held_high as held_high, s.total as total, s.lead_supplier as lead_supplier,
  s.lead_value as lead_value, s.supplier as supplier, s.supplier_value as supplier_value, s.agreed as agreed,
  s.criteria as criteria
from purchase_standing as s
join standing_verdicts as v on v.standing = s.standing
