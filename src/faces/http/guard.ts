import { createHash, timingSafeEqual } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import type { Context, MiddlewareHandler } from 'hono'
import { Problem } from './problem.ts'

/** Who may ask this server, and from where. */
export interface Access {
  /** Names by which it is reached, as they stand in a Host header, without the port. */
  readonly names: readonly string[]
  /** Other origins whose pages may ask, such as https://example.org. */
  readonly origins: readonly string[]
  /** What a request must bear; undefined on loopback only. */
  readonly token: string | undefined
  /** Requests a second that one address may make, and as many at once as in five seconds. */
  readonly rate: number
}

export const loopbackNames = ['localhost', '127.0.0.1', '[::1]'] as const

/** Longest address: more than any question needs. */
const longest = 8_000
/** Requests in work at once. */
const mostAtOnce = 64
/** Addresses that are remembered for their rate. */
const mostAddresses = 10_000

const hostOf = (c: Context) => (c.req.header('Host') ?? new URL(c.req.url).host).toLowerCase()

/**
 * Host and Origin must be ours: a page of another site reaches a server on loopback under its own name, or says where
 * it comes from.
 */
export function sameSite({ names, origins }: Access): MiddlewareHandler {
  return async (c, next) => {
    const host = hostOf(c)
    if (!names.includes(host.replace(/:\d+$/, '')))
      throw new Problem(403, 'host/unknown', 'This server is not reached under the name in Host')
    const origin = c.req.header('Origin')?.toLowerCase()
    const own = [`http://${host}`, `https://${host}`]
    if (origin !== undefined && !own.includes(origin) && !origins.includes(origin))
      throw new Problem(403, 'origin/unknown', 'Pages of that origin may not ask this server')
    await next()
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Whether two secrets are the same, in a time that does not depend on where they differ. */
export const sameSecret = (given: string, expected: string): boolean => timingSafeEqual(digest(given), digest(expected))

/** The token in `Authorization: Bearer …`, compared in constant time. */
export function bearer(token: string): MiddlewareHandler {
  return async (c, next) => {
    const given = /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]
    if (given === undefined || !sameSecret(given, token))
      throw new Problem(401, 'token/needed', 'Send the token of this server as Authorization: Bearer TOKEN', {
        headers: { 'WWW-Authenticate': 'Bearer' },
      })
    await next()
  }
}

/** A bucket an address, refilled with time. What a proxy says of addresses behind it is not believed. */
export function rated(rate: number, now: () => number = () => performance.now()): MiddlewareHandler {
  const most = rate * 5
  const buckets = new Map<string, { left: number; at: number }>()
  return async (c, next) => {
    const address = (c.env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress ?? ''
    const time = now()
    const before = buckets.get(address) ?? { left: most, at: time }
    const left = Math.min(most, before.left + ((time - before.at) / 1000) * rate)
    if (left < 1) throw new Problem(429, 'rate/exceeded', 'Slower, please', { headers: { 'Retry-After': '1' } })
    // The address asked longest ago is the first of the map.
    buckets.delete(address)
    buckets.set(address, { left: left - 1, at: time })
    if (buckets.size > mostAddresses) buckets.delete(buckets.keys().next().value as string)
    await next()
  }
}

/** So much at once, and addresses of a length that can be read. */
export function bounded(): MiddlewareHandler {
  let atOnce = 0
  return async (c, next) => {
    if (c.req.url.length > longest)
      throw new Problem(414, 'address/long', `The address has ${c.req.url.length} characters, at most ${longest}`)
    if (atOnce >= mostAtOnce)
      throw new Problem(503, 'server/busy', 'Too many questions are in work', { headers: { 'Retry-After': '1' } })
    atOnce += 1
    try {
      await next()
    } finally {
      const { outgoing } = (c.env ?? {}) as Partial<HttpBindings>
      // An answer is in work until it is read or given up.
      if (outgoing && !outgoing.closed) outgoing.once('close', () => (atOnce -= 1))
      else atOnce -= 1
    }
  }
}
