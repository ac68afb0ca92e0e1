/**
 * Writes docs/fidelity.md: `npm run fidelity`. Every published number that the data under CHOKEPOINT_TEST_DATA (default
 * ../shared/data) can test, ours beside it. With `-- --dataset NAME [--out FILE]` it prints the same of a dataset of full
 * BACI under CHOKEPOINT_HOME.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { open, Refusal } from '../src/index.ts'
import { fullBaciPage } from './fidelity/full-baci-page.ts'
import { fidelityPage, loadReach } from './fidelity/page.ts'

async function ofDataset(dataset: string, out: string | undefined): Promise<void> {
  await using chokepoint = await open()
  const page = await fullBaciPage(chokepoint, dataset)
  if (out) writeFileSync(out, page)
  else process.stdout.write(page)
}

async function ofReach(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'chokepoint-fidelity-'))
  const chokepoint = await open({ home })
  await loadReach(chokepoint, process.env['CHOKEPOINT_TEST_DATA'] ?? '../shared/data')
  writeFileSync('docs/fidelity.md', await fidelityPage(chokepoint, home))
  await chokepoint.close()
  rmSync(home, { recursive: true })
}

const { dataset, out } = parseArgs({ options: { dataset: { type: 'string' }, out: { type: 'string' } } }).values
try {
  await (dataset ? ofDataset(dataset, out) : ofReach())
} catch (error) {
  if (!(error instanceof Refusal)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
