import type { Blocks } from '../../result.ts'

/** As much text as is sent at once. */
const chunk = 64 * 1024

/** Rows whose first block is there, and what lets go of them should nobody read on. */
export interface Begun {
  readonly blocks: Blocks
  readonly empty: boolean
  leave(): Promise<void>
}

/** Compute up to the first block, so that what goes wrong is known before anything is sent. */
export async function begin(blocks: Blocks): Promise<Begun> {
  const iterator = blocks[Symbol.asyncIterator]()
  let next = await iterator.next()
  const leave = async () => {
    await iterator.return?.()
  }
  async function* rest() {
    try {
      for (; !next.done; next = await iterator.next()) yield next.value
    } finally {
      await leave()
    }
  }
  return { blocks: rest(), empty: next.done === true, leave }
}

/** Rows up to a number of them; `more` says whether there was one beyond. */
export function upTo(blocks: Blocks, rows: number): { blocks: Blocks; more: () => boolean } {
  let seen = 0
  async function* taken() {
    for await (const block of blocks) {
      const wanted = block.slice(0, Math.max(0, rows - seen))
      seen += block.length
      if (wanted.length > 0) yield wanted
    }
  }
  return { blocks: taken(), more: () => seen > rows }
}

/** Text as a body, made as fast as its reader takes it. */
export function bodyOf(text: AsyncGenerator<string>, leave: () => Promise<void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream(
    {
      async pull(controller) {
        let gathered = ''
        while (gathered.length < chunk) {
          const next = await text.next()
          if (next.done) {
            if (gathered !== '') controller.enqueue(encoder.encode(gathered))
            controller.close()
            return
          }
          gathered += next.value
        }
        controller.enqueue(encoder.encode(gathered))
      },
      async cancel() {
        await leave()
        await text.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
}
