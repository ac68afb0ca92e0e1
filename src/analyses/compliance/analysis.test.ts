import { describe, expect, test } from 'vitest'
import { librariesHolding, type TestFlow } from '../../../test/engines.ts'

const listed = '854231'
const other = '730110'

/** One good of each kind, of a supplier and of the others, before and after. */
const four = (importer: string, cells: Readonly<Record<string, readonly [number, number]>>): TestFlow[] =>
  Object.entries(cells).flatMap(([of, values]) =>
    values.map((value, at) => ({
      year: 2021 + at,
      importer,
      exporter: of.startsWith('own') ? 'CHN' : 'IND',
      product: of.endsWith('listed') ? listed : other,
      value,
    })),
  )

const chapters = ['39', '84', '85', '87', '88', '90']
const changes = { listed: [-0.5, -0.9, -0.4, -1.1, -0.2, -0.6], other: [0.05, 0.2, 0.1, -0.1, 0.3, 0.15] }
/** So large that whole numbers hold a growth to twelve decimals. */
const unit = 1e12

/** Two goods a chapter with these growths: of each the one that ends in 10 is listed. */
const grown: TestFlow[] = chapters.flatMap((chapter, at) =>
  (['listed', 'other'] as const).flatMap((kind) => {
    const code = `${chapter}01${kind === 'listed' ? '10' : '20'}`
    const flow = { importer: 'IRN', exporter: 'CHN', product: code }
    return [
      { ...flow, year: 2021, value: unit },
      { ...flow, year: 2022, value: Math.round(unit * Math.exp(changes[kind][at] as number)) },
    ]
  }),
)

const panel: TestFlow[] = Object.entries({
  '010110': [10, 12, 40, 50],
  '010120': [0, 2, 6, 12],
  '010130': [100, 90, 110, 120],
  '010140': [30, 34, 36, 40],
}).flatMap(([product, values]) =>
  values.flatMap((value, at) =>
    value === 0 ? [] : [{ year: 2020 + at, importer: 'PRK', exporter: 'CHN', product, value }],
  ),
)

/** Twenty headings with a listed and another good each, growing about so much, of the supplier and of the others. */
const many = (importer: string, growth: readonly [number, number, number, number], mass = 1): TestFlow[] =>
  Array.from({ length: 20 }, (_, at) => at).flatMap((at) =>
    growth.flatMap((factor, place): TestFlow[] => {
      const flow = {
        importer,
        exporter: place < 2 ? 'CHN' : 'IND',
        product: `${8401 + at}${place % 2 === 0 ? '10' : '20'}`,
      }
      const before = 10_000 + 700 * at
      const after = Math.round(before * factor * (1 + 0.04 * Math.sin(at * 7 + place * 3)))
      return [
        { ...flow, year: 2021, value: before, mass: before },
        { ...flow, year: 2022, value: after, mass: Math.round(after * (place === 0 ? mass : 1)) },
      ]
    }),
  )

const libraries = await librariesHolding([
  ...four('RUS', { 'own listed': [200, 120], 'own other': [800, 1000], listed: [300, 390], other: [600, 660] }),
  ...four('BLR', { 'own listed': [200, 120], 'own other': [800, 640], listed: [300, 390], other: [600, 660] }),
  ...four('CUB', { 'own listed': [100, 300], 'own other': [400, 600] }),
  ...grown,
  ...panel,
  ...many('SYR', [0.5, 1, 1, 1]),
  ...many('VEN', [0.4, 0.7, 1.2, 1.1]),
  ...many('MMR', [2, 1, 1, 1]),
  ...many('SDN', [1, 1, 1, 1], 0.5),
])

describe.each(libraries)('compliance on %s', (_, chokepoint) => {
  const answer = (given: object) =>
    chokepoint.ask('compliance', {
      dataset: 'flows',
      supplier: ['China'],
      product: [listed],
      event: '2022-02',
      donut: 0,
      post: '2022',
      ...given,
    })
  const ask = async (given: object) => (await answer(given)).rows()
  const close = (found: unknown, wanted: number) => expect(Math.abs(Number(found) - wanted)).toBeLessThan(1e-9)
  const log = (effect: unknown) => Math.log(1 + Number(effect))

  test('CMP1: within, against others, and the triple that mixes both', async () => {
    const [row] = await ask({ destination: ['RUS'] })
    close(log(row?.within), -0.7339691750802004)
    close(row?.within, -0.52)
    close(log(row?.listed_vs_others), -0.7731898882334818)
    close(row?.triple, -0.5938461538461538)
    close(log(row?.backfill), 0.26236426446749106)
    close(row?.counterfactual, 250)
    close(row?.shortfall, 130)
    expect(row).toMatchObject({ state: 'undetermined', within_low: null, listed_products: 1 })
  })

  test('CMP4: a supplier that leaves altogether, whose fall within understates', async () => {
    const [row] = await ask({ destination: ['BLR'], others: ['India', 'VNM'] })
    close(row?.within, -0.25)
    close(row?.unlisted_vs_others, -0.2727272727272727)
    close(row?.listed_vs_others, -0.5384615384615385)
  })

  test('DIV4: two goods and two windows are the ratio of ratios; nobody else sells', async () => {
    const [row] = await ask({ destination: ['CUB'] })
    close(log(row?.within), Math.LN2)
    close(row?.counterfactual, 150)
    close(row?.shortfall, -150)
    expect(row).toMatchObject({ listed_vs_others: null, backfill: null, triple: null })
    expect(row?.reasons).toContain('no other supplier is in the data')
  })

  test('DIV5: four goods in four years with a zero', async () => {
    const [row] = await ask({
      destination: ['PRK'],
      product: ['010110', '010120'],
      post: '2022-2023',
      cluster: 'unit',
    })
    close(row?.within, 2.7352941176470487)
    close(row?.within_se, 0.13620986146264655)
    expect(row).toMatchObject({ clusters: 4, treated_clusters: 2, interval: 'none' })
  })

  test('CMP2: means of goods by Welch, and all 924 lists', async () => {
    const given = { destination: ['IRN'], product: chapters.map((chapter) => `${chapter}0110`), reading: ['products'] }
    const [row] = await ask({ ...given, cluster: 'unit' })
    close(log(row?.within), -0.7333333333333335)
    close(row?.within_se, 0.14624940645653536)
    close(log(row?.within_low), -1.0911927392147476)
    close(log(row?.within_high), -0.37547392745191954)
    close(row?.permutation_p, 0.0010822510822510823)
    expect(row?.interval).toBe('welch')
  })

  test('CMP3: six chapters, all 64 draws of signs; with Webb’s weights an interval', async () => {
    const given = { destination: ['IRN'], product: chapters.map((chapter) => `${chapter}0110`), reading: ['products'] }
    const [signs] = await ask({ ...given, cluster: '2', weights: 'rademacher' })
    close(signs?.within_se, 0.11301425672109787)
    close(signs?.within_p, 0.03125)
    const [six] = await ask({ ...given, cluster: '2' })
    expect(six).toMatchObject({ interval: 'bootstrap', clusters: 6 })
    expect(six?.within_low).toBeLessThan(-0.52)
    expect(six?.within_high).toBeGreaterThan(-0.52)
    expect(six?.within_p).toBeLessThan(0.05)
  })

  test('states: held back, more than that, filled a gap, and no fall at a premium', async () => {
    const headings = Array.from({ length: 20 }, (_, at) => `${8401 + at}10`)
    const state = async (destination: string) => await ask({ destination: [destination], product: headings })
    expect((await state('SYR'))[0]).toMatchObject({ state: 'complied', interval: 'cluster', clusters: 20 })
    expect((await state('VEN'))[0]?.state).toBe('over-complied')
    expect((await state('MMR'))[0]?.state).toBe('backfilled')
    const [value, mass] = await state('SDN')
    expect(value).toMatchObject({ measured: 'value', state: 'no fall' })
    expect(mass).toMatchObject({ measured: 'mass', state: 'complied' })
  })

  test('the sentence says what fell against what, and the state with its reasons', async () => {
    expect(await (await answer({ destination: ['BLR'] })).headline()).toBe(
      'China’s sales of listed goods to Belarus were 60.0 % of what they were, its other goods 80.0 %: −25.0 % against them, −53.8 % against other suppliers. State: undetermined (1 cluster of goods is too few for an interval against its other goods; 1 cluster of goods is too few for an interval against others).',
    )
  })

  test('what is not named, or not in the data, is refused', async () => {
    for (const given of [{}, { destination: ['RUS'], product: [] }, { destination: ['RUS'], product: ['chips'] }])
      await expect(answer(given)).rejects.toMatchObject({ kind: 'wrong_use' })
    await expect(answer({ destination: ['RUS'], product: ['999999'] })).rejects.toMatchObject({ kind: 'no_data' })
    await expect(answer({ destination: ['RUS'], event: '2030-01', post: '' })).rejects.toMatchObject({
      kind: 'no_data',
    })
  })
})

const [first] = await librariesHolding(
  [2021, 2022].flatMap((year) =>
    ['DEU', 'FRA'].flatMap((exporter) =>
      year === 2022 && exporter === 'FRA'
        ? []
        : [listed, other].map((product) => ({ year, importer: 'RUS', exporter, product, value: 100 })),
    ),
  ),
  { side: 'exporter', partners_complete: false },
)

test('who sold no listed goods held nothing back, and nothing is new', async () => {
  const [library] = await librariesHolding(
    [2021, 2022].flatMap((year) => [
      { year, importer: 'RUS', exporter: 'DEU', product: other, value: 100 },
      { year, importer: 'RUS', exporter: 'FRA', product: listed, value: 100 },
    ]),
    { side: 'exporter', partners_complete: false, products_complete: false },
  )
  const given = { dataset: 'flows', destination: ['RUS'], product: [listed], event: '2022-02', donut: 0, post: '2022' }
  const answer = await library?.[1].ask('compliance', { ...given, supplier: ['DEU'] })
  expect(await answer?.headline()).toBe('Germany sold no listed goods to Russia, before or after. State: undetermined.')
  expect(await answer?.rows()).toMatchObject([{ reasons: 'it sold no listed goods in a window', listed_ratio: null }])
  expect(answer?.caveats.join(' ')).not.toContain('The weight')
  expect(answer?.caveats.join(' ')).toContain('flows does not hold all goods')
})

test('a supplier that is silent in a window is refused, and no other to anyone', async () => {
  const given = { dataset: 'flows', destination: ['RUS'], product: [listed], event: '2022-02', donut: 0, post: '2022' }
  const ask = (supplier: string) => first?.[1].ask('compliance', { ...given, supplier: [supplier] })
  await expect(ask('FRA')).rejects.toMatchObject({ kind: 'no_data' })
  expect(await (await ask('DEU'))?.rows()).toMatchObject([{ within: 0, listed_vs_others: null }])
})
