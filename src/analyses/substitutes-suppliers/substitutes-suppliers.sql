-- Who could step in for a lost supplier, one by one?
--
-- uses    alternative_supply
-- gives   one row a period, importer, product, lost supplier and other known supplier
--         gap             currency: what is lost
--         value           currency: already sold to the importer
--         exports         currency: sold to all
--         elsewhere       currency: exports less value
--         divertible      currency: the given part of elsewhere
--         spare           currency: unused capacity less what it buys from the lost supplier itself
--         fills           ratio: divertible and spare together, by the gap
--         unit_value      currency per tonne, null where no weight is known
--         price_band, lost_price_band  low, medium or high against the world's reference; null where unknown
--         reliance        share 0-1: at most so much of its own supply comes from the lost supplier
--         hub             whether it mostly passes goods on
--         standing        firm, or what stands against it
with ranked as (
  select
    s.*,
    row_number() over (
      partition by s.period, s.product, s.importer, s.lost order by s.divertible + s.spare desc, s.supplier
    ) as place
  from alternative_supply as s
)
select
  cast(r.period as integer) as period, r.importer as importer, r.product as product, r.lost as lost,
  r.supplier as supplier, cast(r.place as integer) as place,
  cast(r.gap as bigint) as gap, cast(r.value as bigint) as value, cast(r.exports as bigint) as exports,
  r.elsewhere as elsewhere,
  cast(floor(cast(r.divertible as double) / 1e6 + 0.5) as bigint) as divertible,
  cast(floor(cast(r.spare as double) / 1e6 + 0.5) as bigint) as spare,
  cast(r.divertible + r.spare as double) / 1e6 / cast(r.gap as double) as fills,
  r.unit_value as unit_value, r.price_band as price_band, r.lost_price_band as lost_price_band,
  r.reliance as reliance, cast(r.hub = 1 as boolean) as hub, r.standing as standing
from ranked as r
