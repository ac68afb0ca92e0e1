import { describe, expect, test } from 'vitest'
import { bothSides, librariesHolding, type TestFlow } from '../../../test/engines.ts'

/** Fixture F6, in millions: Russia's own report of 2021, and its partners' exports to it in 2024. */
const million = 1_000_000
const own = { CHN: 500, TUR: 60, DEU: 270, BLR: 150, KAZ: 70, IRN: 10, USA: 120 }
const now = { CHN: 1000, TUR: 300, DEU: 200, KAZ: 120 }
const product = 'TOTAL'
const russia: TestFlow[] = [
  ...Object.entries(own).map(([exporter, value]) => ({
    year: 2021,
    side: 'importer' as const,
    importer: 'RUS',
    exporter,
    product,
    value: value * million,
  })),
  ...Object.entries(now).map(([exporter, value]) => ({
    year: 2024,
    side: 'exporter' as const,
    importer: 'RUS',
    exporter,
    product,
    value: value * million,
  })),
  // The United States report in 2024, and sell nothing to Russia.
  { year: 2024, side: 'exporter', importer: 'DEU', exporter: 'USA', product, value: 7 * million },
  // In 2023 Turkey does not report, and China's report is the publisher's estimate.
  {
    year: 2023,
    side: 'exporter',
    importer: 'RUS',
    exporter: 'CHN',
    product,
    value: 800 * million,
    status: 'estimated',
  },
  { year: 2023, side: 'exporter', importer: 'RUS', exporter: 'DEU', product, value: 200 * million },
  { year: 2023, side: 'exporter', importer: 'DEU', exporter: 'USA', product, value: 7 * million },
  // What Russia sells: its partners' imports, of which one is less than Russia itself reports.
  { year: 2021, side: 'exporter', importer: 'CHN', exporter: 'RUS', product, value: 300 * million },
  { year: 2021, side: 'exporter', importer: 'IND', exporter: 'RUS', product, value: 100 * million },
  { year: 2021, side: 'importer', importer: 'CHN', exporter: 'RUS', product, value: 212 * million },
  { year: 2024, side: 'importer', importer: 'CHN', exporter: 'RUS', product, value: 110 * million },
  // Kyrgyzstan has never reported.
  { year: 2024, side: 'exporter', importer: 'KGZ', exporter: 'CHN', product, value: 50 * million },
]

describe.each(await librariesHolding(russia, bothSides))('mirror on %s', (_, chokepoint) => {
  const ask = async (given: object) =>
    (await chokepoint.ask('mirror', { dataset: 'flows', period: ['2024'], min_value: 0, ...given })).rows()

  test('F6: partners with 86.4 % of Russia’s last own report bound its index on both sides of 0.4', async () => {
    const [row] = await ask({ importer: ['Russia'] })
    expect(row).toMatchObject({
      period: 202400,
      economy: 'RUS',
      value: 1620 * million,
      partners: 4,
      base_period: 202100,
      low_coverage: false,
      lead_partner: 'CHN',
      estimated_share: 0,
      verdict: 'undetermined',
    })
    expect(row?.coverage).toBeCloseTo(0.864406779661017, 12)
    expect(row?.missing).toBeCloseTo(254.11764705882348 * million, -1)
    expect(row?.hhi).toBeCloseTo(0.43606157597927137, 9)
    expect(row?.hhi_low).toBeCloseTo(0.3258248087107398, 8)
    expect(row?.hhi_high).toBeCloseTo(0.4889111929979284, 8)
    expect(row?.lead_share_low).toBeCloseTo(0.5335844318895167, 8)
    expect(row?.lead_share_high).toBeCloseTo(0.6691776522284997, 8)
  })

  test('by another threshold, below both bounds, the same intervals give a verdict', async () => {
    expect((await ask({ importer: ['RUS'], preset: 'mgi-2023' }))[0]?.verdict).toBe('yes')
  })

  test('trends are of the partners that report in every period asked for, with their weight', async () => {
    const rows = await ask({ importer: ['RUS'], period: ['2023-2024'] })
    expect(rows.map((row) => [row.period, row.value / million, row.panel_value / million])).toEqual([
      [202300, 1000, 1000],
      [202400, 1620, 1200],
    ])
    // China, Germany and the United States had 890 of 1,180.
    for (const row of rows) expect(row.panel_weight).toBeCloseTo(890 / 1180, 12)
    expect(rows[0]).toMatchObject({ low_coverage: true, estimated_share: 0.8 })
  })

  test('F1: sales are rebuilt from partners’ imports of 110 at a mark-up of 10 % as 100', async () => {
    const [row] = await ask({ supplier: ['RUS'], cif_fob: 0.1 })
    expect(row).toMatchObject({ value: 100 * million, base_period: 202100 })
    // China had 300 of Russia's own report of 400.
    expect(row?.coverage).toBe(0.75)
  })

  test('nothing is taken off where the economy itself reports more than the partner', async () => {
    const [row] = await ask({ supplier: ['RUS'], period: ['2021'], cif_fob: 0.1 })
    expect(row?.value).toBe(212 * million)
  })

  test('an economy that never reported has what partners report, and no bounds, verdict or coverage', async () => {
    const answer = await chokepoint.ask('mirror', {
      dataset: 'flows',
      importer: ['KGZ'],
      period: ['2024'],
      min_value: 0,
    })
    expect(await answer.rows()).toMatchObject([
      { value: 50 * million, coverage: null, missing: null, hhi: 1, hhi_low: null, hhi_high: null, verdict: null },
    ])
    expect(answer.caveats.join('\n')).toContain('KGZ did not report')
    expect(await answer.headline()).toContain('how much is missing is not known')
  })

  test('the headline gives both bounds', async () => {
    const answer = await chokepoint.ask('mirror', {
      dataset: 'flows',
      importer: ['RUS'],
      period: ['2024'],
      min_value: 0,
    })
    expect(await answer.headline()).toBe(
      'By its partners’ reports Russia bought USD 1.6 bn of goods in 2024. Those that report had 86.4 % of its own report of 2021; the index of concentration is 0.326 to 0.489, on both sides of the threshold.',
    )
  })

  test('who is asked for must be one side, and no bloc', async () => {
    await expect(ask({})).rejects.toMatchObject({ code: 'mirror/whose' })
    await expect(ask({ importer: ['RUS'], supplier: ['CHN'] })).rejects.toMatchObject({ code: 'mirror/whose' })
    await expect(ask({ importer: ['EAEU'] })).rejects.toThrow('EAEU:members')
  })
})

const renamed = russia.map((flow) => ({ ...flow, product: '850650' }))

describe.each(await librariesHolding(renamed, { ...bothSides, edition: 'CN{year}' }))(
  'mirror of a code on %s',
  (_, chokepoint) => {
    test('a last own report in another nomenclature says nothing of what is missing, and the remedy is named', async () => {
      const answer = await chokepoint.ask('mirror', {
        dataset: 'flows',
        importer: ['RUS'],
        period: ['2024'],
        min_value: 0,
      })
      expect(await answer.rows()).toMatchObject([{ value: 1620 * million, coverage: null, verdict: null }])
      expect(answer.caveats.join('\n')).toContain('uses CN2021, partners CN2024')
      expect(answer.caveats.join('\n')).toContain('--period 2021,2024')
    })
  },
)

describe.each(await librariesHolding([{ exporter: 'CHN', value: 5 }]))('reconciled flows on %s', (_, chokepoint) => {
  test('have one figure of both reports, so nothing is mirrored', async () => {
    await expect(chokepoint.ask('mirror', { dataset: 'flows', importer: ['USA'] })).rejects.toThrow('reconciled')
    await expect(chokepoint.ask('mirror-gaps', { dataset: 'flows' })).rejects.toMatchObject({ kind: 'no_data' })
  })
})
