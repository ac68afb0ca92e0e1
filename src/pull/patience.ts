import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '../refusal.ts'

/** A fault that passes: the same request may succeed later. */
export class Passing extends Error {
  override readonly name = 'Passing'
  /** What the service asks to wait, in milliseconds. */
  readonly after: number | undefined
  /** Whether something was gained before the fault: then it is the first of its kind again. */
  readonly gained: boolean

  constructor(message: string, after?: number, gained = false) {
    super(message)
    this.after = after
    this.gained = gained
  }
}

/** How long a request is asked again, and who is told. Times in milliseconds. */
export interface Patience {
  readonly signal: AbortSignal
  /** Told of each fault, and of the wait after it. */
  readonly tell: (line: string) => void
  /** Faults in a row after which it is given up. */
  readonly most: number
  /** The wait after the first fault; each further one doubles it. */
  readonly first: number
  /** No wait of our own is longer. */
  readonly longest: number
  /** A service that asks for more than this is left, with word of when to come back. */
  readonly longestAsked: number
  /** From 0 to 1: spreads the waits of many users, so that they do not come back at once. */
  readonly random: () => number
}

export const usualPatience: Omit<Patience, 'signal' | 'tell'> = {
  most: 6,
  first: 1000,
  longest: 60_000,
  longestAsked: 300_000,
  random: Math.random,
}

/** Faults of the network that pass, by the codes of Node and of the client. */
const passing =
  /^(?:UND_ERR_(?:CONNECT_TIMEOUT|HEADERS_TIMEOUT|BODY_TIMEOUT|SOCKET|RES_CONTENT_LENGTH_MISMATCH)|ECONN(?:RESET|REFUSED|ABORTED)|EPIPE|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|EAI_AGAIN|ENOTFOUND)$/

/** The fault as one that passes; undefined where it does not. */
export function asPassing(error: unknown, gained = false): Passing | undefined {
  if (error instanceof Passing) return error
  const { code, cause, message } = error as Error & { code?: string; cause?: { code?: string } }
  const named = [code, cause?.code].find((one) => one !== undefined && passing.test(one))
  return named === undefined ? undefined : new Passing(`${message || named} (${named})`, undefined, gained)
}

/** Retry-After, in seconds or as a date, in milliseconds from now. */
export function retryAfter(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

/**
 * Try until it succeeds, waiting longer after each fault in a row, and never less than the service asks for.
 * @throws Refusal where faults do not pass, or the service asks for too long a wait; any other error as it is
 */
export async function patiently<Result>(attempt: () => Promise<Result>, patience: Patience): Promise<Result> {
  for (let faults = 1; ; faults += 1) {
    try {
      return await attempt()
    } catch (error) {
      const fault = patience.signal.aborted ? undefined : asPassing(error)
      if (!fault) throw error
      if (fault.gained) faults = 1
      if (faults >= patience.most)
        throw new Refusal(
          'refused',
          'pull/unreachable',
          `${fault.message}, ${faults} times in a row. Run the same command later: it goes on where it stopped`,
        )
      if (fault.after !== undefined && fault.after > patience.longestAsked)
        throw new Refusal(
          'refused',
          'pull/quota',
          `${fault.message}: the service asks to wait ${inWords(fault.after)}. Run the same command then: it goes on where it stopped`,
        )
      const own = Math.min(patience.longest, patience.first * 2 ** (faults - 1)) * (0.5 + patience.random() / 2)
      const wait = Math.max(own, fault.after ?? 0)
      patience.tell(`${fault.message}; again in ${inWords(wait)}`)
      await sleep(wait, undefined, { signal: patience.signal })
    }
  }
}

/** A time as people say it. */
export function inWords(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.ceil(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
