import type { PeriodWindow, Selection } from '../analyses/analysis.ts'
import type { Bound } from '../engine/engine.ts'
import { periodName } from '../wording.ts'
import { isOfWorld, needOf } from './measures.ts'
import type { Alignment, Criterion, Fraction, Method, Window } from './methods.ts'

/** What a reader chooses beside the methods, names resolved. */
export interface Choices {
  /** The supplier asked about as named in flow, '' for the leading one of each purchase. */
  readonly supplier: string
  /** The coalition's members as named in flow; empty where none was named. */
  readonly coalition: readonly string[]
  /** Exports that imports are compared with, in place of each method's own; '' leaves them. */
  readonly exports: '' | 'total' | 'extra'
  /** Whether windows end in the period judged or have it in their middle. */
  readonly alignment: Alignment
  readonly min_value: number
}

/** Methods, their criteria and what stands against them, in the form that the measures take. */
export interface Binding {
  readonly values: Readonly<Record<string, Bound>>
  /** Whether flows are summed over windows, and read for what is bought for enough alone. */
  readonly windows: boolean
  /** Count of pages that the methods are on. */
  readonly pages: number
  readonly caveats: readonly string[]
}

/** A method's rows in a long answer: its criteria, and the count of periods of a window that must hold. */
interface Item {
  readonly method: number
  /** The place of the criterion in the lists, 0 for the count of periods. */
  readonly criterion: number
  readonly measure: string
  readonly operator: string
  readonly exports: string
  readonly threshold: Fraction
  readonly counts: boolean
  readonly obstacle: string
}

/** Methods that share a whole number: 12 digits of 5 bits each. */
const onPage = 12
const base = 32n
/** What years are multiplied with in the name of a window, which ends in the period. */
const windowName = 1_000_000

const after = (years: number, alignment: Alignment) => (alignment === 'centred' ? Math.floor((years - 1) / 2) : 0)

const alignmentOf = (window: Window, chosen: Alignment) =>
  window.rule === 'at least' ? (window.alignment ?? chosen) : chosen

/** The windows that methods judge by. */
export function windowsOf(methods: readonly Method[], alignment: Alignment): PeriodWindow[] {
  const windows = methods.flatMap(({ window }) =>
    window.rule === 'period'
      ? []
      : [{ years: window.years, after: after(window.years, alignmentOf(window, alignment)) }],
  )
  return windows.filter(
    (one, at) => windows.findIndex((other) => other.years === one.years && other.after === one.after) === at,
  )
}

const divisor = (one: number, other: number): number => (other === 0 ? one : divisor(other, one % other))

const reduced = ({ numerator, denominator }: Fraction): Fraction => {
  const common = divisor(numerator, denominator) || 1
  return { numerator: numerator / common, denominator: denominator / common }
}

/** A criterion with everything that makes it another: one that two methods share is judged, and counted, once. */
interface Distinct extends Criterion {
  readonly years: number
}

function distinctly(criterion: Criterion, method: Method, choices: Choices): Distinct {
  const compared = criterion.measure === 'imports_to_exports'
  return {
    ...criterion,
    threshold: reduced(criterion.threshold),
    exports: compared ? choices.exports || criterion.exports : 'extra',
    years: method.window.rule === 'sum' ? method.window.years : 0,
  }
}

const keyOf = (criterion: Distinct) =>
  [
    criterion.measure,
    criterion.operator,
    criterion.threshold.numerator,
    criterion.threshold.denominator,
    criterion.exports,
    criterion.years,
  ].join(' ')

/** What the data, or the question, does not have for a measure or a method, in words. */
function lackOf(need: string | undefined, selection: Selection, choices: Choices): string {
  if (need === 'exports' && !selection.covers_exports)
    return 'the dataset does not have the exports of all suppliers: reconciled flows do'
  if (need === 'coalition' && choices.coalition.length === 0) return 'no coalition was named: --coalition G7'
  return ''
}

/** A verdict that the data cannot carry, or can carry only in part, in one judged period. */
interface Obstacle {
  readonly method: number
  readonly period: number
  readonly open: boolean
  readonly reason: string
}

function obstacleTo(method: Method, period: number, selection: Selection, choices: Choices) {
  for (const need of method.needs) {
    const lack = lackOf(need, selection, choices)
    if (lack !== '') return { open: false, reason: lack }
  }
  const window = windowOf(method, period, selection, choices)
  if (window && window.missing.length > 0)
    return {
      open: false,
      reason: `its window of ${window.years} years needs ${window.missing.map(periodName).join(', ')}, which the dataset does not have`,
    }
  const { estimated_periods } = selection.manifest
  const estimated = (window?.periods ?? [period]).filter((one) =>
    estimated_periods.some((stored) => stored === one || Math.floor(stored / 100) * 100 === one),
  )
  if (estimated.length > 0)
    return { open: true, reason: `${estimated.map(periodName).join(', ')} is estimated by the publisher` }
  return undefined
}

function windowOf(method: Method, period: number, selection: Selection, choices: Choices) {
  const { window } = method
  if (window.rule === 'period') return undefined
  const later = after(window.years, alignmentOf(window, choices.alignment))
  return selection.windows.find((one) => one.period === period && one.years === window.years && one.after === later)
}

/**
 * What the statements of screening are bound to. Every list stands for a small table; criteria that methods share stand
 * once. Methods from `voters` on take no part in agreement: variants of those before them.
 */
export function bind(
  methods: readonly Method[],
  selection: Selection,
  choices: Choices,
  voters: number = methods.length,
): Binding {
  const criteria: Distinct[] = []
  const placeOf = (criterion: Distinct) => {
    const known = criteria.findIndex((one) => keyOf(one) === keyOf(criterion))
    return known >= 0 ? known + 1 : criteria.push(criterion)
  }
  const lists = methods.map((method) => {
    const places = (list: readonly Criterion[]) => [
      ...new Set(list.map((criterion) => placeOf(distinctly(criterion, method, choices)))),
    ]
    return { required: places(method.criteria), also: places(method.also) }
  })
  const earlier = new Set(
    methods.flatMap((method, at) => (method.window.rule === 'at least' ? (lists[at]?.required ?? []) : [])),
  )
  // One that each purchase is held against says what was bought, whatever else is met: by which purchases of other periods
  // are seen as well, where there is such a one. The period itself is looked at even where all is summed over windows.
  const present =
    Math.min(...earlier) < Infinity
      ? Math.min(...earlier)
      : criteria.findIndex((criterion) => criterion.years === 0) + 1 || placeOf(presence)
  const votes = new Set(
    lists
      .slice(0, voters)
      .flatMap((list) => list.required)
      .filter((place) => lackOf(needOf((criteria[place - 1] as Distinct).measure), selection, choices) === ''),
  )

  const pages = Array.from({ length: Math.ceil(methods.length / onPage) }, (_, page) => page)
  const digit = (at: number) => base ** BigInt(at % onPage)
  const tally = pages.flatMap((page) =>
    criteria.flatMap((_, at) => {
      const place = at + 1
      const weight = lists.reduce(
        (sum, list, method) =>
          Math.floor(method / onPage) === page && list.required.includes(place) ? sum + digit(method) : sum,
        0n,
      )
      const vote = votes.has(place) ? voteOf(criteria, votes, place) : 0
      return weight > 0n || vote > 0 || place === present ? [{ place, page, weight, vote }] : []
    }),
  )

  const obstacles: Obstacle[] = []
  const steps = selection.periods.flatMap((period) => [
    ...methods.flatMap((method, at) => {
      const obstacle = obstacleTo(method, period, selection, choices)
      if (obstacle) obstacles.push({ method: at + 1, period, ...obstacle })
      const window = windowOf(method, period, selection, choices)
      if (method.window.rule !== 'at least' || !window || window.missing.length > 0) return []
      return window.periods.map((one) => ({
        judged: period,
        period: one,
        page: Math.floor(at / onPage),
        place: digit(at),
        next: digit(at) * base,
        need: lists[at]?.required.length ?? 0,
      }))
    }),
  ])
  const summed = new Set(criteria.map((criterion) => criterion.years))
  const pooled = selection.windows
    .filter(
      ({ missing, years, after: later }) =>
        missing.length === 0 && summed.has(years) && later === after(years, choices.alignment),
    )
    .flatMap((window) => window.periods.map((period) => ({ name: window.years * windowName + window.period, period })))
  // Of a window, exports of others are needed only where a criterion looks at them.
  const world = criteria.some(({ years, measure }) => years > 0 && isOfWorld(measure))
  const sellers = world
    ? []
    : selection.importers.flatMap(
        (label) => selection.buying_blocs.find((bloc) => bloc.label === label)?.members ?? label,
      )
  // A criterion of a window says something only where all of its periods are there.
  const votesIn = (period: number, vote: 1 | 2) =>
    criteria.filter(
      ({ years }, at) =>
        votes.has(at + 1) &&
        voteOf(criteria, votes, at + 1) === vote &&
        (years === 0 || pooled.some((one) => one.name === years * windowName + period)),
    ).length
  const items = itemsOf(methods, lists, criteria, selection, choices)

  return {
    // Of all importers most purchases are never judged: what was bought for enough is found first, as it is for windows.
    windows: pooled.length > 0 || (steps.length > 0 && choices.min_value > 0 && selection.importers.length === 0),
    pages: pages.length,
    caveats: caveatsOf(methods, obstacles),
    values: {
      named_supplier: choices.supplier,
      named_coalition: choices.coalition,
      blocs: selection.buying_blocs.map((bloc) => bloc.label),
      judged_periods: selection.periods,
      judged_votes: selection.periods.map((period) => votesIn(period, 1)),
      judged_bloc_votes: selection.periods.map((period) => votesIn(period, 2)),
      beside_judged: steps.length > 0 ? 1 : 0,
      min_value: choices.min_value,
      window_name: pooled.map((one) => one.name),
      window_period: pooled.map((one) => one.period),
      window_sellers: sellers,
      window_world: Number(world),
      criterion_measure: criteria.map((criterion) => criterion.measure),
      criterion_exports: criteria.map((criterion) => criterion.exports),
      criterion_years: criteria.map((criterion) => criterion.years),
      criterion_below: criteria.map((criterion) => (criterion.operator.startsWith('<') ? 1 : 0)),
      criterion_strict: criteria.map((criterion) => (criterion.operator.endsWith('=') ? 0 : 1)),
      criterion_numerator: criteria.map((criterion) => criterion.threshold.numerator),
      criterion_denominator: criteria.map((criterion) => criterion.threshold.denominator),
      criterion_earlier: criteria.map((_, at) => (earlier.has(at + 1) ? 1 : 0)),
      present,
      tally_criterion: tally.map((one) => one.place),
      tally_page: tally.map((one) => one.page),
      tally_weight: tally.map((one) => one.weight),
      tally_vote: tally.map((one) => one.vote),
      step_judged: steps.map((step) => step.judged),
      step_period: steps.map((step) => step.period),
      step_page: steps.map((step) => step.page),
      step_place: steps.map((step) => step.place),
      step_next: steps.map((step) => step.next),
      step_need: steps.map((step) => step.need),
      method_page: methods.map((_, at) => Math.floor(at / onPage)),
      method_place: methods.map((_, at) => digit(at)),
      method_next: methods.map((_, at) => digit(at) * base),
      method_need: lists.map((list) => list.required.length),
      method_years: methods.map(({ window }) => (window.rule === 'at least' ? window.years : 0)),
      method_hold: methods.map(({ window }) => (window.rule === 'at least' ? window.hold : 0)),
      method_now: methods.map(({ window }) => (window.rule === 'at least' && window.now ? 1 : 0)),
      method_name: methods.map((method) => method.name),
      method_short: methods.map((method) => method.short),
      obstacle_method: obstacles.map((obstacle) => obstacle.method),
      obstacle_period: obstacles.map((obstacle) => obstacle.period),
      obstacle_open: obstacles.map((obstacle) => (obstacle.open ? 1 : 0)),
      obstacle_reason: obstacles.map((obstacle) => obstacle.reason),
      item_method: items.map((item) => item.method),
      item_criterion: items.map((item) => item.criterion),
      item_measure: items.map((item) => item.measure),
      item_operator: items.map((item) => item.operator),
      item_exports: items.map((item) => item.exports),
      item_numerator: items.map((item) => item.threshold.numerator),
      item_denominator: items.map((item) => item.threshold.denominator),
      item_counts: items.map((item) => (item.counts ? 1 : 0)),
      item_obstacle: items.map((item) => item.obstacle),
    },
  }
}

/** 1, or 2 for blocs only: a single economy has no members to sell to, so all its exports are those to outsiders. */
function voteOf(criteria: readonly Distinct[], votes: ReadonlySet<number>, place: number): 1 | 2 {
  const criterion = criteria[place - 1] as Distinct
  const same = keyOf({ ...criterion, exports: 'extra' })
  const twin = criteria.findIndex((other, at) => at + 1 !== place && votes.has(at + 1) && keyOf(other) === same)
  return twin >= 0 ? 2 : 1
}

const presence: Distinct = {
  measure: 'import_hhi',
  operator: '>',
  threshold: { numerator: 1, denominator: 1 },
  exports: 'extra',
  years: 0,
}

function itemsOf(
  methods: readonly Method[],
  lists: readonly { readonly required: readonly number[]; readonly also: readonly number[] }[],
  criteria: readonly Distinct[],
  selection: Selection,
  choices: Choices,
): Item[] {
  return methods.flatMap((method, at) => {
    const list = lists[at] ?? { required: [], also: [] }
    const rows = [...list.required, ...list.also].map((place, order): Item => {
      const { measure, operator, exports, threshold } = criteria[place - 1] as Distinct
      return {
        method: at + 1,
        criterion: place,
        measure,
        operator,
        exports: measure === 'imports_to_exports' ? exports : '',
        threshold,
        counts: order < list.required.length,
        obstacle: lackOf(needOf(measure), selection, choices),
      }
    })
    if (method.window.rule !== 'at least') return rows
    const held = { numerator: method.window.hold, denominator: 1 }
    const own = rows.map((row) => ({ ...row, counts: method.window.rule === 'at least' && method.window.now }))
    return [
      ...own,
      {
        method: at + 1,
        criterion: 0,
        measure: 'periods_held',
        operator: '>=',
        exports: '',
        threshold: held,
        counts: true,
        obstacle: '',
      },
    ]
  })
}

/** Each obstacle once: the methods that it stands against, and the periods. */
function caveatsOf(methods: readonly Method[], obstacles: readonly Obstacle[]): string[] {
  const told = new Map<string, { names: Set<string>; periods: Set<number> }>()
  for (const { method, period, open, reason } of obstacles) {
    const key = `${open ? 'Undetermined' : 'No verdict'} of METHODS for PERIODS: ${reason}.`
    const known = told.get(key) ?? { names: new Set<string>(), periods: new Set<number>() }
    known.names.add((methods[method - 1] as Method).name)
    known.periods.add(period)
    told.set(key, known)
  }
  return [...told].map(([text, { names, periods }]) =>
    text.replace('METHODS', [...names].join(', ')).replace('PERIODS', [...periods].map(periodName).join(', ')),
  )
}
