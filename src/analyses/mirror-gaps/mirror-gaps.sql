-- Where both sides report a flow, how far are they apart?
--
-- uses    report_mapped, exports
-- given   $buyers                list of text: importers or blocs; empty takes all
--         $sellers               list of text: exporters or blocs; empty takes all
--         $report_period         list of integer: a period asked for
--         $report_side           list of text: importer or exporter
--         $reporter              list of text: who reports on this side in this period
--         $partners_complete     integer: 1 where every report has all partners, else 0
--         $cif_fob_millionths    integer: what freight and insurance add to the value at the exporter's border
--         $min_value             integer: leave out flows that both sides give less, currency
-- gives   one row a period, importer, exporter and product, where both report in the period and one of them this flow
--         exporter_value, importer_value  currency: as each reports it; 0 where it reports the product in the period, with
--                        all its partners, and this one is not among them; else null
--         importer_fob   currency: importer_value less freight and insurance, but never where the exporter reports more;
--                        null without one
--         gap            currency: exporter_value less importer_fob; null where either is
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
    cast(sum(case when m.side = 'exporter' then m.value end) as bigint) as exporter_value,
    cast(sum(case when m.side = 'importer' then m.value end) as bigint) as importer_value,
    max(case when m.status = 'estimated' then 1 else 0 end) as estimated
  from report_mapped as m
  where m.side in ('importer', 'exporter') and m.trade = 'all' and m.inside = 0 and m.own = 0
    and (length($buyers) = 0 or m.importer in (select unnest($buyers) as economy))
    and (length($sellers) = 0 or m.exporter in (select unnest($sellers) as economy))
  group by m.period, m.importer, m.exporter, m.product
),
bought as (
  select m.period as period, m.importer as importer, m.product as product
  from report_mapped as m
  where m.side = 'importer' and m.trade = 'all' and m.inside = 0
  group by m.period, m.importer, m.product
),
sold as (
  select e.period as period, e.exporter as exporter, e.product as product
  from exports as e
  group by e.period, e.exporter, e.product
),
-- Who reports the product at all, and all partners, reports none of a flow that is not there; of others it is not known.
reported as (
  select
    p.period as period, p.importer as importer, p.exporter as exporter, p.product as product, p.estimated as estimated,
    coalesce(p.exporter_value, case when $partners_complete = 1 and e.exporter is not null then 0 end) as exporter_value,
    coalesce(p.importer_value, case when $partners_complete = 1 and i.importer is not null then 0 end) as importer_value
  from pair as p
  join reporting as b on b.period = p.period and b.side = 'importer' and b.economy = p.importer
  join reporting as s on s.period = p.period and s.side = 'exporter' and s.economy = p.exporter
  left join sold as e on e.period = p.period and e.exporter = p.exporter and e.product = p.product
  left join bought as i on i.period = p.period and i.importer = p.importer and i.product = p.product
  where p.exporter_value >= $min_value or p.importer_value >= $min_value
),
compared as (
  select
    r.*,
    case when r.exporter_value > r.importer_value then r.importer_value
      else cast(floor(cast(r.importer_value as double) * 1e6 / (1e6 + $cif_fob_millionths) + 0.5) as bigint) end
      as importer_fob
  from reported as r
)
select
  cast(g.period as integer) as period, g.importer as importer, g.exporter as supplier, g.product as product,
  g.exporter_value as exporter_value, g.importer_value as importer_value, g.importer_fob as importer_fob,
  g.exporter_value - g.importer_fob as gap,
  cast(g.exporter_value - g.importer_fob as double) / nullif(cast(g.exporter_value as double), 0) as gap_share,
  case when g.importer_value > 0
    then cast(g.importer_value as double) / nullif(cast(g.exporter_value as double), 0) end as ratio,
  coalesce(
    abs(cast(g.exporter_value - g.importer_fob as double)) / cast(g.exporter_value + g.importer_fob as double), 1
  ) as asymmetry,
  case when g.importer_value > 0 and g.exporter_value > 0
    then ln(cast(g.importer_fob as double) / cast(g.exporter_value as double)) end as log_ratio,
  cast(g.estimated = 1 as boolean) as estimated
from compared as g
