import { describe, expect, test } from 'vitest'
import { librariesHolding } from '../../../test/engines.ts'

const months = (year: number, count: number, value: number) =>
  Array.from({ length: count }, (_, month) => ({
    year: year * 100 + month + 1,
    importer: 'ARM',
    exporter: 'EU27',
    product: '854231',
    value,
  }))

const libraries = await librariesHolding([...months(2020, 12, 10), ...months(2021, 12, 20), ...months(2022, 11, 40)], {
  frequency: 'month',
  side: 'exporter',
  partners_complete: false,
})

describe.each(libraries)('trade on %s', (_, chokepoint) => {
  const ask = async (given: object) =>
    (await chokepoint.ask('trade', { dataset: 'flows', importer: ['Armenia'], ...given })).rows()

  test('a year of twelve months against the one before has a change, one of eleven has none', async () => {
    expect((await ask({ period: ['2020-2022'] })).map(({ value, change }) => [value, change])).toEqual([
      [120, null],
      [240, 1],
      [440, null],
    ])
  })

  test('the exports of one reporter are traded values, where a share of imports would be refused', async () => {
    expect(await ask({ period: ['2022-03'], supplier: ['EU27'] })).toMatchObject([
      { supplier: 'EU27', value: 40, change: 0 },
    ])
    await expect(
      chokepoint.ask('suppliers', { dataset: 'flows', importer: ['Armenia'], period: ['2022-03'] }),
    ).rejects.toMatchObject({ kind: 'no_data' })
  })

  test('the headline compares the first period with the last only where both are whole', async () => {
    const headline = async (period: string) =>
      (await chokepoint.ask('trade', { dataset: 'flows', importer: ['Armenia'], period: [period] })).headline()
    expect(await headline('2020-2021')).toBe(
      'Armenia bought USD 240 of 854231 from the European Union in 2021, 100.0 % more than in 2020.',
    )
    expect(await headline('2020-2022')).toBe('Armenia bought USD 440 of 854231 from the European Union in 2022.')
  })

  test('of several flows it gives the least and the largest', async () => {
    const answer = await chokepoint.ask('trade', {
      dataset: 'flows',
      importer: ['Armenia'],
      period: ['2022'],
      product: ['854231', '8542'],
    })
    expect(await answer.headline()).toBe(
      'Armenia bought from USD 440 (8542) to USD 440 (854231) of 8542 and 854231 from the European Union in 2022.',
    )
  })
})

const [halved] = await librariesHolding(
  [...months(2019, 12, 10), ...months(2021, 6, 10), ...months(2022, 12, 10), ...months(2023, 12, 10)],
  { frequency: 'month', side: 'exporter', partners_complete: false },
)

test('only a period of as many months is compared with, and a gap is said', async () => {
  const ask = async (period: string) =>
    await (halved as (typeof libraries)[number])[1].ask('trade', {
      dataset: 'flows',
      importer: ['Armenia'],
      period: [period],
    })
  const of = 'Armenia bought USD 120 of 854231 from the European Union in 2023'
  expect(await (await ask('2021-2023')).headline()).toBe(`${of}, as much as in 2022.`)
  expect(await (await ask('2023')).headline()).toBe(`${of}.`)
  expect((await ask('2021-01')).caveats).toContain(
    'The change in 2021-01 is against 2019-12: the dataset has no data in between.',
  )
  expect((await ask('2021-02')).caveats.join(' ')).not.toContain('in between')
})

/** The heaviest flows that a load takes, in kilograms. */
const heaviest = 900_000_000_000_000

const heavy = await librariesHolding([
  ...Array.from({ length: 12 }, (_, place) => ({
    product: String(850_600 + place),
    exporter: 'CHN',
    value: 100,
    mass: heaviest,
  })),
  ...['DEU', 'FRA', 'ITA', 'ESP', 'POL', 'NLD', 'BEL', 'AUT', 'SWE', 'DNK', 'FIN', 'IRL'].map((exporter) => ({
    product: '260300',
    exporter,
    value: 100,
    mass: heaviest,
  })),
])

describe.each(heavy)('masses beyond what a whole number holds on %s', (_, chokepoint) => {
  const masses = async (analysis: string, given: object) =>
    (await (await chokepoint.ask(analysis, { dataset: 'flows', importer: ['USA'], ...given })).rows()).map(
      ({ value, mass }) => [value, mass],
    )

  test('are right where one product is bought from many, in tonnes', async () => {
    expect(await masses('trade', { product: ['260300'] })).toEqual([[1200, 12 * 900_000_000_000]])
  })

  test('are unknown, as those of all goods are, where codes are cut or grouped', async () => {
    for (const given of [{ level: '4', product: ['8506'] }, { product: ['TOTAL'] }])
      expect((await masses('trade', { ...given, supplier: ['CHN'] })).map(([, mass]) => mass)).toEqual([null])
    expect(await masses('suppliers', { level: '4', product: ['8506'], min_value: 0 })).toEqual([[1200, null]])
  })
})
