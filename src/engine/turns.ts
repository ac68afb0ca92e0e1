/** A question that reads more rows than these has its turn among the heavy ones. */
const lightestHeavy = 1_500_000
/** How long a light question keeps others waiting, in milliseconds, should it prove heavier than it looked. */
const patience = 1_000
/** Light questions that outstay it go on beside the others, up to so many. */
const mostOverstaying = 2

interface Waiting {
  readonly light: boolean
  readonly start: (place: Place) => void
}

/** A place among those that compute; free again once left, however often that is said. */
export class Place {
  readonly #freed: () => void
  #left = false

  constructor(freed: () => void) {
    this.#freed = freed
  }

  leave(): void {
    if (this.#left) return
    this.#left = true
    this.#freed()
  }
}

/**
 * Who computes when. One heavy question at a time, and beside it one light one, each in the order of asking: so light
 * questions never wait for heavy ones, however many of these there are. A light question may also have the heavy place
 * while nobody heavy waits.
 */
export class Turns {
  #waiting: Waiting[] = []
  #light = false
  #heavy = false
  #overstaying = 0

  /**
   * Wait for a turn.
   * @param reads rows that the question is expected to read
   * @throws the signal's reason where the caller gives up first
   */
  take(reads: number, signal?: AbortSignal): Promise<Place> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const giveUp = () => {
        this.#waiting = this.#waiting.filter((one) => one !== waiting)
        reject(signal?.reason)
      }
      const waiting: Waiting = {
        light: reads < lightestHeavy,
        start: (place) => {
          signal?.removeEventListener('abort', giveUp)
          resolve(place)
        },
      }
      signal?.addEventListener('abort', giveUp, { once: true })
      this.#waiting.push(waiting)
      this.#next()
    })
  }

  #next(): void {
    if (!this.#light) this.#start((one) => one.light, 'light')
    if (!this.#heavy) this.#start((one) => !one.light, 'heavy')
    if (!this.#heavy) this.#start((one) => one.light, 'heavy')
  }

  #start(fits: (one: Waiting) => boolean, kind: 'light' | 'heavy'): void {
    const first = this.#waiting.find(fits)
    if (!first) return
    this.#waiting = this.#waiting.filter((one) => one !== first)
    if (kind === 'heavy') {
      this.#heavy = true
      first.start(
        new Place(() => {
          this.#heavy = false
          this.#next()
        }),
      )
      return
    }
    this.#light = true
    let free = () => {
      this.#light = false
    }
    const clock = setTimeout(() => {
      if (this.#overstaying >= mostOverstaying) return
      this.#overstaying += 1
      this.#light = false
      free = () => {
        this.#overstaying -= 1
      }
      this.#next()
    }, patience)
    first.start(
      new Place(() => {
        clearTimeout(clock)
        free()
        this.#next()
      }),
    )
  }
}
