-- What does each economy sell, and what does the world sell without it, where nobody buys or sells as a bloc?
--
-- uses    exports
-- inline  filters and columns reach through to the stored rows
-- given   $importers  list of text: alpha-3; empty takes all
-- gives   the columns of importer-exports, of the importers asked for
-- source  methods, section b1 (CDI3)
select
  e.period as period, e.product as product, e.economy as importer,
  cast(e.value as Int128) as value, cast(e.outside as Int128) as world_value,
  cast(e.outside as Int128) * e.outside as world_squares
from exports as e
where length($importers) = 0 or e.economy in (select unnest($importers) as economy)
