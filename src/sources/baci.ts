import { holds, mapping, type Source } from './source.ts'

const years: Readonly<Record<string, string>> = {
  '92': 'HS1992',
  '96': 'HS1996',
  '02': 'HS2002',
  '07': 'HS2007',
  '12': 'HS2012',
  '17': 'HS2017',
  '22': 'HS2022',
}

/** CEPII BACI: yearly CSV files `t,i,j,k,v,q`, thousand US dollars and tonnes, with the lists of codes beside them. */
export const baci: Source = {
  name: 'baci',
  publisher: 'CEPII',
  recognise(file, header) {
    if (!holds(header, ['t', 'i', 'j', 'k', 'v', 'q'])) return undefined
    const named = /HS(\d\d)_Y\d{4}_V(\d{6}\w*)/i.exec(file)
    return mapping({
      title: `BACI${named ? ` HS${named[1]} V${named[2]}` : ''}`,
      publisher: 'CEPII',
      vintage: named?.[2] ? `V${named[2]}` : '',
      licence: 'Etalab Open Licence 2.0; cite Gaulier & Zignago (2010), BACI, CEPII Working Paper 2010-23',
      url: 'http://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37',
      note: 'Exporters’ and importers’ reports reconciled by the publisher; flows of 1,000 US dollars or less are left out by it.',
      frequency: 'year',
      currency: 'USD',
      valuation: 'FOB',
      unit: 1000,
      mass_unit: 't',
      side: 'reconciled',
      edition: years[named?.[1] ?? ''] ?? 'none',
      partners_complete: true,
      products_complete: true,
      codes: 'm49',
      columns: { period: 't', exporter: 'i', importer: 'j', product: 'k', value: 'v', mass: 'q' },
    })
  },
  beside: (_file, header) =>
    holds(header, ['code', 'description']) ||
    holds(header, ['country_code', 'country_name']) ||
    holds(header, ['country_code', 'country_iso3']) ||
    holds(header, ['country_code', 'iso_3digit_alpha']),
}
