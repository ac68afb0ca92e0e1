import { describe, expect, test } from 'vitest'
import { bothSides, librariesHolding } from '../../../test/engines.ts'

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
