-- What did each economy sell to the world in each period and, under the name of each window, in its periods together?
--
-- uses    exports_of_periods, exports_pooled
-- inline  both are kept: their union need not be
-- gives   the columns of exports
-- source  methods, section b2: the mean of values over a window, whose ratios are those of their sum
select
  e.period as period, e.product as product, e.economy as economy, e.exporter as exporter, e.known as known,
  e.value as value, e.outside as outside
from exports_of_periods as e
-- As it is anyway: said here, an engine sees that who asks for windows alone needs none of these.
where e.period < 1000000
union all
select
  p.period as period, p.product as product, p.economy as economy, p.exporter as exporter, p.known as known,
  p.value as value, p.outside as outside
from exports_pooled as p
