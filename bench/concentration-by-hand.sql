-- Concentration of imports, as somebody writes it who has this one question and this one file: $file, as our store has it.
--
-- gives   what `concentration` gives in period, importer, product, hhi and lead_supplier, all importers and products, from
--         $from to $until
with supply as (
  select
    period, importer, product,
    sum(cast(value as hugeint)) as total,
    sum(cast(case when exporter like 'X-%' then value else 0 end as hugeint)) as unknown,
    sum(case when exporter like 'X-%' then 0 else cast(value as hugeint) * value end) as squares,
    min_by(exporter, (-value, exporter)) filter (where exporter not like 'X-%') as lead_supplier
  from read_parquet($file)
  where exporter <> importer and value > 0 and period between $from and $until
  group by period, importer, product
)
select
  cast(period as integer) as period, importer, product,
  cast(squares + unknown * unknown as double) / (cast(total as double) * cast(total as double)) as hhi,
  lead_supplier
from supply
order by period, importer, product
