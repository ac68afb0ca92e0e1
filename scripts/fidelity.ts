/**
 * Writes docs/fidelity.md: `npm run fidelity`. Every published number that the data under CHOKEPOINT_TEST_DATA (default
 * ../shared/data) can test, ours beside it.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from '../src/index.ts'
import { fidelityPage, loadReach } from './fidelity/page.ts'

const home = mkdtempSync(join(tmpdir(), 'chokepoint-fidelity-'))
const chokepoint = await open({ home })
await loadReach(chokepoint, process.env['CHOKEPOINT_TEST_DATA'] ?? '../shared/data')
writeFileSync('docs/fidelity.md', await fidelityPage(chokepoint, home))
await chokepoint.close()
rmSync(home, { recursive: true })
