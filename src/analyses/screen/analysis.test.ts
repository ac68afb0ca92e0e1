import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { librariesHolding, type TestFlow } from '../../../test/engines.ts'
import type { Chokepoint } from '../../index.ts'

/** Purchases of the Union from outside, trade within it, and its sales to outside, of one product. */
const union = (product: string, bought: Record<string, number>, within: number, sold: number): TestFlow[] => [
  ...Object.entries(bought).map(([exporter, value]) => ({ product, importer: 'DEU', exporter, value })),
  { product, importer: 'DEU', exporter: 'FRA', value: within },
  { product, importer: 'BRA', exporter: 'FRA', value: sold },
]
const spread = { CHN: 34, VNM: 33, THA: 33 }
const narrow = { CHN: 80, VNM: 20 }
const year = (at: number, bought: Record<string, number>): TestFlow[] => [
  ...Object.entries(bought).map(([exporter, value]) => ({
    year: at,
    product: '300001',
    importer: 'USA',
    exporter,
    value,
  })),
  { year: at, product: '300001', importer: 'BRA', exporter: 'USA', value: 1 },
]

const libraries = await librariesHolding([
  ...union('100001', { CHN: 520, USA: 60, IND: 20 }, 400, 150),
  ...union('100002', { CHN: 520, USA: 60, IND: 20 }, 400, 250),
  ...union('100003', { CHN: 200, USA: 200, IND: 200 }, 400, 100),
  // D1: imports 1,000, exports 450, 55 % from China, which has 35 % of the world's exports of 3,450.
  { product: '200001', importer: 'USA', exporter: 'CHN', value: 550 },
  { product: '200001', importer: 'USA', exporter: 'VNM', value: 450 },
  { product: '200001', importer: 'BRA', exporter: 'USA', value: 450 },
  { product: '200001', importer: 'JPN', exporter: 'CHN', value: 657 },
  { product: '200001', importer: 'JPN', exporter: 'VNM', value: 1343 },
  // D9: three quarters from the coalition; a part without a known supplier.
  { product: '200002', importer: 'JPN', exporter: 'USA', value: 75 },
  { product: '200002', importer: 'JPN', exporter: 'CHN', value: 25 },
  // Known shares make 0.34, and 0.58 with the unknown part all the leader's: the cut of 0.4 lies between.
  { product: '200003', importer: 'JPN', exporter: 'CHN', value: 500 },
  { product: '200003', importer: 'JPN', exporter: 'USA', value: 300 },
  { product: '200003', importer: 'JPN', exporter: 'X-NES', value: 200 },
  ...year(2019, narrow),
  ...year(2020, spread),
  ...year(2021, narrow),
  ...year(2023, spread),
])

describe.each(libraries)('screen on %s', (_, chokepoint) => {
  const ask = async (given: object) => {
    const answer = await chokepoint.ask('screen', {
      dataset: 'flows',
      min_value: 0,
      keep: 'all',
      period: ['2022'],
      ...given,
    })
    return { answer, rows: await answer.rows() }
  }
  const judged = async (given: object) =>
    (await ask(given)).rows.map(({ measure, value, passed, verdict }) => [measure, value, passed, verdict])

  test('B1: concentrated at 0.762, 60 % from outside, 1.09 times all exports: dependent by the Commission’s rule', async () => {
    expect(await judged({ importer: ['EU27'], product: ['100001'], method: ['ec-2021'] })).toEqual([
      ['import_hhi', expect.closeTo(0.7622222222222222, 12), 'yes', 'yes'],
      ['extra_share', expect.closeTo(0.6, 12), 'yes', 'yes'],
      ['imports_to_exports', expect.closeTo(1.0909090909090908, 12), 'yes', 'yes'],
    ])
  })

  test('B2 and B3: exports above imports, or suppliers in balance, and it is not', async () => {
    expect(await judged({ importer: ['EU27'], product: ['100002'], method: ['ec-2021'] })).toContainEqual([
      'imports_to_exports',
      expect.closeTo(0.9230769230769231, 12),
      'no',
      'no',
    ])
    expect(await judged({ importer: ['EU27'], product: ['100003'], method: ['ec-2021'] })).toContainEqual([
      'import_hhi',
      expect.closeTo(1 / 3, 12),
      'no',
      'no',
    ])
  })

  test('D1: imports above exports, more than half from China, which has 35 % of the world: Henry Jackson and MERICS agree', async () => {
    const { rows } = await ask({
      importer: ['USA'],
      product: ['200001'],
      supplier: ['CHN'],
      method: ['hjs-2020', 'merics-2024'],
    })
    expect(new Set(rows.map((row) => row.verdict))).toEqual(new Set(['yes']))
    expect(rows.find((row) => row.measure === 'imports_to_exports')?.value).toBeCloseTo(1000 / 450, 12)
    expect(rows.find((row) => row.measure === 'supplier_share')?.value).toBeCloseTo(0.55, 12)
    expect(rows.find((row) => row.measure === 'supplier_world_share')?.value).toBeCloseTo(1207 / 3450, 12)
  })

  test('verdicts alone are a row a product and method', async () => {
    const { rows } = await ask({ importer: ['JPN'], detail: 'verdicts' })
    expect(rows).toHaveLength(3 * new Set(rows.map((row) => row.method)).size)
    expect(rows.filter((row) => row.product === '200003' && row.method === 'ec-2021')).toMatchObject([
      { verdict: 'undetermined', lead_share: 0.5 },
    ])
  })

  test('a cut between the bounds leaves the verdict undetermined, never no', async () => {
    const { rows } = await ask({ importer: ['JPN'], product: ['200003'], method: ['ec-2021'] })
    expect(rows.find((row) => row.measure === 'import_hhi')).toMatchObject({
      passed: 'undetermined',
      value_low: expect.closeTo(0.34, 12),
      value_high: expect.closeTo(0.58, 12),
    })
    expect(rows.every((row) => row.verdict !== 'no')).toBe(true)
  })

  test('C1: two of three years make a dependence; an incomplete window makes none and is no no', async () => {
    const verdict = async (period: string, more: object = {}) =>
      (await ask({ importer: ['USA'], product: ['300001'], method: ['geodep'], period: [period], ...more })).rows[0]
        ?.verdict
    expect(await verdict('2021')).toBe('yes')
    expect(await verdict('2020')).toBeNull()
    // 2022 is in the dataset, and the importer bought none of it: of three years one says nothing.
    expect(await verdict('2023')).toBe('undetermined')
    const { answer } = await ask({ importer: ['USA'], product: ['300001'], method: ['geodep'], period: ['2020'] })
    expect(answer.caveats.join(' ')).toContain('which the dataset does not have')
  })
})

describe('screen', () => {
  const chokepoint = libraries[0]?.[1] as Chokepoint
  const ask = async (given: object) => {
    const answer = await chokepoint.ask('screen', {
      dataset: 'flows',
      min_value: 0,
      keep: 'all',
      period: ['2022'],
      ...given,
    })
    return { answer, rows: await answer.rows() }
  }
  const judged = async (given: object) =>
    (await ask(given)).rows.map(({ measure, value, passed, verdict }) => [measure, value, passed, verdict])

  test('B2 with exports to outsiders alone: 2.4 times, and dependent', async () => {
    expect(
      await judged({ importer: ['EU27'], product: ['100002'], method: ['ec-2021'], exports: 'extra' }),
    ).toContainEqual(['imports_to_exports', expect.closeTo(2.4, 12), 'yes', 'yes'])
  })

  test('verdicts alone are those of the criteria, a row a method, and products that are bought for more come first', async () => {
    const given = { keep: 'all', importer: ['JPN', 'EU27'], supplier: ['CHN'] }
    const columns = [
      'importer',
      'product',
      'imports',
      'lead_share',
      'agreed',
      'criteria',
      'method',
      'verdict',
      'reason',
    ]
    const rows = async (detail: string) =>
      (
        await chokepoint.ask(
          'screen',
          { dataset: 'flows', min_value: 0, period: ['2022'], ...given, detail },
          { columns },
        )
      ).rows()
    const alone = await rows('verdicts')
    const texts = (of: readonly object[]) => [...new Set(of.map((row) => JSON.stringify(row)))]
    expect(texts(alone)).toHaveLength(alone.length)
    expect(alone.map((row) => JSON.stringify(row))).toEqual(texts(await rows('criteria')))
    for (const [place, row] of alone.entries()) {
      const before = alone[place - 1]
      if (before?.importer !== row.importer || before?.agreed !== row.agreed) continue
      expect(Number(before?.imports)).toBeGreaterThanOrEqual(Number(row.imports))
    }
    const { answer } = await ask({ ...given, detail: 'verdicts' })
    expect(answer.columns.map((column) => column.name)).not.toContain('threshold')
  })

  test('the distance is positive beyond the threshold, negative before it', async () => {
    const { rows } = await ask({ importer: ['EU27'], product: ['100001', '100003'], method: ['ec-2021'] })
    const of = (product: string) => rows.find((row) => row.product === product && row.measure === 'import_hhi')
    expect(of('100001')).toMatchObject({
      threshold: 0.4,
      operator: '>',
      distance: expect.closeTo(0.3622222222222222, 12),
    })
    expect(of('100003')).toMatchObject({ distance: expect.closeTo(1 / 3 - 0.4, 12) })
  })

  test('D9: a coalition’s 75 % pass 70 %; without a coalition there is no verdict, and the reason', async () => {
    expect(await judged({ importer: ['JPN'], product: ['200002'], method: ['coalition'], coalition: ['G7'] })).toEqual([
      ['coalition_share', 0.75, 'yes', 'yes'],
    ])
    const { rows, answer } = await ask({ importer: ['JPN'], product: ['200002'], method: ['coalition'] })
    expect(rows[0]).toMatchObject({ verdict: null, passed: null })
    expect(answer.caveats.join(' ')).toContain('no coalition was named')
  })

  test('a method that judges nothing counts null, never 0, and the finding is of those that judge', async () => {
    const { rows, answer } = await ask({
      importer: ['JPN'],
      method: ['coalition', 'ec-2021', 'mgi-2023'],
      aggregate: true,
    })
    expect(rows.find((row) => row.method === 'coalition')).toMatchObject({
      critical: null,
      undetermined: null,
      value_share: null,
      unjudged: 3,
    })
    const headline = await answer.headline()
    expect(headline).not.toContain('coalition')
    expect(headline).toContain('of the 2 methods that can judge them')
    const alone = await ask({ importer: ['JPN'], method: ['coalition'] })
    expect(await alone.answer.headline()).toContain('no method asked for can judge them')
  })

  test('criteria that methods share are counted once, and a summary counts products', async () => {
    const { rows } = await ask({ importer: ['EU27'], product: ['100001'], method: ['ec-2021', 'mgi-2023'] })
    expect(Number(rows[0]?.criteria)).toBeLessThanOrEqual(
      new Set(rows.map((row) => `${row.measure} ${row.threshold}`)).size,
    )
    const summary = (
      await chokepoint.ask('screen', {
        dataset: 'flows',
        min_value: 0,
        importer: ['EU27'],
        period: ['2022'],
        method: ['ec-2021'],
        aggregate: true,
      })
    ).rows()
    expect(await summary).toMatchObject([{ method: 'ec-2021', critical: 1, undetermined: 0 }])
  })

  test('of a single economy all exports are those to outsiders, one criterion; of a bloc they are two', async () => {
    const methods = ['ec-2021', 'hjs-2020']
    const { rows } = await ask({ importer: ['EU27', 'DEU'], product: ['100001'], method: methods })
    const of = (importer: string) => rows.find((row) => row.importer === importer)
    // Index, imports by exports, the supplier's share and its share of the world.
    expect(of('DEU')).toMatchObject({ criteria: 4 })
    // Beside these the share from outside, and imports by exports to outsiders.
    expect(of('EU27')).toMatchObject({ criteria: 6 })
    expect((await ask({ importer: ['DEU'], product: ['100001'], method: methods })).rows[0]).toMatchObject({
      criteria: 4,
      agreed: of('DEU')?.agreed,
    })
  })

  test('CDI3 above 1 over all exports implies CDI2 above one half in reconciled flows', async () => {
    const { rows } = await ask({ importer: ['EU27'], method: ['ec-2021'] })
    const of = (product: string | null, measure: string) =>
      rows.find((row) => row.product === product && row.measure === measure)?.value as number
    for (const { product } of rows)
      if (of(product, 'imports_to_exports') > 1) expect(of(product, 'extra_share')).toBeGreaterThan(0.5)
  })

  test('a method of one’s own stands beside the shipped ones, and a fault in it is told by line and column', async () => {
    const folder = join(chokepoint.home, 'methods')
    mkdirSync(folder, { recursive: true })
    const file = join(folder, 'own.yaml')
    const text =
      'name: own\nshort: OWN\ntitle: Own\nsource: own\nneeds: []\ncriteria:\n  - { measure: import_hhi, operator: ">", threshold: 3/4 }\n'
    writeFileSync(file, text)
    expect(await judged({ importer: ['EU27'], product: ['100001'], method: ['own'] })).toEqual([
      ['import_hhi', expect.closeTo(0.7622222222222222, 12), 'yes', 'yes'],
    ])
    writeFileSync(file, text.replace('import_hhi', 'import_hhj'))
    await expect(ask({ importer: ['EU27'], method: ['own'] })).rejects.toThrow('own.yaml, line 7, column')
    writeFileSync(file, text)
  })

  test('of more methods than one number counts, one alone shows a product with the verdicts of all', async () => {
    const folder = join(chokepoint.home, 'methods')
    mkdirSync(folder, { recursive: true })
    const write = (name: string, short: string, threshold: string) =>
      writeFileSync(
        join(folder, `${name}.yaml`),
        `name: ${name}\nshort: ${short}\ntitle: Own\nsource: own\nneeds: []\ncriteria:\n  - { measure: import_hhi, operator: ">", threshold: ${threshold} }\n`,
      )
    const never = Array.from({ length: 12 }, (_, at) => `all-but-${at + 10}`)
    for (const [at, name] of never.entries()) write(name, `N${at + 10}`, `${100 - at}/100`)
    write('any', 'ANY', '1/100')
    write('any-at-all', 'ALL', '1/200')
    const verdicts = async (method: readonly string[]) => {
      const given = { importer: ['EU27'], product: ['100001'], keep: 'critical', detail: 'verdicts', method }
      return (await ask(given)).rows.map((row) => [row.method, row.verdict])
    }
    const none = never.map((name) => [name, 'no'])
    expect(await verdicts(never)).toEqual([])
    expect(await verdicts([...never, 'any'])).toEqual([...none, ['any', 'yes']])
    // Of two pages that both show it, each of its verdicts stands once.
    expect(await verdicts([...never.slice(1), 'any', 'any-at-all'])).toEqual([
      ...none.slice(1),
      ['any', 'yes'],
      ['any-at-all', 'yes'],
    ])
    rmSync(folder, { recursive: true })
  })

  test('the finding is read from a page of rows where all methods are in it, as it is by itself', async () => {
    const finding = async (given: object, rows: number) => {
      const { answer } = await ask({ keep: 'critical', ...given })
      const { headline } = await answer.told({ start: 0, rows })
      expect(await headline).toBe(await answer.headline())
      return headline
    }
    await finding({ importer: ['JPN'] }, 10)
    for (const rows of [1, 1000]) {
      expect(await finding({ importer: ['JPN'] }, rows)).toContain('Japan bought 3 products in 2022')
      await finding({ importer: ['JPN', 'USA'] }, rows)
      await finding({ importer: ['USA'], period: ['2019-2023'], method: ['geodep'] }, rows)
      await finding({ importer: ['JPN'], product: ['200003'], method: ['ec-2021'] }, rows)
    }
  })
})
