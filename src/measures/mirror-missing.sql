-- How much of an economy's trade is missing from its partners' reports?
--
-- uses    mirror_trade, mirror_coverage
-- given   $panel  list of text: partners that report in every period asked for
-- gives   one row a period, product and economy that any partner reports trade with
--         observed      currency: what partners report, at the exporter's border
--         partners      count of them
--         estimated     currency: of it, estimated by the publisher
--         panel         currency: of it, with partners that report in every period asked for
--         base_period   when the economy last reported itself; null where it never did
--         base_value    currency: what it reported then
--         covered       currency: of that, with partners that report now
--         panel_base    currency: of that, with partners that report in every period asked for
--         missing       currency: observed × (1 − coverage) / coverage; null where that is not known
-- source  methods, section f: interval (fixture F6)
with base as (
  select
    c.period as period, c.product as product, c.economy as economy, max(c.base_period) as base_period,
    cast(sum(c.base_value) as Int128) as base_value,
    cast(sum(c.base_value * c.reports) as Int128) as covered, cast(sum(c.base_value * c.in_panel) as Int128) as panel_base
  from mirror_coverage as c
  group by c.period, c.product, c.economy
),
seen as (
  select
    t.period as period, t.product as product, t.economy as economy,
    cast(sum(t.value) as Int128) as observed, count(*) as partners, cast(sum(t.estimated) as bigint) as estimated,
    cast(sum(case when t.partner in (select unnest($panel) as partner) then t.value else 0 end) as bigint) as panel
  from mirror_trade as t
  group by t.period, t.product, t.economy
)
select
  s.period as period, s.product as product, s.economy as economy, s.observed as observed, s.partners as partners,
  s.estimated as estimated, s.panel as panel,
  b.base_period as base_period, b.base_value as base_value, b.covered as covered, b.panel_base as panel_base,
  case when b.covered > 0
    then cast(floor(cast(s.observed as double) * cast(b.base_value - b.covered as double) / cast(b.covered as double) + 0.5)
      as bigint) end as missing
from seen as s
left join base as b on b.period = s.period and b.product = s.product and b.economy = s.economy
