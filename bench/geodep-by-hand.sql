-- GeoDep's three criteria in two of three years, as somebody writes it who has this one method and this one file: $file,
-- as our store has it.
--
-- gives   what `screen --aggregate` gives for the method geodep in period, importer, products, imports and critical: all
--         importers, products bought for a million at least, the years 2020 to 2023, which have two years before them
with bought as (
  select period, importer, product, sum(value) as total, sum(cast(value as hugeint) * value) as squares
  from read_parquet($file)
  where exporter <> importer and value > 0
  group by period, importer, product
),
sold as (
  select period, exporter, product, sum(value) as total
  from read_parquet($file)
  where exporter <> importer and value > 0
  group by period, exporter, product
),
world as (
  select period, product, sum(total) as total, sum(cast(total as hugeint) * total) as squares
  from sold
  group by period, product
),
judged as (
  select
    b.period, b.importer, b.product, b.total,
    -- Above 2/5 of the index of imports, and of the world's exports; imports above exports.
    case when 5 * b.squares > 2 * cast(b.total as hugeint) * b.total and 5 * w.squares > 2 * cast(w.total as hugeint) * w.total
      and b.total > coalesce(s.total, 0) then 1 else 0 end as met
  from bought as b
  join world as w on w.period = b.period and w.product = b.product
  left join sold as s on s.period = b.period and s.product = b.product and s.exporter = b.importer
),
held as (
  select
    period, importer, product, total,
    sum(met) over (partition by importer, product order by period range between 200 preceding and current row) as years
  from judged
)
select
  cast(period as integer) as period, importer, cast(count(*) as integer) as products, cast(sum(total) as bigint) as imports,
  cast(count(*) filter (where years >= 2 and product not like '99%') as integer) as critical
from held
where total >= 1000000 and period >= 202000
group by period, importer
order by period, importer
