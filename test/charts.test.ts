import { describe, expect, test } from 'vitest'
import { analysisList } from '../src/analyses/index.ts'
import { columnsOf } from '../src/answer.ts'
import { type Chart, type Charted, Colours, chartsOf, type Drawing, draw } from '../src/faces/chart/chart.ts'
import { chartedFrom, serverDocument, shippedWorld } from '../src/faces/chart/server.ts'
import { cutOff, overlaps, parsed, textsOf } from './drawings.ts'
import { samples } from './samples.ts'

const document = serverDocument()
const world = shippedWorld()
const drawn = (charted: Charted, width: number) =>
  draw(charted, { width, id: `c${width}`, document, colours: new Colours(), world })

/** The columns that a chart names. */
function columnsNamed(chart: Chart): string[] {
  if (chart.kind === 'corridors') {
    const { label, role, first, second } = chart
    return [label, role.column, first.before, first.after, second.before, second.after]
  }
  const { kind: _, measure: __, panels = [], doubtful = [], ...rest } = chart
  const named = Object.entries(rest).flatMap(([key, value]) => {
    if (key === 'colour' || key === 'thresholds') return [(value as { column: string }).column]
    if (key === 'beside') return value as string[]
    if (['missing', 'most', 'threshold'].includes(key) || key.endsWith('_says') || value === undefined) return []
    if (key === 'outer') return Object.values(value as { low: string; high: string })
    return [typeof value === 'string' ? value : (value as { column: string }).column]
  })
  const doubting = doubtful.flatMap((one) => ('supplier' in one ? [one.importer, one.supplier] : [one.column]))
  return [...panels, ...doubting, ...named]
}

describe('declarations', () => {
  test('every chart names columns of its analysis, and parameters that it takes', () => {
    let charts = 0
    for (const analysis of analysisList) {
      const columns = columnsOf(analysis).map(({ name }) => name)
      for (const chart of analysis.chart ? chartsOf(analysis.chart) : []) {
        charts++
        for (const name of columnsNamed(chart)) expect(columns, `${analysis.name} ${chart.kind}`).toContain(name)
        const ends = chart.kind === 'corridors' ? [chart.from, chart.to] : []
        expect(Object.keys(analysis.parameters.shape)).toEqual(expect.arrayContaining(ends))
        const at = 'threshold' in chart ? chart.threshold?.at : undefined
        if (typeof at === 'object') expect(Object.keys(analysis.parameters.shape)).toContain(at.parameter)
      }
    }
    expect(charts).toBeGreaterThan(15)
  })

  test('all have one but what is words: claims, evidence, and acts', () => {
    expect(analysisList.filter(({ chart }) => !chart).map(({ name }) => name)).toEqual([
      'claims',
      'claims-evidence',
      'controls',
      'diversion-evidence',
    ])
  })

  test('every threshold preset has its line', () => {
    const concentration = analysisList.find(({ name }) => name === 'concentration')
    const [chart] = concentration?.chart ? chartsOf(concentration.chart) : []
    const at = chart && 'threshold' in chart ? chart.threshold?.at : undefined
    expect(typeof at === 'object' ? at.of : undefined).toEqual({
      ec: 0.4,
      'mgi-2023': 0.3,
      'doj-2010': 0.25,
      'doj-2023': 0.18,
      cbs: 0.25,
      isi: 0.5,
    })
  })
})

describe('answers of the samples', async () => {
  const chokepoint = await samples()
  const critical = { dataset: 'critical-materials' }
  const russia = { dataset: 'russia-imts', importer: ['Russia'], period: ['2016-2024'] }
  const listed = { dataset: 'eu-listed-exports', importer: ['Armenia'], level: '0' }

  const charted = async (name: string, given: Readonly<Record<string, unknown>>, kind?: Chart['kind']) => {
    const declared = analysisList.find((one) => one.name === name)?.chart
    if (!declared) throw new Error(`${name} has no chart`)
    const chart = kind === undefined ? declared : chartsOf(declared).filter((one) => one.kind === kind)
    return chartedFrom(await chokepoint.ask(name, given), chart, chokepoint.home)
  }

  /** What holds of any drawing. */
  function isWhole(drawing: Drawing, width: number) {
    expect(drawing.width).toBe(width)
    expect(drawing.svg).not.toMatch(/<title|<style|NaN|undefined|Infinity/)
    const geometry = [...drawing.svg.matchAll(/ (?:d|x|y|x1|x2|y1|y2|cx|cy|r|width|height|transform)="([^"]*)"/g)]
    for (const [, value] of geometry) expect(value).not.toMatch(/\d\.\d\d/)
    expect(textsOf(drawing).filter(({ size }) => size < 12)).toEqual([])
    expect(overlaps(drawing)).toEqual([])
    expect(cutOff(drawing)).toEqual([])
    expect(drawing.marks.length).toBeGreaterThan(0)
    for (const { x, y, text } of drawing.marks) {
      expect(x).toBeGreaterThanOrEqual(-1)
      expect(x).toBeLessThanOrEqual(width + 1)
      expect(y).toBeLessThanOrEqual(drawing.height)
      expect(text).not.toMatch(/NaN|undefined|null/)
    }
  }

  test.each<[string, Chart['kind'] | undefined, Chart['kind'], Readonly<Record<string, unknown>>]>([
    ['dependence', undefined, 'lines', { ...russia, supplier: ['China'] }],
    ['trade', undefined, 'lines', { ...russia, supplier: ['China', 'Germany'] }],
    [
      'trade',
      undefined,
      'lines',
      { ...listed, importer: ['Armenia', 'Russia', 'Kazakhstan'], period: ['2021-01', '2021-02', '2022-10'] },
    ],
    ['suppliers', undefined, 'area', russia],
    ['suppliers', undefined, 'bars', { ...critical, importer: ['Germany'], product: ['850511'] }],
    ['suppliers', 'map', 'map', { ...critical, importer: ['Germany'], group: ['critical-materials'] }],
    ['suppliers', 'sankey', 'sankey', { ...critical, importer: ['Germany', 'Japan'], product: ['850511'] }],
    ['concentration', undefined, 'dumbbell', { ...critical, importer: ['Germany', 'Japan'], period: ['2022', '2024'] }],
    ['concentration', undefined, 'bars', { ...critical, importer: ['Germany'] }],
    ['concentration', undefined, 'bars', { ...critical, importer: ['Germany', 'Japan'], aggregate: true }],
    ['dominance', undefined, 'dumbbell', { ...critical, importer: ['Germany'], product: ['850511'], exit: ['China'] }],
    ['dominance', undefined, 'dumbbell', { dataset: 'russia-vendors', exit: ['Nokia+Ericsson'] }],
    [
      'dominance-path',
      undefined,
      'lines',
      { dataset: 'russia-vendors', segment: ['base stations'], period: ['2021'], exit: ['Nokia', 'Ericsson'] },
    ],
    ['screen', undefined, 'points', { ...critical, importer: ['Germany'], keep: 'all' }],
    ['screen', undefined, 'bars', { ...critical, importer: ['Germany', 'Japan'], aggregate: true }],
    [
      'screen-churn',
      undefined,
      'dumbbell',
      { ...critical, importer: ['Germany'], period: ['2022', '2024'], aggregate: true },
    ],
    [
      'screen-sensitivity',
      undefined,
      'dumbbell',
      { ...critical, importer: ['Germany'], method: ['mgi-2023', 'ec-2021'] },
    ],
    ['substitutes', undefined, 'bars', { ...critical, importer: ['Japan'], supplier: ['China'] }],
    [
      'substitutes-suppliers',
      undefined,
      'bars',
      { ...critical, importer: ['Japan'], supplier: ['China'], product: ['810411'] },
    ],
    ['mirror', undefined, 'lines', { ...listed, period: ['2020-2022'] }],
    ['mirror-partners', undefined, 'bars', { ...listed, period: ['2021'] }],
  ])('%s (%s) is drawn as %s, whole at both widths, the same each time', async (name, wanted, kind, given) => {
    const one = await charted(name, given, wanted)
    for (const width of [328, 600]) {
      const drawing = drawn(one, width)
      expect(drawing?.kind).toBe(kind)
      if (drawing) isWhole(drawing, width)
      expect(drawn(one, width)).toEqual(drawing)
    }
  })

  test('Russia’s suppliers: China at the bottom with 46.3 %, estimated years dashed, the rest of the table hatched', async () => {
    const drawing = drawn(await charted('suppliers', russia), 600) as Drawing
    const texts = textsOf(drawing).map(({ text }) => text)
    expect(texts).toEqual(expect.arrayContaining(['China 46.3', 'Rest of the table 14.7', 'reported', 'estimated']))
    expect(drawing.marks).toHaveLength(9)
    expect(drawing.marks.at(-1)?.text).toMatch(/^2024, estimated\nChina: 46\.3 %\n/)
    // A tenth of the imports by a series that the dataset doubts is no part of others.
    expect(texts).toEqual(expect.arrayContaining(['Uganda 10.1', 'doubtful in the data']))
    expect(drawing.marks.at(-1)?.text).toContain('\nUganda: 10.1 %, doubtful in the data\n')
    expect(drawing.marks[0]?.text).not.toContain('doubtful')
    expect(drawing.events[0]).toMatchObject({
      date: '2022-02-24 to 2022-06-04',
      text: expect.stringMatching(/^6 acts/),
    })
    expect(parsed(drawing).querySelectorAll('[stroke-dasharray="5 3"]').length).toBeGreaterThan(0)
  })

  test('Uganda’s leap is hatched in bars and on the map, and dashed in lines, where no neighbour of it is', async () => {
    const year = { ...russia, period: ['2024'] }
    for (const kind of ['bars', 'map'] as const) {
      const drawing = drawn(await charted('suppliers', year, kind), 600) as Drawing
      const told = (name: string) => drawing.marks.find(({ text }) => text.startsWith(`${name}: `))?.text
      expect(told('Uganda')).toMatch(/\nestimated by the publisher\ndoubtful in the data$/)
      expect(told('China')).toMatch(/\nestimated by the publisher$/)
      expect(drawing.svg).toContain('url(#c600-doubt0-0)')
      expect(textsOf(drawing).map(({ text }) => text)).toContain('doubtful in the data')
    }
    const lines = drawn(await charted('dependence', { ...russia, supplier: ['Uganda', 'China'] }), 600) as Drawing
    const rings = [...parsed(lines).querySelectorAll('[data-doubt]')].map((one) => one.getAttribute('data-doubt'))
    expect(rings).toEqual(['202200', '202300', '202400'])
  })

  test('a year without all its months is dashed, and said to be', async () => {
    const one = await charted('trade', { ...listed, importer: ['Armenia'], supplier: ['EU27'], period: ['2020-2022'] })
    expect(one.incomplete).toEqual([202200])
    const drawing = drawn(one, 600) as Drawing
    expect(textsOf(drawing).map(({ text }) => text)).toEqual(expect.arrayContaining(['reported', 'incomplete']))
    expect(drawing.marks.at(-1)?.text).toMatch(/^2022, incomplete: /)
  })

  test('controls are told where they concern all buyers and products shown, and were read in a source', async () => {
    const acts = async (name: string, given: Readonly<Record<string, unknown>>) =>
      (await charted(name, given)).events?.map(({ text }) => text).join()
    expect(await acts('trade', listed)).toBe('')
    expect(await acts('trade', { ...listed, importer: ['Belarus'] })).toMatch(/^EU export restrictions on Belarus/)
    const gallium = { ...critical, product: ['811292'], period: ['2022', '2024'] }
    const china = 'China licenses gallium and germanium'
    expect(await acts('trade', { ...gallium, importer: ['Japan'], supplier: ['China'] })).toBe(china)
    expect(await acts('trade', { ...gallium, importer: ['USA'], supplier: ['China'] })).toBe(
      `${china},China bars gallium, germanium to US`,
    )
    expect(await acts('trade', { ...gallium, importer: ['Japan'], supplier: ['Germany'] })).toBe('')
    expect(
      await acts('trade', { ...gallium, product: ['811292', '850511'], importer: ['USA'], supplier: ['China'] }),
    ).toBe('')
    expect(await acts('dominance-path', { dataset: 'russia-vendors', exit: ['Nokia', 'Ericsson'] })).toBe('')
  })

  test('a mark names its row', async () => {
    const one = await charted('dependence', { ...russia, supplier: ['China'] })
    const drawing = drawn(one, 600) as Drawing
    for (const { row, text } of drawing.marks)
      expect(text).toContain(`${(Number(one.rows[row]?.['share']) * 100).toFixed(1)} %`)
  })

  test('two drawings on a page share no id', async () => {
    const one = await charted('suppliers', russia)
    const ids = [328, 600].map((width) =>
      [...((drawn(one, width) as Drawing).svg.matchAll(/ id="([^"]+)"/g) ?? [])].map(([, id]) => id),
    )
    expect(ids[0]?.length).toBeGreaterThan(0)
    expect(ids[0]?.filter((id) => ids[1]?.includes(id))).toEqual([])
  })
})
