-- What does each importer buy of a product, from how many, and from whom most: in each period as stored and, under the name
-- of each window, in its periods together?
--
-- uses    purchases_of_periods, purchases_summed, bought_enough
-- gives   the columns of purchases-summed, of products that the importer buys for enough in a judged period
-- source  methods, sections a and b2: the mean of values over a window, whose ratios are those of their sum
select
  p.period as period, p.product as product, p.importer as importer, p.total as total, p.unknown as unknown,
  p.suppliers as suppliers, p.squares as squares, p.lead_supplier as lead_supplier, p.lead_value as lead_value,
  p.intra as intra
from purchases_of_periods as p
join (select distinct b.product as product, b.importer as importer from bought_enough as b) as e
  on e.product = p.product and e.importer = p.importer
union all
select
  w.period as period, w.product as product, w.importer as importer, w.total as total, w.unknown as unknown,
  w.suppliers as suppliers, w.squares as squares, w.lead_supplier as lead_supplier, w.lead_value as lead_value,
  w.intra as intra
from purchases_summed as w
where w.period >= 1000000
