-- What was traded by an economy as its partners report it, in the form of flow; what they cannot report is one unknown.
--
-- uses    mirror_trade, mirror_missing
-- gives   period, product
--         importer  the economy whose trade is rebuilt, whichever side it is on
--         exporter  its partner, or X-REST for those that do not report
--         inside, own  0
--         known     1, or 0 for those that do not report
--         value     currency
--         mass      null: weights of partners that report are not those of all
-- source  methods, section f: the missing part spread thin, or all with the leading partner, bounds the index (fixture F6)
select
  t.period as period, t.product as product, t.economy as importer, t.partner as exporter, 0 as inside, 0 as own,
  1 as known, t.value as value, cast(null as bigint) as mass
from mirror_trade as t
where t.value > 0
union all
select
  m.period as period, m.product as product, m.economy as importer, 'X-REST' as exporter, 0 as inside, 0 as own,
  0 as known, m.missing as value, cast(null as bigint) as mass
from mirror_missing as m
where m.missing > 0
