import { z } from 'zod'
import type { VendorRow } from '../../dataset/tables/vendor.ts'
import { type Contract, contracted, retired, type Shares, yearsToThreshold } from '../../measures/stock-path.ts'
import { economyInWords } from '../../reference/economies.ts'
import { Refusal } from '../../refusal.ts'
import { percent, periodName } from '../../wording.ts'
import { type Context, defineAnalysis, type Row } from '../analysis.ts'
import { flowParameters, period, share } from '../fields.ts'
import { type StandingMarket, sellerName, unallocated, vendorMarkets, vendorRows } from '../markets.ts'

const list = z.array(z.string().min(1)).readonly()
const parts = z.array(z.number().min(0).max(1)).readonly()

const parameters = z.strictObject({
  dataset: flowParameters.dataset,
  importer: flowParameters.importer,
  segment: list
    .default([])
    .meta({ description: 'Of the vendor table, such as base stations; all with an installed base where left out' }),
  period: flowParameters.period.meta({ description: 'Of the base, as in the vendor table; all where left out' }),
  exit: list.default([]).meta({ description: 'Who takes no new orders: vendors by name or jurisdiction' }),
  supplier: z
    .string()
    .default('')
    .meta({ description: 'Whose share is followed; the largest that stays where left out' }),
  retirement: parts
    .default([0.05, 0.08, 0.12, 0.2])
    .meta({ description: 'Part of the base that is replaced in a year' }),
  order_share: parts.default([0, 0.25, 0.5, 0.75, 1]).meta({
    description:
      'Its part of the new orders that home makers do not get; others that stay share the rest as they hold the base',
  }),
  home: z.enum(['both', 'targets', 'none']).default('both').meta({
    description: 'Whether home makers get the part of new installations that is announced, or none',
  }),
  order: list
    .default([])
    .meta({ description: 'New orders as they fall, in place of the band: Huawei:0.55,ZTE:0.15,Domestic:0.3' }),
  contract: list.default([]).meta({
    description:
      'Contracts with their size and last year, in place of retirement: Ericsson:120:2024; they pass to --order as they end',
  }),
  threshold: z.number().gt(0).lt(1).default(0.5).meta({ description: 'Share whose passing is dated' }),
  years: z.int().min(1).max(60).default(15).meta({ description: 'How far to look' }),
})

const columns = z.strictObject({
  importer: z.string().meta({ description: 'Whose market', unit: 'economy' }),
  product: z.string().meta({ description: 'Segment of the vendor table', unit: 'product' }),
  supplier: z.string().meta({ description: 'Whose share is followed', unit: 'economy' }),
  base_period: period.meta({ description: 'Of the base that it is followed from' }),
  home: z.string().meta({
    description: 'What home makers get of new installations: targets, none, or as --order says',
    unit: 'text',
  }),
  retirement: share
    .nullable()
    .meta({ description: 'Part of the base replaced in a year; null where contracts end', unit: 'share 0-1' }),
  order_share: share
    .nullable()
    .meta({ description: 'Its part of the orders that home makers do not get', unit: 'share 0-1' }),
  period,
  share_low: share.meta({ description: 'Of the base, at least', unit: 'share 0-1' }),
  share_high: share.meta({
    description: 'At most: what nobody is known to hold of today’s base counted as its own',
    unit: 'share 0-1',
  }),
  home_share: share
    .nullable()
    .meta({ description: 'Of home makers in the base, from the new orders they get', unit: 'share 0-1' }),
  leavers_share: share.meta({ description: 'Of those that take no new orders', unit: 'share 0-1' }),
  passes: z
    .int()
    .nullable()
    .meta({ description: 'First year in which it holds more than the threshold, at least', unit: 'period' }),
  passes_earliest: z.int().nullable().meta({ description: 'The same with its share at most', unit: 'period' }),
  years_to_threshold: z.number().nullable().meta({
    description: 'Years until it does by the closed form; null where orders change over time, or it never does',
    unit: 'years',
  }),
  basis: z.string().meta({ description: 'What the base is counted in', unit: 'text' }),
  certainty: z.string().nullable().meta({ description: 'Of the base: A official to D anonymous', unit: 'grade' }),
  source: z.string().nullable().meta({ description: 'Who gave the base', unit: 'text' }),
})

type Given = z.output<typeof parameters>

interface Target {
  readonly year: number
  readonly share: number
  readonly maker: string
  readonly source: string
  readonly certainty: string
}

/** Announced parts of yearly installations, by year; between two years in a straight line, before the first nothing. */
function homeOrders(targets: readonly Target[], year: number): number {
  const after = targets.find((target) => target.year >= year)
  const before = targets.findLast((target) => target.year <= year)
  if (!before) return 0
  if (!after || after === before) return before.share
  return before.share + ((after.share - before.share) * (year - before.year)) / (after.year - before.year)
}

async function targetsOf(given: Given, standing: StandingMarket, context: Context): Promise<Target[]> {
  const rows = await vendorRows({ ...given, basis: [], cap: [] }, context, 'target')
  return rows
    .filter((row: VendorRow) => row.market === standing.importer && row.segment === standing.product)
    .map((row) => ({
      year: Math.floor(row.period_end / 100),
      share: row.share_low,
      maker: row.vendor,
      source: row.source,
      certainty: row.certainty,
    }))
    .sort((a, b) => a.year - b.year)
}

function splitOf(flag: string, texts: readonly string[]): Shares {
  const pairs = texts.map((text) => {
    const found = /^(.+):(\d+(?:\.\d+)?)$/.exec(text)
    if (!found)
      throw new Refusal('wrong_use', 'split/form', `--${flag} ${text}: write a seller and its part, Huawei:0.55`)
    return [found[1] as string, Number(found[2])] as const
  })
  const total = pairs.reduce((sum, [, part]) => sum + part, 0)
  if (pairs.length > 0 && Math.abs(total - 1) > 1e-9)
    throw new Refusal('wrong_use', 'split/sum', `--${flag}: the parts add up to ${Number(total.toFixed(6))}, not to 1`)
  return Object.fromEntries(pairs)
}

function contractsOf(texts: readonly string[]): Contract[] {
  return texts.map((text) => {
    const found = /^(.+):(\d+(?:\.\d+)?):(\d{1,4})$/.exec(text)
    if (!found)
      throw new Refusal(
        'wrong_use',
        'contract/form',
        `--contract ${text}: write holder, size and last year, Ericsson:120:2024`,
      )
    return { holder: found[1] as string, size: Number(found[2]), ends: Number(found[3]) }
  })
}

/** One assumption about retirement and orders, and the base that follows from it year by year. */
interface Path {
  readonly home: string
  readonly retirement: number | null
  readonly order_share: number | null
  readonly years_to_threshold: number | null
  readonly stocks: readonly { readonly year: number; readonly stock: Shares }[]
}

/** The orders of a year: home makers' part, the follower's part of the rest, and the others as they hold the base. */
function ordersOf(home: number, maker: string, supplier: string, part: number, others: Shares): Shares {
  const rest = 1 - home
  const held = Object.values(others).reduce((sum, one) => sum + one, 0)
  const orders: Record<string, number> = { [supplier]: rest * (held > 0 ? part : 1) }
  for (const [name, one] of Object.entries(others))
    orders[name] = (orders[name] ?? 0) + (rest * (1 - part) * one) / held
  if (home > 0) orders[maker] = (orders[maker] ?? 0) + home
  return orders
}

function pathsOf(given: Given, standing: StandingMarket, supplier: string, targets: readonly Target[]): Path[] {
  const base: Record<string, number> = Object.fromEntries(standing.market.holdings.map(({ name, low }) => [name, low]))
  if (standing.market.slack > 1e-12) base[unallocated] = standing.market.slack
  const from = Math.floor(standing.period / 100)
  const years = Array.from({ length: given.years + 1 }, (_, passed) => from + passed)
  const leavers = new Set(standing.all_leavers)
  const explicit = splitOf('order', given.order)
  if (given.contract.length > 0) {
    if (given.order.length === 0)
      throw new Refusal(
        'wrong_use',
        'parameter/missing',
        'to whom do contracts pass as they end? Add --order Huawei:0.6,ZTE:0.4',
      )
    const contracts = contractsOf(given.contract)
    const stocks = years.map((year) => ({ year, stock: contracted(contracts, explicit, year) }))
    return [
      { home: 'as ordered', retirement: null, order_share: explicit[supplier] ?? 0, years_to_threshold: null, stocks },
    ]
  }
  // Whoever the unallocated part of the base belongs to, new orders of the others are not the follower's.
  const others = Object.fromEntries(
    Object.entries(base)
      .filter(([name]) => name !== supplier && !leavers.has(name))
      .map(([name, held]) => [name === unallocated ? 'others' : name, held]),
  )
  const follow = (retirement: number, orders: (year: number) => Shares) => {
    let stock: Shares = base
    return years.map((year) => {
      if (year > from) stock = retired(stock, orders(year), retirement)
      return { year, stock }
    })
  }
  const constant = (retirement: number, orders: Shares) =>
    yearsToThreshold(base[supplier] ?? 0, orders[supplier] ?? 0, retirement, given.threshold)
  if (given.order.length > 0)
    return given.retirement.map((retirement) => ({
      home: 'as ordered',
      retirement,
      order_share: explicit[supplier] ?? 0,
      years_to_threshold: constant(retirement, explicit),
      stocks: follow(retirement, () => explicit),
    }))
  const maker = targets[0]?.maker ?? 'home makers'
  const homes = (['targets', 'none'] as const).filter(
    (home) => (given.home === 'both' || given.home === home) && (home === 'none' || targets.length > 0),
  )
  return homes.flatMap((home) =>
    given.retirement.flatMap((retirement) =>
      given.order_share.map((part) => {
        const orders = (year: number) =>
          ordersOf(home === 'none' ? 0 : homeOrders(targets, year), maker, supplier, part, others)
        return {
          home,
          retirement,
          order_share: part,
          years_to_threshold: home === 'none' ? constant(retirement, orders(from + 1)) : null,
          stocks: follow(retirement, orders),
        }
      }),
    ),
  )
}

/** What tells the bases apart that paths are followed from. */
const base = ['importer', 'product', 'basis', 'source', 'base_period'] as const

/** What one must believe for the threshold to be passed, and what follows where the supplier takes no new contracts. */
function belief(rows: readonly Row[], given: Given): string | undefined {
  const first = rows[0]
  if (!first) return undefined
  const who = sellerName(String(first['supplier']))
  const mine = rows.filter((row) => base.every((column) => row[column] === first[column]))
  const last = Math.max(...mine.map((row) => Number(row['period']))) / 100
  const what = `${percent(given.threshold)} of ${first['product']} in ${economyInWords(String(first['importer']))}`
  const sentences = [...new Set(mine.map((row) => String(row['home'])))].map((home) => {
    const paths = new Map(
      mine.filter((row) => row['home'] === home).map((row) => [`${row['retirement']} ${row['order_share']}`, row]),
    )
    const passing = [...paths.values()].filter((row) => row['passes'] !== null)
    const with_ =
      home === 'targets'
        ? 'with the announced home targets kept'
        : home === 'none'
          ? 'without them'
          : 'with orders as given'
    if (passing.length === 0) return `${with_} it does in none of ${paths.size} cases by ${last}`
    const years = passing.map((row) => Number(row['passes']) / 100)
    const least = Math.min(...passing.map((row) => Number(row['order_share'])))
    const slow = Math.min(
      ...passing.filter((row) => row['order_share'] === least).map((row) => Number(row['retirement'] ?? 0)),
    )
    const [from, until] = [Math.min(...years), Math.max(...years)]
    return `${with_} it does in ${passing.length} of ${paths.size} cases, ${from === until ? `in ${from}` : `between ${from} and ${until}`}, and must win at least ${percent(least)} of the orders left${slow > 0 ? ` while at least ${percent(slow)} of the base is replaced a year` : ''}`
  })
  const idle = mine.filter((row) => row['order_share'] === 0 && Number(row['period']) / 100 === last)
  const held = idle.map((row) => Number(row['share_low']))
  const [least, most] = [percent(Math.min(...held)), percent(Math.max(...held))]
  const without =
    held.length === 0
      ? ''
      : ` Taking no new contracts, it would hold ${least === most ? least : `${least} to ${most}`} in ${last}.`
  const bases = new Set(rows.map((row) => base.map((column) => row[column]).join('\n'))).size
  const others =
    bases > 1
      ? ` Of the base of ${periodName(Number(first['base_period']))} by ${first['source']}; the rows have ${bases} bases.`
      : ''
  return `For ${who} to pass ${what} by ${last}: ${sentences.join('; ')}.${without}${others}`
}

export const dominancePath = defineAnalysis({
  name: 'dominance-path',
  title: 'The path to dominance',
  question: 'How does an installed base follow new orders, and what must one believe for a vendor to come to own it?',
  example:
    'chokepoint dominance-path --dataset russia-vendors --segment "base stations" --period 2021 --exit Nokia,Ericsson',
  needs: { kinds: ['vendor'] },
  parameters,
  columns,
  keys: [...base, 'supplier', 'home', 'retirement', 'order_share', 'period'],
  shown: ['home', 'retirement', 'order_share', 'period', 'share_low', 'share_high', 'home_share', 'passes'],
  chart: {
    kind: 'lines',
    measure: 'Share of the installed base by its part of orders, at least, the band up to what it may be',
    x: 'period',
    y: 'share_low',
    low: 'share_low',
    high: 'share_high',
    series: 'order_share',
    series_says: 'of orders',
    threshold: { at: { parameter: 'threshold' }, says: 'above' },
    panels: ['importer', 'product', 'basis', 'base_period', 'supplier', 'retirement', 'home'],
  },
  sources: [
    'Methods, scenarios section b (DOM2, DOM3): S(t+1) = (1 − d) S(t) + d F; contracts pass as they end',
    'Announced targets: rows of basis target in the vendor table, each with its source and certainty',
  ],
  limits: [
    'Conditional: if retirement and orders are so, then. It is no forecast, and no probability stands behind a case.',
    'An announced target is a plan; whether home makers can build what it promises is not known to the table.',
    'Units are counted alike: one base station for another, whatever it serves.',
  ],
  async run(given, context) {
    const choice = { ...given, basis: ['installed'], cap: [] }
    const { markets, exits, caveats } = await vendorMarkets(choice, context)
    const said = [...caveats]
    const rows: Row[] = []
    for (const standing of markets) {
      const targets = await targetsOf(given, standing, context)
      const staying = standing.market.holdings.filter(({ name }) => !standing.all_leavers.includes(name))
      const contracts = contractsOf(given.contract)
      const asked = [...staying.map(({ name }) => name), ...contracts.map(({ holder }) => holder)].find(
        (name) => name.toLowerCase() === given.supplier.trim().toLowerCase(),
      )
      const largest = [...staying].sort((a, b) => b.low - a.low || (a.name < b.name ? -1 : 1))[0]?.name
      const supplier = given.supplier === '' ? largest : asked
      if (supplier === undefined) {
        said.push(
          `${standing.product}, ${standing.source}: ${given.supplier === '' ? 'nobody that stays' : given.supplier} is named there, so no path can be followed.`,
        )
        continue
      }
      for (const target of targets)
        said.push(
          `Announced: ${target.maker} ${percent(target.share)} of yearly installations in ${target.year} (${target.source}, certainty ${target.certainty}); a plan, in a straight line between its years.`,
        )
      if (targets.length === 0 && given.order.length === 0)
        said.push(`${standing.product}: no home targets are in the table, so home makers get none of the new orders.`)
      const maker = targets[0]?.maker ?? ''
      for (const path of pathsOf(given, standing, supplier, targets)) {
        const held = path.stocks.map(({ year, stock }) => {
          const low = stock[supplier] ?? 0
          const leaving = standing.all_leavers.reduce((sum, name) => sum + (stock[name] ?? 0), 0)
          return { year, low, high: Math.min(1, low + (stock[unallocated] ?? 0)), home: stock[maker] ?? null, leaving }
        })
        const first = (of: 'low' | 'high') => held.find((at) => at[of] > given.threshold)?.year
        const [passes, earliest] = [first('low'), first('high')]
        for (const at of held)
          rows.push({
            importer: standing.importer,
            product: standing.product,
            supplier,
            base_period: standing.period,
            home: path.home,
            retirement: path.retirement,
            order_share: path.order_share,
            period: at.year * 100,
            share_low: at.low,
            share_high: at.high,
            home_share: at.home,
            leavers_share: at.leaving,
            passes: passes === undefined ? null : passes * 100,
            passes_earliest: earliest === undefined ? null : earliest * 100,
            years_to_threshold: path.years_to_threshold,
            basis: standing.basis,
            certainty: standing.certainty,
            source: standing.source,
          })
      }
      if (standing.market.slack > 0.0005)
        said.push(
          `${standing.product}, ${standing.source}, certainty ${standing.certainty}: ${percent(standing.market.slack)} of the base is not allotted to anyone; share_high counts it as ${supplier}’s.`,
        )
    }
    return { rows, headline: belief(rows, given), caveats: [...new Set(said)], resolved: { exit: exits } }
  },
})
