import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Row } from '../src/analyses/analysis.ts'
import type { Chokepoint } from '../src/index.ts'
import { librariesHolding } from './engines.ts'

// A seeded world of purchases: each is one product, so that one question measures them all.
const codes = ['CHN', 'FRA', 'DEU', 'JPN', 'BRA', 'IND', 'VNM', 'KOR']
const purchase = fc.record({
  values: fc.uniqueArray(
    fc.record({ exporter: fc.constantFrom(...codes), value: fc.integer({ min: 1, max: 2_000_000_000 }) }),
    { selector: (one) => one.exporter, minLength: 1, maxLength: codes.length },
  ),
  unknown: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000_000_000 })),
  scale: fc.integer({ min: 2, max: 1000 }),
})
const purchases = fc.sample(purchase, { numRuns: 150, seed: 20221 })

const product = (block: number, at: number) => String(block * 1000 + at).padStart(6, '0')
const flows = purchases.flatMap(({ values, unknown, scale }, at) => [
  ...values.map(({ exporter, value }) => ({ product: product(100, at), exporter, value })),
  ...(unknown > 0 ? [{ product: product(100, at), exporter: 'X-NES', value: unknown }] : []),
  // The same from other sellers in another order, and the same at another scale.
  ...[...values]
    .reverse()
    .map(({ value }, place) => ({ product: product(200, at), exporter: codes[place] as string, value })),
  ...(unknown > 0 ? [{ product: product(200, at), exporter: 'X-NES', value: unknown }] : []),
  ...values.map(({ exporter, value }) => ({ product: product(300, at), exporter, value: value * scale })),
  ...(unknown > 0 ? [{ product: product(300, at), exporter: 'X-NES', value: unknown * scale }] : []),
  // The known part alone, and the first two sellers as one.
  ...values.map(({ exporter, value }) => ({ product: product(400, at), exporter, value })),
  ...(values.length > 1
    ? [
        {
          product: product(500, at),
          exporter: values[0]?.exporter as string,
          value: (values[0]?.value ?? 0) + (values[1]?.value ?? 0),
        },
        ...values.slice(2).map(({ exporter, value }) => ({ product: product(500, at), exporter, value })),
      ]
    : values.map(({ exporter, value }) => ({ product: product(500, at), exporter, value }))),
])

const libraries = await librariesHolding(flows)

describe.each(libraries)('properties on %s', async (_, chokepoint) => {
  const rows = await (await chokepoint.ask('concentration', { dataset: 'flows', min_value: 0 })).rows()
  const of = new Map(rows.map((row) => [row.product, row]))
  const at = (block: number, number: number) => of.get(product(block, number)) as (typeof rows)[number]
  const each = (check: (number: number) => void) => {
    for (const number of purchases.keys()) check(number)
  }

  test('the index does not depend on who sells, nor in which order, nor on the currency unit', () => {
    each((number) => {
      expect(at(200, number).hhi).toBe(at(100, number).hhi)
      expect(at(300, number).hhi).toBeCloseTo(at(100, number).hhi, 12)
      expect(at(300, number).gini ?? 0).toBeCloseTo(at(100, number).gini ?? 0, 9)
    })
  })

  test('s1² ≤ index ≤ s1 and 1/n ≤ index where all suppliers are known', () => {
    each((number) => {
      const row = at(400, number)
      const first = row.cr1 as number
      expect(row.hhi).toBeGreaterThanOrEqual(first * first - 1e-12)
      expect(row.hhi).toBeLessThanOrEqual(first + 1e-12)
      expect(row.hhi).toBeGreaterThanOrEqual(1 / (row.suppliers as number) - 1e-12)
    })
  })

  test('low ≤ index ≤ high, and the index without the unknown part lies between as well', () => {
    each((number) => {
      const row = at(100, number)
      expect(row.hhi_low).toBeLessThanOrEqual(row.hhi + 1e-12)
      expect(row.hhi).toBeLessThanOrEqual(row.hhi_high + 1e-12)
      expect(at(400, number).hhi).toBeGreaterThanOrEqual(row.hhi_low - 1e-12)
      expect(at(400, number).hhi).toBeLessThanOrEqual(row.hhi_high + 1e-12)
    })
  })

  test('merging two suppliers never lowers the index', () => {
    each((number) => expect(at(500, number).hhi).toBeGreaterThanOrEqual(at(400, number).hhi - 1e-12))
  })

  test('the index of a merged product is at most the weighted mean of its parts', async () => {
    const [merged] = await (
      await chokepoint.ask('concentration', { dataset: 'flows', min_value: 0, level: '0' })
    ).rows()
    const [mean] = await (
      await chokepoint.ask('concentration', { dataset: 'flows', min_value: 0, aggregate: true })
    ).rows()
    expect(merged?.hhi_low as number).toBeLessThanOrEqual((mean?.hhi as number) + 1e-9)
  })

  test('shares of a product add to one, unknown partners among them', async () => {
    const shares = new Map<string, number>()
    for (const row of await (await chokepoint.ask('suppliers', { dataset: 'flows', min_value: 0 })).rows())
      shares.set(row.product, (shares.get(row.product) ?? 0) + row.share)
    for (const sum of shares.values()) expect(sum).toBeCloseTo(1, 9)
  })

  test('a verdict is yes or no only where both bounds agree', () => {
    for (const row of rows) {
      if (row.verdict === 'yes') expect(row.hhi_low).toBeGreaterThan(0.4 - 1e-12)
      if (row.verdict === 'no') expect(row.hhi_high).toBeLessThanOrEqual(0.4 + 1e-12)
      if (row.verdict === 'undetermined') expect(row.hhi_low <= 0.4 && row.hhi_high > 0.4).toBe(true)
    }
  })
})

// Seeded worlds of reconciled trade: each is one product that these six sell to each other, three of them one bloc.
const traders = ['DEU', 'FRA', 'ITA', 'CHN', 'JPN', 'USA'] as const
const union: readonly string[] = traders.slice(0, 3)
const pairs = traders.flatMap((importer) =>
  traders.filter((exporter) => exporter !== importer).map((exporter) => ({ importer, exporter })),
)
const worlds = fc.sample(
  fc.array(fc.tuple(fc.constantFrom(...pairs), fc.integer({ min: 1, max: 2_000_000_000 })), {
    minLength: 1,
    maxLength: pairs.length,
  }),
  { numRuns: 150, seed: 20222 },
)
const world = worlds.map((sales) => [...new Map(sales).entries()])
const trades = world.flatMap((sales, at) =>
  sales.map(([pair, value]) => ({
    product: product(100, at),
    ...pair,
    value,
    // Of one seller some masses are not known.
    ...(pair.exporter === 'CHN' && at % 7 === 0 ? {} : { mass: (value % 1000) + 1 }),
  })),
)

describe.each(await librariesHolding(trades))('reconciled trade on %s', async (_, chokepoint) => {
  const ask = async (given: { importer?: string[]; supplier: string[] }) =>
    (await chokepoint.ask('dependence', { dataset: 'flows', min_value: 0, ...given })).rows()
  type Rows = Awaited<ReturnType<typeof ask>>
  const key = (row: Rows[number], who: string) => `${row.product} ${who}`
  /** What an importer buys in all, by product; the supplier asked for does not matter. */
  const purchases = (rows: Rows) => new Map(rows.map((row) => [key(row, row.importer), row.total]))
  /** What a supplier sells in all, by product: the share of it that goes to an importer, with that importer's purchase. */
  const sales = (rows: Rows) =>
    new Map(
      rows
        .filter((row) => Number(row.value) > 0)
        .map((row) => [key(row, row.supplier), Math.round(Number(row.value) / (row.reverse_share as number))]),
    )
  const sums = (amounts: ReadonlyMap<string, number>) => {
    const by = new Map<string, number>()
    for (const [place, amount] of amounts) {
      const of = place.slice(0, 6)
      by.set(of, (by.get(of) ?? 0) + amount)
    }
    return by
  }

  test('of every product, what importers buy adds up to what exporters sell', async () => {
    const rows = await ask({ supplier: [...traders] })
    const bought = sums(purchases(rows))
    expect(bought).toEqual(sums(sales(rows)))
    const shown = await (await chokepoint.ask('suppliers', { dataset: 'flows', min_value: 0 })).rows()
    expect(bought).toEqual(
      sums(new Map(shown.map((row) => [`${row.product} ${row.importer} ${row.supplier}`, row.value]))),
    )
    const measured = await (await chokepoint.ask('concentration', { dataset: 'flows', min_value: 0 })).rows()
    expect(bought).toEqual(sums(new Map(measured.map((row) => [`${row.product} ${row.importer}`, row.value]))))
    expect(bought.size).toBe(worlds.length)
  })

  test('all goods together are the sum of all products', async () => {
    for (const economies of [
      { importer: ['USA'] },
      { importer: ['EU27'], supplier: ['CHN+JPN', 'USA'] },
      { importer: ['EU27:members', 'JPN'], supplier: ['CHN', 'EU27'] },
      { supplier: ['DEU', 'CHN'] },
    ]) {
      const rows = async (name: string, goods: object) =>
        (await chokepoint.ask(name, { dataset: 'flows', min_value: 0, level: '0', ...economies, ...goods })).rows()
      for (const name of ['suppliers', 'concentration', ...('supplier' in economies ? ['dependence'] : [])]) {
        const whole = await rows(name, {})
        expect(whole.length).toBeGreaterThan(0)
        expect(await rows(name, { product: ['TOTAL'] })).toEqual(whole)
      }
    }
    const masses = await (await chokepoint.ask('suppliers', { dataset: 'flows', level: '0' })).rows()
    expect(new Set(masses.map((row) => row.mass === null))).toEqual(new Set([true, false]))
  })

  test('what is stored of purchases, and of what the world sells, is what flows add up to', async () => {
    const named = { supplier: ['CHN'], coalition: ['CHN', 'JPN'], keep: 'all' }
    for (const [name, given, otherwise] of [
      // Beside a bloc all purchases are summed anew, and beside one that sells as one, though it sells nothing, all exports.
      ['concentration', {}, { importer: ['USA', 'EU27'] }],
      ['screen', {}, { importer: ['USA', 'EU27'] }],
      ['screen', named, { merge: ['NOR+CHE'] }],
    ] as const) {
      const asked = { dataset: 'flows', min_value: 1000, importer: ['USA'], ...given }
      const of = async (more: object) =>
        (await (await chokepoint.ask(name, { ...asked, ...more })).rows()).filter((row) => row['importer'] === 'USA')
      const stored = await of({})
      expect(stored.length).toBeGreaterThan(worlds.length / 2)
      expect(await of(otherwise)).toEqual(stored)
    }
  })

  test('trade inside a bloc is the same from the side of its buyers and of its sellers', async () => {
    const memberPurchases = sums(purchases(await ask({ importer: ['EU27:members'], supplier: ['CHN'] })))
    const blocPurchases = sums(purchases(await ask({ importer: ['EU27'], supplier: ['CHN'] })))
    const memberSales = sums(sales(await ask({ supplier: ['EU27:members'] })))
    const outside = (await ask({ supplier: ['EU27'] })).filter((row) => !union.includes(row.importer))
    const blocSales = sums(sales(outside))
    let inside = 0
    for (const [at, sold] of world.entries()) {
      const of = product(100, at)
      const expected = sold
        .filter(([{ importer, exporter }]) => union.includes(importer) && union.includes(exporter))
        .reduce((sum, [, value]) => sum + value, 0)
      expect((memberPurchases.get(of) ?? 0) - (blocPurchases.get(of) ?? 0), of).toBe(expected)
      expect((memberSales.get(of) ?? 0) - (blocSales.get(of) ?? 0), of).toBe(expected)
      if (expected > 0) inside += 1
    }
    expect(inside).toBeGreaterThan(worlds.length / 2)
  })
})

// Four years of the same, each product another world every year.
const span = [2019, 2020, 2021, 2022]
const years = world.slice(0, 40).flatMap((_, at) =>
  span.flatMap((year, later) =>
    (world[(at + 37 * later) % world.length] ?? []).map(([pair, value]) => ({
      year,
      product: product(100, at),
      ...pair,
      value,
    })),
  ),
)

describe('four years of reconciled trade', async () => {
  const [[, duckdb], second] = (await librariesHolding(years)) as [[string, Chokepoint], [string, Chokepoint]?]
  // No shipped method asks over a window what the supplier sells to the world.
  mkdirSync(join(duckdb.home, 'methods'), { recursive: true })
  writeFileSync(
    join(duckdb.home, 'methods', 'own.yaml'),
    'name: own\nshort: OWN\ntitle: Own\nsource: own\nneeds: [exports]\nwindow: { rule: sum, years: 4 }\ncriteria:\n  - { measure: supplier_world_share, operator: ">", threshold: 1/5 }\n  - { measure: supplier_to_others, operator: ">", threshold: 1/20 }\n',
  )
  const named = { supplier: ['CHN'], coalition: ['CHN', 'JPN'] }
  const screened = async (chokepoint: Chokepoint, given: object) => {
    const asked = { dataset: 'flows', min_value: 1000, period: ['2022'], keep: 'all', importer: ['USA'], ...given }
    return (await (await chokepoint.ask('screen', asked)).rows()).filter((row) => row['importer'] === 'USA')
  }

  test.each([
    ['the leading supplier, what the world sells over the window too', {}],
    ['a supplier and a coalition that are named', named],
    ['verdicts alone, for which nothing of the world is summed over a window', { ...named, detail: 'verdicts' }],
    ['verdicts alone of the leading supplier', { detail: 'verdicts' }],
    ['purchases of enough in the period judged', { min_value: 900_000_000, keep: 'critical' }],
    ['a window in whose middle the period is', { period: ['2021'], alignment: 'centred', years: 3 }],
  ])('sums over windows beside stored sums of periods are what flows add up to: %s', async (_, given) => {
    const stored = await screened(duckdb, given)
    for (const method of ['ec-enhanced-like', 'own'])
      expect(new Set(stored.filter((row) => row['method'] === method).map((row) => row['verdict']))).toContain('yes')
    // Beside a bloc all purchases are summed anew, and beside one that sells as one, though it sells nothing, all exports.
    for (const otherwise of [{ importer: ['USA', 'EU27'] }, { merge: ['NOR+CHE'] }])
      expect(await screened(duckdb, { ...given, ...otherwise })).toEqual(stored)
  })

  test.runIf(second).each([{}, { ...named, detail: 'verdicts' }])(
    'ClickHouse gives the same rows: %j',
    async (given) => {
      same(await screened((second as [string, Chokepoint])[1], given), await screened(duckdb, given))
    },
  )
})

/** Both engines' rows: all the same, but for the last digits of fractions. */
function same(other: readonly Row[], rows: readonly Row[]) {
  expect(other.length).toBe(rows.length)
  for (const [place, row] of rows.entries()) {
    for (const [column, value] of Object.entries(row)) {
      const beside = other[place]?.[column]
      if (typeof value === 'number' && !Number.isInteger(value))
        expect(Math.abs((beside as number) - value)).toBeLessThanOrEqual(1e-9 * Math.max(1e-3, Math.abs(value)))
      else expect(beside).toEqual(value)
    }
  }
}

test('both engines give the same rows', async () => {
  const [first, second] = libraries
  if (!second) return
  for (const [name, given] of [
    ['suppliers', {}],
    ['concentration', {}],
    ['concentration', { aggregate: true }],
    ['dependence', { supplier: ['CHN', 'EU27'] }],
  ] as const) {
    const ask = async (library: (typeof first & object)[1]) =>
      (await library.ask(name as string, { dataset: 'flows', min_value: 0, ...given })).rows()
    same(await ask(second[1]), await ask((first as NonNullable<typeof first>)[1]))
  }
})
