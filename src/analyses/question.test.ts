import { describe, expect, test } from 'vitest'
import { bothSides, librariesHolding } from '../../test/engines.ts'
import { economiesIn } from '../reference/economies.ts'

const members = economiesIn('EU27', 2022, '')
const importers = await librariesHolding(
  members.map((importer) => ({ side: 'importer' as const, importer, exporter: 'CHN', value: 10 })),
  bothSides,
)

describe.each(importers)('a bloc of reporters on %s', (_, chokepoint) => {
  test('buys as one where its members report, though it has no report of its own', async () => {
    const answer = await chokepoint.ask('suppliers', {
      dataset: 'flows',
      side: 'importer',
      importer: ['EU27'],
      min_value: 0,
    })
    expect(await answer.rows()).toMatchObject([{ importer: 'EU27', supplier: 'CHN', value: 270, share: 1 }])
    expect(answer.caveats.join(' ')).not.toContain('summed without')
  })

  test('lacks only those who do not report', async () => {
    const ask = chokepoint.ask('suppliers', { dataset: 'flows', side: 'importer', importer: ['EU27', 'G7'] })
    await expect(ask).rejects.toThrow(/no import report of (?!.*European Union)/)
  })
})

const sold = (year: number, exporter: string) => ({ year, importer: 'KAZ', exporter, value: 10 })
const exporters = await librariesHolding(
  members.flatMap((exporter) => [
    ...(exporter === 'MLT' ? [] : [sold(2021, exporter)]),
    ...(exporter === 'MLT' || exporter === 'NLD' ? [] : [sold(2022, exporter)]),
  ]),
  { side: 'exporter', partners_complete: false, products_complete: false },
)

describe.each(exporters)('a bloc of exporters on %s', (_, chokepoint) => {
  const caveats = async (given: object) =>
    (await chokepoint.ask('trade', { dataset: 'flows', importer: ['KAZ'], ...given })).caveats

  test('says whose reports it is summed without, and when', async () => {
    expect(await caveats({ supplier: ['EU27'], period: ['2021-2022'] })).toEqual(
      expect.arrayContaining([
        'EU27 is summed without Malta in 2021 to 2022: the dataset has no report of it.',
        'EU27 is summed without the Netherlands in 2022: the dataset has no report of it.',
      ]),
    )
    expect((await caveats({ supplier: ['EU27'], period: ['2021'] })).join(' ')).not.toContain('Netherlands')
    expect((await caveats({ period: ['2021-2022'] })).join(' ')).not.toContain('summed without')
  })

  test('an importer of whom it has nothing is named', async () => {
    expect(await caveats({ importer: ['Armenia', 'KAZ'] })).toContain('flows has nothing that Armenia bought.')
    expect((await caveats({})).join(' ')).not.toContain('has nothing')
  })

  test('a heading of a dataset that need not have all of it is said to be what is there', async () => {
    expect((await caveats({ product: ['8506'] })).join(' ')).toContain(
      '8506 is the sum of the one product that this dataset has of it',
    )
    expect((await caveats({ level: '4' })).join(' ')).toContain('Goods by 4 digits are the sums of the products')
    expect((await caveats({ product: ['850650'] })).join(' ')).not.toContain('need not be all')
  })
})
