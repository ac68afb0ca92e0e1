import { holds, mapping, type Source } from './source.ts'

/** IMF International Merchandise Trade Statistics: a row a series, a column a year, million US dollars. */
export const imts: Source = {
  name: 'imts',
  publisher: 'International Monetary Fund',
  recognise(_file, header) {
    if (!holds(header, ['SERIES_CODE', 'COUNTRY.ID', 'INDICATOR.ID', 'COUNTERPART_COUNTRY.ID', 'SCALE.ID']))
      return undefined
    return mapping({
      title: 'International Merchandise Trade Statistics (IMTS), annual',
      publisher: 'International Monetary Fund',
      licence: 'IMF: reuse with attribution under its terms',
      url: 'https://data.imf.org/',
      note: 'Imports CIF and exports FOB by counterpart. Russia has published no partners since 2022: later years are the publisher’s estimates from partners’ reports.',
      frequency: 'year',
      currency: 'USD',
      valuation: 'CIF imports, FOB exports',
      unit: 1_000_000,
      codes: 'imf',
      partners_complete: true,
      products_complete: true,
      world_check: true,
      period_columns: '\\d{4}',
      estimated: { RUS: '2022' },
      flows: { MG_CIF_USD: 'import', XG_FOB_USD: 'export' },
      columns: { reporter: 'COUNTRY.ID', partner: 'COUNTERPART_COUNTRY.ID', flow: 'INDICATOR.ID' },
    })
  },
}
