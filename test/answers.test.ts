import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { librariesHolding } from './engines.ts'

const exporters = ['CHN', 'DEU', 'FRA', 'JPN', 'KOR']
const libraries = await librariesHolding(exporters.map((exporter, place) => ({ exporter, value: 5_000_000 + place })))
const question = { importer: ['USA'], product: ['850650'], period: ['2022'] }

describe.each(libraries)('an answer on %s', (_, library) => {
  test('is the same in pages as whole, and knows how many rows it has', async () => {
    const answer = await library.ask('suppliers', question)
    const whole = await answer.rows()
    expect(await answer.count()).toBe(5)
    const pages = await Promise.all([0, 2, 4, 6].map((start) => answer.rows(undefined, { start, rows: 2 })))
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1, 0])
    expect(pages.flat()).toEqual(whole)
  })
})

describe('an identity', () => {
  const [, library] = libraries[0] as (typeof libraries)[number]
  const identity = (given: object, columns?: string[]) =>
    library.identity('suppliers', { ...question, ...given }, columns ? { columns } : {})

  test('is the same for the same question, however its defaults are written', async () => {
    expect(await identity({ min_value: 1_000_000, dataset: '' })).toBe(await identity({}))
  })

  test('moves with parameters, columns and a user’s own lists', async () => {
    const before = await identity({})
    expect(await identity({ min_value: 1 })).not.toBe(before)
    expect(await identity({}, ['supplier'])).not.toBe(before)
    const own = {
      groups: 'kind: economies\ngroup: MINE\ntitle: Mine\nsource: me\nmembers: [DEU]\n',
      methods:
        'name: mine\nshort: ME\ntitle: Mine\nsource: me\ncriteria: [{ measure: import_hhi, operator: ">", threshold: 1/2 }]\n',
    }
    const moved = [before]
    for (const [folder, text] of Object.entries(own)) {
      await mkdir(join(library.home, folder, 'a folder among them'), { recursive: true })
      await writeFile(join(library.home, folder, 'mine.yaml'), text)
      moved.push(await identity({}))
    }
    expect(new Set(moved).size).toBe(3)
  })

  test('is refused as the question would be', async () => {
    await expect(identity({ dataset: 'absent' })).rejects.toThrow('No dataset "absent"')
    await expect(library.identity('supliers', {})).rejects.toThrow('No analysis "supliers"')
    await expect(identity({}, [''])).rejects.toThrow('no column ""')
  })
})

test('an answer ends with whoever asked', async () => {
  const [, library] = libraries[0] as (typeof libraries)[number]
  const leaving = new AbortController()
  const answer = await library.ask('suppliers', question, { signal: leaving.signal })
  leaving.abort()
  await expect(answer.rows()).rejects.toMatchObject({ kind: 'interrupted' })
  await expect(
    library.ask('dominance', { ...question, exit: ['CHN'] }, { signal: leaving.signal }),
  ).rejects.toMatchObject({
    kind: 'interrupted',
  })
})
