-- What was counted of each method over products, beside its verdicts?
--
-- uses    standing_verdicts
-- gives   the columns of standing_verdicts
--         products  count of products of the importer and period that the method was asked about
--         found     count of them with the verdict yes; null where none is judged
-- source  methods, sections b to d
select
  v.*, sum(v.purchases) over (partition by v.period, v.importer, v.method) as products,
  case when count(v.verdict) over (partition by v.period, v.importer, v.method) > 0 then
    sum(case when v.verdict = 'yes' then v.purchases else 0 end) over (partition by v.period, v.importer, v.method)
  end as found
from standing_verdicts as v
