import { parseHTML } from 'linkedom'
import { expect, test, vi } from 'vitest'
import { attach } from './browser.ts'
import { type Charted, Colours, type Drawing, draw } from './chart.ts'

const columns = [
  { name: 'product', type: 'text', unit: 'product', description: '' },
  { name: 'hhi', type: 'number', unit: 'index 0-1', description: '' },
  { name: 'world', type: 'number', unit: 'index 0-1', description: '' },
]

/** A drawing of three products in a page of linkedom, which knows no sizes: the drawing is shown at its own. */
function shown() {
  const { document, window } = parseHTML('<html><body><div id="frame"></div></body></html>')
  const rows = [
    { product: 'A', hhi: 0.9, world: 0.9 },
    { product: 'B', hhi: 0.5, world: 0.5 },
    { product: 'C', hhi: 0.1, world: 0.1 },
  ]
  const charted: Charted = {
    analysis: {
      name: 'screen',
      title: 'Screen',
      chart: {
        kind: 'points',
        measure: 'Concentration',
        x: 'hhi',
        y: 'world',
        label: 'product',
        x_says: 'imports',
        y_says: 'world',
      },
    },
    columns,
    rows,
    parameters: {},
    datasets: [],
    caveats: [],
    version: '0',
    names: {},
  }
  const drawing = draw(charted, {
    width: 600,
    id: 'p',
    document: document as unknown as Document,
    colours: new Colours(),
  }) as Drawing
  const frame = document.getElementById('frame') as unknown as HTMLElement
  frame.innerHTML = drawing.svg
  const box = { left: 0, top: 0, right: 600, bottom: drawing.height, width: 600, height: drawing.height }
  for (const element of [frame, frame.querySelector('svg')])
    Object.assign(element as object, { getBoundingClientRect: () => box })
  const key = (name: string, shiftKey = false) => {
    const event = new window.Event('keydown', { bubbles: true, cancelable: true })
    Object.assign(event, { key: name, shiftKey })
    frame.dispatchEvent(event as unknown as Event)
  }
  const said = () => frame.querySelector('[aria-live]')?.textContent
  const tip = () => frame.querySelector('.chart-tip') as HTMLElement
  return { drawing, frame, key, said, tip }
}

test('a chart is one stop of the tab key; arrows, Home and End walk its marks and are read out', () => {
  const { drawing, frame, key, said, tip } = shown()
  attach(frame, drawing)
  expect(frame.getAttribute('tabindex') ?? String(frame.tabIndex)).toBe('0')
  expect(frame.querySelectorAll('[tabindex]')).toHaveLength(0)
  key('ArrowRight')
  expect(said()).toBe('A; imports: 0.900; world: 0.900')
  key('ArrowRight')
  expect(said()).toMatch(/^B;/)
  key('End')
  expect(said()).toMatch(/^C;/)
  key('ArrowRight')
  expect(said()).toMatch(/^C;/)
  key('Home')
  expect(said()).toMatch(/^A;/)
  expect(tip().hidden).toBe(false)
  expect([...tip().children].map((line) => line.textContent)).toEqual(['A', 'imports: 0.900', 'world: 0.900'])
  key('Escape')
  expect(tip().hidden).toBe(true)
})

test('Enter opens the row of the mark that is told', () => {
  const { drawing, frame, key } = shown()
  const onOpen = vi.fn()
  attach(frame, drawing, { onOpen })
  key('Enter')
  expect(onOpen).not.toHaveBeenCalled()
  key('ArrowDown')
  key('ArrowDown')
  key('Enter')
  expect(onOpen.mock.calls).toEqual([[1]])
})

test('Shift with arrows selects in the figures of the axes, fades the others, and Escape clears', () => {
  const { drawing, frame, key, said } = shown()
  const onSelect = vi.fn()
  attach(frame, drawing, { onSelect })
  key('End')
  for (let step = 0; step < 18; step++) {
    key('ArrowRight', true)
    key('ArrowUp', true)
  }
  const [rows, extent] = onSelect.mock.lastCall as [number[], { x: [number, number]; y: [number, number] }]
  expect(rows).toEqual([1, 2])
  expect(said()).toBe('2 of 3 selected')
  expect(extent.x[0]).toBeLessThan(0.1)
  expect(extent.x[1]).toBeGreaterThan(0.5)
  expect(extent.x[1]).toBeLessThan(0.9)
  expect(extent.y[1]).toBeGreaterThan(0.5)
  const faded = [...frame.querySelectorAll('.chart-faded')].map((dot) => dot.getAttribute('data-mark'))
  expect(faded).toEqual(['0'])
  key('Escape')
  expect(onSelect.mock.lastCall).toEqual([[], undefined])
  expect(frame.querySelectorAll('.chart-faded, .chart-brush')).toHaveLength(0)
})

test('what was attached is taken back whole', () => {
  const { drawing, frame, key, said } = shown()
  const before = frame.innerHTML
  const detach = attach(frame, drawing)
  key('ArrowRight')
  detach()
  expect(said()).toBeUndefined()
  expect(frame.innerHTML.replace(/ class=""/g, '')).toBe(before)
})
