-- How concentrated are an importer's purchases of a product?
--
-- uses    purchases
-- inline  what it stands on is kept, or stored
-- gives   one row a period, product and importer that buys from others
--         high_squares  currency squared, with all of the unknown added to the largest: the upper bound
--         new_squares   currency squared, with the unknown as one more supplier
--         and the columns of purchases as they are
-- source  Hirschman (1964), The Paternity of an Index, AER 54(5); bounds: methods, section a, "Bounds"
select
  p.period as period, p.product as product, p.importer as importer,
  p.total as total, p.unknown as unknown, p.suppliers as suppliers, p.squares as squares,
  p.lead_supplier as lead_supplier, p.lead_value as lead_value,
  p.squares + 2 * p.lead_value * p.unknown + p.unknown * p.unknown as high_squares,
  p.squares + p.unknown * p.unknown as new_squares,
  p.intra as intra
from purchases as p
