import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Chokepoint, Limits } from '../../index.ts'
import { Refusal } from '../../refusal.ts'
import { printable } from '../cell.ts'

/** Where a command writes, and what interrupts it. */
export interface Terminal {
  readonly out: NodeJS.WriteStream
  readonly err: NodeJS.WriteStream
  readonly signal: AbortSignal
}

/** What an interruption leaves for work to end by itself and clear away, in milliseconds. */
const grace = 500

/** Run with the library open; it is loaded only here, so that help is quick. Work that hears no signal is left behind. */
export async function withChokepoint<Result>(
  signal: AbortSignal,
  run: (chokepoint: Chokepoint) => Promise<Result>,
  limits: Limits = {},
): Promise<Result> {
  const { open } = await import('../../index.ts')
  const chokepoint = await open({ limits })
  let waiting: NodeJS.Timeout | undefined
  const interrupted = new Promise<never>((_resolve, reject) => {
    const stop = () => {
      waiting = setTimeout(() => reject(signal.reason), grace)
    }
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([run(chokepoint), interrupted])
  } finally {
    clearTimeout(waiting)
    await chokepoint.close()
  }
}

/** Places in a line: the terminal's, or 80 where there is none. */
export const widthOf = (stream: NodeJS.WriteStream): number => (stream.isTTY ? stream.columns || 80 : 80)

/** How often a long work says how it goes where no terminal is, in milliseconds. */
const seldom = 30_000

/**
 * Do something long that tells how it goes: on a terminal in one line, which is written over and in the end taken away;
 * elsewhere, such as in a log, in a line every half minute.
 */
export async function tellingOf<Result>(
  err: NodeJS.WriteStream,
  work: (progress: (line: string) => void) => Promise<Result>,
): Promise<Result> {
  let last = performance.now()
  const over = (line: string) => err.write(`\r${line.slice(0, widthOf(err) - 1)}\x1b[K`)
  const progress = (line: string) => {
    const said = printable(line)
    if (err.isTTY) over(said)
    else if (performance.now() - last >= seldom) {
      last = performance.now()
      err.write(`${said}\n`)
    }
  }
  try {
    return await work(progress)
  } finally {
    if (err.isTTY) over('')
  }
}

/** Write text to stdout as fast as its reader takes it. */
export async function print(text: Iterable<string> | AsyncIterable<string>, terminal: Terminal): Promise<void> {
  await pipeline(Readable.from(text), terminal.out, { end: false, signal: terminal.signal })
}

/** Make a file under a temporary name beside it and rename it at the end, so that no half file is ever there. */
export async function writeWhole(file: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const there = await stat(file).catch(() => undefined)
  if (there && !there.isFile())
    throw new Refusal('wrong_use', 'out/no-file', `--out ${file} is not a file. Name a file`)
  if (!(await stat(dirname(file)).catch(() => undefined))?.isDirectory())
    throw new Refusal('wrong_use', 'out/no-folder', `No folder ${dirname(file)} for --out ${file}. Make it first`)
  const temporary = `${file}.${process.pid}.part`
  try {
    await write(temporary)
    await rename(temporary, file)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (['EACCES', 'EPERM', 'ENOSPC', 'EROFS', 'EDQUOT'].includes(code))
      throw new Refusal('refused', 'out/unwritable', `Cannot write --out ${file} (${code}). Choose another place`)
    throw error
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Write text to a file, whole or not at all. */
export function writeText(file: string, text: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
  return writeWhole(file, (temporary) => pipeline(Readable.from(text), createWriteStream(temporary), { signal }))
}
