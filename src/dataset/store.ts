import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Refusal } from '../refusal.ts'
import { fingerprint } from './fingerprint.ts'
import { type Manifest, schemaVersion } from './schema.ts'

/**
 * Files of a version beside those that stand in one for each stretch of its periods: sums over all goods, what the world
 * sells, what was set aside, and what was rejected.
 */
export const storedFiles = {
  allGoods: 'report-all-goods.parquet',
  supply: 'national-supply.parquet',
  aside: 'aside.parquet',
  reject: 'reject.parquet',
  products: 'products.json',
} as const

/** Periods one after the other whose flows are sorted together and stand in one file. */
export type Stretch = readonly number[]

/** What is stored in a file a stretch: flows in two orders, what each economy sells in two orders, and what it buys. */
export const spread = {
  byProduct: 'report-by-product',
  byImporter: 'report-by-importer',
  exports: 'national-exports',
  exportsByExporter: 'national-exports-by-exporter',
  purchases: 'national-purchases',
} as const
export type Spread = keyof typeof spread
/** Rows of a group in a stored file: who looks for one row of it reads as many. */
export const groupRows = 65_536

/** The files of one of these, one after the other; those that hold some of these periods where any are named. */
export function spreadFiles(what: Spread, stretches: readonly Stretch[], periods: readonly number[] = []): string[] {
  const files = stretches.map((_, place) => `${spread[what]}-${place + 1}.parquet`)
  if (periods.length === 0) return files
  const asked = new Set(periods)
  const found = files.filter((_, place) => stretches[place]?.some((period) => asked.has(period)))
  // Where there is nothing to read, one file says which columns there would be.
  return found.length > 0 ? found : files.slice(0, 1)
}

/** Files of a version that holds production. */
export const productionFiles = {
  rows: 'production.parquet',
  aside: 'aside.parquet',
  reject: 'reject.parquet',
} as const

/** Files of a version that is a small table. */
export const tableFiles = { rows: 'rows.parquet', reject: 'reject.parquet' } as const

export const datasetsFolder = (home: string) => join(home, 'datasets')

/**
 * Make a folder of the store with those above it, one by one.
 * @throws Refusal where CHOKEPOINT_HOME leads to no folder that can be written
 */
export async function makeFolder(home: string, folder: string): Promise<void> {
  const impossible = (code: string) =>
    new Refusal(
      'refused',
      'home/unwritable',
      `${home} cannot hold datasets (${code}). Set CHOKEPOINT_HOME to a folder that you may write to`,
    )
  const make = async (path: string, again: boolean): Promise<void> => {
    try {
      await mkdir(path)
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? ''
      const there = code === 'EEXIST' ? await stat(path).catch(() => undefined) : undefined
      if (there?.isDirectory()) return
      // It was there, and another has removed it since.
      if (code === 'EEXIST' && !there && again) return make(path, false)
      if (code !== 'ENOENT' || !again || dirname(path) === path) throw impossible(code)
      await make(dirname(path), true)
      await make(path, false)
    }
  }
  await make(folder, true)
}

/** What no folder can be called on Windows, where a store may be taken to. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/

/** Names are also folders, so they are kept plain: the same one on file systems that tell no capitals apart. */
export function checkName(name: string): string {
  if (reserved.test(name))
    throw new Refusal('wrong_use', 'dataset/name', `"${name}" cannot name a dataset: Windows reserves it. Add a word`)
  if (!/^[a-z0-9][a-z0-9_-]{0,63}$/.test(name)) {
    throw new Refusal(
      'wrong_use',
      'dataset/name',
      `"${name}" cannot name a dataset: use small letters, digits, - and _, such as baci-2022`,
    )
  }
  return name
}

/** The datasets in the store, current version each, in order of names; those that cannot be opened are left out. */
export async function listDatasets(home: string): Promise<Manifest[]> {
  return (await everyDataset(home)).filter((one) => !(one instanceof Refusal))
}

/** Why each of the others cannot be opened, and how it is loaded again: one of them keeps nobody from the rest. */
export async function refusedDatasets(home: string): Promise<Refusal[]> {
  return (await everyDataset(home)).filter((one) => one instanceof Refusal)
}

async function everyDataset(home: string): Promise<(Manifest | Refusal)[]> {
  const folder = datasetsFolder(home)
  const names = existsSync(folder)
    ? (await readdir(folder, { withFileTypes: true }))
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort()
    : []
  const found: (Manifest | Refusal)[] = []
  for (const name of names) {
    if ((await currentOf(home, name)) === undefined) continue
    try {
      found.push((await openDataset(home, name)).manifest)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      // One that was removed a moment ago is neither.
      if (error.code !== 'dataset/unknown') found.push(error)
    }
  }
  return found
}

/** Where a name points to; undefined where there is no such dataset, or it was removed a moment ago. */
async function currentOf(home: string, name: string): Promise<string | undefined> {
  try {
    return (await readFile(join(datasetsFolder(home), name, 'current'), 'utf8')).trim()
  } catch {
    return undefined
  }
}

/** @returns a refusal that names the datasets there are */
async function unknown(home: string, name: string): Promise<Refusal> {
  const all = await readdir(datasetsFolder(home)).catch(() => [])
  const known = all.filter((entry) => existsSync(join(datasetsFolder(home), entry, 'current')))
  const loaded =
    known.length > 0
      ? `Loaded: ${known.sort().join(', ')}.`
      : 'None is loaded: `chokepoint start` builds the samples, `chokepoint load FILE --as NAME` loads yours.'
  return new Refusal('wrong_use', 'dataset/unknown', `No dataset "${name}". ${loaded}`)
}

interface Version {
  readonly name: string
  readonly version: string
  readonly current: string
  /** All that are stored. */
  readonly versions: readonly string[]
}

/**
 * The version that `name` or `name@version` means: a version's beginning is enough.
 * @throws Refusal with those there are
 */
async function versionCalled(home: string, given: string): Promise<Version> {
  const [name = '', wanted] = given.split('@')
  checkName(name)
  const current = await currentOf(home, name)
  if (current === undefined) throw await unknown(home, name)
  const entries = await readdir(join(datasetsFolder(home), name)).catch(() => [])
  const versions = entries.filter((entry) => /^[0-9a-f]{12}$/.test(entry)).sort()
  const chosen = wanted ? versions.filter((entry) => entry.startsWith(wanted)) : [current]
  const [version] = chosen
  if (version === undefined || chosen.length > 1) {
    throw new Refusal(
      'wrong_use',
      'dataset/version',
      `${name}@${wanted}: ${chosen.length === 0 ? 'no such version' : 'several versions begin so'}. There are ${versions.join(', ')}`,
    )
  }
  return { name, version, current, versions }
}

/** A dataset by `name` or `name@version`: a version's beginning is enough. */
export async function openDataset(home: string, given: string): Promise<{ manifest: Manifest; folder: string }> {
  const { name, version } = await versionCalled(home, given)
  const folder = join(datasetsFolder(home), name, version)
  let manifest: Manifest
  try {
    manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest
  } catch {
    if ((await currentOf(home, name)) === undefined) throw await unknown(home, name)
    throw new Refusal(
      'refused',
      'dataset/damaged',
      `${join(folder, 'manifest.json')}: missing or damaged. Load ${name} again, or remove it: chokepoint datasets remove ${name} --yes`,
    )
  }
  if (manifest.schema !== schemaVersion) {
    throw new Refusal(
      'refused',
      'dataset/schema',
      `${name} was stored by another release (schema ${manifest.schema}, now ${schemaVersion}). Load it again: chokepoint load ${manifest.files.map((file) => file.file).join(' ')} --as ${name}`,
    )
  }
  return { manifest, folder }
}

/** Put a finished version in its place and point the name to it; a reader sees the old version or the new one. */
export async function publish(home: string, name: string, version: string, finished: string): Promise<void> {
  const at = join(datasetsFolder(home), name)
  await mkdir(at, { recursive: true })
  const target = join(at, version)
  try {
    await rename(finished, target)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    // The same rows were loaded before: the version is there, and equal.
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw error
    // What stands there damaged gives way to the new one, so that loading again mends it.
    if (!(await isWhole(target))) {
      await rename(target, join(finished, 'damaged'))
      await rename(finished, target)
      await rm(join(target, 'damaged'), { recursive: true, force: true })
    } else await rm(finished, { recursive: true, force: true })
  }
  const pointer = join(at, `current.${process.pid}.${Math.random().toString(36).slice(2)}`)
  await writeFile(pointer, `${version}\n`, { flush: true })
  await replace(pointer, join(at, 'current'))
}

/** Tries, and milliseconds between them. */
const [mostTries, between] = [20, 50]

/** Rename a file over another. On Windows that fails for as long as anybody reads the other, which is soon over. */
async function replace(file: string, other: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await rename(file, other)
    } catch (error) {
      const busy = ['EPERM', 'EACCES', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? '')
      if (process.platform !== 'win32' || !busy || tries === mostTries) throw error
      await pause(between)
    }
  }
}

/** Whether a stored version can be opened by this release and has every byte that its manifest promises. */
async function isWhole(folder: string): Promise<boolean> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest
    return manifest.schema === schemaVersion && (await compare(manifest, folder)).every((file) => file.sound)
  } catch {
    return false
  }
}

const removedWhileRead = (folder: string) =>
  new Refusal(
    'refused',
    'dataset/removed',
    `${basename(dirname(folder))}@${basename(folder)} was removed while it was read. Load it again, or ask another`,
  )

/**
 * Why stored files cannot be read: they were removed, or are not what they were when they were loaded.
 * @returns a refusal that names the file; undefined where the files are as they were, so that something else is wrong
 */
export async function whyUnreadable(files: readonly string[]): Promise<Refusal | undefined> {
  for (const file of files) {
    const folder = dirname(file)
    const name = basename(dirname(folder))
    if (!existsSync(file) && !existsSync(folder)) return removedWhileRead(folder)
    try {
      const { checksums } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest
      const sha256 = checksums[basename(file)]
      if (sha256 === undefined || (await fingerprint(file)) === sha256) continue
    } catch {
      // A file that cannot be read is no more what it was.
    }
    return new Refusal(
      'refused',
      'dataset/damaged',
      `${file}: changed or damaged since it was loaded. Load ${name} again: that mends it`,
    )
  }
  return undefined
}

/**
 * Compare each stored file with the checksum that its manifest gives.
 * @throws Refusal where the dataset is removed meanwhile
 */
export async function verifyDataset(home: string, given: string): Promise<{ file: string; sound: boolean }[]> {
  const { manifest, folder } = await openDataset(home, given)
  return compare(manifest, folder)
}

async function compare(manifest: Manifest, folder: string): Promise<{ file: string; sound: boolean }[]> {
  const checked: { file: string; sound: boolean }[] = []
  for (const [name, sha256] of Object.entries(manifest.checksums).sort()) {
    const file = join(folder, name)
    const found = await fingerprint(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
      return undefined
    })
    checked.push({ file, sound: found === sha256 })
  }
  if (!existsSync(folder)) throw removedWhileRead(folder)
  return checked
}

/** The process whose load a folder or pointer belongs to; undefined for what is published. */
export function ownerOf(entry: string): number | undefined {
  const owner = /^(?:\.loading-|current\.)(\d+)[-.]/.exec(entry)?.[1]
  return owner === undefined ? undefined : Number(owner)
}

/** Whether a process of this machine still runs. */
export function alive(process_id: number): boolean {
  try {
    process.kill(process_id, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Remove one version, or a dataset with all its versions, damaged ones too. Returns what was removed. */
export async function removeDataset(home: string, given: string): Promise<string[]> {
  const { name, version, current, versions } = await versionCalled(home, given)
  const at = join(datasetsFolder(home), name)
  if (given.includes('@') && versions.length > 1) {
    if (current === version) {
      throw new Refusal(
        'wrong_use',
        'dataset/current',
        `${given} is the current version: load another first, or remove the whole dataset by its name`,
      )
    }
    await rm(join(at, version), { recursive: true, force: true })
    return [`${name}@${version}`]
  }
  await rm(join(at, 'current'), { force: true })
  const entries = await readdir(at).catch((error: NodeJS.ErrnoException) => {
    // Another has removed it at the same moment.
    if (error.code !== 'ENOENT') throw error
    return []
  })
  // A load that is under way keeps its folder, and makes the dataset anew.
  for (const entry of entries) {
    const owner = ownerOf(entry)
    if (owner === undefined || !alive(owner)) await rm(join(at, entry), { recursive: true, force: true, maxRetries: 3 })
  }
  await rmdir(at).catch(() => {})
  return versions.map((one) => `${name}@${one}`)
}
