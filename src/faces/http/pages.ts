import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Context, Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { analysisList } from '../../analyses/index.ts'
import { Problem, problemResponse } from './problem.ts'

/** A file of the pages as it is sent. */
interface PageFile {
  readonly type: string
  readonly plain: Uint8Array<ArrayBuffer>
  readonly packed: Uint8Array<ArrayBuffer>
  readonly tag: string
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  json: 'application/json',
}

/** What a page may do: its own script, style and data, and nothing from or to anywhere else. */
export const pageHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    // A picture becomes pixels by way of an image that the page itself has made.
    imgSrc: ["'self'", 'blob:'],
    connectSrc: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
  },
  xFrameOptions: 'DENY',
  strictTransportSecurity: false,
})

/** Whether a path is for the pages' headers: whatever is not for programs. */
export const isForPages = (path: string): boolean => !/^\/(api|mcp|health|upload)(\/|$)/.test(path)

/** The files that the build made of the pages, by their paths. They are few and small, so they are kept. */
function filesIn(folder: string): ReadonlyMap<string, PageFile> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  return new Map(
    names.map((path) => {
      const plain = new Uint8Array(readFileSync(path))
      const tag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
      const type = types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
      const place = path.slice(folder.length).replaceAll('\\', '/')
      return [
        place.startsWith('/') ? place : `/${place}`,
        { type, plain, packed: new Uint8Array(gzipSync(plain)), tag },
      ]
    }),
  )
}

function sent(c: Context, file: PageFile, cache: string, status: 200 | 404 = 200): Response {
  const headers = new Headers({
    'Content-Type': file.type,
    'Cache-Control': cache,
    ETag: file.tag,
    Vary: 'Accept-Encoding',
  })
  if (status === 200 && c.req.header('If-None-Match') === file.tag) return new Response(null, { status: 304, headers })
  const packed = /\bgzip\b/.test(c.req.header('Accept-Encoding') ?? '')
  if (packed) headers.set('Content-Encoding', 'gzip')
  return new Response(packed ? file.packed : file.plain, { status, headers })
}

/**
 * The pages: one shell for every address that they know, and the files that it loads. An address that they do not know
 * gets the shell with 404, which then says so; a program, which does not ask for HTML, gets a problem document.
 * @param folder what the build made of src/faces/pages
 */
// biome-ignore lint/suspicious/noExplicitAny: whatever else the app keeps is no matter here
export function addPages(app: Hono<any>, folder: string): void {
  const files = filesIn(folder)
  const shell = files.get('/index.html') as PageFile
  const page = (c: Context) => sent(c, shell, 'no-cache')
  const plain = [
    '/',
    '/questions',
    '/claims',
    '/diversion',
    '/datasets',
    '/datasets/:name',
    '/methods',
    '/methods/:name',
  ]
  for (const path of plain) app.get(path, page)
  app.get('/analysis/:name', (c) =>
    sent(c, shell, 'no-cache', analysisList.some(({ name }) => name === c.req.param('name')) ? 200 : 404),
  )
  app.get('/assets/:file', (c) => {
    const file = files.get(`/assets/${c.req.param('file')}`)
    // Their names change with what they hold.
    if (file) return sent(c, file, 'public, max-age=31536000, immutable')
    throw new Problem(404, 'route/unknown', 'There is no such file: reload the page')
  })
  app.notFound((c) =>
    c.req.header('Accept')?.includes('text/html')
      ? sent(c, shell, 'no-cache', 404)
      : problemResponse(new Problem(404, 'route/unknown', 'Begin at /api/v1'), c.get('requestId')),
  )
}
