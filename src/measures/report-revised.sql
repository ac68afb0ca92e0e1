-- The stored rows with one doubtful series changed: left out, or rows that stand in for it: its last before a blank, or
-- its mirror, the partner's report of the same flow.
--
-- uses    stored
-- given   $doubt_importer  text: alpha-3
--         $doubt_exporter  text: alpha-3
--         $doubt_side      text: whose report
--         $doubt_periods   list of integer: periods as stored that the doubt concerns
--         $doubt_stand_in  text: whose report stands in, empty for none
--         $doubt_carry     integer: period whose rows stand in, 0 where each period's own do
select r.period as period, r.importer as importer, r.exporter as exporter, r.product as product, r.level as level,
  r.edition as edition, r.side as side, r.trade as trade, r.value as value, r.mass as mass, r.status as status
from stored as r
where not (r.importer = $doubt_importer and r.exporter = $doubt_exporter and r.side = $doubt_side
  and r.period in (select unnest($doubt_periods) as period))
union all
select t.period as period, r.importer as importer, r.exporter as exporter, r.product as product, r.level as level,
  r.edition as edition, $doubt_side as side, r.trade as trade, r.value as value, r.mass as mass, r.status as status
from stored as r cross join (select unnest($doubt_periods) as period) as t
where r.importer = $doubt_importer and r.exporter = $doubt_exporter and r.side = $doubt_stand_in
  and r.period = case when $doubt_carry = 0 then t.period else $doubt_carry end
