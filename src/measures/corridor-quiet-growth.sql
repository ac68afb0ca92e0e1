-- How did goods grow on the first leg of each hub in the year before, when nothing happened?
--
-- uses    corridor_cells
-- given   $offset  integer: added to both values of a growth, so that a tiny base makes no giant growth
-- gives   one row a hub, and listed or not
--         units    count of units of goods
--         growth   sum over units of the logarithm of growth from two years before to one, in millionths of millionths, whole,
--                  so that it does not depend on the order of summing
--         squares  sum of the squares of these logarithms, in millionths of them
-- source  methods, diversion section c3 (i): fake dates in the time before
with grown as (
  select
    c.hub as hub, c.listed as listed,
    ln(cast(c.last + $offset as double) / cast(c.prior + $offset as double)) as growth
  from corridor_cells as c
  where c.leg = 'first'
)
select
  g.hub as hub, g.listed as listed, cast(count(*) as integer) as units,
  cast(sum(cast(round(g.growth * 1e12) as Int128)) as bigint) as growth,
  cast(sum(cast(round(g.growth * g.growth * 1e6) as Int128)) as bigint) as squares
from grown as g
group by g.hub, g.listed
