import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { librariesHolding, type TestFlow } from '../../test/engines.ts'
import { table } from '../reference/table.ts'

type Library = Awaited<ReturnType<typeof librariesHolding>>[number]

/** Flows whose year is an edition of the HS, with a user's links where given. */
async function holding(flows: readonly TestFlow[], links: readonly string[] = [], mapping = {}): Promise<Library[]> {
  const libraries = await librariesHolding(flows, { edition: 'HS{year}', ...mapping })
  if (links.length > 0) {
    const folder = join(libraries[0]?.[1].home as string, 'correlations')
    mkdirSync(folder)
    writeFileSync(join(folder, 'own.csv'), `from_edition,to_edition,from,to\n${links.join('\n')}\n`)
  }
  return libraries
}
const flow = (year: number, product: string, exporter: string, value: number) => ({
  year,
  importer: 'DEU',
  product,
  exporter,
  value,
})
const rounded = (cell: unknown) => (typeof cell === 'number' ? Number(cell.toFixed(9)) : cell)
const sum = (rows: readonly { value: number }[]) => rows.reduce((total, row) => total + row.value, 0)

const merged = await holding(
  [
    flow(2017, '100001', 'CHN', 100),
    flow(2017, '100002', 'USA', 100),
    flow(2022, '100003', 'CHN', 100),
    flow(2022, '100003', 'USA', 100),
  ],
  ['HS2017,HS2022,100001,100003', 'HS2017,HS2022,100002,100003'],
)
const split = await holding(
  [
    flow(2017, '200000', 'CHN', 100),
    flow(2017, '200000', 'USA', 100),
    flow(2022, '200001', 'CHN', 80),
    flow(2022, '200001', 'USA', 10),
    flow(2022, '200002', 'CHN', 20),
    flow(2022, '200002', 'USA', 90),
  ],
  ['HS2017,HS2022,200000,200001', 'HS2017,HS2022,200000,200002'],
)

describe.each(merged)('a merger on %s', (_, chokepoint) => {
  const ask = async (period: string[]) =>
    (await (await chokepoint.ask('concentration', { dataset: 'flows', min_value: 0, period })).rows()).map((row) => [
      row.period,
      row.product,
      row.hhi,
    ])

  test('G1: two codes of index 1 are one family of index 0.5, before the merger as after', async () => {
    expect(await ask(['2017'])).toEqual([
      [201700, '100001', 1],
      [201700, '100002', 1],
    ])
    expect(await ask(['2017', '2022'])).toEqual([
      [201700, '100003~3', 0.5],
      [202200, '100003~3', 0.5],
    ])
  })

  test('what the merged code was is told, and whose links are used', async () => {
    const answer = await chokepoint.ask('concentration', {
      dataset: 'flows',
      product: ['100003'],
      period: ['2017', '2022'],
    })
    const told = answer.caveats.join('\n')
    expect(told).toContain('1 family, 1 of several codes')
    expect(told).toContain('100003~3 is 100001, 100002 in HS2017 and 100003 in HS2022')
    expect(told).toContain('own.csv')
    expect(answer.parameters['product']).toEqual(['100003~3'])
  })

  test('a share is compared with the sum of what its code was, without a change to the row itself', async () => {
    const answer = await chokepoint.ask('dependence', {
      dataset: 'flows',
      supplier: ['CHN'],
      min_value: 0,
      period: ['2022'],
    })
    expect(await answer.rows()).toMatchObject([{ product: '100003', value: 100, share: 0.5, share_change: 0 }])
    expect(answer.caveats.join('\n')).toContain('1 of 1 product.')
  })
})

describe.each(split)('a split on %s', (_, chokepoint) => {
  const ask = async (period: string[]) =>
    (await chokepoint.ask('concentration', { dataset: 'flows', min_value: 0, period })).rows()

  test('G2: the true indices of the parts, 0.80 and 0.70, and 0.5 of the family: no weights are used', async () => {
    const [first, second] = await ask(['2022'])
    expect(first?.hhi).toBeCloseTo(0.8024691358024691, 12)
    expect(second?.hhi).toBeCloseTo(0.7024793388429753, 12)
    expect((await ask(['2017', '2022'])).map((row) => [row.product, row.value, row.hhi])).toEqual([
      ['200001~3', 200, 0.5],
      ['200001~3', 200, 0.5],
    ])
  })

  test('a part has nothing to be compared with, the family has', async () => {
    const dependence = async (given: object) => {
      const answer = await chokepoint.ask('dependence', { dataset: 'flows', supplier: ['CHN'], min_value: 0, ...given })
      return { rows: await answer.rows(), told: answer.caveats.join('\n') }
    }
    const parts = await dependence({ period: ['2022'] })
    expect(parts.rows.map((row) => [row.product, row.share_change])).toEqual([
      ['200001', null],
      ['200002', null],
    ])
    expect(parts.told).toContain('The first period is not compared')
    const whole = await dependence({ period: ['2017', '2022'], product: ['200002'] })
    expect(whole.rows.map((row) => [row.period, row.product, row.share_change])).toEqual([
      [201700, '200001~3', null],
      [202200, '200001~3', 0],
    ])
  })

  test('beside its heading a product is a family of its own, and the heading is told to be rough', async () => {
    const answer = await chokepoint.ask('suppliers', {
      dataset: 'flows',
      product: ['2000', '200001', '200001'],
      period: ['2017', '2022'],
      min_value: 0,
    })
    const rows = await answer.rows()
    expect(sum(rows.filter((row) => row.product === '2000'))).toBe(400)
    expect(sum(rows.filter((row) => row.product === '200001~3'))).toBe(400)
    expect(answer.caveats.join('\n')).toContain('headings of four digits')
  })
})

// Every code of HS2012 and of HS2017 that the links know is bought for a value of its own.
const sides = ['from', 'to'] as const
const coded = sides.map((side, at) => {
  const links = table('hs-families.csv').filter(
    (row) => (row['first'] ?? '') <= 'HS2012' && (row['last'] ?? '') >= 'HS2017',
  )
  return { year: [2012, 2017][at] as number, codes: [...new Set(links.map((row) => row[side] as string))].sort() }
})
const conserved = await holding(
  coded.flatMap(({ year, codes }) =>
    codes.flatMap((product, at) => [
      flow(year, product, 'CHN', 1000 + ((at * 7919) % 100_003)),
      flow(year, product, 'USA', 1 + ((at * 104_729) % 99_991)),
    ]),
  ),
)

describe.each(conserved)('value on %s', (_, chokepoint) => {
  const ask = async (given: object) => {
    const answer = await chokepoint.ask('suppliers', { dataset: 'flows', min_value: 0, ...given })
    return { rows: await answer.rows(), told: answer.caveats.join('\n') }
  }

  test('all families together are worth what all products are, for each supplier and in each edition', async () => {
    for (const year of ['2012', '2017']) {
      const before = (await ask({ period: [year] })).rows
      const { rows, told } = await ask({ period: ['2012', '2017'] })
      for (const supplier of ['CHN', 'USA'])
        expect(sum(rows.filter((row) => row.period === Number(year) * 100 && row.supplier === supplier))).toBe(
          sum(before.filter((row) => row.supplier === supplier)),
        )
      expect(told).not.toContain('Left out')
      expect(told).toContain('4,953 families, ')
      expect(told).toContain('catch-all')
    }
  })
})

const reused = await holding(
  [
    flow(2017, '400001', 'CHN', 10),
    flow(2017, '400002', 'USA', 20),
    flow(2022, '400001', 'USA', 30),
    flow(2022, '400002', 'CHN', 40),
  ],
  ['HS2017,HS2022,400001,400002', 'HS2017,HS2022,400002,400001'],
)

describe.each(reused)('numbers that change places on %s', (_, chokepoint) => {
  test('the goods are followed, not the numbers', async () => {
    const answer = await chokepoint.ask('suppliers', {
      dataset: 'flows',
      product: ['400001'],
      period: ['2017', '2022'],
      min_value: 0,
    })
    expect((await answer.rows()).map((row) => [row.period, row.product, row.supplier, row.value])).toEqual([
      [201700, '400001', 'USA', 20],
      [201700, '400002', 'CHN', 10],
      [202200, '400001', 'USA', 30],
      [202200, '400002', 'CHN', 40],
    ])
    expect(answer.caveats.join('\n')).toContain('400001 was given to other goods: 400002 and 400001 are shown')
    const [change] = await (
      await chokepoint.ask('dependence', {
        dataset: 'flows',
        supplier: ['CHN'],
        product: ['400001'],
        min_value: 0,
        period: ['2022'],
      })
    ).rows()
    expect(change).toMatchObject({ product: '400001', share: 0, share_change: 0 })
  })
})

const uneven = await holding([
  flow(2017, '851712', 'CHN', 500),
  flow(2017, '880330', 'CHN', 40),
  flow(2017, '880330', 'USA', 60),
  flow(2017, '010121', 'FRA', 7),
  flow(2022, '851713', 'CHN', 300),
  flow(2022, '851714', 'VNM', 100),
  flow(2022, '880730', 'CHN', 60),
  flow(2022, '880730', 'USA', 40),
  flow(2022, '010121', 'FRA', 9),
  flow(2022, '010129', 'FRA', 11),
  flow(2022, '901380', 'KOR', 5),
])

describe.each(uneven)('HS2017 and HS2022 on %s', (_, chokepoint) => {
  const ask = async (analysis: 'suppliers' | 'concentration' | 'dependence', given: object) => {
    const answer = await chokepoint.ask(analysis as string, { dataset: 'flows', min_value: 0, ...given })
    return { rows: await answer.rows(), told: answer.caveats.join('\n') }
  }
  const both = { period: ['2017', '2022'] }

  test('reviewed codes are followed, the others left out and counted', async () => {
    const { rows, told } = await ask('suppliers', both)
    expect([...new Set(rows.map((row) => row['product']))]).toEqual(['851713~3', '880730'])
    expect(sum(rows as never)).toBe(1100)
    expect(told).toContain('1 product of HS2017 (010121), 3 products of HS2022 (010121, 010129, 901380)')
    expect(told).toContain('851713~3 is 851712 in HS2017 and 851713, 851714 in HS2022; 880730 is 880330 in HS2017')
  })

  test('a product by name without a family is refused with the remedy, and with the reviewer’s reason', async () => {
    await expect(ask('suppliers', { ...both, product: ['010121'] })).rejects.toThrow(
      /010121 of HS2017 has no family .*families of linked codes.*UN correlation file.*correlations/,
    )
    await expect(ask('suppliers', { ...both, product: ['901380'] })).rejects.toMatchObject({
      kind: 'no_data',
      code: 'edition/families',
      message: expect.stringContaining('Liquid crystal devices'),
    })
  })

  test('within one edition nothing changes', async () => {
    const { rows, told } = await ask('suppliers', { period: ['2022'] })
    expect(rows.map((row) => row['product'])).toEqual([
      '010121',
      '010129',
      '851713',
      '851714',
      '880730',
      '880730',
      '901380',
    ])
    expect(told).not.toContain('famil')
  })

  test('a change of share goes by what the code was: for a new number, not for a part, never by the number alone', async () => {
    const { rows, told } = await ask('dependence', { supplier: ['CHN'], period: ['2022'] })
    expect(rows.map((row) => [row['product'], row['value'], rounded(row['share_change'])])).toEqual([
      ['851713', 300, null],
      ['880730', 60, 0.2],
      ['010121', 0, null],
      ['010129', 0, null],
      ['851714', 0, null],
      ['901380', 0, null],
    ])
    expect(told).toContain('1 of 6 products. The others were no goods of their own there.')
  })

  test('a named list goes product by product as families, and is summed as it was', async () => {
    const { rows } = await ask('concentration', { ...both, group: ['handsets'] })
    expect(rows.map((row) => [row['period'], row['product'], row['value']])).toEqual([
      [201700, '851713~3', 500],
      [202200, '851713~3', 400],
    ])
    const summed = await ask('suppliers', { ...both, group: ['handsets'] })
    expect(summed.rows.map((row) => [row['product'], row['value']])).toEqual([
      ['handsets', 500],
      ['handsets', 300],
      ['handsets', 100],
    ])
  })
})

const partial = await holding(
  [
    flow(2017, '854140', 'CHN', 90),
    flow(2017, '851770', 'CHN', 10),
    flow(2022, '854141', 'CHN', 50),
    flow(2022, '854142', 'CHN', 30),
    flow(2022, '851771', 'CHN', 20),
  ],
  [],
  { products_complete: false },
)
const cutToGoods = await holding(
  [
    flow(2017, '500001', 'CHN', 30),
    flow(2017, '500001', 'USA', 10),
    flow(2022, '500003', 'CHN', 20),
    flow(2022, '500003', 'USA', 20),
  ],
  ['HS2017,HS2022,500001,500003', 'HS2017,HS2022,500002,500003'],
  { products_complete: false },
)

describe.each(partial)('a table of some goods on %s', (_, chokepoint) => {
  test('a family of which codes are missing is shown with a warning, beside what a reviewer says of its scope', async () => {
    const answer = await chokepoint.ask('suppliers', {
      dataset: 'flows',
      product: ['854142', '851771'],
      period: ['2017', '2022'],
      min_value: 0,
    })
    expect((await answer.rows()).map((row) => [row.period, row.product, row.value])).toEqual([
      [201700, '851771~3', 10],
      [201700, '854141~5', 90],
      [202200, '851771~3', 20],
      [202200, '854141~5', 80],
    ])
    const told = answer.caveats.join('\n')
    expect(told).toContain('854142 is shown as 854141~5.')
    expect(told).toContain('does not have every code of 2 families')
    expect(told).toContain('851771~3: Displays of phones are in 8524')
  })

  test('a number that the periods do not have is told, not passed over', async () => {
    const answer = await chokepoint.ask('suppliers', { dataset: 'flows', product: ['854140'], period: ['2022'] })
    expect(await answer.rows()).toEqual([])
    expect(answer.caveats.join('\n')).toContain('854140 is in none of these periods; the dataset has it in HS2017')
  })
})

describe.each(cutToGoods)('a table that lacks a predecessor on %s', (_, chokepoint) => {
  test('a share is not compared with that of a part', async () => {
    const answer = await chokepoint.ask('dependence', {
      dataset: 'flows',
      supplier: ['CHN'],
      period: ['2022'],
      min_value: 0,
    })
    expect(await answer.rows()).toMatchObject([{ product: '500003', share: 0.5, share_change: null }])
    expect(answer.caveats.join('\n')).toContain('The first period is not compared')
  })
})
