import * as Plot from '@observablehq/plot'
import type { IntervalsChart } from '../../analyses/charting.ts'
import { scaled } from '../../wording.ts'
import { doubtKeys, Hatches, standingOf, standingSaid } from './doubt.ts'
import { figure, largestOf, named as nameIn, smallestOf, written } from './measures.ts'
import { asideOf, rowsFrame } from './rows.ts'
import { c, columnOf, hatching, latest, measure, type Panel, type Placed, plotted, type Sheet } from './sheet.ts'
import { toneKeys, toneOf } from './tones.ts'

/** Rows of a part of a chart; what is smaller stands in the table. */
const mostRows = 15
/** Pixels that bounds which are one still take. */
const leastWidth = 3
/** Pixels that a figure on the axis needs to itself. */
const tickRoom = 56

const leadsOf = ({ value, high }: IntervalsChart) => value ?? high

/** Whether any row has both bounds. */
export const intervalsFit = (sheet: Sheet, { low, high }: IntervalsChart): boolean =>
  sheet.every.some(({ row }) => figure(row, low) !== null && figure(row, high) !== null)

export function intervals(sheet: Sheet, chart: IntervalsChart, part: number): Panel | undefined {
  const { charted, narrow, width } = sheet
  const leads = leadsOf(chart)
  const read = measure(sheet, leads)
  const money = /^[A-Z]{3}$/.test(columnOf(sheet, leads)?.unit ?? '')
  const short = money ? scaled : read.short
  const named = ({ row }: Placed) => String(row[chart.label] ?? '')
  const ranked = latest(sheet.rows, chart, [leads]).toSorted(
    (a, b) =>
      Number(figure(a.row, leads) === null) - Number(figure(b.row, leads) === null) ||
      (figure(b.row, leads) ?? 0) - (figure(a.row, leads) ?? 0) ||
      (named(a) < named(b) ? -1 : 1),
  )
  if (ranked.length === 0) return undefined
  const drawn = ranked.slice(0, mostRows)
  const bounds = ({ row }: Placed) => {
    const [low, high] = [figure(row, chart.low), figure(row, chart.high)]
    return low === null || high === null ? undefined : { low, high }
  }
  const range = (low: number, high: number, words: (value: number) => string) => {
    const [from, to] = [words(low), words(high)]
    const scale = / [a-z%]+$/.exec(to)?.[0] ?? ''
    // What both are measured in is said once.
    return from === to ? to : `${scale !== '' && from.endsWith(scale) ? from.slice(0, -scale.length) : from} to ${to}`
  }
  const wordsOf = (one: Placed) => {
    const between = bounds(one)
    return {
      name: nameIn(charted, chart.label, one.row[chart.label]),
      code: named(one),
      value: between ? range(between.low, between.high, short) : 'no figure',
      beside: (chart.beside ?? []).flatMap((column) => asideOf(sheet, column, one)).join(' '),
      bold: false,
    }
  }
  const words = drawn.map(wordsOf)
  const top = 22
  const frame = rowsFrame(sheet, words, top, sheet.several ? sheet.every.map(wordsOf) : words)
  const columns = [chart.low, chart.high, chart.outer?.low, chart.outer?.high, chart.value].flatMap(
    (name) => name ?? [],
  )
  const shared = sheet.every.flatMap(({ row }) => columns.map((name) => figure(row, name) ?? 0))
  const half = narrow ? 5 : 6
  const ticks = Math.max(2, Math.min(5, Math.floor((frame.edge - frame.left) / tickRoom)))
  const hatch = `${sheet.id}-open${part}`
  const hatches = new Hatches(`${sheet.id}-doubt${part}`)
  const standings = new Map(drawn.map((one) => [one, standingOf(sheet, chart, [one])]))
  const colour = (one: Placed) => toneOf(chart.tones, one, hatch) ?? 'var(--q3)'
  const edge = (one: Placed) => (colour(one).startsWith('url') ? 'var(--others)' : colour(one))
  const fill = (one: Placed) =>
    standings.get(one)?.doubt === undefined || colour(one).startsWith('url') ? colour(one) : hatches.of(colour(one))
  /** A bar's paint: a broken edge around a paler one where it is an estimate. */
  const paint = (one: Placed) =>
    standings.get(one)?.guess === undefined
      ? `fill="${fill(one)}" stroke="${fill(one).startsWith('url') ? edge(one) : 'none'}"`
      : `fill="${fill(one)}" fill-opacity="0.4" stroke="${edge(one)}" stroke-dasharray="4 2.5"`
  const { body, x } = plotted(sheet.document, {
    width,
    height: frame.height,
    marginLeft: frame.left + 6,
    marginRight: width - frame.edge + 6,
    marginTop: top,
    marginBottom: 8,
    x: {
      domain: [smallestOf(shared, 0) * read.factor, (largestOf(shared, 0) || 1) * read.factor],
      axis: null,
      label: null,
    },
    y: { domain: [frame.height - 8, top], axis: null, label: null },
    color: { type: 'identity' },
    marks: [
      narrow ? [] : Plot.gridX({ ticks, stroke: 'var(--rule)', strokeOpacity: 1 }),
      Plot.axisX({ anchor: 'top', ticks, tickSize: 0, label: null, tickFormat: read.tick }),
      narrow ? [] : Plot.ruleX([0], { stroke: 'var(--rule-strong)' }),
    ],
  })
  const at = (value: number) => x(value * read.factor)
  const shapes = drawn.map((one, place) => {
    const y = frame.middle(place)
    const between = bounds(one)
    if (!between)
      return `<rect data-missing="${place}" x="${c(frame.left)}" y="${c(y - half)}" width="${c(Math.min(60, frame.edge - frame.left))}" height="${half * 2}" fill="url(#${hatch})"/>`
    const [outerLow, outerHigh] = [chart.outer?.low, chart.outer?.high].map((name) =>
      name === undefined ? null : figure(one.row, name),
    )
    const outer =
      typeof outerLow === 'number' &&
      typeof outerHigh === 'number' &&
      (outerLow !== between.low || outerHigh !== between.high)
        ? `<path data-outer="${place}" d="M${c(at(outerLow))},${c(y - 3)}v6m0,-3H${c(at(outerHigh))}m0,-3v6" fill="none" stroke="var(--text)" stroke-width="1.2"/>`
        : ''
    const long = Math.max(leastWidth, at(between.high) - at(between.low))
    const from = Math.min(at(between.low), at(between.low) + (at(between.high) - at(between.low)) / 2 - long / 2)
    const band = `<rect data-interval="${place}" x="${c(from)}" y="${c(y - half)}" width="${c(long)}" height="${half * 2}" ${paint(one)}/>`
    const value = chart.value === undefined ? null : figure(one.row, chart.value)
    const dot =
      value === null
        ? ''
        : `<path d="M${c(at(0))},${c(y)}H${c(at(value))}" stroke="var(--rule-strong)"/><circle cx="${c(at(value))}" cy="${c(y)}" r="4" fill="var(--ground)" stroke="var(--text)" stroke-width="1.5"/>`
    return outer + band + dot
  })
  const marks = drawn.map((one, place) => {
    const between = bounds(one)
    const value = chart.value === undefined ? null : figure(one.row, chart.value)
    const currency = money ? `${columnOf(sheet, leads)?.unit} ` : ''
    const inFull = (amount: number) => (money ? currency + scaled(amount) : read.said(amount))
    const said = between ? currency + range(between.low, between.high, money ? scaled : read.said) : 'no figure'
    return {
      x: between ? at(value ?? between.high) : frame.left,
      y: frame.middle(place),
      row: one.at,
      text: [
        `${written(charted, chart.label, one.row[chart.label])}: ${value === null || !between ? said : inFull(value)}`,
        ...(value === null || !between || between.low === between.high ? [] : [`from ${said}`]),
        ...standingSaid(standings.get(one) ?? {}),
        words[place]?.beside ?? '',
      ]
        .filter(Boolean)
        .join('\n'),
    }
  })
  const left = ranked.length - drawn.length
  const keys = [
    ...(chart.tones ? toneKeys(chart.tones, drawn, hatch) : []),
    ...doubtKeys([...standings.values()], hatches),
  ]
  return {
    body:
      hatching(hatch, 'var(--ground)') +
      hatches.definitions +
      body +
      shapes.join('') +
      drawn.map((_, place) => frame.words(place)).join(''),
    height: frame.height,
    keys,
    marks,
    notes: left > 0 ? [`${left} smaller of ${ranked.length} are in the table only.`] : [],
  }
}
