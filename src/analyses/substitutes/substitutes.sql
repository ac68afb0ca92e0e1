-- Could others step in for a lost supplier: many, few or none?
--
-- uses    contested_flow, lost_supply, alternative_supply, known_production
-- given   $buyer_economy  list of text: members of buying blocs
--         $buyer_bloc     list of text: their bloc
--         $able_parts     integer: an alternative is able where it fills one such part of what is lost
--         $several        integer: so many able alternatives are many
-- gives   one row a period, importer, product and lost supplier
--         value            currency: what is lost
--         total            currency: bought from all
--         share            share 0-1: value by total
--         suppliers        count of other known suppliers
--         elsewhere        currency: what they sell to others than the importer
--         fills            ratio: what all of them could turn to the importer, by what is lost
--         needed           ratio: part of elsewhere that would have to be turned, after spare capacity; null without any
--         firm_fills_low, firm_fills_high  ratio: as fills, of those that count for certain, and of those that may count
--         able_low, able_high              count: of these, how many fill one of the parts of what is lost
--         hub_share, dependent_share, other_price_share  share 0-1 of elsewhere that is ruled out, and why
--         unknown_share    share 0-1 of elsewhere of which it is not known whether it counts
--         own_exports      currency: what the importer sells to others, a bloc's members outside it
--         production       currency: what the importer makes; null where unknown
--         production_mass  tonnes: the same
--         apparent_consumption  currency: imports and production less exports; null where unknown or not positive
--         import_reliance  ratio: imports by apparent consumption, of values, else of masses; null where neither is known
--         reliance_basis   value or mass
--         alternatives     the first three that may count, by what they could turn
--         verdict          many: at the given diversion the gap is filled, by several able ones; none: it is not, even if
--                          all diverted everything; few: between; undetermined: what is not known decides
--         reason           in words
-- source  methods, section e (fixture E6); none: a gap never filled, Goers, dependence_trade (d15)
with member as (
  select $buyer_economy[b.i] as economy, $buyer_bloc[b.i] as bloc
  from (select unnest(range(1, length($buyer_economy) + 1)) as i) as b
),
own as (
  select
    f.period as period, f.product as product, coalesce(h.bloc, f.exporter) as importer,
    cast(sum(f.value) as bigint) as exports,
    case when count(f.mass) = count(*) then sum(cast(f.mass as Int128)) end as mass
  from contested_flow as f
  left join member as h on h.economy = f.exporter
  where f.inside = 0 and f.importer <> coalesce(h.bloc, f.exporter)
  group by f.period, f.product, coalesce(h.bloc, f.exporter)
),
bought as (
  select
    f.period as period, f.product as product, f.importer as importer,
    case when count(f.mass) = count(*) then sum(cast(f.mass as Int128)) end as mass
  from contested_flow as f
  where f.inside = 0
  group by f.period, f.product, f.importer
),
-- What could be turned, and what is lost, in millionths of the currency: sums of them are exact.
ranked as (
  select
    s.*,
    s.divertible + s.spare as could, cast(s.elsewhere as Int128) * 1000000 + s.spare as most,
    cast(s.gap as Int128) * 1000000 as gap_millionths,
    row_number() over (
      partition by s.period, s.product, s.importer, s.lost
      order by s.perhaps desc, s.divertible + s.spare desc, s.supplier
    ) as place
  from alternative_supply as s
),
together as (
  select
    r.period as period, r.product as product, r.importer as importer, r.lost as lost,
    count(*) as suppliers,
    cast(sum(r.elsewhere) as bigint) as elsewhere,
    sum(r.could) as could, sum(r.spare) as spare,
    sum(r.could * r.surely) as could_low, sum(r.could * r.perhaps) as could_high,
    sum(r.most) as most, sum(r.most * r.surely) as most_low, sum(r.most * r.perhaps) as most_high,
    sum(case when r.could * $able_parts >= r.gap_millionths then r.surely else 0 end) as able_low,
    sum(case when r.could * $able_parts >= r.gap_millionths then r.perhaps else 0 end) as able_high,
    sum(r.perhaps) as perhaps,
    cast(sum(case when r.standing = 'hub' then r.elsewhere else 0 end) as double) as at_hubs,
    cast(sum(case when r.standing = 'dependent' then r.elsewhere else 0 end) as double) as dependent,
    cast(sum(case when r.standing = 'other price' then r.elsewhere else 0 end) as double) as other_price,
    cast(sum(case when r.perhaps = 1 and r.surely = 0 then r.elsewhere else 0 end) as double) as not_known,
    max(case when r.place = 1 and r.perhaps = 1 then r.supplier end) as first_supplier,
    max(case when r.place = 2 and r.perhaps = 1 then r.supplier end) as second_supplier,
    max(case when r.place = 3 and r.perhaps = 1 then r.supplier end) as third_supplier
  from ranked as r
  group by r.period, r.product, r.importer, r.lost
),
lost as (
  select l.*, cast(l.value as Int128) * 1000000 as gap from lost_supply as l
),
judged as (
  select
    l.period as period, l.product as product, l.importer as importer, l.lost as lost, l.value as value, l.total as total,
    l.gap as gap, t.elsewhere as elsewhere, t.could as could, t.most as most, t.spare as spare,
    t.could_low as could_low, t.could_high as could_high, t.at_hubs as at_hubs, t.dependent as dependent,
    t.other_price as other_price, t.not_known as not_known,
    coalesce(t.suppliers, 0) as suppliers, coalesce(t.perhaps, 0) as perhaps,
    coalesce(t.able_low, 0) as able_low, coalesce(t.able_high, 0) as able_high,
    t.first_supplier || coalesce(', ' || t.second_supplier, '') || coalesce(', ' || t.third_supplier, '') as alternatives,
    case when coalesce(t.most_low, 0) < l.gap then 'none'
      when t.could_low >= l.gap and t.able_low >= $several then 'many' else 'few' end as verdict_low,
    case when coalesce(t.most_high, 0) < l.gap then 'none'
      when t.could_high >= l.gap and t.able_high >= $several then 'many' else 'few' end as verdict_high
  from lost as l
  left join together as t
    on t.period = l.period and t.product = l.product and t.importer = l.importer and t.lost = l.lost
),
home as (
  select
    l.period as period, l.product as product, l.importer as importer, l.lost as lost,
    p.value as production, p.mass as production_mass, b.mass as bought_mass,
    cast(l.total + p.value - coalesce(o.exports, 0) as bigint) as used,
    b.mass + p.mass - case when o.exports is null then 0 else o.mass end as used_mass
  from lost_supply as l
  join known_production as p on p.period = l.period and p.product = l.product and p.economy = l.importer
  join bought as b on b.period = l.period and b.product = l.product and b.importer = l.importer
  left join own as o on o.period = l.period and o.product = l.product and o.importer = l.importer
)
select
  cast(j.period as integer) as period, j.importer as importer, j.product as product, j.lost as lost,
  cast(j.value as bigint) as value, cast(j.total as bigint) as total,
  cast(j.value as double) / cast(j.total as double) as share,
  cast(j.suppliers as integer) as suppliers,
  coalesce(j.elsewhere, 0) as elsewhere,
  cast(coalesce(j.could, 0) as double) / cast(j.gap as double) as fills,
  cast(greatest(cast(0 as Int128), j.gap - j.spare) as double) / 1e6 / nullif(cast(j.elsewhere as double), 0) as needed,
  cast(coalesce(j.could_low, 0) as double) / cast(j.gap as double) as firm_fills_low,
  cast(coalesce(j.could_high, 0) as double) / cast(j.gap as double) as firm_fills_high,
  cast(j.able_low as integer) as able_low, cast(j.able_high as integer) as able_high,
  j.at_hubs / nullif(cast(j.elsewhere as double), 0) as hub_share,
  j.dependent / nullif(cast(j.elsewhere as double), 0) as dependent_share,
  j.other_price / nullif(cast(j.elsewhere as double), 0) as other_price_share,
  j.not_known / nullif(cast(j.elsewhere as double), 0) as unknown_share,
  coalesce(o.exports, 0) as own_exports,
  h.production as production, cast(h.production_mass as double) / 1e6 as production_mass,
  case when h.used > 0 then h.used end as apparent_consumption,
  case when h.used > 0 then cast(j.total as double) / cast(h.used as double)
    when h.production is null and h.used_mass > 0 then cast(h.bought_mass as double) / cast(h.used_mass as double) end
    as import_reliance,
  case when h.used > 0 then 'value' when h.production is null and h.used_mass > 0 then 'mass' end as reliance_basis,
  j.alternatives as alternatives,
  case when j.verdict_low = j.verdict_high then j.verdict_low else 'undetermined' end as verdict,
  case
    when j.suppliers = 0 then 'nobody else sells it'
    when j.perhaps = 0 then 'all others are ruled out'
    when j.most < j.gap then 'others sell less than is lost'
    when j.verdict_high = 'none' then 'firm others sell less than is lost'
    when j.verdict_low <> j.verdict_high then 'unknown prices or purchases decide'
    when j.verdict_low = 'many' then 'several fill the gap'
    when j.could_high < j.gap then 'more than the given diversion is needed'
    else 'filled, but not by several'
  end as reason
from judged as j
left join own as o on o.period = j.period and o.product = j.product and o.importer = j.importer
left join home as h on h.period = j.period and h.product = j.product and h.importer = j.importer and h.lost = j.lost
