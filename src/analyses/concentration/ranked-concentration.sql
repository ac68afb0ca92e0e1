-- The measures of concentration that look at every supplier, which is many times the work of the others.
--
-- uses    concentration, ranked_supply
-- gives   one row a period, importer and product: the columns of concentration, and
--         cr3             share 0-1: the three largest known suppliers
--         shannon, theil  nats; null where part is unknown, for the number of suppliers is
--         gini            index 0-1 over the suppliers; null where part is unknown
--         lead_gap        share 0-1: the largest less the next
-- source  methods, section a (fixtures A1-A3)
select
  c.period as period, c.importer as importer, c.product as product, c.value as value, c.suppliers as suppliers,
  c.hhi as hhi, c.hhi_low as hhi_low, c.hhi_high as hhi_high, c.hhi_normalised as hhi_normalised, c.cr1 as cr1,
  cast(r.three_value as double) / cast(c.value as double) as cr3,
  c.effective_suppliers as effective_suppliers,
  case when r.unknown <> 0 then null when c.suppliers = 1 then 0
    else ln(cast(c.value as double)) - cast(r.entropy_sum as double) / 1e12 / cast(c.value as double) end as shannon,
  case when r.unknown <> 0 then null when c.suppliers = 1 then 0
    else ln(cast(c.suppliers as double)) - ln(cast(c.value as double))
      + cast(r.entropy_sum as double) / 1e12 / cast(c.value as double) end as theil,
  case when r.unknown <> 0 then null
    else (cast(c.suppliers as double) + 1) / cast(c.suppliers as double)
      - 2 * cast(r.place_sum as double) / (cast(c.suppliers as double) * cast(c.value as double)) end as gini,
  c.lead_supplier as lead_supplier, c.lead_share as lead_share,
  case when c.suppliers > 0
    then (cast(r.first_value as double) - cast(r.second_value as double)) / cast(c.value as double) end as lead_gap,
  c.class as class, c.verdict as verdict
from concentration as c
join ranked_supply as r on r.period = c.period and r.product = c.product and r.importer = c.importer
