-- How many criteria of each method does a purchase meet, in each period?
--
-- uses    criterion_values
-- given   $tally_criterion  list of integer: a criterion counts on a page
--         $tally_page       list of integer: that page; methods share pages, for a whole number has so many digits only
--         $tally_weight     list of integer: one at the digit of each method of the page that has the criterion
--         $tally_vote       list of integer: 1 where it counts towards agreement, on each page; 2 where for blocs only, for
--                           of a single economy it says the same as another
--         $present          integer: a criterion of every page that each purchase is held against
-- gives   one row a period, product, importer and page
--         certain, possible  counts of criteria met for certain and perhaps, a digit a method
--         agreed, undecided  count of different criteria met, and of those that could not be decided
--         judged, bloc, total, lead_supplier, lead_value, supplier, supplier_value  as in criterion_values
-- source  methods, sections b to d: a method's criteria must all be met
with tally as (
  select
    $tally_criterion[t.i] as criterion, $tally_page[t.i] as page, $tally_weight[t.i] as weight, $tally_vote[t.i] as vote
  from (select unnest(range(1, length($tally_criterion) + 1)) as i) as t
)
select
  v.period as period, v.product as product, v.importer as importer, t.page as page,
  max(v.judged) as judged, max(v.total) as total, max(v.lead_supplier) as lead_supplier,
  max(v.lead_value) as lead_value, max(v.supplier) as supplier, max(v.supplier_value) as supplier_value,
  cast(sum(v.certain * t.weight) as bigint) as certain, cast(sum(v.possible * t.weight) as bigint) as possible,
  max(v.bloc) as bloc,
  cast(sum(v.applies * v.certain * case when t.vote = 2 then v.bloc else t.vote end) as bigint) as agreed,
  cast(sum(
    case when v.certain = v.possible then 1 - v.applies else 1 end * case when t.vote = 2 then v.bloc else t.vote end
  ) as bigint) as undecided
from criterion_values as v
join tally as t on t.criterion = v.criterion
-- Most criteria are not met, and count nowhere: one stands for all of them.
where v.possible = 1 or v.criterion = $present
group by v.period, v.product, v.importer, t.page
