import { parentPort } from 'node:worker_threads'
import type { Done, Task } from './threads.ts'

/** What a thread does: one piece of work after the other, as it is told. */
parentPort?.on('message', async ({ module, name, given }: Task) => {
  const say = (said: Done) => parentPort?.postMessage(said)
  try {
    const work = (await import(module))[name] as (...given: readonly unknown[]) => unknown
    say({ found: work(...given) })
  } catch (error) {
    say({ error })
  }
})
