-- A publisher's rows as text, typed, in the order of the file; what cannot be read carries the reason.
--
-- uses    raw (text columns; part is why a row is a part of another)
-- given   $unit       one unit of the value column, in currency units
--         $mass_unit  one unit of the mass column, in grams
--         $frequency  year or month
--         $zeros      1 where leading zeros of an economy's code say nothing
--         $zero_mass  1 where a mass of 0 beside a value is a mass that is not known
--         $mass_suffices  1 where a row may have a mass and no value
--         $form       number of the file's edition
-- gives   product as digits of the code times ten to the ten, plus the code, 0 for all goods; value in whole currency
--         units and rest, what rounding took; codes that the scheme does not have as importer_other, exporter_other
--
-- Nearly every cell is plain: digits where digits belong, a code as the scheme spells it. Only a cell that the plain
-- reading leaves null is read with care; for all others the careful expressions see nulls, which cost next to nothing.
-- No list stands behind an `in`: the engine makes a join of it, and a join may give rows in another order.
with plain as (
  select
    r.* replace (try_cast(lower(trim(r.side)) as side_kind) as side, cast(r.trade as trade_kind) as trade),
    case when try_cast(r.period as period_text) is not null
      then cast(r.period as integer) * case when $frequency = 'year' then 100 else 1 end end as plain_period,
    try_cast(r.importer as code_text) as plain_importer, try_cast(r.exporter as code_text) as plain_exporter,
    -- Most have six digits, which a pattern of the shell sees in half the time.
    case when r.product glob '[0-9][0-9][0-9][0-9][0-9][0-9]' or regexp_full_match(r.product, '(\d\d){1,5}') then strlen(r.product) * 10000000000 + cast(r.product as bigint) end as plain_product,
    case when regexp_full_match(r.value, '\d{1,12}(\.\d{1,6})?') then cast(r.value as decimal(18, 6)) end as short_value,
    case when regexp_full_match(r.mass, '\d{1,12}(\.\d{1,6})?') then cast(r.mass as decimal(18, 6)) end as short_mass
  from raw as r
),
within as (
  select
    p.*,
    -- The product of two short decimals is a short decimal, of 12 digits before the point.
    case when p.short_value < cast(999999999999 // $unit as decimal(18, 6)) then p.short_value * cast($unit as decimal(10, 0)) end as plain_value,
    case when p.short_mass < cast(999999999999 // $mass_unit as decimal(18, 6)) then p.short_mass * cast($mass_unit as decimal(10, 0)) end as plain_mass
  from plain as p
),
careful as (
  select
    w.*,
    case when w.plain_period is null then trim(w.period) end as period_text,
    case when w.plain_importer is null then nullif(trim(w.importer), '') end as importer_text,
    case when w.plain_exporter is null then nullif(trim(w.exporter), '') end as exporter_text,
    case when w.plain_product is null then upper(trim(w.product)) end as product_text,
    case when w.plain_value is null then trim(w.value) end as value_text,
    case when w.plain_mass is null then trim(w.mass) end as mass_text,
    trim(w.quantity) as quantity_text
  from within as w
),
normal as (
  select
    c.* replace (
      case when regexp_full_match(c.period_text, '\d{4}(-?\d{2}){0,2}') then replace(c.period_text, '-', '') else c.period_text end as period_text,
      case when $zeros = 1 then coalesce(nullif(ltrim(c.importer_text, '0'), ''), left(c.importer_text, 1)) else c.importer_text end as importer_text,
      case when $zeros = 1 then coalesce(nullif(ltrim(c.exporter_text, '0'), ''), left(c.exporter_text, 1)) else c.exporter_text end as exporter_text,
      case when regexp_full_match(c.product_text, 'TOTAL|T|ALL') then 'TOTAL' else c.product_text end as product_text,
      case when not regexp_full_match(c.mass_text, '|NA|:|n/a|NaN|null') then c.mass_text end as mass_text,
      case when not regexp_full_match(c.quantity_text, '|NA|:|n/a|NaN|null') then c.quantity_text end as quantity_text
    )
  from careful as c
),
typed as (
  select
    n.*,
    case
      when n.plain_period is not null then n.plain_period
      when translate(n.period_text, '0123456789', '') <> '' then null
      when length(n.period_text) = 4 then cast(n.period_text as integer) * 100
      when length(n.period_text) = 6 or length(n.period_text) = 8 then cast(substr(n.period_text, 1, 6) as integer)
    end as yyyymm,
    coalesce(n.plain_importer, try_cast(n.importer_text as code_text)) as importer_code,
    coalesce(n.plain_exporter, try_cast(n.exporter_text as code_text)) as exporter_code,
    case
      when n.plain_product is not null then n.plain_product
      when n.product_text = 'TOTAL' then 0
      when translate(n.product_text, '0123456789', '') = '' and length(n.product_text) % 2 = 0 and length(n.product_text) between 2 and 10
        then length(n.product_text) * 10000000000 + cast(n.product_text as bigint)
    end as product_number,
    n.plain_value is null and (n.value_text is null or regexp_full_match(n.value_text, '|NA|:|-|n/a|null')) as no_value,
    case when not contains(n.value_text, '_') then try_cast(n.value_text as decimal(28, 12)) end as amount,
    case when not contains(n.mass_text, '_') then try_cast(n.mass_text as decimal(28, 6)) end as weight,
    case when not contains(n.quantity_text, '_') then try_cast(n.quantity_text as decimal(28, 3)) end as count_of
  from normal as n
),
judged as (
  select
    t.*,
    case
      when t.plain_period is not null and t.plain_importer is not null and t.plain_exporter is not null and t.plain_product is not null
        and t.plain_value is not null and t.mass_text is null and t.quantity_text is null and t.trade is not null and t.side is not null then null
      when t.yyyymm is null and (t.period_text is null or t.period_text = '') then 'no period'
      when t.yyyymm is null then 'the period is not a year or a month'
      when t.yyyymm not between 190000 and 210012 or t.yyyymm % 100 > 12 then 'the period is not between 1900 and 2100'
      when $frequency = 'year' and t.yyyymm % 100 <> 0 and length(t.period_text) <> 8 then 'a month in a table of years'
      when $frequency = 'month' and t.yyyymm % 100 = 0 then 'a year in a table of months'
      when t.trade is null and t.part is null then 'the flow is neither import nor export'
      when t.side is null then 'the side is not importer, exporter or reconciled'
      when t.importer_code is null and t.importer_text is null then 'no importer'
      when t.exporter_code is null and t.exporter_text is null then 'no exporter'
      when t.product_number is null and (t.product_text is null or t.product_text = '') then 'no product'
      when t.product_number is null and translate(t.product_text, '0123456789', '') <> '' then 'the product is not a code of digits'
      when t.product_number is null then 'the product code has an odd length: was a leading zero lost? Keep codes as text'
      when t.no_value and not ($mass_suffices = 1 and (t.plain_mass is not null or t.mass_text is not null)) then 'no value'
      when t.plain_value is null and not t.no_value and (t.amount is null or t.amount * cast($unit as decimal(10, 0)) >= 10000000000000000)
        then 'the value is not a number with a decimal point, or too large'
      when t.amount < 0 then 'the value is negative'
      when t.mass_text is not null and (t.weight is null or t.weight * cast($mass_unit as decimal(10, 0)) >= 1000000000000000000)
        then 'the mass is not a number, or too large'
      when t.weight < 0 then 'the mass is negative'
      when t.quantity_text is not null and (t.count_of is null or abs(t.count_of) >= 1000000000000000) then 'the quantity is not a number, or too large'
    end as reason,
    case when $frequency = 'year' then (t.yyyymm // 100) * 100 else t.yyyymm end as at,
    case when t.amount * cast($unit as decimal(10, 0)) < 10000000000000000 then t.amount * cast($unit as decimal(10, 0)) end as careful_value,
    t.weight * cast($mass_unit as decimal(10, 0)) as careful_mass
  from typed as t
)
select
  j.at as period,
  j.importer_code as importer, j.exporter_code as exporter,
  case when j.importer_code is null then j.importer_text end as importer_other,
  case when j.exporter_code is null then j.exporter_text end as exporter_other,
  j.product_number as product,
  $form as form, nullif(trim(j.edition), '') as edition,
  j.side as side, j.trade as trade,
  coalesce(try_cast(lower(trim(j.status)) as status_kind), cast('reported' as status_kind)) as status,
  case when j.plain_value is not null then cast(round(j.plain_value) as bigint) else cast(round(j.careful_value) as bigint) end as value,
  case when j.plain_value is not null then cast(j.plain_value - round(j.plain_value) as decimal(18, 12))
    else cast(j.careful_value - round(j.careful_value) as decimal(18, 12)) end as rest,
  case
    when $zero_mass = 1 and coalesce(j.plain_mass, j.careful_mass) = 0 and coalesce(j.plain_value, j.careful_value) > 0 then null
    when j.plain_mass is not null then cast(round(j.plain_mass) as bigint)
    else try_cast(round(j.careful_mass) as bigint)
  end as mass,
  try_cast(round(cast(j.count_of * cast(1000 as decimal(10, 0)) as decimal(38, 3))) as bigint) as quantity,
  nullif(trim(j.quantity_unit), '') as quantity_unit,
  j.reason as reason, j.part as part, j.source as source
from judged as j
