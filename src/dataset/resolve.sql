-- Statistical codes become economies; what is an aggregate, own trade or a level above another is set aside by name.
--
-- uses    staged, codes (code, from_year, until_year, economy, treatment), parents (edition, product)
-- gives   one row a readable row of the file: canonical columns, raw codes, and set_aside with the reason or null
create table resolved as
select
  s.rowid as place, s.period, s.year, s.importer as importer_code, s.exporter as exporter_code,
  coalesce(i.economy, 'X-UNMAPPED:' || s.importer) as importer, coalesce(e.economy, 'X-UNMAPPED:' || s.exporter) as exporter,
  s.product, s.level, s.edition, s.side, s.trade, s.status, s.value, s.mass, s.quantity, s.quantity_unit, s.source,
  case
    when s.part is not null then s.part
    when i.treatment = 'aggregate' or e.treatment = 'aggregate' then 'aggregate of economies'
    when i.economy = e.economy and s.side <> 'production' then 'own trade'
    when p.product is not null then 'level above another'
  end as set_aside,
  i.economy is null or e.economy is null as unmapped
from staged as s
left join codes as i on i.code = s.importer and s.year between i.from_year and i.until_year
left join codes as e on e.code = s.exporter and s.year between e.from_year and e.until_year
left join parents as p on p.product = s.product and p.edition = s.edition
where s.reason is null
