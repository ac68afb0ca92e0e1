-- How far each two economies are from each other, as the log of kilometres over the globe and 300 more.
--
-- uses    economy
select
  a.economy as exporter, b.economy as importer,
  ln(300 + 6371 * acos(greatest(-1, least(1,
    sin(a.latitude) * sin(b.latitude) + cos(a.latitude) * cos(b.latitude) * cos(a.longitude - b.longitude))))) as distance
from economy as a cross join economy as b
where a.economy <> b.economy
order by exporter, importer
