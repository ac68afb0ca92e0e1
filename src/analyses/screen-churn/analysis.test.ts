import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { librariesHolding, type TestFlow } from '../../../test/engines.ts'
import type { Chokepoint } from '../../index.ts'

/** What France buys of a product in a year: so much from China, so much from each of four others. */
const bought = (year: number, product: string, china: number, others: number): TestFlow[] =>
  [china, others, others, others, others]
    .map((value, at) => ({
      year,
      importer: 'FRA',
      product,
      exporter: ['CHN', 'DEU', 'JPN', 'KOR', 'USA'][at] ?? '',
      value,
    }))
    .filter(({ value }) => value > 0)

const all = (year: number, product: string) => bought(year, product, 1000, 0)
const spread = (year: number, product: string) => bought(year, product, 200, 200)
const [a, b, c, d, e, f] = ['100001', '100002', '100003', '100004', '100005', '100006'] as const
/** The methods' example: of a to e critical in one year, a to d and f are in the next. */
const example = [
  ...[a, b, c, d, e].flatMap((product) => all(2021, product)),
  ...spread(2021, f),
  ...[a, b, c, d, f].flatMap((product) => all(2022, product)),
  ...spread(2022, e),
]
const more = [
  // At 0.4, which is not above it, and at 0.358, short of it by a tenth and more.
  ...bought(2021, '200001', 200, 200),
  ...bought(2022, '200001', 1200, 200),
  ...bought(2021, '200002', 200, 200),
  ...bought(2022, '200002', 1000, 200),
  // Not bought any more, and bought for the first time.
  ...all(2021, '300001'),
  ...all(2022, '300002'),
  // Unknown partners sell so much in 2022 that no verdict is certain.
  ...all(2021, '400001'),
  ...bought(2022, '400001', 400, 100),
  { year: 2022, importer: 'FRA', product: '400001', exporter: 'X-NES', value: 500 },
  // Chapter 99 is never a product.
  ...all(2021, '999999'),
  ...all(2022, '999999'),
]

const own = `name: half
short: HLF
title: Half
source: a test
criteria:
  - { measure: import_hhi, operator: ">", threshold: 2/5 }
`

const libraries = await librariesHolding([...example, ...more])
const asking =
  (chokepoint: Chokepoint) =>
  (given: object = {}) => {
    mkdirSync(join(chokepoint.home, 'methods'), { recursive: true })
    writeFileSync(join(chokepoint.home, 'methods', 'half.yaml'), own)
    const question = { dataset: 'flows', importer: ['FRA'], period: ['2021', '2022'], method: ['half'], min_value: 0 }
    return chokepoint.ask('screen-churn', { ...question, ...given })
  }

describe.each(libraries)('screen-churn on %s', (_, chokepoint) => {
  const ask = asking(chokepoint)

  test('products enter and leave the list, stay, are near, or left open; chapter 99 is no product', async () => {
    const rows = await (await ask({ keep: 'all' })).rows()
    expect(Object.fromEntries(rows.map((row) => [row.product, row.change]))).toEqual({
      100001: 'stayed',
      100002: 'stayed',
      100003: 'stayed',
      100004: 'stayed',
      100005: 'left',
      100006: 'entered',
      200001: 'near',
      200002: 'none',
      300001: 'left',
      300002: 'entered',
      400001: 'open',
      999999: null,
    })
  })

  test('a summary counts them, and the churn of what is left open is an interval', async () => {
    const [row] = await (await ask({ aggregate: true })).rows()
    expect(row).toMatchObject({ critical_before: 7, critical: 6, entered: 2, left: 2, stayed: 4, near: 1, open: 1 })
    expect(row).toMatchObject({ churn_low: 2 / 7, churn_high: 3 / 7 })
  })
})

describe('screen-churn', () => {
  const ask = asking(libraries[0]?.[1] as Chokepoint)

  test('the methods’ example: one of five left, a churn of 0.2, and one entered', async () => {
    const answer = await ask({ product: [a, b, c, d, e, f], aggregate: true })
    expect(await answer.rows()).toMatchObject([
      {
        period_before: 202100,
        period: 202200,
        critical_before: 5,
        critical: 5,
        entered: 1,
        left: 1,
        stayed: 4,
        near: 0,
      },
    ])
    expect((await answer.rows())[0]?.churn_low).toBe(0.2)
    expect(await answer.headline()).toBe(
      'Between 2021 and 2022, of France’s critical products by half, 1 of 5 left (20.0 %), and 1 entered: 5 are critical now.',
    )
  })

  test('near is short of the threshold by no more than the margin, and says by how much', async () => {
    const [row] = await (await ask({ product: ['200001'] })).rows()
    // 1200 of 2000 from China and 200 from each of four: 0.36 + 4 × 0.01 = 0.4, and not above it.
    expect(row).toMatchObject({ nearest: 'import_hhi', before: 'no', after: 'no', change: 'near' })
    expect(row?.distance).toBeCloseTo(0, 12)
    const [other] = await (await ask({ product: ['200002'], margin: 0.2 })).rows()
    expect(other).toMatchObject({ change: 'near', distance: expect.closeTo((29 / 81 - 0.4) / 0.4, 12) })
  })

  test('what is bought no more leaves, what is bought for the first time enters, and both say that it was not judged', async () => {
    const rows = await (await ask({ product: ['300001', '300002'] })).rows()
    expect(rows).toMatchObject([
      { product: '300001', change: 'left', before: 'yes', after: 'not judged', imports: null },
      { product: '300002', change: 'entered', before: 'not judged', after: 'yes', imports_before: null },
    ])
  })

  test('a method that a period cannot carry has no counts', async () => {
    const [row] = await (await ask({ method: ['geodep'], aggregate: true })).rows()
    expect(row).toMatchObject({ critical_before: null, critical: null, entered: null, churn_low: null })
  })

  test('what entered and stayed is critical now, and what left and stayed was before, by every method', async () => {
    const rows = (await (await ask({ method: [], aggregate: true })).rows()).filter((row) => row.critical !== null)
    expect(rows.length).toBeGreaterThan(3)
    for (const row of rows) {
      expect(Number(row.left) + Number(row.stayed)).toBeLessThanOrEqual(Number(row.critical_before))
      expect(Number(row.entered) + Number(row.stayed)).toBeLessThanOrEqual(Number(row.critical))
    }
  })

  test('one period is refused with those there are', async () => {
    await expect(ask({ period: ['2022'] })).rejects.toThrow('--period 2021,2022')
  })
})
