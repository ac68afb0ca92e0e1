import { createReadStream } from 'node:fs'
import { open, stat, statfs } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Refusal } from '../refusal.ts'
import { head, tablesIn } from './intake.ts'

/** Bytes that a row takes where each purchase has one supplier, measured: while it is loaded, and of these once it is. */
const row = { loading: 95, loaded: 60 } as const
/** A row of Parquet as publishers have it. */
const rowOfParquet = 10
/** So much is loaded, or has filled the disk, before one would have read what is said of it. */
const little = 64_000_000
const sampled = 65_536

/** Bytes that a file unpacks to, 0 where it is read as it is, and about how many rows it has. */
interface Extent {
  readonly unpacked: number
  readonly rows: number
}

/**
 * Look whether a load will fit the disk that `folder` is on, by the sizes of its files and the length of their first lines.
 * @throws Refusal saying what is needed and what is free
 */
export async function checkRoom(home: string, folder: string, files: readonly string[]): Promise<void> {
  let [needed, kept] = [0, 0]
  for (const file of files) {
    // What cannot be opened is told of when it is read.
    const { unpacked, rows } = await extentOf(file).catch(() => ({ unpacked: 0, rows: 0 }))
    needed += unpacked + rows * row.loading
    kept += rows * row.loaded
  }
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (needed <= Math.max(free, little)) return
  throw new Refusal(
    'refused',
    'load/space',
    `${files.join(', ')}: the load needs about ${spoken(needed)} under ${home}, of which ${spoken(kept)} stay, and ${spoken(free)} are free. Nothing was loaded. Free disk there, load fewer files at a time, or set CHOKEPOINT_HOME to a folder on a larger disk`,
  )
}

const spoken = (bytes: number) => (bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`)

async function extentOf(file: string): Promise<Extent> {
  const { size } = await stat(file)
  const start = (await head(file)).toString('latin1')
  if (start.startsWith('PAR1')) return { unpacked: 0, rows: size / rowOfParquet }
  if (start.startsWith('PK')) return inArchive(file)
  if (start.startsWith('\x1f\x8b')) {
    const packed = createReadStream(file)
    const unpacked = await unpackedSize(file, size)
    return { unpacked, rows: unpacked / (await lineIn(packed.pipe(createGunzip()))) }
  }
  return { unpacked: 0, rows: size / (await lineIn(createReadStream(file, { end: sampled }))) }
}

async function inArchive(file: string): Promise<Extent> {
  let [unpacked, rows] = [0, 0]
  for await (const { size, open } of tablesIn(file)) {
    unpacked += size
    rows += size / (await lineIn(await open()))
  }
  return { unpacked, rows }
}

/** A gzip file's own word on its size; it counts to 4 GB and begins anew, so that a longer one may say too little. */
async function unpackedSize(file: string, size: number): Promise<number> {
  const handle = await open(file)
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, size - 4)
    return Math.max(size, buffer.readUInt32LE(0))
  } finally {
    await handle.close()
  }
}

/** The mean length of the first lines of a text, without its header where there are more. */
async function lineIn(text: Readable): Promise<number> {
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const part of text) {
      parts.push(part as Buffer)
      length += (part as Buffer).length
      if (length >= sampled) break
    }
  } finally {
    text.destroy()
  }
  const [, ...lines] = Buffer.concat(parts).toString('latin1').split('\n')
  const whole = lines.slice(0, -1)
  if (whole.length === 0) return Math.max(1, length)
  return whole.reduce((sum, line) => sum + line.length + 1, 0) / whole.length
}
