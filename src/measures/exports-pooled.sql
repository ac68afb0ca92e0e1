-- What did each economy sell to the world in the periods of each window together?
--
-- uses    exports_of_periods, bought_enough
-- given   $window_name     list of integer: names of windows whose flows are summed, years × 1,000,000 + the period judged
--         $window_period   list of integer: for each name, one of the periods in the window
--         $window_sellers  list of text: economies whose exports are summed; empty takes all
--         $window_world    integer: 1 where those of others than the importers of what is judged are needed as well
--         $buyer_economy   list of text: members of buying blocs
--         $buyer_bloc      list of text: their bloc
--         $seller_economy  list of text: members of selling blocs, each in one at most
--         $seller_bloc     list of text: their bloc
-- gives   the columns of exports; the period is the window's name
-- source  methods, section b2: the mean of values over a window, whose ratios are those of their sum
with pool as (
  select $window_name[w.i] as name, $window_period[w.i] as period
  from (select unnest(range(1, length($window_name) + 1)) as i) as w
),
seller as (
  select $seller_economy[s.i] as economy, $seller_bloc[s.i] as bloc
  from (select unnest(range(1, length($seller_economy) + 1)) as i) as s
),
buyer as (
  select $buyer_economy[b.i] as economy, $buyer_bloc[b.i] as bloc
  from (select unnest(range(1, length($buyer_economy) + 1)) as i) as b
),
-- Most exports are of goods that the economy itself does not buy for enough to be judged.
needed as (
  select distinct e.period as period, e.product as product, coalesce(b.economy, e.importer) as economy
  from bought_enough as e
  left join buyer as b on b.bloc = e.importer
),
summed as (
  select
    p.name as period, e.product as product, e.economy as economy,
    cast(sum(e.value) as bigint) as value, cast(sum(e.outside) as bigint) as outside
  from exports_of_periods as e
  join pool as p on p.period = e.period
  left join needed as n on n.period = p.name % 1000000 and n.product = e.product and n.economy = e.economy
  where ($window_world = 1 or n.economy is not null)
    and (length($window_sellers) = 0 or e.economy in (select unnest($window_sellers) as economy))
  group by p.name, e.product, e.economy
)
select
  e.period as period, e.product as product, e.economy as economy, coalesce(s.bloc, e.economy) as exporter,
  case when substr(e.economy, 1, 2) = 'X-' then 0 else 1 end as known, e.value as value, e.outside as outside
from summed as e
left join seller as s on s.economy = e.economy
