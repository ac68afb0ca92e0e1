import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Chokepoint, open, Refusal } from '../../src/index.ts'
import { flowsOf, temporaryHome } from '../engines.ts'
import { hostileFiles, hostileMapping, iso2 } from './hostile-files.ts'

describe.concurrent('a hostile file loads with an exact account, or is refused by name with a remedy', async () => {
  const home = await temporaryHome()
  let chokepoint: Chokepoint
  beforeAll(async () => {
    chokepoint = await open({ home, limits: { threads: 1 } })
  })
  afterAll(() => chokepoint.close())
  let number = 0

  /** Load a file with a mapping of its own, under a name of its own. */
  async function load(content: string | Buffer, file = 'case.csv', more?: string) {
    const name = `case-${number++}`
    const folder = join(home, name)
    await mkdir(folder)
    const mapping = join(folder, 'mapping.yaml')
    await writeFile(mapping, hostileMapping(more))
    await writeFile(join(folder, file), content)
    return flowsOf(chokepoint.load([join(folder, file)], { as: name, mapping }))
  }

  for (const [name, content, expected, file, more] of hostileFiles) {
    test(name, async () => {
      if (expected instanceof RegExp) {
        const refusal = await load(content, file, more).then(
          (manifest) => expect.unreachable(`it loaded: ${JSON.stringify(manifest.account.rows)}`),
          (error: unknown) => error as Error,
        )
        expect(refusal).toBeInstanceOf(Refusal)
        expect(refusal.message).toContain(file ?? 'case.csv')
        expect(refusal.message).toMatch(expected)
        return
      }
      const manifest = await load(content, file, more)
      const { rows } = manifest.account
      const rejects = await chokepoint.rejects(manifest.name)
      expect([rows.in, rows.kept, rows.aside, rows.rejected], JSON.stringify(rejects)).toEqual(expected.rows)
      expect(rows.in).toBe(rows.kept + rows.aside + rows.rejected)
      expect(rejects).toHaveLength(rows.rejected)
      expect(manifest.files.map((one) => one.file)).toEqual([file ?? 'case.csv'])
      for (const [index, [line, reason]] of (expected.rejects ?? []).entries()) {
        expect(rejects[index]?.line === null ? null : Number(rejects[index]?.line)).toBe(line)
        expect(rejects[index]?.reason).toMatch(reason)
      }
      if (expected.value !== undefined) {
        const { kept } = manifest.account.value
        expect(kept).toBe(expected.value)
      }
      if (expected.encoding) expect(manifest.files[0]?.encoding).toBe(expected.encoding)
      expect((await chokepoint.verify(manifest.name)).every((checked) => checked.sound)).toBe(true)
    })
  }

  test('Namibia, not nothing', async () => {
    expect((await load(iso2, 'case.csv', 'codes: iso2')).importers).toEqual(['NAM'])
  })

  test('an empty folder and a missing file are refused', async () => {
    await mkdir(join(home, 'nothing'))
    for (const path of ['nothing', 'absent.csv'])
      await expect(chokepoint.load([join(home, path)], { as: 'none' })).rejects.toMatchObject({
        name: 'Refusal',
        message: expect.stringContaining(path),
      })
  })
})
