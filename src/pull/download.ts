import { createHash, type Hash } from 'node:crypto'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { z } from 'zod'
import { Refusal } from '../refusal.ts'
import { hashOf, type PullFolder } from './folder.ts'
import { type Answered, type Network, notTheFile } from './network.ts'
import { asPassing, Passing, type Patience, patiently } from './patience.ts'

/** What is known of a file that is not whole: which it is, and the checksum of what there is. */
const stateSchema = z.strictObject({
  address: z.string(),
  etag: z.string(),
  modified: z.string(),
  total: z.number().nullable(),
  bytes: z.number(),
  sha256: z.string(),
})
type State = z.output<typeof stateSchema>

/** Bytes after which the state is written again: what a kill loses at most. */
const betweenStates = 64_000_000

/** Files that no page of a browser could be. */
const packed = /\.(zip|7z|gz|xlsx)$/i

export interface Progress {
  readonly bytes: number
  /** Undefined where the server does not say it. */
  readonly total: number | undefined
}

interface Download {
  readonly address: URL
  readonly name: string
  readonly network: Network
  readonly folder: PullFolder
  readonly patience: Patience
  readonly progress: (progress: Progress) => void
}

/** The file as far as it has come, open at its end. */
interface Part {
  readonly file: FileHandle
  bytes: number
  hash: Hash
  state: State
}

/**
 * Pull one file, going on where an earlier try stopped: what there is is held against its checksum, and the server is
 * asked for the rest of the same file, by its ETag or date. Interrupted, it leaves what it has.
 * @returns its sha256; undefined where the server has no such file
 * @throws Refusal where it cannot be had or written
 */
export async function download(one: Download): Promise<string | undefined> {
  const [part, state] = [`${one.name}.part`, `${one.name}.part.state`]
  const path = await one.folder.place(part)
  const known = stateOf(await one.folder.read(state), one.address)
  const file = await open(path, known ? 'r+' : 'w')
  const held: Part = { file, bytes: 0, hash: createHash('sha256'), state: known ?? fresh(one.address) }
  const keepState = async () => {
    await file.sync()
    held.state = { ...held.state, bytes: held.bytes, sha256: held.hash.copy().digest('hex') }
    await one.folder.write(state, `${JSON.stringify(held.state)}\n`)
  }
  let found = true
  try {
    if (known) await takeUp(held, known, path, one.patience.tell)
    found = await patiently(() => fetchRest(one, held, keepState), one.patience)
  } catch (error) {
    if (held.bytes > 0) await keepState().catch(() => undefined)
    throw unwritable(error, path)
  } finally {
    await file.close()
    if (held.bytes === 0) await one.folder.remove(part)
  }
  if (found) {
    const sha256 = held.hash.digest('hex')
    await one.folder.keep(part, one.name, sha256)
    await one.folder.remove(state)
    return sha256
  }
  await one.folder.remove(part)
  await one.folder.remove(state)
  return undefined
}

const fresh = (address: URL): State => ({
  address: address.href,
  etag: '',
  modified: '',
  total: null,
  bytes: 0,
  sha256: '',
})

function stateOf(text: string | undefined, address: URL): State | undefined {
  try {
    const state = stateSchema.parse(JSON.parse(text ?? ''))
    return state.address === address.href && state.bytes > 0 ? state : undefined
  } catch {
    return undefined
  }
}

/** Go on from the bytes that a state vouches for; from nothing where they are not what was written. */
async function takeUp(held: Part, known: State, path: string, tell: (line: string) => void): Promise<void> {
  const size = (await stat(path)).size
  const hash = size >= known.bytes ? await hashOf(path, known.bytes) : undefined
  if (hash?.copy().digest('hex') !== known.sha256) {
    tell('what was pulled before has changed on this disk; from the beginning')
    await startOver(held)
    return
  }
  await held.file.truncate(known.bytes)
  held.bytes = known.bytes
  held.hash = hash
}

async function startOver(held: Part): Promise<void> {
  await held.file.truncate(0)
  held.bytes = 0
  held.hash = createHash('sha256')
}

/** Ask for what is missing and write it. False where the server has no such file. */
async function fetchRest(one: Download, held: Part, keepState: () => Promise<void>): Promise<boolean> {
  const { etag, modified } = held.state
  // Only a strong tag or a date says that the rest is of the same file.
  const same = etag !== '' && !etag.startsWith('W/') ? etag : modified
  if (held.bytes > 0 && same === '') await startOver(held)
  const range = held.bytes > 0 ? { range: `bytes=${held.bytes}-`, 'if-range': same } : undefined
  // Compressed on the way, a part of the file would not be a part of the answer.
  const answer = await one.network.get(one.address, { 'accept-encoding': 'identity', ...range }, one.patience.signal)
  if (answer.status === 404) return false
  if (answer.status === 416) {
    if (held.state.total === held.bytes) return true
    await startOver(held)
    throw new Passing('the file at the server is another now; from the beginning', 0, true)
  }
  const isFile = answer.status === 200 || (answer.status === 206 && range)
  // Who stands before a server may answer for it with success.
  const isPage = packed.test(one.name) && /^text\/html\b/i.test(answer.header('content-type') ?? '')
  if (!isFile || isPage) throw await noFile(one.address, answer)
  if (answer.status === 206) checkRange(answer, held)
  else if (held.bytes > 0) {
    one.patience.tell('the file at the server is another now, or it gives no parts; from the beginning')
    await startOver(held)
  }
  const length = answer.header('content-length')
  held.state = {
    ...held.state,
    etag: answer.header('etag') ?? '',
    modified: answer.header('last-modified') ?? '',
    total: length === undefined ? held.state.total : held.bytes + Number(length),
  }
  await write(one, held, answer, keepState)
  return true
}

/** The refusal of an answer that is neither the file nor the part of it that was asked for, such as a page of a proxy. */
async function noFile(address: URL, { status, header, body }: Answered): Promise<Refusal> {
  let begins = ''
  for await (const chunk of body) {
    begins = String(chunk).replace(/\s+/g, ' ').slice(0, 200)
    break
  }
  const words = [header('location') && `to ${header('location')}`, header('content-type'), begins]
  const said = words.filter(Boolean).join(', ')
  return notTheFile(address, `the answer is ${status}${said ? ` (${said})` : ''} and no file`)
}

function checkRange(answer: Answered, held: Part): void {
  const [, from, whole] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.header('content-range') ?? '') ?? []
  if (Number(from) === held.bytes && (held.state.total === null || whole === '*' || Number(whole) === held.state.total))
    return
  answer.body.destroy()
  throw new Refusal(
    'refused',
    'pull/range',
    `the server gave another part than was asked for (${answer.header('content-range')}). Remove the .part file and begin again`,
  )
}

async function write(one: Download, held: Part, answer: Answered, keepState: () => Promise<void>): Promise<void> {
  const before = held.bytes
  let stated = held.bytes
  const total = held.state.total ?? undefined
  try {
    for await (const chunk of answer.body) {
      const bytes = chunk as Buffer
      await held.file.write(bytes, 0, bytes.length, held.bytes)
      held.hash.update(bytes)
      held.bytes += bytes.length
      one.progress({ bytes: held.bytes, total })
      if (held.bytes - stated >= betweenStates) {
        await keepState()
        stated = held.bytes
      }
    }
  } catch (error) {
    throw asPassing(error, held.bytes > before) ?? error
  }
  if (total !== undefined && held.bytes < total)
    throw new Passing(
      `the connection ended after ${held.bytes.toLocaleString('en')} of ${total.toLocaleString('en')} bytes`,
      undefined,
      held.bytes > before,
    )
  await held.file.sync()
}

function unwritable(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  return ['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS'].includes(code)
    ? new Refusal(
        'refused',
        'pull/unwritable',
        `${path}: cannot be written (${code}). Make room, and run the same command: it goes on where it stopped`,
      )
    : error
}
