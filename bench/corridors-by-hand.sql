select exporter, importer, period // 100 as year, sum(value) as value, count(*) as flows
from read_parquet($file)
group by exporter, importer, year
order by exporter, importer, year
