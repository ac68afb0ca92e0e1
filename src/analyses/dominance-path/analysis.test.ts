import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryHome } from '../../../test/engines.ts'
import { type Chokepoint, open } from '../../index.ts'
import { loadSamples } from '../../sample.ts'
import { dominancePath } from './analysis.ts'

describe('dominance-path', async () => {
  const home = await temporaryHome()
  let chokepoint: Chokepoint
  beforeAll(async () => {
    chokepoint = await open({ home })
    const file = join(home, 'vendors.csv')
    const shares = { Ericsson: 0.22, Nokia: 0.24, Huawei: 0.36, ZTE: 0.06, Domestic: 0.12 }
    const rows = Object.entries(shares).map(([vendor, share]) => ({
      market: 'RUS',
      segment: 'base stations',
      measure: 'base',
      vendor,
      share,
      period_start: '2021',
      period_end: '2021',
      basis: 'installed',
      source: 'an analyst',
      source_kind: 'analyst',
      certainty: 'C',
    }))
    await writeFile(file, stringify(rows, { header: true }))
    await chokepoint.load([file], { as: 'illustrated' })
    await loadSamples(chokepoint)
  })
  afterAll(() => chokepoint.close())
  const ask = async (given: object) => {
    const answer = await chokepoint.ask('dominance-path', {
      dataset: 'illustrated',
      exit: ['Ericsson', 'Nokia'],
      ...given,
    })
    return { answer, rows: await answer.rows() }
  }

  test('DOM2: with 55 % of orders and 12 % retired a year, 36 % becomes 49.7 % in ten years and half only after 10.44', async () => {
    const { rows } = await ask({
      order: ['Huawei:0.55', 'ZTE:0.15', 'Domestic:0.3'],
      retirement: [0.12],
      years: 10,
      supplier: 'Huawei',
    })
    const path = [
      0.36, 0.3828, 0.402864, 0.42052032, 0.43605788160000003, 0.44973093580800005, 0.46176322351104004,
      0.47235163668971525, 0.4816694402869494, 0.4898691074525155, 0.49708481455821363,
    ]
    expect(rows).toHaveLength(11)
    for (const [year, share] of path.entries()) {
      expect(rows[year]?.share_low).toBeCloseTo(share, 12)
      expect(rows[year]?.period).toBe((2021 + year) * 100)
    }
    expect(rows[10]?.leavers_share).toBeCloseTo(0.06684023424225652 + 0.061270214722068464, 12)
    expect(rows[0]?.years_to_threshold).toBeCloseTo(10.443290753925776, 9)
    expect(rows[0]?.passes).toBeNull()
    const further = (
      await ask({ order: ['Huawei:0.55', 'ZTE:0.15', 'Domestic:0.3'], retirement: [0.12], supplier: 'Huawei' })
    ).rows
    expect(further[0]?.passes).toBe(203200)
  })

  test('DOM3: contracts pass to the winners as they end, and Huawei holds 51.6 % in the second year', async () => {
    const { rows } = await ask({
      contract: [
        'Ericsson:120:2022',
        'Ericsson:100:2024',
        'Nokia:140:2023',
        'Nokia:100:2025',
        'Huawei:360:2030',
        'ZTE:60:2030',
        'Domestic:120:2030',
      ],
      order: ['Huawei:0.6', 'ZTE:0.2', 'Domestic:0.2'],
      supplier: 'Huawei',
      years: 5,
    })
    expect(rows.map((row) => row.share_low)).toEqual(
      [0.36, 0.432, 0.516, 0.576, 0.636, 0.636].map((share) => expect.closeTo(share, 12)),
    )
    expect(rows[0]?.passes).toBe(202300)
    await expect(ask({ contract: ['Nokia:1:2022'] })).rejects.toThrow('Add --order')
  })

  test('a split of orders that does not add up to one is refused', async () => {
    await expect(ask({ order: ['Huawei:0.5', 'ZTE:0.3'] })).rejects.toThrow('add up to 0.8')
    await expect(ask({ order: ['Huawei'] })).rejects.toThrow('Huawei:0.55')
  })

  test('Russia’s base stations: a band over retirement and orders, with announced home targets and without', async () => {
    const { rows, answer } = await ask({ dataset: 'russia-vendors', segment: ['base stations'], period: ['2021'] })
    const of = (home: string, retirement: number, order_share: number) =>
      rows.filter((row) => row.home === home && row.retirement === retirement && row.order_share === order_share)
    expect(new Set(rows.map((row) => row.supplier))).toEqual(new Set(['Huawei']))
    expect(rows).toHaveLength(2 * 4 * 5 * 16)
    // Taking no new contracts, its base only shrinks, and what nobody is known to hold shrinks with it.
    for (const row of of('none', 0.12, 0)) {
      const years = (row.period - 202100) / 100
      expect(row.share_low).toBeCloseTo(0.4 * 0.88 ** years, 12)
      expect(row.share_high).toBeCloseTo(0.6 * 0.88 ** years, 12)
      expect(row.passes).toBeNull()
    }
    // Home makers get 6 % of installations in 2025, 19.5 % between, 33 % in 2027 and all in 2029.
    const home = of('targets', 0.2, 1).map((row) => row.home_share)
    expect(home[4]).toBeCloseTo(0.2 * 0.06, 12)
    expect(home[5]).toBeCloseTo(0.8 * 0.2 * 0.06 + 0.2 * 0.195, 12)
    expect(of('targets', 0.2, 1).at(-1)?.share_low as number).toBeLessThan(
      of('none', 0.2, 1).at(-1)?.share_low as number,
    )
    const headline = await answer.headline()
    expect(headline).toContain('For Huawei to pass 50.0 % of base stations in Russia by 2036')
    expect(headline).toContain('Taking no new contracts, it would hold 1.4 % to 18.5 % in 2036.')
    expect(answer.caveats.join(' ')).toContain('home makers 33.0 % of yearly installations in 2027')
    expect(answer.caveats.join(' ')).toContain('20.0 % of the base is not allotted to anyone')
  })

  test('bases of one source are followed each for itself, and the finding is of one of them', async () => {
    const file = join(home, 'several.csv')
    const base = (market: string, year: string, vendor: string, share: number) => ({
      market,
      segment: 'base stations',
      measure: 'base',
      vendor,
      share,
      period_start: year,
      period_end: year,
      basis: 'installed',
      source: 'an analyst',
      source_kind: 'analyst',
      certainty: 'C',
    })
    const rows = [
      base('RUS', '2021', 'Huawei', 0.1),
      base('RUS', '2021', 'Ericsson', 0.9),
      base('RUS', '2022', 'Huawei', 0.2),
      base('RUS', '2022', 'Ericsson', 0.8),
      base('BLR', '2021', 'ZTE', 0.49),
      base('BLR', '2021', 'Ericsson', 0.51),
    ]
    await writeFile(file, stringify(rows, { header: true }))
    await chokepoint.load([file], { as: 'several' })
    const given = {
      dataset: 'several',
      exit: ['Ericsson'],
      retirement: [0.12],
      order_share: [0, 0.3],
      home: 'none',
      years: 5,
    }
    const several = await ask(given)
    const { keys } = dominancePath
    const keyOf = (row: object) => JSON.stringify(keys.map((key) => (row as Record<string, unknown>)[key]))
    expect(new Set(several.rows.map(keyOf)).size).toBe(several.rows.length)
    const headline = String(await several.answer.headline())
    const one = await ask({ ...given, importer: ['RUS'], period: ['2021'] })
    expect(headline).toBe(`${await one.answer.headline()} Of the base of 2021 by an analyst; the rows have 3 bases.`)
  })
})
