import * as Plot from '@observablehq/plot'
import type { ChangeChart, DumbbellChart } from '../../analyses/charting.ts'
import { periodName } from '../../wording.ts'
import { askColour, colourKey } from './colour-key.ts'
import { isUnknown } from './colours.ts'
import { doubtKeys, Hatches, type Standing, standingOf, standingSaid } from './doubt.ts'
import { figure, largestOf, named, smallestOf, written } from './measures.ts'
import { rowsFrame, rowsLimit } from './rows.ts'
import {
  distinct,
  latest,
  measure,
  type Panel,
  type Placed,
  plotted,
  type Sheet,
  textWidth,
  thresholdOf,
} from './sheet.ts'

const mostRows = 15

interface Pair {
  readonly label: string
  readonly from: number | null
  readonly to: number | null
  readonly at: number
  readonly placed: Placed
  readonly standing: Standing
}

/** The two figures of each row, and what each of them is. */
function pairs(sheet: Sheet, rows: readonly Placed[], chart: DumbbellChart | ChangeChart) {
  if (chart.over === undefined) {
    const found = latest(rows, chart, [chart.from, chart.to]).map((placed) => ({
      label: String(placed.row[chart.label] ?? ''),
      from: figure(placed.row, chart.from),
      to: figure(placed.row, chart.to),
      at: placed.at,
      placed,
      standing: standingOf(sheet, chart, [placed]),
    }))
    return { found, says: [chart.from_says, chart.to_says] as const, column: chart.to }
  }
  const { over, value } = chart
  const periods = distinct(sheet.every, over)
    .map(Number)
    .sort((a, b) => a - b)
  const [first, last] = [periods[0] ?? 0, periods.at(-1) ?? 0]
  const found: Pair[] = []
  const byName = new Map<string, Placed[]>()
  for (const one of rows) {
    const name = String(one.row[chart.label] ?? '')
    const same = byName.get(name)
    if (same) same.push(one)
    else byName.set(name, [one])
  }
  for (const [name, same] of byName) {
    const at = (period: number) => same.find(({ row }) => figure(row, over) === period)
    const [begin, end] = [at(first), at(last)]
    const placed = end ?? begin
    if (placed)
      found.push({
        label: name,
        from: begin ? figure(begin.row, value) : null,
        to: end ? figure(end.row, value) : null,
        at: placed.at,
        placed,
        standing: standingOf(sheet, chart, [...(begin ? [begin] : []), ...(end ? [end] : [])]),
      })
  }
  return { found, says: [periodName(first), periodName(last)] as const, column: value }
}

/** Whether some row has both figures; over periods, whether there are two of them. */
export function dumbbellFits(sheet: Sheet, chart: DumbbellChart | ChangeChart): boolean {
  if (chart.over !== undefined && distinct(sheet.every, chart.over).length < 2) return false
  return pairs(sheet, sheet.every, chart).found.some(({ from, to }) => from !== null && to !== null)
}

export function dumbbell(sheet: Sheet, chart: DumbbellChart | ChangeChart, part: number): Panel | undefined {
  const { charted, width, narrow } = sheet
  const { found, says, column } = pairs(sheet, sheet.rows, chart)
  const read = measure(sheet, column)
  const ranked = found
    .filter(({ from, to }) => from !== null || to !== null)
    .toSorted(
      (a, b) =>
        Number(isUnknown(a.label)) - Number(isUnknown(b.label)) ||
        (b.to ?? -1) - (a.to ?? -1) ||
        (b.from ?? -1) - (a.from ?? -1) ||
        (a.label < b.label ? -1 : 1),
    )
  if (ranked.length === 0) return undefined
  const nameless = ranked.filter((one) => isUnknown(one.label))
  const drawn = [...ranked.filter((one) => !isUnknown(one.label)).slice(0, mostRows), ...nameless]
  const colour = chart.over === undefined ? undefined : chart.colour
  const colourColumn = colour?.column ?? chart.label
  askColour(
    sheet,
    drawn.map(({ placed }) => placed),
    colourColumn,
    colour !== undefined,
  )
  const fill = ({ label: name, placed }: Pair) =>
    isUnknown(name) ? 'var(--others)' : sheet.colours.of(String(placed.row[colourColumn]))
  const hatches = new Hatches(`${sheet.id}-doubt${part}`)
  const isOpen = ({ standing: { guess, doubt } }: Pair) => guess !== undefined || doubt !== undefined
  const threshold = thresholdOf(sheet, chart.threshold)
  const short = (value: number | null) => (value === null ? '–' : read.short(value))
  const words = drawn.map((one) => ({
    name: named(charted, chart.label, one.label),
    code: one.label,
    value: `${short(one.from)} → ${short(one.to)}`,
    beside: '',
    bold: !isUnknown(one.label) && threshold !== undefined && one.to !== null && one.to > threshold,
  }))
  const top = threshold === undefined ? 22 : 42
  const shared = sheet.every.flatMap(({ row }) =>
    (chart.over === undefined ? [chart.from, chart.to] : [chart.value]).map((name) => figure(row, name) ?? 0),
  )
  const longest = shared.map(read.short).reduce((a, b) => (textWidth(b) > textWidth(a) ? b : a), '')
  const every = distinct(sheet.every, chart.label).map((code) => ({
    name: named(charted, chart.label, code),
    code: '',
    value: `${longest} → ${longest}`,
    beside: '',
    bold: true,
  }))
  const frame = rowsFrame(sheet, words, top, sheet.several ? every : words)
  const highest = largestOf(shared, threshold ?? 0) || 1
  const y = (_: unknown, at: number) => frame.middle(at)
  const { body, x } = plotted(sheet.document, {
    width,
    height: frame.height,
    marginLeft: frame.left + 6,
    marginRight: width - frame.edge + 6,
    marginTop: top,
    marginBottom: 8,
    x: { domain: [smallestOf(shared, 0) * read.factor, highest * read.factor], axis: null, label: null },
    y: { domain: [frame.height - 8, top], axis: null, label: null },
    color: { type: 'identity' },
    r: { type: 'identity' },
    marks: [
      narrow ? [] : Plot.gridX({ ticks: 5, stroke: 'var(--rule)', strokeOpacity: 1 }),
      Plot.axisX({ anchor: 'top', ticks: narrow ? 3 : 5, tickSize: 0, label: null, tickFormat: read.tick }),
      ...[false, true].map((open) =>
        Plot.link(drawn, {
          filter: (one: Pair) => isOpen(one) === open,
          x1: ({ from }: Pair) => (from ?? Number.NaN) * read.factor,
          x2: ({ to }: Pair) => (to ?? Number.NaN) * read.factor,
          y1: y,
          y2: y,
          stroke: fill,
          strokeWidth: 2.5,
          curve: 'linear',
          ...(open ? { strokeDasharray: '5 3' } : {}),
        }),
      ),
      Plot.dot(drawn, {
        x: ({ from }: Pair) => (from ?? Number.NaN) * read.factor,
        y,
        r: 4,
        fill: 'var(--ground)',
        stroke: fill,
        strokeWidth: 1.5,
      }),
      Plot.dot(drawn, {
        x: ({ to }: Pair) => (to ?? Number.NaN) * read.factor,
        y,
        r: (one: Pair) => (one.standing.doubt === undefined ? 5 : 6),
        fill: (one: Pair) => (one.standing.doubt === undefined ? fill(one) : hatches.of(fill(one))),
        stroke: (one: Pair) => (one.standing.doubt === undefined ? 'none' : fill(one)),
      }),
    ],
  })
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
  const marks = drawn.map((one, place) => ({
    x: x(((one.to ?? one.from) as number) * read.factor),
    y: frame.middle(place),
    row: one.at,
    text: [
      written(charted, chart.label, one.label),
      `${says[0]}: ${one.from === null ? 'no figure' : read.said(one.from)}`,
      `${says[1]}: ${one.to === null ? 'no figure' : read.said(one.to)}`,
      ...standingSaid(one.standing),
    ].join('\n'),
  }))
  const keys = [
    { fill: 'var(--others)', says: says[0], round: true, hollow: true },
    { fill: 'var(--others)', says: says[1], round: true },
    ...colourKey(
      sheet,
      drawn.map(({ placed }) => placed),
      colour,
    ),
    ...doubtKeys(
      drawn.map(({ standing }) => standing),
      hatches,
    ),
  ]
  const left = ranked.length - drawn.length
  return {
    body: hatches.definitions + body + limit + drawn.map((_, place) => frame.words(place)).join(''),
    height: frame.height,
    keys,
    marks,
    notes: left > 0 ? [`${left} smaller of ${ranked.length} are in the table only.`] : [],
  }
}
