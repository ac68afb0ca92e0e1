import * as Plot from '@observablehq/plot'
import type { Chart, Threshold } from '../../analyses/charting.ts'
import { periodName } from '../../wording.ts'
import type { Charted, Mark } from './chart.ts'
import type { Colours } from './colours.ts'
import { type Column, figure, largestOf, type Measure, measureOf, type Row } from './measures.ts'
import type { World } from './world.ts'

/** A row with its place in the answer. */
export interface Placed {
  readonly row: Row
  readonly at: number
}

/** What a part of a chart is drawn from. */
export interface Sheet {
  readonly charted: Charted
  readonly document: Document
  readonly colours: Colours
  /** Begins every id in the drawing, so that two drawings on a page do not share any. */
  readonly id: string
  readonly width: number
  /** Phones: words stand above their bars, fewer ticks. */
  readonly narrow: boolean
  readonly rows: readonly Placed[]
  /** Of all parts, for scales that they share. */
  readonly every: readonly Placed[]
  /** Whether it is one of several parts: they are lower. */
  readonly several: boolean
  readonly world: World | undefined
}

/** The region of a chart of points in drawing coordinates, and the figures at its edges: for a brush. */
export interface Plane {
  readonly x: readonly [number, number]
  readonly y: readonly [number, number]
  readonly x_values: readonly [number, number]
  readonly y_values: readonly [number, number]
}

/** A colour or shape with what it means. */
export interface Key {
  readonly fill: string
  readonly says: string
  readonly round?: boolean
  readonly hollow?: boolean
  readonly dashed?: boolean
}

/** One part of a chart, drawn. */
export interface Panel {
  readonly body: string
  readonly height: number
  readonly marks: readonly Mark[]
  /** What its colours and shapes mean, where its labels do not say it: drawn once below all parts. */
  readonly keys?: readonly Key[]
  /** What must be said of it, such as how many are left out. */
  readonly notes: readonly string[]
  readonly plane?: Plane
}

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const oneDecimal = (value: number) => Math.round(value * 10) / 10 || 0

/** A coordinate, to one decimal. */
export const c = (value: number): string => String(oneDecimal(value))

const numbers = /-?\d+\.\d+(?:e-?\d+)?/g
const geometry = /\s(d|x|y|x1|x2|y1|y2|cx|cy|r|width|height|transform|points)="([^"]*)"/g

/** Markup with the numbers of its geometry to one decimal; words and opacities stay as they are. */
export const rounded = (markup: string): string =>
  markup.replace(
    geometry,
    (_, name: string, value: string) =>
      ` ${name}="${value.replace(numbers, (number) => String(oneDecimal(Number(number))))}"`,
  )

/** A chart of marks on scales, drawn by Plot; its scales place what is drawn over it. */
export function plotted(document: Document, options: Plot.PlotOptions) {
  const drawn = Plot.plot({ ...options, document, className: 'plot' }) as SVGSVGElement & Plot.Plot
  drawn.querySelector('style')?.remove()
  for (const node of [...drawn.querySelectorAll('[aria-label],[aria-description]')]) {
    node.removeAttribute('aria-label')
    node.removeAttribute('aria-description')
  }
  const scale = (name: 'x' | 'y') => drawn.scale(name)?.apply as (value: number) => number
  return {
    body: `<g fill="currentColor" text-anchor="middle">${rounded(drawn.innerHTML)}</g>`,
    x: scale('x'),
    y: scale('y'),
  }
}

/** A chart over time: years or months across, figures upwards from zero. */
export function plottedOverTime(
  { document, width }: Sheet,
  frame: {
    readonly marks: readonly Plot.Markish[]
    readonly height: number
    readonly left: number
    readonly right: number
    readonly top: number
    readonly bottom: number
    readonly domain: readonly [number, number]
    readonly values: readonly [number, number]
    readonly nice?: boolean
  },
) {
  return plotted(document, {
    width,
    height: frame.height,
    marginLeft: frame.left,
    marginRight: frame.right,
    marginTop: frame.top,
    marginBottom: frame.bottom,
    x: { domain: [...frame.domain], axis: null, label: null },
    y: { domain: [...frame.values], axis: null, label: null, nice: frame.nice ?? true },
    color: { type: 'identity' },
    marks: [...frame.marks],
  })
}

/** Diagonal lines on a ground: what is not known. */
export const hatching = (id: string, ground: string, line = 'var(--others)', thickness = 1.4, lean = 45): string =>
  `<defs><pattern id="${id}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(${lean})"><rect width="5" height="5" fill="${ground}"/><rect width="${thickness}" height="5" fill="${line}"/></pattern></defs>`

const widths: readonly (readonly [RegExp, number])[] = [
  [/[iljI.,:;'’|!()[\]\s\u00a0·]/, 0.38],
  [/[frt]/, 0.42],
  [/[mwMW%@—→]/, 0.97],
  [/[A-Z<>=+−]/, 0.74],
  [/[\u2e80-\uffdf]/, 1],
]

/**
 * About how wide a text is, as in the widest of the system fonts; nothing measures text on a server. Rather too wide than
 * too narrow.
 */
export function textWidth(text: string, size = 13, bold = false): number {
  let sum = 0
  for (const char of text) sum += widths.find(([kind]) => kind.test(char))?.[1] ?? 0.63
  return sum * size * (bold ? 1.12 : 1)
}

/** A text no wider than there is place, cut between words where it can be. */
export function fitted(text: string, width: number, size = 13, bold = false): string {
  // Room made for exactly this text is room enough, whatever the last bit says.
  if (textWidth(text, size, bold) <= width + 0.01) return text
  let kept = text
  while (kept !== '' && textWidth(`${kept}…`, size, bold) > width) kept = kept.slice(0, -1)
  return `${kept.replace(/[\s,;:(]+\S{0,3}$/, '').replace(/[\s,;:(]+$/, '')}…`
}

/** A word in pieces no wider than there is place: an address breaks before what begins a part of it. */
function pieces(word: string, width: number, size: number, bold: boolean): string[] {
  if (textWidth(word, size, bold) <= width) return [word]
  const found: string[] = []
  for (const part of word
    .split(/(?=[/?&,])/)
    .flatMap((one) => (textWidth(one, size, bold) <= width ? [one] : [...one]))) {
    const last = found.at(-1)
    if (last !== undefined && textWidth(last + part, size, bold) <= width) found[found.length - 1] = last + part
    else found.push(part)
  }
  return found
}

/** Text in lines no wider than there is place. */
export function broken(text: string, width: number, size = 13, bold = false): string[] {
  const lines: string[] = []
  for (const word of text.split(' ').flatMap((one) => pieces(one, width, size, bold))) {
    const last = lines.at(-1)
    if (last !== undefined && textWidth(`${last} ${word}`, size, bold) <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** Text at a place: start, middle or end. */
export function label(
  text: string,
  x: number,
  y: number,
  {
    anchor = 'start',
    fill = 'var(--text)',
    size = 13,
    bold = false,
    halo = false,
  }: { anchor?: 'start' | 'middle' | 'end'; fill?: string; size?: number; bold?: boolean; halo?: boolean } = {},
): string {
  const outline = halo ? ' stroke="var(--ground)" stroke-width="3" stroke-linejoin="round" paint-order="stroke"' : ''
  return `<text x="${c(x)}" y="${c(y)}" dy="0.35em" text-anchor="${anchor}" font-size="${size}" fill="${fill}"${bold ? ' font-weight="650"' : ''}${outline}>${escaped(text)}</text>`
}

/** Places pushed apart until neighbours are `gap` away, between the bounds, in the order given by the places. */
export function spread(places: readonly number[], gap: number, low: number, high: number): number[] {
  const order = places.map((place, at) => ({ place, at })).sort((a, b) => a.place - b.place || a.at - b.at)
  const found: number[] = []
  let last = Number.NEGATIVE_INFINITY
  for (const one of order) {
    last = Math.max(one.place, last + gap, low)
    found[one.at] = last
  }
  let next = Number.POSITIVE_INFINITY
  for (const one of order.toReversed()) {
    next = Math.min(found[one.at] as number, next - gap, high)
    found[one.at] = next
  }
  return found
}

/** The column of this name, where the answer has it. */
export const columnOf = (sheet: Sheet, name: string): Column | undefined =>
  sheet.charted.columns.find((column) => column.name === name)

/** How a column's figures read, scaled alike over all parts. */
export function measure(sheet: Sheet, name: string): Measure {
  const values = sheet.every.map(({ row }) => figure(row, name)).filter((value) => value !== null)
  const column = columnOf(sheet, name) ?? { name, type: 'number', unit: '', description: '' }
  return measureOf(column, values, sheet.charted.datasets[0]?.valuation ?? '')
}

/** Where a threshold lies for this question, if anywhere. */
export function thresholdOf({ charted }: Sheet, threshold: Threshold | undefined): number | undefined {
  if (threshold === undefined) return undefined
  if (typeof threshold.at === 'number') return threshold.at
  const given = charted.parameters[threshold.at.parameter]
  const value = threshold.at.of ? threshold.at.of[String(given)] : Number(given)
  return value !== undefined && Number.isFinite(value) ? value : undefined
}

/** Different values of a column, in order of appearance. */
export const distinct = (rows: readonly Placed[], column: string): readonly (string | number)[] => [
  ...new Set(rows.map(({ row }) => row[column]).filter((cell) => typeof cell === 'string' || typeof cell === 'number')),
]

/** The rows of the latest period that has figures, unless the chart uses periods itself. */
export function latest(rows: readonly Placed[], chart: Chart, columns: readonly string[]): readonly Placed[] {
  if (chart.panels?.includes('period')) return rows
  const periods = rows
    .filter(({ row }) => columns.some((name) => figure(row, name) !== null))
    .map(({ row }) => row['period'])
  const last = largestOf(periods.map(Number), Number.NEGATIVE_INFINITY)
  return Number.isFinite(last) ? rows.filter(({ row }) => Number(row['period']) === last) : rows
}

/** Periods as one says them: one, from–to, or each. */
export function periodsSaid(periods: readonly number[]): string {
  const sorted = [...new Set(periods)].sort((a, b) => a - b)
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (first === undefined || last === undefined) return ''
  if (sorted.length === 1) return periodName(first)
  return sorted.length === 2
    ? `${periodName(first)} and ${periodName(last)}`
    : `${periodName(first)}–${periodName(last)}`
}
