-- What did each economy sell to the world?
--
-- uses    national_exports
-- inline  filters and columns reach through to the stored rows
-- given   $level     integer: digits of the product codes as stored
--         $side      text: whose report, or reconciled
--         $periods   list of integer: periods as stored; empty takes all
--         $products  list of text: codes as stored; empty takes all
-- gives   one row a period, product and economy
--         exporter  the economy: nobody sells as a bloc
--         known     1, or 0 for an unknown supplier
--         value     currency: sold to all others, whoever asks
--         outside   currency: the same, for all buyers are outside
-- source  methods, section 0: own trade left out
select
  cast(e.period as bigint) as period, e.product as product, e.exporter as economy, e.exporter as exporter,
  case when substr(e.exporter, 1, 2) = 'X-' then 0 else 1 end as known, e.value as value, e.value as outside
from national_exports as e
where e.level = $level and e.side = $side
  and (length($periods) = 0 or e.period in (select unnest($periods) as period))
  and (length($products) = 0 or e.product in (select unnest($products) as product))
