import * as Plot from '@observablehq/plot'
import type { LinesChart } from '../../analyses/charting.ts'
import { doubtKeys, type Standing, standingOf } from './doubt.ts'
import { figure, largestOf, smallestOf, told } from './measures.ts'
import {
  c,
  columnOf,
  distinct,
  fitted,
  label,
  measure,
  type Panel,
  type Placed,
  plottedOverTime,
  type Sheet,
  spread,
  textWidth,
  thresholdOf,
} from './sheet.ts'
import { basis, eventMarks, flags, missing, periodSaid, timeAxis, timeDomain, timeOf, times } from './time.ts'

/** Lines that have a name at their end; others are in the table only. */
const mostLines = 6

interface Point {
  readonly period: number
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
  readonly at: number
  readonly standing: Standing
}

interface Line {
  readonly key: string
  readonly name: string
  readonly whole: string
  readonly colour: string
  readonly points: readonly Point[]
}

/** Numbers are shades of one scale, names have colours of their own. */
function colourOf(sheet: Sheet, chart: LinesChart, key: string, keys: readonly string[]): string {
  const type = columnOf(sheet, chart.series)?.type
  if (type !== 'number' && type !== 'integer') {
    sheet.colours.claim(key)
    return sheet.colours.of(key)
  }
  const step = keys.length > 1 ? keys.indexOf(key) / (keys.length - 1) : 1
  return `var(--q${2 + Math.round(step * 3)})`
}

/** A line's name, and what it is where a number tells lines apart. */
function namesOf(sheet: Sheet, chart: LinesChart, key: string): { name: string; whole: string } {
  const isText = columnOf(sheet, chart.series)?.type === 'text'
  const name = told(sheet.charted, chart.series, isText ? key : Number(key))
  return { name, whole: isText || chart.series_says === undefined ? name : `${name} ${chart.series_says}` }
}

/** Points of a series in the order of the axis; a period without a row is a gap, as one without a figure is. */
function pointsOf(sheet: Sheet, rows: readonly Placed[], chart: LinesChart, periods: readonly number[]): Point[] {
  const byPeriod = new Map(rows.map((one) => [figure(one.row, chart.x), one]))
  return periods.map((period) => {
    const found = byPeriod.get(period)
    const read = (column: string | undefined) => (found && column !== undefined ? figure(found.row, column) : null)
    const standing = standingOf(sheet, chart, found ? [found] : [])
    return { period, value: read(chart.y), low: read(chart.low), high: read(chart.high), at: found?.at ?? -1, standing }
  })
}

/** Stretches of neighbours that are both known, solid or dashed as their later end is reported, or estimated or doubtful. */
function stretches(points: readonly Point[]) {
  const found: { dashed: boolean; points: Point[] }[] = []
  for (const [at, point] of points.entries()) {
    const before = points[at - 1]
    if (point.value === null || !before || before.value === null) continue
    const dashed = isOpen(point)
    const last = found.at(-1)
    if (last && last.dashed === dashed && last.points.at(-1) === before) last.points.push(point)
    else found.push({ dashed, points: [before, point] })
  }
  return found
}

const isOpen = ({ standing: { guess, doubt } }: Point) => guess !== undefined || doubt !== undefined

/** Whether there is a line to draw: two periods with figures. */
export function linesFit(sheet: Sheet, chart: LinesChart): boolean {
  const known = sheet.every.filter(({ row }) => figure(row, chart.y) !== null)
  const lines = new Set(
    known.map(({ row }) => [chart.series, ...(chart.panels ?? [])].map((name) => row[name]).join('\0')),
  )
  return distinct(known, chart.x).length >= 2 && lines.size <= (chart.most ?? Number.POSITIVE_INFINITY)
}

export function lines(sheet: Sheet, chart: LinesChart, part: number): Panel | undefined {
  const { narrow, width } = sheet
  const time = times(sheet, chart.x)
  const read = measure(sheet, chart.y)
  const keys = distinct(sheet.rows, chart.series).map(String)
  const candidates = keys
    .map((key) => ({
      key,
      points: pointsOf(
        sheet,
        sheet.rows.filter(({ row }) => String(row[chart.series]) === key),
        chart,
        time.periods,
      ),
    }))
    .filter(({ points }) => points.some(({ value }) => value !== null))
    .map((one) => ({ ...one, last: one.points.findLast(({ value }) => value !== null)?.value ?? 0 }))
  if (candidates.length === 0) return undefined
  const { question } = sheet.colours
  const ranked = candidates.toSorted(
    (a, b) => Number(b.key === question) - Number(a.key === question) || b.last - a.last || (a.key < b.key ? -1 : 1),
  )
  const drawn: Line[] = ranked.slice(0, mostLines).map(({ key, points }) => ({
    key,
    ...namesOf(sheet, chart, key),
    colour: colourOf(sheet, chart, key, keys),
    points,
  }))
  const threshold = thresholdOf(sheet, chart.threshold)
  const figures = sheet.every.flatMap(({ row }) =>
    [chart.y, chart.high].map((name) => (name ? (figure(row, name) ?? 0) : 0)),
  )
  // Where everything is zero an axis still needs a length.
  const highest = largestOf(figures, threshold ?? 0) || 1 / read.factor
  const lowest = smallestOf(figures, 0)

  const texts = drawn.map((line) => {
    const last = line.points.findLast(({ value }) => value !== null) as Point
    const early =
      last.period !== time.periods.at(-1) ? ` (${periodSaid(last.period, { ...time, guesses: new Map() })})` : ''
    const bold = line.key === question || drawn.length === 1
    return { name: line.whole, bold, value: `${read.short(last.value ?? 0)}${early}`, last }
  })
  const room = narrow ? 148 : 200
  const size = narrow ? 12 : 13
  const right = Math.min(
    room,
    Math.max(...texts.map(({ name, value, bold }) => textWidth(`${name} ${value}`, size, bold))) + 16,
  )
  const events = part === 0 || sheet.several ? eventMarks(sheet, time) : []
  const top = events.length > 0 ? 34 : 14
  const guessed = time.guesses.size > 0
  const bottom = guessed ? 56 : 30
  const height = (sheet.several ? 190 : narrow ? 260 : 300) + top + bottom
  const ends = texts.length * 17 <= height - top - bottom
  const tickLabels = [highest, lowest].map((value) => read.tick(value * read.factor))
  const left = Math.max(34, Math.max(...tickLabels.map((text) => textWidth(text, 13))) + 14)
  const scaled = (value: number | null) => (value === null ? Number.NaN : value * read.factor)
  const drawing: Plot.Markish[] = [
    Plot.gridY({ ticks: 4, stroke: 'var(--rule)', strokeOpacity: 1 }),
    Plot.ruleY([0], { stroke: 'var(--rule-strong)' }),
    Plot.axisY({ ticks: 4, tickSize: 0, label: null, tickFormat: read.tick }),
    timeAxis(time, width - left - right),
    ...drawn.flatMap((line) => [
      ...(chart.low && chart.high
        ? [
            Plot.areaY(line.points, {
              x: (one: Point) => timeOf(one.period),
              y1: (one: Point) => scaled(one.low),
              y2: (one: Point) => scaled(one.high),
              fill: line.colour,
              fillOpacity: 0.16,
              curve: 'linear',
            }),
          ]
        : []),
      ...stretches(line.points).map((run) =>
        Plot.line(run.points, {
          x: (one: Point) => timeOf(one.period),
          y: (one: Point) => scaled(one.value),
          stroke: line.colour,
          strokeWidth: 2.5,
          curve: 'linear',
          ...(run.dashed ? { strokeDasharray: '5 3' } : {}),
        }),
      ),
      ...(time.periods.length <= 24
        ? [
            Plot.dot(
              line.points.filter(({ value }) => value !== null),
              {
                x: (one: Point) => timeOf(one.period),
                y: (one: Point) => scaled(one.value),
                r: 3,
                fill: (one: Point) => (isOpen(one) ? 'var(--ground)' : line.colour),
                stroke: line.colour,
                strokeWidth: 1.5,
              },
            ),
          ]
        : []),
    ]),
  ]
  const { body, x, y } = plottedOverTime(sheet, {
    marks: drawing,
    height,
    left,
    right,
    top,
    bottom,
    domain: timeDomain(time),
    values: [lowest * read.factor, highest * read.factor],
  })
  const known = new Set(
    drawn.flatMap((line) => line.points.filter(({ value }) => value !== null).map(({ period }) => period)),
  )
  const places = spread(
    texts.map(({ last }) => y(scaled(last.value))),
    17,
    top,
    height - bottom,
  )
  const edge = width - right
  const names = ends
    ? texts.map(({ name, value, last, bold }, at) => {
        const from = y(scaled(last.value))
        const tie = `<path d="M${c(x(timeOf(last.period)) + 5)},${c(from)}L${c(edge + 8)},${c(places[at] ?? from)}" stroke="var(--rule-strong)" fill="none"/>`
        const place = right - 14 - textWidth(` ${value}`, size, bold)
        // What the number is stands in the subtitle too: it goes first where there is no room.
        const says = textWidth(name, size, bold) > place ? (drawn[at]?.name ?? name) : name
        const short = fitted(says, place, size, bold)
        return `<g data-label="${at}">${tie}${label(`${short} ${value}`, edge + 11, places[at] ?? from, { bold, size })}</g>`
      })
    : []
  const limit =
    threshold === undefined
      ? ''
      : `<path d="M${c(left)},${c(y(threshold * read.factor))}H${c(edge)}" stroke="var(--text)" stroke-dasharray="3 3"/>${label(`${chart.threshold?.says ?? ''} ${read.short(threshold)}`.trim(), left + 4, y(threshold * read.factor) - 9, { size: 12, halo: true })}`
  const marks = drawn.flatMap((line) =>
    line.points
      .filter((point) => point.value !== null)
      .map((point) => {
        const bounds =
          point.low !== null && point.high !== null && point.low !== point.high
            ? `, between ${read.said(point.low)} and ${read.said(point.high)}`
            : ''
        const who = drawn.length > 1 || keys.length > 1 ? `${line.whole}, ` : ''
        return {
          x: x(timeOf(point.period)),
          y: y(scaled(point.value)),
          row: point.at,
          text: [
            `${who}${periodSaid(point.period, time)}: ${read.said(point.value as number)}${bounds}`,
            point.standing.doubt ?? '',
          ]
            .filter(Boolean)
            .join('\n'),
        }
      }),
  )
  const doubtful = drawn.flatMap((line) =>
    line.points
      .filter(({ value, standing }) => value !== null && standing.doubt !== undefined)
      .map((point) => ({ line, point })),
  )
  // A ring around the point: the point alone would be as that of an estimate.
  const rings = doubtful.map(
    ({ line, point }) =>
      `<circle data-doubt="${point.period}" cx="${c(x(timeOf(point.period)))}" cy="${c(y(scaled(point.value)))}" r="6" fill="none" stroke="${line.colour}" stroke-width="1.5" stroke-dasharray="3 2"/>`,
  )
  const notes =
    ranked.length > mostLines ? [`${ranked.length - mostLines} smaller of ${ranked.length} are in the table only.`] : []
  return {
    body:
      missing(sheet, part, chart.x, time, known, x, top, height - bottom) +
      body +
      flags(events, x, top, height - bottom) +
      limit +
      basis(time, known, x, height - 24) +
      rings.join('') +
      names.join(''),
    height,
    // Whole periods that are estimates or incomplete are said under the axis.
    keys: doubtKeys(
      drawn
        .flatMap((line) => line.points.filter(({ value }) => value !== null))
        .map(({ period, standing: { guess, doubt } }) => ({
          ...(guess === undefined || time.guesses.has(period) ? {} : { guess }),
          ...(doubt === undefined ? {} : { doubt }),
        })),
    ),
    marks,
    notes,
  }
}
