-- A publisher's rows as text, typed; what cannot be read carries the reason and the row as it stood.
--
-- uses    raw (text columns; part is why a row is a part of another), status_words (word),
--         terms (one row: unit, mass_unit, frequency, edition, zero_is_unknown, mass_suffices)
-- gives   staged rows, in the order of the file
insert into staged
with text_rows as (
  select
    case when regexp_full_match(trim(r.period), '\d{4}(-?\d{2}){0,2}') then replace(trim(r.period), '-', '') else trim(r.period) end as period,
    nullif(trim(r.importer), '') as importer, nullif(trim(r.exporter), '') as exporter,
    upper(trim(r.product)) as product,
    trim(r.value) as value,
    case when trim(r.mass) in ('', 'NA', ':', 'n/a', 'NaN', 'null') then null else trim(r.mass) end as mass,
    case when trim(r.quantity) in ('', 'NA', ':', 'n/a', 'NaN', 'null') then null else trim(r.quantity) end as quantity,
    nullif(trim(r.quantity_unit), '') as quantity_unit,
    lower(trim(r.status)) as status, r.edition as edition, r.side as side, r.trade as trade, r.part as part, r.source as source
  from raw as r
),
typed as (
  select
    t.*,
    case
      when translate(t.period, '0123456789', '') <> '' then null
      when length(t.period) = 4 then cast(t.period as integer) * 100
      when length(t.period) in (6, 8) then cast(substr(t.period, 1, 6) as integer)
    end as yyyymm,
    -- A cast to 64 bits is a hundred times quicker than one to 128: it is taken wherever it is exact.
    case
      when t.value is null or contains(t.value, '_') then null
      when strpos(t.value, 'e') = 0 and strpos(t.value, 'E') = 0
        and case when strpos(t.value, '.') = 0 then length(t.value) <= 12 else strpos(t.value, '.') <= 13 and length(t.value) - strpos(t.value, '.') <= 6 end
        then cast(try_cast(t.value as decimal(18, 6)) as decimal(28, 12))
      else try_cast(t.value as decimal(28, 12))
    end as amount,
    case
      when t.mass is null or contains(t.mass, '_') then null
      when strpos(t.mass, 'e') = 0 and strpos(t.mass, 'E') = 0
        and case when strpos(t.mass, '.') = 0 then length(t.mass) <= 12 else strpos(t.mass, '.') <= 13 and length(t.mass) - strpos(t.mass, '.') <= 6 end
        then cast(try_cast(t.mass as decimal(18, 6)) as decimal(28, 6))
      else try_cast(t.mass as decimal(28, 6))
    end as weight,
    case when contains(t.quantity, '_') then null else try_cast(t.quantity as decimal(28, 3)) end as count_of,
    case when t.product in ('TOTAL', 'T', 'ALL') then 'TOTAL' else t.product end as code
  from text_rows as t
),
judged as (
  select
    y.*,
    case
      when y.period is null or y.period = '' then 'no period'
      when y.yyyymm is null then 'the period is not a year or a month'
      when y.yyyymm not between 190000 and 210012 or y.yyyymm % 100 > 12 then 'the period is not between 1900 and 2100'
      when k.frequency = 'year' and y.yyyymm % 100 <> 0 and length(y.period) <> 8 then 'a month in a table of years'
      when k.frequency = 'month' and y.yyyymm % 100 = 0 then 'a year in a table of months'
      when y.trade is null and y.part is null then 'the flow is neither import nor export'
      when y.importer is null then 'no importer'
      when y.exporter is null then 'no exporter'
      when y.code is null or y.code = '' then 'no product'
      when y.code <> 'TOTAL' and translate(y.code, '0123456789', '') <> '' then 'the product is not a code of digits'
      when y.code <> 'TOTAL' and length(y.code) not in (2, 4, 6, 8, 10) then 'the product code has an odd length: was a leading zero lost? Keep codes as text'
      when (y.value is null or y.value in ('', 'NA', ':', '-', 'n/a', 'null')) and not (k.mass_suffices and y.mass is not null)
        then 'no value'
      when k.mass_suffices and (y.value is null or y.value in ('', 'NA', ':', '-', 'n/a', 'null')) and y.weight is not null then null
      when y.amount is null then 'the value is not a number with a decimal point, or too large'
      when y.amount * k.unit >= 10000000000000000 then 'the value is not a number with a decimal point, or too large'
      when y.amount < 0 then 'the value is negative'
      when y.mass is not null and (y.weight is null or y.weight * k.mass_unit >= 1000000000000000000) then 'the mass is not a number, or too large'
      when y.weight < 0 then 'the mass is negative'
      when y.quantity is not null and (y.count_of is null or abs(y.count_of) >= 1000000000000000) then 'the quantity is not a number, or too large'
    end as reason,
    case when k.frequency = 'year' then (y.yyyymm // 100) * 100 else y.yyyymm end as at
  from typed as y cross join terms as k
)
select
  j.at as period,
  cast(j.at // 100 as usmallint) as year,
  j.importer as importer, j.exporter as exporter, j.code as product,
  cast(case when j.code = 'TOTAL' then 0 else length(j.code) end as utinyint) as level,
  replace(coalesce(nullif(trim(j.edition), ''), k.edition), '{year}', cast(j.at // 100 as varchar)) as edition,
  j.side as side, j.trade as trade,
  case when j.status in (select word from status_words) then j.status else 'reported' end as status,
  case when j.amount * k.unit < 10000000000000000 then cast(j.amount * k.unit as decimal(38, 12)) end as value,
  case when not (k.zero_is_unknown and j.weight = 0 and j.amount > 0)
    then try_cast(round(cast(j.weight * k.mass_unit as decimal(38, 6))) as bigint) end as mass,
  try_cast(round(cast(j.count_of * cast(1000 as decimal(10, 0)) as decimal(38, 3))) as bigint) as quantity,
  j.quantity_unit as quantity_unit,
  j.reason as reason, j.part as part, j.source as source
from judged as j cross join terms as k
