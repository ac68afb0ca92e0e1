import { Refusal } from '../refusal.ts'
import { mapping, type Source } from './source.ts'

/** The publisher's nomenclatures by their names in its columns; the older layout had HS 1992 and the SITC only. */
const editions: Readonly<Record<string, string>> = {
  hs92: 'HS1992',
  hs: 'HS1992',
  hs12: 'HS2012',
  hs22: 'HS2022',
}

/** Two layouts: the present one, and that of the files up to 2023. */
const layouts = [
  { reporter: 'country_iso3_code', partner: 'partner_iso3_code', product: /^product_(\w+)_code$/ },
  { reporter: 'location_code', partner: 'partner_code', product: /^(\w+)_product_code$/ },
]

/** Names under which the publisher gives out whole tables, with the digits of their products. */
const published =
  /country_(?:country|partner)_(?:product_|hsproduct|sitcproduct)?(?:(\d)digit_)?year(?:_([246])(?=\D|$))?/i

/** Harvard Growth Lab: reconciled flows by country, partner and product, CSV and Parquet; a row holds exports and imports. */
export const growthLab: Source = {
  name: 'growth-lab',
  publisher: 'The Growth Lab at Harvard University',
  recognise(file, header) {
    const names = header.map((name) => name.trim().toLowerCase())
    const has = (...wanted: readonly string[]) => wanted.every((name) => names.includes(name))
    const layout = layouts.find((one) => has(one.reporter, one.partner, 'year', 'export_value', 'import_value'))
    if (!layout) return undefined
    const product = names.find((name) => layout.product.test(name))
    const scheme = layout.product.exec(product ?? '')?.[1] ?? ''
    const edition = product === undefined ? 'none' : editions[scheme]
    const refuse = (code: string, message: string) =>
      new Refusal('refused', `source/${code}`, `${file}, line 1: ${message}`)
    if (edition === undefined)
      throw refuse(
        'classification',
        `${product} holds codes of another nomenclature than the HS, which none of the measures reads. Take the HS files of the same publisher`,
      )
    if (has('export_value_reported'))
      throw refuse(
        'unit',
        'reported beside reconciled values: the publisher’s description gives their unit as thousand dollars, its program as dollars. Compare a total with one that you know, and say unit in a mapping (docs/sources.md)',
      )
    const whole = published.exec(file)
    const digits = whole?.[1] ?? whole?.[2]
    return mapping({
      title: `International Trade Data${product === undefined ? ', all goods' : `, ${edition}`}`,
      publisher: 'The Growth Lab at Harvard University',
      licence: 'as stated with the files; cite International Trade Data, Harvard Dataverse',
      url: 'https://doi.org/10.7910/DVN/T4CHWJ',
      note: 'Exporters’ and importers’ reports reconciled by the publisher, free on board. A flow that stands twice, as an export of one and an import of the other, counts once; trade data discrepancies (XXXX), which are no product, are set aside.',
      frequency: 'year',
      currency: 'USD',
      valuation: 'FOB',
      side: 'reconciled',
      edition,
      // An extract under a name of its own may lack partners.
      partners_complete: whole !== null,
      products_complete: whole !== null && product === undefined,
      codes: 'iso3',
      economies: { ANS: 'X-NES' },
      flow_columns: { export_value: 'export', import_value: 'import' },
      ...(product === undefined
        ? {}
        : {
            except: {
              [product]: {
                XXXX: 'no product: trade data discrepancies',
                XXXXXX: 'no product: trade data discrepancies',
              },
            },
          }),
      ...(digits === undefined ? {} : { product_digits: digits }),
      columns: {
        reporter: layout.reporter,
        partner: layout.partner,
        period: 'year',
        ...(product === undefined ? {} : { product }),
      },
    })
  },
}
