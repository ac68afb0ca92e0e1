import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { open, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Refusal } from '../refusal.ts'
import type { Prepared } from './intake.ts'

/** A JSON file as rows, and what it says of itself beside them, such as how many there are. */
export interface Opened {
  readonly file: Prepared
  /** Names of the columns where the rows are records of a list; undefined where the file is a table as it is. */
  readonly columns: readonly string[] | undefined
  readonly said: Readonly<Record<string, string>>
}

/** One text of a program is no longer than this; above it a service's answer is fetched in parts. */
const largest = 500_000_000

/**
 * Take the rows out of an answer of a service: one JSON object with a list of records and words about it.
 * Files of any other form are returned as they are; an object without a list is what a service says in place of rows.
 * @throws Refusal where the answer holds no rows, reports an error, or counts more rows than it has
 */
export async function openEnvelope(file: Prepared, folder: string): Promise<Opened> {
  const plain = { file, columns: undefined, said: {} }
  if (file.format !== 'json' || !(await isOneObject(file))) return plain
  const refuse = (code: string, message: string) => new Refusal('refused', `load/${code}`, `${file.name}: ${message}`)
  if ((await stat(file.path)).size > largest)
    throw refuse('json-too-large', 'a JSON answer of more than 500 MB. Ask for it in parts, or as CSV')
  let answer: Record<string, unknown>
  try {
    answer = JSON.parse(readFileSync(file.path, 'utf8')) as Record<string, unknown>
  } catch (error) {
    throw refuse('unreadable', `cannot be read as JSON: ${(error as Error).message}. Fetch it again`)
  }
  const lists = Object.values(answer).filter((value) => Array.isArray(value)) as unknown[][]
  const said = Object.fromEntries(
    Object.entries(answer)
      .filter(([, value]) => value !== null && typeof value !== 'object')
      .map(([name, value]) => [name, String(value)]),
  )
  const [list] = lists
  if (lists.length !== 1 || list === undefined) return { ...plain, said }
  if (said['error']) throw refuse('answer', `the service answered "${said['error']}". Ask it again`)
  if (list.length === 0) throw refuse('answer', `no rows: the service found nothing for this question`)
  const count = Number(said['count'] ?? list.length)
  if (count > list.length)
    throw refuse('cut', `counts ${count} rows and holds ${list.length}: the rest was cut off. Ask for it in parts`)
  const records = list as readonly Readonly<Record<string, unknown>>[]
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))]
  const path = join(folder, `records-${randomUUID()}`)
  await writeFile(path, writeLines(records))
  return { file: { ...file, path }, columns, said }
}

/** Whether a JSON file is one object, and not a record a line. */
async function isOneObject(file: Prepared): Promise<boolean> {
  const handle = await open(file.path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1 << 20), 0, 1 << 20, 0)
    const text = buffer.subarray(0, bytesRead).toString('utf8').trimStart()
    if (!text.startsWith('{')) return false
    const [first = '', ...rest] = text.split(/\r?\n/)
    if (rest.every((line) => line.trim() === '')) return true
    try {
      JSON.parse(first)
      return false
    } catch {
      return true
    }
  } finally {
    await handle.close()
  }
}

function* writeLines(records: readonly unknown[]): Generator<string> {
  for (const record of records) yield `${JSON.stringify(record)}\n`
}
