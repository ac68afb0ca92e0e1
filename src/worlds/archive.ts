import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'

/** A zip archive that is written as its entries come. The same entries make the same bytes. */
export interface Archive {
  /** Add a file and wait until it has been read: it may then go. */
  add(file: string, name: string): Promise<void>
  end(comment: string): Promise<void>
}

export function archive(path: string): Archive {
  const zip = new ZipFile()
  const written = pipeline(zip.outputStream as Readable, createWriteStream(path))
  // Whoever waits below hears of it; until then nobody does.
  written.catch(() => {})
  // The time of day is no part of a world; local time, for that is what an archive holds.
  const options = { mtime: new Date(2022, 0, 1), forceDosTimestamp: true }
  return {
    async add(file, name) {
      const stream = createReadStream(file, { highWaterMark: 1 << 20 })
      zip.addReadStream(stream, name, options)
      await Promise.race([once(stream, 'close'), written])
    },
    async end(comment) {
      zip.end({ forceZip64Format: false, comment })
      await written
    },
  }
}
