-- What economies buy from each other in a year, or in each of its months: gravity with log-normal tails.
--
-- uses    demand, seller, distance, product, supply
-- given   $seed             integer
--         $planted          boolean: products with planted answers, or all others
--         $year             integer
--         $months           list of integer: 1 to 12, or 0 alone for the year as one
--         $others           integer: how many economies there are beside the buyer
--         $density          double: the factor on breadth
--         $level            double: log of dollars
--         $rare             double: the part of periods in which the least regular supplier sells,
--         $regular          double: and how much more the most regular one does
--         $noise            double: standard deviation of a flow's log from period to period
--         $autocorrelation  double: of that, from one period to the next: a moving average of as many draws as still count
--         $draws            integer: so many
--         $growth           double: standard deviation of the log by which a year moves all that an economy trades,
--         $shock            double: and all that is traded of a product
-- gives   period (yyyy, or yyyymm), product, importer, exporter, dollars, kilograms (null where unknown)
--
-- A buyer's suppliers are drawn from the ranks of the sellers, the strong ones more often: the turn-th of n lies within the
-- turn-th of n parts, which are narrow at the top; with turn ranks skipped before, no rank is drawn twice.
with wanting as (
  select
    d.product, d.importer, d.own, d.demand,
    cast(least($others, floor($density * d.breadth + d.rounding)) as integer) as suppliers
  from demand as d
  where d.planted = $planted
),
-- A join, for the engine unnests row by row, and all that follows would be done in bits of a few rows.
numbered as (
  select n.suppliers, unnest(range(0, n.suppliers)) as turn
  from (select cast(unnest(range(1, $others + 1)) as integer) as suppliers) as n
),
turning as (
  select w.*, n.turn from wanting as w join numbered as n on n.suppliers = w.suppliers
),
ranked as (
  select
    t.product, t.importer, t.own, t.demand,
    cast(t.turn + floor(($others - t.suppliers)
      * pow((t.turn + uniform(hash($seed, 'rank', t.product, t.importer, t.turn))) / t.suppliers, 3)) as integer) as rank
  from turning as t
),
relation as (
  select r.product, r.importer, s.exporter, r.demand, s.strength, cast(null as double) as presence
  from ranked as r
  join seller as s on s.product = r.product and s.rank = r.rank + case when r.rank >= r.own then 1 else 0 end
  anti join supply as x on x.product = r.product and x.importer = r.importer and x.exporter = s.exporter
  union all
  select x.product, x.importer, x.exporter, d.demand, s.strength, x.presence
  from supply as x
  join demand as d on d.product = x.product and d.importer = x.importer
  join seller as s on s.product = x.product and s.exporter = x.exporter
  where $planted
),
timed as (
  select r.*, uniform(hash($seed, 'regular', r.product, r.importer, r.exporter)) as regular, m.month
  from relation as r cross join (select unnest($months) as month) as m
),
present as (
  select t.*, $year * length($months) + t.month as moment
  from timed as t
  where uniform(hash($seed, 'present', t.product, t.importer, t.exporter, $year, t.month))
    < coalesce(t.presence, $rare + $regular * t.regular)
),
moved as (
  select
    d.exporter, d.importer,
    -0.8 * (d.distance - 8.5) + $growth
      * (normal(hash($seed, 'growth', d.exporter, $year)) + normal(hash($seed, 'growth', d.importer, $year))) as nearness
  from distance as d
),
priced as (
  select
    p.product, p.number, $shock * normal(hash($seed, 'shock', p.number, $year)) as shock,
    1 + 1.5 * normal(hash($seed, 'price', p.number)) as price,
    2 * pi() * uniform(hash($seed, 'season', p.number)) as season
  from product as p
),
valued as (
  select
    f.product, f.importer, f.exporter, f.month,
    $level + f.demand + 0.8 * f.strength + m.nearness + p.shock + 2 * (f.regular - 0.5)
      + case when f.month > 0 then 0.2 * cos(pi() * f.month / 6 + p.season) else 0 end
      + 1.6 * normal(hash($seed, 'relation', f.product, f.importer, f.exporter))
      + $noise * sqrt(1 - $autocorrelation * $autocorrelation) * list_sum(list_transform(
        range(0, $draws),
        lambda lag: pow($autocorrelation, lag) * normal(hash($seed, 'noise', f.product, f.importer, f.exporter, f.moment - lag))
      )) - $noise * $noise / 2 as amount,
    p.price + 0.4 * normal(hash($seed, 'unit value', f.product, f.importer, f.exporter, f.moment)) as price
  from present as f
  join moved as m on m.exporter = f.exporter and m.importer = f.importer
  join priced as p on p.product = f.product
)
select
  case when v.month = 0 then $year else $year * 100 + v.month end as period, v.product, v.importer, v.exporter,
  1000 + cast(ceil(exp(least(v.amount, 26))) as bigint) as dollars,
  case when uniform(hash($seed, 'weighed', v.product, v.importer, v.exporter)) > 0.03
    then cast(ceil(exp(least(v.amount, 26) - v.price)) as bigint) end as kilograms
from valued as v
