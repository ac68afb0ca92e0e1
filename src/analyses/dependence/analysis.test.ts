import { describe, expect, test } from 'vitest'
import { librariesHolding } from '../../../test/engines.ts'

const libraries = await librariesHolding([
  { year: 2021, importer: 'DEU', exporter: 'CHN', value: 200 },
  { year: 2021, importer: 'DEU', exporter: 'USA', value: 600 },
  { year: 2021, importer: 'DEU', exporter: 'X-NES', value: 200 },
  { year: 2022, importer: 'DEU', exporter: 'CHN', value: 600 },
  { year: 2022, importer: 'DEU', exporter: 'HKG', value: 100 },
  { year: 2022, importer: 'DEU', exporter: 'USA', value: 200 },
  { year: 2022, importer: 'DEU', exporter: 'FRA', value: 100 },
  { year: 2022, importer: 'FRA', exporter: 'CHN', value: 1800 },
  { year: 2022, importer: 'FRA', exporter: 'DEU', value: 50 },
  { year: 2022, importer: 'JPN', exporter: 'USA', value: 70 },
  { year: 2022, importer: 'JPN', product: '850660', exporter: 'CHN', value: 30 },
])

describe.each(libraries)('dependence on %s', (_, chokepoint) => {
  const ask = async (given: object) =>
    (await chokepoint.ask('dependence', { dataset: 'flows', min_value: 0, ...given })).rows()

  test('D10: 60 % of Germany’s imports from China, a quarter of China’s exports to Germany', async () => {
    const [row] = await ask({ importer: ['Germany'], supplier: ['China'], product: ['850650'] })
    expect(row).toMatchObject({
      period: 202200,
      importer: 'DEU',
      supplier: 'CHN',
      value: 600,
      total: 1000,
      share: 0.6,
      reverse_share: 0.25,
    })
    expect(row?.['lead_gap']).toBeCloseTo(0.4, 12)
  })

  test('of several products the finding is the largest share, and how many are over half', async () => {
    const answer = await chokepoint.ask('dependence', {
      dataset: 'flows',
      min_value: 0,
      importer: ['JPN'],
      supplier: ['CHN'],
    })
    expect(await answer.headline()).toBe(
      'China supplied 100.0 % of what Japan bought of 850660 in 2022, the largest share of 2 products; of 1 it supplied more than half.',
    )
  })

  test('a share of one importer is not told of all of them', async () => {
    const answer = await chokepoint.ask('dependence', {
      dataset: 'flows',
      min_value: 0,
      importer: ['FRA', 'JPN'],
      supplier: ['CHN'],
      product: ['850650', '850660'],
    })
    expect(await answer.headline()).toContain('100.0 % (Japan, 850660)')
  })

  test('a share that is what it was is neither up nor down', async () => {
    const given = { dataset: 'flows', min_value: 0, importer: ['DEU'], supplier: ['USA+CHN'], product: ['850650'] }
    const headline = async (more: object) =>
      (await chokepoint.ask('dependence', { ...given, period: ['2021-2022'], ...more })).headline()
    expect(await headline({})).toContain('supplied 80.0 % of what Germany bought of 850650 in 2022, as in 2021.')
    expect(await headline({ supplier: ['CHN'] })).toContain('up from 20.0 % in 2021')
  })

  test('the largest dependence comes first, its periods together, and what is not known last', async () => {
    const rows = await ask({ supplier: ['CHN', 'HKG', 'USA'], period: ['2021-2022'] })
    const caseOf = (row: (typeof rows)[number]) => `${row['importer']} ${row['supplier']} ${row['product']}`
    const cases = [...new Set(rows.map(caseOf))]
    expect(rows.map(caseOf)).toEqual(cases.flatMap((one) => rows.map(caseOf).filter((other) => other === one)))
    const lasts = cases.map((one) => {
      const own = rows.filter((row) => caseOf(row) === one)
      expect(own.map((row) => row['period'])).toEqual(own.map((row) => row['period']).toSorted())
      return Number(own.at(-1)?.['share'] ?? -1)
    })
    expect(cases.length).toBeGreaterThan(3)
    expect(lasts).toEqual(lasts.toSorted((a, b) => b - a))
  })

  test('the change is against the period before, unknown partners in both denominators', async () => {
    const [row] = await ask({ importer: ['DEU'], supplier: ['CHN'], period: ['2022'] })
    expect(row?.['share_change']).toBeCloseTo(0.6 - 0.2, 12)
    expect((await ask({ importer: ['DEU'], supplier: ['CHN'], period: ['2021'] }))[0]).toMatchObject({
      share: 0.2,
      share_change: null,
      lead_gap: expect.closeTo(-0.4, 12),
    })
  })

  test('a set of suppliers is measured as one', async () => {
    expect(await ask({ importer: ['DEU'], supplier: ['CHN+HKG'] })).toMatchObject([
      { supplier: 'CHN+HKG', value: 700, share: 0.7 },
    ])
    expect((await ask({ importer: ['DEU'], supplier: ['CHN', 'HKG'] })).map((row) => row['share'])).toEqual([0.6, 0.1])
  })

  test('a bloc buys as one, without trade among its members', async () => {
    expect(await ask({ importer: ['EU27'], supplier: ['CHN'] })).toMatchObject([
      { importer: 'EU27', value: 2400, total: 2700 },
    ])
    expect((await ask({ importer: ['EU27:members'], supplier: ['CHN'] })).map((row) => row['importer'])).toEqual([
      'FRA',
      'DEU',
    ])
    expect(
      (await ask({ importer: ['EU27', 'DEU'], supplier: ['CHN'] })).map((row) => [row['importer'], row['value']]),
    ).toEqual([
      ['EU27', 2400],
      ['DEU', 600],
    ])
  })

  test('a buyer that takes nothing from the supplier depends on it by 0, one that buys nothing has no row', async () => {
    expect(await ask({ importer: ['JPN'], supplier: ['CHN'], product: ['850650'] })).toMatchObject([
      { value: 0, share: 0 },
    ])
    expect(await ask({ importer: ['TUV'], supplier: ['CHN'] })).toEqual([])
  })

  test('levels coarser than stored are summed', async () => {
    expect(await ask({ importer: ['JPN'], supplier: ['CHN'], level: '2' })).toMatchObject([
      { product: '85', value: 30, total: 100 },
    ])
    expect(await ask({ importer: ['JPN'], supplier: ['CHN'], level: '0' })).toMatchObject([
      { product: 'TOTAL', share: 0.3 },
    ])
    expect(await ask({ importer: ['JPN'], supplier: ['CHN'], product: ['8506'] })).toMatchObject([
      { product: '8506', share: 0.3 },
    ])
  })

  test('questions that cannot be meant are refused with the nearest name', async () => {
    await expect(ask({ importer: ['Rusxia'], supplier: ['CHN'] })).rejects.toThrow('Did you mean Russia (RUS)')
    await expect(ask({ importer: ['DEU'] })).rejects.toThrow('--supplier China')
    await expect(ask({ importer: ['DEU'], supplier: ['CHN'], period: ['1999'] })).rejects.toMatchObject({
      kind: 'no_data',
    })
    await expect(ask({ importer: ['DEU'], supplier: ['EU27', 'FRA'] })).rejects.toMatchObject({ kind: 'wrong_use' })
    await expect(ask({ importer: ['G7'], supplier: ['EU27'] })).rejects.toThrow('share members')
    await expect(ask({ importer: ['DEU'], supplier: ['CHN'], nonsense: 1 })).rejects.toMatchObject({
      kind: 'wrong_use',
    })
  })
})

const blocs = await librariesHolding([
  { importer: 'USA', exporter: 'CHN', value: 400 },
  { importer: 'DEU', exporter: 'CHN', value: 300 },
  { importer: 'FRA', exporter: 'DEU', value: 200 },
  { importer: 'USA', exporter: 'DEU', value: 100 },
  { importer: 'USA', exporter: 'JPN', value: 100 },
  { importer: 'JPN', exporter: 'FRA', value: 50 },
])

describe.each(blocs)('blocs on %s', (_, chokepoint) => {
  test('C2: the Union exports 150 outside itself, of which two thirds go to the United States', async () => {
    const rows = await (
      await chokepoint.ask('dependence', { dataset: 'flows', min_value: 0, importer: ['USA'], supplier: ['EU27'] })
    ).rows()
    expect(rows).toMatchObject([{ supplier: 'EU27', value: 100, total: 600 }])
    expect(rows[0]?.reverse_share).toBeCloseTo(100 / 150, 12)
  })

  test('what a supplier sells is counted once, where a buyer is asked for beside its own bloc', async () => {
    const rows = await (
      await chokepoint.ask('dependence', {
        dataset: 'flows',
        min_value: 0,
        importer: ['EU27', 'DEU'],
        supplier: ['CHN'],
      })
    ).rows()
    expect(rows.map(({ importer, reverse_share }) => [importer, reverse_share])).toEqual([
      ['DEU', expect.closeTo(300 / 700, 12)],
      ['EU27', expect.closeTo(300 / 700, 12)],
    ])
  })
})

const stops = await librariesHolding(
  [2019, 2020, 2021, 2022, 2023].flatMap((year) => [
    { year, importer: 'DEU', exporter: 'CHN', value: 300 },
    { year, importer: 'DEU', exporter: 'USA', value: year === 2023 ? 0 : 100 },
    ...(year === 2023 ? [] : [{ year, importer: 'DEU', exporter: 'KAZ', value: 100 }]),
    { year, importer: 'FRA', exporter: 'CHN', value: 100 },
    { year, importer: 'FRA', exporter: 'DEU', value: 300 },
  ]),
  { side: 'importer' },
)

describe.each(stops)('what is not known, on %s', (_, chokepoint) => {
  const ask = (given: object) =>
    chokepoint.ask('dependence', { dataset: 'flows', min_value: 0, period: ['2023'], importer: ['DEU'], ...given })

  test('a series that stops is unknown in its blank period, not 0, and so is a set with it', async () => {
    const answer = await ask({ supplier: ['KAZ', 'CHN', 'JPN'] })
    const of = Object.fromEntries((await answer.rows()).map((row) => [row['supplier'], row]))
    expect(of['KAZ']).toMatchObject({ value: null, share: null, share_change: null, lead_gap: null, total: 300 })
    expect(of['CHN']).toMatchObject({ value: 300, share: 1 })
    expect(of['JPN']).toMatchObject({ value: 0, share: 0 })
    expect(await (await ask({ supplier: ['CHN+KAZ'] })).rows()).toMatchObject([{ value: null, share: null }])
    expect(await (await ask({ supplier: ['KAZ'], importer: ['FRA'] })).rows()).toMatchObject([{ value: 0 }])
  })

  test('its finding says so, with the last share, and with that of its last value', async () => {
    const answer = await ask({ supplier: ['KAZ'], period: ['2022-2023'] })
    expect(await answer.headline()).toBe(
      'What Kazakhstan supplied of what Germany bought of 850650 in 2023 is not known; in 2022 it was 20.0 %.',
    )
    await answer.tellDoubts()
    expect(answer.caveats.find((caveat) => caveat.startsWith('Doubtful'))).toMatch(
      /With its last value instead: Kazakhstan supplied 25\.0 % .* up from 20\.0 % in 2022\.$/,
    )
  })

  test('nobody supplies itself: refused alone, left out with a word beside others', async () => {
    await expect(ask({ supplier: ['DEU'] })).rejects.toThrow('Germany from Germany')
    await expect(ask({ importer: ['DEU+FRA'], supplier: ['FRA'] })).rejects.toMatchObject({ kind: 'wrong_use' })
    const answer = await ask({ importer: ['DEU', 'FRA'], supplier: ['DEU'] })
    expect((await answer.rows()).map((row) => row['importer'])).toEqual(['FRA'])
    expect(answer.caveats).toContain('Left out, for nobody imports from itself: Germany from Germany.')
    expect((await (await ask({ importer: [], supplier: ['DEU'] })).rows()).map((row) => row['importer'])).toEqual([
      'FRA',
    ])
  })

  test('of several pairs the finding gives the least and the largest', async () => {
    expect(await (await ask({ importer: ['DEU', 'FRA'], supplier: ['CHN', 'KAZ'] })).headline()).toBe(
      'China and Kazakhstan supplied from 0.0 % (Kazakhstan to France) to 100.0 % (China to Germany) of what Germany and France bought of 850650 in 2023. For 1 of 4 it is not known.',
    )
  })
})
