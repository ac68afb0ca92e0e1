import type { Context, Row } from '../analyses/analysis.ts'
import { measure } from '../engine/statement.ts'
import { type CorridorUnit, drawsFor, type HubTests, testHubs } from '../measures/diversion-tests.ts'
import { type Judgement, judge } from '../measures/diversion-verdict.ts'
import { standardDifference } from '../measures/listed-growth.ts'
import { type Corridors, corridorsIn } from './corridors.ts'
import { type Histories, historiesOf, type LegHistory } from './histories.ts'
import type { Hub, HubStatus } from './hubs.ts'
import type { CorridorGiven } from './parameters.ts'
import { type CurrencyChange, currencyChange, type PriceChange, pricesOf } from './prices.ts'
import { type BoundsBy, boundsOf, chainsOf } from './through.ts'

const quietStatement = measure('corridor_quiet_growth')
const cellsStatement = measure('corridor_cells')
const cellColumns = ['leg', 'hub', 'unit', 'listed', 'post', 'last', 'prior', 'months', 'born'] as const

/** A hub with all that was found of it. */
export interface FoundHub {
  readonly hub: Hub
  readonly first: LegHistory | undefined
  readonly second: LegHistory | undefined
  readonly tests: HubTests | undefined
  readonly judgement: Judgement
  /** Of what was sold after the event, goods of which none was in the data before. */
  readonly born: number | null
  readonly confounders: readonly string[]
}

/** All that was found of the corridors of one question. */
export interface Found {
  readonly corridors: Corridors
  readonly histories: Histories
  readonly hubs: readonly FoundHub[]
  /** By the leading baseline first, then by each that any hub has. */
  readonly bounds: readonly BoundsBy[]
  /** What could have passed along chains of hubs, by kind, in currency; empty where it is not known. */
  readonly chains: ReadonlyMap<HubStatus, number>
  readonly draws: number
  readonly caveats: readonly string[]
}

/** Units of goods of some hubs, by hub and leg. */
async function unitsOf(corridors: Corridors, hubs: readonly string[]): Promise<(hub: string, leg: string) => Row[]> {
  const plan = {
    statement: cellsStatement,
    values: { ...corridors.values, hubs },
    order: ['leg', 'hub', 'unit', 'listed'],
    every_importer: true,
  }
  const found = new Map<string, Row[]>()
  for (const row of hubs.length === 0 ? [] : await corridors.reader.rows(plan, cellColumns)) {
    const name = `${row['hub']} ${row['leg']}`
    const those = found.get(name)
    if (those) those.push(row)
    else found.set(name, [row])
  }
  return (hub, leg) => found.get(`${hub} ${leg}`) ?? []
}

/**
 * Growth of listed goods beyond that of others in the year before, mean over goods, of every importer to which the origins
 * sell enough: what a placebo date gives.
 */
async function placebosOf(given: CorridorGiven, corridors: Corridors, histories: Histories): Promise<number[]> {
  if (corridors.span.windows.length < 2 || !histories.unlisted_units) return []
  const plan = {
    statement: quietStatement,
    values: { ...corridors.values, offset: given.offset },
    order: ['hub', 'listed'],
    every_importer: true,
  }
  interface Grown {
    readonly units: number
    readonly growth: number
    readonly squares: number
  }
  const grown = new Map<string, Grown[]>()
  for (const row of await corridors.reader.rows(plan, ['hub', 'listed', 'units', 'growth', 'squares'])) {
    const pair = grown.get(String(row['hub'])) ?? []
    pair[Number(row['listed'])] = {
      units: Number(row['units']),
      growth: Number(row['growth']) / 1e12,
      squares: Number(row['squares']) / 1e6,
    }
    grown.set(String(row['hub']), pair)
  }
  return [...grown].flatMap(([hub, [others, listed]]) => {
    if (!others || !listed || others.units < 2 || listed.units < 2) return []
    if (corridors.first_windows(hub) < 2 || histories.sold(hub) < given.min_value) return []
    return standardDifference(
      listed.growth / listed.units - others.growth / others.units,
      { listed: listed.units, others: others.units },
      { sum: listed.growth + others.growth, squares: listed.squares + others.squares },
    )
  })
}

/** Of what is sold after the event, in goods of which none was in the data before: so much that codes, not trade, changed. */
const mostBorn = 0.5
const fewestPeriods = 3

/**
 * Find for every hub what its legs did, by every baseline, how likely that is by chance, and what it amounts to: once for
 * the verdicts and for their evidence.
 * @throws Refusal where the question names too little, or the dataset cannot carry it
 */
export const divert = (given: CorridorGiven, context: Context): Promise<Found> =>
  context.once('diversion', given, (own) => corridorFindings(given, own))

async function corridorFindings(given: CorridorGiven, context: Context): Promise<Found> {
  const corridors = await corridorsIn(given, context)
  const histories = await historiesOf(given, corridors, context)
  const bounds = await boundsOf(corridors, histories)
  const chains = await chainsOf(corridors, histories)
  const leading = bounds[0] as BoundsBy
  const { span, hubs } = corridors
  const large = hubs.filter(({ economy }) => {
    const first = histories.of('first', economy)
    return first && first.values.listed.post >= given.min_value
  })
  const names = large.map(({ economy }) => economy)
  const units = await unitsOf(corridors, names)
  const prices = await pricesOf(corridors, names)
  const money = currencyChange(corridors)
  const asUnits = (rows: readonly Row[], windows: number): CorridorUnit[] =>
    rows.map((row) => ({
      listed: row['listed'] === 1,
      post: Number(row['post']),
      last: Number(row['last']),
      prior: windows > 1 ? Number(row['prior']) : null,
    }))
  const testable = histories.unlisted_units ? large : []
  const draws = drawsFor(2 * testable.length, given.draws)
  // Where every importer is asked about, the hubs tested are all there are.
  const placebos =
    given.hub.length > 0 && testable.length > 0 ? { placebos: await placebosOf(given, corridors, histories) } : {}
  const tested = testable.map(({ economy, status, second, first_windows, second_windows }) => ({
    hub: economy,
    kind: status,
    first: asUnits(units(economy, 'first'), first_windows),
    second: second ? asUnits(units(economy, second), second_windows) : undefined,
  }))
  const settings = { draws, seed: given.seed, offset: given.offset, ...placebos }
  const tests = new Map((await testHubs(tested, settings, context.compute)).map((one) => [one.hub, one]))
  const found = hubs.map((hub): FoundHub => {
    const first = histories.of('first', hub.economy)
    const second = hub.second && histories.of(hub.second, hub.economy)
    const through = leading.of(hub.economy)
    const listed = units(hub.economy, 'first').filter((row) => row['listed'] === 1)
    const post = first?.values.listed.post ?? 0
    const born = listed.length > 0 && post > 0 ? listed.reduce((sum, row) => sum + Number(row['born']), 0) / post : null
    const excess = first && first.leading.expected !== null ? post - first.leading.expected : 0
    const tested = tests.get(hub.economy)
    const judgement = judge({
      direct_observed: corridors.direct_observed,
      first_observed: first !== undefined,
      post,
      floor: given.min_value,
      excess,
      excess_floor: given.min_excess,
      // Whole years have no months to count.
      post_periods:
        corridors.manifest.frequency === 'month' ? Math.max(0, ...listed.map((row) => Number(row['months']))) : 1,
      fewest_post_periods: corridors.manifest.frequency === 'month' ? Math.min(fewestPeriods, span.post.length) : 0,
      pre_months: span.pre_months,
      windows: hub.first_windows,
      first_rate: tested?.first_rate ?? null,
      second_rate: tested?.second_rate ?? null,
      second_observed: hub.second !== undefined,
      through: through.through_low,
      parallel_before: tested?.parallel_before ?? null,
      code_change: born !== null && excess > 0 && born * post > mostBorn * excess,
      placebo: tested?.placebo_p ?? null,
    })
    return {
      hub,
      first,
      second,
      tests: tested,
      judgement,
      born,
      confounders: confoundersOf(corridors, histories, hub, first, born, prices.get(hub.economy), money),
    }
  })
  return {
    corridors,
    histories,
    hubs: found,
    bounds,
    chains,
    draws,
    caveats: [...corridors.caveats, ...histories.caveats],
  }
}

/** Above which a rise of prices is named, and of how much of what was sold the weight must be known for that. */
const leastPrice = 1.1
const leastWeighed = 0.5
/** A move of the currency that is named. */
const leastMove = 0.05

/** What else could have made a first leg grow, of what the data let one see. */
function confoundersOf(
  corridors: Corridors,
  histories: Histories,
  hub: Hub,
  first: LegHistory | undefined,
  born: number | null,
  price: PriceChange | undefined,
  money: CurrencyChange | undefined,
): string[] {
  if (!first || first.before === null) return []
  const { listed, unlisted } = first.values
  const raw = listed.post - first.before
  const did = first.baselines.find(({ name }) => name === 'unlisted-growth')?.expected ?? null
  const explained = did !== null && raw > 0 ? (did - first.before) / raw : 0
  const dearer =
    price && price.price > leastPrice && price.weighed >= leastWeighed * listed.post ? price.price : undefined
  const mirror = histories.of('first mirror', hub.economy)
  const arrived =
    mirror && mirror.before !== null && raw > 0 ? (mirror.values.listed.post - mirror.before) / raw : undefined
  const percentage = (share: number) => `${Math.round(share * 100)} %`
  return [
    ...(explained > 0.1
      ? [`demand: other goods grew too, which would explain ${percentage(Math.min(1, explained))} of the rise`]
      : []),
    ...(dearer !== undefined && raw > 0
      ? [
          `prices: a kilogram cost ${dearer.toFixed(2)} times as much, which would explain ${percentage(Math.min(1, (listed.post - listed.post / dearer) / raw))} of the rise`,
        ]
      : []),
    ...(money && Math.abs(money.factor - 1) > leastMove
      ? [
          `exchange rate: in ${money.other} every ratio is ${money.factor.toFixed(3)} of what it is in ${money.currency}`,
        ]
      : []),
    ...(born !== null && born >= 0.1
      ? [`codes: ${percentage(born)} of it is in goods of which none was in the data before`]
      : []),
    ...(first.before > 0 && first.before < 1_000_000 ? ['tiny base before'] : []),
    ...(arrived !== undefined && arrived < 0.8
      ? [`ghost trade: the hub itself records ${percentage(Math.max(0, arrived))} of the rise as arrived`]
      : []),
    ...(corridors.listed.products.some((one) => one.listed === 'partly') ? ['the list is finer than the data'] : []),
    ...(corridors.span.windows
      .slice(0, Number(corridors.values['mean_windows']))
      .flat()
      .some((period) => Math.floor(period / 100) === 2020)
      ? ['the base is of 2020, a year of the pandemic']
      : []),
    ...(unlisted === undefined ? ['growth common to all goods is not known'] : []),
  ]
}

/** The interval of an excess over all baselines that a leg has. */
export function excessRange({ baselines, values }: LegHistory): { low: number; high: number } {
  const all = baselines.flatMap(({ expected }) => (expected === null ? [] : [values.listed.post - expected]))
  return { low: Math.min(...all), high: Math.max(...all) }
}

/** Ratio of listed goods' growth to that of others over a leg; null where either is unknown or was nothing. */
export function ratioOfRatios(
  { listed, unlisted }: LegValues,
  from: (windows: readonly number[]) => number,
  to: 'post' | number,
): number | null {
  const at = (goods: { post: number; windows: readonly number[] }) =>
    to === 'post' ? goods.post : (goods.windows[to] ?? 0)
  if (!unlisted) return null
  const growth = (goods: { post: number; windows: readonly number[] }) => {
    const before = from(goods.windows)
    return before > 0 ? at(goods) / before : null
  }
  const [one, other] = [growth(listed), growth(unlisted)]
  return one === null || other === null || other === 0 ? null : one / other
}

type LegValues = LegHistory['values']

/** Hubs of one kind, in words, for rows that are their sum. */
export const poolNames: Readonly<Record<HubStatus, string>> = {
  free: 'free hubs',
  coalition: 'coalition hubs',
  restricted: 'restricted hubs',
}
