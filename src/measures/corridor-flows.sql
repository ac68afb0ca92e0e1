-- What did a group of origins sell to each possible hub, each hub to a destination, and the origins to it directly?
--
-- uses    report
-- given   $level             integer: digits of the product codes as stored
--         $origins           list of text: who restricts, members and the bloc itself
--         $destinations      list of text: who is restricted
--         $hubs              list of text: through whom goods may pass; nobody else is told apart
--         $onward_hubs       list of text: hubs of which all sales are read, to say what part goes to the destination and what
--                            to one another
--         $first_side        text: whose report the sales of origins are
--         $second_side       text: whose report the sales of hubs are
--         $mirror_side       text: the other report of both, '' where there is none
--         $window_stored     list of integer: periods that are read, as stored
--         $products          list of text: codes that are read, as stored; empty takes all
-- gives   rows of a leg, hub, period as stored, product and edition: as many as there are pairs of origin and destination
--         leg      first (origin to hub), second (hub to destination), direct, elsewhere (origin to anybody else),
--                  onward (hub to anybody else), between (hub
--                  to hub, both of $onward_hubs), and first mirror, second mirror, direct mirror by the other report
--         hub      alpha-3; '' for direct and elsewhere; of between both, with > from one to the other
--         value    currency; trade among origins is left out
-- source  methods, section 0: first leg, second leg, direct
with role as (
  select
    n.economy as economy, max(n.origin) as origin, max(n.destination) as destination, max(n.hub) as hub,
    max(n.onward) as onward
  from (
    select o.economy as economy, 1 as origin, 0 as destination, 0 as hub, 0 as onward
    from (select unnest($origins) as economy) as o
    union all
    select d.economy as economy, 0 as origin, 1 as destination, 0 as hub, 0 as onward
    from (select unnest($destinations) as economy) as d
    union all
    select h.economy as economy, 0 as origin, 0 as destination, 1 as hub, 0 as onward
    from (select unnest($hubs) as economy) as h
    union all
    select w.economy as economy, 0 as origin, 0 as destination, 0 as hub, 1 as onward
    from (select unnest($onward_hubs) as economy) as w
  ) as n
  group by n.economy
),
-- What origins sell to anybody, and what destinations buy of others: each read by itself, for of most flows one name says
-- that they are neither.
held as (
  select
    r.period as period, r.product as product, r.edition as edition, r.value as value, r.importer as importer,
    r.exporter as exporter, r.side as side, x.origin as origin, x.hub as seller, x.onward as onward,
    coalesce(m.origin, 0) as within, coalesce(m.destination, 0) as destination, coalesce(m.hub, 0) as buyer,
    coalesce(m.onward, 0) as onto
  from report as r
  join (select s.* from role as s where s.origin = 1 or s.onward = 1) as x on x.economy = r.exporter
  left join role as m on m.economy = r.importer
  where r.level = $level and r.trade = 'all' and r.exporter <> r.importer and r.value > 0
    and r.period in (select unnest($window_stored) as period)
    and (length($products) = 0 or r.product in (select unnest($products) as product))
    and r.side in ($first_side, $second_side, $mirror_side)
  union all
  select
    r.period as period, r.product as product, r.edition as edition, r.value as value, r.importer as importer,
    r.exporter as exporter, r.side as side, x.origin as origin, x.hub as seller, x.onward as onward,
    m.origin as within, m.destination as destination, m.hub as buyer, m.onward as onto
  from report as r
  join (select b.* from role as b where b.destination = 1) as m on m.economy = r.importer
  join (select s.* from role as s where s.origin = 0 and s.onward = 0) as x on x.economy = r.exporter
  where r.level = $level and r.trade = 'all' and r.exporter <> r.importer and r.value > 0
    and r.period in (select unnest($window_stored) as period)
    and (length($products) = 0 or r.product in (select unnest($products) as product))
    and r.side in ($first_side, $second_side, $mirror_side)
),
placed as (
  select
    case
      when h.origin = 1 and h.destination = 1 then
        case when h.side = $first_side then 'direct' when h.side = $mirror_side then 'direct mirror' end
      when h.origin = 1 and h.buyer = 1 then
        case when h.side = $first_side then 'first' when h.side = $mirror_side then 'first mirror' end
      when h.origin = 1 then case when h.side = $first_side then 'elsewhere' end
      when h.seller = 1 and h.destination = 1 then
        case when h.side = $second_side then 'second' when h.side = $mirror_side then 'second mirror' end
      when h.onward = 1 and h.onto = 1 then case when h.side = $second_side then 'between' end
      when h.onward = 1 then case when h.side = $second_side then 'onward' end
    end as leg,
    case
      when h.origin = 1 and h.destination = 0 and h.buyer = 1 then h.importer
      when h.origin = 1 then ''
      when h.destination = 1 then h.exporter
      when h.onto = 1 then h.exporter || '>' || h.importer
      else h.exporter
    end as hub,
    h.period as period, h.product as product, h.edition as edition, h.value as value
  from held as h
  where (h.origin = 1 and h.within = 0) or (h.origin = 0 and (h.destination = 1 or h.onward = 1))
)
-- Flows of one corridor as they are stored: who reads them sums them, and summing twice would cost more than all else.
select
  p.leg as leg, p.hub as hub, p.period as period, p.product as product, p.edition as edition, p.value as value
from placed as p
where p.leg is not null
