select exporter, importer, period // 100 as months, sum(value) as value, count(*) as flows
from read_parquet($file)
group by exporter, importer, months
order by exporter, importer, months
