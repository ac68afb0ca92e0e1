import * as Plot from '@observablehq/plot'
import type { AreaChart } from '../../analyses/charting.ts'
import { isUnknown } from './colours.ts'
import { doubtKeys, Hatches, standingOf } from './doubt.ts'
import { figure, largestOf, nameOf } from './measures.ts'
import {
  c,
  columnOf,
  distinct,
  fitted,
  hatching,
  label,
  measure,
  type Panel,
  plottedOverTime,
  type Sheet,
  spread,
  textWidth,
} from './sheet.ts'
import { basis, eventMarks, flags, missing, periodSaid, timeAxis, timeDomain, timeOf, times } from './time.ts'

const mostBands = 6
/** The least part of a whole, in some period, that has a band of its own. */
const leastBand = 0.01
/** That of a doubtful one, which then comes before larger ones: hatched among others nobody would see it. */
const leastDoubtful = 0.05

interface Band {
  readonly key: string
  readonly name: string
  readonly fill: string
  readonly value: (period: number) => number
}

const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** Whether there are parts to stack in at least two periods: several, or one of a whole. */
export function areaFits(sheet: Sheet, chart: AreaChart): boolean {
  const known = sheet.every.filter(({ row }) => figure(row, chart.y) !== null)
  const least = columnOf(sheet, chart.y)?.unit === 'share 0-1' ? 1 : 2
  return distinct(known, chart.x).length >= 2 && distinct(known, chart.series).length >= least
}

/**
 * Bands from below: the supplier in question, the largest others, the rest together, and at the top what no report
 * names. Of a share the rest is what the rows leave of the whole, so that nothing leaves the denominator.
 */
function bandsOf(sheet: Sheet, chart: AreaChart, periods: readonly number[], hatch: string): Band[] {
  const values = new Map<string, Map<number, number>>()
  for (const { row } of sheet.rows) {
    const key = String(row[chart.series])
    const value = figure(row, chart.y)
    const period = figure(row, chart.x)
    if (value === null || period === null) continue
    const own = values.get(key) ?? new Map<number, number>()
    own.set(period, (own.get(period) ?? 0) + value)
    values.set(key, own)
  }
  const of = (key: string) => (period: number) => values.get(key)?.get(period) ?? 0
  const total = (period: number) => [...values.keys()].reduce((sum, key) => sum + of(key)(period), 0)
  const isShare = columnOf(sheet, chart.y)?.unit === 'share 0-1'
  const whole = isShare ? () => 1 : total
  const largest = (key: string) => Math.max(...periods.map((period) => of(key)(period) / (whole(period) || 1)))
  const mean = (key: string) => periods.reduce((sum, period) => sum + of(key)(period) / (whole(period) || 1), 0)
  const { colours } = sheet
  const known = [...values.keys()].filter((key) => !isUnknown(key))
  const ranked = known.toSorted(
    (a, b) => Number(b === colours.question) - Number(a === colours.question) || mean(b) - mean(a) || (a < b ? -1 : 1),
  )
  const [leader, ...further] = ranked
  if (leader !== undefined) colours.ask(leader)
  const isDoubtful = (key: string) =>
    key !== leader &&
    largest(key) >= leastDoubtful &&
    standingOf(
      sheet,
      chart,
      sheet.rows.filter(({ row }) => String(row[chart.series]) === key),
    ).doubt !== undefined
  const doubtful = further.filter(isDoubtful)
  const named: string[] = []
  const first = ranked.slice(0, Math.max(1, mostBands - doubtful.length))
  for (const key of [...first.filter((one) => !doubtful.includes(one)), ...doubtful, ...further])
    if (
      !named.includes(key) &&
      named.length < mostBands &&
      largest(key) >= leastBand &&
      colours.claim(key) !== undefined
    )
      named.push(key)
  const unknown = [...values.keys()].filter(isUnknown)
  const rest = (period: number) =>
    Math.max(0, whole(period) - [...named, ...unknown].reduce((sum, key) => sum + of(key)(period), 0))
  const bands: Band[] = named.map((key) => ({
    key,
    name: nameOf(sheet.charted, key),
    fill: colours.of(key),
    value: of(key),
  }))
  const others = { key: 'others', name: 'Others', fill: 'var(--others)', value: rest }
  const nameless = {
    key: 'unknown',
    name: unknown.length === 1 ? upperFirst(nameOf(sheet.charted, unknown[0] ?? '')) : 'Unknown supplier',
    fill: `url(#${hatch})`,
    value: (period: number) => unknown.reduce((sum, key) => sum + of(key)(period), 0),
  }
  // What is less than a thousandth throughout is rounding, not a band.
  const seen = (band: Band) => periods.some((period) => band.value(period) / (whole(period) || 1) >= 0.0005)
  return [...bands, ...[others, nameless].filter(seen)]
}

export function area(sheet: Sheet, chart: AreaChart, part: number): Panel | undefined {
  const { narrow, width } = sheet
  const time = times(sheet, chart.x)
  const read = measure(sheet, chart.y)
  const hatch = `${sheet.id}-unknown${part}`
  const known = new Set(
    sheet.rows.filter(({ row }) => figure(row, chart.y) !== null).map(({ row }) => figure(row, chart.x) as number),
  )
  const held = time.periods.filter((period) => known.has(period))
  if (held.length === 0) return undefined
  const bands = bandsOf(sheet, chart, held, hatch)
  if (bands.length === 0) return undefined
  const stack = bands.map((band, at) => ({
    ...band,
    layers: time.periods.map((period) => {
      const below = bands.slice(0, at).reduce((sum, one) => sum + one.value(period), 0)
      const value = known.has(period) ? band.value(period) : Number.NaN
      return { period, low: below * read.factor, high: (below + value) * read.factor }
    }),
  }))
  const last = held.at(-1) as number
  const isShare = columnOf(sheet, chart.y)?.unit === 'share 0-1'
  const highest = isShare
    ? 100
    : largestOf(
        (stack.at(-1)?.layers ?? []).map(({ high }) => high || 0),
        0,
      ) || 1
  const size = narrow ? 12 : 13
  const texts = bands.map((band) => ({
    name: band.name,
    bold: band.key === sheet.colours.question,
    value: read.short(band.value(last)),
  }))
  const right = Math.min(
    narrow ? 134 : 200,
    Math.max(...texts.map(({ name, value, bold }) => textWidth(`${name} ${value}`, size, bold))) + 18,
  )
  const events = eventMarks(sheet, time)
  const top = events.length > 0 ? 34 : 12
  const bottom = time.guesses.size > 0 ? 56 : 30
  const height = (sheet.several ? 210 : narrow ? 290 : 340) + top + bottom
  const left = Math.max(38, textWidth(isShare ? '100 %' : read.tick(highest)) + 12)
  const edge = width - right
  type Layer = (typeof stack)[number]['layers'][number]
  // A period between gaps has no width by itself: it is drawn as a narrow block.
  const alone = (at: number, layers: readonly Layer[]) =>
    [layers[at - 1], layers[at + 1]].every((one) => one === undefined || Number.isNaN(one.high))
  const [begin, end] = timeDomain(time)
  const shape = (layers: readonly Layer[]) =>
    layers.flatMap((layer, at) => {
      const own = timeOf(layer.period)
      const half = time.monthly ? 0.02 : 0.2
      const places = alone(at, layers) ? [Math.max(begin, own - half), Math.min(end, own + half)] : [own]
      return places.map((place) => ({ ...layer, place }))
    })
  const x1 = (one: Layer) => timeOf(one.period)
  const question = stack.find((band) => band.key === sheet.colours.question)
  const lineOf = (layers: readonly Layer[], dashed: boolean) =>
    Plot.line(layers, {
      x: x1,
      y: 'high',
      stroke: 'var(--text)',
      strokeWidth: 2,
      curve: 'linear',
      ...(dashed ? { strokeDasharray: '5 3' } : {}),
    })
  const outline = question
    ? [
        lineOf(
          question.layers.filter(({ period }) => !time.guesses.has(period)),
          false,
        ),
        ...question.layers.flatMap((layer, at) => {
          const before = question.layers[at - 1]
          return before && time.guesses.has(layer.period) ? [lineOf([before, layer], true)] : []
        }),
      ]
    : []
  const hatches = new Hatches(`${sheet.id}-doubt${part}`)
  const doubted = stack.map((band) =>
    time.periods.map((period) => {
      const row = sheet.rows.find(
        ({ row }) => figure(row, chart.x) === period && String(row[chart.series]) === band.key,
      )
      return row && known.has(period) ? standingOf(sheet, chart, [row]).doubt : undefined
    }),
  )
  // A doubtful period reaches halfway to its neighbours, which its slopes lead to.
  const between = (one: Layer, other: Layer | undefined) =>
    other === undefined || Number.isNaN(other.high)
      ? { ...one, place: timeOf(one.period) }
      : {
          ...one,
          place: (timeOf(one.period) + timeOf(other.period)) / 2,
          low: (one.low + other.low) / 2,
          high: (one.high + other.high) / 2,
        }
  const hatched = stack.flatMap(({ layers, fill }, at) =>
    layers.flatMap((layer, place) => {
      if (doubted[at]?.[place] === undefined) return []
      const around = alone(place, layers)
        ? shape(layers).filter(({ period }) => period === layer.period)
        : [
            between(layer, layers[place - 1]),
            { ...layer, place: timeOf(layer.period) },
            between(layer, layers[place + 1]),
          ]
      return [Plot.areaY(around, { x: 'place', y1: 'low', y2: 'high', fill: hatches.of(fill), curve: 'linear' })]
    }),
  )
  const { body, x, y } = plottedOverTime(sheet, {
    height,
    left,
    right,
    top,
    bottom,
    domain: timeDomain(time),
    values: [0, highest],
    nice: !isShare,
    marks: [
      Plot.gridY({ ticks: 4, stroke: 'var(--rule)', strokeOpacity: 1 }),
      Plot.axisY({
        ticks: 4,
        tickSize: 0,
        label: null,
        tickFormat: (value: number) => `${read.tick(value)}${isShare && value === 100 ? ' %' : ''}`,
      }),
      timeAxis(time, width - left - right),
      ...stack.map((band) =>
        Plot.areaY(shape(band.layers), {
          x: 'place',
          y1: 'low',
          y2: 'high',
          fill: band.fill,
          stroke: 'var(--shore)',
          strokeWidth: 1,
          curve: 'linear',
        }),
      ),
      ...hatched,
      ...outline,
    ],
  })
  const centres = stack.map((band) => {
    const layer = band.layers.find(({ period }) => period === last) as Layer
    return y((layer.low + layer.high) / 2)
  })
  const places = spread(centres, 17, top + 2, height - bottom - 2)
  const names = texts.map(({ name, value, bold }, at) => {
    const place = places[at] as number
    const short = fitted(name, right - 16 - textWidth(` ${value}`, size, bold), size, bold)
    const tie = `<path d="M${c(edge + 3)},${c(centres[at] as number)}L${c(edge + 9)},${c(place)}" stroke="var(--rule-strong)" fill="none"/>`
    return `<g data-label="${at}">${tie}${label(`${short} ${value}`, edge + 12, place, { bold, size })}</g>`
  })
  const leader = question ?? stack[0]
  const marks = held.map((period) => {
    const key = leader?.key
    const row = sheet.rows.find(({ row }) => figure(row, chart.x) === period && String(row[chart.series]) === key)
    const any = sheet.rows.find(({ row }) => figure(row, chart.x) === period)
    const layer = leader?.layers.find((one) => one.period === period)
    const lines = bands
      .filter((band) => band.value(period) > 0)
      .map((band) => {
        const doubt = doubted[bands.indexOf(band)]?.[time.periods.indexOf(period)]
        return `${band.name}: ${read.said(band.value(period))}${doubt ? `, ${doubt}` : ''}`
      })
    return {
      x: x(timeOf(period)),
      y: y(layer?.high ?? 0),
      row: (row ?? any)?.at ?? -1,
      text: [periodSaid(period, time), ...lines].join('\n'),
    }
  })
  const keys = doubtKeys(
    doubted.flat().map((doubt) => (doubt === undefined ? {} : { doubt })),
    hatches,
  )
  const ground = hatching(hatch, 'var(--ground)') + hatches.definitions
  return {
    body:
      ground +
      missing(sheet, part, chart.x, time, known, x, top, height - bottom) +
      body +
      flags(events, x, top, height - bottom) +
      basis(time, known, x, height - 24) +
      names.join(''),
    height,
    keys,
    marks,
    notes: [],
  }
}
