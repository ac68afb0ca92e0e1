import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { flows, listed, listed2, listed3, question, rowsOf, unit, unlisted } from '../../../test/corridors.ts'
import { bothSides, librariesHolding, type TestFlow } from '../../../test/engines.ts'
import { FlowReading } from '../../flow-reading.ts'
import { type Chokepoint, exchangeRate, open } from '../../index.ts'

type Hubs = Readonly<Record<string, readonly [[number, number], [number, number]?]>>
const hubs: Hubs = {
  KGZ: [
    [10, 90],
    [5, 55],
  ],
  ARM: [
    [20, 80],
    [8, 38],
  ],
  KAZ: [
    [200, 320],
    [50, 250],
  ],
  GEO: [
    [50, 45],
    [10, 30],
  ],
  TKM: [[5, 25]],
}
const exporter = { side: 'exporter' } as const

/** Hubs that report what they sell, but Turkmenistan, which does not; nobody in the destination does. */
const corridorsOf = (direct: readonly [number, number]): TestFlow[] => [
  ...flows('USA', 'RUS', [direct[1], direct[0]], listed, exporter),
  ...Object.entries(hubs).flatMap(([hub, [first, second]]) => [
    ...flows('USA', hub, [first[1], first[0]], listed, exporter),
    ...(second ? flows(hub, 'RUS', [second[1], second[0]], listed, exporter) : []),
  ]),
]

describe.each(await librariesHolding(corridorsOf([1000, 200]), bothSides))('five hubs on %s', (name, library) => {
  test('DIV1: excess of each leg, what both share, and what the second is of the first', async () => {
    const rows = await rowsOf(library)
    expect(rows['RUS']?.first_leg_excess).toBe(-800 * unit)
    const expected = {
      KGZ: [80, 50, 50, 0.625, 9],
      ARM: [60, 30, 30, 0.5, 4],
      KAZ: [120, 200, 120, 1.6666666666666667, 1.6],
      GEO: [-5, 20, 0, null, 0.9],
      TKM: [20, null, 0, null, 5],
    } as const
    for (const [hub, [first, second, through, passed, ratio]] of Object.entries(expected)) {
      const row = rows[hub]
      expect(row?.first_leg_excess).toBe(first * unit)
      expect(row?.second_leg_excess).toBe(second === null ? null : second * unit)
      expect(row?.through_low).toBe(through * unit)
      if (passed === null) expect(row?.pass_ratio).toBeNull()
      else expect(row?.pass_ratio).toBeCloseTo(passed, 12)
      expect(row?.first_leg_ratio).toBeCloseTo(ratio, 12)
    }
  })

  test('the evidence is read from the same findings as the verdicts, and is as it would be by itself', async () => {
    const given = { dataset: 'flows', ...question }
    const answers = async (chokepoint: Chokepoint, more: object = {}) => {
      const answer = await chokepoint.ask('diversion-evidence', { ...given, ...more })
      const { caveats, datasets, parameters } = answer
      return { rows: await answer.rows(), caveats, datasets, parameters, explained: answer.explain() }
    }
    await rowsOf(library)
    const reads = vi.spyOn(FlowReading.prototype, 'rows')
    const shared = await answers(library)
    expect(reads).not.toHaveBeenCalled()
    await answers(library, { offset: 20_000 })
    expect(reads).toHaveBeenCalled()
    reads.mockRestore()
    await using alone = await open({ home: library.home })
    expect(shared.rows.length).toBeGreaterThan(10)
    expect(shared.explained).not.toBe('')
    if (name === 'DuckDB') expect(shared).toEqual(await answers(alone))
  })

  test('asked for at the same moment it is found once, and again where the first to ask gives up', async () => {
    const ask = (analysis: string, seed: number, signal?: AbortSignal) =>
      library.ask(analysis, { dataset: 'flows', ...question, seed }, signal ? { signal } : {})
    const reads = vi.spyOn(FlowReading.prototype, 'rows')
    await ask('diversion', 20)
    const once = reads.mock.calls.length
    await Promise.all([ask('diversion', 21), ask('diversion-evidence', 21)])
    expect(reads.mock.calls.length).toBe(2 * once)
    reads.mockRestore()
    const leaving = new AbortController()
    const [first, second] = [ask('diversion', 22, leaving.signal), ask('diversion', 22)]
    leaving.abort()
    await expect(first).rejects.toThrow()
    expect((await (await second).rows()).length).toBeGreaterThan(3)
  })

  test('REC1: a quarter at least and thirty-five per cent at most, hub by hub', async () => {
    const rows = await rowsOf(library)
    expect(rows['free hubs']).toMatchObject({ recovered_low: 0.25, recovered_high: 0.35 })
    const low = { KGZ: 50, ARM: 30, KAZ: 120, GEO: 0, TKM: 0 }
    const high = { KGZ: 80, ARM: 60, KAZ: 120, GEO: 0, TKM: 20 }
    for (const hub of Object.keys(low) as (keyof typeof low)[]) {
      expect(rows[hub]).toMatchObject({ allotted_low: low[hub] * unit, allotted_high: high[hub] * unit })
      expect(rows[hub]?.recovered_high).toBeCloseTo(high[hub] / 800, 12)
    }
  })

  test('REC6: at the border of the destination the excess of Armenia is 30 to 33', async () => {
    const { ARM } = await rowsOf(library)
    expect(ARM?.second_leg_low).toBe(30 * unit)
    expect(ARM?.second_leg_high).toBeCloseTo(33 * unit, 0)
  })

  test('a hub whose sales nobody reports is bounded from above alone, and no verdict is made of it', async () => {
    const { TKM } = await rowsOf(library)
    expect(TKM).toMatchObject({ second_leg_after: null, second_leg_report: null, verdict: 'undetermined' })
    expect(TKM?.reasons).toContain('second leg not observed')
  })

  test('of one hub the finding speaks of that hub, not of all free ones', async () => {
    const finding = async (hub: string[]) =>
      String(await (await library.ask('diversion', { dataset: 'flows', ...question, hub })).headline())
    const one = await finding(['ARM'])
    expect(one).toContain('Of what was lost Armenia could account for')
    expect(one).not.toMatch(/free hub could|Free hubs could/)
    expect(await finding(['ARM', 'GEO'])).toContain('Free hubs could account for')
  })

  test('property 5: another hub never lowers what all could account for', async () => {
    const few = await rowsOf(library, { hub: ['ARM', 'GEO'] })
    const more = await rowsOf(library, { hub: ['ARM', 'GEO', 'KGZ'] })
    expect(Number(more['free hubs']?.recovered_high)).toBeGreaterThanOrEqual(Number(few['free hubs']?.recovered_high))
    expect(Number(more['free hubs']?.recovered_low)).toBeGreaterThanOrEqual(Number(few['free hubs']?.recovered_low))
  })
})

describe.each(await librariesHolding(corridorsOf([1000, 800]), bothSides))('little lost, on %s', (_, library) => {
  test('REC2: hubs share what was lost, and no more', async () => {
    const rows = await rowsOf(library)
    expect(rows['free hubs']).toMatchObject({ recovered_low: 1, recovered_high: 1 })
    const high = { KGZ: 57.142857142857146, ARM: 42.85714285714286, KAZ: 85.71428571428572, TKM: 14.285714285714286 }
    for (const [hub, value] of Object.entries(high))
      expect(Number(rows[hub]?.allotted_high) / unit).toBeCloseTo(value, 8)
    expect(rows['KAZ']).toMatchObject({ allotted_low: 120 * unit, recovered_high: 120 / 200 })
  })
})

describe.each(await librariesHolding(corridorsOf([800, 1000]), bothSides))('nothing lost, on %s', (_, library) => {
  test('REC3: of nothing no share is taken', async () => {
    const rows = await rowsOf(library)
    expect(rows['free hubs']).toMatchObject({ recovered_low: null, recovered_high: null, recovered_most: null })
  })
})

const threeGoods = [
  ...[listed, listed2, listed3].flatMap((product) => flows('USA', 'RUS', [0, 1000], product)),
  ...flows('USA', 'ARM', [50, 10], listed),
  ...flows('USA', 'ARM', [12, 10], listed2),
  ...flows('USA', 'ARM', [10, 20], listed3),
  ...flows('ARM', 'RUS', [15, 10], listed),
  ...flows('ARM', 'RUS', [40, 10], listed2),
  ...flows('ARM', 'RUS', [20, 10], listed3),
]

describe.each(await librariesHolding(threeGoods))('goods of three kinds on %s', (_, library) => {
  test('REC4: minima are taken of each kind; of sums they would invent what passed', async () => {
    expect((await rowsOf(library))['ARM']?.through_low).toBe(7 * unit)
    expect((await rowsOf(library, { level: '0' }))['ARM']?.through_low).toBe(32 * unit)
  })
})

describe.each(
  await librariesHolding([
    ...flows('USA', 'RUS', [0, 1000]),
    ...flows('USA', 'ARM', [110, 10]),
    ...flows('USA', 'GEO', [30, 10]),
    ...flows('ARM', 'RUS', [40, 10]),
    ...flows('ARM', 'GEO', [70, 10]),
    ...flows('GEO', 'RUS', [80, 10]),
  ]),
)('hubs that sell one another, on %s', (_, library) => {
  test('REC5: two legs carry 50, chains 100, and no more than the origins sold', async () => {
    const rows = await rowsOf(library, { hub: ['ARM', 'GEO'] })
    expect(rows['free hubs']).toMatchObject({ through_low: 50 * unit, through_chains: 100 * unit })
    expect(rows['ARM']?.onward_share).toBeCloseTo(40 / 110, 12)
  })
})

const past = [120, 110, 100, 90, 80]
const others = ['CAN', 'MEX', 'BRA', 'ARG', 'CHL', 'COL', 'PER', 'URY', 'PRY', 'BOL']
const growing = [
  ...flows('USA', 'RUS', [200, 1000]),
  ...flows('USA', 'ARM', [200, ...past]),
  ...flows('USA', 'ARM', [500, ...past.map(() => 400)], unlisted),
  ...others.flatMap((other) => flows('USA', other, [110, ...past.map(() => 100)])),
  ...others.flatMap((other) => flows('USA', other, [105, ...past.map(() => 100)], unlisted)),
]

describe.each(await librariesHolding(growing))('five years before, on %s', (_, library) => {
  test('DIV2: every baseline, the one that leads, and the range', async () => {
    const given = { ...question, dataset: 'flows', hub: ['ARM'], pre_years: 5 }
    const evidence = await (await library.ask('diversion-evidence', given)).rows()
    const expected = {
      'pre-mean': 100,
      'pre-last': 120,
      'linear-trend': 130,
      'log-trend': 134.08527704791445,
      'unlisted-growth': 125,
      'listed-elsewhere': 110,
      'triple-difference': 130.95238095238096,
    }
    for (const [name, value] of Object.entries(expected)) {
      const row = evidence.find((one) => one.name === name && one.leg === 'first')
      expect(Number(row?.expected) / unit).toBeCloseTo(value, 9)
      expect(Number(row?.excess) / unit).toBeCloseTo(200 - value, 9)
    }
    const { ARM } = await rowsOf(library, { hub: ['ARM'], pre_years: 5 })
    expect(ARM).toMatchObject({ baseline: 'unlisted-growth', first_leg_excess: 75 * unit })
    expect(Number(ARM?.first_leg_low) / unit).toBeCloseTo(65.91472295208555, 9)
    expect(ARM?.first_leg_high).toBe(100 * unit)
    const triple = await rowsOf(library, { hub: ['ARM'], pre_years: 5, baseline: 'triple-difference' })
    expect(Number(triple['ARM']?.first_leg_excess) / unit).toBeCloseTo(69.04761904761904, 9)
  })
})

describe.each(
  await librariesHolding([
    ...flows('USA', 'RUS', [100, 1000]),
    ...flows('USA', 'ARM', [300, 100]),
    ...flows('USA', 'ARM', [600, 400], unlisted),
    ...flows('USA', 'GEO', [75, 50]),
    ...flows('USA', 'GEO', [750, 500], unlisted),
    ...flows('USA', 'AZE', [250, 100]),
    ...flows('USA', 'AZE', [640, 400], unlisted),
    // New in the hub, and of a base that is nothing.
    ...flows('USA', 'MDA', [0.58 + 0.02, 0.02]),
    ...flows('USA', 'UZB', [7, 0]),
  ]),
)('growth of other goods on %s', (_, library) => {
  test('DIV4, CON3, PRP1: the ratio of ratios, and what is left of a rise that all goods share', async () => {
    const rows = await rowsOf(library)
    expect(rows['ARM']).toMatchObject({ ratio_of_ratios: 2, first_leg_excess: 150 * unit })
    expect(rows['AZE']?.first_leg_excess).toBe(90 * unit)
    expect(rows['AZE']?.confounders).toContain('40 %')
    expect(rows['GEO']).toMatchObject({ first_leg_excess: 0, ratio_of_ratios: 1, first_leg_high: 25 * unit })
  })

  test('a new flow has no ratio, and all of it is excess', async () => {
    const rows = await rowsOf(library)
    expect(rows['UZB']).toMatchObject({ first_leg_ratio: null, first_leg_excess: 7 * unit })
    // CON2: thirty times next to nothing is little.
    expect(rows['MDA']?.first_leg_ratio).toBeCloseTo(30, 9)
    expect(Number(rows['MDA']?.first_leg_excess) / unit).toBeCloseTo(0.58, 9)
  })
})

describe.each(
  await librariesHolding(
    [
      ...flows('USA', 'RUS', [100, 1000], listed, exporter),
      ...flows('USA', 'KGZ', [1170.91, 263.24], listed, exporter),
      ...flows('USA', 'KGZ', [533.7, 232.33], listed, { side: 'importer' }),
      ...flows('KGZ', 'RUS', [55, 5], listed, { side: 'importer' }),
      ...flows('USA', 'ARM', [80, 20], listed, exporter),
      ...flows('ARM', 'RUS', [60, 10], listed, exporter),
      ...flows('ARM', 'RUS', [40, 9], listed, { side: 'importer' }),
    ],
    bothSides,
  ),
)('both ends report, on %s', (_, library) => {
  test('REC7: of the rise two thirds never arrive by the hub’s own report', async () => {
    const { KGZ } = await rowsOf(library)
    expect(KGZ?.ghost_share).toBeCloseTo(0.6679740434298809, 9)
    expect(KGZ?.arrived_after).toBe(533_700_000_000)
    expect(KGZ?.confounders).toContain('ghost trade')
  })

  test('where the hub does not report what it sells, the destination’s report is read', async () => {
    const { KGZ } = await rowsOf(library)
    expect(KGZ).toMatchObject({ second_leg_report: 'destination', second_leg_excess: 50 * unit })
  })

  test('where both report the second leg, the destination’s report stands beside the hub’s', async () => {
    const { ARM } = await rowsOf(library)
    expect(ARM).toMatchObject({ second_leg_report: 'hub', second_leg_after: 60 * unit, mirror_after: 40 * unit })
    expect(ARM).toMatchObject({ mirror_before: 9 * unit, second_leg_excess: 50 * unit })
  })
})

describe.each(
  await librariesHolding([
    ...flows('USA', 'RUS', [100, 900, 700]),
    ...flows('USA', 'ARM', [340, 100, 10]),
    ...flows('ARM', 'RUS', [250, 100, 50]),
  ]),
)('two years before, on %s', (_, library) => {
  test('REC8: the outer interval is the least over the largest loss, and the largest over the least', async () => {
    const { ARM } = await rowsOf(library, { pre_years: 2 })
    // By the mean 700 lost, 55 before: 175 to 285; by the last year 800 lost, 100 before: 150 to 240.
    expect(ARM?.recovered_least).toBeCloseTo(150 / 800, 12)
    expect(ARM?.recovered_most).toBeCloseTo(285 / 700, 12)
    expect(ARM?.recovered_low).toBeCloseTo(175 / 700, 12)
  })
})

describe.each(
  await librariesHolding([
    ...flows('USA', 'RUS', [100, 1000]),
    // CON1: half as much again by value, a quarter by weight.
    ...flows('USA', 'ARM', [150], listed, { mass: 1_250_000 }),
    { ...(flows('USA', 'ARM', [100])[0] as TestFlow), year: 2021, mass: 1_000_000 },
    // ANO5: two goods, of which the smaller by weight rose more.
    ...[
      { year: 2021, product: listed, value: 1000, mass: 100 },
      { year: 2021, product: listed2, value: 500, mass: 10 },
      { year: 2022, product: listed, value: 1320, mass: 110 },
      { year: 2022, product: listed2, value: 1080, mass: 12 },
    ].map((one) => ({ ...one, exporter: 'USA', importer: 'KGZ', value: one.value * 1e6, mass: one.mass * 1e6 })),
    // Dearer as well, but most of it was never weighed.
    ...flows('USA', 'GEO', [30], listed, { mass: 100_000 }),
    { ...(flows('USA', 'GEO', [10])[0] as TestFlow), year: 2021, mass: 100_000 },
    ...flows('USA', 'GEO', [90, 90], listed2),
  ]),
)('what goods and money cost, on %s', (_, library) => {
  test('CON1, ANO5: how much of a rise is price, by Fisher’s index', async () => {
    const { ARM, KGZ, GEO } = await rowsOf(library, { level: '6' })
    // Of 50 more, 25 are real.
    expect(ARM?.confounders).toContain('a kilogram cost 1.20 times as much, which would explain 50 % of the rise')
    expect(KGZ?.confounders).toContain('a kilogram cost 1.41 times as much')
    expect(GEO?.first_leg_ratio).toBeCloseTo(1.2, 12)
    expect(GEO?.confounders).not.toContain('kilogram')
  })

  test('CON1: what a ratio in dollars is in euros', async () => {
    const mean = (year: number) =>
      Array.from(
        { length: 12 },
        (_, month) => 1 / exchangeRate(`${year}-${String(month + 1).padStart(2, '0')}`, 'EUR'),
      ).reduce((sum, rate) => sum + rate / 12, 0)
    const { ARM } = await rowsOf(library)
    expect(ARM?.confounders).toContain(
      `exchange rate: in EUR every ratio is ${(mean(2021) / mean(2022)).toFixed(3)} of what it is in USD`,
    )
  })
})

describe('reports that begin later', async () => {
  const goods = Array.from({ length: 12 }, (_, place) =>
    place < 4 ? `85423${[1, 2, 3, 9][place]}` : `85${40 + place}10`,
  )
  // Everything is the same in all years; the hub reports what it sells from 2021 on, the origins from 2020 or 2021 on.
  const still = (first: number): TestFlow[] => [
    ...flows('USA', 'RUS', first === 2020 ? [1, 1, 1] : [1, 1], listed, exporter),
    ...goods.flatMap((product) => [
      ...flows('USA', 'ARM', first === 2020 ? [5, 5, 5] : [5, 5], product, exporter),
      ...flows('ARM', 'RUS', [3, 3], product, exporter),
    ]),
    ...flows('GEO', 'RUS', [1, 1, 1], unlisted, exporter),
  ]
  const [[, hubLate]] = (await librariesHolding(still(2020), bothSides)) as [[string, Chokepoint]]
  const [[, bothLate]] = (await librariesHolding(still(2021), bothSides)) as [[string, Chokepoint]]

  test('a year in which the hub did not report is unknown to its second leg, not nothing', async () => {
    const { ARM } = await rowsOf(hubLate)
    expect(ARM).toMatchObject({ second_leg_excess: 0, second_q_value: 1, verdict: 'no sign of diversion' })
    // Nor is there a mean of two years of it.
    expect((await rowsOf(hubLate, { pre_years: 2 }))['ARM']).toMatchObject({ second_leg_after: null })
  })

  test('a year in which the origins did not report is no placebo, and no trend before can be looked for', async () => {
    const { ARM } = await rowsOf(bothLate)
    expect(ARM).toMatchObject({ first_leg_excess: 0, placebo_p: null, placebo_ratio: null })
    expect((await rowsOf(hubLate))['ARM']?.placebo_ratio).toBe(1)
  })
})

const base = [50, 60, 90, 80, 70, 60, 50, 40, 80, 90, 100, 130]
const monthly = (year: number, values: readonly number[]): TestFlow[] =>
  values.flatMap((value, month) => [
    { year: year * 100 + month + 1, exporter: 'USA', importer: 'ARM', product: listed, value: value * unit },
    { year: year * 100 + month + 1, exporter: 'USA', importer: 'RUS', product: listed, value: unit },
  ])

describe.each(
  await librariesHolding(
    [
      ...monthly(2020, base),
      ...monthly(
        2021,
        base.map((value) => 1.1 * value),
      ),
      ...monthly(2022, Array(12).fill(150)),
    ],
    { frequency: 'month' },
  ),
)('months with a season, on %s', (_, library) => {
  test.each([
    ['2022-03', 55.5, 1.5873015873015872],
    ['2022-08', 108, 3.571428571428571],
  ])('DIV3: 150 in %s is %d above its own calendar month', async (post, excess, ratio) => {
    const { ARM } = await rowsOf(library, { post, pre_years: 2 })
    expect(Number(ARM?.first_leg_excess) / unit).toBeCloseTo(excess, 9)
    expect(ARM?.first_leg_ratio).toBeCloseTo(ratio, 9)
  })
})

describe('codes that change', async () => {
  const codes = { A1: '854110', A2: '854111', A3: '854112', A4: '854113' }
  const later = { B1: '854121', B2: '854122', B3: '854123', B4: '854124', B5: '854125' }
  const links = [
    [codes.A1, later.B1],
    [codes.A1, later.B2],
    [codes.A2, later.B2],
    [codes.A3, later.B3],
    [codes.A4, later.B4],
    [codes.A4, later.B5],
    ['854114', later.B4],
  ]
  const at = (year: number, edition: string) => (product: string, value: number) =>
    ({ year, exporter: 'USA', importer: 'ARM', product, value: value * unit, edition }) as TestFlow
  const [old, young] = [at(2021, 'HS2017'), at(2022, 'HS2022')]
  // Another code of the last family, in which nothing need be traded.
  const another = '854114'
  const holding = (parts: readonly [number, number]) => [
    ...[old(codes.A1, 60), old(codes.A2, 40), old(codes.A3, 25), old(codes.A4, parts[0])],
    ...(parts[1] > 0 ? [old(another, parts[1])] : []),
    ...[young(later.B1, 30), young(later.B2, 70), young(later.B3, 50), young(later.B4, 50), young(later.B5, 30)],
    { ...old(codes.A3, 900), importer: 'RUS' },
    { ...young(later.B3, 100), importer: 'RUS' },
  ]
  const libraries = await librariesHolding(holding([80, 0]))
  const [split] = await librariesHolding(holding([50, 30]))
  for (const [, library] of [...libraries, split as (typeof libraries)[number]]) {
    await mkdir(join(library.home, 'correlations'), { recursive: true })
    await writeFile(
      join(library.home, 'correlations', 'HS2017-HS2022.csv'),
      ['from_edition,to_edition,from,to', ...links.map((link) => `HS2017,HS2022,${link.join(',')}`)].join('\n'),
    )
    await mkdir(join(library.home, 'groups'), { recursive: true })
    const members = [later.B1, later.B3, later.B4].map((code) => `{ product: "${code}", edition: HS2022 }`)
    await writeFile(
      join(library.home, 'groups', 'new.yaml'),
      `group: new-list\nkind: products\ntitle: Listed in 2022\nsource: a test\nmembers: [${members.join(', ')}]\n`,
    )
  }

  const cellsOf = async (library: Chokepoint) =>
    (await library.ask('diversion-cells', { ...question, dataset: 'flows', list: 'new-list' })).rows()

  test('7: a code split within its family changes nothing', async () => {
    const [[, whole]] = libraries as [[string, Chokepoint]]
    expect(await cellsOf((split as [string, Chokepoint])[1])).toEqual(await cellsOf(whole))
  })

  test.each(libraries)('NOM1: only one family moved, on %s', async (_, library) => {
    const cells = await cellsOf(library)
    const of = (code: string) => cells.find((row) => row.product.startsWith(code))
    expect(of(later.B3)).toMatchObject({ first_leg_before: 25 * unit, first_leg_after: 50 * unit, listed_share: 1 })
    expect(of(later.B4)).toMatchObject({ first_leg_before: 80 * unit, first_leg_after: 80 * unit, listed_share: 0.625 })
    // Listed for three tenths of its trade, it is neither listed nor a measure of what is not.
    expect(of(later.B1)).toBeUndefined()
  })
})

const young = await librariesHolding(
  [
    ...flows('USA', 'RUS', [200], listed, exporter),
    ...flows('USA', 'KGZ', [90], listed, exporter),
    ...flows('USA', 'KGZ', [30], listed2, exporter),
    ...flows('USA', 'ARM', [20], listed, exporter),
    ...flows('KGZ', 'RUS', [55], listed, exporter),
  ],
  bothSides,
)

describe.each(young)('data that begin after the event on %s', (_, library) => {
  test('what was before is unknown, not zero, and nothing is in excess of it', async () => {
    const unknown = { through_low: null, through_high: null }
    const rows = await rowsOf(library)
    expect(rows['KGZ']).toMatchObject({
      first_leg_before: null,
      first_leg_after: 120 * unit,
      first_leg_excess: null,
      allotted_low: null,
      allotted_high: null,
      born_share: null,
      ...unknown,
    })
    expect(rows['free hubs']).toMatchObject({ first_leg_after: 140 * unit, first_leg_excess: null, ...unknown })
    const answer = await library.ask('diversion-cells', { dataset: 'flows', ...question, hub: ['KGZ'] })
    expect(await answer.headline()).toBe(
      'By how much any cell of hub and goods grew is not known, for what was before is not in the data; the largest in 2022 is Kyrgyzstan’s of 854231, USD 90.0 bn.',
    )
    const nothing = { first_leg_before: null, first_leg_excess: null, second_leg_before: null, second_leg_excess: null }
    expect(await answer.rows()).toMatchObject([
      {
        product: '854231',
        first_leg_after: 90 * unit,
        second_leg_after: 55 * unit,
        lost: null,
        born: null,
        ...nothing,
      },
      { product: '854232', first_leg_after: 30 * unit, second_leg_after: 0, ...nothing, ...unknown },
    ])
  })
})

describe('what is refused', async () => {
  const [[, library]] = (await librariesHolding(corridorsOf([1000, 200]), bothSides)) as [[string, Chokepoint]]
  test.each([
    [{ origin: [] }, 'who restricts'],
    [{ list: '' }, 'controlled goods'],
    [{ event: '' }, 'divides before from after'],
    [{ event: '2020-02' }, 'has not'],
    [{ event: '2024-02' }, 'has nothing'],
    [{ hub: ['USA'] }, 'at an end of the corridor'],
    [{ hub: ['CHN'] }, 'has no trade of China. Between the two ends it has Armenia'],
    [{ origin: ['DEU'] }, 'does not hold the exports of Germany'],
    [{ post: '2022-14' }, 'is not a span'],
    [{ post: '2023-2022' }, 'is not a span'],
    [{ destination: ['USA'] }, 'an origin and a destination'],
  ])('%j', async (given, words) => {
    await expect(rowsOf(library, given)).rejects.toThrow(words)
  })
})
