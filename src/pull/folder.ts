import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Refusal } from '../refusal.ts'

/** The list of checksums, in the form that `sha256sum --check` reads. */
const sums = 'SHA256SUMS'

/** A folder that files are pulled into: nothing is written outside it. */
export class PullFolder {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /** @throws Refusal where it cannot be made, or is no folder */
  static async open(path: string): Promise<PullFolder> {
    try {
      await mkdir(path, { recursive: true })
    } catch (error) {
      throw new Refusal(
        'refused',
        'pull/folder',
        `${path}: cannot be made a folder (${(error as NodeJS.ErrnoException).code}). Name another`,
      )
    }
    return new PullFolder(path)
  }

  /**
   * The place of a file in the folder.
   * @throws Refusal where something else stands there that a file would be written through
   */
  async place(name: string): Promise<string> {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) throw new Error(`no name of a file to pull: ${name}`)
    const path = join(this.path, name)
    const there = await lstat(path).catch(() => undefined)
    if (there && !there.isFile())
      throw new Refusal(
        'refused',
        'pull/place',
        `${path}: no plain file, and nothing is written through it. Remove it, or name another folder`,
      )
    return path
  }

  /** What a small file says, or undefined where there is none. */
  async read(name: string): Promise<string | undefined> {
    return readFile(await this.place(name), 'utf8').catch(() => undefined)
  }

  /** Write a small file whole. */
  async write(name: string, text: string): Promise<void> {
    const temporary = await this.place(`${name}.new`)
    await writeFile(temporary, text)
    await rename(temporary, await this.place(name))
  }

  async remove(name: string): Promise<void> {
    await rm(await this.place(name), { force: true })
  }

  /** Whether a file is there whole: its bytes are those of the checksum that was recorded. */
  async holds(name: string): Promise<boolean> {
    const recorded = (await this.#recorded()).get(name)
    if (recorded === undefined) return false
    const path = await this.place(name)
    if (!(await lstat(path).catch(() => undefined))) return false
    if ((await hashOf(path)).digest('hex') === recorded) return true
    throw new Refusal(
      'refused',
      'pull/changed',
      `${path}: not the file that was pulled, by its checksum. Remove it to pull it again`,
    )
  }

  /** Give a finished file its name, and record its checksum. */
  async keep(part: string, name: string, sha256: string): Promise<void> {
    await rename(await this.place(part), await this.place(name))
    const recorded = await this.#recorded()
    recorded.set(name, sha256)
    const lines = [...recorded].sort(([a], [b]) => (a < b ? -1 : 1)).map(([file, sum]) => `${sum}  ${file}\n`)
    await this.write(sums, lines.join(''))
  }

  async #recorded(): Promise<Map<string, string>> {
    const text = (await this.read(sums)) ?? ''
    return new Map([...text.matchAll(/^([0-9a-f]{64}) {2}(.+)$/gm)].map(([, sum = '', file = '']) => [file, sum]))
  }
}

/** sha256 of the first `bytes` of a file, or of all of it, ready for more. */
export async function hashOf(path: string, bytes = Number.POSITIVE_INFINITY): Promise<Hash> {
  const hash = createHash('sha256')
  if (bytes > 0) for await (const chunk of createReadStream(path, { end: bytes - 1 })) hash.update(chunk as Buffer)
  return hash
}
