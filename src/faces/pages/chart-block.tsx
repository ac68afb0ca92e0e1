import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Extent } from '../chart/browser.ts'
import type { Chart, ChartDeclaration, Charted, Colours, Drawing } from '../chart/chart.ts'
import type { Answer, Row } from './api.ts'
import { grouped, inPageWords } from './words.ts'

type Charting = typeof import('../chart/chart.ts') & typeof import('../chart/browser.ts')

/** What draws, and the map where it is wanted and there. */
interface Tools {
  readonly charting: Charting
  readonly world?: unknown
}

let drawing: Promise<Charting> | undefined
let world: Promise<unknown> | undefined
/** What is loaded so far: a page that comes later draws at once. */
let ready: Tools | undefined

async function loadDrawing(): Promise<Charting> {
  const [chart, browser] = await Promise.all([import('../chart/chart.ts'), import('../chart/browser.ts')])
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(chart.chartStyles)
  document.adoptedStyleSheets.push(sheet)
  return { ...chart, ...browser }
}

async function loadWorld(): Promise<unknown> {
  const { default: place } = await import('../../../data/map/world.json?url')
  const response = await fetch(place)
  return response.ok ? response.json() : undefined
}

/** The drawing is loaded apart from the page, and the map apart from that: few answers need them at once. */
async function loaded(withMap: boolean): Promise<Tools> {
  drawing ??= loadDrawing()
  // Without the map all else can still be drawn.
  if (withMap) world ??= loadWorld().catch(() => undefined)
  const [charting, land] = await Promise.all([drawing, world])
  ready = { charting, world: land }
  return ready
}

/** Begin to load the drawing before the first answer is there. */
export const prepareCharts = (withMap: boolean): void => void loaded(withMap).catch(() => {})

const drawsMap = (chart: ChartDeclaration) => [chart].flat().some((one) => 'kind' in one && one.kind === 'map')

/**
 * What draws a chart. It is settled where it is there, cannot be had, or no chart is wanted: a page that waits for that
 * has its picture together with its figures, and none pushes away what is being read.
 */
export function useCharting(chart: ChartDeclaration | undefined): {
  readonly tools: Tools | undefined
  readonly settled: boolean
} {
  const withMap = chart !== undefined && drawsMap(chart)
  const [tools, setTools] = useState<Tools | undefined>(withMap && ready?.world === undefined ? undefined : ready)
  const [missing, setMissing] = useState(false)
  const wanted = chart !== undefined
  useEffect(() => {
    if (wanted) loaded(withMap).then(setTools, () => setMissing(true))
  }, [wanted, withMap])
  return { tools, settled: !wanted || missing || tools !== undefined }
}

/** What the drawing is made from, of an answer as the interface gives it. */
const charted = (answer: Answer, chart: ChartDeclaration): Charted => ({
  analysis: { name: answer.analysis, title: answer.title, chart },
  columns: answer.columns,
  rows: answer.rows,
  cut: answer.next !== null,
  ...(answer.headline === null ? {} : { headline: answer.headline }),
  parameters: answer.parameters,
  datasets: answer.datasets,
  caveats: answer.caveats.map(inPageWords),
  version: answer.tool_version,
  names: answer.names,
  estimated: answer.estimated,
  incomplete: answer.incomplete,
  doubted: answer.doubted,
  events: answer.events,
})

/** Narrower, a drawing is made for a phone and shrinks no further; wider, its lines would be too long to follow. */
const [narrowest, widest] = [328, 860]

/** The width that a picture has, in steps, so that a window that is dragged redraws seldom. */
function useWidth(place: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = place.current
    if (!element) return
    const measure = () => {
      const steps = Math.floor(element.clientWidth / 20) * 20
      setWidth(Math.max(narrowest, Math.min(widest, steps)))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [place])
  return width
}

/** A drawing as one file, with the address as it is when it is kept: it names the version that was asked. */
const fileOf = ({ charting }: Tools, drawing: Drawing) => charting.standalone({ ...drawing, address: location.href })

function saveFile(content: Blob, name: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** Pixels of a PNG to one of the drawing: sharp on paper and on fine screens. */
const sharpness = 2

/** A drawing's file as pixels; undefined where the browser cannot make them. */
async function pngOf(svg: string): Promise<Blob | undefined> {
  const image = new Image()
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  image.src = address
  await image.decode().finally(() => URL.revokeObjectURL(address))
  const canvas = document.createElement('canvas')
  canvas.width = image.width * sharpness
  canvas.height = image.height * sharpness
  const pen = canvas.getContext('2d')
  pen?.scale(sharpness, sharpness)
  pen?.drawImage(image, 0, 0)
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? undefined), 'image/png'))
}

const kindWords: Readonly<Record<Chart['kind'], string>> = {
  lines: 'Lines',
  area: 'Areas',
  bars: 'Bars',
  points: 'Points',
  dumbbell: 'Change',
  map: 'Map',
  sankey: 'Flows',
  intervals: 'Intervals',
  corridors: 'Corridors',
}

/** What of a drawing the address holds. */
export interface Shown {
  /** The kind of picture that is wanted; empty for the first that fits. */
  readonly kind: string
  /** What is selected on a chart of points, in the figures of its axes: x from and to, y from and to; or empty. */
  readonly brush: string
  readonly onKind: (kind: string) => void
  readonly onBrush: (brush: string) => void
  /** The rows within the selection, with the column that tells its points apart; undefined where nothing is selected. */
  readonly onSelect: (selected: Selected | undefined) => void
}

/** Things that are selected: values of a column. */
export interface Selected {
  readonly column: string
  readonly values: ReadonlySet<string>
}

const fourDigits = (value: number) => String(Number(value.toPrecision(4)))
const brushSaid = ({ x, y }: Extent) => [...x, ...y].map(fourDigits).join(',')

/** An extent as an address holds it. */
function brushFrom(text: string): Extent | undefined {
  const [x0, x1, y0, y1, ...more] = text.split(',').map(Number)
  if (x0 === undefined || x1 === undefined || y0 === undefined || y1 === undefined || more.length > 0) return undefined
  return [x0, x1, y0, y1].every(Number.isFinite) ? { x: [x0, x1], y: [y0, y1] } : undefined
}

/**
 * The picture of an answer, as its analysis declares it; nothing where none fits its rows. It answers to mouse and
 * keyboard, and goes to a file with its words.
 * @param onDrawn what gives the drawing as one file, for whoever keeps the page; undefined where there is none
 */
export function ChartBlock({
  answer,
  chart,
  id = 'chart',
  colours: ofPage,
  table = '#rows',
  shown,
  onDrawn,
  onOpen,
}: {
  answer: Answer
  chart: ChartDeclaration
  /** Another for each chart of a page. */
  id?: string
  /** Of the page, where it has several charts: an economy then has one colour in all. */
  colours?: Colours
  /** Where the same stands in figures. */
  table?: string
  /** Where the address holds which picture is shown and what is selected on it. */
  shown?: Shown
  onDrawn?: (picture: (() => string) | undefined) => void
  /** Told the row behind a mark that is clicked or entered. */
  onOpen?: (row: Row) => void
}) {
  const frame = useRef<HTMLDivElement>(null)
  const picture = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const { tools, settled } = useCharting(chart)
  const kind = shown?.kind ?? ''
  const ownColours = useRef<Colours>(undefined)

  const drawing = useMemo((): Drawing | undefined => {
    if (!tools || width === 0) return undefined
    const { charting } = tools
    ownColours.current ??= new charting.Colours()
    const options = { width, id, document, colours: ofPage ?? ownColours.current, world: tools.world, kind }
    return charting.draw(charted(answer, chart), options)
  }, [tools, width, answer, chart, id, ofPage, kind])
  useLayoutEffect(() => {
    const element = picture.current
    if (!element || !drawing || !tools) return onDrawn?.(undefined)
    element.innerHTML = drawing.svg
    onDrawn?.(() => fileOf(tools, drawing))
  }, [drawing, tools, onDrawn])
  // What was selected here is not selected anew once the address says it; what comes from the address alone is.
  const own = useRef('')
  const [turn, setTurn] = useState(0)
  const latest = useRef(shown)
  latest.current = shown
  const opening = useRef(onOpen)
  opening.current = onOpen
  const opens = onOpen !== undefined
  const [told, setTold] = useState('')
  const brush = shown?.brush ?? ''
  useLayoutEffect(() => {
    if (brush === own.current) return
    own.current = brush
    setTurn((before) => before + 1)
  }, [brush])
  useLayoutEffect(() => {
    const element = picture.current
    if (!element || !drawing || !tools) return
    let waiting: ReturnType<typeof setTimeout> | undefined
    const extent = drawing.plane ? brushFrom(own.current) : undefined
    if (!extent) {
      latest.current?.onSelect(undefined)
      setTold('')
    }
    const detach = tools.charting.attach(element, drawing, {
      ...(extent ? { extent } : {}),
      ...(opens
        ? {
            onOpen: (at: number) => {
              const row = answer.rows[at]
              if (row) opening.current?.(row)
            },
          }
        : {}),
      onSelect(rows, now) {
        const said = now ? brushSaid(now) : ''
        const { label } = drawing
        const values = new Set(rows.map((row) => String(answer.rows[row]?.[label ?? ''])))
        latest.current?.onSelect(now && label ? { column: label, values } : undefined)
        setTold(now ? `${rows.length} of ${drawing.marks.length} selected` : '')
        clearTimeout(waiting)
        if (said !== own.current)
          waiting = setTimeout(() => {
            own.current = said
            latest.current?.onBrush(said)
          }, 200)
      },
    })
    return () => {
      clearTimeout(waiting)
      detach()
    }
  }, [drawing, tools, turn, opens])

  return (
    <div ref={frame} class="chart-place">
      {!settled && <div class="chart-wait" />}
      {settled && width > 0 && !drawing && answer.next !== null && (
        <p class="source">
          No picture: the answer has more than the {grouped(answer.rows.length)} rows that a page holds, and one of a
          part of them would mislead. Ask for fewer importers, products or periods.
        </p>
      )}
      {drawing && tools && (
        <figure class="chart-block">
          {shown && drawing.kinds.length > 1 && (
            <fieldset class="doors no-print">
              <legend class="unseen">Which picture</legend>
              {drawing.kinds.map((one) => (
                <button
                  type="button"
                  key={one}
                  aria-pressed={one === drawing.kind}
                  onClick={() => shown.onKind(one === drawing.kinds[0] ? '' : one)}
                >
                  {kindWords[one]}
                </button>
              ))}
            </fieldset>
          )}
          <figcaption>{drawing.subtitle}</figcaption>
          <div ref={picture} />
          {told !== '' && (
            <p class="source no-print">
              {told}; the table has these only.{' '}
              <button type="button" class="link" onClick={() => shown?.onBrush('')}>
                Select nothing
              </button>
            </p>
          )}
          {kind !== '' && kind !== drawing.kind && (
            <p class="source no-print">
              One setting of the address was not used: <code>chart={kind}</code>. These rows make no such picture.
            </p>
          )}
          {drawing.events.length > 0 && (
            <ol class="chart-events">
              {drawing.events.map((event) => (
                <li key={event.number} value={event.number}>
                  {event.date}: {event.text} <span class="source">{event.source}</span>
                </li>
              ))}
            </ol>
          )}
          {drawing.note && <p class="source">{drawing.note}</p>}
          <p class="source">{drawing.source}</p>
          <p class="doors no-print">
            <span>Picture</span>
            <button
              type="button"
              class="link"
              onClick={() =>
                saveFile(
                  new Blob([fileOf(tools, drawing)], { type: 'image/svg+xml' }),
                  `chokepoint-${answer.analysis}.svg`,
                )
              }
            >
              Save as SVG
            </button>
            <button
              type="button"
              class="link"
              onClick={async () => {
                const png = await pngOf(fileOf(tools, drawing))
                if (png) saveFile(png, `chokepoint-${answer.analysis}.png`)
              }}
            >
              Save as PNG
            </button>
            <a href={table}>Table</a>
          </p>
        </figure>
      )}
    </div>
  )
}
