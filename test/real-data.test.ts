import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Chokepoint, open } from '../src/index.ts'
import { flowsOf, realData, temporaryHome } from './engines.ts'

const here = existsSync(realData)
if (!here)
  process.stdout.write('The tests on real data did not run: set CHOKEPOINT_TEST_DATA to the folder that holds it.\n')

describe.runIf(here)('real data', async () => {
  const home = await temporaryHome()
  let chokepoint: Chokepoint
  beforeAll(async () => {
    chokepoint = await open({ home })
  })
  afterAll(() => chokepoint.close())

  test('IMF: China’s share of Russia’s imports goes from 24.8 % in 2021 to 46.3 % in 2024, with two doubtful rows named', async () => {
    const manifest = await flowsOf(chokepoint.load([join(realData, 'imf-imts-russia', 'RU_trade.csv')], { as: 'imts' }))
    const { rows } = manifest.account
    expect(rows.in).toBe(rows.kept + rows.aside + rows.rejected)
    expect(rows.in + rows.blank).toBe(470 * 9)
    expect(manifest.doubts.filter((doubt) => doubt.side === 'importer').map((doubt) => doubt.exporter)).toEqual([
      'KAZ',
      'UGA',
      'UZB',
    ])
    const answer = await chokepoint.ask('dependence', {
      dataset: 'imts',
      importer: ['RUS'],
      supplier: ['CHN'],
      period: ['2016-2024'],
    })
    const years = new Map((await answer.rows()).map((row) => [row.period, row]))
    expect(years.get(202100)?.share).toBeCloseTo(0.248, 3)
    expect(years.get(202400)?.share).toBeCloseTo(0.463, 3)
    expect((years.get(202200)?.value ?? 0) / (years.get(202100)?.value ?? 1) - 1).toBeCloseTo(0.128, 3)
    await answer.tellDoubts()
    expect(answer.caveats.join('\n')).toMatch(/Uganda.*51\.5 %/)
    expect(answer.caveats.join('\n')).toMatch(/Kazakhstan.*44\.7 %/)
  })

  test('Eurostat: CN8 rows of listed exports stand at level 8, headings above them are set aside, and no share of imports is given', async () => {
    const manifest = await flowsOf(
      chokepoint.load(
        [join(realData, 'eu-cn8-sanctioned-exports', 'eu27_exports_cn8_monthly_2020-01_2022-11.csv.gz')],
        { as: 'comext' },
      ),
    )
    expect(manifest.account.rows).toMatchObject({ in: 1_141_670, rejected: 0 })
    expect(manifest.default_level).toBe(8)
    expect(manifest.editions).toEqual(['CN2020', 'CN2021', 'CN2022'])
    expect(Number(manifest.aside_reasons['level above another']?.value)).toBeGreaterThan(0)
    await expect(chokepoint.ask('concentration', { dataset: 'comext', importer: ['RUS'] })).rejects.toMatchObject({
      kind: 'no_data',
    })
  })

  test('Eurostat, annual: Namibia is a supplier, and Greece is one country as EL and as GR', async () => {
    const manifest = await flowsOf(
      chokepoint.load([join(realData, 'isi-eu-critical-inputs', 'eu_comext_critical_inputs_cn8_2022_2024.csv')], {
        as: 'inputs',
      }),
    )
    expect(manifest.account.rows).toMatchObject({ in: 26_538, rejected: 0 })
    expect(manifest.importers).toContain('GRC')
    expect(
      await (
        await chokepoint.ask('suppliers', { dataset: 'inputs', supplier: ['Namibia'], level: '0', period: ['2022'] })
      ).rows(),
    ).not.toEqual([])
  })

  test('BACI: each of thirty critical materials has an index for the Union, Germany and Japan in 2022 and 2024', async () => {
    const folder = join(realData, 'critical-materials-atlas', 'reconcile_fixtures', 'reconcile')
    const files = ['2022', '2024'].map((year) => {
      const dated = join(home, `baci_${year}.csv`)
      writeFileSync(
        dated,
        readFileSync(join(folder, `baci_${year}.csv`), 'utf8')
          .split(/\r?\n/)
          .map((line, at) => (line === '' ? '' : `${at === 0 ? 'year' : year},${line}`))
          .join('\n'),
      )
      return dated
    })
    const mapping = join(home, 'atlas.yaml')
    writeFileSync(
      mapping,
      'frequency: year\ncurrency: USD\nside: reconciled\nedition: HS2017\ncodes: iso3\npartners_complete: true\ncolumns: {period: year, exporter: i, importer: j, product: cmd, value: value}\n',
    )
    await chokepoint.load(files, { as: 'materials', mapping })
    const rows = await (
      await chokepoint.ask('concentration', {
        dataset: 'materials',
        importer: ['EU27', 'Germany', 'Japan'],
        period: ['2022', '2024'],
        min_value: 0,
      })
    ).rows()
    for (const importer of ['EU27', 'DEU', 'JPN'])
      for (const period of [202200, 202400])
        expect(rows.filter((row) => row.importer === importer && row.period === period).length).toBeGreaterThanOrEqual(
          28,
        )
    for (const row of rows) expect(row.hhi).toBeLessThanOrEqual(1)
    // Reconciled flows: what all importers buy is what all exporters sell, so the Union's purchases are at most its members'.
    const members = await (
      await chokepoint.ask('concentration', {
        dataset: 'materials',
        importer: ['EU27:members'],
        period: ['2024'],
        min_value: 0,
      })
    ).rows()
    const bloc = rows
      .filter((row) => row.importer === 'EU27' && row.period === 202400)
      .reduce((sum, row) => sum + row.value, 0)
    expect(bloc).toBeLessThanOrEqual(members.reduce((sum, row) => sum + row.value, 0))
  })
})
