import { mapping, type Source } from './source.ts'

const common = {
  publisher: 'United Nations Statistics Division',
  licence: 'UN Comtrade: use with attribution, no redistribution',
  url: 'https://comtradeplus.un.org/',
  currency: 'USD',
  valuation: 'CIF imports, FOB exports',
  codes: 'm49',
  world_check: true,
  // A world total beside them shows whether all partners are there.
  partners_complete: 'world totals',
  zero_mass: 'unknown',
} as const

const editions = {
  H0: 'HS1992',
  H1: 'HS1996',
  H2: 'HS2002',
  H3: 'HS2007',
  H4: 'HS2012',
  H5: 'HS2017',
  H6: 'HS2022',
} as const

/** Rows at which the preview, the free key and the subscription cut an answer short. */
const cutAt = [500, 100_000, 250_000]

const yes = ['true', '1']
const no = ['false', '0']

/** Names as they are in the file, by their letters and digits alone: `partner2Code`, `partner2_code`, `2nd Partner Code`. */
function columnsOf(header: readonly string[]): (name: string) => string | undefined {
  const known = new Map(header.map((name) => [name.toLowerCase().replace(/[^a-z0-9]/g, ''), name]))
  return (name) => known.get(name)
}

/** Only conditions on columns that the file has. */
function having<Values>(conditions: Readonly<Record<string, Values>>, column: ReturnType<typeof columnsOf>) {
  return Object.fromEntries(
    Object.entries(conditions).flatMap(([name, values]) => {
      const found = column(name)
      return found === undefined ? [] : [[found, values] as const]
    }),
  )
}

/** Statuses whose conditions are all on columns that the file has. */
function statuses(
  words: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
  column: ReturnType<typeof columnsOf>,
) {
  return Object.fromEntries(
    Object.entries(words)
      .filter(([, conditions]) => Object.keys(conditions).every((name) => column(name) !== undefined))
      .map(([word, conditions]) => [word, having(conditions, column)]),
  )
}

const frequencyOf = (code: string | undefined, period: string) =>
  code === 'M' || (code === undefined && /^\d{4}-?\d{2}$/.test(period)) ? 'month' : 'year'

/**
 * UN Comtrade: both sides' reports, re-exports and re-imports apart. The API's JSON and CSV, the web's and bulk CSV have one
 * set of columns under several spellings; the classic site had another; and there are extracts that have lost the columns
 * which tell a row from its breakdowns.
 */
export const comtrade: Source = {
  name: 'comtrade',
  publisher: common.publisher,
  recognise(file, header, first) {
    const column = columnsOf(header)
    const has = (...names: readonly string[]) => names.every((name) => column(name) !== undefined)
    const cell = (name: string) => first?.[column(name) ?? '']
    const named = (names: Readonly<Record<string, string>>) =>
      Object.fromEntries(
        Object.entries(names).flatMap(([role, name]) => {
          const found = column(name)
          return found === undefined ? [] : [[role, found] as const]
        }),
      )
    if (has('reportercode', 'partnercode', 'flowcode', 'cmdcode', 'primaryvalue', 'period')) {
      return mapping({
        ...common,
        title: 'UN Comtrade',
        note: 'Rows that add up: no second partner, all customs procedures, all modes of transport; their breakdowns are set aside. Masses and quantities that the publisher estimated are marked, and no unit value is computed from them.',
        frequency: frequencyOf(cell('freqcode'), cell('period') ?? ''),
        editions,
        flows: { M: 'import', X: 'export', RM: 're-import', RX: 're-export' },
        only: having(
          {
            typecode: ['C'],
            flowcode: ['M', 'X', 'RM', 'RX'],
            partner2code: ['0'],
            customscode: ['C00'],
            motcode: ['0'],
            moscode: ['0'],
          },
          column,
        ),
        statuses: statuses(
          {
            estimated: { isreported: no, isaggregate: no },
            'estimated mass and quantity': { isnetwgtestimated: yes, isqtyestimated: yes },
            'estimated mass': { isnetwgtestimated: yes },
            'estimated quantity': { isqtyestimated: yes },
          },
          column,
        ),
        cut_at: cutAt,
        columns: named({
          reporter: 'reportercode',
          partner: 'partnercode',
          flow: 'flowcode',
          product: 'cmdcode',
          period: 'period',
          value: 'primaryvalue',
          mass: 'netwgt',
          quantity: 'qty',
          quantity_unit: 'qtyunitcode',
          edition: 'classificationcode',
        }),
      })
    }
    if (has('classification', 'reportercode', 'partnercode', 'tradeflowcode', 'commoditycode', 'tradevalueus')) {
      return mapping({
        ...common,
        title: 'UN Comtrade, classic layout',
        note: 'Masses and quantities that the publisher estimated are marked, and no unit value is computed from them.',
        frequency: frequencyOf(undefined, cell('period') ?? ''),
        editions,
        flows: { '1': 'import', '2': 'export', '3': 're-export', '4': 're-import' },
        only: having(
          {
            tradeflowcode: ['1', '2', '3', '4'],
            '2ndpartnercode': ['', '0'],
            customsproccode: ['', 'C00'],
            modeoftransportcode: ['', '0'],
          },
          column,
        ),
        statuses: statuses(
          {
            'estimated mass and quantity': { flag: ['6'] },
            'estimated mass': { flag: ['4'] },
            'estimated quantity': { flag: ['2'] },
          },
          column,
        ),
        columns: named({
          reporter: 'reportercode',
          partner: 'partnercode',
          flow: 'tradeflowcode',
          product: 'commoditycode',
          period: 'period',
          value: 'tradevalueus',
          mass: column('netweightkg') === undefined ? 'netweight' : 'netweightkg',
          quantity: 'qty',
          quantity_unit: 'qtyunitcode',
          edition: 'classification',
        }),
      })
    }
    if (has('reporter', 'partner', 'cmd', 'flow', 'value', 'netwgt')) {
      const year = /(?:^|\D)((?:19|20)\d\d)(?:\D|$)/.exec(file)?.[1]
      return mapping({
        ...common,
        title: 'UN Comtrade, extract without key columns',
        note: 'The extract has lost the columns that tell a row from its breakdowns by second partner, customs procedure and transport, so that their sum is a multiple of the trade. Of several rows of one flow the largest is taken: a partner’s own row. World totals show whether that is right.',
        frequency: frequencyOf(undefined, cell('period') ?? cell('year') ?? ''),
        flows: { M: 'import', X: 'export', RM: 're-import', RX: 're-export' },
        on_conflict: 'largest',
        ...(column('year') === undefined && year ? { period: year } : {}),
        columns: named({
          reporter: 'reporter',
          partner: 'partner',
          flow: 'flow',
          product: 'cmd',
          year: 'year',
          value: 'value',
          mass: 'netwgt',
        }),
      })
    }
    return undefined
  },
}
