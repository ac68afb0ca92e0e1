import { parseHTML } from 'linkedom'
import type { Drawing } from '../src/faces/chart/chart.ts'
import { textWidth } from '../src/faces/chart/sheet.ts'

/** A piece of text as it stands in a drawing, with the room that it takes. */
export interface DrawnText {
  readonly text: string
  readonly size: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** A drawing's markup as a document. */
export function parsed(drawing: Drawing): Element {
  const { document } = parseHTML(`<html><body>${drawing.svg}</body></html>`)
  return document.querySelector('svg') as unknown as Element
}

/** How far an element's groups, up to the drawing, and itself are shifted; texts that are turned are left to the eye. */
function shiftOf(element: Element): { x: number; y: number; turned: boolean } {
  let [x, y, turned] = [0, 0, false]
  for (let one: Element | null = element; one && one.nodeName.toLowerCase() !== 'svg'; one = one.parentElement) {
    const transform = one.getAttribute('transform') ?? ''
    const [, dx = '0', dy = '0'] = /translate\(([-\d.]+)(?:,([-\d.]+))?\)/.exec(transform) ?? []
    x += Number(dx)
    y += Number(dy)
    turned ||= transform.includes('rotate')
  }
  return { x, y, turned }
}

/** Every piece of text in a drawing that lies level. */
export function textsOf(drawing: Drawing): DrawnText[] {
  return [...parsed(drawing).querySelectorAll('text')].flatMap((element) => {
    const { x, y, turned } = shiftOf(element)
    const text = element.textContent ?? ''
    if (turned || text === '') return []
    const ownSize = element.getAttribute('font-size') ?? element.closest('[font-size]')?.getAttribute('font-size')
    const size = Number(ownSize ?? 13)
    const inherited = element.closest('[text-anchor]')?.getAttribute('text-anchor') ?? 'start'
    const anchor = element.getAttribute('text-anchor') ?? inherited
    const wide = textWidth(text, size, element.getAttribute('font-weight') !== null)
    const at = x + Number(element.getAttribute('x') ?? 0)
    const left = anchor === 'end' ? at - wide : anchor === 'middle' ? at - wide / 2 : at
    // Plot gives the shift of a tick's words in ems.
    const own = element.getAttribute('y') ?? '0'
    const middle = y + Number.parseFloat(own) * (own.endsWith('em') ? size : 1)
    return [{ text, size, left, right: left + wide, top: middle - size / 2, bottom: middle + size / 2 }]
  })
}

/** Pairs of texts that stand on each other. */
export function overlaps(drawing: Drawing): string[] {
  const texts = textsOf(drawing)
  return texts.flatMap((a, at) =>
    texts
      .slice(at + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top + 1 < b.bottom && b.top + 1 < a.bottom)
      .map((b) => `${a.text} | ${b.text}`),
  )
}

/** Texts that are cut off at the edges of a drawing, with a little for estimated widths. */
export function cutOff(drawing: Drawing): string[] {
  return textsOf(drawing)
    .filter(
      ({ left, right, top, bottom }) =>
        left < -3 || right > drawing.width + 3 || top < -3 || bottom > drawing.height + 3,
    )
    .map(({ text }) => text)
}
