import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { type Control, controlsBetween, eventOf, isDay } from '../../reference/controls.ts'
import { economyName } from '../../reference/economies.ts'
import { productGroups } from '../../reference/product-groups.ts'
import { Refusal } from '../../refusal.ts'
import { percent, periodAfter, periodName } from '../../wording.ts'
import { defineAnalysis, type FlowNeeds, type Row, type Selection } from '../analysis.ts'
import { goodsName } from '../cases.ts'
import { controlParameters } from '../controlling.ts'
import { count, flowParameters } from '../fields.ts'
import { aheadOf, datedBreaks, evidenceOf, type Method, methods, prepared } from './dating.ts'
import { type TradeSeries, tradeSeries } from './series.ts'

const { min_value: _, period: given_period, importer, supplier, ...question } = flowParameters

const parameters = z.strictObject({
  ...question,
  importer: importer.meta({ description: 'Who buys: economies or blocs, each a series; all as one where left out' }),
  supplier: supplier.meta({
    description: 'Who sells: economies or blocs, each a series; all as one where left out; CHN+HKG counts both as one',
  }),
  period: given_period.meta({ description: '2019-2023 or 2021-03:2022-11; all periods where left out' }),
  of: z.enum(['value', 'mass']).default('value').meta({ description: 'What is dated: value, or weight' }),
  method: z
    .array(z.enum(methods))
    .readonly()
    .default(['sup-f'])
    .meta({ description: 'How dates are found; several stand side by side. chow tests the date of the event' }),
  model: z
    .enum(['auto', 'log', 'level', 'poisson'])
    .default('auto')
    .meta({ description: 'Scale: logs where nothing is 0, else counts by Poisson likelihood; or one of them' }),
  event: controlParameters.event.meta({
    description: 'What is looked at beside the dates: a month, 2022-02, a day, or a control by its id',
  }),
  announced: z
    .string()
    .default('')
    .meta({ description: 'When the event was announced, a month or a day; the control’s own where left out' }),
  season: z.string().default('').meta({
    description:
      'Whole years before this month tell the season, two at least: 2022-01; three before the event, or the first three if two follow, where left out; none leaves it in',
  }),
  trim: z
    .number()
    .min(0.02)
    .max(0.4)
    .default(0.15)
    .meta({ description: 'No break this near to either end', unit: 'share 0-1' }),
  min_segment: z
    .int()
    .min(0)
    .max(120)
    .default(0)
    .meta({ description: 'Shortest stretch between breaks, in periods; by trim where 0, 2 for penalised searches' }),
  max_breaks: z.int().min(1).max(8).default(5).meta({ description: 'bai-perron: most breaks that are tried' }),
  seed: z
    .int()
    .min(0)
    .max(4294967295)
    .default(1)
    .meta({ description: 'Of the draws that p, wald_p and block_p count' }),
})

const probability = z.number().min(0).max(1).nullable()
const statistic = z.number().nullable()
const date = z.int().nullable()
const level = z.number().nullable()
const perPeriod = 'currency a period, or tonnes'

const columns = z.strictObject({
  importer: z.string().meta({ description: 'Who buys; ALL is everyone together', unit: 'economy' }),
  supplier: z.string().meta({ description: 'Who sells; ALL is everyone together', unit: 'economy' }),
  product: z.string().meta({ description: 'HS or CN code, a group, or TOTAL', unit: 'product' }),
  method: z.enum(methods).meta({ description: 'How the date was found', unit: 'text' }),
  break: count.meta({ description: 'Which of the breaks, from the first; 0 where none was found', unit: 'count' }),
  date: date.meta({ description: 'First period after the break; null where none was found', unit: 'period' }),
  date_low: date.meta({ description: 'Not before, at 95 % (Bai 1997)', unit: 'period' }),
  date_high: date.meta({ description: 'Not after, at 95 %', unit: 'period' }),
  step: z.number().nullable().meta({
    description: 'Change of the level, season aside; null where nothing was traded before',
    unit: 'relative change',
  }),
  step_log: z
    .number()
    .nullable()
    .meta({ description: 'The same on the scale of the test: a difference of logs, or of levels', unit: 'difference' }),
  level_before: level.meta({ description: 'Mean of a period in the regime before', unit: perPeriod }),
  level_after: level.meta({ description: 'And in the one after', unit: perPeriod }),
  statistic: statistic.meta({
    description:
      'F of the break, or twice the gain of log-likelihood over the dispersion; of cusum its own; null where both regimes fit exactly',
    unit: 'statistic',
  }),
  p: probability.meta({
    description:
      'How often the largest statistic of a series without a break, its errors independent, is as large; of chow the F distribution',
    unit: 'probability',
  }),
  wald: statistic.meta({ description: 'Step over its standard error, squared; Bartlett’s weights', unit: 'statistic' }),
  wald_p: probability.meta({
    description: 'How often the largest of these is as large without a break',
    unit: 'probability',
  }),
  block_p: probability.meta({
    description: 'How often the statistic is as large where the series’ own errors, in blocks of six, have no break',
    unit: 'probability',
  }),
  autocorrelation: z
    .number()
    .nullable()
    .meta({ description: 'Of the errors, from one period to the next', unit: 'correlation' }),
  evidence: z.enum(['break', 'descriptive', 'none']).meta({
    description:
      'descriptive: errors are correlated in time and a robust test does not agree; none: as large without a break',
    unit: 'text',
  }),
  lag: z.int().nullable().meta({ description: 'From the event to the date; negative before it', unit: 'periods' }),
  events: z
    .string()
    .meta({ description: 'Controls announced or in force from within the dates, and the event', unit: 'text' }),
  ahead: level.meta({
    description: 'Traded above the year before the announcement, from it until the event; null where it is not known',
    unit: perPeriod.replace(' a period', ''),
  }),
  missing: level.meta({
    description: 'Traded below it in the first four months from the event on',
    unit: perPeriod.replace(' a period', ''),
  }),
  ratio: z.number().nullable().meta({
    description:
      'Mean month after that of the event, of one before the announcement: what was sent ahead counts in neither',
    unit: 'ratio',
  }),
  model: z.enum(['log', 'level', 'poisson']).meta({ description: 'Scale on which it was tested', unit: 'text' }),
  season_months: count.meta({ description: 'Months that told the season; 0 where it is left in', unit: 'months' }),
  before: count.nullable().meta({ description: 'Periods in the regime before', unit: 'periods' }),
  periods: count.meta({ description: 'Periods of the series', unit: 'periods' }),
  dispersion: statistic.meta({ description: 'poisson: variance over mean; null otherwise', unit: 'ratio' }),
  penalty: statistic.meta({ description: 'pelt, binary-segmentation: what a break must save', unit: 'statistic' }),
  criterion: statistic.meta({
    description: 'What the search made least: BIC of bai-perron, cost with penalties',
    unit: 'statistic',
  }),
  exp_f: statistic.meta({ description: 'sup-f: expF over all dates (Andrews and Ploberger)', unit: 'statistic' }),
  ave_f: statistic.meta({ description: 'sup-f: aveF over all dates', unit: 'statistic' }),
  reasons: z
    .string()
    .meta({ description: 'Why the evidence is what it is, and what must be thought of', unit: 'text' }),
})

const needs: FlowNeeds = { kind: 'flow', complete_suppliers: false, compares_periods: false, groups: 'summed' }

/** Most series that one question dates: each is tested by three thousand draws. */
const mostSeries = 500

/** The periods asked for, months where the dataset has them: a series of years of months would hide the dates. */
function periodsAsked(given: readonly string[], { frequency, periods }: Selection['manifest']): readonly string[] {
  const [first, last] = [periods[0] ?? 0, periods.at(-1) ?? 0]
  if (given.length === 0)
    return frequency === 'month'
      ? [`${periodName(first)}:${periodName(last)}`]
      : [`${periodName(first)}-${periodName(last)}`]
  if (frequency !== 'month') return given
  return given.map((text) => {
    const years = /^(\d{4})(?:-(\d{4}))?$/.exec(text)
    return years ? `${years[1]}-01:${years[2] ?? years[1]}-12` : text
  })
}

const monthOf = (text: string) => Number(text.slice(0, 4)) * 100 + Number(text.slice(5, 7))

/** The first month that is mostly on or after a day: a day from the 16th on counts from the next month. */
const firstMonth = (day: string) => (Number(day.slice(8, 10)) > 15 ? periodAfter(monthOf(day)) : monthOf(day))

/** An event as months: the first that it is in force in, and the first after its announcement, where that is known. */
interface Event {
  readonly effective: number
  readonly announced: number | undefined
  readonly text: string
}

function eventAsked(given: { readonly event: string; readonly announced: string }, home: string): Event | undefined {
  if (given.event === '') {
    if (given.announced !== '')
      throw new Refusal('wrong_use', 'event/missing', '--announced is of an event: name it with --event')
    return undefined
  }
  const event = eventOf(given.event, home)
  if (given.announced !== '' && !/^\d{4}-(0[1-9]|1[0-2])$/.test(given.announced) && !isDay(given.announced))
    throw new Refusal('wrong_use', 'event/form', `"${given.announced}" is no month, 2022-02, and no day, 2022-02-26`)
  const announced = given.announced || event.control?.announced || ''
  return {
    effective: event.date === undefined ? event.month : firstMonth(event.date),
    // Of a month alone its end: what was sent in it was sent before.
    announced:
      announced === '' ? undefined : announced.length > 7 ? firstMonth(announced) : periodAfter(monthOf(announced)),
    text: event.control?.id ?? event.text,
  }
}

const monthsFrom = (from: number, to: number) =>
  from % 100 === 0
    ? (to - from) / 100
    : (Math.floor(to / 100) - Math.floor(from / 100)) * 12 + (to % 100) - (from % 100)

/** Whole years that tell a season by default: of two, what is chance and what is season can hardly be told apart. */
const seasonYears = 3

/** Whether a period tells the season: whole calendar years before a month, or the first three where two more follow. */
function seasonWindow(trade: TradeSeries, season: string, event: Event | undefined): (period: number) => boolean {
  if (season === 'none') return () => false
  const yearOf = (period: number) => Math.floor(period / 100)
  const whole = [...new Set(trade.periods.map(yearOf))].filter(
    (year) => trade.periods.filter((period) => yearOf(period) === year).length === 12,
  )
  const until = season !== '' ? monthOf(season) : event?.effective
  const first = whole.length >= seasonYears + 2 ? whole.slice(0, seasonYears) : []
  const years = until === undefined ? first : whole.filter((year) => year * 100 + 12 < until)
  return (period) => (season !== '' || years.length >= seasonYears) && years.includes(yearOf(period))
}

/** Controls that concern a series in its time, and those of them announced or in force from within some periods. */
function controlsBeside(trade: TradeSeries, { home, buying_blocs, selling_blocs }: Selection) {
  const members = (label: string, blocs: Selection['buying_blocs']) =>
    label === 'ALL' ? [] : (blocs.find((bloc) => bloc.label === label)?.members ?? [label])
  const group = productGroups(home).find(({ group }) => group === trade.product)
  const day = (period: number, last: boolean) =>
    `${Math.floor(period / 100)}-${String(period % 100 || (last ? 12 : 1)).padStart(2, '0')}-${last ? '31' : '01'}`
  const all = controlsBetween(
    {
      codes: group
        ? group.products.map(({ product }) => product)
        : trade.product === 'TOTAL'
          ? []
          : [trade.product.split('~')[0] as string],
      origin: members(trade.supplier, selling_blocs),
      destination: members(trade.importer, buying_blocs),
      days: { first: day(trade.periods[0] ?? 0, false), last: day(trade.periods.at(-1) ?? 0, true) },
    },
    home,
  )
  return {
    all,
    within(low: number, high: number): readonly Control[] {
      const [from, until] = [day(low, false), day(high, true)]
      const inside = (date: string) => date !== '' && date >= from && date <= until
      return all.flatMap(({ control }) => (inside(control.announced) || inside(control.effective) ? [control] : []))
    },
  }
}

/** "Of 5 series 5 have a break: all goods from European Union to Armenia at 2022-05 (+180.6 %), to Georgia at …" */
function headlineOf(rows: readonly Row[], first: Method, selection: Selection): string | undefined {
  const own = rows.filter((row) => row['method'] === first && Number(row['break']) <= 1)
  const [only] = own
  if (!only) return undefined
  const goods = (row: Row) => goodsName(String(row['product']), selection)
  const from = (row: Row) => (row['supplier'] === 'ALL' ? '' : ` from ${economyName(String(row['supplier']))}`)
  const to = (row: Row) => (row['importer'] === 'ALL' ? '' : ` to ${economyName(String(row['importer']))}`)
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
  const breaks = found.filter((row) => row['evidence'] === 'break')
  const told = breaks.slice(0, mostTold)
  const alike = told.every((row) => goods(row) === goods(only) && from(row) === from(only))
  const listed = told.map((row, at) => `${alike && at > 0 ? to(row).trimStart() : of(row)} at ${changed(row)}`)
  return `Of ${own.length} series ${breaks.length} ${breaks.length === 1 ? 'has' : 'have'} a break${listed.length > 0 ? `: ${listed.join(', ')}` : ''}${breaks.length > told.length ? ', …' : ''}.`
}

/** Series that a sentence names. */
const mostTold = 5

export const breaks = defineAnalysis({
  name: 'breaks',
  title: 'Dated breaks',
  question: 'When did the level of a flow shift, how sure is the date, and what came into force beside it?',
  example: 'chokepoint breaks --dataset eu-listed-exports --importer Russia,Armenia --level 0 --event 2022-02-26',
  needs: { kinds: ['flow'] },
  parameters,
  columns,
  keys: ['importer', 'supplier', 'product', 'method', 'break'],
  shown: [
    'importer',
    'supplier',
    'product',
    'method',
    'date',
    'date_low',
    'date_high',
    'step',
    'evidence',
    'events',
    'statistic',
  ],
  chart: {
    kind: 'dumbbell',
    measure: 'Mean of a period before and after the break',
    label: 'importer',
    from: 'level_before',
    to: 'level_after',
    from_says: 'before',
    to_says: 'after',
    panels: ['supplier', 'product', 'method', 'break'],
  },
  sources: [
    'Methods, section d (BRK1 to BRK8): Chow (1960); Andrews (1993), Econometrica 61(4): sup-F',
    'Bai and Perron (1998), Econometrica 66(1): several breaks; Killick, Fearnhead and Eckley (2012): penalised search',
    'Bai (1997), Review of Economics and Statistics 79(4): margin of the date, for a small step and like errors on both sides',
    'Newey and West (1987): Bartlett’s weights; Künsch (1989): blocks of errors',
  ],
  limits: [
    'A date has the resolution of the periods and no cause: what came into force beside it is not what did it.',
    'A shift of the level is looked for: a trend is dated too, as a step near its middle.',
    'The season is that of the years before; where it changed, its change is among the errors.',
    'p and wald_p are drawn for independent normal errors; with errors correlated in time only block_p and a large wald count.',
  ],
  async run(given, context) {
    if (context.dataset?.kind !== 'flow') throw new Error('breaks are dated in flows')
    if (given.season !== '' && given.season !== 'none' && !/^\d{4}-(0[1-9]|1[0-2])$/.test(given.season))
      throw new Refusal('wrong_use', 'season/form', `--season ${given.season}: a month, 2022-01, or none`)
    const event = eventAsked(given, context.home)
    if (given.method.includes('chow') && !event)
      throw new Refusal(
        'wrong_use',
        'event/missing',
        'chow tests a date that is known beforehand: name it with --event',
      )
    const reader = await context.flows(needs, { ...given, period: periodsAsked(given.period, context.dataset) })
    const { selection } = reader
    const monthly = selection.manifest.frequency === 'month'
    const all = await tradeSeries(reader, given.of)
    if (all.length > mostSeries)
      throw new Refusal(
        'wrong_use',
        'breaks/many',
        `${all.length.toLocaleString('en')} series are more than the ${mostSeries} that one question dates: name products or a group, or --level 0 or 2`,
      )
    const rows: Row[] = []
    const caveats = new Set<string>()
    for (const trade of all) {
      await setImmediate()
      context.signal?.throwIfAborted()
      const { series, model, season_months, even } = prepared(
        trade,
        given.model,
        seasonWindow(trade, given.season, event),
      )
      if (given.model === 'log' && trade.values.some((value) => value <= 0))
        throw new Refusal(
          'no_data',
          'breaks/zero',
          `${trade.product}: nothing was traded in some periods, and 0 has no logarithm: --model poisson keeps it`,
        )
      for (const caveat of trade.caveats) caveats.add(caveat)
      if (trade.missing > 0)
        caveats.add(
          `Left out: periods that nobody reported${given.of === 'mass' ? ', or whose weight is not known' : ''}.`,
        )
      if (monthly && season_months === 0 && given.season !== 'none')
        caveats.add(
          'The season is left in where fewer than three whole years tell it: dates may be those of a season. --season 2022-01 takes two years as well.',
        )
      const start = event && (monthly ? event.effective : Math.floor(event.effective / 100) * 100)
      const known = start === undefined ? undefined : trade.periods.findIndex((period) => period >= start)
      const beside = controlsBeside(trade, selection)
      const partly = beside.all.filter(({ goods }) => goods === 'partly').map(({ control }) => control.id)
      const wider = partly.length > 0 ? [`the code is wider than the goods of ${partly.join(', ')}`] : []
      const ahead =
        monthly && event?.announced !== undefined ? aheadOf(trade, even, event.announced, event.effective) : null
      const anticipated = ahead?.rose ? ['stock-piling between announcement and event (anticipation)'] : []
      for (const method of given.method) {
        const found = datedBreaks(method, series, known, given)
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
          penalty: found.penalty,
          criterion: found.criterion,
          exp_f: finite(found.averages?.expF),
          ave_f: finite(found.averages?.aveF),
        }
        if (found.breaks.length === 0)
          rows.push({
            ...blank,
            ...common,
            statistic: found.own?.statistic ?? null,
            p: found.own?.p ?? null,
            evidence: 'none',
            reasons: [nothingFound(trade, method), ...anticipated, ...wider].join('; '),
          })
        for (const [at, { tested, from, to }] of found.breaks.entries()) {
          const place = from + tested.b
          const within = (off: number) => trade.periods[Math.min(to - 1, Math.max(from, place + off))] as number
          const [dateAt, low, high] = [within(0), within(-tested.margin), within(tested.margin)]
          const near = beside.within(low, high)
          const said = near.map(
            ({ id, effective, source_read }) => `${id} (${effective}${source_read ? '' : ', not confirmed'})`,
          )
          const named =
            event && start !== undefined && start >= low && start <= high && !near.some(({ id }) => id === event.text)
          const own = found.own ?? { statistic: tested.statistic, p: tested.p }
          const { evidence, reasons } = evidenceOf(tested, to - from, own.p)
          const mean = (one: number, other: number) =>
            trade.values.slice(one, other).reduce((sum, value) => sum + value, 0) / (other - one)
          const [level_before, level_after] = [mean(from, place), mean(place, to)]
          const step =
            model === 'level'
              ? level_before === 0
                ? Number.NaN
                : tested.step / levelOf(even, from, place)
              : Math.exp(tested.step) - 1
          rows.push({
            ...common,
            break: at + 1,
            date: dateAt,
            date_low: low,
            date_high: high,
            step: finite(step),
            step_log: finite(tested.step),
            level_before,
            level_after,
            statistic: own.statistic,
            p: own.p,
            wald: tested.wald,
            wald_p: tested.wald_p,
            block_p: tested.block_p,
            autocorrelation: tested.autocorrelation,
            evidence,
            lag: start === undefined ? null : monthsFrom(start, dateAt),
            events: [...said, ...(named ? [event.text] : [])].join(', '),
            before: tested.b,
            dispersion: tested.dispersion,
            reasons: [...reasons, ...anticipated, ...wider].join('; '),
          })
        }
      }
      if (wider.length > 0)
        caveats.add(
          `${trade.product} is wider than the goods controlled by ${partly.join(', ')}: what moves in it may be other goods, so it can neither show nor rule out an effect.`,
        )
    }
    const [one] = rows
    return {
      rows,
      headline: one && headlineOf(rows, given.method[0] ?? 'sup-f', selection),
      caveats: [
        ...caveats,
        ...(event
          ? [
              `Event: ${event.text}, counted from ${periodName(event.effective)}${event.announced === undefined ? '' : `; announced before ${periodName(event.announced)}`}.`,
            ]
          : []),
      ],
    }
  },
})

const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : null)

const levelOf = (values: readonly number[], from: number, to: number) =>
  values.slice(from, to).reduce((sum, value) => sum + value, 0) / (to - from)

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
