-- Which verdicts are shown, with what was counted of their method over products?
--
-- uses    purchase_standing, standing_verdicts
-- given   $method_page  list of integer: the pages that methods are on
--         $keep_all     integer: 0 leaves out products that no method finds critical or leaves open
-- gives   the columns of method_verdicts, where they are shown
--         products  count of products that the method was asked about, and not only of those shown
--         found     count of them with the verdict yes; null where none is judged
-- source  methods, sections b to d
with critical as (
  select distinct v.standing as standing
  from standing_verdicts as v
  where v.verdict in ('yes', 'undetermined') or $keep_all = 1
),
-- By one page alone a standing says whether a product is shown; of several, another page may.
elsewhere as (
  select distinct s.period as period, s.product as product, s.importer as importer
  from purchase_standing as s
  join critical as c on c.standing = s.standing
  where $method_page[length($method_page)] > 0
),
shown as (
  select s.*
  from purchase_standing as s
  where s.standing in (select c.standing from critical as c)
  union all
  select s.*
  from purchase_standing as s
  join elsewhere as e on e.period = s.period and e.product = s.product and e.importer = s.importer
  where s.standing not in (select c.standing from critical as c)
),
counted as (
  select
    v.period as period, v.importer as importer, v.method as method, sum(v.purchases) as products,
    case when count(v.verdict) > 0 then sum(case when v.verdict = 'yes' then v.purchases else 0 end) end as found
  from standing_verdicts as v
  group by v.period, v.importer, v.method
),
verdict as (
  select v.*, c.products as products, c.found as found
  from standing_verdicts as v
  join counted as c on c.period = v.period and c.importer = v.importer and c.method = v.method
)
select
  s.period as period, s.product as product, s.importer as importer, v.method as method, v.verdict as verdict,
  v.reason as reason, v.held as held, v.held_high as held_high, s.total as total, s.lead_supplier as lead_supplier,
  s.lead_value as lead_value, s.supplier as supplier, s.agreed as agreed, s.criteria as criteria,
  v.products as products, v.found as found
from shown as s
join verdict as v on v.standing = s.standing
