import { describe, expect, test } from 'vitest'
import { Asked } from '../scripts/fidelity/asked.ts'
import { checkedFully, fullBaciPage } from '../scripts/fidelity/full-baci-page.ts'
import type { Chokepoint } from '../src/index.ts'
import { librariesHolding, type TestFlow } from './engines.ts'
import { samples } from './samples.ts'

const years = Array.from({ length: 30 }, (_, at) => 1995 + at)
const products = (first: number, count: number) => Array.from({ length: count }, (_, at) => String(first + at))
const from = (importer: string, product: string, year: number, sold: Record<string, number>): TestFlow[] =>
  Object.entries(sold).map(([exporter, value]) => ({ year, importer, product, exporter, value }))
const spread = { CHN: 1, USA: 1, RUS: 1, BRA: 1 }

/** Small as it is, in the shape of full BACI: HS1992, all its years, every product. */
const flows = years.flatMap((year) => [
  ...from('DEU', '847130', year, { CHN: 80, USA: 20 }),
  ...from('DEU', '851712', year, { CHN: 68, USA: 32 }),
  // With these Germany, all of the Union that buys, has 23, 11 and 8 % from China, the United States and Russia.
  ...from('DEU', '270900', year, { CHN: 2152, USA: 1048, RUS: 800, BRA: 5800 }),
  // Five products of one supplier in every year, two in 2018 alone, eight in 2014 alone.
  ...products(900100, 5).flatMap((product) => from('DEU', product, year, { BRA: 4 })),
  ...products(900200, 2).flatMap((product) => from('DEU', product, year, year === 2018 ? { BRA: 4 } : spread)),
  ...products(900300, 8).flatMap((product) => from('DEU', product, year, year === 2014 ? { BRA: 4 } : spread)),
  ...products(900400, 12).flatMap((product) => from('JPN', product, year, { KOR: 4 })),
  ...products(900500, 3).flatMap((product) => from('USA', product, year, { CHN: 4 })),
  ...from('CHN', '900600', year, { AUS: 4 }),
  ...from('CHN', '900601', year, { DEU: 4 }),
])

const [full] = await librariesHolding(flows, { edition: 'HS1992' })
const [short] = await librariesHolding(flows.filter((flow) => flow.year === 2021 || flow.year === 2022))

const holding = async (library: [string, Chokepoint] | undefined, dataset = 'flows') => {
  const chokepoint = library?.[1] as Chokepoint
  const manifest = await chokepoint.dataset(dataset)
  if (manifest.kind !== 'flow') throw new Error(`${dataset} holds no flows`)
  return new Asked(chokepoint, manifest)
}

describe('fidelity of full BACI', () => {
  test('each check has ours beside the published figure, and how it lies to it', async () => {
    const rows = await checkedFully(await holding(full))
    expect(rows.map(({ row, published, ours, verdict }) => [row, published, ours, verdict])).toEqual([
      [1, '269,894,500', flows.length.toLocaleString('en'), 'outside'],
      [1, '5,022', '35', 'outside'],
      [2, '405', '3', 'outside'],
      [2, '393', '8', 'outside'],
      [3, '88', '0', 'outside'],
      [3, '20', '0', 'outside'],
      [4, '47', '2', 'outside'],
      [5, '61 %', '25.0 %', 'outside'],
      [5, 'more than half', '25.0 %', 'outside'],
      [6, 'CHN < USA ~ EU27 < JPN', 'CHN 2, USA 3, EU27 8, JPN 12', 'within'],
      [7, 'one in five', '20.0 %', 'within'],
      [7, 'nearly half', '50.0 %', 'within'],
      [8, '', '10', 'no target'],
      [9, '40 %', '99.6 %', 'outside'],
      [10, '412', '2', 'outside'],
      [10, 'USD 47 bn', '0.0 bn', 'outside'],
      [11, '414', '3', 'outside'],
      [12, '120', '1', 'outside'],
      [12, '134', '2.0', 'outside'],
      [13, '80 %', '80.0 %', 'within'],
      [13, '68 %', '68.0 %', 'within'],
      [14, '23 %', '23.0 %', 'within'],
      [14, '11 %', '11.0 %', 'within'],
      [14, '8 %', '8.1 %', 'within'],
      [15, 'more than 1,000', '–', 'cannot be tested'],
    ])
  })

  test('what the data cannot test says why: another edition, years that are missing, no verdict', async () => {
    const rows = await checkedFully(await holding(short))
    const why = (row: number) => rows.find((one) => one.row === row)?.why
    expect(why(1)).toBe('It is of HS1992, the dataset of HS2017.')
    expect(why(2)).toBe('Not in the dataset: 2023.')
    expect(why(7)).toBe('Not in the dataset: 2018, 2019.')
    expect(why(15)).toContain('No analysis')
    const tested = rows.filter((row) => row.verdict !== 'cannot be tested').map((row) => row.row)
    expect([...new Set(tested)]).toEqual([9, 10, 12, 13, 14])
  })

  test('of thirty products no count of products is tested, and the page says so without a figure of ours', async () => {
    const chokepoint = await samples()
    const rows = await checkedFully(await holding(['', chokepoint], 'critical-materials'))
    expect(new Set(rows.map((row) => `${row.verdict} ${row.ours}`))).toEqual(new Set(['cannot be tested –']))
    const page = await fullBaciPage(chokepoint, 'critical-materials')
    expect(page).toContain('does not hold all products')
    expect(page).not.toContain('## What GeoDep does not publish')
    await expect(fullBaciPage(chokepoint, 'russia-vendors')).rejects.toThrow('holds no trade flows')
    await expect(fullBaciPage(chokepoint, 'nothing')).rejects.toThrow('No dataset "nothing"')
  })

  test('a figure that was not read in its source has no target, and GeoDep’s counts stand by every reading of its rule', async () => {
    const page = await fullBaciPage((full as [string, Chokepoint])[1], 'flows')
    const [unread] = page.split('\n').filter((line) => line.startsWith('| 8 '))
    expect(unread?.split('|').map((cell) => cell.trim())).toMatchObject({ 4: '–', 5: '–', 6: '10', 7: 'no target' })
    const grid = page
      .slice(page.indexOf('## What GeoDep'))
      .split('\n')
      .filter((line) => /trailing|centred/.test(line))
    expect(grid).toHaveLength(8)
    for (const line of grid) expect(line).toContain('3 (−99.3 %)')
  })
})
