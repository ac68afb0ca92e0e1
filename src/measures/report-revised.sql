-- The stored rows with one doubtful series changed: a jump left out, or a blank filled with the last value before it.
--
-- uses    stored
-- given   $doubt_importer  text: alpha-3
--         $doubt_exporter  text: alpha-3
--         $doubt_side      text: whose report
--         $doubt_periods   list of integer: periods as stored that the doubt concerns
--         $doubt_carry     integer: period whose rows stand in for the missing ones, 0 to leave rows out
select r.period as period, r.importer as importer, r.exporter as exporter, r.product as product, r.level as level,
  r.edition as edition, r.side as side, r.trade as trade, r.value as value, r.mass as mass, r.status as status
from stored as r
where not (r.importer = $doubt_importer and r.exporter = $doubt_exporter and r.side = $doubt_side
  and r.period in (select unnest($doubt_periods) as period))
union all
select t.period as period, r.importer as importer, r.exporter as exporter, r.product as product, r.level as level,
  r.edition as edition, r.side as side, r.trade as trade, r.value as value, r.mass as mass, r.status as status
from stored as r cross join (select unnest($doubt_periods) as period) as t
where r.importer = $doubt_importer and r.exporter = $doubt_exporter and r.side = $doubt_side and r.period = $doubt_carry
