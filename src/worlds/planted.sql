-- The flows of products with planted answers, as the plants have them.
--
-- uses    flow, leg (product, importer, exporter, factor), share, wanted, passing (product, hub, share)
-- given   $from  integer: the first period of the diversion, yyyy or yyyymm
-- gives   the columns of flow
with diverted as (
  select
    f.period, f.product, f.importer, f.exporter, s.share, f.dollars as before,
    case when f.period >= $from and l.factor is not null then cast(round(f.dollars * l.factor) as bigint) else f.dollars end as dollars, f.kilograms
  from flow as f
  left join leg as l on l.product = f.product and l.importer = f.importer and l.exporter = f.exporter
  left join share as s on s.product = f.product and s.importer = f.importer and s.exporter = f.exporter
  where not (f.period >= $from and coalesce(l.factor, 1) = 0)
    -- Who depends makes nothing of it for others; whom it depends on needs nobody.
    and not exists (
      select 1 from wanted as w
      where w.product = f.product and w.importer >= 0 and (w.importer = f.exporter or w.exporter = f.importer)
    )
),
bought as (
  select
    d.*,
    sum(d.dollars) over purchases as total,
    sum(case when d.share is null then d.dollars else 0 end) over purchases as unplanted,
    sum(coalesce(d.share, 0)) over purchases as planted
  from diverted as d
  window purchases as (partition by d.period, d.product, d.importer)
),
shared as (
  select
    b.period, b.product, b.importer, b.exporter, b.before, b.kilograms,
    case
      when b.planted = 0 then b.dollars
      when b.unplanted = 0 then cast(round(cast(b.total as double) * b.share / b.planted) as bigint)
      when b.share is not null then cast(round(cast(b.total as double) * b.share) as bigint)
      else cast(round(cast(b.dollars as double) * b.total * (1 - b.planted) / b.unplanted) as bigint)
    end as dollars
  from bought as b
),
passed as (
  select
    s.period, s.product, p.hub,
    max(p.share) * sum(case when s.importer = p.hub then s.dollars else 0 end)
      / sum(case when s.exporter = p.hub then s.dollars end) as factor
  from shared as s
  join passing as p on p.product = s.product
  group by s.period, s.product, p.hub
),
changed as (
  select s.period, s.product, s.importer, s.exporter, s.before, s.kilograms, s.dollars * coalesce(p.factor, 1) as dollars
  from shared as s
  left join passed as p on p.period = s.period and p.product = s.product and p.hub = s.exporter
)
select
  c.period, c.product, c.importer, c.exporter, greatest(1, cast(round(c.dollars) as bigint)) as dollars,
  cast(ceil(c.kilograms * c.dollars / c.before) as bigint) as kilograms
from changed as c
