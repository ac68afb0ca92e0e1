-- Who sells what to whom whatever is drawn, for without it a planted answer could not be seen.
--
-- uses    leg, share, wanted, passing, seller, economy
-- gives   presence  the part of periods in which it sells
with kept as (
  select l.product, l.importer, l.exporter, 0.9 as presence from leg as l
  union all
  select s.product, s.importer, s.exporter, 1 from share as s
  union all
  -- A dependent importer has other suppliers, who share what is left; a hub has whom to buy from.
  select b.product, b.importer, s.exporter, 1
  from (
    select w.product, w.importer from wanted as w where w.importer >= 0
    union all
    select p.product, p.hub from passing as p
  ) as b
  join seller as s on s.product = b.product and s.rank < 6 and s.exporter <> b.importer
  union all
  select p.product, e.economy, p.hub, 1 from passing as p join economy as e on e.economy < 12 and e.economy <> p.hub
)
select k.product, k.importer, k.exporter, cast(max(k.presence) as double) as presence
from kept as k
group by k.product, k.importer, k.exporter
order by all
