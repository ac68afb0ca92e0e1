import { Worker } from 'node:worker_threads'
import { tookTooLong } from '../limits.ts'
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
  readonly signal: AbortSignal
  done(said: Done): void
}

/** A thread and what it is at. */
interface Thread {
  readonly worker: Worker
  at: Waiting | undefined
}

/**
 * Threads for regressions, permutations and searches on small tables, so that who serves others goes on doing so. Started
 * when first there is enough to do, and kept for what comes next. Runs take turns, so that none waits for a long one to end.
 * What is found does not depend on how many threads there are.
 */
export class Threads {
  readonly #most: number
  readonly #seconds: number | undefined
  #threads: Thread[] = []
  /** What each run has left, that whose turn is next first. */
  #waiting: Waiting[][] = []
  #closed = false

  /**
   * @param most how many
   * @param seconds that a run may take
   */
  constructor(most: number, seconds?: number) {
    this.#most = most
    this.#seconds = seconds
  }

  /**
   * Do a piece of work for each of what is given: the first of them here, all others in threads where there is much to do.
   * @returns what was found, in the order of what was given
   * @throws what the work throws, or the signal's reason; Refusal where it takes too long
   */
  async run<Given extends readonly unknown[], Found>(
    work: Work<Given, Found>,
    given: readonly Given[],
    signal?: AbortSignal,
  ): Promise<Found[]> {
    // A thread reads compiled modules: from their source, as tests run, all is done here.
    const alone = work.module.endsWith('.ts')
    const late = new AbortController()
    const seconds = this.#seconds
    const clock = seconds && setTimeout(() => late.abort(tookTooLong(seconds)), seconds * 1000)
    const ended = AbortSignal.any(signal ? [signal, late.signal] : [late.signal])
    try {
      const first = await withPauses(work, given, ended, alone ? undefined : performance.now() + shortWork)
      const found = [...first, ...(await this.#ask<Found>(work, given.slice(first.length), ended))]
      ended.throwIfAborted()
      return found
    } finally {
      clearTimeout(clock)
    }
  }

  #ask<Found>(
    { module, name }: Pick<Task, 'module' | 'name'>,
    given: readonly (readonly unknown[])[],
    signal: AbortSignal,
  ): Promise<Found[]> {
    const waiting: Waiting[] = []
    const found = given.map(
      (one) =>
        new Promise<Found>((resolve, reject) => {
          const done = (said: Done) => ('found' in said ? resolve(said.found as Found) : reject(said.error))
          if (this.#closed) done({ error: closed() })
          else waiting.push({ task: { module, name, given: one }, signal, done })
        }),
    )
    if (waiting.length > 0) this.#waiting.push(waiting)
    this.#next()
    return Promise.all(found)
  }

  /** Give what waits to threads that are free, and start one where none is and another may be. */
  #next(): void {
    while (this.#waiting.length > 0 && !this.#closed) {
      const free =
        this.#threads.find(({ at }) => !at) ?? (this.#threads.length < this.#most ? this.#started() : undefined)
      if (!free) return
      const turn = this.#waiting.shift() as Waiting[]
      const next = turn.shift() as Waiting
      if (turn.length > 0) this.#waiting.push(turn)
      if (next.signal.aborted) next.done({ error: next.signal.reason })
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
    const given = [...this.#threads.flatMap(({ at }) => at ?? []), ...this.#waiting.flat()]
    this.#waiting = []
    for (const { done } of given) done({ error: closed() })
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
  }
}
