import { type Control, controlsBetween, eventOf, isDay } from '../../reference/controls.ts'
import { productGroups } from '../../reference/product-groups.ts'
import { Refusal } from '../../refusal.ts'
import { periodAfter } from '../../wording.ts'
import type { Selection } from '../analysis.ts'
import type { TradeSeries } from './series.ts'

const monthOf = (text: string) => Number(text.slice(0, 4)) * 100 + Number(text.slice(5, 7))

/** The first month that is mostly on or after a day: a day from the 16th on counts from the next month. */
const firstMonth = (day: string) => (Number(day.slice(8, 10)) > 15 ? periodAfter(monthOf(day)) : monthOf(day))

/** An event as months: the first that it is in force in, and the first after its announcement, where that is known. */
export interface EventMonths {
  readonly effective: number
  readonly announced: number | undefined
  readonly text: string
}

/**
 * The event that a question names, and its announcement; undefined where it names none.
 * @throws Refusal for what is no date and no control, and for an announcement of nothing
 */
export function eventAsked(
  given: { readonly event: string; readonly announced: string },
  home: string,
): EventMonths | undefined {
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

/** Whole years that tell a season by default: of two, what is chance and what is season can hardly be told apart. */
const seasonYears = 3

/** Whether a period tells the season: whole calendar years before a month, or the first three where two more follow. */
export function seasonWindow(
  trade: TradeSeries,
  season: string,
  event: EventMonths | undefined,
): (period: number) => boolean {
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
export function controlsBeside(trade: TradeSeries, { home, products, buying_blocs, selling_blocs }: Selection) {
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
          ? products.filter((product) => product !== 'TOTAL')
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
