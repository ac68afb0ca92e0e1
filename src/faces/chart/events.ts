/** Something that happened to trade, with where it can be read. Drawn only where it concerns what is shown. */
export interface TradeEvent {
  readonly date: string
  readonly text: string
  readonly source: string
  /** Importer and supplier that it concerns; any where left out. Blocs count by their own name. */
  readonly importers?: readonly string[]
  readonly suppliers?: readonly string[]
  /** Beginnings of the product codes that it concerns; all goods and every product where left out. */
  readonly products?: readonly string[]
}

const importers = ['RUS']

/** Events with official sources, by date. Each was published on paper that bears the number given. */
export const tradeEvents: readonly TradeEvent[] = [
  {
    date: '2022-02-24',
    text: 'The United States, and on the next day the European Union, extend export controls on Russia',
    source: '87 FR 12226; Council Regulation (EU) 2022/328',
    importers,
  },
  {
    date: '2022-10-07',
    text: 'The United States controls advanced chips and machines to make them',
    source: '87 FR 62186',
    importers: ['CHN'],
    products: ['8541', '8542', '8471', '8473', '8486'],
  },
  {
    date: '2023-08-01',
    text: 'China licenses exports of gallium and germanium',
    source: 'MOFCOM and GAC Announcement No. 23 of 2023',
    suppliers: ['CHN'],
    products: ['811292', '811299', '282560'],
  },
  {
    date: '2023-12-01',
    text: 'China licenses exports of graphite',
    source: 'MOFCOM and GAC Announcement No. 39 of 2023',
    suppliers: ['CHN'],
    products: ['2504', '3801'],
  },
  {
    date: '2023-12-18',
    text: 'The European Union has exporters forbid re-export to Russia, in its twelfth package',
    source: 'Council Regulation (EU) 2023/2878',
    importers,
  },
  {
    date: '2024-12-03',
    text: 'China bans exports of gallium, germanium and antimony to the United States',
    source: 'MOFCOM Announcement No. 46 of 2024',
    importers: ['USA'],
    suppliers: ['CHN'],
    products: ['811292', '811299', '282560', '811010', '282580'],
  },
]

/** What is shown: every importer, supplier and product in it. */
export interface Shown {
  readonly importers: readonly string[]
  readonly suppliers: readonly string[]
  readonly products: readonly string[]
}

/** The events that concern what is shown: all its importers, one of its suppliers, and each of its products. */
export function eventsOf(shown: Shown): readonly TradeEvent[] {
  return tradeEvents.filter(
    (event) =>
      (event.importers === undefined ||
        (shown.importers.length > 0 && shown.importers.every((one) => event.importers?.includes(one)))) &&
      (event.suppliers === undefined || event.suppliers.some((one) => shown.suppliers.includes(one))) &&
      (event.products === undefined ||
        (shown.products.length > 0 &&
          shown.products.every((one) => event.products?.some((beginning) => one.startsWith(beginning))))),
  )
}
