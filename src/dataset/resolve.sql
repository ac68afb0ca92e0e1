-- Statistical codes become economies; what is an aggregate, own trade or a level above another is set aside by name.
--
-- uses    readable, others (place, importer, exporter: codes that the scheme does not have), codes (label, from_year,
--         until_year, code, economy, treatment), unmapped (text, economy), goods (number, product, level), editions
--         (form, given, period, edition), parents (edition, number), marks (place, reason)
-- gives   one row a readable row of the files: canonical columns, raw codes, and set_aside with the reason or null; value
--         in whole currency units and rest, exact as they stood
select
  s.place, s.period,
  coalesce(i.code, o.importer, cast(s.importer as varchar)) as importer_code,
  coalesce(e.code, o.exporter, cast(s.exporter as varchar)) as exporter_code,
  coalesce(i.economy, ui.economy) as importer, coalesce(e.economy, ue.economy) as exporter,
  g.product, g.level, d.edition, s.side, s.trade, s.status, s.value, s.rest,
  cast(s.value as decimal(38, 12)) + s.rest as exact,
  s.mass, s.quantity, cast(s.quantity_unit as unit_name) as quantity_unit, s.source,
  case
    when s.part is not null then s.part
    when m.reason is not null then m.reason
    when i.treatment = 'aggregate' or e.treatment = 'aggregate' then 'aggregate of economies'
    when i.economy = e.economy and s.side <> 'production' then 'own trade'
    when p.number is not null then 'level above another'
  end as set_aside,
  i.economy is null or e.economy is null as unmapped
from readable as s
left join others as o on o.place = s.place
left join codes as i on i.label = s.importer and s.period // 100 between i.from_year and i.until_year
left join codes as e on e.label = s.exporter and s.period // 100 between e.from_year and e.until_year
left join unmapped as ui on ui.text = case when i.economy is null then coalesce(o.importer, cast(s.importer as varchar)) end
left join unmapped as ue on ue.text = case when e.economy is null then coalesce(o.exporter, cast(s.exporter as varchar)) end
join goods as g on g.number = s.product
join editions as d on d.form = s.form and d.period = s.period and d.given is not distinct from s.edition
left join parents as p on p.number = s.product and p.edition = d.edition
left join marks as m on m.place = s.place
