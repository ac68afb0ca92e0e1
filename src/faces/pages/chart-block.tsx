import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { ChartDeclaration, Charted, Colours, Drawing } from '../chart/chart.ts'
import type { Answer } from './api.ts'

type Charting = typeof import('../chart/chart.ts') & typeof import('../chart/browser.ts')

let charting: Charting | undefined
let world: unknown

/** The drawing is loaded apart from the page, and the map apart from that: few answers need them at once. */
async function loaded(withMap: boolean): Promise<Charting> {
  if (!charting) {
    const [drawing, browser] = await Promise.all([import('../chart/chart.ts'), import('../chart/browser.ts')])
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(drawing.chartStyles)
    document.adoptedStyleSheets.push(sheet)
    charting = { ...drawing, ...browser }
  }
  if (withMap && world === undefined) {
    const { default: place } = await import('../../../data/map/world.json?url')
    const response = await fetch(place)
    if (response.ok) world = await response.json()
  }
  return charting
}

const drawsMap = (chart: ChartDeclaration) => [chart].flat().some((one) => 'kind' in one && one.kind === 'map')

/**
 * What draws the chart of an analysis. It is settled where it is there, cannot be had, or is not needed: a page waits for
 * that, so that a picture pushes away nothing that is being read.
 */
export function useCharting(chart: ChartDeclaration | undefined): {
  readonly tools: Charting | undefined
  readonly settled: boolean
} {
  const withMap = chart !== undefined && drawsMap(chart)
  const [found, setFound] = useState<{ tools: Charting | undefined; failed: boolean }>({
    tools: undefined,
    failed: false,
  })
  useEffect(() => {
    if (chart === undefined) return
    loaded(withMap).then(
      (tools) => setFound({ tools, failed: false }),
      () => setFound({ tools: undefined, failed: true }),
    )
  }, [chart, withMap])
  return { tools: found.tools, settled: chart === undefined || found.failed || found.tools !== undefined }
}

/** What the drawing is made from, of an answer as the interface gives it. */
const charted = (answer: Answer, chart: ChartDeclaration): Charted => ({
  analysis: { name: answer.analysis, title: answer.title, chart },
  columns: answer.columns,
  rows: answer.rows,
  ...(answer.headline === null ? {} : { headline: answer.headline }),
  parameters: answer.parameters,
  datasets: answer.datasets,
  caveats: answer.caveats,
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
const fileOf = (tools: Charting, drawing: Drawing) => tools.standalone({ ...drawing, address: location.href })

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
  tools,
  id = 'chart',
  onDrawn,
}: {
  answer: Answer
  chart: ChartDeclaration
  tools: Charting
  id?: string
  onDrawn?: (picture: (() => string) | undefined) => void
}) {
  const frame = useRef<HTMLDivElement>(null)
  const picture = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const colours = useRef<Colours>(undefined)

  const drawing = useMemo((): Drawing | undefined => {
    if (width === 0) return undefined
    colours.current ??= new tools.Colours()
    return tools.draw(charted(answer, chart), { width, id, document, colours: colours.current, world })
  }, [tools, width, answer, chart, id])
  useLayoutEffect(() => {
    const element = picture.current
    if (!element || !drawing) return onDrawn?.(undefined)
    element.innerHTML = drawing.svg
    onDrawn?.(() => fileOf(tools, drawing))
    return tools.attach(element, drawing)
  }, [drawing, tools, onDrawn])

  return (
    <div ref={frame} class="chart-place">
      {drawing && (
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
            <a href="#rows">Table</a>
          </p>
        </figure>
      )}
    </div>
  )
}
