-- What was traded, with economies, products or periods mapped again: blocs, groups, coarser levels, years of months.
--
-- uses    report_mapped
-- given   $side    text: whose report, or reconciled
-- gives   period, product, importer, exporter
--         inside   1 where the seller belongs to the buying bloc
--         own      1 where the buyer belongs to the selling bloc
--         known    1, or 0 for an unknown supplier
--         value    currency
--         mass     grams, null unless known for every part, and where it is beyond what a whole number of 64 bits holds
-- source  methods, section 0: blocs, as importer without trade among members
select
  f.period as period, f.product as product, f.importer as importer, f.exporter as exporter,
  f.inside as inside, f.own as own,
  case when substr(f.exporter, 1, 2) = 'X-' then 0 else 1 end as known,
  cast(sum(f.value) as bigint) as value,
  case when count(f.mass) = count(*) and sum(cast(f.mass as Int128)) < 9000000000000000000
    then cast(sum(cast(f.mass as Int128)) as bigint) end as mass
from report_mapped as f
where f.side = $side and f.trade = 'all'
group by f.period, f.product, f.importer, f.exporter, f.inside, f.own
