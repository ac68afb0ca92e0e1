-- The economies of a made-up world, the largest first.
--
-- given   $seed       integer
--         $codes      list of text: M49
--         $leading    integer: so many of them are the largest, in their order; the order of the others is drawn
--         $economies  integer: how many there are
-- gives   economy     number from 0, by size
--         size        log of its weight in trade. It falls as world exports do by rank: the 10th has a fifth of the first's,
--                     the 100th one in 400
--         latitude, longitude  drawn: distances are those of points on a globe, but of no real ones
with listed as (
  select unnest($codes) as code, unnest(range(0, length($codes))) as place
),
ordered as (
  select
    l.code,
    row_number() over (
      order by least(l.place, $leading), case when l.place >= $leading then hash($seed, 'economy', cast(l.code as integer)) end, l.place
    ) - 1 as place
  from listed as l
)
select
  cast(o.place as integer) as economy, o.code as code, cast(o.code as integer) as number,
  -0.045 * o.place - 0.35 * ln(1 + o.place) as size,
  asin(2 * uniform(hash($seed, 'latitude', o.place)) - 1) as latitude,
  2 * pi() * uniform(hash($seed, 'longitude', o.place)) as longitude
from ordered as o
where o.place < $economies
order by o.place
