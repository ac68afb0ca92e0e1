/**
 * Writes the table at the end of docs/sources.md: `npm run compile-sources`. Every file of the folder of test data is
 * loaded, by its source or a mapping in docs/mappings, or refused.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from '../src/index.ts'
import { heading, outcomes, tableOf } from './sources/page.ts'

const home = mkdtempSync(join(tmpdir(), 'chokepoint-sources-'))
const chokepoint = await open({ home })
const table = tableOf(await outcomes(chokepoint, process.env['CHOKEPOINT_TEST_DATA'] ?? '../shared/data'))
const page = readFileSync('docs/sources.md', 'utf8')
writeFileSync('docs/sources.md', `${page.slice(0, page.indexOf(heading) + heading.length)}\n${table}`)
await chokepoint.close()
rmSync(home, { recursive: true })
