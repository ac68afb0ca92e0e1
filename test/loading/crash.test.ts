import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Chokepoint, open } from '../../src/index.ts'
import { temporaryHome } from '../engines.ts'

const main = fileURLToPath(new URL('../../dist/faces/cli/main.js', import.meta.url))
const kills = 20

/** Numbers from 0 to 1, the same each time (Park and Miller). */
function* drawn(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (state * 48_271) % 2_147_483_647
    yield state / 2_147_483_647
  }
}

const table = (value: number) =>
  `t,i,j,k,v,q\n${Array.from({ length: 2000 }, (_, at) => `2022,156,276,${850_000 + at},${value}.125,1.5`).join('\n')}\n`

describe.runIf(existsSync(main))('a load that is killed', async () => {
  const home = await temporaryHome()
  const file = (name: string) => join(home, `BACI_HS17_Y2022_V${name}.csv`)
  const start = (name: string) =>
    spawn(process.execPath, [main, 'load', file(name), '--as', 'flows'], {
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
  const leftovers = async () =>
    (await readdir(join(home, 'datasets', 'flows'))).filter((entry) => !/^(current|[0-9a-f]{12})$/.test(entry))
  let chokepoint: Chokepoint
  beforeAll(async () => {
    chokepoint = await open({ home })
    await writeFile(file('202201'), table(1))
    await writeFile(file('202202'), table(2))
  })
  afterAll(() => chokepoint.close())

  /** The dataset as it stands must be one of these, with every byte that its manifest promises. */
  async function expectWhole(versions: readonly string[]) {
    const manifest = await chokepoint.dataset('flows')
    expect(versions).toContain(manifest.version)
    expect(manifest.account.rows).toMatchObject({ in: 2000, kept: 2000 })
    expect((await chokepoint.verify('flows')).filter((checked) => !checked.sound)).toEqual([])
    expect(await chokepoint.datasets()).toHaveLength(1)
    return manifest.version
  }

  test('leaves the version before it or the new one, whole, whenever it is killed', async () => {
    const whole = (await chokepoint.load([file('202202')], { as: 'flows' })).version
    await chokepoint.remove('flows')
    const before = (await chokepoint.load([file('202201')], { as: 'flows' })).version
    expect(whole).not.toBe(before)
    // The whole duration is that of a load that is left alone, the process's start included.
    const began = performance.now()
    expect(await ended(start('202202'))).toMatchObject({ code: 0 })
    const duration = performance.now() - began
    expect(await expectWhole([whole])).toBe(whole)
    await chokepoint.remove('flows')
    await chokepoint.load([file('202201')], { as: 'flows' })
    const random = drawn(20_220_224)
    let killed = 0
    for (let turn = 0; turn < kills; turn += 1) {
      const child = start('202202')
      const closed = ended(child)
      // One draw in each twentieth of the duration, so that no phase is left out.
      await pause(((turn + (random.next().value as number)) / kills) * duration)
      if (child.kill('SIGKILL')) killed += 1
      await closed
      const version = await expectWhole([before, whole])
      if (version === whole) {
        await chokepoint.remove('flows')
        await chokepoint.load([file('202201')], { as: 'flows' })
      }
    }
    expect(killed).toBeGreaterThan(kills / 2)
    expect((await chokepoint.load([file('202202')], { as: 'flows' })).version).toBe(whole)
    expect(await leftovers()).toEqual([])
  })

  test('two loads of one name at once both end well, and the result is one of them', async () => {
    const one = (await chokepoint.load([file('202201')], { as: 'flows' })).version
    const two = (await chokepoint.load([file('202202')], { as: 'flows' })).version
    for (const pair of [
      ['202201', '202202'],
      ['202201', '202201'],
    ] as const) {
      await chokepoint.remove('flows')
      const ends = await Promise.all(pair.map((name) => ended(start(name))))
      expect(
        ends.map((end) => end.code),
        ends.map((end) => end.told).join('\n'),
      ).toEqual([0, 0])
      await expectWhole([one, two])
    }
    await chokepoint.remove('flows')
    await Promise.all(['202201', '202202'].map((name) => chokepoint.load([file(name)], { as: 'flows' })))
    await expectWhole([one, two])
    expect(await leftovers()).toEqual([])
  })

  test('an interrupted load says so, with the exit code of an interrupt, and leaves nothing', async () => {
    const version = await expectWhole([(await chokepoint.load([file('202201')], { as: 'flows' })).version])
    const stop = new AbortController()
    stop.abort()
    await expect(chokepoint.load([file('202202')], { as: 'flows', signal: stop.signal })).rejects.toMatchObject({
      name: 'Refusal',
      kind: 'interrupted',
    })
    expect(await expectWhole([version])).toBe(version)
    expect(await leftovers()).toEqual([])
  })
})
