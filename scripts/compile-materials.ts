/**
 * Writes docs/thirty-materials.md, docs/critical-materials-screened.md and docs/after-china.md:
 * `npm run compile-materials`. Reads the complete BACI flows under CHOKEPOINT_TEST_DATA (default ../shared/data).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from '../src/index.ts'
import { loadMaterials } from './materials/dataset.ts'
import { exitsPage } from './materials/exits.ts'
import { materialsPage } from './materials/page.ts'
import { screenedPage } from './materials/screened.ts'

const home = mkdtempSync(join(tmpdir(), 'chokepoint-materials-'))
const chokepoint = await open({ home })
const { name } = await loadMaterials(chokepoint, process.env['CHOKEPOINT_TEST_DATA'] ?? '../shared/data', home)
writeFileSync('docs/thirty-materials.md', await materialsPage(chokepoint, name))
writeFileSync('docs/critical-materials-screened.md', await screenedPage(chokepoint, name))
writeFileSync('docs/after-china.md', await exitsPage(chokepoint, name))
await chokepoint.close()
rmSync(home, { recursive: true })
