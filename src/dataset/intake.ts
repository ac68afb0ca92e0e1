import { isUtf8 } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, type Stats } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createGunzip } from 'node:zlib'
import yauzl from 'yauzl'
import { Refusal } from '../refusal.ts'
import { fingerprint } from './fingerprint.ts'
import { isOfMachine } from './machine-failure.ts'
import type { SheetChoice } from './workbook.ts'

/** A publisher's file made ready: plain UTF-8 text, JSON or Parquet on this disk, with what it was. */
export interface Prepared {
  /** As the user knows it; for an archive `archive.zip/entry.csv`. */
  readonly name: string
  readonly path: string
  readonly format: 'text' | 'json' | 'parquet'
  readonly bytes: number
  readonly sha256: string
  readonly encoding: string
  /** Bytes of the user's files that it takes up, packed as they came. */
  readonly packed: number
  /** The line of the publisher's file in which the first line stands, where that is not 1: the header of a sheet. */
  readonly headerLine?: number
}

const largestUnpacked = 40_000_000_000
const largestRatio = 400
const longestLine = 2_000_000
const block = 1 << 20
/** Documents have fewer parts. */
const mostEntries = 10_000
const nested = new Set(['.zip', '.gz', '.tgz', '.tar', '.7z', '.xz', '.bz2', '.zst', '.rar'])

const refuse = (code: string, message: string) => new Refusal('refused', `intake/${code}`, message)

/** Files named by the user, folders opened, in the order of their names. */
export async function filesOf(paths: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const path of paths) {
    let about: Stats
    try {
      about = await stat(path)
    } catch {
      throw refuse('missing', `${path}: no such file or folder`)
    }
    if (about.isDirectory()) {
      const names = (await readdir(path))
        .sort()
        .filter((name) => /\.(csv|tsv|txt|gz|zip|parquet|json|xlsx|xlsm)$/i.test(name))
      if (names.length === 0)
        throw refuse('empty-folder', `${path}: no CSV, TSV, gzip, zip, Parquet, JSON or XLSX file in this folder`)
      found.push(...names.map((name) => join(path, name)))
    } else if (about.isFile()) {
      found.push(path)
    } else throw refuse('not-a-file', `${path}: neither a file nor a folder`)
  }
  return found
}

/** Open archives and workbooks, undo compression and foreign encodings into `folder`, and fingerprint each file. */
export async function* prepare(
  files: readonly string[],
  folder: string,
  choice: SheetChoice = { sheets: undefined, header_row: undefined },
): AsyncGenerator<Prepared> {
  let number = 0
  for (const file of files) {
    const size = (await stat(file)).size
    if (size === 0) throw refuse('empty', `${file}: the file is empty`)
    const start = await head(file)
    const sha256 = await fingerprint(file)
    const name = basename(file)
    const archive = start[0] === 0x50 && start[1] === 0x4b
    if (archive && (await isWorkbook(file, size))) {
      // What reads workbooks takes a seventh of a second to be read itself.
      const { sheetsOf } = await import('./workbook.ts')
      let packed = size
      for await (const sheet of sheetsOf(file, folder, choice)) {
        yield { ...sheet, sha256, bytes: size, packed, format: 'text', encoding: 'xlsx' }
        packed = 0
      }
      continue
    }
    if (choice.sheets || choice.header_row)
      throw refuse(
        'no-workbook',
        `${file}: no workbook, where the mapping names sheets or header_row. Leave these out of the mapping`,
      )
    if (archive) {
      for await (const entry of unzip(file, folder, size))
        yield await asText({ ...entry, sha256, bytes: size }, folder, number++)
    } else if (start[0] === 0x1f && start[1] === 0x8b) {
      const path = join(folder, `unpacked-${number}`)
      try {
        await pipeline(createReadStream(file), createGunzip(), bounded(file, size), createWriteStream(path))
      } catch (error) {
        if (error instanceof Refusal || isOfMachine(error)) throw error
        throw refuse('gzip', `${file}: truncated or damaged gzip (${(error as Error).message}); fetch it again`)
      }
      yield await asText({ name, path, sha256, bytes: size, packed: size }, folder, number++)
    } else yield await asText({ name, path: file, sha256, bytes: size, packed: size }, folder, number++)
  }
}

/** Bytes of files as they are given. */
export async function bytesOf(files: readonly string[]): Promise<number> {
  let bytes = 0
  for (const file of files) bytes += (await stat(file)).size
  return bytes
}

/** The first bytes of a file. */
export async function head(file: string, length = 8): Promise<Buffer> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** Lets bytes through until an archive unpacks to more than it may. */
function bounded(file: string, packed: number): Transform {
  let unpacked = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      unpacked += chunk.length
      if (unpacked > largestUnpacked || (unpacked > 50_000_000 && unpacked > packed * largestRatio)) {
        next(
          refuse(
            'bomb',
            `${file}: unpacks to more than ${largestRatio} times its size, which no trade file does; refused`,
          ),
        )
      } else next(null, chunk)
    },
  })
}

/** Lets bytes through, and fails at their end where they are not those that the archive was made of. */
function checked(expected: number): Transform {
  let sum = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      sum = crc32(chunk, sum)
      next(null, chunk)
    },
    flush(next) {
      next(sum === expected ? null : new Error('the checksum differs'))
    },
  })
}

/** The entries of an archive, in their order. */
async function* entriesOf(file: string): AsyncGenerator<{ archive: yauzl.ZipFile; entry: yauzl.Entry }> {
  const archive = await new Promise<yauzl.ZipFile>((resolve, reject) => {
    yauzl.open(file, { lazyEntries: true, autoClose: false, strictFileNames: true }, (error, zip) =>
      error
        ? reject(refuse('zip', `${file}: not a whole zip archive (${error.message}); fetch it again`))
        : resolve(zip),
    )
  })
  try {
    for (;;) {
      const entry = await new Promise<yauzl.Entry | undefined>((resolve, reject) => {
        const off = () => archive.removeAllListeners()
        archive.once('entry', (next: yauzl.Entry) => {
          off()
          resolve(next)
        })
        archive.once('end', () => {
          off()
          resolve(undefined)
        })
        archive.once('error', (error: Error) => {
          off()
          reject(refuse('zip', `${file}: ${error.message}`))
        })
        archive.readEntry()
      })
      if (!entry) break
      yield { archive, entry }
    }
  } finally {
    archive.close()
  }
}

/** What other programs' files hold that are archives too, and what they are. */
const documents: readonly (readonly [string, string])[] = [
  ['xl/workbook.bin', 'a binary workbook (.xlsb)'],
  ['word/document.xml', 'a text document'],
  ['ppt/presentation.xml', 'a presentation'],
  ['META-INF/manifest.xml', 'an OpenDocument file'],
]

/**
 * Whether an archive is a workbook.
 * @throws Refusal where it is another program's document, or unpacks to far more than its size
 */
async function isWorkbook(file: string, size: number): Promise<boolean> {
  const names = new Set<string>()
  let unpacked = 0
  for await (const { entry } of entriesOf(file)) {
    names.add(entry.fileName)
    if (names.size > mostEntries) break
    unpacked += entry.uncompressedSize
  }
  const other = documents.find(([name]) => names.has(name))?.[1]
  if (other) throw refuse('document', `${file}: ${other}. Save the table as .xlsx or CSV`)
  if (!names.has('xl/workbook.xml')) return false
  if (unpacked > 50_000_000 && unpacked > size * largestRatio)
    throw refuse(
      'bomb',
      `${file}: unpacks to more than ${largestRatio} times its size, which no workbook does; refused`,
    )
  return true
}

/** Folders of an archive and texts that come with its tables. */
const isBeside = (entry: yauzl.Entry) => entry.fileName.endsWith('/') || /\.(pdf|txt|md|html?)$/i.test(entry.fileName)

const opened = (file: string, archive: yauzl.ZipFile, entry: yauzl.Entry): Promise<Readable> =>
  new Promise((resolve, reject) =>
    archive.openReadStream(entry, (error, stream) =>
      error ? reject(refuse('zip', `${file}/${entry.fileName}: ${error.message}`)) : resolve(stream),
    ),
  )

/** The tables of an archive: how many bytes each unpacks to by the archive's word, and its text. */
export async function* tablesIn(file: string): AsyncGenerator<{ size: number; open: () => Promise<Readable> }> {
  for await (const { archive, entry } of entriesOf(file))
    if (!isBeside(entry)) yield { size: entry.uncompressedSize, open: () => opened(file, archive, entry) }
}

async function* unzip(
  file: string,
  folder: string,
  size: number,
): AsyncGenerator<{ name: string; path: string; packed: number }> {
  let some = false
  for await (const { archive, entry } of entriesOf(file)) {
    if (isBeside(entry)) continue
    if (entry.fileName.split(/[\\/]/).includes('..') || /^([a-z]:|[\\/])/i.test(entry.fileName)) {
      throw refuse('escape', `${file}: the entry "${entry.fileName}" points outside the archive; refused`)
    }
    if (nested.has(extname(entry.fileName).toLowerCase())) {
      throw refuse('nested', `${file}: the entry "${entry.fileName}" is itself an archive; unpack it first`)
    }
    if (
      entry.uncompressedSize > largestUnpacked ||
      (entry.uncompressedSize > 50_000_000 && entry.uncompressedSize > size * largestRatio)
    ) {
      throw refuse('bomb', `${file}: the entry "${entry.fileName}" unpacks to ${entry.uncompressedSize} bytes; refused`)
    }
    some = true
    const path = join(folder, `entry-${randomUUID()}`)
    const stream = await opened(file, archive, entry)
    try {
      await pipeline(stream, bounded(file, size), checked(entry.crc32), createWriteStream(path))
    } catch (error) {
      if (error instanceof Refusal || isOfMachine(error)) throw error
      throw refuse(
        'zip',
        `${file}/${entry.fileName}: truncated or damaged (${(error as Error).message}); fetch it again`,
      )
    }
    yield { name: `${basename(file)}/${entry.fileName}`, path, packed: entry.compressedSize }
  }
  if (!some) throw refuse('zip-empty', `${file}: no table in this archive`)
}

async function asText(
  file: { name: string; path: string; sha256: string; bytes: number; packed: number },
  folder: string,
  number: number,
): Promise<Prepared> {
  const start = await head(file.path)
  if (start.length === 0) throw refuse('empty', `${file.name}: the file is empty`)
  if (start.subarray(0, 4).toString('latin1') === 'PAR1') return { ...file, format: 'parquet', encoding: 'parquet' }
  if (/\.parquet$/i.test(file.name))
    throw refuse('not-parquet', `${file.name}: no Parquet file, for it does not begin with PAR1; fetch it again`)
  if (start.subarray(0, 4).toString('latin1') === '%PDF')
    throw refuse('pdf', `${file.name}: a PDF holds no table that can be read; export it as CSV`)
  if (start.subarray(0, 4).toString('hex') === 'd0cf11e0')
    throw refuse(
      'xls',
      `${file.name}: an old Excel file (.xls), or a workbook that is locked with a password. Save it as .xlsx without one`,
    )
  if (start[0] === 0x50 && start[1] === 0x4b)
    throw refuse('nested', `${file.name}: an archive or spreadsheet inside an archive; save the sheet as CSV`)
  const wide =
    start[0] === 0xff && start[1] === 0xfe
      ? 'utf-16le'
      : start[0] === 0xfe && start[1] === 0xff
        ? 'utf-16be'
        : undefined
  const json = /^\s*[{[]/.test(start.toString('latin1').replace('\xef\xbb\xbf', ''))
  const encoding = wide ?? (await plainEncoding(file, json ? Number.POSITIVE_INFINITY : longestLine))
  const marked = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf
  let path = file.path
  if (encoding !== 'utf-8' || marked) {
    path = join(folder, `text-${number}`)
    const decoder = new TextDecoder(encoding)
    await pipeline(
      // Behind a mark of UTF-8 that the rest is not, the mark would be read as letters.
      createReadStream(file.path, { start: marked ? 3 : 0 }),
      new Transform({
        transform(chunk: Buffer, _encoding, next) {
          next(null, decoder.decode(chunk, { stream: true }))
        },
        flush(next) {
          next(null, decoder.decode())
        },
      }),
      createWriteStream(path),
    )
  }
  const first = (await head(path, 256)).toString('utf8').trimStart()[0]
  return {
    name: file.name,
    path,
    sha256: file.sha256,
    bytes: file.bytes,
    packed: file.packed,
    format: first === '{' || first === '[' ? 'json' : 'text',
    encoding,
  }
}

/** UTF-8 where the bytes are, in lines of at most `longest`; else Windows Latin-1, the only other encoding that statistical offices send without a mark. */
async function plainEncoding(file: { name: string; path: string }, longest: number): Promise<'utf-8' | 'windows-1252'> {
  let rest: Buffer = Buffer.alloc(0)
  let utf8 = true
  let offset = 0
  let since = 0
  for await (const chunk of createReadStream(file.path, { highWaterMark: block })) {
    const bytes = chunk as Buffer
    const zero = bytes.indexOf(0)
    if (zero >= 0) {
      const line = await lineAt(file.path, offset + zero)
      throw refuse(
        'null-byte',
        `${file.name}, line ${line}: a null byte; this is not a text file. Export it as CSV in UTF-8`,
      )
    }
    // A line within a block is shorter than the block: only those that cross its ends can be too long.
    const first = bytes.indexOf(10)
    if (since + (first < 0 ? bytes.length : first) > longest)
      throw tooLong(file.name, await lineAt(file.path, offset - since))
    since = first < 0 ? since + bytes.length : bytes.length - 1 - bytes.lastIndexOf(10)
    offset += bytes.length
    if (!utf8) continue
    const joined = rest.length ? Buffer.concat([rest, bytes]) : bytes
    let end = joined.length
    // A character may be cut by the block's end: up to three bytes wait for the next block.
    for (let back = 1; back <= 3 && back <= joined.length; back += 1) {
      const byte = joined[joined.length - back] as number
      if (byte >= 0xc0) {
        end = joined.length - back
        break
      }
      if (byte < 0x80) break
    }
    utf8 = isUtf8(joined.subarray(0, end))
    rest = joined.subarray(end)
  }
  if (rest.length > 0 && !isUtf8(rest)) utf8 = false
  return utf8 ? 'utf-8' : 'windows-1252'
}

/** The line that holds a byte, counted from 1. */
async function lineAt(path: string, byte: number): Promise<number> {
  let line = 1
  let offset = 0
  for await (const chunk of createReadStream(path, { highWaterMark: block })) {
    const bytes = chunk as Buffer
    for (let at = bytes.indexOf(10); at >= 0 && offset + at < byte; at = bytes.indexOf(10, at + 1)) line += 1
    offset += bytes.length
    if (offset >= byte) break
  }
  return line
}

const tooLong = (name: string, line: number) =>
  refuse(
    'line-too-long',
    `${name}, line ${line}: longer than ${longestLine} bytes; a quotation mark is probably not closed`,
  )
