-- Which products are critical by which method, and how far is each from each threshold?
--
-- uses    verdicts_shown, criterion_values
-- given   $method_name       list of text: names of methods
--         $method_short      list of text: the same in three characters at most
--         $item_method       list of integer: the rows of a method, in order
--         $item_criterion    list of integer: the criterion that each shows; 0 for periods of the window that hold
--         $item_measure      list of text: what is compared
--         $item_operator     list of text: how
--         $item_exports      list of text: exports that imports are compared with
--         $item_numerator    list of integer: with what, as a fraction
--         $item_denominator  list of integer: its denominator
--         $item_counts       list of integer: 1 where the verdict depends on it
--         $item_obstacle     list of text: why there is no value, empty where there may be
-- gives   one row a period, importer, product, method and criterion
--         imports                       currency: bought of the product
--         lead_supplier, lead_share     the largest known supplier, share 0-1
--         supplier                      the supplier asked about, or the leading one
--         agreed, criteria              count of different criteria met, and of those that could be decided
--         method, short, verdict, reason
--         measure, exports, operator, threshold
--         value, value_low, value_high  the measure and its bounds; null where it has none, with a remark
--         distance                      from the threshold, positive beyond it
--         passed                        yes, no, undetermined, or null
--         counts                        whether the verdict depends on it
--         products, critical            as in screen-summary, over all products and not only those shown: for the finding
-- source  methods, sections b to d
with item as (
  select
    cast(i.i as bigint) as place, $item_method[i.i] as method, $item_criterion[i.i] as criterion, $item_measure[i.i] as measure,
    $item_operator[i.i] as operator, $item_exports[i.i] as exports,
    cast($item_numerator[i.i] as double) / $item_denominator[i.i] as threshold,
    $item_counts[i.i] as counts, $item_obstacle[i.i] as obstacle
  from (select unnest(range(1, length($item_method) + 1)) as i) as i
),
lined as (
  select
    s.period as period, s.product as product, s.importer as importer, s.method as method, s.verdict as verdict,
    s.reason as reason, s.total as total, s.lead_supplier as lead_supplier, s.lead_value as lead_value,
    s.supplier as supplier, s.agreed as agreed, s.criteria as criteria, i.place as place, i.measure as measure,
    i.operator as operator, i.exports as exports, i.threshold as threshold, i.counts as counts, i.obstacle as obstacle,
    x.applies as applies, i.criterion as criterion, s.products as products, s.found as found,
    case when i.obstacle <> '' then null when i.criterion = 0 then cast(s.held as double) else x.value end as value,
    case when i.obstacle <> '' then null when i.criterion = 0 then cast(s.held as double) else x.value_low end as value_low,
    case when i.obstacle <> '' then null when i.criterion = 0 then cast(s.held_high as double) else x.value_high end
      as value_high,
    case
      when i.obstacle <> '' then null
      when i.criterion = 0 then case when s.held >= i.threshold then 1 when s.held is not null then 0 end
      when x.applies = 1 then x.certain
    end as certain,
    case when i.criterion = 0 then case when s.held_high >= i.threshold then 1 else 0 end else x.possible end as possible
  from verdicts_shown as s
  join item as i on i.method = s.method
  left join criterion_values as x
    on x.period = s.period and x.product = s.product and x.importer = s.importer and x.criterion = i.criterion
)
select
  cast(l.period as integer) as period, l.importer as importer, l.product as product,
  cast(l.total as bigint) as imports, l.lead_supplier as lead_supplier,
  case when l.lead_supplier is not null then cast(l.lead_value as double) / cast(l.total as double) end as lead_share,
  l.supplier as supplier, cast(l.agreed as integer) as agreed, cast(l.criteria as integer) as criteria,
  $method_name[l.method] as method, $method_short[l.method] as short, l.verdict as verdict, l.reason as reason,
  l.measure as measure, nullif(l.exports, '') as exports, l.operator as operator, l.threshold as threshold,
  l.value as value, l.value_low as value_low, l.value_high as value_high,
  case when substr(l.operator, 1, 1) = '<' then l.threshold - l.value else l.value - l.threshold end as distance,
  case when l.certain = 1 then 'yes' when l.certain = 0 and l.possible = 0 then 'no' when l.certain = 0 then 'undetermined'
    end as passed,
  cast(l.counts as boolean) as counts,
  case
    when l.obstacle <> '' then l.obstacle
    when l.applies = 0 then 'says nothing of a single economy'
    when l.value is not null then null
    when l.criterion = 0 or l.applies is null then l.reason
    when l.measure = 'imports_to_exports' then 'no exports'
    when l.measure = 'supplier_to_others' then 'no other exporter'
    else 'no exports to compare with'
  end as remark,
  cast(l.products as integer) as products, cast(l.found as integer) as critical,
  -l.agreed as disagreement, -l.total as smallness, l.place as place
from lined as l
