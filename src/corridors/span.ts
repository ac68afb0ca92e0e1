import type { FlowManifest } from '../dataset/schema.ts'
import { type DatedEvent, exposure } from '../reference/controls.ts'
import { Refusal } from '../refusal.ts'
import { periodName, periodsHeld } from '../wording.ts'

/** The span after an event and the windows before it that have the same calendar months: periods as stored. */
export interface Span {
  readonly post: readonly number[]
  /** The latest first: each one whole, before the event, as long as the span. */
  readonly windows: readonly (readonly number[])[]
  /** Months of data before the event. */
  readonly pre_months: number
  /** `Mar–Nov 2022` in the form of periods: 2022-03 to 2022-11. */
  readonly text: { readonly post: string; readonly before: string }
  readonly caveats: readonly string[]
}

const monthNumber = (period: number) => Math.floor(period / 100) * 12 + (period % 100) - 1
const monthPeriod = (number: number) => Math.floor(number / 12) * 100 + (number % 12) + 1
const none = (code: string, message: string) => new Refusal('no_data', code, message)

/** Periods of one side and level that a dataset has, ascending. */
export const storedPeriods = (manifest: FlowManifest, level: number): number[] =>
  [...new Set(manifest.coverage.filter((row) => row.level === level).map((row) => row.period))].sort((a, b) => a - b)

/** What was asked for as the span after the event: one period, or the first and the last. */
function askedSpan(text: string, monthly: boolean): { from: number; to: number } {
  const months = /^(\d{4}-(?:0[1-9]|1[0-2]))(?::(\d{4}-(?:0[1-9]|1[0-2])))?$/
  const [, first = '', last = first] = months.exec(text) ?? /^(\d{4})(?:-(\d{4}))?$/.exec(text) ?? []
  if (first === '' || last < first)
    throw new Refusal(
      'wrong_use',
      'post/form',
      `"${text}" is not a span: 2022-03:2022-11 or 2023, in the periods that the dataset has`,
    )
  const point = (part: string, end: boolean) =>
    Number(part.slice(0, 4)) * 100 + (part.length > 4 ? Number(part.slice(5, 7)) : monthly ? (end ? 12 : 1) : 0)
  return { from: point(first, false), to: point(last, true) }
}

/**
 * The span after the event and the windows before it. Months: those after the month of the event and the donut, so many
 * that the same months a year before lie before the event and its donut. Years: the year after that of the event, or with
 * no donut that of the event itself.
 * @param asked the span as the reader wants it; empty for the first that there is
 * @throws Refusal where the dataset has no period after
 */
export function spanAround(
  event: DatedEvent,
  donut: number,
  asked: string,
  manifest: FlowManifest,
  level: number,
): Span {
  const stored = storedPeriods(manifest, level)
  const has = new Set(stored)
  const monthly = manifest.frequency === 'month'
  const caveats: string[] = []
  // Counts of months, or of years, so that one arithmetic serves both.
  const number = monthly ? monthNumber : (period: number) => Math.floor(period / 100)
  const period = monthly ? monthPeriod : (year: number) => year * 100
  const cycle = monthly ? 12 : 1
  const at = number(event.month)
  const first = at - (monthly ? donut : 0)
  // A month counts as after where the event's first day is its own; of a month alone the day is not known.
  const whole = event.date !== undefined && exposure({ effective: event.date, until: '' }, event.month) === 1
  const least = monthly ? at + donut + (donut === 0 && whole ? 0 : 1) : donut > 0 ? at + 1 : at
  if (monthly && donut === 0 && !whole)
    caveats.push(`${periodName(event.month)}, in which the event falls, is left out.`)
  if (!monthly && donut === 0) caveats.push(`${periodName(at * 100)} counts as after, though the event fell within it.`)
  const wanted = asked === '' ? undefined : askedSpan(asked, monthly)
  const post = stored.filter((one) =>
    wanted
      ? one >= wanted.from && one <= wanted.to
      : number(one) >= least && number(one) < first + cycle && (monthly || number(one) === least),
  )
  const last = stored.at(-1)
  if (post.length === 0)
    throw none(
      'post/absent',
      `${manifest.name} has nothing ${wanted ? `of ${asked}` : `after ${event.text}`}${donut > 0 ? ` with a donut of ${donut}` : ''}: it covers ${periodsHeld(stored)}`,
    )
  const early = post.find((one) => number(one) < at)
  if (early !== undefined)
    throw new Refusal(
      'wrong_use',
      'post/before',
      `${periodName(early)} is before ${event.text}: --post names what is after`,
    )
  const end = number(post.at(-1) as number)
  // The latest shift by whole years that puts the window before the event and its donut.
  const shift = Math.ceil((end - first + 1) / cycle)
  const windows: number[][] = []
  for (let back = shift; ; back += 1) {
    const window = post.map((one) => period(number(one) - back * cycle))
    if (!window.every((one) => has.has(one))) break
    windows.push(window)
  }
  const missing = post.map((one) => period(number(one) - shift * cycle))
  if (windows.length === 0)
    caveats.push(
      `${manifest.name} has not ${periodsHeld(missing)}, with which ${periodsHeld(post)} would be compared: it begins in ${periodName(stored[0] as number)}. What was traded is shown, and nothing is tested.`,
    )
  const before = stored.filter((one) => number(one) < first)
  if (wanted === undefined && monthly && last !== undefined && number(last) < first + cycle - 1)
    caveats.push(`The data end in ${periodName(last)}: ${post.length} months after the event.`)
  return {
    post,
    windows,
    pre_months: before.length * (monthly ? 1 : 12),
    text: { post: periodsHeld(post), before: windows[0] ? periodsHeld(windows[0]) : 'not in the data' },
    caveats,
  }
}
