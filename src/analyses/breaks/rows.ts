import { economyInWords } from '../../reference/economies.ts'
import { Refusal } from '../../refusal.ts'
import type { Compute } from '../../threads/work.ts'
import { amount, percent, periodName, scaled } from '../../wording.ts'
import type { Row, Selection } from '../analysis.ts'
import { goodsName } from '../cases.ts'
import {
  aheadOf,
  breakSearch,
  evidenceOf,
  type Found,
  type Method,
  type Model,
  type Prepared,
  prepared,
  type Search,
} from './dating.ts'
import { controlsBeside, type EventMonths, seasonWindow } from './events.ts'
import type { TradeSeries } from './series.ts'

/** How series are dated. */
export interface Asked extends Search {
  readonly of: 'value' | 'mass'
  readonly method: readonly Method[]
  readonly model: Model | 'auto'
  readonly season: string
}

const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : null)

const meanOf = (values: readonly number[], from: number, to: number) =>
  values.slice(from, to).reduce((sum, value) => sum + value, 0) / (to - from)

const monthsFrom = (from: number, to: number) =>
  from % 100 === 0
    ? (to - from) / 100
    : (Math.floor(to / 100) - Math.floor(from / 100)) * 12 + (to % 100) - (from % 100)

/** What stands in a row without a break. */
const blank = {
  break: 0,
  date: null,
  date_low: null,
  date_high: null,
  step: null,
  step_log: null,
  level_before: null,
  level_after: null,
  wald: null,
  wald_p: null,
  block_p: null,
  autocorrelation: null,
  lag: null,
  events: '',
  before: null,
  dispersion: null,
}

function nothingFound({ periods, values }: TradeSeries, method: Method): string {
  if (periods.length < 6) return `${periods.length} periods are too few`
  if (values.every((value) => value === values[0])) return 'it never changes'
  return method === 'chow' ? 'the event leaves fewer than two periods on a side' : 'no division is better than none'
}

/** A series as it is tested, and where in it the event is. */
interface Posed {
  readonly trade: TradeSeries
  readonly tested: Prepared
  /** The period as stored from which the event counts, and the place of the first one from then on. */
  readonly start: number | undefined
  readonly known: number | undefined
}

function posed(trade: TradeSeries, asked: Asked, event: EventMonths | undefined, selection: Selection): Posed {
  if (asked.model === 'log' && trade.values.some((value) => value <= 0))
    throw new Refusal(
      'no_data',
      'breaks/zero',
      `${trade.product}: nothing was traded in some periods, and 0 has no logarithm: --model poisson keeps it`,
    )
  const monthly = selection.manifest.frequency === 'month'
  const start = event && (monthly ? event.effective : Math.floor(event.effective / 100) * 100)
  const known = start === undefined ? undefined : trade.periods.findIndex((period) => period >= start)
  return { trade, tested: prepared(trade, asked.model, seasonWindow(trade, asked.season, event)), start, known }
}

/** The breaks of each series by each method, and what must be said of it. */
export async function datedRows(
  all: readonly TradeSeries[],
  asked: Asked,
  event: EventMonths | undefined,
  selection: Selection,
  compute: Compute,
): Promise<{ readonly rows: readonly Row[]; readonly caveats: readonly string[] }[]> {
  const { trim, min_segment, max_breaks, seed, method: methods } = asked
  const search = { trim, min_segment, max_breaks, seed }
  const series = all.map((trade) => posed(trade, asked, event, selection))
  const found = await compute(
    breakSearch,
    series.flatMap(({ tested, known }) => methods.map((method) => [method, tested.series, known, search] as const)),
  )
  return series.map((one, place) => {
    const own = found.slice(place * methods.length, (place + 1) * methods.length)
    return rowsOf(one, own, asked, event, selection)
  })
}

function rowsOf(
  { trade, tested, start }: Posed,
  found: readonly Found[],
  asked: Asked,
  event: EventMonths | undefined,
  selection: Selection,
): { readonly rows: readonly Row[]; readonly caveats: readonly string[] } {
  const { model, season_months, even } = tested
  const monthly = selection.manifest.frequency === 'month'
  const beside = controlsBeside(trade, selection)
  const partly = beside.all.filter(({ goods }) => goods === 'partly').map(({ control }) => control.id)
  const ahead =
    monthly && event?.announced !== undefined ? aheadOf(trade, even, event.announced, event.effective) : null
  const thought = [
    ...(ahead?.rose ? ['stock-piling between announcement and event (anticipation)'] : []),
    ...(partly.length > 0 ? [`the code is wider than the goods of ${partly.join(', ')}`] : []),
  ]
  const unconfirmed = new Set<string>()

  const rowOf = ({ tested, from, to }: Found['breaks'][number], own: Found['own']): Row => {
    const place = from + tested.b
    const within = (off: number) => trade.periods[Math.min(to - 1, Math.max(from, place + off))] as number
    const [date, low, high] = [within(0), within(-tested.margin), within(tested.margin)]
    const near = beside.within(low, high)
    for (const { id, source_read } of near) if (!source_read) unconfirmed.add(id)
    const named =
      event && start !== undefined && start >= low && start <= high && !near.some(({ id }) => id === event.text)
    const { statistic, p } = own ?? tested
    const { evidence, reasons } = evidenceOf(tested, p)
    return {
      date,
      date_low: low,
      date_high: high,
      step: finite(model === 'level' ? tested.step / meanOf(even, from, place) : Math.exp(tested.step) - 1),
      step_log: finite(tested.step),
      level_before: meanOf(trade.values, from, place),
      level_after: meanOf(trade.values, place, to),
      statistic,
      p,
      wald: tested.wald,
      wald_p: tested.wald_p,
      block_p: tested.block_p,
      autocorrelation: tested.autocorrelation,
      evidence,
      lag: start === undefined ? null : monthsFrom(start, date),
      events: [...near.map(({ id }) => id), ...(named ? [event.text] : [])].join(', '),
      before: tested.b,
      dispersion: tested.dispersion,
      reasons: [...reasons, ...thought].join('; '),
    }
  }

  const rows = asked.method.flatMap((method, place): Row[] => {
    const { breaks, own, penalty, criterion, averages } = found[place] as Found
    const common = {
      importer: trade.importer,
      supplier: trade.supplier,
      product: trade.product,
      method,
      ahead: ahead?.ahead ?? null,
      missing: ahead?.missing ?? null,
      ratio: ahead?.ratio ?? null,
      model,
      season_months,
      periods: trade.periods.length,
      penalty,
      criterion,
      exp_f: finite(averages?.expF),
      ave_f: finite(averages?.aveF),
    }
    if (breaks.length > 0) return breaks.map((one, at) => ({ ...common, break: at + 1, ...rowOf(one, own) }))
    const reasons = [nothingFound(trade, method), ...thought].join('; ')
    return [
      {
        ...blank,
        ...common,
        statistic: own?.statistic ?? null,
        p: own?.p ?? null,
        evidence: 'none',
        reasons,
      },
    ]
  })

  const written = (value: number) =>
    asked.of === 'mass' ? `${scaled(value)} tonnes` : amount(value, selection.manifest.currency)
  const goods = goodsName(trade.product, selection)
  return {
    rows,
    caveats: [
      ...trade.caveats,
      ...(trade.missing > 0
        ? [`Left out: periods that nobody reported${asked.of === 'mass' ? ', or whose weight is not known' : ''}.`]
        : []),
      ...(monthly && season_months === 0 && asked.season !== 'none'
        ? [
            'The season is left in where fewer than three whole years tell it: dates may be those of a season. --season 2022-01 takes two years as well.',
          ]
        : []),
      ...(ahead?.rose
        ? [
            `Stock-piling (anticipation): of ${goods} ${written(ahead.ahead)} more than usual was traded between the announcement and the event, ${ahead.missing > 0 ? `${written(ahead.missing)} less` : `${written(-ahead.missing)} more`} in the first four months from then on.`,
          ]
        : []),
      ...(partly.length > 0
        ? [
            `${goods} is wider than the goods controlled by ${partly.join(', ')}: what moves in it may be other goods, so it can neither show nor rule out an effect.`,
          ]
        : []),
      ...[...unconfirmed].sort().map((id) => `The dates of ${id} are not confirmed from the source.`),
    ],
  }
}

/** Series that a sentence names. */
const mostTold = 5

/** "Of 5 series 5 have a break: all goods from European Union to Armenia at 2022-05 (+180.6 %), to Georgia at …" */
export function headlineOf(rows: readonly Row[], first: Method, selection: Selection): string | undefined {
  const own = rows.filter((row) => row['method'] === first && Number(row['break']) <= 1)
  const [only] = own
  if (!only) return undefined
  const goods = (row: Row) => goodsName(String(row['product']), selection)
  const from = (row: Row) => (row['supplier'] === 'ALL' ? '' : ` from ${economyInWords(String(row['supplier']))}`)
  const to = (row: Row) => (row['importer'] === 'ALL' ? '' : ` to ${economyInWords(String(row['importer']))}`)
  const of = (row: Row) => `${goods(row)}${from(row)}${to(row)}`
  const changed = (row: Row) => {
    const step =
      row['step'] === null
        ? 'from nothing'
        : `${Number(row['step']) >= 0 ? '+' : '−'}${percent(Math.abs(Number(row['step'])))}`
    return `${periodName(Number(row['date']))} (${step})`
  }
  const found = own.filter((row) => row['date'] !== null)
  const word = (row: Row) =>
    row['evidence'] === 'break'
      ? ''
      : row['evidence'] === 'descriptive'
        ? ', as a description only'
        : ', no more than without a break'
  if (own.length === 1) {
    const [row] = found
    if (!row) return `No break is found in ${of(only)}: ${only['reasons']}.`
    const margin =
      row['date_low'] === row['date_high']
        ? ''
        : `, between ${periodName(Number(row['date_low']))} and ${periodName(Number(row['date_high']))}`
    const more = rows.filter((one) => one['method'] === first).length
    return `Trade in ${of(row)} shifts at ${changed(row)}${margin}${word(row)}${more > 1 ? `; it is the first of ${more} breaks` : ''}.`
  }
  const told = (evidence: string) => {
    const rows = found.filter((row) => row['evidence'] === evidence)
    const [one] = rows
    const alike = one && rows.every((row) => goods(row) === goods(one) && from(row) === from(one))
    const listed = rows
      .slice(0, mostTold)
      .map((row, at) => `${alike && at > 0 ? to(row).trimStart() || of(row) : of(row)} at ${changed(row)}`)
    return { count: rows.length, text: `${listed.join(', ')}${rows.length > mostTold ? ', …' : ''}` }
  }
  const [sure, described] = [told('break'), told('descriptive')]
  const count = sure.count === 0 ? 'none has' : sure.count === 1 ? '1 has' : `${sure.count} have`
  return `Of ${own.length} series ${count} a break that every test bears out${sure.count > 0 ? `: ${sure.text}` : ''}${described.count > 0 ? `; as a description only, ${described.text}` : ''}.`
}
