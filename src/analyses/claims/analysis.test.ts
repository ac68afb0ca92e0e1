import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sampleHome } from '../../../test/samples.ts'
import { type Chokepoint, open } from '../../index.ts'
import { arithmetic } from '../../measures/verdict.ts'

describe('claims', async () => {
  const home = await sampleHome()
  let chokepoint: Chokepoint
  beforeAll(async () => {
    chokepoint = await open({ home })
    const found = [76.12, 82.00751241088703, 12.824788, 14, 13.5, 75, 78]
    const figures = found.map((value, at) => ({
      id: `CLM0-${at}`,
      basis: 'mirror',
      certainty: 'A',
      measure: 'value',
      value,
      unit: at === 0 || at === 1 || at === 6 ? 'USD bn' : '%',
      publisher: 'an office',
      period_start: '2022',
      period_end: '2022',
    }))
    const file = join(home, 'figures.csv')
    await writeFile(file, stringify(figures, { header: true }))
    await chokepoint.load([file], { as: 'own-figures' })
  })
  afterAll(() => chokepoint.close())

  let number = 0
  async function write(text: string): Promise<string> {
    const file = join(home, `claims-${number++}.yaml`)
    await writeFile(file, text)
    return file
  }
  const sheet = (claims: string) => `report: {title: T, publisher: P, published: "2023"}\nclaims:\n${claims}`
  const ask = async (text: string, given: object = {}) =>
    (await chokepoint.ask('claims', { file: await write(text), ...given })).rows()

  test('CLM0: within half of the last digit reproduced, within 5 % or one point close, else contradicted', async () => {
    const cases = [
      ['76.1', 'USD bn', 'level', 0, 'reproduced'],
      ['76.1', 'USD bn', 'level', 1, 'contradicted'],
      ['12.8', '%', 'change', 2, 'reproduced'],
      ['12.8', '%', 'change', 3, 'contradicted'],
      ['12.8', '%', 'change', 4, 'close'],
      ['70', '%', 'share', 5, 'contradicted'],
      ['76.1', 'USD bn', 'level', 6, 'close'],
    ] as const
    const claims = cases.map(
      ([value, unit, kind, at]) =>
        `  - {id: C${at}, text: t, kind: ${kind}, value: "${value}", unit: "${unit}", evidence: [{figure: CLM0-${at}}]}\n`,
    )
    expect((await ask(sheet(claims.join('')))).map((row) => row.verdict)).toEqual(
      cases.map(([, , , , verdict]) => verdict),
    )
  })

  test('the report: 23 statements, of which ten cannot be tested, with its two figures reproduced', async () => {
    const answer = await chokepoint.ask('claims', {})
    const rows = await answer.rows()
    const verdicts = Object.fromEntries(rows.map((row) => [row.id, row.verdict]))
    expect(verdicts).toEqual({
      Q1: 'contradicted',
      Q2: 'not testable',
      Q3: 'supported by proxy',
      Q4: 'not testable',
      Q5: 'supported by proxy',
      Q6: 'not testable',
      Q7: 'not testable',
      Q8: 'not testable',
      Q9: 'reproduced',
      Q10: 'contradicted',
      Q11: 'not testable',
      Q12: 'not tested',
      Q13: 'supported by proxy',
      Q14: 'not testable',
      Q15: 'not testable',
      Q16: 'not testable',
      Q17: 'contradicted',
      Q18: 'not tested',
      Q19: 'not testable',
      Q20: 'not tested',
      Q21: 'reproduced',
      Q22: 'reproduced',
      Q23: 'consistent',
    })
    expect(await answer.headline()).toContain(
      '3 contradicted (2 of them in part), 3 reproduced, 1 consistent, 3 supported by proxy, 3 not tested, 10 not testable',
    )
    expect(answer.datasets.map((one) => one.name).sort()).toEqual([
      'eu-listed-exports',
      'own-figures',
      'published-figures',
      'russia-imts',
    ])
  })

  test('CLM1: the same figure on another basis is a different basis, near FOB close, and its equal growth at best close', async () => {
    const rows = await (await chokepoint.ask('claims-evidence', { id: ['Q21', 'Q22'] })).rows()
    expect(
      rows.map(({ id, evidence_verdict, same_basis, independent }) => [id, evidence_verdict, same_basis, independent]),
    ).toEqual([
      ['Q21', 'reproduced', true, false],
      ['Q21', 'different basis', false, false],
      ['Q21', 'close', false, false],
      ['Q22', 'reproduced', true, false],
      ['Q22', 'close', false, false],
      ['Q22', 'reproduced', true, false],
    ])
    expect(rows[1]?.found).toBeCloseTo(82.007512411, 6)
    expect(rows[2]?.found).toBeCloseTo(77.365577747, 6)
    expect((rows[2]?.found as number) / 76.12 - 1).toBeCloseTo(0.01636334401, 6)
    expect(rows[4]?.found).toBeCloseTo(12.82475956, 6)
    expect(rows[1]?.data).toMatch(/^russia-imts@[0-9a-f]{12}$/)
    expect(rows[1]?.query).toBe(
      'chokepoint dependence --dataset russia-imts --importer RUS --supplier CHN --period 2022',
    )
  })

  test('CLM2, CLM4 and EU1: the proxies are those of the methods', async () => {
    const rows = await (await chokepoint.ask('claims-evidence', { id: ['Q3', 'Q5', 'Q17', 'Q18'] })).rows()
    expect(rows.map((row) => [row.id, row.found, row.unit])).toEqual([
      ['Q3', expect.closeTo(100 * (0.4521722668433689 - 0.24751999426831142), 2), 'points'],
      ['Q5', expect.closeTo(-77.26833015, 4), '%'],
      ['Q5', expect.closeTo(-78.88196066, 4), '%'],
      ['Q17', expect.closeTo(100 - 18.52099364, 2), '%'],
      ['Q18', expect.closeTo((16794700 / (350139 + 59865 + 5433081 + 401008 + 852021)) * 100, 3), '%'],
    ])
  })

  test('data that only repeat a claim never upgrade it, and missing data never contradict one', async () => {
    const claim = (evidence: string) =>
      sheet(`  - {id: A, text: t, kind: level, value: "76.1", unit: USD bn, evidence: [${evidence}]}\n`)
    expect((await ask(claim('{figure: CLM0-0, relation: repeats}')))[0]).toMatchObject({
      verdict: 'not tested',
      found: 76.12,
    })
    expect(
      (
        await ask(claim('{query: {analysis: dependence, dataset: absent, importer: RUS, supplier: CHN}, take: value}'))
      )[0],
    ).toMatchObject({
      verdict: 'not tested',
      why: expect.stringContaining('absent is not loaded'),
    })
    expect(
      (
        await ask(
          claim('{query: {analysis: dependence, dataset: russia-imts, importer: DEU, supplier: CHN}, take: value}'),
        )
      )[0]?.verdict,
    ).toBe('not tested')
    expect(
      (
        await ask(
          claim(
            '{query: {analysis: trade, dataset: eu-listed-exports, importer: RUS, product: "8542", period: 2022-03}, take: value}',
          ),
        )
      )[0],
    ).toMatchObject({
      verdict: 'not tested',
      why: expect.stringContaining('in EUR'),
    })
  })

  test('scaling the unit keeps a verdict, and a constant factor on levels keeps that of a change', async () => {
    for (const [value, unit] of [
      ['76.1', 'USD bn'],
      ['76100', 'USD mn'],
    ] as const)
      expect(
        (
          await ask(
            sheet(
              `  - {id: A, text: t, kind: level, value: "${value}", unit: ${unit}, evidence: [{figure: CLM0-6}]}\n`,
            ),
          )
        )[0]?.verdict,
      ).toBe('close')
    for (const factor of [1, 1.06, 7.3]) {
      const found = ((82.0075 * factor) / (72.6857 * factor) - 1) * 100
      expect(arithmetic('12.8', found, 'change')).toBe('reproduced')
    }
  })

  test('a figure in another currency or of another kind than the claim tests nothing', async () => {
    for (const [kind, unit, figure] of [
      ['level', 'EUR bn', 'CLM0-0'],
      ['level', '%', 'CLM0-0'],
      ['share', '%', 'CLM0-0'],
      ['level', 'USD bn', 'CLM0-2'],
    ] as const) {
      const [row] = await ask(
        sheet(`  - {id: A, text: t, kind: ${kind}, value: "76.1", unit: "${unit}", evidence: [{figure: ${figure}}]}\n`),
      )
      expect(row).toMatchObject({ verdict: 'not tested', found: null })
      expect(row?.why).toContain(`the claim is in ${unit}`)
    }
  })

  test('--fail-on names the claims that are so', async () => {
    const text = sheet('  - {id: A, text: t, kind: level, value: "76.1", unit: USD bn, evidence: [{figure: CLM0-1}]}\n')
    const file = await write(text)
    expect((await chokepoint.ask('claims', { file, fail_on: ['contradicted'] })).failed).toContain('A is contradicted')
    expect((await chokepoint.ask('claims', { file, fail_on: ['reproduced'] })).failed).toBeUndefined()
  })

  const query = (more: string) =>
    `  - {id: A, text: t, kind: change, evidence: [{query: {${more}}, take: share, proxy: rises}]}\n`
  test.each([
    ['an unknown unit', sheet('  - {id: A, text: t, kind: level, value: "1", unit: USD zn}\n'), 3, 53, 'one of USD bn'],
    ['month 13', sheet('  - {id: A, text: t, kind: event, period: 2022-13}\n'), 3, 43, 'months go from 01 to 12'],
    [
      'month 13 in a query',
      sheet(query('analysis: dependence, dataset: russia-imts, importer: RUS, supplier: CHN, period: 2022-13')),
      3,
      0,
      '2022-13',
    ],
    [
      'two claims with one id',
      sheet('  - {id: A, text: t, kind: event}\n  - {id: A, text: u, kind: event}\n'),
      4,
      10,
      'a second claim with the id A',
    ],
    ['an anchor', sheet('  - &a {id: A, text: t, kind: event}\n'), 3, 0, 'anchors and aliases are not read'],
    [
      'a bomb of aliases',
      `a: &a [x, x]\nb: &b [*a, *a]\n${sheet('  - {id: A, text: t, kind: event}\n')}`,
      1,
      0,
      'anchors and aliases are not read',
    ],
    [
      'an unquoted NO',
      sheet(query('analysis: dependence, dataset: russia-imts, importer: NO, supplier: CHN')),
      3,
      0,
      'NO without quotation marks',
    ],
    [
      'an unquoted NO as reporter',
      sheet('  - {id: A, text: t, kind: event, reporter: NO}\n'),
      3,
      45,
      'NO without quotation marks',
    ],
    [
      'an analysis that is none',
      sheet(query('analysis: dependance, dataset: russia-imts')),
      3,
      0,
      'no analysis "dependance"',
    ],
    [
      'a parameter that is none',
      sheet(query('analysis: dependence, datset: russia-imts')),
      3,
      0,
      'no parameter "datset"',
    ],
    [
      'a query of another kind of dataset',
      sheet(query('analysis: dependence, dataset: russia-vendors, importer: RUS, supplier: CHN')),
      3,
      0,
      'russia-vendors holds shares of vendors',
    ],
    [
      'a name that nobody has',
      sheet(query('analysis: dependence, dataset: russia-imts, importer: Rusxia, supplier: CHN')),
      3,
      0,
      'Did you mean Russia',
    ],
    [
      'a claim that asks claims',
      sheet('  - {id: A, text: t, kind: change, evidence: [{query: {analysis: claims}, take: id, proxy: rises}]}\n'),
      3,
      0,
      'cannot stand in a claim',
    ],
    [
      'a figure that is none',
      sheet('  - {id: A, text: t, kind: level, value: "1", unit: USD, evidence: [{figure: F999}]}\n'),
      3,
      0,
      'no published figure has the id F999',
    ],
    [
      'evidence against no value',
      sheet('  - {id: A, text: t, kind: level, evidence: [{figure: CLM0-0}]}\n'),
      3,
      0,
      'claims no value',
    ],
    ['no claims', 'report: {title: T, publisher: P, published: "2023"}\nclaims: []\n', 2, 9, 'at least one claim'],
  ])('%s is refused where it stands', async (_name, text, line, column, message) => {
    const refusal = await ask(text).then(
      () => expect.unreachable('it was read'),
      (error: unknown) => error as Error,
    )
    expect(refusal.message).toContain(`line ${line}, column ${column || ''}`)
    expect(refusal.message).toContain(message)
  })
})
