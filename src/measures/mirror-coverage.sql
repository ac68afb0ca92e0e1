-- Of what an economy last reported itself, how much is with partners that report now?
--
-- uses    report_mapped
-- given   $economies      list of text: whose trade is rebuilt
--         $own_side       text: importer where its purchases are rebuilt, exporter where its sales are
--         $base_economy   list of text: an economy
--         $base_for       list of integer: a period asked for
--         $base_period    list of integer: the period in which it last reported itself, as seen from that one
--         $report_period  list of integer: a period asked for
--         $reporter       list of text: a partner that reports in it
--         $panel          list of text: partners that report in every period asked for
-- gives   one row a period, product, economy and partner of its last own report
--         base_period  when it last reported itself
--         base_value   currency: what it reported
--         reports      1 where the partner reports in the period
--         in_panel     1 where it reports in every period asked for
-- source  methods, section f: coverage, constant-reporter panel (fixture F6)
with base as (
  select $base_economy[b.i] as economy, $base_for[b.i] as period, $base_period[b.i] as base_period
  from (select unnest(range(1, length($base_economy) + 1)) as i) as b
),
reporting as (
  select $report_period[r.i] as period, $reporter[r.i] as partner
  from (select unnest(range(1, length($report_period) + 1)) as i) as r
),
own as (
  select
    m.period as period, m.product as product,
    case when $own_side = 'importer' then m.importer else m.exporter end as economy,
    case when $own_side = 'importer' then m.exporter else m.importer end as partner,
    cast(sum(m.value) as bigint) as value
  from report_mapped as m
  where m.side = $own_side and m.trade = 'all'
    and case when $own_side = 'importer' then m.importer else m.exporter end in (select unnest($economies) as economy)
  group by
    m.period, m.product,
    case when $own_side = 'importer' then m.importer else m.exporter end,
    case when $own_side = 'importer' then m.exporter else m.importer end
)
select
  b.period as period, o.product as product, o.economy as economy, o.partner as partner,
  b.base_period as base_period, o.value as base_value,
  case when r.partner is null then 0 else 1 end as reports,
  case when o.partner in (select unnest($panel) as partner) then 1 else 0 end as in_panel
from own as o
join base as b on b.economy = o.economy and b.base_period = o.period
left join reporting as r on r.period = b.period and r.partner = o.partner
