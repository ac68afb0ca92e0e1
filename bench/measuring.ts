import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

export type Blocks = AsyncIterable<readonly (readonly unknown[])[]>

export const text = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8')
export const clock = () => performance.now() / 1000
export const quantile = (values: readonly number[], part: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(part * values.length) - 1)] as number
export const median = (values: readonly number[]) => quantile(values, 0.5)
export const s = (seconds: number) => `${seconds.toFixed(2)} s`
export const ms = (seconds: number) => `${(seconds * 1000).toFixed(0)} ms`
export const times = (ratio: number) => `${ratio.toFixed(2)} x`
export const count = (whole: number) => whole.toLocaleString('en')

export const lines: (readonly [string, string, string, string])[] = []
/** A line of the table, printed when all are known, for the columns are as wide as their widest cell. */
export const tell = (what: string, ours = '', baseline = '', ratio = '') => lines.push([what, ours, baseline, ratio])

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = clock()
  await work()
  return clock() - from
}

/** Seconds of processor time, of all threads. */
export function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/** Seconds by the clock and of the processor, and the peak of the process's memory so far, in bytes. */
export interface Took {
  readonly seconds: number
  readonly cpu: number
  readonly peak: number
}

export async function measured(work: () => Promise<unknown>): Promise<Took> {
  const before = process.cpuUsage()
  const seconds = await timed(work)
  return { seconds, cpu: cpuSince(before), peak: peak() }
}

export async function drain(blocks: Blocks): Promise<number> {
  let rows = 0
  for await (const block of blocks) rows += block.length
  return rows
}

export async function contents(blocks: Blocks): Promise<{ rows: number; digest: string }> {
  const digest = createHash('sha256')
  let rows = 0
  for await (const block of blocks) {
    rows += block.length
    digest.update(JSON.stringify(block).slice(1, -1))
    digest.update(',')
  }
  return { rows, digest: digest.digest('hex') }
}

/** A work of the bench in a process of its own, so that the peak of memory is that work's. */
export function apart<T>(work: string, ...given: readonly string[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = fork(process.argv[1] as string, [work, ...given])
    child.once('message', (message) => resolve(message as T))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${work} ended with ${code}`)))
  })
}

/** The peak of this process's memory so far, in bytes. */
export const peak = () => process.resourceUsage().maxRSS * 1024
