import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { countedElsewhere, files } from '../scripts/sources/files.ts'
import { heading, outcomes } from '../scripts/sources/page.ts'
import { open } from '../src/index.ts'
import { realData, temporaryHome } from './engines.ts'

const here = existsSync(realData)
const page = () => readFileSync(new URL('../docs/sources.md', import.meta.url), 'utf8')
if (!here)
  process.stdout.write('The table of sources was not compared: set CHOKEPOINT_TEST_DATA to the folder of test data.\n')

test.runIf(here)(
  'docs/sources.md ends with what becomes of every file of the test data, each really loaded or refused',
  async () => {
    const about = /^(README\.md|PROVENANCE\.txt|LICENCE\.md)$/
    const held = readdirSync(realData, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !about.test(entry.name))
      .map((entry) => relative(realData, join(entry.parentPath, entry.name)))
    expect([...new Set(files.map(({ file }) => file))].sort()).toEqual(held.sort())
    await using chokepoint = await open({ home: await temporaryHome() })
    const loaded = files.filter(({ file }) => !countedElsewhere.has(file))
    const stated = (page().split(`${heading}\n`)[1] ?? '').trim().split('\n').slice(2)
    const cells = stated.map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )
    expect(cells.filter(([file = '']) => !countedElsewhere.has(file))).toEqual(
      await outcomes(chokepoint, realData, loaded),
    )
  },
  600_000,
)

test('docs/sources.md counts the lines of each source', () => {
  for (const [, file = '', lines] of page().matchAll(/\| `(src\/sources\/[\w-]+\.ts)` +\| (\d+) +\|/g))
    expect([file, readFileSync(new URL(`../${file}`, import.meta.url), 'utf8').split('\n').length - 1]).toEqual([
      file,
      Number(lines),
    ])
  const sources = readdirSync(new URL('../src/sources', import.meta.url)).filter(
    (name) => !/^(index|source)\.ts$/.test(name),
  )
  for (const name of sources) expect(page()).toContain(`src/sources/${name}`)
})
