-- Every measure of concentration, as somebody writes it who has this one question and this one file: $file, as our store
-- has it.
--
-- gives   what `concentration` gives in all its columns, by the thresholds of the Commission, all importers and products,
--         from $from to $until
with ranked as (
  select
    period, importer, product, exporter, value, exporter not like 'X-%' as known,
    row_number() over (
      partition by period, importer, product order by case when exporter like 'X-%' then 0 else value end desc, exporter
    ) as place
  from read_parquet($file)
  where exporter <> importer and value > 0 and period between $from and $until
),
supply as (
  select
    period, importer, product,
    sum(cast(value as hugeint)) as total,
    coalesce(sum(value) filter (where not known), 0) as unknown,
    count(*) filter (where known) as n,
    sum(case when known then cast(value as hugeint) * value else 0 end) as squares,
    sum(value * ln(value)) as entropy,
    sum(cast(place as hugeint) * value) as place_sum,
    coalesce(max(value) filter (where known), 0) as first_value,
    coalesce(max(value) filter (where known and place = 2), 0) as second_value,
    coalesce(sum(value) filter (where known and place <= 3), 0) as three_values,
    max(exporter) filter (where known and place = 1) as lead_supplier
  from ranked
  group by period, importer, product
),
shares as (
  select
    *, cast(total as double) as t,
    cast(squares + unknown * unknown as double) / (cast(total as double) * cast(total as double)) as hhi,
    cast(squares as double) / (cast(total as double) * cast(total as double)) as hhi_low,
    cast(squares + 2 * cast(first_value as hugeint) * unknown + unknown * unknown as double)
      / (cast(total as double) * cast(total as double)) as hhi_high
  from supply
)
select
  cast(period as integer) as period, importer, product, cast(total as bigint) as value, cast(n as integer) as suppliers,
  hhi, hhi_low, hhi_high,
  case when n > 1 and unknown = 0 then (hhi - 1 / n) / (1 - 1 / n) end as hhi_normalised,
  first_value / t as cr1, three_values / t as cr3, 1 / hhi as effective_suppliers,
  case when unknown = 0 then ln(t) - entropy / t end as shannon,
  case when unknown = 0 then ln(n) - ln(t) + entropy / t end as theil,
  case when unknown = 0 then (n + 1) / n - 2 * cast(place_sum as double) / (n * t) end as gini,
  lead_supplier, first_value / t as lead_share, (first_value - second_value) / t as lead_gap,
  case when hhi_low > 0.4 then 'concentrated' when hhi_high <= 0.4 then 'not concentrated' else 'undetermined' end as class,
  case when hhi_low > 0.4 then 'yes' when hhi_high <= 0.4 then 'no' else 'undetermined' end as verdict
from shares
order by period, importer, product
