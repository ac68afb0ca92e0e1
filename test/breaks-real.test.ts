import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Chokepoint, open } from '../src/index.ts'
import { realData, temporaryHome } from './engines.ts'

const mapping = (name: string) => new URL(`../docs/mappings/${name}.yaml`, import.meta.url).pathname
const sample = (ending: string) => new URL(`../data/sample/eu-listed-exports.${ending}`, import.meta.url).pathname

describe.runIf(existsSync(realData))('breaks and compliance in real months', async () => {
  const home = await temporaryHome()
  let chokepoint: Chokepoint
  beforeAll(async () => {
    chokepoint = await open({ home })
    await chokepoint.load([join(realData, 'eu-total-exports-caucasus-ca', 'eu27_total_monthly_2019-01_2024-08.csv')], {
      as: 'totals',
      mapping: mapping('comext-totals'),
    })
    await chokepoint.load([sample('csv.gz')], { as: 'listed', mapping: sample('yaml') })
    await chokepoint.load([join(realData, 'china-critical-minerals-monthly', 'deep_dive_hs6_monthly.csv')], {
      as: 'china',
      mapping: mapping('china-exports'),
    })
  })
  afterAll(() => chokepoint.close())

  test('EU exports of all goods: Russia breaks in the month of the ban, its neighbours one to four months later', async () => {
    const answer = await chokepoint.ask('breaks', {
      dataset: 'totals',
      side: 'exporter',
      supplier: ['EU27'],
      importer: ['Russia', 'Georgia', 'Armenia', 'Kazakhstan', 'Kyrgyzstan'],
      event: 'eu-2022-02',
      method: ['sup-f', 'sup-wald'],
    })
    const rows = await answer.rows()
    const dates = (method: string) =>
      Object.fromEntries(rows.filter((row) => row.method === method).map(({ importer, date }) => [importer, date]))
    expect(dates('sup-f')).toEqual({ RUS: 202203, GEO: 202204, ARM: 202205, KAZ: 202205, KGZ: 202207 })
    expect(dates('sup-wald')).toEqual({ RUS: 202203, GEO: 202204, ARM: 202205, KAZ: 202207, KGZ: 202208 })
    const largest = (importer: string) => rows.find((row) => row.importer === importer && row.method === 'sup-f')
    for (const [importer, statistic] of [
      ['RUS', 497.5],
      ['GEO', 307.6],
      ['ARM', 870.5],
      ['KAZ', 478.5],
      ['KGZ', 1010.1],
    ] as const)
      expect(largest(importer)?.statistic).toBeCloseTo(statistic, 1)
    expect(largest('KGZ')?.step_log).toBeCloseTo(2.171, 3)
    expect(largest('RUS')).toMatchObject({ evidence: 'break', lag: 0, season_months: 36 })
    expect(largest('RUS')?.events).toContain('eu-2022-02')
  })

  test('EU exports of listed goods break in the same spring', async () => {
    const answer = await chokepoint.ask('breaks', {
      dataset: 'listed',
      supplier: ['EU27'],
      importer: ['RUS', 'ARM', 'GEO', 'KGZ', 'KAZ', 'UZB', 'BLR'],
      level: '0',
      event: '2022-02-26',
    })
    expect(Object.fromEntries((await answer.rows()).map(({ importer, date }) => [importer, date]))).toEqual({
      RUS: 202203,
      ARM: 202205,
      GEO: 202204,
      KGZ: 202206,
      KAZ: 202206,
      UZB: 202206,
      BLR: 202207,
    })
  })

  test('China’s graphite falls in the month of its control after stock-piling; gallium’s code is too wide to tell', async () => {
    const answer = await chokepoint.ask('breaks', {
      dataset: 'china',
      supplier: ['China'],
      product: ['250410', '811292'],
      period: ['2022-01:2024-12'],
      of: 'mass',
      event: 'cn-2023-12',
    })
    const [graphite, gallium] = await answer.rows()
    expect(graphite).toMatchObject({ date: 202312, events: 'cn-2023-12' })
    expect(graphite?.statistic).toBeCloseTo(12.33, 2)
    expect(graphite?.reasons).toContain('anticipation')
    expect(gallium).toMatchObject({ date: 202212, evidence: 'descriptive' })
    expect(gallium?.reasons).toContain('the code is wider than the goods of')
    expect(answer.caveats.join('\n')).toMatch(/Stock-piling.*250410 .* tonnes more than usual/)
    expect(answer.caveats.join('\n')).toContain('811292 is wider than the goods controlled by')
  })

  test('by value both codes of graphite fall in the month of its control, gallium’s a month after its own', async () => {
    const question = { dataset: 'china', supplier: ['China'], period: ['2022-01:2024-12'] }
    const rows = async (given: object) => (await chokepoint.ask('breaks', { ...question, ...given })).rows()
    const [natural, artificial] = await rows({ product: ['250410', '380110'], event: 'cn-2023-12' })
    expect(natural).toMatchObject({ date: 202312, events: 'cn-2023-12', lag: 0 })
    expect(artificial).toMatchObject({ date: 202312, events: 'cn-2023-12', lag: 0 })
    expect(natural?.reasons).toContain('stock-piling between announcement and event')
    const sum = { product: ['250410', '380110'], level: '0' as const, event: 'cn-2023-12' }
    const [both] = await rows(sum)
    const answer = await chokepoint.ask('breaks', { ...question, ...sum })
    expect(await answer.headline()).toMatch(/^Trade in 250410 and 380110 together from China shifts at 2023-12/)
    expect(answer.caveats).toContain('TOTAL is the sum of the products asked for.')
    expect(both).toMatchObject({ date: 202312, events: 'cn-2023-12' })
    expect(both?.statistic).toBeCloseTo(38.53, 2)
    expect(both?.reasons).toContain('the code is wider than the goods of cn-2023-12')
    expect(both?.reasons).not.toContain('antimony')
    const [gallium] = await rows({ product: ['811292'], event: 'cn-2023-08' })
    expect(gallium).toMatchObject({ date: 202309, lag: 1 })
    expect(gallium?.events).toContain('cn-2023-08')
    expect(gallium?.reasons).toMatch(/the code is wider than the goods of .*cn-2023-08/)
  })

  test('EU exports to Russia: listed goods to 28.4 %, others to 67.6 %, 58 % within', async () => {
    const [row] = await (
      await chokepoint.ask('compliance', {
        dataset: 'listed',
        totals: 'totals',
        supplier: ['EU27'],
        destination: ['RUS'],
        list: 'eu-2023-01',
        list_mode: 'final',
        event: 'eu-2022-02',
        donut: 0,
        post: '2022-03:2022-11',
      })
    ).rows()
    expect(row?.listed_ratio).toBeCloseTo(0.2843, 5)
    expect(row?.unlisted_ratio).toBeCloseTo(0.67644, 5)
    expect(row?.within).toBeCloseTo(-0.58, 2)
    expect((row?.shortfall ?? 0) / 1e6).toBeCloseTo(10_110.137, 3)
    expect(row).toMatchObject({ state: 'undetermined', within_low: null, listed_vs_others: null })
  })
})
