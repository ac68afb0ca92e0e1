import { describe, expect, test } from 'vitest'
import { textsOf } from '../../../test/drawings.ts'
import { bothSides, librariesHolding } from '../../../test/engines.ts'
import { type ChartDeclaration, Colours, type Drawing, draw } from '../../faces/chart/chart.ts'
import { chartedFrom, serverDocument } from '../../faces/chart/server.ts'
import { mirrorGaps } from './analysis.ts'

const libraries = await librariesHolding(
  [
    // F8: China reports 14.0 bn of exports to Kazakhstan, which reports 8.2 bn of imports.
    { year: 2021, side: 'exporter', importer: 'KAZ', exporter: 'CHN', value: 14_000_000_000 },
    { year: 2021, side: 'importer', importer: 'KAZ', exporter: 'CHN', value: 8_200_000_000 },
    // F9: of the first quarter, in thousands.
    { year: 2021, side: 'exporter', importer: 'KGZ', exporter: 'CHN', value: 4_798_000 },
    { year: 2021, side: 'importer', importer: 'KGZ', exporter: 'CHN', value: 1_611_200 },
    // F2: 100 and 130.
    { year: 2021, side: 'exporter', importer: 'USA', exporter: 'CHN', value: 100, status: 'estimated' },
    { year: 2021, side: 'importer', importer: 'USA', exporter: 'CHN', value: 130 },
    // Only one side of a flow between two that report; and a flow to one that does not report.
    { year: 2021, side: 'importer', importer: 'USA', exporter: 'KAZ', value: 40 },
    { year: 2021, side: 'exporter', importer: 'USA', exporter: 'KGZ', value: 60 },
    { year: 2021, side: 'exporter', importer: 'RUS', exporter: 'CHN', value: 99 },
  ],
  bothSides,
)

describe.each(libraries)('mirror-gaps on %s', (_, chokepoint) => {
  const ask = async (given: object) =>
    (await chokepoint.ask('mirror-gaps', { dataset: 'flows', min_value: 0, cif_fob: 0, ...given })).rows()

  test('F8: the gap is 41.4 % of what China reports, and an asymmetry of 0.261', async () => {
    const [row] = await ask({ importer: ['KAZ'], supplier: ['CHN'] })
    expect(row).toMatchObject({ exporter_value: 14_000_000_000, importer_value: 8_200_000_000, gap: 5_800_000_000 })
    expect(row?.gap_share).toBeCloseTo(0.4142857142857143, 12)
    expect(row?.asymmetry).toBeCloseTo(0.2612612612612613, 12)
  })

  test('F9: China reports 2.978 times what Kyrgyzstan does', async () => {
    const [row] = await ask({ importer: ['KGZ'] })
    expect(1 / (row?.ratio ?? 0)).toBeCloseTo(2.977904667328699, 9)
  })

  test('F2: 100 against 130 are an asymmetry of 0.130 and a logarithm of 0.262', async () => {
    const [row] = await ask({ importer: ['USA'], supplier: ['CHN'] })
    expect(row?.asymmetry).toBeCloseTo(0.13043478260869565, 12)
    expect(row?.log_ratio).toBeCloseTo(0.26236426446749106, 12)
    expect(row).toMatchObject({ estimated: true, ratio: 1.3 })
  })

  test('freight and insurance come off the importer’s report, but not where the exporter reports more', async () => {
    const [row] = await ask({ importer: ['USA'], supplier: ['CHN'], cif_fob: 0.3 })
    expect(row).toMatchObject({ importer_fob: 100, gap: 0, asymmetry: 0, log_ratio: 0, ratio: 1.3 })
    expect((await ask({ importer: ['KAZ'], cif_fob: 0.3 }))[0]?.importer_fob).toBe(8_200_000_000)
  })

  test('a side that reports, but not this flow, makes an asymmetry of 1; one that does not report makes no row', async () => {
    expect((await ask({ importer: ['USA'] })).map((row) => [row.supplier, row.asymmetry, row.ratio])).toEqual([
      ['CHN', expect.closeTo(0.1304, 4), 1.3],
      // Kyrgyzstan reports exports, which the United States do not see.
      ['KGZ', 1, null],
    ])
    const answer = await chokepoint.ask('mirror-gaps', { dataset: 'flows', importer: ['RUS'], min_value: 0 })
    expect(await answer.rows()).toEqual([])
    expect(answer.caveats.join('\n')).toContain('RUS as importer in 2021')
  })

  test('the headline says what each side reports', async () => {
    const answer = await chokepoint.ask('mirror-gaps', { dataset: 'flows', importer: ['KAZ'], min_value: 0 })
    expect(await answer.headline()).toBe(
      'China reports sales of USD 14.0 bn of 850650 to Kazakhstan in 2021, which reports purchases of USD 8.2 bn: 0.59 times as much.',
    )
  })
  test('a least value leaves trade out of both sides, and is said not to be counted', async () => {
    const answer = await chokepoint.ask('mirror-gaps', { dataset: 'flows', importer: ['KAZ'], min_value: 1_000_000 })
    await answer.tellDoubts()
    expect(answer.caveats).toContainEqual(expect.stringContaining('Trade of less than USD 1.0 m is left out'))
  })
})

const absent = [
  { year: 2021, side: 'importer', importer: 'DEU', exporter: 'CHN', product: '260600', value: 12_300_000 },
  { year: 2021, side: 'exporter', importer: 'JPN', exporter: 'CHN', product: '260600', value: 900 },
  { year: 2021, side: 'importer', importer: 'DEU', exporter: 'CHN', product: '720292', value: 7_000_000 },
  { year: 2021, side: 'exporter', importer: 'DEU', exporter: 'CHN', product: '811292', value: 5_000_000 },
] as const
const wholeReports = await librariesHolding(absent, bothSides)
const extracts = await librariesHolding(absent, { ...bothSides, partners_complete: false })

describe.each(wholeReports)('a flow that is in one report alone on %s', (_, chokepoint) => {
  const ask = (given: object = {}) =>
    chokepoint.ask('mirror-gaps', { dataset: 'flows', importer: ['DEU'], supplier: ['CHN'], min_value: 0, ...given })

  test('is none where the other has the product with all partners, and not known where it has it not at all', async () => {
    const answer = await ask()
    expect(await answer.rows()).toMatchObject([
      {
        product: '260600',
        exporter_value: 0,
        importer_fob: 11_603_774,
        gap: -11_603_774,
        gap_share: null,
        asymmetry: 1,
      },
      { product: '720292', exporter_value: null, importer_fob: 6_603_774, gap: null, ratio: null, asymmetry: 1 },
      { product: '811292', importer_value: null, importer_fob: null, gap: null, gap_share: null, asymmetry: 1 },
    ])
    expect(answer.caveats.join('\n')).toContain('0 is what a report says')
  })

  test('is told as what it is', async () => {
    const headline = async (product: string) => (await ask({ product: [product] })).headline()
    expect(await headline('260600')).toBe(
      'China reports no sales of 260600 to Germany in 2021, which reports purchases of USD 12.3 m.',
    )
    expect(await headline('720292')).toBe(
      'China has no report of sales of 720292 to Germany in 2021, which reports purchases of USD 7.0 m.',
    )
    expect(await headline('811292')).toBe(
      'China reports sales of USD 5.0 m of 811292 to Germany in 2021, which has no report of purchases.',
    )
  })

  test('what is not known is drawn as no zero', async () => {
    const charted = await chartedFrom(await ask(), mirrorGaps.chart as ChartDeclaration, chokepoint.home)
    const drawing = draw(charted, {
      width: 800,
      id: 'c',
      document: serverDocument(),
      colours: new Colours(),
    }) as Drawing
    expect(textsOf(drawing).flatMap(({ text }) => (text.includes('→') ? text : []))).toEqual([
      '0.0 → 12.3',
      '– → 7.0',
      '5.0 → –',
    ])
  })

  test('the caveat says where freight and insurance come off, and of which figures', async () => {
    expect((await ask({ cif_fob: 0.06 })).caveats.join('\n')).toContain(
      'Where the importer reports as much as the exporter or more, 6.0 % of freight and insurance are taken out of its report (divided by 1.06) for importer_fob, gap, gap_share, asymmetry and log_ratio; where the exporter reports more, nothing is.',
    )
  })
})

describe.each(extracts)('reports that may not have all partners on %s', (_, chokepoint) => {
  test('say nothing of a flow that they have not', async () => {
    const answer = await chokepoint.ask('mirror-gaps', { dataset: 'flows', importer: ['DEU'], min_value: 0 })
    expect((await answer.rows()).map((row) => [row.exporter_value, row.importer_value])).toEqual([
      [null, 12_300_000],
      [null, 7_000_000],
      [5_000_000, null],
    ])
    expect(answer.caveats.join('\n')).toContain('flows may not have all of its partners')
  })
})
