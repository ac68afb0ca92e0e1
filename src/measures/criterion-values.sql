-- Where does each purchase stand against each criterion, and on which side for certain?
--
-- uses    import_profile
-- inline  it is read twice, and wider than what either reader takes from it
-- given   $criterion_measure      list of text: what is compared
--         $criterion_exports      list of text: exports that imports are compared with, total or extra
--         $criterion_years        list of integer: years whose flows are summed first, 0 for the period itself
--         $criterion_below        list of integer: 1 where the value must be below the threshold, 0 where above
--         $criterion_strict       list of integer: 1 where it may not be equal
--         $criterion_numerator    list of integer: the threshold as a fraction
--         $criterion_denominator  list of integer: its denominator
--         $criterion_earlier      list of integer: 1 where periods before and after the judged one are needed as well
--         $present                integer: a criterion of no window, whose rows say what was bought
-- gives   one row a period, product, importer and criterion
--         judged                        1 where the period is judged, and enough is bought in it
--         total                         currency: bought in the period; null but for that criterion, as are the next
--         lead_supplier, lead_value, supplier, supplier_value  as in import_profile
--         value, value_low, value_high  the measure, and its bounds over what the unknown part may be; null where nothing
--                                       is divided by
--         certain, possible             1 where the criterion is met for certain; where it may be met
--         applies                       0 where the measure says nothing of such an importer: then it stands as met
--         bloc                          1 where the importer is a bloc, else 0
-- source  methods, sections 0 (comparison in integers, fixture A4), a (bounds, fixture A5) and b to d
with criterion as (
  select
    cast(c.i as bigint) as criterion, $criterion_measure[c.i] as measure, $criterion_exports[c.i] as exports,
    $criterion_years[c.i] * 1000000 as window_name, $criterion_below[c.i] as below, $criterion_strict[c.i] as strict,
    cast($criterion_numerator[c.i] as Int128) as numerator, cast($criterion_denominator[c.i] as Int128) as denominator,
    $criterion_earlier[c.i] as earlier
  from (select unnest(range(1, length($criterion_measure) + 1)) as i) as c
),
compared as (
  select
    k.period - k.window_name as period, k.product as product, k.importer as importer, c.criterion as criterion,
    k.judged as judged, k.bloc as bloc, c.below as below, c.strict as strict,
    case when c.criterion = $present then cast(k.total as bigint) end as total,
    case when c.criterion = $present then k.lead_supplier end as lead_supplier,
    case when c.criterion = $present then cast(k.lead_value as bigint) end as lead_value,
    case when c.criterion = $present then k.supplier end as supplier,
    case when c.criterion = $present then cast(k.supplier_value as bigint) end as supplier_value,
    c.numerator as numerator, c.denominator as denominator,
    case when c.measure = 'extra_share' and k.bloc = 0 then 0 else 1 end as applies,
    -- What is rounded is divided by one at least, for an engine may round where the result is not asked for, and what is
    -- divided by nothing cannot be.
    case c.measure
      when 'import_hhi' then k.squares
      when 'world_hhi' then k.world_squares
      when 'imports_to_exports' then k.total - k.bloc * k.unknown
      when 'supplier_share' then k.supplier_value
      when 'supplier_world_share' then k.supplier_world
      when 'supplier_to_others' then k.supplier_value
      when 'effective_supplier_ratio' then case when k.world_total > 0 and k.high_squares > 0 then
        cast(round(cast(k.world_squares as double) / greatest(cast(k.world_total as double), 1)
          / greatest(cast(k.world_total as double), 1) * cast(k.total as double) / greatest(cast(k.high_squares as double), 1)
          * cast(k.total as double) * 1e12) as Int128) end
      when 'extra_share' then k.total - k.unknown
      when 'coalition_share' then k.coalition_value
      when 'lead_exporter_share' then k.world_lead_value
      when 'world_hhi_without' then k.others_squares
    end as low_part,
    case c.measure
      when 'import_hhi' then k.high_squares
      when 'world_hhi' then k.world_high_squares
      when 'imports_to_exports' then k.total
      when 'supplier_share' then k.supplier_value + k.unknown
      when 'supplier_world_share' then case when k.supplier is null then k.world_total else k.supplier_world + k.world_unknown end
      when 'supplier_to_others' then k.supplier_value + k.unknown
      when 'effective_supplier_ratio' then coalesce(case when k.world_total > 0 and k.squares > 0 then
        cast(round(cast(k.world_high_squares as double) / greatest(cast(k.world_total as double), 1)
          / greatest(cast(k.world_total as double), 1) * cast(k.total as double) / greatest(cast(k.squares as double), 1)
          * cast(k.total as double) * 1e12) as Int128) end, k.world_total)
      when 'extra_share' then k.total
      when 'coalition_share' then k.coalition_value + k.unknown
      when 'lead_exporter_share' then k.world_lead_value + k.world_unknown
      when 'world_hhi_without' then k.others_high_squares
    end as high_part,
    case c.measure
      when 'import_hhi' then k.total * k.total
      when 'world_hhi' then k.world_total * k.world_total
      when 'imports_to_exports' then case when c.exports = 'extra' then k.exports_extra else k.exports end
      when 'supplier_share' then k.total
      when 'supplier_world_share' then k.world_total
      when 'supplier_to_others' then k.world_total - k.supplier_world
      when 'effective_supplier_ratio' then cast(1000000000000 as Int128)
      when 'extra_share' then k.total + k.intra
      when 'coalition_share' then k.total
      when 'lead_exporter_share' then k.world_total
      when 'world_hhi_without' then k.others_total * k.others_total
    end as low_whole,
    case c.measure
      when 'supplier_to_others' then case when k.supplier is null then cast(0 as Int128)
        else k.world_total - k.supplier_world - k.world_unknown end
      when 'effective_supplier_ratio' then case when k.world_total > 0 and k.squares > 0
        then cast(1000000000000 as Int128) else cast(0 as Int128) end
    end as other_high_whole,
    case c.measure
      when 'import_hhi' then k.new_squares
      when 'world_hhi' then k.world_new_squares
      when 'imports_to_exports' then k.total
      when 'effective_supplier_ratio' then case when k.world_total > 0 and k.new_squares > 0 then
        cast(round(cast(k.world_new_squares as double) / greatest(cast(k.world_total as double), 1)
          / greatest(cast(k.world_total as double), 1) * cast(k.total as double) / greatest(cast(k.new_squares as double), 1)
          * cast(k.total as double) * 1e12) as Int128) end
      when 'extra_share' then k.total
      when 'world_hhi_without' then k.others_new_squares
    end as other_part
  from import_profile as k
  cross join criterion as c
  -- A difference, for an engine would join by equal names: crossed, it compares many purchases by one criterion at a time.
  where k.window_name - c.window_name = 0 and (k.judged = 1 or c.earlier = 1 or c.window_name > 0)
),
bounded as (
  select b.*, coalesce(b.other_high_whole, b.low_whole) as high_whole, coalesce(b.other_part, b.low_part) as part
  from compared as b
)
select
  b.period as period, b.product as product, b.importer as importer, b.criterion as criterion,
  b.total as total, b.lead_supplier as lead_supplier, b.lead_value as lead_value, b.supplier as supplier,
  b.supplier_value as supplier_value, b.applies as applies, b.judged as judged, b.bloc as bloc,
  case when b.applies = 1 then cast(b.part as double) / nullif(cast(b.low_whole as double), 0) end as value,
  case when b.applies = 1 then cast(b.low_part as double) / nullif(cast(b.low_whole as double), 0) end as value_low,
  case when b.applies = 1 then cast(b.high_part as double) / nullif(cast(b.high_whole as double), 0) end as value_high,
  case
    when b.applies = 0 then 1
    when b.below = 0 and b.low_part * b.denominator - b.numerator * b.low_whole >= b.strict then 1
    when b.below = 1 and b.numerator * b.high_whole - b.high_part * b.denominator >= b.strict then 1
    else 0
  end as certain,
  case
    when b.applies = 0 or b.low_part is null or b.low_whole is null then 1
    when b.below = 0 and b.high_part * b.denominator - b.numerator * b.high_whole >= b.strict then 1
    when b.below = 1 and b.numerator * b.low_whole - b.low_part * b.denominator >= b.strict then 1
    else 0
  end as possible
from bounded as b
