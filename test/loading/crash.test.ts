import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Chokepoint, open } from '../../src/index.ts'
import { temporaryHome } from '../engines.ts'
import { killLoads, leftovers, wholeVersion, writeVintages } from './killed-loads.ts'

const main = fileURLToPath(new URL('../../dist/faces/cli/main.js', import.meta.url))
const library = new URL('../../dist/', import.meta.url)

describe.runIf(existsSync(main))('a load that is killed', async () => {
  const home = await temporaryHome()
  let files: readonly [string, string]
  const start = (file: string) =>
    spawn(process.execPath, [main, 'load', file, '--as', 'flows'], {
      env: { ...process.env, CHOKEPOINT_HOME: home },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
  const ended = async (child: ReturnType<typeof start>) => {
    let told = ''
    child.stderr.on('data', (text) => {
      told += text
    })
    const [code] = await once(child, 'close')
    return { code, told }
  }
  let chokepoint: Chokepoint
  beforeAll(async () => {
    chokepoint = await open({ home })
    files = await writeVintages(home)
  })
  afterAll(() => chokepoint.close())

  const load = async (file: string) => (await chokepoint.load([file], { as: 'flows' })).version

  test('leaves the version before it or the new one, whole, whenever it is killed', async () => {
    const { before, after } = await killLoads(chokepoint, library, 12, 20_220_224)
    expect(before).toBeGreaterThan(after)
  }, 300_000)

  test('two loads of one name at once both end well, and the result is one of them', async () => {
    const [one, two] = [await load(files[0]), await load(files[1])]
    for (const pair of [files, [files[0], files[0]]]) {
      await chokepoint.remove('flows')
      const ends = await Promise.all(pair.map((file) => ended(start(file))))
      expect(
        ends.map((end) => end.code),
        ends.map((end) => end.told).join('\n'),
      ).toEqual([0, 0])
      await wholeVersion(chokepoint, [one, two])
    }
    await chokepoint.remove('flows')
    await Promise.all(files.map(load))
    await wholeVersion(chokepoint, [one, two])
    expect(await leftovers(home)).toEqual([])
  })

  test('an interrupted load says so, with the exit code of an interrupt, and leaves nothing', async () => {
    const version = await wholeVersion(chokepoint, [await load(files[0])])
    const stop = new AbortController()
    stop.abort()
    await expect(chokepoint.load([files[1]], { as: 'flows', signal: stop.signal })).rejects.toMatchObject({
      name: 'Refusal',
      kind: 'interrupted',
    })
    expect(await wholeVersion(chokepoint, [version])).toBe(version)
    expect(await leftovers(home)).toEqual([])
  })
})
