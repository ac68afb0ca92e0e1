-- What do its partners report of an economy's trade?
--
-- uses    report_mapped
-- given   $economies            list of text: whose trade is rebuilt
--         $period_asked         list of integer: the periods asked for, without that of an earlier own report
--         $own_side             text: importer where its purchases are rebuilt, exporter where its sales are
--         $cif_fob_millionths   integer: what freight and insurance add to the value at the exporter's border
-- gives   one row a period, product, economy and partner, where the partner reports any trade with it
--         reported    currency: as the partner reports it
--         value       currency: at the exporter's border: a partner's imports less freight and insurance, but never where
--                     the economy itself reports more than the partner does
--         estimated   currency: of reported, what the publisher has estimated
--         re_exports  currency: of reported, what the partner only passes on; null where it does not say
-- source  methods, section f: FOB = CIF / (1 + tau) (fixture F1), never where exports exceed imports already
with row as (
  select
    m.period as period, m.product as product, m.side as side, m.trade as trade, m.status as status, m.value as value,
    case when $own_side = 'importer' then m.importer else m.exporter end as economy,
    case when $own_side = 'importer' then m.exporter else m.importer end as partner
  from report_mapped as m
  where m.side in ('importer', 'exporter')
),
pair as (
  select
    r.period as period, r.product as product, r.economy as economy, r.partner as partner,
    cast(sum(case when r.side <> $own_side and r.trade = 'all' then r.value else 0 end) as bigint) as reported,
    cast(sum(case when r.side = $own_side and r.trade = 'all' then r.value else 0 end) as bigint) as own,
    cast(sum(case when r.side <> $own_side and r.trade = 'all' and r.status = 'estimated' then r.value else 0 end) as bigint)
      as estimated,
    cast(sum(case when r.side <> $own_side and r.trade = 're-export' then r.value end) as bigint) as re_exports
  from row as r
  where r.economy in (select unnest($economies) as economy) and r.period in (select unnest($period_asked) as period)
  group by r.period, r.product, r.economy, r.partner
)
select
  p.period as period, p.product as product, p.economy as economy, p.partner as partner,
  p.reported as reported,
  case when $own_side = 'importer' or p.own > p.reported then p.reported
    else cast(floor(cast(p.reported as double) * 1e6 / (1e6 + $cif_fob_millionths) + 0.5) as bigint) end as value,
  p.estimated as estimated, p.re_exports as re_exports
from pair as p
where p.reported > 0
