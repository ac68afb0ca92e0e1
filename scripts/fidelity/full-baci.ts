import { economyName } from '../../src/reference/economies.ts'
import { percent } from '../../src/wording.ts'
import type { Asked } from './asked.ts'

export type Fit = 'within' | 'outside' | 'undetermined'

/** What a dataset says: ours as people write it, and how it lies to what was published, where that was read. */
export interface Found {
  readonly ours: string
  readonly fit?: Fit
}

/** A figure that somebody published from all products of BACI, or from data like it, and how a dataset is asked for it. */
export interface FullCheck {
  /** The row of the list of checks that it belongs to. */
  readonly row: number
  readonly what: string
  readonly source: string
  /** As it was read; empty where it was not. */
  readonly published: string
  readonly tolerance: string
  /** Years that the dataset must have. */
  readonly years: readonly number[]
  /** The only nomenclature that can give the figure, where there is one. */
  readonly edition?: string
  /** Ours; undefined where a verdict is missing or the goods are not there. Left out where no analysis computes it. */
  readonly find?: (asked: Asked) => Promise<Found | undefined>
  /** What is not known of the published figure, or cannot be computed yet. */
  readonly note: string
}

const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at)

/** How bounds lie to a published value with a tolerance. */
function fitOf(target: number, tolerance: number, low: number, high = low): Fit {
  const [least, most] = [target - tolerance, target + tolerance].map((bound) => Number(bound.toPrecision(12))) as [
    number,
    number,
  ]
  if (low >= least && high <= most) return 'within'
  return high < least || low > most ? 'outside' : 'undetermined'
}

interface Counted {
  readonly critical: number | null
  readonly undetermined: number | null
}

/** A count of critical products beside a published one; undefined where the method gives no verdict. */
function counted(row: Counted | undefined, target?: number, part = 0): Found | undefined {
  if (row?.critical == null) return undefined
  const open = row.undetermined ?? 0
  return {
    ours: open > 0 ? `${row.critical}, ${open} undetermined` : String(row.critical),
    ...(target === undefined ? {} : { fit: fitOf(target, target * part, row.critical, row.critical + open) }),
  }
}

const shared = (share: number | undefined, target: number, points: number): Found | undefined =>
  share === undefined ? undefined : { ours: percent(share), fit: fitOf(target, points / 100, share) }

/** GeoDep's rule as its counts seem to be made: the Union one buyer and one supplier, windows that end in the year. */
const geodep = {
  method: ['geodep'],
  importer: ['USA', 'EU27', 'JPN', 'CHN'],
  merge: ['EU27'],
  period: ['2022', '2023'],
}

async function geodepCount(asked: Asked, importer: string, year: number): Promise<Counted | undefined> {
  // 2022 alone is asked of a dataset that ends there.
  const period = geodep.period.filter((one) => asked.manifest.periods.includes(Number(one) * 100))
  const rows = await asked.counts({ ...geodep, period })
  return rows.find((row) => row.importer === importer && row.period === year * 100)
}

/** Of an importer's dependences, those that a supplier leads, and all. */
async function led(asked: Asked, importer: string, supplier: string, year: number) {
  const count = await geodepCount(asked, importer, year)
  if (count?.critical == null) return undefined
  const period = geodep.period.filter((one) => asked.manifest.periods.includes(Number(one) * 100))
  const mine = (await asked.critical({ ...geodep, period })).filter(
    (row) => row.importer === importer && row.period === year * 100,
  )
  return { led: mine.filter((row) => row.lead_supplier === supplier).length, all: mine.length }
}

/** Of the Union's dependences of a year, the part that are none in a later one. */
async function churn(asked: Asked, since: number, until: number): Promise<number | undefined> {
  const given = { method: ['ec-2021'], importer: ['EU27'], period: [String(since), String(until)] }
  const rows = await asked.critical(given)
  const of = (year: number) => rows.filter((row) => row.period === year * 100).map((row) => row.product)
  const [before, after] = [of(since), new Set(of(until))]
  return before.length === 0 ? undefined : before.filter((product) => !after.has(product)).length / before.length
}

const geodepNote = 'GeoDep publishes neither its edition of the HS nor how its window lies.'
const baciNote = 'Copies of other vintages have other counts; the tolerance is ours.'

/** Every check that can be made of full BACI, in the order of its list. */
export const fullChecks: readonly FullCheck[] = [
  {
    row: 1,
    what: 'rows of HS1992, 1995 to 2024',
    source: 'the copy of BACI of the OEC',
    published: '269,894,500',
    tolerance: '± 2 %',
    years: from(1995, 2024),
    edition: 'HS1992',
    find: async ({ manifest }) => {
      const { kept } = manifest.account.rows
      return { ours: kept.toLocaleString('en'), fit: fitOf(269_894_500, 0.02 * 269_894_500, kept) }
    },
    note: baciNote,
  },
  {
    row: 1,
    what: 'codes of HS1992, 1995 to 2024',
    source: 'another copy of BACI',
    published: '5,022',
    tolerance: '± 2 %',
    years: from(1995, 2024),
    edition: 'HS1992',
    find: async (asked) => {
      const codes = await asked.products()
      return { ours: codes.toLocaleString('en'), fit: fitOf(5022, 0.02 * 5022, codes) }
    },
    note: baciNote,
  },
  ...(
    [
      ['USA', 405],
      ['EU27', 393],
    ] as const
  ).map(
    ([importer, count]): FullCheck => ({
      row: 2,
      what: `import dependences of ${economyName(importer)}, 2023, GeoDep`,
      source: 'CEPII, blog of 5 May 2025',
      published: String(count),
      tolerance: '± 10 %',
      years: from(2021, 2023),
      find: async (asked) => counted(await geodepCount(asked, importer, 2023), count, 0.1),
      note: geodepNote,
    }),
  ),
  ...(
    [
      ['USA', 'EU27', 88],
      ['EU27', 'USA', 20],
    ] as const
  ).map(
    ([importer, supplier, count]): FullCheck => ({
      row: 3,
      what: `of those of ${economyName(importer)}, led by ${economyName(supplier)}`,
      source: 'CEPII, blog of 5 May 2025',
      published: String(count),
      tolerance: '± 15 %',
      years: from(2021, 2023),
      find: async (asked) => {
        const found = await led(asked, importer, supplier, 2023)
        return found && { ours: String(found.led), fit: fitOf(count, 0.15 * count, found.led) }
      },
      note: geodepNote,
    }),
  ),
  {
    row: 4,
    what: 'import dependences of China, 2022, GeoDep',
    source: 'CEPII Policy Brief 2024-47, abstract',
    published: '47',
    tolerance: '± 10',
    years: from(2020, 2022),
    find: async (asked) => counted(await geodepCount(asked, 'CHN', 2022), 47, 10 / 47),
    note: geodepNote,
  },
  ...(
    [
      [2022, '61 %', 'CEPII Policy Brief 2024-47, abstract'],
      [2023, 'more than half', 'CEPII, blog of 5 May 2025'],
    ] as const
  ).map(
    ([year, published, source]): FullCheck => ({
      row: 5,
      what: `of those of the European Union, ${year}, led by China`,
      source,
      published,
      tolerance: '± 4 points',
      years: from(year - 2, year),
      find: async (asked) => {
        const found = await led(asked, 'EU27', 'CHN', year)
        if (!found || found.all === 0) return undefined
        const share = found.led / found.all
        // More than half has no upper end.
        return { ours: percent(share), fit: year === 2022 ? fitOf(0.61, 0.04, share) : fitOf(1, 0.54, share) }
      },
      note: geodepNote,
    }),
  ),
  {
    row: 6,
    what: 'order of dependences, 2022: China fewest, the United States and the Union alike, Japan most',
    source: 'CEPII Policy Brief 2024-47, abstract',
    published: 'CHN < USA ~ EU27 < JPN',
    tolerance: 'exact',
    years: from(2020, 2022),
    find: async (asked) => {
      const rows = await Promise.all(
        (['CHN', 'USA', 'EU27', 'JPN'] as const).map((who) => geodepCount(asked, who, 2022)),
      )
      const [china, us, union, japan] = rows.map((row) => row?.critical ?? undefined)
      if (china === undefined || us === undefined || union === undefined || japan === undefined) return undefined
      return {
        ours: `CHN ${china}, USA ${us}, EU27 ${union}, JPN ${japan}`,
        fit: china < Math.min(us, union) && Math.max(us, union) < japan ? 'within' : 'outside',
      }
    },
    note: geodepNote,
  },
  ...(
    [
      [2018, 2019, 'one in five', 0.2],
      [2014, 2019, 'nearly half', 0.5],
    ] as const
  ).map(
    ([since, until, published, target]): FullCheck => ({
      row: 7,
      what: `of the Union’s dependences of ${since}, none in ${until}, method of the European Commission`,
      source: 'CEPII Policy Brief 2023-41',
      published,
      tolerance: '± 5 points',
      years: [since, until],
      find: async (asked) => shared(await churn(asked, since, until), target, 5),
      note: 'Undetermined products count as none in either year.',
    }),
  ),
  {
    row: 8,
    what: 'the Union’s dependences of 2018 by the Commission’s method, before its list of ecosystems',
    source: 'SWD(2021)352',
    published: '',
    tolerance: '',
    years: [2018],
    find: async (asked) =>
      counted((await asked.counts({ method: ['ec-2021'], importer: ['EU27'], period: ['2018'] }))[0]),
    note: 'The figure could not be read in the document: ours stands alone.',
  },
  {
    row: 9,
    what: 'of world trade 2021, in products that the importer buys with an index above 0.3',
    source: 'McKinsey Global Institute (2023)',
    published: '40 %',
    tolerance: '± 4 points',
    years: [2021],
    find: async (asked) => {
      const rows = (await asked.counts({ method: ['mgi-2023'], period: ['2021'] })).filter(
        (row) => row.value_share !== null,
      )
      const all = rows.reduce((sum, row) => sum + row.imports, 0)
      const concentrated = rows.reduce((sum, row) => sum + row.imports * (row.value_share ?? 0), 0)
      return all === 0 ? undefined : shared(concentrated / all, 0.4, 4)
    },
    note: 'Every economy is an importer by itself, members of the Union too.',
  },
  {
    row: 10,
    what: 'what China buys from the United States and allies for 70 % or more, 2022',
    source: 'Cha, as the press quotes him',
    published: '412',
    tolerance: '± 15 %',
    years: [2022],
    find: async (asked) => counted((await allied(asked))[0], 412, 0.15),
    note: 'His list of allies and his level of goods are not known: here the United States and the economies with export controls on Russia.',
  },
  {
    row: 10,
    what: 'the value of these',
    source: 'Cha, as the press quotes him',
    published: 'USD 47 bn',
    tolerance: '± 15 %',
    years: [2022],
    find: async (asked) => {
      const [row] = await allied(asked)
      if (row?.value_share == null) return undefined
      const value = row.value_share * row.imports
      return { ours: `${(value / 1e9).toFixed(1)} bn`, fit: fitOf(47e9, 0.15 * 47e9, value) }
    },
    note: 'As above.',
  },
  {
    row: 11,
    what: 'strategic dependences of the United States on China, rule of the Henry Jackson Society, 2018',
    source: 'Henry Jackson Society (2020), as quoted',
    published: '414',
    tolerance: '± 15 %',
    years: [2018],
    find: async (asked) =>
      counted(
        (await asked.counts({ method: ['hjs-2020'], importer: ['USA'], supplier: ['CHN'], period: ['2018'] }))[0],
        414,
        0.15,
      ),
    note: 'Its year and edition of the HS are not known: 2018 is our guess.',
  },
  {
    row: 12,
    what: 'dependences of China on the Union as one, 2022, rule of MERICS',
    source: 'MERICS (2024)',
    published: '120',
    tolerance: '± 20 %',
    years: [2022],
    find: async (asked) =>
      counted(
        (await asked.counts({ method: ['merics-2024'], importer: ['CHN'], supplier: ['EU27'], period: ['2022'] }))[0],
        120,
        0.2,
      ),
    note: 'Its third condition is published without a threshold.',
  },
  {
    row: 12,
    what: 'dependences of an average member of the Union on China, 2022, rule of MERICS',
    source: 'MERICS (2024)',
    published: '134',
    tolerance: '± 20 %',
    years: [2022],
    find: async (asked) => {
      const given = { method: ['merics-2024'], importer: ['EU27:members'], supplier: ['CHN'], period: ['2022'] }
      const rows = (await asked.counts(given)).filter((row) => row.critical !== null)
      if (rows.length === 0) return undefined
      const sum = (of: 'critical' | 'undetermined') => rows.reduce((all, row) => all + (row[of] ?? 0), 0)
      const [low, open] = [sum('critical') / rows.length, sum('undetermined') / rows.length]
      return { ours: low.toFixed(1), fit: fitOf(134, 0.2 * 134, low, low + open) }
    },
    note: 'As above.',
  },
  ...(
    [
      ['847130', 'laptops', 0.8, '80 %'],
      ['851712', 'mobile telephones', 0.68, '68 %'],
    ] as const
  ).map(
    ([product, name, target, published]): FullCheck => ({
      row: 13,
      what: `of Germany’s ${name} (${product}), 2021, from China`,
      source: 'Kiel Policy Brief 164 (2023)',
      published,
      tolerance: '± 5 points',
      years: [2021],
      find: async (asked) => {
        const given = { importer: ['DEU'], supplier: ['CHN'], product: [product], period: ['2021'] }
        return shared(await asked.share(given, 'CHN'), target, 5)
      },
      note: 'Taken from Germany’s own statistics.',
    }),
  ),
  ...(
    [
      ['CHN', 0.23, '23 %'],
      ['USA', 0.11, '11 %'],
      ['RUS', 0.08, '8 %'],
    ] as const
  ).map(
    ([supplier, target, published]): FullCheck => ({
      row: 14,
      what: `of the Union’s imports from outside, 2021, from ${economyName(supplier)}`,
      source: 'Flossbach von Storch Research Institute',
      published,
      tolerance: '± 1.5 points',
      years: [2021],
      find: async (asked) => {
        const given = { importer: ['EU27'], supplier: ['CHN', 'USA', 'RUS'], level: '0', period: ['2021'] }
        return shared(await asked.share(given, supplier), target, 1.5)
      },
      note: 'Read as round numbers.',
    }),
  ),
  {
    row: 15,
    what: 'products of which one exporter sells more than half, 2021',
    source: 'an industry study, of low authority',
    published: 'more than 1,000',
    tolerance: '± 20 %',
    years: [2021],
    note: 'No analysis ranks the world’s exporters of a product yet.',
  },
]

const allied = (asked: Asked) =>
  asked.counts({ method: ['coalition'], importer: ['CHN'], coalition: ['USA', 'COALITION'], period: ['2022'] })
