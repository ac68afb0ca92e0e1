import { holds, mapping, type Source } from './source.ts'

const common = {
  publisher: 'Eurostat',
  licence: 'Eurostat: reuse with attribution (Commission Decision 2011/833/EU)',
  url: 'https://ec.europa.eu/eurostat/comext',
  currency: 'EUR',
  valuation: 'CIF imports, FOB exports',
  unit: 1,
  edition: 'CN{year}',
  codes: 'comext',
  partners_complete: true,
  flows: { '1': 'import', '2': 'export', import: 'import', export: 'export' },
} as const

/** Eurostat Comext: member states’ trade by CN8, monthly or annual, in euros; two forms of extract. */
export const comext: Source = {
  name: 'comext',
  publisher: 'Eurostat',
  recognise(_file, header) {
    if (holds(header, ['declarant_iso', 'partner_iso', 'product_nc', 'flow', 'period', 'value_eur'])) {
      return mapping({
        ...common,
        title: 'Comext, monthly extract by CN8',
        frequency: 'month',
        columns: {
          reporter: 'declarant_iso',
          partner: 'partner_iso',
          product: 'product_nc',
          flow: 'flow',
          period: 'period',
          value: 'value_eur',
        },
        partners_complete: false,
        note: 'An extract of the partners in the file: the exports of members to them, not their imports from everyone.',
      })
    }
    if (holds(header, ['DECLARANT_ISO', 'PARTNER_ISO', 'PRODUCT_NC', 'FLOW', 'PERIOD', 'VALUE_IN_EUROS'])) {
      return mapping({
        ...common,
        title: 'Comext, annual extract by CN8',
        frequency: 'year',
        columns: {
          reporter: 'DECLARANT_ISO',
          partner: 'PARTNER_ISO',
          product: 'PRODUCT_NC',
          flow: 'FLOW',
          period: 'PERIOD',
          value: 'VALUE_IN_EUROS',
        },
        note: 'Trade among member states is in the file as published.',
      })
    }
    return undefined
  },
}
