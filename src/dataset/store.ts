import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Refusal } from '../refusal.ts'
import { fingerprint } from './intake.ts'
import { type Manifest, schemaVersion } from './schema.ts'

/** Files of a version: the same rows in two orders, what each economy sells, what was set aside, what was rejected. */
export const storedFiles = {
  byProduct: 'report-by-product.parquet',
  byImporter: 'report-by-importer.parquet',
  exports: 'national-exports.parquet',
  aside: 'aside.parquet',
  reject: 'reject.parquet',
  products: 'products.json',
} as const

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
      if (code === 'EEXIST' && (await stat(path)).isDirectory()) return
      if (code !== 'ENOENT' || !again || dirname(path) === path) throw impossible(code)
      await make(dirname(path), true)
      await make(path, false)
    }
  }
  await make(folder, true)
}

/** Names are also folders, so they are kept plain. */
export function checkName(name: string): string {
  if (!/^[a-z0-9][a-z0-9_-]{0,63}$/.test(name)) {
    throw new Refusal(
      'wrong_use',
      'dataset/name',
      `"${name}" cannot name a dataset: use small letters, digits, - and _, such as baci-2022`,
    )
  }
  return name
}

/** The datasets in the store, current version each, in order of names. */
export async function listDatasets(home: string): Promise<Manifest[]> {
  const folder = datasetsFolder(home)
  const names = existsSync(folder)
    ? (await readdir(folder, { withFileTypes: true }))
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort()
    : []
  const manifests: Manifest[] = []
  for (const name of names)
    if (existsSync(join(folder, name, 'current'))) manifests.push((await openDataset(home, name)).manifest)
  return manifests
}

/** A dataset by `name` or `name@version`: a version's beginning is enough. */
export async function openDataset(home: string, given: string): Promise<{ manifest: Manifest; folder: string }> {
  const [name = '', version] = given.split('@')
  checkName(name)
  const at = join(datasetsFolder(home), name)
  const known = existsSync(datasetsFolder(home))
    ? (await readdir(datasetsFolder(home))).filter((entry) => existsSync(join(datasetsFolder(home), entry, 'current')))
    : []
  if (!known.includes(name)) {
    const loaded =
      known.length > 0
        ? `Loaded: ${known.sort().join(', ')}.`
        : 'None is loaded: `chokepoint start` builds the samples, `chokepoint load FILE --as NAME` loads yours.'
    throw new Refusal('wrong_use', 'dataset/unknown', `No dataset "${name}". ${loaded}`)
  }
  const current = readFileSync(join(at, 'current'), 'utf8').trim()
  const versions = (await readdir(at)).filter((entry) => /^[0-9a-f]{12}$/.test(entry)).sort()
  const chosen = version ? versions.filter((entry) => entry.startsWith(version)) : [current]
  if (chosen.length !== 1) {
    throw new Refusal(
      'wrong_use',
      'dataset/version',
      `${name}@${version}: ${chosen.length === 0 ? 'no such version' : 'several versions begin so'}. There are ${versions.join(', ')}`,
    )
  }
  const folder = join(at, chosen[0] as string)
  let manifest: Manifest
  try {
    manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest
  } catch {
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
  await rename(pointer, join(at, 'current'))
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

/** Compare each stored file with the checksum that its manifest gives. */
export async function verifyDataset(home: string, given: string): Promise<{ file: string; sound: boolean }[]> {
  const { manifest, folder } = await openDataset(home, given)
  return compare(manifest, folder)
}

async function compare(manifest: Manifest, folder: string): Promise<{ file: string; sound: boolean }[]> {
  const checked: { file: string; sound: boolean }[] = []
  for (const [name, sha256] of Object.entries(manifest.checksums).sort()) {
    const file = join(folder, name)
    checked.push({ file, sound: existsSync(file) && (await fingerprint(file)) === sha256 })
  }
  return checked
}

/** Remove one version, or a dataset with all its versions. Returns what was removed. */
export async function removeDataset(home: string, given: string): Promise<string[]> {
  const { manifest } = await openDataset(home, given)
  const at = join(datasetsFolder(home), manifest.name)
  const versions = (await readdir(at)).filter((entry) => /^[0-9a-f]{12}$/.test(entry)).sort()
  if (given.includes('@') && versions.length > 1) {
    if (readFileSync(join(at, 'current'), 'utf8').trim() === manifest.version) {
      throw new Refusal(
        'wrong_use',
        'dataset/current',
        `${given} is the current version: load another first, or remove the whole dataset by its name`,
      )
    }
    await rm(join(at, manifest.version), { recursive: true })
    return [`${manifest.name}@${manifest.version}`]
  }
  await rm(join(at, 'current'))
  await rm(at, { recursive: true })
  return versions.map((version) => `${manifest.name}@${version}`)
}
