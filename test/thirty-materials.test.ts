import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadMaterials } from '../scripts/materials/dataset.ts'
import { exitsPage } from '../scripts/materials/exits.ts'
import { materialsPage, materialsTable } from '../scripts/materials/page.ts'
import { screenedPage, screenedTable } from '../scripts/materials/screened.ts'
import { open } from '../src/index.ts'
import { realData, temporaryHome } from './engines.ts'
import { sampleHome } from './samples.ts'

const afterChina = readFileSync(new URL('../docs/after-china.md', import.meta.url), 'utf8')
const screened = readFileSync(new URL('../docs/critical-materials-screened.md', import.meta.url), 'utf8')
const page = readFileSync(new URL('../docs/thirty-materials.md', import.meta.url), 'utf8')

describe('the page of thirty materials', () => {
  test('and its verdicts by nine methods say of single economies what the bundled sample says', async () => {
    await using chokepoint = await open({ home: await sampleHome() })
    for (const importer of ['DEU', 'USA', 'JPN', 'KOR', 'IND', 'GBR', 'CHN', 'RUS'])
      expect(screened).toContain(await screenedTable(chokepoint, 'critical-materials', importer))
  })

  test('niobium that the United States bought in 2024 has the value of each criterion that its flows give by hand', async () => {
    await using chokepoint = await open({ home: await sampleHome() })
    const rows = await (
      await chokepoint.ask('screen', {
        dataset: 'critical-materials',
        importer: ['USA'],
        product: ['720293'],
        period: ['2024'],
        min_value: 0,
        keep: 'all',
        years: 1,
        coalition: ['G7'],
      })
    ).rows()
    // Computed in exact fractions from the publisher's files, apart from this code.
    const byHand = {
      import_hhi: 0.5123423355999811,
      extra_share: null,
      imports_to_exports: 276_514_382 / 13_860_710,
      supplier_share: 0.5808987866678125,
      supplier_world_share: 0.7582645093909991,
      supplier_to_others: 0.19185636795498326,
      effective_supplier_ratio: 1.151908406208,
      world_hhi: 0.5901714432336813,
      world_hhi_without: 0.5949076138510018,
      lead_exporter_share: 0.7582645093909991,
      coalition_share: 0.41845756507522275,
      periods_held: 1,
    }
    const near = (value: number | null) => (value === null ? null : expect.closeTo(value, 9))
    for (const [measure, value] of Object.entries(byHand)) {
      const found = rows.filter((row) => row.measure === measure)
      expect(found.length, measure).toBeGreaterThan(0)
      for (const row of found) expect(row, measure).toMatchObject({ value: near(value), lead_supplier: 'BRA' })
    }
    expect(rows.every((row) => row.measure !== null && row.measure in byHand)).toBe(true)
    const verdicts = Object.fromEntries(rows.map((row) => [row.method, row.verdict]))
    expect(verdicts).toEqual({
      coalition: 'no',
      'ec-2021': 'yes',
      'ec-enhanced-like': 'yes',
      geodep: 'yes',
      goers: 'no',
      'hjs-2020': 'yes',
      'merics-2024': 'yes',
      'mgi-2023': 'yes',
      'oecd-like': 'no',
    })
  })

  test('says of Germany and Japan what the bundled sample says', async () => {
    await using chokepoint = await open({ home: await sampleHome() })
    for (const importer of ['DEU', 'JPN'])
      expect(page).toContain(await materialsTable(chokepoint, 'critical-materials', importer))
  })

  test.runIf(existsSync(realData))(
    'and those of verdicts and exits are what npm run compile-materials makes of the complete flows',
    async () => {
      const home = await temporaryHome()
      await using chokepoint = await open({ home })
      const { name } = await loadMaterials(chokepoint, realData, home)
      expect(page).toBe(await materialsPage(chokepoint, name))
      expect(screened).toBe(await screenedPage(chokepoint, name))
      expect(afterChina).toBe(await exitsPage(chokepoint, name))
    },
  )
})
