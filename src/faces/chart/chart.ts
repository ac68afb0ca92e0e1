/// <reference lib="dom" />
import { type Chart, type ChartDeclaration, chartsOf } from '../../analyses/charting.ts'
import { area, areaFits } from './area.ts'
import { bars, barsFit } from './bars.ts'
import type { Colours } from './colours.ts'
import { corridors, corridorsFit } from './corridors.ts'
import { dumbbell, dumbbellFits } from './dumbbell.ts'
import { markSaid, type TradeEvent } from './events.ts'
import { intervals, intervalsFit } from './intervals.ts'
import { lines, linesFit } from './lines.ts'
import { map, mapFits } from './map.ts'
import { type Row, told } from './measures.ts'
import { points, pointsFit } from './points.ts'
import { drawnKeys } from './rows.ts'
import { sankey, sankeyFits } from './sankey.ts'
import { broken, c, distinct, escaped, label, type Panel, type Placed, type Plane, type Sheet } from './sheet.ts'
import { eventMarks, times } from './time.ts'
import { noteOf, sourceOf, subtitleOf } from './words.ts'
import { worldFrom } from './world.ts'

export { type Chart, type ChartDeclaration, chartsOf } from '../../analyses/charting.ts'
export { Colours } from './colours.ts'
export { csvOf, readmeOf, standalone } from './export.ts'
export type { Plane } from './sheet.ts'
export { chartStyles } from './styles.ts'

/** What a chart is drawn from: an answer as the HTTP interface gives it, with names for its codes. */
export interface Charted {
  readonly analysis: { readonly name: string; readonly title: string; readonly chart: ChartDeclaration }
  readonly columns: readonly {
    readonly name: string
    readonly type: string
    readonly unit: string
    readonly description: string
  }[]
  readonly rows: readonly Readonly<Record<string, string | number | boolean | null>>[]
  /** Whether the answer has more rows than these. */
  readonly cut?: boolean
  /** The finding: the chart's title. */
  readonly headline?: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly datasets: readonly {
    readonly name: string
    readonly version: string
    readonly kind?: string
    readonly currency?: string
    readonly valuation?: string
    readonly all_goods?: boolean | null
    readonly sources?: readonly string[]
    readonly publisher?: string
  }[]
  readonly caveats: readonly string[]
  /** Release of Chokepoint. */
  readonly version: string
  /** Codes of economies, and of products where they have one, to names. */
  readonly names: Readonly<Record<string, string>>
  /** Periods that the publisher has estimated: dashed. */
  readonly estimated?: readonly number[]
  /** Years that have fewer than twelve months: dashed as well. */
  readonly incomplete?: readonly number[]
  /** Series that the dataset doubts: hatched. */
  readonly doubted?: readonly {
    readonly importer: string
    readonly supplier: string
    readonly periods: readonly number[]
  }[]
  /** Acts that concern the rows; drawn where they fall within the periods. */
  readonly events?: readonly TradeEvent[]
  /** Where the answer is read, for what leaves the page. */
  readonly address?: string
}

/** Something that a reader can point at: in drawing coordinates, in reading order. */
export interface Mark {
  readonly x: number
  readonly y: number
  /** What it is, a line a figure. */
  readonly text: string
  /** The row of the answer behind it, or −1 where there is none. */
  readonly row: number
}

/** A mark that is numbered in the drawing: an act, or several, with the days of first and last. */
export interface DrawnEvent extends TradeEvent {
  readonly number: number
}

/** A chart as drawn: the picture, and the words that belong beside it. */
export interface Drawing {
  readonly svg: string
  readonly width: number
  readonly height: number
  readonly marks: readonly Mark[]
  readonly title: string
  readonly subtitle: string
  readonly source: string
  /** What is left out of the picture, and whose borders it shows. */
  readonly note?: string
  readonly kind: Chart['kind']
  /** The kinds as which the same rows can be drawn, its own among them. */
  readonly kinds: readonly Chart['kind'][]
  /** The column that tells its points, bars or lines apart, where it has one. */
  readonly label?: string
  readonly events: readonly DrawnEvent[]
  readonly caveats: readonly string[]
  readonly address?: string
  /** Where a brush may select, on a chart of points. */
  readonly plane?: Plane
}

export interface DrawOptions {
  /** Width in pixels, at which text has its size: about 328 on phones, 560 or more elsewhere. */
  readonly width: number
  /** Begins the ids in the drawing: another for each drawing on a page. */
  readonly id: string
  readonly document: Document
  /** Of the page, so that an economy keeps its colour from chart to chart. */
  readonly colours: Colours
  /** The shipped map as loaded; without it no map is drawn. */
  readonly world?: unknown
  /** The kind that is wanted of those that fit; the first of them where left out or where it does not fit. */
  readonly kind?: string
}

/** Parts of one chart; what is beyond is said. */
const mostPanels = 6

/** How charts of a kind are drawn. */
interface Kind<Declared extends Chart> {
  /** Whether each mark is true by itself, so that some rows of an answer may be drawn without the others. */
  readonly ofSome?: true
  /** Whether the rows make such a chart. */
  fits(sheet: Sheet, chart: Declared): boolean
  /** One part of it. */
  panel(sheet: Sheet, chart: Declared, part: number): Panel | undefined
}

const kinds: { readonly [Name in Chart['kind']]: Kind<Extract<Chart, { kind: Name }>> } = {
  lines: { fits: linesFit, panel: lines },
  area: { fits: areaFits, panel: area },
  bars: { fits: barsFit, panel: bars },
  points: { ofSome: true, fits: pointsFit, panel: points },
  dumbbell: { fits: dumbbellFits, panel: dumbbell },
  map: { fits: mapFits, panel: map },
  sankey: { fits: sankeyFits, panel: sankey },
  intervals: { fits: intervalsFit, panel: intervals },
  corridors: { fits: corridorsFit, panel: corridors },
}

const kindOf = ({ kind }: Chart): Kind<Chart> => kinds[kind]

/** A column that tells lines or rows apart steps aside for one that has several values where it has only one. */
function turned(chart: Chart, rows: readonly Placed[]): Chart {
  const own =
    chart.kind === 'lines' ? chart.series : chart.kind === 'bars' || chart.kind === 'dumbbell' ? chart.label : undefined
  if (own === undefined || distinct(rows, own).length > 1) return chart
  const other = chart.panels?.find((name) => name !== 'period' && distinct(rows, name).length > 1)
  if (other === undefined) return chart
  const panels = chart.panels?.filter((name) => name !== other) ?? []
  if (chart.kind === 'lines') return { ...chart, series: other, panels }
  return chart.kind === 'bars' || chart.kind === 'dumbbell' ? { ...chart, label: other, panels } : chart
}

interface Part {
  readonly heading: string
  readonly rows: readonly Placed[]
}

/** A value in a heading; what is no economy, product or period is named. */
function headed(charted: Charted, name: string, cell: Row[string] | undefined): string {
  const unit = charted.columns.find((one) => one.name === name)?.unit ?? ''
  const words = told(charted, name, cell)
  return ['economy', 'product', 'period'].includes(unit) ? words : `${name.replaceAll('_', ' ')}: ${words}`
}

/** The rows of each part, in order of appearance, with what they have in common as a heading. */
function partsOf(charted: Charted, chart: Chart, rows: readonly Placed[]): Part[] {
  const varying = (chart.panels ?? []).filter((name) => distinct(rows, name).length > 1)
  const parts = new Map<string, { heading: string; rows: Placed[] }>()
  for (const one of rows) {
    const words = varying.map((name) => headed(charted, name, one.row[name]))
    const key = words.join('\0')
    const part = parts.get(key)
    if (part) part.rows.push(one)
    else parts.set(key, { heading: words.join(', '), rows: [one] })
  }
  return [...parts.values()]
}

/**
 * Draw an answer, by the first chart of its declaration that fits its rows. Of an answer that is cut only such whose marks
 * are true one by one: a ranking, shares without the other suppliers, or years that are not among the rows, would be false.
 * @returns undefined where there is nothing to draw, as where every figure needed is unknown or its column was not asked for
 */
export function draw(charted: Charted, options: DrawOptions): Drawing | undefined {
  const { width, id, document, colours } = options
  const every = charted.rows.map((row, at) => ({ row, at }))
  const asked = charted.parameters['supplier']
  if (Array.isArray(asked) && asked.length === 1) colours.ask(String(asked[0]))
  const world = worldFrom(options.world)
  const sheetOf = (rows: readonly Placed[], several: boolean): Sheet => ({
    charted,
    document,
    colours,
    id,
    width,
    narrow: width < 480,
    rows,
    every,
    several,
    world,
  })
  const whole = sheetOf(every, false)
  const fitting = chartsOf(charted.analysis.chart)
    .map((one) => turned(one, every))
    .filter((one) => (!charted.cut || kindOf(one).ofSome) && kindOf(one).fits(whole, one))
  const chart = fitting.find(({ kind }) => kind === options.kind) ?? fitting[0]
  if (!chart) return undefined
  const parts = partsOf(charted, chart, every)
  const panels = parts.flatMap((part, at) => {
    const panel = at < mostPanels ? kindOf(chart).panel(sheetOf(part.rows, parts.length > 1), chart, at) : undefined
    return panel ? [{ ...panel, heading: part.heading }] : []
  })
  if (panels.length === 0) return undefined

  let height = 0
  const bodies: string[] = []
  const marks: Mark[] = []
  for (const { body, heading, height: own, marks: ownMarks } of panels) {
    const headings = heading === '' ? [] : broken(heading, width, 14, true)
    const head = headings.length === 0 ? 0 : 8 + 18 * headings.length
    const shift = height + head
    for (const [at, line] of headings.entries())
      bodies.push(label(line, 0, height + 12 + 18 * at, { bold: true, size: 14 }))
    const first = marks.length
    const moved =
      first === 0 ? body : body.replace(/data-mark="(\d+)"/g, (_, at: string) => `data-mark="${Number(at) + first}"`)
    bodies.push(shift === 0 ? moved : `<g transform="translate(0,${c(shift)})">${moved}</g>`)
    marks.push(...ownMarks.map((mark) => ({ ...mark, x: Number(c(mark.x)), y: Number(c(mark.y + shift)) })))
    height = shift + own + (panels.length > 1 ? 18 : 0)
  }
  const keys = new Map(panels.flatMap((panel) => panel.keys ?? []).map((one) => [one.says, one]))
  const another = keys.get('another')
  if (another && keys.delete('another')) keys.set('another', another)
  const legend = drawnKeys([...keys.values()], width, height + 4)
  bodies.push(legend.body)
  height = Math.ceil(height + (legend.height > 0 ? legend.height + 6 : 0))
  const title = charted.headline ?? charted.analysis.title
  const subtitle = subtitleOf(whole, chart)
  const note = [
    ...(charted.cut ? [`Drawn from the first ${every.length.toLocaleString('en')} rows; the answer has more.`] : []),
    noteOf(panels, parts.length - Math.min(parts.length, mostPanels)),
  ]
    .filter(Boolean)
    .join(' ')
  const overTime = chart.kind === 'lines' || chart.kind === 'area'
  const events = overTime
    ? eventMarks(whole, times(whole, chart.x)).map((mark) => ({ ...markSaid(mark), number: mark.number }))
    : []
  const [only] = panels
  return {
    svg: `<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(`${title} ${subtitle}`)}" data-kind="${chart.kind}">${bodies.join('')}</svg>`,
    width,
    height,
    marks,
    title,
    subtitle,
    source: sourceOf(charted),
    ...(note === '' ? {} : { note }),
    kind: chart.kind,
    kinds: [...new Set(fitting.map(({ kind }) => kind))],
    ...('label' in chart ? { label: chart.label } : {}),
    events,
    caveats: charted.caveats,
    ...(charted.address === undefined ? {} : { address: charted.address }),
    ...(only?.plane && panels.length === 1 ? { plane: only.plane } : {}),
  }
}
