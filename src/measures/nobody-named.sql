-- What does an importer buy from suppliers that are asked about by name, where none is?
--
-- gives   the columns of named-supply, and no row: an engine sees that there is nothing to join, and reads no flow
-- source  methods, sections d1 and d14
select
  n.number as period, cast(n.number as varchar) as product, cast(n.number as varchar) as importer,
  cast(n.number as Int128) as named_value, cast(n.number as Int128) as coalition_value
from (select unnest(range(1, 1)) as number) as n
where n.number < 0
