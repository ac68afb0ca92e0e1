-- Where does each purchase stand against all methods at once?
--
-- uses    criteria_met, periods_held
-- given   $judged_periods     list of integer: the periods that are judged
--         $judged_votes       list of integer: for each, how many different criteria could count towards agreement
--         $judged_bloc_votes  list of integer: for each, how many more of a bloc
-- gives   one row a judged period, product, importer and page
--         standing             a number: the same for purchases of one period and importer that no method of the page tells
--                              apart
--         specified            0 where goods are not specified, chapter 99, else 1
--         certain, possible    as in criteria_met
--         held, held_possible, seen  as in periods_held, 0 where no window is complete
--         agreed, criteria     count of different criteria met, and of those that could be decided
--         total, lead_supplier, lead_value, supplier, supplier_value  as in import_profile
-- source  methods, section 0 (chapter 99 counts in totals, never as a product)
with votes as (
  select $judged_periods[p.i] as period, $judged_votes[p.i] as votes, $judged_bloc_votes[p.i] as bloc_votes
  from (select unnest(range(1, length($judged_periods) + 1)) as i) as p
),
judged as (
  select
    m.period as period, m.product as product, m.importer as importer, m.page as page,
    case when substr(m.product, 1, 2) = '99' then 0 else 1 end as specified,
    m.certain as certain, m.possible as possible,
    coalesce(h.held, 0) as held, coalesce(h.held_possible, 0) as held_possible, coalesce(h.seen, 0) as seen,
    m.agreed as agreed, b.votes + m.bloc * b.bloc_votes - m.undecided as criteria,
    m.total as total, m.lead_supplier as lead_supplier, m.lead_value as lead_value, m.supplier as supplier,
    m.supplier_value as supplier_value
  from criteria_met as m
  left join periods_held as h
    on h.period = m.period and h.product = m.product and h.importer = m.importer and h.page = m.page
  join votes as b on b.period = m.period
  where m.judged = 1
)
select
  j.*,
  dense_rank() over (
    order by j.period, j.importer, j.page, j.specified, j.certain, j.possible, j.held, j.held_possible, j.seen
  ) as standing
from judged as j
