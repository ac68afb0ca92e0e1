import type { Asking } from './context.ts'

/** What was found of one question, and the run that found it, which knows what was read for that. */
export interface FoundOnce {
  readonly found: unknown
  readonly by: Asking
}

/** A finding with those that its doubts ask for, of two questions: what a page asks together. */
const mostFound = 8

/**
 * The last findings that several analyses share, by all that decides them: so none is ever outdated. One that is being found
 * stands here as well, so that who asks meanwhile waits for it; one that failed does not.
 */
export class FoundResults {
  readonly #found = new Map<string, Promise<FoundOnce>>()

  get(key: string): Promise<FoundOnce> | undefined {
    const one = this.#found.get(key)
    if (!one) return undefined
    // The one asked for longest ago is the first of the map.
    this.#found.delete(key)
    this.#found.set(key, one)
    return one
  }

  keep(key: string, one: Promise<FoundOnce>): void {
    this.#found.set(key, one)
    one.catch(() => {
      if (this.#found.get(key) === one) this.#found.delete(key)
    })
    const [oldest] = this.#found.keys()
    if (this.#found.size > mostFound && oldest !== undefined) this.#found.delete(oldest)
  }
}
