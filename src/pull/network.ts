import { isIP } from 'node:net'
import { type Dispatcher, EnvHttpProxyAgent, interceptors, request } from 'undici'
import { Refusal } from '../refusal.ts'
import { Passing, retryAfter } from './patience.ts'

/** Answers of a publisher's server. */
export interface Network {
  /**
   * Ask for an address; the body is to be read or left.
   * @throws Passing where the service is busy or broken for now; Refusal where it will never answer this
   */
  get(address: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answered>
  close(): Promise<void>
}

export interface Answered {
  readonly status: number
  readonly header: (name: string) => string | undefined
  readonly body: Dispatcher.ResponseData['body']
}

export interface NetworkOptions {
  readonly toolVersion: string
  /** Whether a redirection is followed: never with a key in the headers, which would go along. */
  readonly redirections: boolean
  /** Milliseconds without a sign of life. */
  readonly patience?: number
}

const busy = new Set([408, 425, 429, 500, 502, 503, 504])

/** The network as the environment has it: HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured. */
export function openNetwork({ toolVersion, redirections, patience = 60_000 }: NetworkOptions): Network {
  const agent = new EnvHttpProxyAgent({
    connect: { timeout: Math.min(patience, 15_000) },
    headersTimeout: patience,
    bodyTimeout: patience,
  })
  const dispatcher = redirections ? agent.compose(interceptors.redirect({ maxRedirections: 5 })) : agent
  return {
    async get(address, headers, signal) {
      const answer = await request(address, {
        dispatcher,
        signal,
        headers: { 'user-agent': `chokepoint/${toolVersion}`, accept: '*/*', ...headers },
      }).catch((error: Error) => {
        // The client has no code of its own for this.
        throw /^Redirect loop/.test(error.message) ? notTheFile(address, 'it leads back to itself') : error
      })
      const header = (name: string) => {
        const value = answer.headers[name]
        return Array.isArray(value) ? value[0] : value
      }
      const answered: Answered = { status: answer.statusCode, header, body: answer.body }
      if (answered.status < 400) return answered
      await refuseOrWait(address, answered)
      return answered
    },
    close: () => agent.close(),
  }
}

/** The refusal of what a server gives in place of a file. */
export const notTheFile = (address: URL, what: string) =>
  new Refusal(
    'refused',
    'pull/status',
    `${address.href}: ${what}; nothing of it was kept. Open the address in a browser: where a proxy or a login stands before it, pass that; where the file has moved, name its server: --server`,
  )

/** Statuses that are no answer: those that pass, and those that do not. 404 and 416 are for the caller. */
async function refuseOrWait(address: URL, { status, header, body }: Answered): Promise<void> {
  if (status === 404 || status === 416) {
    await body.dump()
    return
  }
  const said = (await body.text().catch(() => '')).replace(/\s+/g, ' ').slice(0, 200)
  const what = `${address.host} answered ${status}${said ? ` (${said})` : ''}`
  const after = retryAfter(header('retry-after'))
  // A quota that is used up is 403 with a time at which it is filled again.
  if (busy.has(status) || (status === 403 && after !== undefined)) throw new Passing(what, after)
  if (status === 401 || status === 403)
    throw new Refusal('refused', 'pull/denied', `${what}. Is the key right, and subscribed to this service?`)
  if (status === 407)
    throw new Refusal('refused', 'pull/proxy', `the proxy asks for a name and a password: put them into HTTPS_PROXY`)
  throw new Refusal('refused', 'pull/status', `${what}. Look at what was asked for`)
}

/**
 * A server's address: encrypted, or on this machine.
 * @throws Refusal where it is neither
 */
export function serverAddress(text: string): URL {
  const address = URL.canParse(text) ? new URL(text) : undefined
  const name = address?.hostname.replace(/^\[|\]$/g, '') ?? ''
  const here = name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))
  if (address && (address.protocol === 'https:' || (address.protocol === 'http:' && here)) && !address.username)
    return address
  throw new Refusal(
    'wrong_use',
    'pull/server',
    `--server ${text}: an address such as https://mirror.example.org; http only on this machine`,
  )
}
