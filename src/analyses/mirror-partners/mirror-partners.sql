-- With whom did an economy trade, by its partners' reports, and who is missing from them?
--
-- uses    mirror_trade, mirror_coverage, mirror_missing, report_mapped, exports
-- given   $panel      list of text: partners that report in every period asked for
--         $own_side   text: importer where purchases are rebuilt, exporter where sales are
--         $partners_complete  integer: 1 where every report has all partners, else 0
--         $min_value  integer: leave out economies' purchases of a product for less in all, currency
-- gives   one row a period, economy, product and partner, of those that report trade and those of the last own report
--         value        currency: at the exporter's border; 0 where the partner reports the product in the period, with
--                      all its partners, and the economy is not among them; null where it does not report, or not that
--         reported     currency: as the partner reports it; the same
--         share_low, share_high  share 0-1 of all, with the missing part in the denominator and without it; of a partner
--                      that does not report: nothing, and all of the missing part; of one that does, but not the
--                      product: nothing, and null
--         base_value   currency: in the economy's last own report; null where it never reported
--         base_share   share 0-1 of that report
--         reports      whether the partner reports in the period
--         in_panel     whether it does in every period asked for
--         re_exports   currency: of reported, what it only passes on; null where it does not say
--         estimated    whether the publisher has estimated any of it
with pair as (
  select t.period as period, t.product as product, t.economy as economy, t.partner as partner
  from mirror_trade as t
  union distinct
  select c.period as period, c.product as product, c.economy as economy, c.partner as partner
  from mirror_coverage as c
),
-- Who reports the product at all, and all partners, reports none of a flow that is not there; of others it is not known.
reported as (
  select e.period as period, e.product as product, e.economy as partner
  from exports as e
  where $partners_complete = 1 and $own_side = 'importer'
  union distinct
  select m.period as period, m.product as product, m.importer as partner
  from report_mapped as m
  where $partners_complete = 1 and $own_side = 'exporter' and m.side = 'importer' and m.trade = 'all'
),
measured as (
  select
    cast(p.period as integer) as period, p.economy as economy, p.product as product, p.partner as partner,
    case when t.value is not null then t.value when c.reports = 1 and r.partner is not null then 0 end as value,
    case when t.reported is not null then t.reported when c.reports = 1 and r.partner is not null then 0 end as reported,
    case when t.value is not null or c.reports = 1
      then cast(coalesce(t.value, 0) as double) / cast(g.observed + g.missing as double)
      else cast(0 as double) end as share_low,
    case when t.value is not null or (c.reports = 1 and r.partner is not null)
      then cast(coalesce(t.value, 0) as double) / cast(g.observed as double)
      when c.reports = 1 then null
      else cast(g.missing as double) / cast(g.observed + g.missing as double) end as share_high,
    c.base_value as base_value,
    cast(c.base_value as double) / nullif(cast(g.base_value as double), 0) as base_share,
    cast(t.value is not null or coalesce(c.reports, 0) = 1 as boolean) as reports,
    cast(p.partner in (select unnest($panel) as partner) as boolean) as in_panel,
    t.re_exports as re_exports,
    cast(coalesce(t.estimated, 0) > 0 as boolean) as estimated
  from pair as p
  left join mirror_trade as t
    on t.period = p.period and t.product = p.product and t.economy = p.economy and t.partner = p.partner
  left join mirror_coverage as c
    on c.period = p.period and c.product = p.product and c.economy = p.economy and c.partner = p.partner
  left join reported as r on r.period = p.period and r.product = p.product and r.partner = p.partner
  left join mirror_missing as g on g.period = p.period and g.product = p.product and g.economy = p.economy
  where coalesce(g.observed, 0) >= $min_value
)
select
  m.*,
  row_number() over (
    partition by m.period, m.economy, m.product
    order by m.value desc nulls last, m.base_value desc nulls last, m.partner
  ) as place
from measured as m
