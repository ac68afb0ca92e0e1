import * as Plot from '@observablehq/plot'
import type { BarsChart } from '../../analyses/charting.ts'
import { askColour, colourKey } from './colour-key.ts'
import { isUnknown } from './colours.ts'
import { doubtKeys, Hatches, standingOf, standingSaid } from './doubt.ts'
import { figure, largestOf, named as nameIn, smallestOf, written } from './measures.ts'
import { asideOf, rowsFrame, rowsLimit } from './rows.ts'
import { c, hatching, latest, measure, type Panel, type Placed, plotted, type Sheet, thresholdOf } from './sheet.ts'
import { toneKeys, toneOf } from './tones.ts'

/** Bars of a part of a chart; what is smaller stands in the table. */
const mostBars = 15

/** Whether any bar has a length. */
export const barsFit = (sheet: Sheet, chart: BarsChart): boolean =>
  sheet.every.some(({ row }) => figure(row, chart.value) !== null)

export function bars(sheet: Sheet, chart: BarsChart, part: number): Panel | undefined {
  const { charted, width, narrow } = sheet
  const read = measure(sheet, chart.value)
  const from = latest(sheet.rows, chart, [chart.value])
  const named = ({ row }: Placed) => String(row[chart.label] ?? '')
  // Who is unknown has no rank: it stands last, as does what has no figure.
  const order = (one: Placed) => (figure(one.row, chart.value) === null ? 2 : isUnknown(named(one)) ? 1 : 0)
  const ranked = from.toSorted(
    (a, b) =>
      order(a) - order(b) ||
      (figure(b.row, chart.value) ?? 0) - (figure(a.row, chart.value) ?? 0) ||
      (named(a) < named(b) ? -1 : 1),
  )
  if (ranked.length === 0) return undefined
  const nameless = ranked.filter((one) => isUnknown(named(one)))
  const kept = ranked.filter((one) => !isUnknown(named(one))).slice(0, mostBars)
  const drawn = ranked.filter((one) => kept.includes(one) || nameless.includes(one))
  const column = chart.colour?.column ?? chart.label
  if (!chart.tones) askColour(sheet, drawn, column, chart.colour !== undefined)

  const hatch = `${sheet.id}-unknown${part}`
  const none = chart.missing ?? 'no figure'
  const threshold = thresholdOf(sheet, chart.threshold)
  const hatches = new Hatches(`${sheet.id}-doubt${part}`)
  const standings = new Map(drawn.map((one) => [one, standingOf(sheet, chart, [one])]))
  const colour = (one: Placed) =>
    isUnknown(named(one))
      ? `url(#${hatch})`
      : (toneOf(chart.tones, one, hatch) ?? sheet.colours.of(String(one.row[column])))
  const fill = (one: Placed) => {
    const own = colour(one)
    return standings.get(one)?.doubt === undefined || own.startsWith('url') ? own : hatches.of(own)
  }
  const edge = (one: Placed) => (colour(one).startsWith('url') ? 'var(--others)' : colour(one))
  const isGuess = (one: Placed) => standings.get(one)?.guess !== undefined
  const openOf = ({ row }: Placed) => (chart.open ? figure(row, chart.open.column) : null) ?? 0
  const values = drawn.map(({ row }) => figure(row, chart.value))
  const beyond = (value: number | null) => threshold !== undefined && value !== null && value > threshold
  const wordsOf = (one: Placed) => {
    const value = figure(one.row, chart.value)
    return {
      name: nameIn(charted, chart.label, one.row[chart.label]),
      code: named(one),
      value: value === null ? none : read.short(value),
      beside: (chart.beside ?? []).flatMap((column) => asideOf(sheet, column, one)).join(' '),
      bold: !isUnknown(named(one)) && (beyond(value) || named(one) === sheet.colours.question),
    }
  }
  const words = drawn.map(wordsOf)
  const top = threshold === undefined ? 22 : 42
  const frame = rowsFrame(sheet, words, top, sheet.several ? sheet.every.map(wordsOf) : words)
  const shared = sheet.every.flatMap((one) => {
    const value = figure(one.row, chart.value) ?? 0
    return [value + openOf(one), (chart.high ? figure(one.row, chart.high) : null) ?? value]
  })
  const highest = largestOf(shared, threshold ?? 0) || 1
  const half = narrow ? 6 : 8
  const { body, x } = plotted(sheet.document, {
    width,
    height: frame.height,
    marginLeft: frame.left,
    marginRight: width - frame.edge,
    marginTop: top,
    marginBottom: 8,
    x: { domain: [smallestOf(shared, 0) * read.factor, highest * read.factor], axis: null, label: null },
    y: { domain: [frame.height - 8, top], axis: null, label: null },
    color: { type: 'identity' },
    marks: [
      narrow ? [] : Plot.gridX({ ticks: 5, stroke: 'var(--rule)', strokeOpacity: 1 }),
      Plot.axisX({ anchor: 'top', ticks: narrow ? 3 : 5, tickSize: 0, label: null, tickFormat: read.tick }),
      Plot.rect(drawn, {
        x1: 0,
        x2: (one: Placed) => (figure(one.row, chart.value) ?? Number.NaN) * read.factor,
        y1: (_: Placed, at: number) => frame.middle(at) - half,
        y2: (_: Placed, at: number) => frame.middle(at) + half,
        fill,
        fillOpacity: (one: Placed) => (isGuess(one) && !fill(one).startsWith('url') ? 0.4 : 1),
        stroke: (one: Placed) => (fill(one).startsWith('url') && !isGuess(one) ? edge(one) : 'none'),
      }),
      narrow ? [] : Plot.ruleX([0], { stroke: 'var(--rule-strong)' }),
    ],
  })
  const at = (value: number) => x(value * read.factor)
  const box = (from: number, to: number, place: number) =>
    `x="${c(Math.min(from, to))}" y="${c(frame.middle(place) - half)}" width="${c(Math.abs(to - from))}" height="${half * 2}"`
  const dashes = drawn.flatMap((one, place) => {
    const value = values[place] ?? null
    return value === null || !isGuess(one)
      ? []
      : [
          `<rect data-guess="${place}" ${box(at(0), at(value), place)} fill="none" stroke="${edge(one)}" stroke-width="1.5" stroke-dasharray="4 2.5"/>`,
        ]
  })
  const opens = drawn.flatMap((one, place) => {
    const value = values[place] ?? null
    return value === null || openOf(one) === 0
      ? []
      : [
          `<rect data-open="${place}" ${box(at(value), at(value + openOf(one)), place)} fill="${hatches.of(edge(one))}" stroke="${edge(one)}"/>`,
        ]
  })
  const boundsOf = ({ row }: Placed) => {
    const [low, high] = [chart.low, chart.high].map((name) => (name === undefined ? null : figure(row, name)))
    return typeof low === 'number' && typeof high === 'number' && at(high) - at(low) >= 2 ? { low, high } : undefined
  }
  const whiskers = drawn.flatMap((one, place) => {
    const bounds = boundsOf(one)
    return bounds
      ? [
          `<path data-bounds="${place}" d="M${c(at(bounds.low))},${c(frame.middle(place) - 4)}v8m0,-4H${c(at(bounds.high))}m0,-4v8" fill="none" stroke="var(--ground)" stroke-width="3.5"/><path d="M${c(at(bounds.low))},${c(frame.middle(place) - 4)}v8m0,-4H${c(at(bounds.high))}m0,-4v8" fill="none" stroke="var(--text)" stroke-width="1.2"/>`,
        ]
      : []
  })
  const unknowns = drawn.flatMap((_, place) =>
    values[place] === null
      ? [
          `<rect data-missing="${place}" x="${c(frame.left)}" y="${c(frame.middle(place) - half)}" width="${c(Math.min(60, frame.edge - frame.left))}" height="${half * 2}" fill="url(#${hatch})"/>`,
        ]
      : [],
  )
  const limit =
    threshold === undefined
      ? ''
      : rowsLimit(
          sheet,
          frame,
          drawn.length,
          x(threshold * read.factor),
          `${chart.threshold?.says ?? ''} ${read.short(threshold)}`,
        )
  const marks = drawn.map((one, place) => {
    const value = values[place] ?? null
    const { beside } = words[place] ?? { beside: '' }
    const bounds = boundsOf(one)
    const name = written(charted, chart.label, one.row[chart.label])
    return {
      x: value === null ? frame.left : x(value * read.factor),
      y: frame.middle(place),
      row: one.at,
      text: [
        `${name}: ${value === null ? none : read.said(value)}`,
        ...(bounds ? [`between ${read.said(bounds.low)} and ${read.said(bounds.high)}`] : []),
        ...(openOf(one) > 0 ? [`${read.said(openOf(one))} ${chart.open?.says}`] : []),
        ...standingSaid(standings.get(one) ?? {}),
        beside,
      ]
        .filter(Boolean)
        .join('\n'),
    }
  })
  const left = ranked.length - drawn.length
  const share = ranked
    .filter((one) => !drawn.includes(one))
    .reduce((sum, one) => sum + (figure(one.row, chart.value) ?? 0), 0)
  const keys = [
    ...(chart.tones ? toneKeys(chart.tones, drawn, hatch) : colourKey(sheet, drawn, chart.colour)),
    ...(opens.length > 0 && chart.open ? [{ fill: hatches.of('var(--muted)'), says: chart.open.says }] : []),
    ...doubtKeys(
      drawn.filter(({ row }) => figure(row, chart.value) !== null).map((one) => standings.get(one) ?? {}),
      hatches,
    ),
  ]
  return {
    body:
      hatching(hatch, 'var(--ground)') +
      hatches.definitions +
      body +
      dashes.join('') +
      opens.join('') +
      whiskers.join('') +
      unknowns.join('') +
      limit +
      drawn.map((_, place) => frame.words(place)).join(''),
    height: frame.height,
    keys,
    marks,
    notes: [
      ...(left > 0
        ? [
            `${left} smaller of ${ranked.length} are in the table only${read.unit === '%' && chart.beside === undefined ? `, ${read.said(share)} together` : ''}.`,
          ]
        : []),
      ...(whiskers.length > 0 ? ['Whiskers show the bounds between which a figure lies.'] : []),
    ],
  }
}
