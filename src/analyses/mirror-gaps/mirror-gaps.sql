-- Where both sides report a flow, how far are they apart?
--
-- uses    report_mapped
-- given   $buyers                list of text: importers or blocs; empty takes all
--         $sellers               list of text: exporters or blocs; empty takes all
--         $report_period         list of integer: a period asked for
--         $report_side           list of text: importer or exporter
--         $reporter              list of text: who reports on this side in this period
--         $cif_fob_millionths    integer: what freight and insurance add to the value at the exporter's border
--         $min_value             integer: leave out flows that both sides give less, currency
-- gives   one row a period, importer, exporter and product, where both report in the period and one of them this flow
--         exporter_value, importer_value  currency: as each reports it, 0 where it does not
--         importer_fob   currency: importer_value less freight and insurance, but never where the exporter reports more
--         gap            currency: exporter_value less importer_fob
--         gap_share      gap by exporter_value; null without one
--         ratio          importer_value by exporter_value; null where one side is missing
--         asymmetry      0-1: |gap| by the sum of both; 1 where one side is missing
--         log_ratio      ln(importer_fob / exporter_value); null where one side is missing
--         estimated      whether the publisher has estimated one of them
-- source  methods, section f (fixtures F2, F8, F9); asymmetry: Growth Lab, Bustos et al. (2025), WP 251
with reporting as (
  select $report_period[r.i] as period, $report_side[r.i] as side, $reporter[r.i] as economy
  from (select unnest(range(1, length($report_period) + 1)) as i) as r
),
pair as (
  select
    m.period as period, m.importer as importer, m.exporter as exporter, m.product as product,
    cast(sum(case when m.side = 'exporter' then m.value else 0 end) as bigint) as exporter_value,
    cast(sum(case when m.side = 'importer' then m.value else 0 end) as bigint) as importer_value,
    max(case when m.status = 'estimated' then 1 else 0 end) as estimated
  from report_mapped as m
  where m.side in ('importer', 'exporter') and m.trade = 'all' and m.inside = 0 and m.own = 0
    and (length($buyers) = 0 or m.importer in (select unnest($buyers) as economy))
    and (length($sellers) = 0 or m.exporter in (select unnest($sellers) as economy))
  group by m.period, m.importer, m.exporter, m.product
),
compared as (
  select
    p.period as period, p.importer as importer, p.exporter as exporter, p.product as product,
    p.exporter_value as exporter_value, p.importer_value as importer_value, p.estimated as estimated,
    case when p.exporter_value > p.importer_value then p.importer_value
      else cast(floor(cast(p.importer_value as double) * 1e6 / (1e6 + $cif_fob_millionths) + 0.5) as bigint) end
      as importer_fob
  from pair as p
  join reporting as b on b.period = p.period and b.side = 'importer' and b.economy = p.importer
  join reporting as s on s.period = p.period and s.side = 'exporter' and s.economy = p.exporter
  where p.exporter_value >= $min_value or p.importer_value >= $min_value
)
select
  cast(g.period as integer) as period, g.importer as importer, g.exporter as supplier, g.product as product,
  g.exporter_value as exporter_value, g.importer_value as importer_value, g.importer_fob as importer_fob,
  g.exporter_value - g.importer_fob as gap,
  cast(g.exporter_value - g.importer_fob as double) / nullif(cast(g.exporter_value as double), 0) as gap_share,
  case when g.importer_value > 0
    then cast(g.importer_value as double) / nullif(cast(g.exporter_value as double), 0) end as ratio,
  abs(cast(g.exporter_value - g.importer_fob as double)) / cast(g.exporter_value + g.importer_fob as double) as asymmetry,
  case when g.importer_value > 0 and g.exporter_value > 0
    then ln(cast(g.importer_fob as double) / cast(g.exporter_value as double)) end as log_ratio,
  cast(g.estimated = 1 as boolean) as estimated
from compared as g
