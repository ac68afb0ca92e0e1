/** A file of the test data, how it is loaded, and what it is. */
export interface ListedFile {
  readonly file: string
  /** A mapping in docs/mappings; none where a source knows the file, or nothing can be made of it. */
  readonly mapping?: string
  readonly what: string
}

/** Files that take long to load, which other tests load: their rows are counted there. */
export const countedElsewhere: ReadonlySet<string> = new Set([
  'critical-materials-atlas/reconcile_fixtures/raw/comtrade/comtrade_2022.csv.gz',
  'critical-materials-atlas/reconcile_fixtures/raw/comtrade/comtrade_2024.csv.gz',
  'eu-cn8-sanctioned-exports/eu27_exports_cn8_monthly_2020-01_2022-11.csv.gz',
])

const inFolder =
  (folder: string) =>
  (file: string, what: string, mapping?: string): ListedFile => ({
    file: `${folder}/${file}`,
    what,
    ...(mapping ? { mapping } : {}),
  })

const atlas = inFolder('critical-materials-atlas')
const armenia = inFolder('armenia-reexports')
const nafta = inFolder('caliendo-parro-nafta')
const china = inFolder('china-critical-minerals-monthly')
const listed = inFolder('eu-cn8-sanctioned-exports')
const totals = inFolder('eu-total-exports-caucasus-ca')
const hs = inFolder('hs-reference')
const mirror = inFolder('mgimo-mirror-russia')

const derived = 'derived: no flows'
const shares = 'imports by partner, converted at one rate: shares only'

/** Every file of the folder of test data, but those that describe it. */
export const files: readonly ListedFile[] = [
  armenia(
    'arm_trade_country.csv',
    'partners by name, and imports by origin and by consignment, which are not added up',
  ),
  armenia('export_import_by_month.csv', 'totals without partners'),
  armenia('exports_by_partner_regions_tbl.csv', 'regions, no partners'),
  armenia(
    'mobile_phone_reexports.csv',
    'phones by partner and month; UTF-8 and Latin-1 in one file',
    'comtrade-by-transport',
  ),
  armenia('official_RX_2023_by_hs2.csv', derived),
  armenia('official_RX_data.csv', derived),
  armenia('plot_comtrade_data.csv', 'groups of partners and of products'),
  armenia(
    'vehicle_trade_armenia.csv',
    'vehicles by mode of transport; headings above their codes are set aside',
    'comtrade-by-transport',
  ),
  armenia('vehicle_trade_georgia.csv', 'vehicles, headings only', 'comtrade-by-transport'),
  nafta('deficit.csv', 'equilibrium: no flows'),
  nafta('final_consumption.csv', 'equilibrium: no flows'),
  nafta('intermediate_consumption.csv.gz', 'equilibrium: flows between sectors, with domestic sales'),
  nafta('theta.csv', 'elasticities'),
  nafta('trade.csv.gz', 'equilibrium: sectors that are no products, with domestic sales and tariffs'),
  nafta('value_added.csv', 'equilibrium: no flows'),
  china('composition_subgroup.csv', derived),
  china('country_monthly_stats.csv', derived),
  china('deep_dive_hs6_monthly.csv', 'exports by partner and month', 'china-exports'),
  china('events.csv', 'dates of controls: a header only'),
  china('geopolitics_qty.csv', derived),
  china('growth_yoy_monthly.csv', derived),
  china('hs_map.csv', 'a list of products'),
  china('overview_monthly.csv', derived),
  inFolder('chpl')('chpl_50_hs6_2024-02-23.csv', 'a list of products: shipped as the group CHPL'),
  inFolder('chpl')('chpl_described.csv', 'a list of products: shipped as the group CHPL'),
  atlas('baci_full_30codes_2024_trade.csv', 'reconciled flows with quantities', 'baci-with-quantities'),
  atlas(
    'baci_top6_flows_32materials_2002_2024.csv',
    'cut to the largest partners: flows, no shares of imports',
    'baci-largest-partners',
  ),
  atlas('critical_codes.json', 'a list of products'),
  atlas('pipeline_data/coverage.parquet', derived),
  atlas('pipeline_data/eurostat_cn8.parquet', 'an extract that another program made, with areas beside their parts'),
  atlas('pipeline_data/flows.parquet', 'several publishers’ flows in one table'),
  atlas('pipeline_data/flows_best.parquet', 'several publishers’ flows in one table'),
  atlas('pipeline_data/flows_reconciled.parquet', 'reconciled by another program'),
  atlas('pipeline_data/material_confidence.parquet', derived),
  atlas('pipeline_data/reporter_quality.parquet', derived),
  atlas('pipeline_data/trade.parquet', 'the table above, as its program keeps it'),
  atlas(
    'reconcile_fixtures/raw/baci/country_codes_V202601.csv',
    'BACI’s list of economies: passed over beside its flows, and no flows alone',
  ),
  atlas(
    'reconcile_fixtures/raw/comtrade/comtrade_2022.csv.gz',
    'both sides’ reports, breakdowns without their keys: the largest row of a flow counts',
  ),
  atlas(
    'reconcile_fixtures/raw/comtrade/comtrade_2024.csv.gz',
    'both sides’ reports, breakdowns without their keys: the largest row of a flow counts',
  ),
  atlas(
    'reconcile_fixtures/reconcile/baci_2022.csv',
    'reconciled flows; the year is in the file’s name alone',
    'baci-2022',
  ),
  atlas(
    'reconcile_fixtures/reconcile/baci_2024.csv',
    'reconciled flows; the year is in the file’s name alone',
    'baci-2024',
  ),
  listed(
    'eu27_exports_cn8_monthly_2020-01_2022-11.csv.gz',
    'exports of listed codes by month; headings above them are set aside',
  ),
  listed('eu_countries.csv', 'a list of economies'),
  listed('export_sanctions_codes.csv', 'a list of products'),
  listed('input_codes.csv', 'a list of products'),
  listed('product_labels.csv', 'a list of products'),
  listed('salys.csv', 'a list of economies'),
  totals(
    'armenia_data/armenia_data.csv',
    'months that count from the year’s beginning in places: their sum is no year',
  ),
  totals(
    'eu27_total_exports_by_partner_annual_2010_2023.csv',
    'exports of the Union, which no column names',
    'comext-exports-by-partner',
  ),
  totals(
    'eu27_total_monthly_2019-01_2024-08.csv',
    'members’ totals with five partners; the Union beside them is set aside',
    'comext-totals',
  ),
  totals('national_data_converted/armenia_import_yearly.csv', shares, 'armenia-imports'),
  totals('national_data_converted/kazakhstan_import_yearly.csv', shares, 'kazakhstan-imports'),
  totals('national_data_converted/kyrgyz_import_yearly.csv', shares, 'kyrgyzstan-imports'),
  totals('national_data_converted/uzbek_import_yearly.csv', shares, 'uzbekistan-imports'),
  inFolder('exchange-rates')('eur-usd-monthly.csv', 'a reference table, shipped'),
  inFolder('ge-gravity-44')('flows_2000.csv', 'equilibrium: domestic sales among the flows, and no products'),
  hs('baci_country_codes_V202201.csv', 'BACI’s list of economies: passed over beside its flows, and no flows alone'),
  hs(
    'baci_product_codes_HS17_V202201.csv',
    'BACI’s list of products: passed over beside its flows, and no flows alone',
  ),
  ...[
    'H0_to_H1',
    'H1_to_H0',
    'H1_to_H2',
    'H2_to_H1',
    'H2_to_H3',
    'H3_to_H2',
    'H3_to_H4',
    'H4_to_H3',
    'H4_to_H5',
    'H5_to_H4',
  ].map((step) => hs(`conversion_weights_${step}.csv`, 'a reference table: the shipped families come from it')),
  hs('hs17_bec.csv', 'a reference table'),
  inFolder('imf-imts-russia')('RU_trade.csv', 'totals by partner; a column a year'),
  inFolder('isi-eu-critical-inputs')('critical_materials_cn8_mapping_v01.csv', 'a list of products'),
  inFolder('isi-eu-critical-inputs')('eu_comext_critical_inputs_cn8_2022_2024.csv', 'imports of members by supplier'),
  mirror('bulletin_china_pdf.pdf', 'a document'),
  mirror('bulletin_fo.parquet', derived),
  mirror('bulletin_headline.parquet', derived),
  mirror('chn_deviations.parquet', derived),
  mirror(
    'comparison_data_ind.parquet',
    'Russia’s trade with India as India reports it; months without a value are rejected',
    'india-mirror',
  ),
  mirror('comparison_data_ind.parquet', 'the same file as Russia reports it', 'russia-with-india'),
  mirror('data_model.md', 'a document'),
  mirror('data_oilgas.parquet', 'masses without values'),
  mirror('db_snapshot_baseline_2026-07-16.json', derived),
  mirror('df_groups.parquet', derived),
  mirror('hs4_labels.json', 'a list of products'),
  mirror('summary.xlsx', 'remarks on the data, no table of flows'),
  mirror('tab_stoim_oil.parquet', derived),
  mirror('tur_deviations.parquet', derived),
  mirror('turkey_2025_processed.parquet', 'Russia’s trade with Turkey as Turkey reports it', 'turkey-mirror'),
  inFolder('silicon-381800-2023')('edges.csv', 'a graph: numbers of nodes in place of economies, pairs repeated'),
  inFolder('silicon-381800-2023')('nodes.csv', 'nodes of the graph'),
  inFolder('sme-comtrade')(
    'comtrade_SME_848620_903082_903141_2016_2020_partner_world.csv',
    'the classic layout, in Latin-1; partner World only, kept as an unknown partner',
  ),
]
