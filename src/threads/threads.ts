import { Worker } from 'node:worker_threads'
import { type Work, withPauses } from './work.ts'

/** What takes no longer is not worth a thread: milliseconds, about what one takes to start. */
const shortWork = 40

const closed = () => new Error('closed before it was done')

/** What a thread is told to do. */
export interface Task {
  readonly module: string
  readonly name: string
  readonly given: readonly unknown[]
}

/** What a thread says of it. */
export type Done = { readonly found: unknown } | { readonly error: unknown }

interface Waiting {
  readonly task: Task
  readonly signal: AbortSignal | undefined
  done(said: Done): void
}

/** A thread and what it is at. */
interface Thread {
  readonly worker: Worker
  at: Waiting | undefined
}

/**
 * Threads for regressions, permutations and searches on small tables, so that who serves others goes on doing so. Started
 * when first there is enough to do, and kept for what comes next. What is found does not depend on how many there are.
 */
export class Threads {
  readonly #most: number
  #threads: Thread[] = []
  #waiting: Waiting[] = []
  #closed = false

  /** @param most how many */
  constructor(most: number) {
    this.#most = most
  }

  /**
   * Do a piece of work for each of what is given: the first of them here, all others in threads where there is much to do.
   * @returns what was found, in the order of what was given
   * @throws what the work throws, or the signal's reason
   */
  async run<Given extends readonly unknown[], Found>(
    work: Work<Given, Found>,
    given: readonly Given[],
    signal?: AbortSignal,
  ): Promise<Found[]> {
    // A thread reads compiled modules: from their source, as tests run, all is done here.
    const alone = work.module.endsWith('.ts')
    const first = await withPauses(work, given, signal, alone ? undefined : performance.now() + shortWork)
    const others = given.slice(first.length).map((one) => this.#ask<Found>(work, one, signal))
    const found = [...first, ...(await Promise.all(others))]
    signal?.throwIfAborted()
    return found
  }

  #ask<Found>({ module, name }: Pick<Task, 'module' | 'name'>, given: readonly unknown[], signal?: AbortSignal) {
    return new Promise<Found>((resolve, reject) => {
      const done = (said: Done) => ('found' in said ? resolve(said.found as Found) : reject(said.error))
      if (this.#closed) done({ error: closed() })
      else this.#waiting.push({ task: { module, name, given }, signal, done })
      this.#next()
    })
  }

  /** Give what waits to threads that are free, and start one where none is and another may be. */
  #next(): void {
    while (this.#waiting.length > 0 && !this.#closed) {
      const free =
        this.#threads.find(({ at }) => !at) ?? (this.#threads.length < this.#most ? this.#started() : undefined)
      if (!free) return
      const next = this.#waiting.shift() as Waiting
      if (next.signal?.aborted) next.done({ error: next.signal.reason })
      else {
        free.at = next
        // A process waits for what a thread is at, not for one that is at nothing.
        free.worker.ref()
        free.worker.postMessage(next.task)
      }
    }
  }

  #started(): Thread {
    // What the process was told of how to read its own text is not said of this one.
    const thread: Thread = {
      worker: new Worker(new URL('./thread.js', import.meta.url), { execArgv: [] }),
      at: undefined,
    }
    const over = (said: Done) => {
      const { at } = thread
      thread.at = undefined
      thread.worker.unref()
      at?.done(said)
      this.#next()
    }
    const ended = (error: unknown) => {
      this.#threads = this.#threads.filter((one) => one !== thread)
      over({ error })
    }
    thread.worker.on('message', over)
    thread.worker.on('error', ended)
    thread.worker.on('exit', (code) => ended(new Error(`a thread ended with ${code}`)))
    this.#threads.push(thread)
    return thread
  }

  /** End all threads. What waits, or is being done, is given up. */
  async close(): Promise<void> {
    this.#closed = true
    const given = [...this.#threads.flatMap(({ at }) => at ?? []), ...this.#waiting]
    this.#waiting = []
    for (const { done } of given) done({ error: closed() })
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
  }
}
