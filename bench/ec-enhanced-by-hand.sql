-- Two criteria on flows summed over four years, as somebody writes it who has this one method and this one file: $file, as
-- our store has it.
--
-- gives   what `screen --aggregate` gives for the method ec-enhanced-like in period, importer, products, imports and
--         critical: all importers, products bought for a million at least, the years 2021 to 2023, which have three before
--         them. That more than half comes from outside is asked of blocs only, and no importer is one
with flow as (
  select period, product, importer, exporter, value
  from read_parquet($file)
  where exporter <> importer and value > 0
),
ending(last, period) as (
  select l.last, p.period
  from (select unnest([202100, 202200, 202300]) as last) as l
  join (select unnest([201800, 201900, 202000, 202100, 202200, 202300]) as period) as p
    on p.period between l.last - 300 and l.last
),
pooled as (
  select e.last, f.product, f.importer, f.exporter, sum(f.value) as value
  from flow as f
  join ending as e on e.period = f.period
  group by e.last, f.product, f.importer, f.exporter
),
bought as (
  select last, product, importer, sum(value) as total, sum(cast(value as hugeint) * cast(value as hugeint)) as squares
  from pooled
  group by last, product, importer
),
sold as (
  select last, product, exporter, sum(value) as total
  from pooled
  group by last, product, exporter
),
year as (
  select period, product, importer, sum(value) as total
  from flow
  where period >= 202100
  group by period, product, importer
  having sum(value) >= 1000000
)
select
  cast(y.period as integer) as period, y.importer, cast(count(*) as integer) as products, cast(sum(y.total) as bigint) as imports,
  cast(count(*) filter (where 5 * b.squares > 2 * cast(b.total as hugeint) * cast(b.total as hugeint)
    and b.total > coalesce(s.total, 0) and y.product not like '99%') as integer) as critical
from year as y
join bought as b on b.last = y.period and b.product = y.product and b.importer = y.importer
left join sold as s on s.last = y.period and s.product = y.product and s.exporter = y.importer
group by y.period, y.importer
order by y.period, y.importer
