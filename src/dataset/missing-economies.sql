-- Which economy is in the publisher's list, and in groups that readers ask for, and has no row at all?
--
-- uses    pair (period, importer, exporter, value: sums over products), held (period, products: how many there are), listed
--         (code: of the list that comes with the files), codes (label, economy, from_year, until_year)
-- given   $member        list of text: an economy that belongs to a group
--         $member_from   list of integer: from that year
--         $member_until  list of integer: to that year
--         $least         integer: so many products and importers must be there before anything is said
-- gives   one row an economy: codes as listed, and periods in which it is so
-- source  methods, section 0
with member as (
  select unnest($member) as economy, unnest($member_from) as from_year, unnest($member_until) as until_year
),
whole as (
  select p.period, max(h.products) as products, count(distinct p.importer) as importers
  from pair as p
  join held as h on h.period = p.period
  group by p.period
),
expected as (
  select distinct w.period, m.economy, l.code
  from whole as w
  join member as m on w.period // 100 between m.from_year and m.until_year
  join codes as c on cast(c.economy as varchar) = m.economy and w.period // 100 between c.from_year and c.until_year
  join listed as l on l.code = cast(c.label as varchar)
  where w.products >= $least and w.importers >= $least
)
select
  e.economy as economy, string_agg(distinct e.code, ' or ' order by e.code) as code,
  list(distinct cast(e.period as integer) order by cast(e.period as integer)) as periods
from expected as e
anti join (select period, importer as economy from pair union select period, exporter from pair) as h
  on h.period = e.period and h.economy = e.economy
group by e.economy
order by economy
