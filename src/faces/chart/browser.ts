/// <reference lib="dom" />
import type { Drawing, Mark } from './chart.ts'

/** The selection on a chart of points, in the figures of its axes. */
export interface Extent {
  readonly x: readonly [number, number]
  readonly y: readonly [number, number]
}

export interface AttachOptions {
  /** Enter, or a click on a mark: the row of the answer behind it. */
  readonly onOpen?: (row: number) => void
  /** The rows selected by the brush, and where; none and undefined where it was cleared. */
  readonly onSelect?: (rows: readonly number[], extent: Extent | undefined) => void
  /** What is selected from the beginning: told to `onSelect` as if it had been drawn. */
  readonly extent?: Extent
  /** How far from a mark a pointer still means it, in pixels of the drawing. */
  readonly reach?: number
}

const svgNamespace = 'http://www.w3.org/2000/svg'
const brushStep = 8

const how = (drawing: Drawing, opens: boolean) =>
  [
    'Chart. Arrow keys move between marks, Home and End to the first and last.',
    ...(drawing.plane ? ['Shift with arrows selects from a mark, Escape clears.'] : []),
    ...(opens ? ['Enter opens.'] : []),
  ].join(' ')

/**
 * Make a drawing answer to mouse and keyboard: the element, which holds the drawing's SVG, becomes one stop of the tab
 * key; a tooltip and a region that is read out say each mark; on points a rectangle selects.
 * @returns takes everything back
 */
export function attach(element: HTMLElement, drawing: Drawing, options: AttachOptions = {}): () => void {
  const svg = element.querySelector<SVGSVGElement>('svg.chart')
  if (!svg || drawing.marks.length === 0) return () => {}
  const { ownerDocument: document } = element
  const { marks, plane } = drawing
  const listening = new AbortController()
  const { signal } = listening
  const before = ['tabindex', 'role', 'aria-label'].map((name) => [name, element.getAttribute(name)] as const)
  element.classList.add('chart-frame')
  element.tabIndex = 0
  element.setAttribute('role', 'group')
  element.setAttribute('aria-label', `${drawing.title} ${how(drawing, options.onOpen !== undefined)}`)

  const tip = document.createElement('div')
  tip.className = 'chart-tip'
  tip.hidden = true
  const live = document.createElement('div')
  live.className = 'chart-live'
  live.setAttribute('aria-live', 'polite')
  element.append(tip, live)
  const ring = document.createElementNS(svgNamespace, 'circle')
  ring.setAttribute('class', 'chart-ring')
  ring.setAttribute('r', '8')
  const brush = document.createElementNS(svgNamespace, 'rect')
  brush.setAttribute('class', 'chart-brush')

  let current = -1
  let selected: { x0: number; y0: number; x1: number; y1: number } | undefined

  const scale = () => svg.getBoundingClientRect().width / drawing.width || 1

  function hide() {
    tip.hidden = true
    ring.remove()
  }

  function show(at: number, aloud: boolean) {
    const mark = marks[at]
    if (!mark || !svg) return hide()
    current = at
    ring.setAttribute('cx', String(mark.x))
    ring.setAttribute('cy', String(mark.y))
    svg.append(ring)
    tip.replaceChildren(
      ...mark.text.split('\n').map((line) => {
        const row = document.createElement('div')
        row.textContent = line
        return row
      }),
    )
    tip.hidden = false
    const [box, frame] = [svg.getBoundingClientRect(), element.getBoundingClientRect()]
    const left = box.left - frame.left + mark.x * scale()
    const top = box.top - frame.top + mark.y * scale()
    const { offsetWidth: wide, offsetHeight: tall } = tip
    const beside = left + 14 + wide > frame.width ? left - 14 - wide : left + 14
    tip.style.left = `${Math.max(0, Math.min(beside, frame.width - wide))}px`
    tip.style.top = `${Math.max(0, Math.min(top - tall / 2, frame.height - tall))}px`
    if (aloud) live.textContent = mark.text.replaceAll('\n', '; ')
  }

  /** Where a pointer is, in the drawing's own coordinates. */
  function at(event: MouseEvent): { x: number; y: number } {
    const box = (svg as SVGSVGElement).getBoundingClientRect()
    return { x: (event.clientX - box.left) / scale(), y: (event.clientY - box.top) / scale() }
  }

  /** The mark that a pointer means: that of the shape under it, else the nearest within reach. */
  function under(event: MouseEvent): number {
    const shape = (event.target as Element).closest('[data-mark]')
    if (shape) return Number(shape.getAttribute('data-mark'))
    const { x, y } = at(event)
    const inRows = ['bars', 'dumbbell', 'intervals'].includes(drawing.kind)
    const reach = options.reach ?? (inRows || drawing.kind === 'area' ? 1000 : 40)
    // On bars a row counts, on stacked areas a period; elsewhere the distance.
    const far = (mark: Mark) =>
      inRows
        ? Math.abs(mark.y - y)
        : drawing.kind === 'area'
          ? Math.hypot(mark.x - x, (mark.y - y) * 0.15)
          : Math.hypot(mark.x - x, mark.y - y)
    let best = -1
    for (const [place, mark] of marks.entries())
      if (far(mark) <= reach && (best < 0 || far(mark) < far(marks[best] as Mark))) best = place
    return best
  }

  function inside(mark: Mark): boolean {
    if (!selected) return true
    const { x0, x1, y0, y1 } = selected
    return (
      mark.x >= Math.min(x0, x1) &&
      mark.x <= Math.max(x0, x1) &&
      mark.y >= Math.min(y0, y1) &&
      mark.y <= Math.max(y0, y1)
    )
  }

  function applyBrush() {
    if (!svg || !plane) return
    for (const shape of svg.querySelectorAll('[data-mark]')) {
      const mark = marks[Number(shape.getAttribute('data-mark'))]
      shape.classList.toggle('chart-faded', mark !== undefined && !inside(mark))
    }
    if (!selected) {
      brush.remove()
      live.textContent = 'Selection cleared'
      options.onSelect?.([], undefined)
      return
    }
    const { x0, x1, y0, y1 } = selected
    const box = { x: Math.min(x0, x1), y: Math.min(y0, y1), width: Math.abs(x1 - x0), height: Math.abs(y1 - y0) }
    for (const [name, value] of Object.entries(box)) brush.setAttribute(name, String(value))
    svg.append(brush)
    const rows = marks.filter(inside).map((mark) => mark.row)
    live.textContent = `${rows.length} of ${marks.length} selected`
    const value = (along: 'x' | 'y', place: number) => {
      const [from, to] = plane[along]
      const [low, high] = plane[`${along}_values`]
      return low + ((place - from) / (to - from)) * (high - low)
    }
    options.onSelect?.(rows, {
      x: [value('x', box.x), value('x', box.x + box.width)],
      y: [value('y', box.y + box.height), value('y', box.y)],
    })
  }

  const within = (place: number, [a, b]: readonly [number, number]) =>
    Math.max(Math.min(a, b), Math.min(place, Math.max(a, b)))

  element.addEventListener(
    'keydown',
    (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
      if (event.shiftKey && step !== undefined && plane) {
        const mark = marks[Math.max(0, current)] as Mark
        selected ??= { x0: mark.x - brushStep, y0: mark.y - brushStep, x1: mark.x + brushStep, y1: mark.y + brushStep }
        // The rectangle grows from the mark towards the arrow's side, and back.
        const grown = 2 * brushStep
        if (event.key === 'ArrowRight') selected.x1 = within(selected.x1 + grown, plane.x)
        if (event.key === 'ArrowLeft') selected.x0 = within(selected.x0 - grown, plane.x)
        if (event.key === 'ArrowDown') selected.y1 = within(selected.y1 + grown, plane.y)
        if (event.key === 'ArrowUp') selected.y0 = within(selected.y0 - grown, plane.y)
        hide()
        applyBrush()
      } else if (step !== undefined)
        show(current < 0 ? 0 : Math.max(0, Math.min(marks.length - 1, current + step)), true)
      else if (event.key === 'Home') show(0, true)
      else if (event.key === 'End') show(marks.length - 1, true)
      else if (event.key === 'Enter' && current >= 0) {
        const { row } = marks[current] as Mark
        if (row >= 0) options.onOpen?.(row)
      } else if (event.key === 'Escape') {
        if (selected) {
          selected = undefined
          applyBrush()
        }
        hide()
        current = -1
      } else return
      event.preventDefault()
    },
    { signal },
  )
  element.addEventListener('blur', hide, { signal })

  let from: { x: number; y: number } | undefined
  let dragged = false
  svg.addEventListener(
    'pointerdown',
    (event) => {
      if (!plane || event.button !== 0) return
      from = at(event)
      dragged = false
    },
    { signal },
  )
  svg.addEventListener(
    'pointermove',
    (event) => {
      const to = at(event)
      if (from && plane && (dragged || Math.hypot(to.x - from.x, to.y - from.y) > 5)) {
        if (!dragged) svg.setPointerCapture(event.pointerId)
        dragged = true
        selected = {
          x0: within(from.x, plane.x),
          y0: within(from.y, plane.y),
          x1: within(to.x, plane.x),
          y1: within(to.y, plane.y),
        }
        hide()
        applyBrush()
        return
      }
      const found = under(event)
      if (found >= 0) show(found, false)
      else hide()
    },
    { signal },
  )
  svg.addEventListener(
    'pointerup',
    () => {
      from = undefined
    },
    { signal },
  )
  svg.addEventListener('pointerleave', () => !from && hide(), { signal })
  svg.addEventListener(
    'click',
    (event) => {
      if (dragged) {
        dragged = false
        return
      }
      const found = under(event)
      if (found >= 0) options.onOpen?.((marks[found] as Mark).row)
    },
    { signal },
  )

  const { extent } = options
  if (plane && extent) {
    const placed = (along: 'x' | 'y', value: number) => {
      const [from, to] = plane[along]
      const [low, high] = plane[`${along}_values`]
      return within(from + ((value - low) / (high - low)) * (to - from), plane[along])
    }
    const [x, y] = [extent.x.map((value) => placed('x', value)), extent.y.map((value) => placed('y', value))]
    selected = { x0: x[0] as number, x1: x[1] as number, y0: y[0] as number, y1: y[1] as number }
    applyBrush()
  }

  return () => {
    listening.abort()
    for (const node of [tip, live, ring, brush]) node.remove()
    for (const shape of svg.querySelectorAll('.chart-faded')) shape.classList.remove('chart-faded')
    for (const [name, value] of before)
      if (value === null) element.removeAttribute(name)
      else element.setAttribute(name, value)
  }
}
