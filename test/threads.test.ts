import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

const built = new URL('../dist/', import.meta.url).href

/** Run a module's text in a process of its own, over the built library: threads read compiled modules. */
async function told(text: string): Promise<unknown> {
  const heading = `
    import { Threads } from '${built}threads/threads.js'
    import { inTurn, work } from '${built}threads/work.js'
    import { growthPermutations } from '${built}measures/listed-growth.js'
    const slowly = (value) => { const from = performance.now(); while (performance.now() - from < 60); return value }
    const tell = (value) => console.log(JSON.stringify(value))
    const failure = (promise) => promise.then(() => 'none', (error) => error.message)
  `
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', `${heading}\n${text}`])
  return JSON.parse(stdout)
}

describe('threads', () => {
  test('the same bytes for any number of them, while the thread that asked goes on', async () => {
    const found = (await told(`
      const units = (hub) => Array.from({ length: 2000 }, (_, place) =>
        ({ listed: place % 2 === 0, before: (place * 7919 + hub) % 1000 * 1e4, post: (place * 104729 + hub) % 1000 * 1e4 }))
      const tasks = Array.from({ length: 16 }, (_, hub) => [units(hub), 2000, hub, 10000])
      const from = performance.now()
      const found = [await inTurn(growthPermutations, tasks)]
      const alone = performance.now() - from
      let [last, pause] = [performance.now(), 0]
      const beat = setInterval(() => { pause = Math.max(pause, performance.now() - last); last = performance.now() }, 1)
      for (const most of [1, 2, 3]) {
        const threads = new Threads(most)
        found.push(await threads.run(growthPermutations, tasks))
        await threads.close()
      }
      clearInterval(beat)
      const digests = found.map((all) => JSON.stringify(all.map((one) => ({ ...one, by_lot: [...one.by_lot] }))))
      tell({ like: digests.map((one) => one === digests[0]), alone, pause, count: found[0].length })
    `)) as { like: boolean[]; alone: number; pause: number; count: number }
    expect(found.like).toEqual([true, true, true, true])
    expect(found.count).toBe(16)
    expect(found.pause).toBeLessThan(found.alone / 2)
  })

  test('they are started once there is much to do, and end with the process', async () => {
    expect(
      await told(`
        import { threadId } from 'node:worker_threads'
        const where = 'data:text/javascript,import { threadId } from "node:worker_threads"; export const at = () => threadId'
        const threads = new Threads(2)
        const little = await threads.run(work(where, 'at', () => threadId), [[], [], []])
        const much = await threads.run(work(where, 'at', () => slowly(threadId)), [[], [], []])
        tell([little, much.map((id) => id > 0)])
      `),
    ).toEqual([
      [0, 0, 0],
      [false, true, true],
    ])
  })

  test('what goes wrong in one is said where it was asked, and others are not held up by it', async () => {
    expect(
      await told(`
        const where = 'data:text/javascript,export const odd = (n) => { if (n > 1) throw new Error("odd " + n); return n }'
        const threads = new Threads(1)
        const odd = work(where, 'odd', slowly)
        const said = await failure(threads.run(odd, [[1], [2], [3]]))
        const again = await threads.run(odd, [[0], [1]])
        const absent = await failure(threads.run(work(where, 'absent', slowly), [[1], [2]]))
        const dead = await failure(threads.run(work('data:text/javascript,export const end = () => process.exit(3)', 'end', slowly), [[1], [2]]))
        const after = await threads.run(odd, [[0], [1]])
        tell([said, again, absent !== 'none', dead !== 'none', after])
      `),
    ).toEqual(['odd 2', [0, 1], true, true, [0, 1]])
  })

  test('a run that is begun later does not wait for a long one to end, and one that takes too long is refused', async () => {
    expect(
      await told(`
        const where = 'data:text/javascript,export const wait = () => { const from = Date.now(); while (Date.now() - from < 50); }'
        const threads = new Threads(1, 3)
        const wait = work(where, 'wait', slowly)
        const ended = []
        const run = (name, count) =>
          threads.run(wait, Array(count).fill([])).then(() => ended.push(name), ({ code }) => ended.push(name + ' ' + code))
        await Promise.all([run('long', 8), run('short', 2), run('endless', 1000)])
        await threads.close()
        tell(ended)
      `),
    ).toEqual(['short', 'long', 'endless engine/time'])
  })

  test('a question that is given up does no more, and none is done once they are closed', async () => {
    expect(
      await told(`
        const where = 'data:text/javascript,export const wait = () => { const from = Date.now(); while (Date.now() - from < 300); }'
        const threads = new Threads(1)
        const wait = work(where, 'wait', slowly)
        const from = performance.now()
        const given = failure(threads.run(wait, Array(40).fill([]), AbortSignal.timeout(200)))
        const aborted = await given
        const took = performance.now() - from
        const closing = failure(threads.run(wait, Array(40).fill([])))
        await new Promise((resolve) => setTimeout(resolve, 200))
        await threads.close()
        tell([aborted, took < 3000, await closing, await failure(threads.run(wait, [[], []]))])
      `),
    ).toEqual([
      'The operation was aborted due to timeout',
      true,
      'closed before it was done',
      'closed before it was done',
    ])
  })
})
