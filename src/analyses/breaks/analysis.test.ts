import { describe, expect, test } from 'vitest'
import { librariesHolding } from '../../../test/engines.ts'

const month = (at: number) => (2020 + Math.floor(at / 12)) * 100 + (at % 12) + 1

/** A series of months from January 2020 on, as one product. */
const months = (product: string, values: readonly number[], importer = 'ARM') =>
  values.flatMap((value, at) =>
    value === 0 ? [] : [{ year: month(at), importer, exporter: 'DEU', product, value, mass: 2000 * value }],
  )

const twoLevels = [10, 11, 9, 10, 12, 10, 20, 21, 19, 22, 20, 21]
const threeLevels = [10, 11, 9, 10, 20, 21, 19, 20, 15, 14, 16, 15]
const counts = [4, 6, 5, 5, 7, 3, 12, 14, 11, 13, 15, 13]
const pattern = [50, 60, 90, 80, 70, 60, 50, 40, 80, 90, 100, 130]
const doubled = Array.from({ length: 48 }, (_, at) => (pattern[at % 12] as number) * (at < 30 ? 1 : 2))
const spiked = [12, 12, 13, 12, 12, 12, 40, 3, 4, 5, 10, 10]

const libraries = await librariesHolding(
  [
    ...months('850610', twoLevels),
    ...months('850630', threeLevels),
    ...months('850640', counts),
    ...months('850650', doubled),
    ...months('850660', spiked),
    ...months('850680', [0, 2, 1, 0, 3, 1, 9, 8, 0, 11, 9, 10]),
    ...months('811292', [12, 11, 12, 13, 12, 11, 12, 13, 12, 11, 12, 13], 'USA'),
  ],
  { frequency: 'month', side: 'exporter' },
)

describe.each(libraries)('breaks on %s', (_, chokepoint) => {
  const ask = async (given: object) =>
    (await chokepoint.ask('breaks', { dataset: 'flows', period: ['2020'], ...given })).rows()
  const close = (found: unknown, wanted: number) => expect(Math.abs(Number(found) - wanted)).toBeLessThan(1e-9)

  test('BRK1, BRK2, BRK5: the date given, the date found, and deviations summed', async () => {
    const rows = await ask({
      product: ['850610'],
      model: 'level',
      method: ['chow', 'sup-f', 'cusum'],
      event: '2020-07',
    })
    const [chow, supF, sums] = rows
    for (const row of rows) expect(row).toMatchObject({ date: 202007, before: 6, lag: 0 })
    close(chow?.statistic, 286.2307692307692)
    close(supF?.statistic, 286.2307692307692)
    close(supF?.exp_f, 140.9181600380484)
    close(supF?.ave_f, 41.15188135666481)
    close(sums?.statistic, 1.6300818904638747)
    expect(sums?.p).toBeLessThan(0.05)
    close(supF?.level_before, 10.333333333333334)
    close(supF?.level_after, 20.5)
    expect(supF?.evidence).toBe('break')
  })

  test('BRK3, BRK4: two breaks by programming, by penalty, and by halves', async () => {
    const rows = await ask({
      product: ['850630'],
      model: 'level',
      method: ['bai-perron', 'pelt', 'binary-segmentation'],
      min_segment: 3,
    })
    expect(rows.map(({ method, date }) => [method, date])).toEqual([
      ['bai-perron', 202005],
      ['bai-perron', 202009],
      ['pelt', 202005],
      ['pelt', 202009],
      ['binary-segmentation', 202005],
      ['binary-segmentation', 202009],
    ])
    close(rows[0]?.criterion, 4.106767082220658)
    close(rows[2]?.penalty, 21.848320660965427)
    close(rows[2]?.criterion, 49.696641321930855)
  })

  test('BRK6: counts, by the likelihood ratio over the dispersion', async () => {
    const [row] = await ask({ product: ['850640'], model: 'poisson' })
    close(row?.statistic, 79.79784874180281)
    close(row?.dispersion, 0.27692307692307694)
    close(row?.step_log, 0.9555114450274363)
    expect(row).toMatchObject({ date: 202007, before: 6, model: 'poisson' })
  })

  test('BRK7: a season misdates a doubling; without it the step is exact', async () => {
    const given = { product: ['850650'], period: ['2020-2023'] }
    const [raw] = await ask({ ...given, season: 'none' })
    close(raw?.statistic, 63.530374562476)
    expect(raw).toMatchObject({ before: 32, season_months: 0 })
    const [even] = await ask({ ...given, season: '2022-01' })
    expect(even).toMatchObject({ date: 202207, before: 30, season_months: 24, statistic: null, evidence: 'break' })
    close(even?.step_log, 0.6931471805599458)
    close(even?.step, 1)
  })

  test('BRK8: what was sent ahead of a control is most of what is missing after it', async () => {
    const [row] = await ask({ product: ['850660'], event: '2020-08', announced: '2020-06' })
    close(row?.statistic, 10.445264399113327)
    close(row?.ahead, 27.833333333333336)
    close(row?.missing, 26.666666666666664)
    close(row?.ratio, 0.5958904109589042)
    expect(row).toMatchObject({ date: 202008, model: 'log' })
    expect(row?.reasons).toContain('anticipation')
    const [weighed] = await ask({ product: ['850660'], event: '2020-08', announced: '2020-06', of: 'mass' })
    close(weighed?.ahead, 2 * 27.833333333333336)
  })

  test('a series with zeros is counted, not logged; one without a break says so', async () => {
    const [zeros] = await ask({ product: ['850680'] })
    expect(zeros).toMatchObject({ model: 'poisson', date: 202007, evidence: 'break' })
    await expect(ask({ product: ['850680'], model: 'log' })).rejects.toMatchObject({ kind: 'no_data' })
    const [even] = await ask({ product: ['811292'] })
    expect(even).toMatchObject({ evidence: 'none' })
  })

  test('what cannot be asked is refused', async () => {
    for (const given of [{ method: ['chow'] }, { announced: '2020-06' }, { season: '2020' }, { event: '2020' }])
      await expect(ask({ product: ['850610'], ...given })).rejects.toMatchObject({ kind: 'wrong_use' })
  })
})
