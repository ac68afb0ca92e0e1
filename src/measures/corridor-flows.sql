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
-- gives   one row a leg, hub, period as stored, product and edition
--         leg      first (origin to hub), second (hub to destination), direct, elsewhere (origin to anybody else),
--                  onward (hub to anybody else), between (hub
--                  to hub, both of $onward_hubs), and first mirror, second mirror, direct mirror by the other report
--         hub      alpha-3; '' for direct and elsewhere; of between both, with > from one to the other
--         value    currency; trade among origins is left out
-- source  methods, section 0: first leg, second leg, direct
with hub as (
  select h.economy as economy from (select unnest($hubs) as economy) as h
),
origin as (
  select o.economy as economy from (select unnest($origins) as economy) as o
),
destination as (
  select d.economy as economy from (select unnest($destinations) as economy) as d
),
onward as (
  select n.economy as economy from (select unnest($onward_hubs) as economy) as n
),
held as (
  select
    r.period as period, r.product as product, r.edition as edition, r.importer as importer, r.exporter as exporter,
    r.side as side, r.value as value
  from report as r
  where r.level = $level and r.trade = 'all' and r.exporter <> r.importer and r.value > 0
    and r.period in (select unnest($window_stored) as period)
    and r.side in ($first_side, $second_side, $mirror_side)
    and (r.exporter in (select unnest($origins) as economy) or r.importer in (select unnest($destinations) as economy)
      or r.exporter in (select unnest($onward_hubs) as economy))
),
placed as (
  select
    case
      when o.economy is not null and d.economy is not null then
        case when h.side = $first_side then 'direct' when h.side = $mirror_side then 'direct mirror' end
      when o.economy is not null and i.economy is not null then
        case when h.side = $first_side then 'first' when h.side = $mirror_side then 'first mirror' end
      when o.economy is not null then case when h.side = $first_side then 'elsewhere' end
      when e.economy is not null and d.economy is not null then
        case when h.side = $second_side then 'second' when h.side = $mirror_side then 'second mirror' end
      when n.economy is not null and t.economy is not null then case when h.side = $second_side then 'between' end
      when n.economy is not null then case when h.side = $second_side then 'onward' end
    end as leg,
    case
      when o.economy is null and d.economy is null and t.economy is not null then n.economy || '>' || t.economy
      when o.economy is null and d.economy is null then coalesce(n.economy, '')
      when d.economy is null then coalesce(i.economy, '') when o.economy is null then coalesce(e.economy, '') else '' end
      as hub,
    h.period as period, h.product as product, h.edition as edition, h.value as value
  from held as h
  left join origin as o on o.economy = h.exporter
  left join origin as w on w.economy = h.importer
  left join destination as d on d.economy = h.importer
  left join hub as i on i.economy = h.importer
  left join hub as e on e.economy = h.exporter
  left join onward as n on n.economy = h.exporter
  left join onward as t on t.economy = h.importer
  where w.economy is null or n.economy is not null
)
select
  p.leg as leg, p.hub as hub, p.period as period, p.product as product, p.edition as edition,
  cast(sum(p.value) as bigint) as value
from placed as p
where p.leg is not null
group by p.leg, p.hub, p.period, p.product, p.edition
