-- How many of an importer's products are concentrated, and how much of its purchases are they?
--
-- uses    concentration
-- gives   one row a period and importer, with product = ALL
--         value            currency: of all products taken
--         hhi, hhi_low, hhi_high  index 0-1: means weighted by value
--         hhi_simple       index 0-1: mean of products
--         products         count
--         concentrated     count of products with verdict yes
--         undetermined     count of products with that verdict
--         value_share      share 0-1 of the value that is in products with verdict yes
-- source  methods, section a, "Aggregation" (fixture A7): the index of a sum would hide dependence
select
  c.period as period, c.importer as importer, 'ALL' as product,
  cast(sum(c.value) as bigint) as value,
  cast(sum(cast(round(c.hhi * 1e12) as Int128) * c.value) as double) / 1e12 / cast(sum(c.value) as double) as hhi,
  cast(sum(cast(round(c.hhi_low * 1e12) as Int128) * c.value) as double) / 1e12 / cast(sum(c.value) as double) as hhi_low,
  cast(sum(cast(round(c.hhi_high * 1e12) as Int128) * c.value) as double) / 1e12 / cast(sum(c.value) as double) as hhi_high,
  cast(sum(cast(round(c.hhi * 1e12) as Int128)) as double) / 1e12 / cast(count(*) as double) as hhi_simple,
  cast(count(*) as integer) as products,
  cast(sum(case when c.verdict = 'yes' then 1 else 0 end) as integer) as concentrated,
  cast(sum(case when c.verdict = 'undetermined' then 1 else 0 end) as integer) as undetermined,
  cast(sum(case when c.verdict = 'yes' then c.value else 0 end) as double) / cast(sum(c.value) as double) as value_share
from concentration as c
group by c.period, c.importer
