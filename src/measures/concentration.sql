-- How concentrated are an importer's purchases of each product?
--
-- uses    concentration_index
-- given   $words     list of text: four names of classes, from below the first threshold upwards
--         $critical  integer: how many thresholds must be passed for the verdict yes
-- gives   one row a period, importer and product
--         value                currency: bought from all suppliers
--         suppliers            count of known suppliers
--         hhi                  index 0-1: sum of squared shares, the unknown part as one more supplier
--         hhi_low, hhi_high    index 0-1: its bounds over what the unknown part may be
--         hhi_normalised       index 0-1: (hhi - 1/n) / (1 - 1/n); null with one supplier or an unknown part
--         cr1                  share 0-1: the largest known supplier
--         effective_suppliers  count: 1 / hhi
--         lead_supplier, lead_share
--         class, verdict       in the preset's words; undetermined where the bounds fall on different sides
-- source  methods, section a (fixtures A1-A6)
select
  cast(c.period as integer) as period, c.importer as importer, c.product as product,
  cast(c.total as bigint) as value, cast(c.suppliers as integer) as suppliers,
  c.hhi as hhi, c.hhi_low as hhi_low, c.hhi_high as hhi_high,
  case when c.suppliers > 1 and c.unknown = 0
    then (c.hhi - 1 / cast(c.suppliers as double)) / (1 - 1 / cast(c.suppliers as double)) end as hhi_normalised,
  cast(c.lead_value as double) / cast(c.total as double) as cr1,
  1 / c.hhi as effective_suppliers,
  c.lead_supplier as lead_supplier,
  case when c.suppliers > 0 then cast(c.lead_value as double) / cast(c.total as double) end as lead_share,
  case when c.passed_low = c.passed_high then $words[c.passed_low + 1] else 'undetermined' end as class,
  case when c.passed_low >= $critical then 'yes' when c.passed_high < $critical then 'no' else 'undetermined' end as verdict
from concentration_index as c
