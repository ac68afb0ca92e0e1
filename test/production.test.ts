import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Chokepoint } from '../src/index.ts'
import { groupMembers } from '../src/reference/economy-groups.ts'
import { librariesHolding } from './engines.ts'

const libraries = await librariesHolding([
  // Germany and France buy from China; Germany makes and sells as well. Masses in kilogrammes.
  { importer: 'DEU', exporter: 'CHN', value: 600, mass: 60 },
  { importer: 'DEU', exporter: 'JPN', value: 100, mass: 10 },
  { importer: 'FRA', exporter: 'CHN', value: 300, mass: 30 },
  { importer: 'FRA', exporter: 'DEU', value: 80, mass: 8 },
  { importer: 'USA', exporter: 'DEU', value: 200, mass: 20 },
  { importer: 'USA', exporter: 'JPN', value: 500, mass: 50 },
  { importer: 'JPN', exporter: 'CHN', value: 400, mass: 40 },
  { importer: 'DEU', product: '811292', exporter: 'CHN', value: 50, mass: 5 },
  { importer: 'DEU', product: '280530', exporter: 'CHN', value: 70, mass: 7 },
  // As heavy as a load takes: together beyond what a whole number of 64 bits holds in grams.
  ...['CHN', 'JPN', 'KOR', 'IND', 'USA', 'BRA', 'CAN', 'MEX', 'AUS', 'ZAF', 'CHL'].map((exporter) => ({
    importer: 'DEU',
    product: '260300',
    exporter,
    value: 100,
    mass: 900_000_000_000_000,
  })),
])
const first = (libraries[0] as [string, Chokepoint])[1]

const mapping = (more: string) => `title: Output of industry
publisher: Statistical office
kind: production
frequency: year
currency: USD
codes: iso3
edition: HS2017
columns: {economy: country, product: hs, period: year, value: value, mass: tonnes, source: from}
mass_unit: kg
${more}`

async function load(name: string, rows: readonly string[], text = mapping('')) {
  const [table, description] = [join(first.home, `${name}.csv`), join(first.home, `${name}.yaml`)]
  await writeFile(table, `country,hs,year,value,tonnes,from\n${rows.join('\n')}\n`)
  await writeFile(description, text)
  return first.load([table], { as: name, mapping: description })
}

beforeAll(async () => {
  await load('made', [
    'DEU,850650,2022,900,90,survey',
    'JPN,850650,2022,2000,,survey',
    'FRA,850650,2022,10,1,survey',
    // Of the others only a weight is known.
    'DEU,811292,2022,,15,mine report',
    'DEU,850650,soon,5,5,survey',
  ])
  await load(
    'heavy',
    groupMembers('EU27', 2022).map((member) => `${member},260300,2022,,900000000000000,mine report`),
  )
})

test('production is a dataset of its own kind, every row accounted for', async () => {
  const manifest = await first.dataset('made')
  expect(manifest).toMatchObject({
    kind: 'production',
    currency: 'USD',
    editions: ['HS2017'],
    economies: ['DEU', 'FRA', 'JPN'],
    periods: [202200],
    account: { rows: { in: 5, kept: 4, aside: 0, rejected: 1 }, value: { in: '2915', kept: '2910', rejected: '5' } },
  })
  expect(await first.rejects('made')).toMatchObject([{ line: 6, reason: 'the period is not a year or a month' }])
  expect(await first.verify('made')).toHaveLength(3)
  expect((await first.verify('made')).every((file) => file.sound)).toBe(true)
})

test('the same rows make the same version, whatever their order', async () => {
  const one = await load('order-a', ['DEU,850650,2022,1,1,x', 'FRA,850650,2022,2,2,x'])
  const two = await load('order-b', ['FRA,850650,2022,2,2,x', 'DEU,850650,2022,1,1,x'])
  expect(two.version).toBe(one.version)
})

test('codes that no table knows, rows that contradict each other and rows without any figure are told', async () => {
  await expect(load('unknown', ['QQQ,850650,2022,1,1,x'])).rejects.toMatchObject({ code: 'load/unmapped' })
  await expect(load('twice', ['DEU,850650,2022,1,1,x', 'DEU,850650,2022,2,1,y'])).rejects.toMatchObject({
    code: 'load/conflict',
  })
  await expect(load('empty', ['DEU,850650,2022,,,x'])).rejects.toThrow('no value')
  await expect(load('nothing', [], mapping('').replace('economy: country, ', ''))).rejects.toThrow('columns.economy')
})

test('it is not taken for flows', async () => {
  await expect(first.ask('suppliers', { dataset: 'made' })).rejects.toMatchObject({ code: 'dataset/kind' })
  await expect(first.ask('substitutes', { dataset: 'flows', production: 'flows' })).rejects.toThrow(
    'it holds trade flows, where production is read',
  )
})

describe.each(libraries)('apparent consumption on %s', (_, chokepoint) => {
  const ask = async (given: object) =>
    (
      await chokepoint.ask('substitutes', {
        dataset: 'flows',
        importer: ['DEU'],
        supplier: ['CHN'],
        production: 'made',
        min_value: 0,
        min_share: 0,
        price: 'any',
        ...given,
      })
    ).rows()

  test('imports by what is used: 700 bought, 900 made and 280 sold are a reliance of 0.530', async () => {
    const [row] = await ask({ product: ['850650'] })
    expect(row).toMatchObject({ production: 900, apparent_consumption: 700 + 900 - 280, reliance_basis: 'value' })
    expect(row?.import_reliance).toBeCloseTo(700 / 1320, 12)
  })

  test('where only a weight is known, the reliance is that of weights', async () => {
    const [row] = await ask({ product: ['811292'] })
    expect(row).toMatchObject({
      production: null,
      production_mass: 0.015,
      apparent_consumption: null,
      reliance_basis: 'mass',
      import_reliance: 0.25,
    })
  })

  test('what is in no row is unknown, never zero', async () => {
    expect((await ask({ product: ['280530'] }))[0]).toMatchObject({
      production: null,
      production_mass: null,
      import_reliance: null,
      reliance_basis: null,
    })
  })

  test('an alternative that makes what it sells depends less on the lost supplier than its trade shows', async () => {
    const reliance = async (production: string) =>
      (
        await (
          await chokepoint.ask('substitutes-suppliers', {
            dataset: 'flows',
            importer: ['DEU'],
            supplier: ['CHN'],
            product: ['850650'],
            production,
            min_value: 0,
          })
        ).rows()
      ).find((row) => row.supplier === 'JPN')?.reliance
    expect(await reliance('')).toBeCloseTo(400 / 600, 12)
    expect(await reliance('made')).toBeCloseTo(400 / 2400, 12)
  })

  test('of a bloc it is known only where it is known of every member', async () => {
    expect((await ask({ importer: ['DEU+FRA'], product: ['850650'] }))[0]).toMatchObject({
      production: 910,
      apparent_consumption: 1000 + 910 - 200,
    })
    expect((await ask({ importer: ['EU27'], product: ['850650'] }))[0]).toMatchObject({ production: null })
  })

  test('masses beyond a whole number of 64 bits are summed as they are, and a bloc’s production is then unknown', async () => {
    const given = { product: ['260300'], production: 'heavy' }
    const [alone] = await ask(given)
    expect(alone).toMatchObject({ production_mass: 900_000_000_000, reliance_basis: 'mass' })
    expect(alone?.import_reliance).toBeCloseTo(11 / 12, 12)
    expect((await ask({ ...given, importer: ['EU27'] }))[0]).toMatchObject({
      production_mass: null,
      reliance_basis: null,
    })
  })

  test('the answer cites it; without it production is said to be unknown', async () => {
    const given = { dataset: 'flows', importer: ['DEU'], supplier: ['CHN'], min_value: 0 }
    const answer = await chokepoint.ask('substitutes', { ...given, production: 'made', price: 'any' })
    expect(answer.datasets.map((one) => one.name)).toEqual(['flows', 'made'])
    expect(answer.parameters['production']).toMatch(/^made@[0-9a-f]{12}$/)
    expect(answer.caveats.join('\n')).toContain('where it has none, production is unknown, not zero')
    const without = await chokepoint.ask('substitutes', { ...given, production: '', price: 'any' })
    expect(without.caveats.join('\n')).toContain('Production unknown')
    expect((await without.rows()).every((row) => row.production === null)).toBe(true)
  })
})

test('values in another currency are not used, codes of another nomenclature are refused', async () => {
  await load('euros', ['DEU,850650,2022,900,90,survey'], mapping('').replace('currency: USD', 'currency: EUR'))
  await load('newer', ['DEU,850650,2022,900,90,survey'], mapping('').replace('HS2017', 'HS2022'))
  const ask = (production: string) =>
    first.ask('substitutes', {
      dataset: 'flows',
      importer: ['DEU'],
      supplier: ['CHN'],
      product: ['850650'],
      production,
      min_value: 0,
      price: 'any',
    })
  const answer = await ask('euros')
  expect(answer.caveats.join('\n')).toContain('only its masses are used')
  expect((await answer.rows())[0]).toMatchObject({ production: null, reliance_basis: 'mass' })
  await expect(ask('newer')).rejects.toMatchObject({ code: 'production/edition' })
})
