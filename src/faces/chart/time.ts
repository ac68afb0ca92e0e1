import * as Plot from '@observablehq/plot'
import { periodAfter, periodName } from '../../wording.ts'
import { guessOf } from './doubt.ts'
import { type EventMark, marksOf } from './events.ts'
import { figure, smallestOf } from './measures.ts'
import { c, columnOf, hatching, label, type Sheet, textWidth } from './sheet.ts'

/** Where a period stands on the axis of time: a year at its middle, a month at its own. */
export const timeOf = (period: number): number => Math.floor(period / 100) + ((period % 100 || 6.5) - 0.5) / 12

/** The axis of a chart over time: its periods, with those between that have no rows, and those asked for that have none. */
export interface Times {
  readonly periods: readonly number[]
  readonly monthly: boolean
  /** Periods that are not as reported, and what they are in a word: dashed. */
  readonly guesses: ReadonlyMap<number, string>
}

/** Periods that a question names one by one. */
function asked(parameter: unknown): number[] {
  if (!Array.isArray(parameter)) return []
  return parameter.flatMap((text) => {
    const [, year, month] = /^(\d{4})(?:-?(0[1-9]|1[0-2]))?$/.exec(String(text)) ?? []
    return year === undefined ? [] : [Number(year) * 100 + Number(month ?? 0)]
  })
}

/** Every year, or every month, from the first of them to the last. */
function unbroken(periods: readonly number[]): readonly number[] {
  const [first = 0, last = 0] = [periods[0], periods.at(-1)]
  const found: number[] = []
  for (let period = first; period <= last; period = periodAfter(period)) found.push(period)
  return found
}

export function times(sheet: Sheet, column: string): Times {
  const given =
    columnOf(sheet, column)?.unit === 'period' && column === 'period' ? asked(sheet.charted.parameters['period']) : []
  const held = sheet.every.map(({ row }) => figure(row, column)).filter((value) => value !== null)
  const monthly = held.some((period) => period % 100 !== 0)
  // Years asked of a dataset of months come back as years: only like periods share an axis.
  const like = given.filter((period) => (period % 100 !== 0) === monthly)
  const first = smallestOf(held, Number.POSITIVE_INFINITY)
  const named = [...new Set([...held, ...like.filter((period) => period > first)])].sort((a, b) => a - b)
  const alike = named.every((period) => (period % 100 !== 0) === monthly)
  // A year that the dataset lacks is a gap, not a stretch between its neighbours.
  const periods = alike ? unbroken(named) : named
  const guesses = periods.flatMap((period) => {
    const guess = guessOf(sheet.charted, period)
    return guess ? [[period, guess] as const] : []
  })
  return { periods, monthly, guesses: new Map(guesses) }
}

/** Ticks that do not touch: every period, every second year, every fifth; of months the Januaries. */
export function timeAxis({ periods, monthly }: Times, place: number): Plot.Markish {
  const years = monthly
    ? [...new Set(periods.map((period) => Math.floor(period / 100)))].filter((year) => periods.includes(year * 100 + 1))
    : periods.map((period) => Math.floor(period / 100))
  const shown = years.length > 0 ? years : [...new Set(periods.map((period) => Math.floor(period / 100)))]
  const most = Math.max(2, Math.floor(place / 44))
  const step = [1, 2, 3, 5, 10, 20].find((one) => shown.length / one <= most) ?? 50
  const last = shown.at(-1) ?? 0
  const kept = shown.filter((year) => (last - year) % step === 0)
  const at = (year: number) => timeOf(monthly ? year * 100 + 1 : year * 100)
  return Plot.axisX(kept.map(at), { tickSize: 4, label: null, tickFormat: (x: number) => String(Math.floor(x)) })
}

/** How much of the axis of time lies left and right of its first and last period. */
export const timeDomain = ({ periods }: Times): [number, number] => {
  const [first = 0, last = 1] = [periods[0], periods.at(-1)].map((period) => timeOf(period ?? 0))
  return first === last ? [first - 0.5, last + 0.5] : [first, last]
}

/** Periods of which nothing is known: neighbours together, hatched from halfway to the periods around them. */
export function missing(
  sheet: Sheet,
  part: number,
  column: string,
  { periods }: Times,
  known: ReadonlySet<number>,
  x: (value: number) => number,
  top: number,
  bottom: number,
) {
  // A row without a figure is not known; where there is no row, the dataset has nothing.
  const words = (period: number) =>
    sheet.rows.some(({ row }) => figure(row, column) === period) ? 'not known' : 'no data'
  const gaps: { first: number; last: number; says: string }[] = []
  for (const [at, period] of periods.entries()) {
    if (known.has(period)) continue
    const [before, says] = [gaps.at(-1), words(period)]
    if (before && before.last === periods[at - 1] && before.says === says) before.last = period
    else gaps.push({ first: period, last: period, says })
  }
  if (gaps.length === 0) return ''
  const [low, high] = timeDomain({ periods, monthly: false, guesses: new Map() })
  const edge = (period: number, step: number) => {
    const neighbour = periods[periods.indexOf(period) + step]
    return neighbour === undefined ? timeOf(period) : (timeOf(period) + timeOf(neighbour)) / 2
  }
  const id = `${sheet.id}-none${part}`
  const boxes = gaps.map(({ first, last, says }) => {
    const from = x(Math.max(low, edge(first, -1)))
    const to = x(Math.min(high, edge(last, 1)))
    const centre = (from + to) / 2
    const upright = to - from < textWidth(says, 12)
    const text = `<text transform="translate(${c(centre)},${c((top + bottom) / 2)})${upright ? ' rotate(-90)' : ''}" dy="0.35em" text-anchor="middle" font-size="12" fill="var(--text)" stroke="var(--ground)" stroke-width="4" stroke-linejoin="round" paint-order="stroke">${says}</text>`
    return `<g data-missing="${first === last ? first : `${first}-${last}`}"><rect x="${c(from)}" y="${c(top)}" width="${c(Math.max(2, to - from))}" height="${c(bottom - top)}" fill="url(#${id})"/>${text}</g>`
  })
  return hatching(id, 'var(--no-data)') + boxes.join('')
}

/** Pixels that a mark needs to itself. */
const markRoom = 22

/** The marks over a chart: acts within its periods, those too close for its width together. */
export function eventMarks({ charted, width, narrow }: Sheet, { periods }: Times): readonly EventMark[] {
  const [low, high] = timeDomain({ periods, monthly: false, guesses: new Map() })
  // What names at the right and figures at the left leave of the width, at the least.
  const room = ((high - low) * markRoom) / (width - (narrow ? 190 : 260))
  return marksOf(
    (charted.events ?? []).filter(({ date }) => dateOf(date) > low && dateOf(date) < high),
    (first, date) => dateOf(date) - dateOf(first) < room,
  )
}

/** A day on the axis of time. */
function dateOf(date: string): number {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  return year + (month - 1) / 12 + (day - 1) / 365
}

/** Thin rules with numbers over the chart; two within a number's width share one place side by side. */
export function flags(marks: readonly EventMark[], x: (value: number) => number, top: number, bottom: number): string {
  let last = Number.NEGATIVE_INFINITY
  return marks
    .map(({ date, number }) => {
      const line = x(dateOf(date))
      const centre = Math.max(line, last + 20)
      last = centre
      return `<g data-event="${date}"><path d="M${c(line)},${c(bottom)}V${c(top - 2)}L${c(centre)},${c(top - 5)}" fill="none" stroke="var(--text)" stroke-dasharray="2 3"/><circle cx="${c(centre)}" cy="${c(top - 14)}" r="9" fill="var(--ground)" stroke="var(--text)"/>${label(String(number), centre, top - 14, { anchor: 'middle', size: 12 })}</g>`
    })
    .join('')
}

/** Under the axis: which periods are reported, which are estimates and which incomplete; nothing where there is no figure. */
export function basis(
  { periods, guesses }: Times,
  known: ReadonlySet<number>,
  x: (value: number) => number,
  y: number,
): string {
  if (!periods.some((period) => guesses.has(period))) return ''
  const parts: { from: number; to: number; guess: string | undefined }[] = []
  for (const [at, period] of periods.entries()) {
    if (!known.has(period)) continue
    const guess = guesses.get(period)
    const before = at > 0 && known.has(periods[at - 1] as number) ? parts.at(-1) : undefined
    if (before && before.guess === guess) before.to = timeOf(period)
    else parts.push({ from: before ? before.to : timeOf(period), to: timeOf(period), guess })
  }
  // Words stand once, under the longest stretch of their kind.
  const longest = (guess: string | undefined) =>
    parts.filter((part) => part.guess === guess).toSorted((a, b) => b.to - b.from - (a.to - a.from))[0]
  const worded = [undefined, ...new Set(guesses.values())].map(longest)
  return parts
    .map((part) => {
      const { from, to, guess } = part
      const words = guess ?? 'reported'
      const line = `<path d="M${c(x(from) + (from === to ? -2 : 3))},${c(y)}H${c(x(to) + (from === to ? 2 : 0))}" stroke="currentColor" stroke-width="2"${guess ? ' stroke-dasharray="4 3"' : ''}/>`
      const shown = worded.includes(part) && (guess || x(to) - x(from) > textWidth(words, 12))
      return (
        line +
        (shown ? label(words, (x(from) + x(to)) / 2, y + 13, { anchor: 'middle', fill: 'var(--muted)', size: 12 }) : '')
      )
    })
    .join('')
}

/** A period in a tooltip. */
export const periodSaid = (period: number, { guesses }: Times): string =>
  [periodName(period), guesses.get(period)].filter(Boolean).join(', ')
