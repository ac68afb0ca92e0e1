-- What went over each corridor in each period, listed goods and others?
--
-- uses    corridor_flows, corridor_goods
-- gives   one row a leg, hub, listed or not, and period as stored
--         leg, hub, listed, period
--         value   currency
-- source  methods, section 0
select
  f.leg as leg, f.hub as hub, g.listed as listed, cast(f.period as integer) as period, cast(sum(f.value) as bigint) as value
from corridor_flows as f
join corridor_goods as g on g.code = f.product and g.edition = f.edition
group by f.leg, f.hub, g.listed, f.period
