import { isUtf8 } from 'node:buffer'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parse } from 'csv-parse/sync'
import { type Chokepoint, type Manifest, open, Refusal } from '../../src/index.ts'
import { checkFiles } from '../../src/own-files.ts'
import type { RoughFile } from './rough-files.ts'

/** A small file that takes longer than this hangs. */
const mostSeconds = 60

/** What must hold and does not. */
class Broken extends Error {}

function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Broken(what)
}

/** How a file ended: loaded, or refused by the code of its refusal. */
export type Ending = 'loaded' | 'read' | `refused ${string}`

/** A room with a store and a place for files, in which loads are watched. */
export class Room {
  readonly #folder: string
  readonly #chokepoint: Chokepoint
  #number = 0

  private constructor(folder: string, chokepoint: Chokepoint) {
    this.#folder = folder
    this.#chokepoint = chokepoint
  }

  static async open(): Promise<Room> {
    const folder = await mkdtemp(join(tmpdir(), 'chokepoint-rough-'))
    await mkdir(join(folder, 'files'))
    return new Room(folder, await open({ home: join(folder, 'home'), limits: { threads: 1, memory: 400_000_000 } }))
  }

  async close(): Promise<void> {
    await this.#chokepoint.close()
    await rm(this.#folder, { recursive: true, force: true })
  }

  /**
   * Give a file to what reads it.
   * @throws Error saying what was broken: a fault in place of a refusal, a hang, a lost row or value, a write outside the store
   */
  async examine(rough: RoughFile): Promise<Ending> {
    const name = `case-${this.#number++}`
    const folder = join(this.#folder, 'files', name)
    const file = join(folder, basename(rough.file) || 'case')
    const mapping = join(folder, 'the mapping.yaml')
    await mkdir(folder)
    await writeFile(file, rough.content)
    if (rough.mapping !== undefined) await writeFile(mapping, rough.mapping)
    const hung = new AbortController()
    try {
      const reading = rough.own
        ? this.#read(file, rough)
        : this.#load(file, name, rough.mapping === undefined ? undefined : mapping, rough)
      const ending = await Promise.race([
        reading,
        pause(mostSeconds * 1000, undefined, { signal: hung.signal }).then(() => {
          throw new Broken(`it hangs: more than ${mostSeconds} s`)
        }),
      ])
      await this.#undisturbed(file, name, rough)
      return ending
    } finally {
      hung.abort()
      await rm(folder, { recursive: true, force: true })
      await rm(join(this.#folder, 'home', 'datasets', name), { recursive: true, force: true })
    }
  }

  async #read(file: string, rough: RoughFile): Promise<Ending> {
    const lines = rough.content.toString('utf8').split(/\r\n|[\n\r]/).length
    for (const { faults } of checkFiles(join(this.#folder, 'home'), [file]))
      for (const { line, column, message } of faults) {
        must(line >= 1 && line <= lines && column >= 1, `line ${line}, column ${column} is not in the file: ${message}`)
        must(message.trim() !== '', 'a fault without words')
      }
    return 'read'
  }

  async #load(file: string, name: string, mapping: string | undefined, rough: RoughFile): Promise<Ending> {
    let manifest: Manifest
    try {
      manifest = await this.#chokepoint.load([file], { as: name, ...(mapping === undefined ? {} : { mapping }) })
    } catch (error) {
      must(error instanceof Refusal, `a fault in place of a refusal: ${(error as Error).stack}`)
      must(!/\.loading-|home.datasets/.test(error.message), `the refusal shows the store's inside: ${error.message}`)
      must(
        [file, mapping].some((one) => one && error.message.includes(basename(one))),
        `the refusal does not name the file: ${error.message}`,
      )
      must(/[a-z]{3}/.test(error.message.replace(basename(file), '')), `the refusal says nothing: ${error.message}`)
      return `refused ${error.code}`
    }
    const { rows } = manifest.account
    const [aside, blank] = 'aside' in rows ? [rows.aside, rows.blank] : [0, 0]
    must(rows.in === rows.kept + aside + rows.rejected, `rows do not add up: ${JSON.stringify(rows)}`)
    const rejects = await this.#chokepoint.rejects(name)
    must(rejects.length === rows.rejected, `${rejects.length} rejects are kept of ${rows.rejected}`)
    must(
      rejects.every(({ reason }) => reason !== ''),
      'a reject without its reason',
    )
    if ('value' in manifest.account) {
      const { value } = manifest.account
      const parts = [value.kept, value.aside, value.rejected, value.rounding].map(exact)
      must(
        exact(value.in) === parts.reduce((sum, part) => sum + part, 0n),
        `values do not add up: ${JSON.stringify(value)}`,
      )
      const seen = countedIn(rough)
      if (seen) {
        must(
          rows.in + blank === seen.rows,
          `${seen.rows} rows stand in the file, ${rows.in} were read and ${blank} were blank`,
        )
        if (seen.value !== undefined && rows.rejected === 0)
          must(
            exact(value.in) === seen.value,
            `the values in the file add up to ${seen.value}, those read to ${value.in}`,
          )
      }
    }
    must(
      (await this.#chokepoint.verify(name)).every(({ sound }) => sound),
      'what was stored is not what was promised',
    )
    return 'loaded'
  }

  /** Nothing but the store has changed, and in the store nothing but whole versions stands. */
  async #undisturbed(file: string, name: string, rough: RoughFile): Promise<void> {
    must((await readFile(file)).equals(rough.content), 'the file itself was changed')
    const expected = new Set(['files', 'home'])
    const stray = (await readdir(this.#folder)).filter((entry) => !expected.has(entry))
    must(stray.length === 0, `written outside the store: ${stray.join(', ')}`)
    must(!existsSync('/tmp/escaped.csv'), 'written outside the store: /tmp/escaped.csv')
    const home = join(this.#folder, 'home')
    const inside = existsSync(home) ? await readdir(home) : []
    must(
      inside.every((entry) => entry === 'datasets'),
      `written beside the datasets: ${inside.join(', ')}`,
    )
    const beside = existsSync(join(home, 'datasets')) ? await readdir(join(home, 'datasets')) : []
    must(
      beside.every((entry) => /^case-\d+$/.test(entry)),
      `written among the datasets: ${beside.join(', ')}`,
    )
    const at = join(home, 'datasets', name)
    const left = existsSync(at) ? await readdir(at) : []
    must(
      left.every((entry) => /^(current|[0-9a-f]{12})$/.test(entry)),
      `left behind: ${left.join(', ')}`,
    )
    const read = (await readdir(join(this.#folder, 'files', name))).filter((entry) => entry !== 'the mapping.yaml')
    must(read.length === 1, `written beside the file: ${read.join(', ')}`)
  }
}

/** Decimal text as a whole number of 10^-12. */
function exact(text: string): bigint {
  const [whole = '0', rest = ''] = text.replace('-', '').split('.')
  const size = BigInt(whole) * 10n ** 12n + BigInt(rest.padEnd(12, '0').slice(0, 12))
  return text.startsWith('-') ? -size : size
}

/**
 * Rows that stand in a file, a row a line, and what their values add up to, counted by another reader; undefined where
 * the file is none that both readers must see alike.
 */
function countedIn({ content, value, mapping }: RoughFile): { rows: number; value: bigint | undefined } | undefined {
  if (mapping?.includes('period_columns') || !isUtf8(content) || content.includes(0)) return undefined
  const text = content.toString('utf8')
  if (/^\s*[[{]/.test(text.replace('\ufeff', '')) || text.startsWith('PAR1') || text.startsWith('PK')) return undefined
  const [first = ''] = text.split(/\r\n|[\n\r]/, 1)
  // A quotation mark within a cell is read in more than one way.
  if (/[^,;\t|\r\n"]"[^,;\t|\r\n"]/.test(text)) return undefined
  const delimiter = [',', ';', '\t', '|'].reduce((best, one) =>
    first.split(one).length > first.split(best).length ? one : best,
  )
  let records: string[][]
  try {
    // Of mixed line ends this reader takes the first it sees for the only one.
    records = parse(text.replace(/\r\n?/g, '\n'), {
      bom: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
    })
  } catch {
    return undefined
  }
  const [header = [], ...rows] = records
  // A row of several years is several rows.
  if (header.filter((name) => /^(19|20)\d\d$/.test(name)).length > 1) return undefined
  const at = value === undefined ? -1 : header.indexOf(value)
  const read = rows.map((row) => row[at] ?? '')
  const plain = value !== undefined && at >= 0 && read.every((cell) => /^\d{1,14}(\.\d{1,12})?$/.test(cell))
  return { rows: rows.length, value: plain ? read.reduce((sum, cell) => sum + exact(cell), 0n) : undefined }
}
