-- The index of concentration with its bounds, and on which side of a preset's thresholds it falls.
--
-- uses    import_concentration
-- given   $cut_numerator    list of integer: three thresholds, as fractions; an unused one is 2/1
--         $cut_denominator  list of integer: their denominators
--         $cut_strict       list of integer: 1 where the value must be above, 0 where it may be equal
--         $min_value        integer: leave out what is bought for less, currency
-- gives   one row a period, product and importer
--         hhi, hhi_low, hhi_high  index 0-1: the unknown part as one more supplier; spread thin; all the leader's
--         passed_low, passed_high count of thresholds passed by the low and by the high bound, compared exactly
--         and the columns of import_concentration as they are
-- source  methods, sections 0 (comparison in integers, fixture A4) and a (bounds, fixture A5)
select
  c.period as period, c.product as product, c.importer as importer, c.total as total, c.unknown as unknown,
  c.suppliers as suppliers, c.lead_supplier as lead_supplier, c.lead_value as lead_value,
  cast(c.new_squares as double) / (cast(c.total as double) * cast(c.total as double)) as hhi,
  cast(c.squares as double) / (cast(c.total as double) * cast(c.total as double)) as hhi_low,
  cast(c.high_squares as double) / (cast(c.total as double) * cast(c.total as double)) as hhi_high,
  case when c.squares * $cut_denominator[1] - $cut_numerator[1] * c.total * c.total >= $cut_strict[1] then 1 else 0 end
    + case when c.squares * $cut_denominator[2] - $cut_numerator[2] * c.total * c.total >= $cut_strict[2] then 1 else 0 end
    + case when c.squares * $cut_denominator[3] - $cut_numerator[3] * c.total * c.total >= $cut_strict[3] then 1 else 0 end
    as passed_low,
  case when c.high_squares * $cut_denominator[1] - $cut_numerator[1] * c.total * c.total >= $cut_strict[1] then 1 else 0 end
    + case when c.high_squares * $cut_denominator[2] - $cut_numerator[2] * c.total * c.total >= $cut_strict[2] then 1 else 0 end
    + case when c.high_squares * $cut_denominator[3] - $cut_numerator[3] * c.total * c.total >= $cut_strict[3] then 1 else 0 end
    as passed_high
from import_concentration as c
where c.total >= $min_value
