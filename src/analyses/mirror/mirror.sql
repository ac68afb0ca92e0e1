-- What did an economy trade, by its partners' reports, and how sure is that?
--
-- uses    concentration_index, mirror_missing
-- given   $critical             integer: how many thresholds must be passed for the verdict yes
--         $low_coverage_percent integer: below it coverage is low
-- gives   one row a period, economy and product
--         value          currency: what partners report
--         partners       count of them
--         coverage       share 0-1 of the economy's last own report with partners that report now; null without one
--         low_coverage   whether that is too little to rely on
--         base_period    the period of that report, yyyymm; null without one
--         missing        currency: estimated for partners that do not report; null without coverage
--         panel_value    currency: of value, with partners that report in every period asked for
--         panel_weight   share 0-1 of the last own report that those stood for
--         estimated_share  share 0-1 of value that the publisher has estimated
--         hhi            index 0-1 over what partners report
--         hhi_low, hhi_high  index 0-1: the missing part spread thin; all the leader's; null without coverage
--         lead_partner, lead_share_low, lead_share_high  the missing part with others; all with it
--         verdict        concentrated by the preset: yes, no, undetermined where the bounds disagree, null without coverage
-- source  methods, section f (fixture F6)
select
  cast(m.period as integer) as period, m.economy as economy, m.product as product,
  cast(m.observed as bigint) as value, cast(m.partners as integer) as partners,
  cast(m.covered as double) / nullif(cast(m.base_value as double), 0) as coverage,
  cast(m.covered * 100 < m.base_value * $low_coverage_percent as boolean) as low_coverage,
  cast(m.base_period as integer) as base_period,
  m.missing as missing,
  m.panel as panel_value,
  cast(m.panel_base as double) / nullif(cast(m.base_value as double), 0) as panel_weight,
  cast(m.estimated as double) / cast(m.observed as double) as estimated_share,
  c.hhi_low * (cast(c.total as double) / cast(m.observed as double)) * (cast(c.total as double) / cast(m.observed as double))
    as hhi,
  case when m.missing is not null then c.hhi_low end as hhi_low,
  case when m.missing is not null then c.hhi_high end as hhi_high,
  c.lead_supplier as lead_partner,
  case when m.missing is not null then cast(c.lead_value as double) / cast(c.total as double) end as lead_share_low,
  case when m.missing is not null then cast(c.lead_value + c.unknown as double) / cast(c.total as double) end
    as lead_share_high,
  case when m.missing is null then null
    when c.passed_low >= $critical then 'yes' when c.passed_high < $critical then 'no' else 'undetermined' end as verdict
from mirror_missing as m
join concentration_index as c on c.period = m.period and c.product = m.product and c.importer = m.economy
