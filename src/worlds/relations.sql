-- How many suppliers all economies have of all products, and of those with planted answers.
--
-- uses    demand
-- given   $density  double: the factor on breadth
--         $others   integer: the most that a buyer can have
with counted as (
  select d.planted, least($others, floor($density * d.breadth + d.rounding)) as suppliers from demand as d
)
select sum(c.suppliers) as relations, sum(case when c.planted then c.suppliers else 0 end) as planted from counted as c
