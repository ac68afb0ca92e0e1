import fc from 'fast-check'
import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import { cutOff, overlaps, parsed, textsOf } from '../../../test/drawings.ts'
import type { Chart } from '../../analyses/charting.ts'
import { type Charted, Colours, chartStyles, csvOf, type Drawing, draw, readmeOf, standalone } from './chart.ts'
import { shippedWorld } from './server.ts'
import { light } from './styles.ts'

const document = parseHTML('<html><body></body></html>').document as unknown as Document
const names = {
  CHN: 'China',
  DEU: 'Germany',
  RUS: 'Russia',
  BLR: 'Belarus',
  TUR: 'Türkiye',
  SGP: 'Singapore',
  MLT: 'Malta',
  HKG: 'Hong Kong',
  USA: 'United States',
  ITA: 'Italy',
  FRA: 'France',
  KAZ: 'Kazakhstan',
  'X-NES': 'areas n.e.s.',
}

const column = (name: string, type: string, unit: string) => ({ name, type, unit, description: `What ${name} is` })
const flowColumns = [
  column('period', 'integer', 'period'),
  column('importer', 'text', 'economy'),
  column('supplier', 'text', 'economy'),
  column('product', 'text', 'product'),
  column('value', 'integer', 'USD'),
  column('share', 'number', 'share 0-1'),
]

type Row = Charted['rows'][number]

function charted(chart: Chart | readonly Chart[], rows: readonly Row[], more: Partial<Charted> = {}): Charted {
  return {
    analysis: { name: 'suppliers', title: 'Suppliers', chart },
    columns: flowColumns,
    rows,
    headline: 'China supplied most.',
    parameters: {},
    datasets: [
      {
        name: 'flows',
        version: 'abc',
        kind: 'flow',
        currency: 'USD',
        valuation: 'CIF',
        sources: ['A publisher, a title'],
      },
    ],
    caveats: ['A caveat that must travel.'],
    version: '0.1.0',
    names,
    ...more,
  }
}

const drawn = (one: Charted, width = 600, colours = new Colours()) =>
  draw(one, { width, id: `c${width}`, document, colours, world: shippedWorld() })

/** Rows of one importer: shares of suppliers by year. */
const yearly = (shares: Readonly<Record<string, readonly (number | null)[]>>, first = 2020, importer = 'DEU'): Row[] =>
  Object.entries(shares).flatMap(([supplier, values]) =>
    values.map((share, at) => ({
      period: (first + at) * 100,
      importer,
      supplier,
      product: 'TOTAL',
      value: share === null ? null : Math.round(share * 1e9),
      share,
    })),
  )

const lines: Chart = {
  kind: 'lines',
  measure: 'Share of imports',
  x: 'period',
  y: 'share',
  series: 'supplier',
  panels: ['importer'],
}
const area: Chart = {
  kind: 'area',
  measure: 'Share of imports',
  x: 'period',
  y: 'share',
  series: 'supplier',
  panels: ['importer'],
}
const bars: Chart = {
  kind: 'bars',
  measure: 'Share of imports',
  label: 'supplier',
  value: 'share',
  panels: ['importer'],
}
const map: Chart = { kind: 'map', measure: 'Share of imports', economy: 'supplier', value: 'share' }
const sankey: Chart = { kind: 'sankey', measure: 'Imports', source: 'supplier', target: 'importer', value: 'value' }

/** The stroke-dasharrays of the lines of a series. */
const strokes = (svg: Element, colour: string) =>
  [...svg.querySelectorAll(`[stroke="${colour}"]`)].filter(
    (one) => one.querySelector('path') || one.nodeName.toLowerCase() === 'path',
  )

describe('words', () => {
  test('title is the finding; the subtitle says measure, unit, economies and periods; the source is whole', () => {
    const one = drawn(charted(lines, yearly({ CHN: [0.2, 0.3, 0.4] })))
    expect(one?.title).toBe('China supplied most.')
    expect(one?.subtitle).toBe('Share of imports, %; Germany; all goods; 2020–2022')
    expect(one?.source).toBe(
      'Source: A publisher, a title; dataset flows@abc; CIF, current USD. Method: suppliers, Chokepoint 0.1.0.',
    )
  })

  test('money is in the largest unit that leaves it above one, with valuation', () => {
    const one = drawn(charted({ ...lines, y: 'value' }, yearly({ CHN: [0.2, 0.3] })))
    expect(one?.subtitle).toBe('Share of imports, USD m, current, CIF; Germany; all goods; 2020 and 2021')
    expect(one?.marks[1]?.text).toBe('2021: 300.0 USD m')
  })

  test('a chart that needs a column that is not there, or has no figure, is none', () => {
    expect(drawn(charted(lines, yearly({ CHN: [null, null] })))).toBeUndefined()
    expect(drawn(charted({ ...bars, value: 'elsewhere' }, yearly({ CHN: [0.2] })))).toBeUndefined()
    expect(drawn(charted([lines, area, bars], []))).toBeUndefined()
  })

  test('of several charts the first that fits is drawn: one period gives bars', () => {
    const declared = [area, bars]
    expect(drawn(charted(declared, yearly({ CHN: [0.2, 0.3], DEU: [0.5, 0.4] })))?.kind).toBe('area')
    expect(drawn(charted(declared, yearly({ CHN: [0.2], DEU: [0.5] })))?.kind).toBe('bars')
  })
})

describe('lines', () => {
  const five = {
    CHN: [0.2, 0.3, 0.4, 0.5],
    BLR: [0.1, 0.101, 0.102, 0.1],
    TUR: [0.1, 0.1, 0.1, 0.101],
    USA: [0.05, 0.05, 0.05, 0.099],
  }

  test('each has its name and last value at its end, none on another', () => {
    for (const width of [328, 600]) {
      const one = drawn(charted(lines, yearly(five)), width)
      const texts = one ? textsOf(one).map(({ text }) => text) : []
      for (const end of ['China 50.0', 'Belarus 10.0', 'Türkiye 10.1', 'United States 9.9'])
        expect(texts).toContain(end)
      expect(one && overlaps(one)).toEqual([])
      expect(one && cutOff(one)).toEqual([])
    }
  })

  test('null breaks a line and is no mark; it is never zero', () => {
    const one = drawn(
      charted(lines, yearly({ CHN: [0.2, 0.3, null, 0.5, 0.6], BLR: [0.1, 0.1, 0.1, 0.1, 0.1] })),
      600,
      new Colours('CHN'),
    )
    const svg = one && parsed(one)
    expect(svg && strokes(svg, 'var(--s1)').filter((line) => line.querySelector('path'))).toHaveLength(2)
    expect(one?.marks.filter(({ text }) => text.startsWith('China'))).toHaveLength(4)
    expect(svg?.querySelectorAll('[data-missing]')).toHaveLength(0)
  })

  test('a period between others, or asked for, without a row is hatched as no data, one without a figure as not known', () => {
    const rows = yearly({ CHN: [0.2, 0.3, null, 0.5] }).filter(({ period }) => period !== 202100)
    const one = drawn(charted(lines, rows, { parameters: { period: ['2020', '2023', '2024', '2025'] } }))
    const svg = one && parsed(one)
    const missing = [...(svg?.querySelectorAll('[data-missing]') ?? [])]
    expect(missing.map((box) => [box.getAttribute('data-missing'), box.querySelector('text')?.textContent])).toEqual([
      ['202100', 'no data'],
      ['202200', 'not known'],
      ['202400-202500', 'no data'],
    ])
    const [box] = missing
    const pattern = /url\(#(.*)\)/.exec(box?.querySelector('rect')?.getAttribute('fill') ?? '')?.[1]
    expect(svg?.querySelector(`pattern[id="${pattern}"]`)).not.toBeNull()
  })

  test('of an answer that is cut, points alone are drawn, which are true one by one, and how many rows they are of is said', () => {
    const rows = yearly({ CHN: [0.2, 0.3, 0.4], USA: [0.8, 0.7, 0.6] })
    expect(drawn(charted(lines, rows, { cut: true }))).toBeUndefined()
    const points: Chart = {
      kind: 'points',
      measure: 'Value and share',
      x: 'share',
      y: 'value',
      label: 'supplier',
      x_says: 'Share',
      y_says: 'Value',
    }
    const one = drawn(charted([lines, points], rows, { cut: true }))
    expect(one?.kind).toBe('points')
    expect(one?.note).toContain('Drawn from the first 6 rows; the answer has more.')
    expect(drawn(charted([lines, points], rows))?.kind).toBe('lines')
  })

  test('what the publisher has estimated is dashed, hollow, and said', () => {
    const one = drawn(
      charted(lines, yearly({ CHN: [0.2, 0.3, 0.4] }), { estimated: [202200] }),
      600,
      new Colours('CHN'),
    )
    const svg = one && parsed(one)
    expect(svg && strokes(svg, 'var(--s1)').map((line) => line.getAttribute('stroke-dasharray'))).toContain('5 3')
    expect(one?.marks.map(({ text }) => text)).toEqual(['2020: 20.0 %', '2021: 30.0 %', '2022, estimated: 40.0 %'])
    expect(one && textsOf(one).map(({ text }) => text)).toEqual(expect.arrayContaining(['reported', 'estimated']))
  })

  test('several importers of one supplier are a line each, several suppliers too are parts', () => {
    const rows = [...yearly({ CHN: [0.2, 0.3] }, 2020, 'DEU'), ...yearly({ CHN: [0.4, 0.5] }, 2020, 'FRA')]
    const one = drawn(charted(lines, rows))
    expect(one && textsOf(one).map(({ text }) => text)).toEqual(expect.arrayContaining(['Germany 30.0', 'France 50.0']))
    const more = drawn(charted(lines, [...rows, ...yearly({ USA: [0.1, 0.1] })]))
    expect(more && textsOf(more).filter(({ text }) => text === 'Germany' || text === 'France')).toHaveLength(2)
  })

  test('more than six lines: the rest is said, not drawn', () => {
    const many = Object.fromEntries(
      ['AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF', 'GGG', 'HHH'].map((code, at) => [
        code,
        [0.1 + at / 100, 0.1 + at / 100],
      ]),
    )
    const one = drawn(charted(lines, yearly(many)))
    expect(new Set(one?.marks.map(({ text }) => text.slice(0, 3))).size).toBe(6)
    expect(one?.note).toBe('2 smaller of 8 are in the table only.')
  })

  test('acts within the periods have a mark each; those too close for the width share one and are counted', () => {
    const act = (date: string, text: string, source = 'An office') => ({ date, text, source })
    const events = [
      act('2022-02-26', 'Second'),
      act('2022-02-24', 'First', '87 FR 12226'),
      act('2022-02-28', 'Third'),
      act('2023-12-19', 'Later'),
      act('2019-05-16', 'Before'),
    ]
    const rows = yearly({ CHN: [0.2, 0.3, 0.4, 0.5, 0.5] }, 2020, 'RUS')
    const one = drawn(charted(lines, rows, { events }))
    expect(one?.events).toEqual([
      {
        number: 1,
        date: '2022-02-24 to 2022-02-28',
        text: '3 acts: First; Second; 1 more (analysis controls)',
        source: '87 FR 12226; An office',
      },
      { number: 2, date: '2023-12-19', text: 'Later', source: 'An office' },
    ])
    expect(one && parsed(one).querySelectorAll('[data-event]')).toHaveLength(2)
    const crowded = Array.from({ length: 60 }, (_, at) =>
      act(`20${20 + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}-15`, `Act ${at}`),
    )
    for (const width of [328, 600, 860]) {
      const many = drawn(charted(lines, rows, { events: crowded }), width)
      expect(many?.events.length).toBeGreaterThan(3)
      expect(many && overlaps(many)).toEqual([])
      expect(many && cutOff(many)).toEqual([])
    }
    expect(drawn(charted(lines, rows))?.events).toEqual([])
  })
})

describe('stacked area', () => {
  const shares = { CHN: [0.3, 0.4, 0.5], DEU: [0.2, 0.2, 0.1], TUR: [0.001, 0.001, 0.001], 'X-NES': [0.1, 0.1, 0.1] }

  test('the supplier in question is at the bottom, others take what the rows leave of the whole, unknown is hatched on top', () => {
    const one = drawn(charted(area, yearly(shares, 2020, 'ITA')), 600, new Colours('CHN'))
    const svg = one && parsed(one)
    const fills = [...(svg?.querySelectorAll('g[fill] > path, path[fill]') ?? [])]
      .map((path) => path.getAttribute('fill') ?? path.parentElement?.getAttribute('fill') ?? '')
      .filter((fill) => /s1|s2|others|unknown/.test(fill))
    expect(fills[0]).toBe('var(--s1)')
    expect(fills.at(-1)).toMatch(/^url\(#c600-unknown/)
    expect(one && textsOf(one).map(({ text }) => text)).toEqual(
      expect.arrayContaining(['China 50.0', 'Germany 10.0', 'Others 30.0', 'Areas n.e.s. 10.0']),
    )
    expect(one?.marks).toHaveLength(3)
    expect(one?.marks[2]?.text.split('\n')).toEqual([
      '2022',
      'China: 50.0 %',
      'Germany: 10.0 %',
      'Others: 30.0 %',
      'Areas n.e.s.: 10.0 %',
    ])
  })

  test('one supplier is a part of the whole, beside all others', () => {
    const one = drawn(charted([area, bars], yearly({ CHN: [0.3, 0.4] })))
    expect(one?.kind).toBe('area')
    expect(one?.marks[1]?.text).toBe('2021\nChina: 40.0 %\nOthers: 60.0 %')
  })

  test('a period without rows is a gap with hatching, not others alone', () => {
    const rows = yearly(shares).filter(({ period }) => period !== 202100)
    const one = drawn(charted(area, rows))
    expect(
      one && [...parsed(one).querySelectorAll('[data-missing]')].map((box) => box.getAttribute('data-missing')),
    ).toEqual(['202100'])
    expect(one?.marks).toHaveLength(2)
    // A year between gaps is a block, not a line without width.
    const path = one && parsed(one).querySelector('[fill="var(--s1)"] path')?.getAttribute('d')
    expect(new Set(path?.match(/[\d.]+(?=,)/g)).size).toBe(4)
  })

  test('names at the ends do not touch at either width', () => {
    const many = {
      CHN: [0.4, 0.42],
      DEU: [0.1, 0.02],
      USA: [0.1, 0.02],
      ITA: [0.1, 0.02],
      FRA: [0.05, 0.02],
      KAZ: [0.05, 0.02],
      BLR: [0.02, 0.2],
    }
    for (const width of [328, 600]) {
      const one = drawn(charted(area, yearly(many, 2020, 'RUS')), width)
      expect(one && overlaps(one)).toEqual([])
      expect(one && cutOff(one)).toEqual([])
    }
  })
})

describe('bars', () => {
  test('largest first, the unknown last and hatched, no figure said, the rest counted', () => {
    const many = Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [`A${String.fromCharCode(65 + at)}A`, [0.02]]),
    )
    const one = drawn(charted(bars, yearly({ ...many, CHN: [0.4], 'X-NES': [0.2], DEU: [null] })))
    expect(one?.marks.at(0)?.text).toBe('China: 40.0 %')
    expect(one?.marks.at(-1)?.text).toBe('areas n.e.s.: 20.0 %')
    expect(one?.marks).toHaveLength(16)
    expect(one?.note).toBe('7 smaller of 23 are in the table only, 12.0 % together.')
    const few = drawn(charted(bars, yearly({ CHN: [0.4], DEU: [null] })))
    expect(few?.marks.map(({ text }) => text)).toEqual(['China: 40.0 %', 'Germany: no figure'])
    expect(few && parsed(few).querySelectorAll('[data-missing]')).toHaveLength(1)
    expect(few && textsOf(few).map(({ text }) => text)).toEqual(expect.arrayContaining(['China', 'Germany']))
  })

  test('where a word colours them, what counts is full, what is open hatched, all else grey, each with its meaning', () => {
    const says = { full: 'stands firm', open: 'not known', other: 'falls too' }
    const tones = { column: 'standing', full: 'firm', open: 'unknown', says }
    const standing = ['firm', 'unknown', 'hub']
    const rows = yearly({ CHN: [0.4], DEU: [0.3], ITA: [0.2] }).map((row, at) => ({ ...row, standing: standing[at] }))
    const columns = [...flowColumns, column('standing', 'text', 'words')]
    const one = drawn(charted({ ...bars, tones }, rows as Row[], { columns }))
    const fills = [...(one ? parsed(one).querySelectorAll('rect[height="16"]') : [])].map((bar) =>
      bar.getAttribute('fill')?.replace(/#.*/, ''),
    )
    expect(fills).toEqual(['var(--q4)', 'url(', 'var(--others)'])
    expect(one && textsOf(one).map(({ text }) => text)).toEqual(expect.arrayContaining(Object.values(says)))
  })

  test('the threshold follows the parameter that names it, and what lies beyond is bold', () => {
    const threshold = { at: { parameter: 'preset', of: { ec: 0.4, isi: 0.5 } }, says: 'concentrated above' }
    const rows = yearly({ CHN: [0.45], DEU: [0.3] })
    const bold = (preset: string) => {
      const one = drawn(charted({ ...bars, threshold }, rows, { parameters: { preset } }))
      expect(one && textsOf(one).map(({ text }) => text)).toContain(
        `concentrated above ${preset === 'ec' ? '40.0' : '50.0'}`,
      )
      return one && [...parsed(one).querySelectorAll('[data-row] [font-weight]')].map((text) => text.textContent)
    }
    expect(bold('ec')).toEqual(['China', '45.0'])
    expect(bold('isi')).toEqual(['China', '45.0'])
    expect(drawn(charted({ ...bars, threshold }, rows, { parameters: { preset: 'none' } }))?.svg).not.toContain(
      'concentrated',
    )
  })

  test('only the latest period is drawn, and the subtitle says which', () => {
    const one = drawn(charted(bars, yearly({ CHN: [0.4, 0.3], DEU: [0.1, 0.2] })))
    expect(one?.marks.map(({ text }) => text)).toEqual(['China: 30.0 %', 'Germany: 20.0 %'])
    expect(one?.subtitle).toMatch(/; 2021$/)
  })
})

describe('dumbbells', () => {
  const change: Chart = {
    kind: 'dumbbell',
    measure: 'Share',
    label: 'supplier',
    value: 'share',
    over: 'period',
    panels: ['importer'],
  }

  test('the first period is hollow, the last is full; one without a figure has one end', () => {
    const one = drawn(charted(change, yearly({ CHN: [0.2, 0.3, 0.5], DEU: [0.4, 0.3, 0.2], FRA: [null, null, 0.1] })))
    expect(one?.marks.map(({ text }) => text.split('\n'))).toEqual([
      ['China', '2020: 20.0 %', '2022: 50.0 %'],
      ['Germany', '2020: 40.0 %', '2022: 20.0 %'],
      ['France', '2020: no figure', '2022: 10.0 %'],
    ])
    const circles = [...((one && parsed(one).querySelectorAll('[data-row]')) ?? [])]
    expect(circles).toHaveLength(3)
    expect(one && textsOf(one).map(({ text }) => text)).toEqual(
      expect.arrayContaining(['20.0 → 50.0', '– → 10.0', '2020', '2022']),
    )
  })

  test('two columns of one period', () => {
    const columns = [...flowColumns, column('after', 'number', 'share 0-1')]
    const rows = yearly({ CHN: [0.4] }).map((row) => ({ ...row, after: 0.6 }))
    const both: Chart = {
      kind: 'dumbbell',
      measure: 'Share',
      label: 'supplier',
      from: 'share',
      to: 'after',
      from_says: 'before',
      to_says: 'after',
    }
    expect(drawn(charted(both, rows, { columns }))?.marks[0]?.text).toBe('China\nbefore: 40.0 %\nafter: 60.0 %')
  })
})

describe('points', () => {
  const columns = [
    column('product', 'text', 'product'),
    column('measure', 'text', 'measure'),
    column('value', 'number', 'ratio'),
    column('threshold', 'number', ''),
    column('method', 'text', 'method'),
    column('lead', 'text', 'economy'),
  ]
  const chart: Chart = {
    kind: 'points',
    measure: 'Concentration',
    x: { column: 'value', where: { measure: 'import' } },
    y: { column: 'value', where: { measure: 'world' } },
    x_says: 'of imports',
    y_says: 'of the world',
    label: 'product',
    thresholds: { column: 'threshold', named: 'method' },
    colour: { column: 'lead', says: 'Largest supplier' },
  }
  const rows: Row[] = Array.from({ length: 30 }, (_, at) => [
    {
      product: `8500${10 + at}`,
      measure: 'import',
      value: (at % 10) / 10,
      threshold: 0.4,
      method: 'one',
      lead: at % 3 === 0 ? 'CHN' : 'DEU',
    },
    {
      product: `8500${10 + at}`,
      measure: 'world',
      value: at === 29 ? null : Math.floor(at / 10) / 4,
      threshold: 0.3,
      method: 'two',
      lead: at % 3 === 0 ? 'CHN' : 'DEU',
    },
  ]).flat()

  test('one for each product with both figures, the rest counted; thresholds named by method', () => {
    const one = drawn(charted(chart, rows, { columns }))
    expect(one && parsed(one).querySelectorAll('circle[data-mark]')).toHaveLength(29)
    expect(one?.marks).toHaveLength(29)
    expect(one?.note).toBe('1 without one of the two figures is not drawn.')
    expect(one?.svg).toContain('>one 0.40<')
    expect(one && textsOf(one).map(({ text }) => text)).toContain('two 0.30')
    expect(one && overlaps(one)).toEqual([])
  })

  test('the plane turns places into figures', () => {
    const one = drawn(charted(chart, rows, { columns }))
    const mark = one?.marks.find(
      ({ text }) => text.includes('of imports: 0.500') && text.includes('of the world: 0.250'),
    )
    const { plane } = one ?? {}
    const at = (place: number, [a, b]: readonly [number, number], [low, high]: readonly [number, number]) =>
      low + ((place - a) / (b - a)) * (high - low)
    expect(plane && mark && at(mark.x, plane.x, plane.x_values)).toBeCloseTo(0.5, 2)
    expect(plane && mark && at(mark.y, plane.y, plane.y_values)).toBeCloseTo(0.25, 2)
  })

  test('five thousand are drawn quickly, to one decimal', () => {
    const many: Row[] = Array.from({ length: 5000 }, (_, at) => [
      {
        product: `P${at}`,
        measure: 'import',
        value: ((at * 7919) % 5000) / 5000,
        threshold: 0.4,
        method: 'one',
        lead: 'CHN',
      },
      {
        product: `P${at}`,
        measure: 'world',
        value: ((at * 104729) % 5000) / 5000,
        threshold: 0.3,
        method: 'two',
        lead: 'CHN',
      },
    ]).flat()
    // Of this process alone, whatever else the machine does.
    const before = process.cpuUsage()
    const one = drawn(charted(chart, many, { columns }))
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(2000)
    expect(one?.marks).toHaveLength(5000)
    expect(one?.svg.length).toBeLessThan(600_000)
  })
})

describe('map', () => {
  test('shades by figure, dots small economies, hatches those without a figure, outlines the importer', () => {
    const one = drawn(
      charted(
        map,
        yearly({ CHN: [0.46], SGP: [0.02], HKG: [0.01], MLT: [0.002], BLR: [0.05], 'X-NES': [0.1] }, 2024, 'RUS'),
      ),
    )
    const svg = one && parsed(one)
    const shape = (economy: string) => svg?.querySelector(`[data-economy="${economy}"]`)
    const fill = (economy: string) => shape(economy)?.getAttribute('fill') ?? ''
    expect(fill('CHN')).toBe('var(--q5)')
    for (const small of ['SGP', 'HKG', 'MLT']) expect(shape(small)?.nodeName.toLowerCase()).toBe('circle')
    expect(fill('BRA')).toMatch(/^url\(#c600-none/)
    expect(shape('RUS')?.getAttribute('data-importer')).toBe('1')
    // Under the borders of the shades, of which the last is the largest figure.
    expect(one && textsOf(one).map(({ text }) => text)).toEqual(
      expect.arrayContaining(['0', '0.1', '0.3', '1', '3', '10', '46.0']),
    )
    expect(one?.note).toBe('Not on the map: areas n.e.s. 10.0 %. Borders as in Natural Earth; they express no view.')
    expect(one?.marks.map(({ text }) => text.split(':')[0])).toEqual([
      'China',
      'Belarus',
      'Singapore',
      'Hong Kong',
      'Malta',
    ])
  })

  test('a bloc shades its members; without the map at hand there is none', () => {
    const rows = yearly({ EU27: [0.3], CHN: [0.4] }, 2024, 'RUS')
    const one = drawn(
      charted(map, rows, {
        parameters: { blocs: { EU27: ['DEU', 'FRA'] } },
        names: { ...names, EU27: 'European Union' },
      }),
    )
    expect(one && parsed(one).querySelector('[data-economy="DEU"]')?.getAttribute('fill')).toMatch(/^var\(--q/)
    expect(one?.marks.map(({ text }) => text)).toContain('Germany, in European Union: 30.0 %')
    expect(draw(charted(map, rows), { width: 600, id: 'm', document, colours: new Colours() })).toBeUndefined()
  })
})

describe('Sankey', () => {
  test('a band for each pair, sources in their colours, the unknown hatched', () => {
    const rows = [
      ...yearly({ CHN: [0.4], TUR: [0.1], 'X-NES': [0.1] }, 2024, 'DEU'),
      ...yearly({ CHN: [0.2], TUR: [0.2] }, 2024, 'FRA'),
    ]
    for (const width of [328, 600]) {
      const one = drawn(charted(sankey, rows), width)
      expect(one && parsed(one).querySelectorAll('path[data-mark]')).toHaveLength(5)
      expect(one?.marks[0]?.text).toBe('China to Germany: 400.0 USD m')
      expect(one?.svg).toContain(`url(#c${width}-unknown0)`)
      expect(one && overlaps(one)).toEqual([])
      expect(one && cutOff(one)).toEqual([])
    }
  })
})

/** A hub with both legs, before and after; null is not known. */
const hub = (name: string, status: string, ...legs: readonly (number | null)[]): Row => ({
  hub: name,
  status,
  verdict: status === 'free' ? 'undetermined' : null,
  first_before: legs[0] ?? null,
  first_after: legs[1] ?? null,
  second_before: legs[2] ?? null,
  second_after: legs[3] ?? null,
})
const hubColumns = [
  column('hub', 'text', 'economy'),
  column('status', 'text', 'text'),
  column('verdict', 'text', 'text'),
  ...['first_before', 'first_after', 'second_before', 'second_after'].map((name) => column(name, 'integer', 'USD')),
]
const corridors: Chart = {
  kind: 'corridors',
  measure: 'Listed goods',
  label: 'hub',
  role: { column: 'status', direct: 'destination', between: ['free', 'restricted'] },
  from: 'origin',
  to: 'destination',
  first: { before: 'first_before', after: 'first_after' },
  second: { before: 'second_before', after: 'second_after' },
}
const ends = { origin: ['DEU'], destination: ['RUS'] }
const hubs = [
  hub('RUS', 'destination', 900e6, 300e6),
  hub('pool', 'pool', 1e12, 1e12),
  hub('KAZ', 'free', 100e6, 400e6, 50e6, 200e6),
  hub('TUR', 'free', 60e6, 80e6),
  hub('BLR', 'restricted', 0, 30e6, 10e6, 0),
]

describe('corridors', () => {
  test('both times on one scale, a leg that is not observed drawn as such and no flow of nothing', () => {
    for (const width of [328, 640]) {
      const one = drawn(charted(corridors, hubs, { columns: hubColumns, parameters: ends }), width)
      const svg = one && parsed(one)
      // Direct trade in two pieces each time; first legs but Belarus's before; second legs that are not zero.
      expect(svg?.querySelectorAll('path[data-mark]')).toHaveLength(4 + 5 + 3)
      expect([...(svg?.querySelectorAll('[data-unseen]') ?? [])].map((box) => box.getAttribute('data-unseen'))).toEqual(
        ['TUR', 'TUR'],
      )
      const strokes = one?.marks.flatMap(({ text }, at) => {
        const band = svg?.querySelector(`path[data-mark="${at}"]`)
        return /Kazakhstan to|to Kazakhstan|directly/.test(text) ? Number(band?.getAttribute('stroke-width')) : []
      })
      const [direct = 0, came = 0, went = 0, directThen, cameThen, wentThen] = strokes ?? []
      for (const [then, before, times] of [
        [directThen, direct, 1 / 3],
        [cameThen, came, 4],
        [wentThen, went, 4],
      ] as const)
        expect(Math.abs(Number(then) - before * times)).toBeLessThan(0.4)
      expect(one?.marks.map(({ text }) => text)).toEqual(
        expect.arrayContaining([
          'Germany to Russia, directly, before: USD 900.0 m',
          'Türkiye to Russia, after: not observed',
          'Germany to Belarus, restricted, before: USD 0',
        ]),
      )
      expect(one?.subtitle).toBe('Listed goods, USD, current, CIF')
      expect(one && overlaps(one)).toEqual([])
      expect(one && cutOff(one)).toEqual([])
    }
  })

  test('the smallest stand together, those whose second leg is not observed apart', () => {
    const many = ['CHN', 'ITA', 'FRA', 'USA', 'SGP', 'MLT', 'HKG', 'TUR'].map((code, at) =>
      hub(code, 'free', 1e6, (20 - at) * 1e6, 1e6, 1e6),
    )
    const one = drawn(
      charted(
        corridors,
        [...many, hub('RUS', 'free', 1e6, 2e6), hub('BLR', 'free', 1e6, 2e6), hub('KAZ', 'free', null, 5e6)],
        { columns: hubColumns, parameters: ends },
      ),
    )
    expect(one?.marks.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        '2 others to Russia, after: USD 2.0 m',
        '2 others unseen to Russia, after: not observed',
      ]),
    )
    expect(one?.note).toBe('1 of 11 have no known first leg and are in the table only.')
  })
})

describe('intervals', () => {
  test('bounds, what leads, wider bounds where they differ, and the word that colours them', () => {
    const rows = [
      { ...hub('KAZ', 'free', 20e6, 40e6, 10e6, 60e6), verdict: 'yes' },
      { ...hub('TUR', 'free', 10e6, 10e6, 10e6, 10e6), verdict: 'open' },
      { ...hub('BLR', 'free', -5e6, 5e6, -5e6, 5e6), verdict: 'no' },
      hub('CHN', 'free'),
    ]
    const chart: Chart = {
      kind: 'intervals',
      measure: 'Excess',
      label: 'hub',
      value: 'first_after',
      low: 'first_before',
      high: 'first_after',
      outer: { low: 'second_before', high: 'second_after' },
      beside: ['verdict'],
      tones: {
        column: 'verdict',
        full: 'yes',
        open: 'open',
        says: { full: 'found', open: 'not known', other: 'none' },
      },
    }
    for (const width of [328, 600]) {
      const one = drawn(charted(chart, rows, { columns: hubColumns }), width)
      const svg = one && parsed(one)
      expect(one?.marks.map(({ text }) => text.split('\n')[0])).toEqual([
        'Kazakhstan: USD 40.0 m',
        'Türkiye: USD 10.0 m',
        'Belarus: USD 5.0 m',
        'China: no figure',
      ])
      expect(one?.marks[0]?.text).toContain('from USD 20.0 to 40.0 m')
      const bands = [...(svg?.querySelectorAll('[data-interval]') ?? [])]
      expect(bands.map((band) => band.getAttribute('fill'))).toEqual([
        'var(--q4)',
        `url(#c${width}-open0)`,
        'var(--others)',
      ])
      expect(bands.map((band) => Number(band.getAttribute('width')) > 3)).toEqual([true, false, true])
      expect(svg?.querySelectorAll('[data-outer]')).toHaveLength(1)
      expect(svg?.querySelectorAll('[data-missing]')).toHaveLength(1)
      expect(textsOf(one as NonNullable<typeof one>).map(({ text }) => text)).toContain('−5.0 to 5.0 m')
      expect(one && overlaps(one)).toEqual([])
      expect(one && cutOff(one)).toEqual([])
    }
  })
})

describe('doubts', () => {
  const doubted = [{ importer: 'DEU', supplier: 'TUR', periods: [202200] }]
  const doubtful = [{ importer: 'importer', supplier: 'supplier' }]
  const shares = { CHN: [0.5, 0.4, 0.4], TUR: [0.1, 0.1, 0.3], BLR: [0.2, 0.2, 0.1] }
  const last = { CHN: [0.4], TUR: [0.3], BLR: [0.1] }
  const words = (one: Drawing | undefined) => (one ? textsOf(one).map(({ text }) => text) : [])

  test('a doubted series is hatched in its own colour and named in the legend: bars', () => {
    for (const width of [328, 600]) {
      const one = drawn(charted({ ...bars, doubtful }, yearly(last, 2022), { doubted }), width)
      const svg = one && parsed(one)
      const hatched = svg?.querySelectorAll(`[fill^="url(#c${width}-doubt"]`)
      // Its bar, and the key that says what that is.
      expect(hatched?.length).toBe(2)
      const id = hatched?.[0]?.getAttribute('fill')?.slice(5, -1)
      expect(svg?.querySelector(`[id="${id}"] rect:last-child`)?.getAttribute('fill')).toBe('var(--others)')
      expect(words(one)).toContain('doubtful in the data')
      expect(one?.marks.map(({ text }) => text)).toEqual([
        'China: 40.0 %',
        'Türkiye: 30.0 %\ndoubtful in the data',
        'Belarus: 10.0 %',
      ])
      expect(one && overlaps(one)).toEqual([])
      expect(one && cutOff(one)).toEqual([])
    }
  })

  test('nothing is hatched that was not declared, of another importer or of another period', () => {
    const rows = yearly(last, 2022)
    for (const one of [
      charted(bars, rows, { doubted }),
      charted({ ...bars, doubtful }, yearly(last, 2022, 'FRA'), { doubted }),
      charted({ ...bars, doubtful }, yearly(last, 2021), { doubted }),
      charted({ ...bars, doubtful }, rows),
    ])
      expect(drawn(one)?.svg).not.toContain('-doubt')
  })

  test('on stacked areas the doubtful stretch of a band is hatched, on lines its points are ringed and its stretch dashed', () => {
    const stacked = drawn(charted({ ...area, doubtful }, yearly(shares), { doubted }))
    expect(stacked?.marks.at(-1)?.text).toContain('Türkiye: 30.0 %, doubtful in the data')
    expect(stacked?.marks[1]?.text).not.toContain('doubtful')
    const svg = stacked && parsed(stacked)
    const shape = svg
      ?.querySelector('path[fill^="url(#c600-doubt"], g[fill^="url(#c600-doubt"] path')
      ?.getAttribute('d')
    // From halfway after 2021 to the end, and no further.
    const xs = [...(shape ?? '').matchAll(/(?:M|L)?([\d.]+),[\d.]+/g)].map(([, x]) => Number(x))
    expect(Math.min(...xs)).toBeCloseTo(((stacked?.marks[1]?.x ?? 0) + (stacked?.marks[2]?.x ?? 0)) / 2, 0)
    expect(Math.max(...xs)).toBeCloseTo(stacked?.marks[2]?.x ?? 0, 0)
    const drawing = drawn(charted({ ...lines, doubtful }, yearly(shares), { doubted }))
    expect(drawing && parsed(drawing).querySelectorAll('[data-doubt]').length).toBe(1)
    expect(drawing && parsed(drawing).querySelectorAll('[stroke-dasharray="5 3"]').length).toBe(1)
    expect(words(drawing)).toContain('doubtful in the data')
  })

  test('a doubtful twentieth has a band of its own among larger ones', () => {
    const many = ['CHN', 'DEU', 'RUS', 'BLR', 'SGP', 'MLT', 'HKG', 'USA']
    const rows = yearly({ ...Object.fromEntries(many.map((one) => [one, [0.11, 0.11]])), TUR: [0, 0.06] }, 2021)
    expect(words(drawn(charted({ ...area, doubtful }, rows, { doubted }))).join()).toContain('Türkiye 6.0')
    expect(words(drawn(charted({ ...area, doubtful }, rows))).join()).not.toContain('Türkiye')
  })

  test('a doubted month makes its year doubtful; an estimated period gives bars a broken edge, hatched or not', () => {
    const months = [{ importer: 'DEU', supplier: 'TUR', periods: [202203] }]
    const one = drawn(charted({ ...bars, doubtful }, yearly(last, 2022), { doubted: months, estimated: [202200] }))
    expect(one && parsed(one).querySelectorAll('[data-guess]').length).toBe(3)
    expect(one?.svg).toContain('-doubt')
    expect(words(one)).toEqual(expect.arrayContaining(['estimated by the publisher', 'doubtful in the data']))
    expect(one?.subtitle).toMatch(/2022, estimated$/)
    const cut = drawn(charted({ ...bars, doubtful }, yearly(last, 2022), { incomplete: [202200] }))
    expect(words(cut)).toContain('not all months of the year')
  })

  test('a shade on the map keeps its colour under the lines; a point is hollow, a flow hatched', () => {
    const rows = yearly(last, 2022)
    const onMap = drawn(charted({ ...map, doubtful }, rows, { doubted }))
    const fill = onMap && parsed(onMap).querySelector('[data-economy=TUR]')?.getAttribute('fill')
    expect(fill).toMatch(/^url\(#c600-doubt0-/)
    const ground =
      onMap &&
      parsed(onMap)
        .querySelector(`[id="${fill?.slice(5, -1)}"] rect`)
        ?.getAttribute('fill')
    expect(ground).toMatch(/^var\(--q\d\)$/)
    const pair: Chart = {
      kind: 'points',
      measure: 'Purchases',
      x: 'value',
      y: 'share',
      x_says: 'value',
      y_says: 'share',
      label: 'supplier',
      doubtful: [{ column: 'supplier', is: 'TUR', says: 'left open' }],
    }
    const scattered = drawn(charted(pair, rows))
    const dot = scattered && parsed(scattered).querySelectorAll('circle[stroke-dasharray]')
    expect(dot?.length).toBe(2)
    expect(words(scattered)).toContain('left open')
    const both = [...rows, ...yearly(last, 2022, 'FRA')]
    const flows = drawn(charted({ ...sankey, doubtful }, both, { doubted }))
    expect(flows && parsed(flows).querySelectorAll('path[stroke^="url(#c600-doubt"]').length).toBe(1)
  })

  test('bounds are a whisker, what is left open goes on hatched, and both have room', () => {
    const rows = [
      { period: 202200, importer: 'DEU', supplier: 'CHN', value: 10, low: 5, high: 30, open: 0 },
      { period: 202200, importer: 'DEU', supplier: 'BLR', value: 8, low: 8, high: 8, open: 40 },
    ]
    const columns = [
      ...flowColumns,
      column('low', 'integer', 'count'),
      column('high', 'integer', 'count'),
      column('open', 'integer', 'count'),
    ]
    const chart: Chart = {
      ...bars,
      value: 'value',
      low: 'low',
      high: 'high',
      open: { column: 'open', says: 'left open' },
    }
    const one = drawn(charted(chart, rows, { columns }))
    const svg = one && parsed(one)
    expect(svg?.querySelectorAll('[data-bounds]').length).toBe(1)
    const open = svg?.querySelector('[data-open]')
    expect(Number(open?.getAttribute('x')) + Number(open?.getAttribute('width'))).toBeLessThan(600)
    expect(words(one)).toContain('left open')
    expect(one?.note).toBe('Whiskers show the bounds between which a figure lies.')
    expect(one?.marks[0]?.text).toContain('between 5.0 USD and 30.0 USD'.replaceAll('.0', ''))
  })

  test('what leaves the page has the patterns in colours of its own', () => {
    const one = drawn(charted({ ...bars, doubtful }, yearly(last, 2022), { doubted }))
    const file = one ? standalone(one) : ''
    expect(file).toMatch(/<pattern id="c600-doubt0-0"/)
    expect(file).not.toContain('var(--')
  })
})

describe('colours', () => {
  test('an economy keeps its own from chart to chart; the one in question has the first; the seventh and the unknown none', () => {
    const colours = new Colours('CHN')
    drawn(charted(area, yearly({ DEU: [0.3, 0.3], CHN: [0.2, 0.2], TUR: [0.1, 0.1] })), 600, colours)
    const before = ['CHN', 'DEU', 'TUR'].map((code) => colours.of(code))
    expect(before).toEqual(['var(--s1)', 'var(--s2)', 'var(--s3)'])
    drawn(charted(lines, yearly({ TUR: [0.5, 0.5], USA: [0.3, 0.3], DEU: [0.1, 0.1] })), 600, colours)
    expect(['CHN', 'DEU', 'TUR', 'USA'].map((code) => colours.of(code))).toEqual([...before, 'var(--s4)'])
    for (const code of ['AAA', 'BBB', 'CCC']) colours.claim(code)
    expect(colours.of('CCC')).toBe('var(--others)')
    expect(colours.claim('X-NES')).toBeUndefined()
  })

  test('every colour is a property with a light and a dark value, said once more for print', () => {
    const [screen, dark, print] = [
      /^:root\{([^}]*)\}/,
      /prefers-color-scheme:dark\)\{:root\{([^}]*)\}/,
      /@media print\{:root\{([^}]*)\}/,
    ].map(
      (part) =>
        new Map((part.exec(chartStyles)?.[1] ?? '').split(';').map((one) => one.split(':') as [string, string])),
    )
    const kinds = [
      drawn(
        charted(area, yearly({ CHN: [0.3, 0.4], 'X-NES': [0.1, 0.1] }), {
          parameters: { period: ['2020', '2021', '2022'] },
        }),
      ),
      drawn(charted(map, yearly({ CHN: [0.3] }))),
      drawn(charted(bars, yearly({ CHN: [0.3] }))),
    ]
    const used = new Set(
      kinds.flatMap((one) =>
        [...(one?.svg ?? '').matchAll(/var\((--[a-z0-9-]+)\)/g)].map(([, name]) => name as string),
      ),
    )
    expect(used.size).toBeGreaterThan(8)
    for (const name of used) {
      expect(screen?.get(name), name).toMatch(/^#/)
      expect(dark?.get(name), name).toMatch(/^#/)
      expect(print?.get(name), name).toMatch(/^#/)
    }
    expect(print?.get('--ground')).toBe('#FFFFFF')
    expect(kinds.map((one) => one?.svg).join('')).not.toMatch(/#[0-9a-f]{6}/i)
  })
})

describe('exports', () => {
  test('a picture that leaves the page has its words and its own light colours', () => {
    const address = `http://localhost/suppliers?importer=RUS&${'product=850650,850660&'.repeat(12)}dataset=${'a'.repeat(120)}`
    const one = drawn(
      charted(area, yearly({ CHN: [0.3, 0.4], 'X-NES': [0.1, 0.1] }, 2021, 'RUS'), {
        address,
      }),
    )
    const file = one ? standalone(one) : ''
    const { document: read } = parseHTML(`<html><body>${file}</body></html>`)
    const words = [...read.querySelectorAll('text')].map((text) => text.textContent).join(' ')
    for (const part of [
      'China supplied most.',
      'Share of imports, %; Russia',
      'A publisher, a title',
      'flows@abc',
      'A caveat that must travel.',
    ])
      expect(words).toContain(part)
    // A long address takes several lines, none of which leaves the picture.
    const link = [...read.querySelectorAll('a text')].map((text) => text.textContent ?? '')
    expect(link.join('')).toBe(address)
    expect(Math.max(...link.map((line) => line.length))).toBeLessThan(100)
    expect(file).not.toMatch(/var\(|currentColor|<style|<title/)
    expect(file).toContain(light['s1'])
    expect(file.startsWith('<svg xmlns="http://www.w3.org/2000/svg" width="632"')).toBe(true)
  })

  test('rows leave as CSV in full precision, formulas disarmed, with units and caveats beside', () => {
    const one = charted(bars, [
      {
        period: 202000,
        importer: '=DEU',
        supplier: 'a,b',
        product: 'TOTAL',
        value: '12345678901234567890',
        share: 0.123456789012345,
      },
    ])
    expect(csvOf(one)).toBe(
      'period,importer,supplier,product,value,share\r\n202000,\'=DEU,"a,b",TOTAL,12345678901234567890,0.123456789012345\r\n',
    )
    expect(readmeOf(one)).toContain('- value (USD): What value is')
    expect(readmeOf(one)).toContain('- A caveat that must travel.')
  })
})

test('words from data are words: markup in a name draws nothing', () => {
  const one = drawn(charted(bars, yearly({ CHN: [0.4] }), { names: { CHN: '<script>alert(1)</script>"&' } }))
  expect(one && parsed(one).querySelectorAll('script')).toHaveLength(0)
  expect(one?.svg).toContain('&lt;script&gt;')
})

test('whatever the figures are, nothing throws, and no place in a drawing is without a number', () => {
  const share = fc.oneof(fc.constant(null), fc.constant(0), fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }))
  const value = fc.oneof(
    fc.constant(null),
    fc.constant(0),
    fc.integer({ min: 0, max: 2 ** 50 }),
    fc.constant('98765432109876543210'),
  )
  const economy = fc.constantFrom('CHN', 'DEU', 'RUS', 'BLR', 'SGP', 'X-NES', 'CHN+HKG', 'EU27', 'ZZZ')
  const row = fc.record({
    period: fc.constantFrom(202000, 202100, 202200, 202212, 199900),
    importer: fc.constantFrom('DEU', 'RUS', 'EU27'),
    supplier: economy,
    product: fc.constantFrom('TOTAL', '850511', '811292'),
    value,
    share,
  })
  const change: Chart = { ...bars, kind: 'dumbbell', over: 'period' } as Chart
  const both: Chart = {
    kind: 'dumbbell',
    measure: 'Two figures',
    label: 'supplier',
    from: 'value',
    to: 'share',
    from_says: 'a',
    to_says: 'b',
    panels: ['importer', 'product', 'period'],
  }
  const cloud: Chart = {
    kind: 'points',
    measure: 'Two figures',
    x: 'share',
    y: 'value',
    x_says: 'x',
    y_says: 'y',
    label: 'supplier',
  }
  const charts = [
    lines,
    { ...lines, y: 'value' },
    area,
    { ...area, y: 'value' },
    bars,
    { ...bars, value: 'value' },
    change,
    both,
    cloud,
    map,
    sankey,
    { kind: 'intervals', measure: 'A range', label: 'supplier', low: 'share', high: 'value', panels: ['importer'] },
    {
      ...corridors,
      label: 'supplier',
      role: { column: 'importer', direct: 'RUS', between: ['DEU', 'EU27'] },
      first: { before: 'share', after: 'value' },
      second: { before: 'value', after: 'share' },
    },
  ]
  // The least number there is, by which nothing can be divided.
  const least = {
    period: 202000,
    importer: 'DEU',
    supplier: 'CHN',
    product: 'TOTAL',
    value: 0,
    share: Number.MIN_VALUE,
  }
  const examples = charts.map((chart): [Row[], (typeof charts)[number], number] => [[least], chart, 328])
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 12 }),
      fc.constantFrom(...charts),
      fc.constantFrom(328, 600),
      (rows, chart, width) => {
        const one = drawn(
          charted(chart as Chart, rows, { parameters: { period: ['2020', '2021', '2022'], ...ends } }),
          width,
        )
        if (!one) return
        expect(one.svg).not.toMatch(/NaN|Infinity|undefined/)
        expect(one.subtitle + one.note + one.marks.map(({ text }) => text).join()).not.toMatch(
          /NaN|Infinity|undefined.+undefined/,
        )
        for (const mark of one.marks) expect(Number.isFinite(mark.x) && Number.isFinite(mark.y)).toBe(true)
      },
    ),
    { numRuns: 300, examples },
  )
})
