import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { librariesHolding, type TestFlow } from '../../../test/engines.ts'
import type { Chokepoint } from '../../index.ts'

/** What a buyer takes of a product from each supplier. */
const bought = (importer: string, product: string, values: Record<string, number>): TestFlow[] =>
  Object.entries(values).map(([exporter, value]) => ({ importer, product, exporter, value }))

/** Indices of concentration 0.5, 0.3088, 0.28 and 0.2, of which by mgi-2023 two are above 0.3. */
const flows = [
  ...bought('JPN', '100001', { CHN: 500, USA: 500 }),
  ...bought('JPN', '100002', { CHN: 47, USA: 23, KOR: 15, IND: 15 }),
  ...bought('JPN', '100003', { CHN: 40, USA: 20, KOR: 20, IND: 20 }),
  ...bought('JPN', '100004', { CHN: 20, USA: 20, KOR: 20, IND: 20, BRA: 20 }),
  // Four members of the Union: as one supplier of all, concentrated.
  ...bought('JPN', '100005', { DEU: 25, FRA: 25, ITA: 25, ESP: 25 }),
]

const libraries = await librariesHolding(flows)
const asking =
  (chokepoint: Chokepoint) =>
  (given: object = {}) =>
    chokepoint.ask('screen-sensitivity', {
      dataset: 'flows',
      importer: ['JPN'],
      period: ['2022'],
      method: ['mgi-2023'],
      min_value: 0,
      keep: 'all',
      ...given,
    })

describe.each(libraries)('screen-sensitivity on %s', (_, chokepoint) => {
  test('a threshold moved, a window that the data cannot carry, and a bloc that sells as one change the list so', async () => {
    const answer = await asking(chokepoint)({ step: [-10, 10] })
    const rows = await answer.rows()
    expect(rows.map((row) => [row.setting, row.critical, row.entered, row.left, row.overlap])).toEqual([
      ['import_hhi > 0.27', 3, 1, 0, 2 / 3],
      ['import_hhi > 0.33', 1, 0, 1, 1 / 2],
      ['2 of 3 years, trailing', null, null, null, null],
      ['EU27 as one supplier', 3, 1, 0, 2 / 3],
    ])
    expect(rows.map((row) => [row.entering, row.leaving])).toEqual([
      ['100003', null],
      [null, '100002'],
      [null, null],
      ['100005', null],
    ])
    expect(new Set(rows.map((row) => row.critical_before))).toEqual(new Set([2]))
    expect(answer.caveats.join('\n')).toMatch(
      /No verdict of some variants of mgi-2023 for .*: their window of .* needs 2020, 2021/,
    )
    expect(answer.caveats.join('\n')).not.toContain('is taken as one supplier')
    expect(await answer.headline()).toBe(
      'By mgi-2023 as it is (import_hhi > 0.3) 2 products are critical for Japan in 2022; with one rule at a time set otherwise, 1 to 3.',
    )
  })
})

describe('screen-sensitivity', () => {
  const chokepoint = libraries[0]?.[1] as Chokepoint
  const ask = asking(chokepoint)

  test('a threshold that must be passed, when raised, adds nothing, and when lowered, removes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -90, max: 200 }), async (step) => {
        const rows = await (
          await ask({ step: [step], vary: ['threshold'], method: ['mgi-2023', 'ec-2021', 'goers'] })
        ).rows()
        for (const row of rows) {
          if (row.critical === null) continue
          expect(step >= 0 ? row.entered : row.left).toBe(0)
          expect(Number(row.critical)).toBe(Number(row.critical_before) + Number(row.entered) - Number(row.left))
        }
      }),
      { numRuns: 15, seed: 7 },
    )
  })

  test('a step of nothing changes nothing', async () => {
    for (const row of await (await ask({ step: [0], vary: ['threshold'], method: [] })).rows())
      expect([row.entered ?? 0, row.left ?? 0]).toEqual([0, 0])
  })

  test('the bloc as one supplier is what screen says with the bloc merged', async () => {
    const critical = async (merge: string[]) => {
      const given = { dataset: 'flows', importer: ['JPN'], period: ['2022'], min_value: 0, merge, aggregate: true }
      return new Map((await (await chokepoint.ask('screen', given)).rows()).map((row) => [row.method, row.critical]))
    }
    const [members, merged] = [await critical([]), await critical(['EU27'])]
    const rows = await (await ask({ method: [], vary: ['bloc'] })).rows()
    expect(rows.length).toBeGreaterThan(3)
    for (const row of rows)
      expect([row.critical_before, row.critical]).toEqual([members.get(row.method), merged.get(row.method)])
    const back = await (await ask({ vary: ['bloc'], merge: ['EU27'] })).rows()
    expect(back).toMatchObject([{ setting: 'EU27 by members', critical_before: 3, critical: 2, left: 1 }])
  })

  test('a bloc that cannot be merged is said, and the rest is answered', async () => {
    const answer = await ask({ supplier: ['DEU'], step: [10] })
    expect((await answer.rows()).map((row) => row.varied)).toEqual(['threshold', 'window'])
    expect(answer.caveats.join('\n')).toContain('Not varied: EU27 as one supplier or by members')
  })

  test('what changes nothing, or cannot be compared, is counted where it is not shown', async () => {
    const answer = await ask({ step: [-10, 1], keep: 'changed' })
    expect((await answer.rows()).map((row) => row.setting)).toEqual(['import_hhi > 0.27', 'EU27 as one supplier'])
    expect(answer.caveats[0]).toContain('Not shown: 1 variants change nothing, 1 cannot be compared')
  })

  test('nobody’s list is refused', async () => {
    await expect(ask({ importer: [] })).rejects.toMatchObject({ code: 'parameter/missing' })
  })
})
