-- Which stored codes are compared, as what, and does each count as listed?
--
-- given   $goods_code     list of text: stored codes; one that counts neither as listed nor as unlisted is not among them
--         $goods_edition  list of text: of each, its nomenclature
--         $goods_unit     list of text: what it is compared as, over all nomenclatures: a family, a heading, or all in one
--         $goods_listed   list of integer: 1 where it counts as listed, by corridor_listing where units count whole
--         $goods_born     list of integer: 1 where none of its goods was in the data before the event
-- gives   one row a code and edition
--         unit, listed, born
-- source  methods, section h
select
  $goods_code[g.i] as code, $goods_edition[g.i] as edition, $goods_unit[g.i] as unit, $goods_listed[g.i] as listed,
  $goods_born[g.i] as born
from (select unnest(range(1, length($goods_code) + 1)) as i) as g
