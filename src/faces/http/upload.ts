import { randomBytes, randomUUID } from 'node:crypto'
import { createWriteStream, rmSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { Context, Hono } from 'hono'
import { type Chokepoint, Refusal } from '../../index.ts'
import { sameSecret } from './guard.ts'
import { Problem, refused } from './problem.ts'
import { type Guess, guesses } from './upload-guess.ts'

/** Largest file that a page may bring; a larger one is for the command line. */
const largest = 2 * 1024 ** 3
/** Longest mapping. */
const longestMapping = 100_000
/** Files that are there at once: a new one drives the oldest out, but none that is being read or loaded. */
const mostFiles = 4

/** A file that was brought. */
interface Brought {
  readonly folder: string
  readonly path: string
  /** Whether it is being read or loaded. */
  inWork: boolean
  /** What the load is at, once it was asked for. */
  said?: string
  loaded?: { readonly name: string; readonly version: string }
  failed?: unknown
}

/** A name that is plain whatever was given. */
function plainName(given: string): string {
  const name = basename(given.replaceAll('\\', '/'))
    .replace(/[^\w.()-]+/g, '_')
    .replace(/^\.+/, '')
    .slice(-120)
  return name === '' ? 'table.csv' : name
}

/** Only a page of this server, which bears the token of this start. */
function own(c: Context, token: string | undefined): void {
  const origin = c.req.header('Origin')?.toLowerCase()
  const host = (c.req.header('Host') ?? new URL(c.req.url).host).toLowerCase()
  const site = c.req.header('Sec-Fetch-Site')
  if (
    (origin !== undefined && origin !== `http://${host}`) ||
    (site !== undefined && !/^(same-origin|none)$/.test(site))
  )
    throw new Problem(403, 'origin/unknown', 'Only a page of this server may bring a file')
  if (token !== undefined && !sameSecret(c.req.header('X-Upload-Token') ?? '', token))
    throw new Problem(401, 'token/needed', 'Reload the page: the server was started again since')
}

/** Lets bytes through up to the largest file. */
function bounded(): Transform {
  let bytes = 0
  return new Transform({
    transform(part: Buffer, _encoding, next) {
      bytes += part.length
      if (bytes <= largest) next(null, part)
      else next(new Problem(413, 'body/large', `A page brings at most ${largest} bytes: use chokepoint load`))
    },
  })
}

/**
 * The one way in which a page writes: a file is brought, its format guessed and shown, and only then loaded under a name.
 * For a server on loopback; what it was not told by a page of its own, with the token of this start, it refuses.
 */
// biome-ignore lint/suspicious/noExplicitAny: whatever else the app keeps is no matter here
export function addUpload(app: Hono<any>, chokepoint: Chokepoint): void {
  const token = randomBytes(24).toString('base64url')
  const files = new Map<string, Brought>()
  let loading = false
  process.once('exit', () => {
    for (const { folder } of files.values()) rmSync(folder, { recursive: true, force: true })
  })
  const forget = async (id: string) => {
    const one = files.get(id)
    files.delete(id)
    if (one) await rm(one.folder, { recursive: true, force: true })
  }
  /** A refusal as a problem, without the folder that the file waits in. */
  const told = (error: unknown, folder: string): unknown => {
    if (!(error instanceof Refusal)) return error
    const { status, code, message } = refused(error, chokepoint.home)
    const title = 'The file cannot be loaded like this'
    return new Problem(status, code, message.replaceAll(`${folder}/`, ''), { title })
  }

  app.get('/upload', (c) => {
    own(c, undefined)
    return c.json({ token, largest }, 200, { 'Cache-Control': 'no-store' })
  })

  app.post('/upload', async (c) => {
    own(c, token)
    const body = c.req.raw.body
    if (!body) throw new Problem(400, 'body/empty', 'The file is empty')
    if ([...files.values()].filter((file) => file.inWork).length >= mostFiles)
      throw new Problem(
        503,
        'upload/full',
        `${mostFiles} files are being read or loaded: bring this one when one of them is done, or use chokepoint load`,
        { headers: { 'Retry-After': '5' } },
      )
    const id = randomUUID()
    const folder = join(tmpdir(), `chokepoint-upload-${id}`)
    const path = join(folder, plainName(c.req.query('name') ?? ''))
    const file: Brought = { folder, path, inWork: true }
    files.set(id, file)
    try {
      await mkdir(folder, { mode: 0o700 })
      await pipeline(Readable.fromWeb(body as ReadableStream<Uint8Array>), bounded(), createWriteStream(path))
      const opened = join(folder, 'opened')
      await mkdir(opened)
      const tables: Guess[] = await guesses(path, opened)
      await rm(opened, { recursive: true, force: true })
      file.inWork = false
      for (const [other, { inWork }] of [...files])
        if (files.size > mostFiles && other !== id && !inWork) await forget(other)
      return c.json({ id, file: basename(path), tables })
    } catch (error) {
      await forget(id)
      throw told(error, folder)
    }
  })

  /** A load may take minutes, longer than a connection waits: it is begun, and asked after. */
  const load = async (id: string, file: Brought, as: string, mapping: string) => {
    loading = true
    file.inWork = true
    try {
      const described = join(file.folder, 'mapping.yaml')
      if (mapping.trim() !== '') await writeFile(described, mapping)
      const { name, version } = await chokepoint.load([file.path], {
        as,
        ...(mapping.trim() === '' ? {} : { mapping: described }),
        progress: (line) => {
          file.said = line
        },
      })
      file.loaded = { name, version }
    } catch (error) {
      file.failed = told(error, file.folder)
    } finally {
      loading = false
      file.inWork = false
      // Whoever loads it has yet to hear of it: it counts as the newest.
      files.delete(id)
      files.set(id, file)
    }
  }
  const brought = (id: string): Brought => {
    const file = files.get(id)
    if (file) return file
    throw new Problem(404, 'upload/gone', 'That file is no longer there: choose it again')
  }

  app.post('/upload/:id', async (c) => {
    own(c, token)
    const mapping = await c.req.text()
    const id = c.req.param('id')
    const file = brought(id)
    if (mapping.length > longestMapping)
      throw new Problem(413, 'body/large', `A mapping has at most ${longestMapping} letters`)
    if (loading) throw new Problem(503, 'server/busy', 'A file is being loaded', { headers: { 'Retry-After': '5' } })
    file.said = 'reading'
    delete file.failed
    load(id, file, c.req.query('as') ?? '', mapping)
    return c.json({ said: file.said }, 202)
  })

  app.get('/upload/:id', async (c) => {
    own(c, token)
    const id = c.req.param('id')
    const { said, loaded, failed } = brought(id)
    if (failed !== undefined) throw failed
    if (loaded) await forget(id)
    return c.json({ said: said ?? null, loaded: loaded ?? null }, 200, { 'Cache-Control': 'no-store' })
  })
}
