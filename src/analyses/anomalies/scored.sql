-- How many unit values are there, and how many have company enough for a score?
--
-- uses    unit_value_scores
-- gives   one row
--         unit_values  count
--         scored       count of those with a score, by their own or by the world's
-- source  methods, section f
select
  cast(count(*) as integer) as unit_values,
  cast(count(case when s.own_score is not null or s.world_score is not null then 1 end) as integer) as scored
from unit_value_scores as s
