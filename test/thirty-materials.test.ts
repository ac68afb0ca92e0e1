import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadMaterials } from '../scripts/materials/dataset.ts'
import { exitsPage } from '../scripts/materials/exits.ts'
import { materialsPage, materialsTable } from '../scripts/materials/page.ts'
import { open } from '../src/index.ts'
import { loadSamples } from '../src/sample.ts'
import { realData, temporaryHome } from './engines.ts'

const afterChina = readFileSync(new URL('../docs/after-china.md', import.meta.url), 'utf8')
const page = readFileSync(new URL('../docs/thirty-materials.md', import.meta.url), 'utf8')

describe('the page of thirty materials', () => {
  test('says of Germany and Japan what the bundled sample says', async () => {
    await using chokepoint = await open({ home: await temporaryHome() })
    await loadSamples(chokepoint)
    for (const importer of ['DEU', 'JPN'])
      expect(page).toContain(await materialsTable(chokepoint, 'critical-materials', importer))
  })

  test.runIf(existsSync(realData))(
    'and that of exits are what npm run compile-materials makes of the complete flows',
    async () => {
      const home = await temporaryHome()
      await using chokepoint = await open({ home })
      const { name } = await loadMaterials(chokepoint, realData, home)
      expect(page).toBe(await materialsPage(chokepoint, name))
      expect(afterChina).toBe(await exitsPage(chokepoint, name))
    },
  )
})
