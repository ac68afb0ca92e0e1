-- What economies make, where no dataset of production is named: nothing is known of it.
--
-- gives   no row; with a dataset named, one row an economy, product, edition and period
--         economy, product, edition, period
--         value   currency of that dataset, null where unknown
--         mass    grams, null where unknown
select
  cast('' as varchar) as economy, cast('' as varchar) as product, cast('' as varchar) as edition,
  cast(0 as bigint) as period, cast(0 as bigint) as value, cast(0 as bigint) as mass
where 1 = 0
