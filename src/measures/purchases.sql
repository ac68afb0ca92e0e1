-- What does each importer buy of a product, from how many, and from whom most? As stored, of the side and the level of
-- products that a dataset is usually asked for.
--
-- uses    national_purchases
-- inline  filters and columns reach through to the stored rows
-- given   $periods    list of integer: periods as stored; empty takes all
--         $products   list of text: codes as stored; empty takes all
--         $importers  list of text: alpha-3; empty takes all
-- gives   the columns of purchases-summed, by which it was made; no economy is a bloc, so that intra is 0, which is not
--         written as a constant: ClickHouse mistakes one where several relations read it
--         squares is stored in two numbers, of which the higher counts 2 to the power of 62: read from a decimal it would cost
--         more than all else of a row
-- source  methods, section a
select
  cast(p.period as bigint) as period, p.product as product, p.importer as importer,
  cast(p.total as Int128) as total, cast(p.unknown as Int128) as unknown, p.suppliers as suppliers,
  cast(p.squares_high as Int128) * 4611686018427387904 + p.squares_low as squares, p.lead_supplier as lead_supplier, cast(p.lead_value as Int128) as lead_value,
  cast(case when p.total > 0 then 0 else 1 end as Int128) as intra
from national_purchases as p
-- So it is of all. An engine that reckons what filters leave then takes purchases for fewer, as they are, than flows or the
-- world's exports, and holds them in a join.
where p.lead_value <= p.total
  and (length($periods) = 0 or p.period in (select unnest($periods) as period))
  and (length($products) = 0 or p.product in (select unnest($products) as product))
  and (length($importers) = 0 or p.importer in (select unnest($importers) as economy))
