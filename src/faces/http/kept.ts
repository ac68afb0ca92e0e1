/** Answers that are kept, in bytes: each, and all together. */
const largestKept = 1024 * 1024
const mostKept = 64 * 1024 * 1024

/** An answer as it was sent. */
export interface Sent {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

/** The last answers by keys that change with whatever an answer depends on: so none is ever outdated. */
export class KeptAnswers {
  readonly #answers = new Map<string, Sent>()
  #bytes = 0

  get(key: string): Sent | undefined {
    const sent = this.#answers.get(key)
    if (!sent) return undefined
    // The one asked for longest ago is the first of the map.
    this.#answers.delete(key)
    this.#answers.set(key, sent)
    return sent
  }

  #keep(key: string, sent: Sent): void {
    this.#bytes += sent.body.length - (this.#answers.get(key)?.body.length ?? 0)
    this.#answers.delete(key)
    this.#answers.set(key, sent)
    for (const [oldest, { body }] of this.#answers) {
      if (this.#bytes <= mostKept) return
      this.#answers.delete(oldest)
      this.#bytes -= body.length
    }
  }

  /** A body that is kept once it was sent whole, unless it is large. */
  keeping(key: string, headers: Readonly<Record<string, string>>, body: ReadableStream<Uint8Array>) {
    const parts: Uint8Array[] = []
    let bytes = 0
    return body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (part, controller) => {
          bytes += part.length
          if (bytes <= largestKept) parts.push(part)
          controller.enqueue(part)
        },
        flush: () => {
          if (bytes <= largestKept) this.#keep(key, { headers, body: new Uint8Array(Buffer.concat(parts)) })
        },
      }),
    )
  }
}
