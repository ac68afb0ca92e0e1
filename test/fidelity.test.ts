import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fidelityPage, loadReach } from '../scripts/fidelity/page.ts'
import { open } from '../src/index.ts'
import { realData, temporaryHome } from './engines.ts'

test.runIf(existsSync(realData))('docs/fidelity.md is what npm run fidelity makes of the real data', async () => {
  const home = await temporaryHome()
  await using chokepoint = await open({ home })
  await loadReach(chokepoint, realData)
  const page = readFileSync(new URL('../docs/fidelity.md', import.meta.url), 'utf8')
  expect(page).toBe(await fidelityPage(chokepoint, home))
  expect(page).not.toContain('contradicted')
})
