import * as Plot from '@observablehq/plot'
import { columnRead, type PointsChart, type Reading } from '../../analyses/charting.ts'
import { askColour, colourKey } from './colour-key.ts'
import { doubtKeys, type Standing, standingOf, standingSaid } from './doubt.ts'
import { figure, largestOf, type Measure, measureOf, named, written } from './measures.ts'
import {
  c,
  columnOf,
  escaped,
  fitted,
  label,
  latest,
  type Panel,
  type Placed,
  plotted,
  type Sheet,
  textWidth,
} from './sheet.ts'

/** Points with a name beside them, where there is room for it. */
const mostNames = 12

interface Point {
  readonly x: number
  readonly y: number
  readonly name: string
  readonly placed: Placed
  readonly standing: Standing
}

/** The figure that a reading finds among the rows of one thing. */
function readFrom(rows: readonly Placed[], reading: Reading): number | null {
  const column = columnRead(reading)
  const found = readRows(rows, reading).find(({ row }) => figure(row, column) !== null)
  return found ? figure(found.row, column) : null
}

/** The rows that a reading looks at, of one thing. */
const readRows = (rows: readonly Placed[], reading: Reading) =>
  typeof reading === 'string'
    ? rows.slice(0, 1)
    : rows.filter(({ row }) => Object.entries(reading.where).every(([name, value]) => row[name] === value))

/** One point for each thing that has both figures; how many have only one. */
function pointsOf(sheet: Sheet, chart: PointsChart): { points: Point[]; without: number } {
  const byName = new Map<string, Placed[]>()
  for (const one of latest(sheet.rows, chart, [columnRead(chart.x), columnRead(chart.y)])) {
    const name = one.row[chart.label]
    if (name === null || name === undefined) continue
    const rows = byName.get(String(name))
    if (rows) rows.push(one)
    else byName.set(String(name), [one])
  }
  const points = [...byName].flatMap(([name, rows]) => {
    const [x, y] = [readFrom(rows, chart.x), readFrom(rows, chart.y)]
    if (x === null || y === null) return []
    const behind = [chart.x, chart.y].flatMap((reading) => readRows(rows, reading))
    return [{ x, y, name, placed: rows[0] as Placed, standing: standingOf(sheet, chart, behind) }]
  })
  return {
    points: points.sort((a, b) => b.x - a.x || b.y - a.y || (a.name < b.name ? -1 : 1)),
    without: byName.size - points.length,
  }
}

/** Whether two things have both figures. */
export const pointsFit = (sheet: Sheet, chart: PointsChart): boolean =>
  pointsOf({ ...sheet, rows: sheet.every }, chart).points.length >= 2

/** How an axis reads: an index where the column itself names no unit. */
function axisMeasure(sheet: Sheet, reading: Reading): Measure {
  const column = columnOf(sheet, columnRead(reading)) ?? { name: '', type: 'number', unit: '', description: '' }
  return measureOf(column.unit === 'ratio' ? { ...column, unit: 'index 0-1' } : column, [], '')
}

/** Room that is taken. */
interface Box {
  readonly x0: number
  readonly x1: number
  readonly y0: number
  readonly y1: number
}

/** Names beside points, between the edges, where none touches another, a point or what else is written. */
function placedNames(
  points: readonly { x: number; y: number; text: string }[],
  dots: readonly { x: number; y: number }[],
  written: readonly Box[],
  [left, right]: readonly [number, number],
  narrow: boolean,
): string[] {
  const taken = [...dots.map(({ x, y }) => ({ x0: x - 6, x1: x + 6, y0: y - 6, y1: y + 6 })), ...written]
  const names: string[] = []
  for (const { x, y, text } of points) {
    if (names.length === (narrow ? mostNames / 2 : mostNames)) break
    // Whole where it fits, else cut shorter; first to the right, then to the left.
    const tries = [narrow ? 120 : 190, 110, 80].flatMap((most) =>
      (['start', 'end'] as const).map((side) => ({ most, side })),
    )
    for (const { most, side } of tries) {
      const room = Math.min(most, side === 'start' ? right - x - 8 : x - 8 - left)
      const short = room < 70 ? '' : fitted(text, room, 12)
      const wide = textWidth(short, 12)
      const x0 = side === 'start' ? x + 8 : x - 8 - wide
      const box = { x0, x1: x0 + wide, y0: y - 7, y1: y + 7 }
      const touches = taken.some((one) => one.x1 > box.x0 && one.x0 < box.x1 && one.y1 > box.y0 && one.y0 < box.y1)
      if (short === '' || touches) continue
      taken.push(box)
      names.push(label(short, side === 'start' ? box.x0 : box.x1, y, { anchor: side, size: 12, halo: true }))
      break
    }
  }
  return names
}

/** What an axis's figures are compared with, and by whom. */
function limitsOf(sheet: Sheet, chart: PointsChart, reading: Reading): { value: number; says: string }[] {
  const { thresholds } = chart
  if (!thresholds || typeof reading === 'string') return []
  const found = new Map<number, Set<string>>()
  for (const { row } of sheet.rows) {
    if (!Object.entries(reading.where).every(([name, value]) => row[name] === value)) continue
    const value = figure(row, thresholds.column)
    if (value === null) continue
    const named = found.get(value) ?? new Set<string>()
    found.set(value, named.add(String(row[thresholds.named])))
  }
  return [...found].sort(([a], [b]) => b - a).map(([value, named]) => ({ value, says: [...named].sort().join(', ') }))
}

export function points(sheet: Sheet, chart: PointsChart, _part: number): Panel | undefined {
  const { charted, width, narrow } = sheet
  const { points: all, without } = pointsOf(sheet, chart)
  if (all.length === 0) return undefined
  const [across, up] = [axisMeasure(sheet, chart.x), axisMeasure(sheet, chart.y)]
  const column = chart.colour?.column
  if (column)
    askColour(
      sheet,
      all.map(({ placed }) => placed),
      column,
      true,
    )
  const fill = ({ placed }: Point) => (column ? sheet.colours.of(String(placed.row[column])) : 'var(--others)')
  const limits = [limitsOf(sheet, chart, chart.x), limitsOf(sheet, chart, chart.y)] as const
  const highest = (read: Measure, values: readonly number[]) =>
    (read.unit === 'index 0–1' ? 1 : largestOf(values, 0) * 1.05 || 1) * read.factor
  const domain = [
    highest(
      across,
      all.map((one) => one.x),
    ),
    highest(
      up,
      all.map((one) => one.y),
    ),
  ] as const
  const top = 28
  const bottom = 44
  const left = 40
  const right = 14
  const height = Math.min(480, width * (narrow ? 1 : 0.66)) + top + bottom
  const { body, x, y } = plotted(sheet.document, {
    width,
    height,
    marginLeft: left,
    marginRight: right,
    marginTop: top,
    marginBottom: bottom,
    x: { domain: [0, domain[0]], axis: null, label: null },
    y: { domain: [0, domain[1]], axis: null, label: null },
    color: { type: 'identity' },
    marks: [
      Plot.gridX({ ticks: 5, stroke: 'var(--rule)', strokeOpacity: 1 }),
      Plot.gridY({ ticks: 5, stroke: 'var(--rule)', strokeOpacity: 1 }),
      Plot.axisX({ ticks: 5, tickSize: 0, label: null, tickFormat: across.tick }),
      Plot.axisY({ ticks: 5, tickSize: 0, label: null, tickFormat: up.tick }),
      Plot.ruleX(
        limits[0].map(({ value }) => value * across.factor),
        { stroke: 'var(--text)', strokeDasharray: '3 3' },
      ),
      Plot.ruleY(
        limits[1].map(({ value }) => value * up.factor),
        { stroke: 'var(--text)', strokeDasharray: '3 3' },
      ),
    ],
  })
  const look = (one: Point) => {
    const { guess, doubt } = one.standing
    return guess === undefined && doubt === undefined
      ? `fill="${fill(one)}" stroke="var(--ground)" stroke-width="1"`
      : `fill="var(--ground)" stroke="${fill(one)}" stroke-width="1.5"${doubt === undefined ? '' : ' stroke-dasharray="3 2"'}`
  }
  const dots = all.map(
    (one, at) =>
      `<circle data-mark="${at}" cx="${c(x(one.x * across.factor))}" cy="${c(y(one.y * up.factor))}" r="4.5" ${look(one)}/>`,
  )
  const marks = all.map((one) => ({
    x: x(one.x * across.factor),
    y: y(one.y * up.factor),
    row: one.placed.at,
    text: [
      written(charted, chart.label, one.name),
      `${chart.x_says}: ${across.said(one.x)}`,
      `${chart.y_says}: ${up.said(one.y)}`,
      ...(column ? [`${chart.colour?.says}: ${written(charted, column, one.placed.row[column])}`] : []),
      ...standingSaid(one.standing),
    ].join('\n'),
  }))
  // Names of those furthest out by both figures: these are what a reader looks for.
  const outer = all
    .map((one, at) => ({ one, at, far: (one.x * across.factor) / domain[0] + (one.y * up.factor) / domain[1] }))
    .toSorted((a, b) => b.far - a.far || a.at - b.at)
    .slice(0, 5 * mostNames)
  const texts = outer.map(({ one, at }) => ({
    x: marks[at]?.x ?? 0,
    y: marks[at]?.y ?? 0,
    text: named(charted, chart.label, one.name),
  }))
  // Upright along the top and lying at the right end, where few points are.
  const limitWords = [
    ...limits[0].map(({ value, says }) => {
      const text = fitted(`${says} ${across.short(value)}`, height - top - bottom - 8, 12)
      const at = x(value * across.factor) - 8
      return {
        text: `<text transform="translate(${c(at)},${c(top + 4)}) rotate(-90)" dy="0.35em" text-anchor="end" font-size="12" fill="var(--muted)" stroke="var(--ground)" stroke-width="3" stroke-linejoin="round" paint-order="stroke">${escaped(text)}</text>`,
        box: { x0: at - 7, x1: at + 7, y0: top, y1: top + 4 + textWidth(text, 12) },
      }
    }),
    ...limits[1].map(({ value, says }) => {
      const text = fitted(`${says} ${up.short(value)}`, width / 2, 12)
      const at = y(value * up.factor) - 9
      return {
        text: label(text, width - right - 2, at, { anchor: 'end', size: 12, fill: 'var(--muted)', halo: true }),
        box: { x0: width - right - 2 - textWidth(text, 12), x1: width - right, y0: at - 7, y1: at + 7 },
      }
    }),
  ]
  const names = placedNames(
    texts,
    marks,
    limitWords.map(({ box }) => box),
    [left, width - right],
    narrow,
  )
  const axes =
    label(`↑ ${[chart.y_says, up.unit].filter(Boolean).join(', ')}`, 0, 9, { size: 12, fill: 'var(--muted)' }) +
    label(`${[chart.x_says, across.unit].filter(Boolean).join(', ')} →`, width - right, height - 8, {
      anchor: 'end',
      size: 12,
      fill: 'var(--muted)',
    })
  return {
    body: body + limitWords.map(({ text }) => text).join('') + dots.join('') + names.join('') + axes,
    height,
    keys: [
      ...colourKey(
        sheet,
        all.map(({ placed }) => placed),
        chart.colour,
      ).map((one) => ({ ...one, round: true })),
      ...doubtKeys(all.map(({ standing }) => standing)),
    ],
    marks,
    notes: without > 0 ? [`${without} without one of the two figures ${without === 1 ? 'is' : 'are'} not drawn.`] : [],
    plane: {
      x: [left, width - right],
      y: [height - bottom, top],
      x_values: [0, domain[0] / across.factor],
      y_values: [0, domain[1] / up.factor],
    },
  }
}
