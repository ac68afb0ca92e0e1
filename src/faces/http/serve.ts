import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import { type Chokepoint, Refusal } from '../../index.ts'
import { economies } from '../../reference/economies.ts'
import { productDescription } from '../../reference/nomenclature.ts'
import { productGroups } from '../../reference/product-groups.ts'
import { httpApp, type Serving } from './app.ts'
import { loopbackNames } from './guard.ts'

/** What a server is started with. */
export interface ServeOptions {
  readonly host: string
  /** A free one near the usual one where left out. */
  readonly port?: number
  /** Beyond loopback, only where this is said and a token is there. */
  readonly remote: boolean
  readonly tokenFile?: string
  /** Further names by which it is reached. */
  readonly names: readonly string[]
  readonly origins: readonly string[]
  readonly mcp?: Serving['mcp']
  /** Ends the server. */
  readonly signal: AbortSignal
  /** Receives its address, once it listens. */
  readonly announce: (line: string) => void
  readonly log: (line: string) => void
}

/** What the build made of src/faces/pages. */
const pages = fileURLToPath(new URL('../pages', import.meta.url))
const usualPort = 8420
const portsTried = 20
/** A connection that moves no byte for so long is given up, in milliseconds. */
const idle = 120_000
const loopback = (host: string) => host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
const inAddress = (host: string) => (host.includes(':') ? `[${host}]` : host)

/**
 * The token that requests must bear, from a file or CHOKEPOINT_TOKEN.
 * @throws Refusal where none is there, or one that can be guessed
 */
function tokenFrom(file: string | undefined): string {
  let token = process.env['CHOKEPOINT_TOKEN']
  if (file !== undefined) {
    try {
      token = readFileSync(file, 'utf8').trim()
    } catch {
      throw new Refusal('wrong_use', 'token/file', `--token-file ${file} cannot be read`)
    }
  }
  if (!token)
    throw new Refusal(
      'wrong_use',
      'token/missing',
      'Beyond loopback every request needs a token. Put one into CHOKEPOINT_TOKEN, or name its file with --token-file',
    )
  if (!/^[\x21-\x7e]{24,}$/.test(token))
    throw new Refusal('wrong_use', 'token/weak', 'The token needs at least 24 characters, without spaces')
  return token
}

/** Listen, on the next free port where the usual one is taken and none was asked for. */
async function listening(server: Server, options: ServeOptions): Promise<number> {
  const { host, port } = options
  const ports = port !== undefined ? [port] : Array.from({ length: portsTried }, (_, step) => usualPort + step)
  for (const candidate of ports) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(candidate, host, () => {
          server.off('error', reject)
          resolve()
        })
      })
      return (server.address() as { port: number }).port
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EADDRINUSE' && port === undefined) {
        options.log(`Port ${candidate} is taken.`)
        continue
      }
      if (code === 'EADDRINUSE')
        throw new Refusal('refused', 'port/taken', `Port ${port} is taken. Choose another with --port, or leave it out`)
      if (code === 'EACCES') throw new Refusal('refused', 'port/refused', `Port ${port} may not be used by you`)
      if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
        throw new Refusal('wrong_use', 'host/unknown', `--host ${host} is not an address of this machine`)
      throw error
    }
  }
  throw new Refusal('refused', 'port/taken', `Ports ${usualPort} to ${ports.at(-1)} are taken. Name one with --port`)
}

/** Read shipped tables that the first answer would else wait for, a quarter of a second, while nobody does. */
function readTables(): void {
  economies()
  productGroups()
  productDescription('')
}

/** Serve until the signal ends it, and end cleanly: answers in work are given up, nothing is left open. */
export async function serve(chokepoint: Chokepoint, options: ServeOptions): Promise<void> {
  const { host, remote, names, origins, mcp, signal, announce, log } = options
  if (!loopback(host) && !remote)
    throw new Refusal(
      'wrong_use',
      'host/remote',
      `--host ${host} lets other machines in. Add --remote if that is meant, with a token`,
    )
  const app = httpApp({
    chokepoint,
    access: {
      names: [...loopbackNames, inAddress(host), ...names].map((name) => name.toLowerCase()),
      origins: origins.map((origin) => origin.toLowerCase()),
      token: remote ? tokenFrom(options.tokenFile) : undefined,
      rate: remote ? 20 : 2_000,
    },
    log,
    pages,
    upload: loopback(host) && !remote,
    ...(mcp ? { mcp } : {}),
  })
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  server.setTimeout(idle)
  const port = await listening(server, options)
  announce(`http://${inAddress(host)}:${port}`)
  setImmediate(readTables)
  await new Promise<void>((resolve) => {
    const end = () => {
      server.close(() => resolve())
      // Answers in work see that their reader is gone, and end.
      server.closeAllConnections()
    }
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}
