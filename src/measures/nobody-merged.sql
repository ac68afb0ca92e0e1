-- What do blocs that sell as one sell to the rest of the world, where there is none?
--
-- gives   the columns of merged-exports, and no row: an engine sees that there is nothing to join
-- source  methods, section c (fixture C2_world)
select
  n.number as period, cast(n.number as varchar) as product, cast(n.number as varchar) as exporter, n.number as value
from (select unnest(range(1, 1)) as number) as n
where n.number < 0
