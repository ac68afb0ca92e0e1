import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { ChartDeclaration, Charted, Colours, Drawing } from '../chart/chart.ts'
import type { Answer } from './api.ts'
import { inPageWords } from './words.ts'

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
  ...(answer.headline === null ? {} : { headline: answer.headline }),
  parameters: answer.parameters,
  datasets: answer.datasets,
  caveats: answer.caveats.map(inPageWords),
  version: answer.tool_version,
  names: answer.names,
  estimated: answer.estimated,
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

function saveFile(text: string, type: string, name: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
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
  onDrawn,
}: {
  answer: Answer
  chart: ChartDeclaration
  /** Another for each chart of a page. */
  id?: string
  /** Of the page, where it has several charts: an economy then has one colour in all. */
  colours?: Colours
  /** Where the same stands in figures. */
  table?: string
  onDrawn?: (picture: (() => string) | undefined) => void
}) {
  const frame = useRef<HTMLDivElement>(null)
  const picture = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const { tools, settled } = useCharting(chart)
  const own = useRef<Colours>(undefined)

  const drawing = useMemo((): Drawing | undefined => {
    if (!tools || width === 0) return undefined
    const { charting } = tools
    own.current ??= new charting.Colours()
    const options = { width, id, document, colours: ofPage ?? own.current, world: tools.world }
    return charting.draw(charted(answer, chart), options)
  }, [tools, width, answer, chart, id, ofPage])
  useLayoutEffect(() => {
    const element = picture.current
    if (!element || !drawing || !tools) return onDrawn?.(undefined)
    element.innerHTML = drawing.svg
    onDrawn?.(() => fileOf(tools, drawing))
    return tools.charting.attach(element, drawing)
  }, [drawing, tools, onDrawn])

  return (
    <div ref={frame} class="chart-place">
      {!settled && <div class="chart-wait" />}
      {drawing && tools && (
        <figure class="chart-block">
          <figcaption>{drawing.subtitle}</figcaption>
          <div ref={picture} />
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
              onClick={() => saveFile(fileOf(tools, drawing), 'image/svg+xml', `chokepoint-${answer.analysis}.svg`)}
            >
              Save as SVG
            </button>
            <a href={table}>Table</a>
          </p>
        </figure>
      )}
    </div>
  )
}
