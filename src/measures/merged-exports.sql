-- What did each bloc that sells as one sell to the rest of the world?
--
-- uses    exports
-- given   $seller_bloc  list of text: blocs that sell as one
-- gives   one row a period or window, product and bloc that sells something
--         value  currency
-- source  methods, section c (fixture C2_world)
select e.period as period, e.product as product, e.exporter as exporter, cast(sum(e.outside) as bigint) as value
from exports as e
where e.outside > 0 and e.exporter in (select unnest($seller_bloc) as bloc)
group by e.period, e.product, e.exporter
