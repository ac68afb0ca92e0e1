import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Chokepoint } from './index.ts'
import { Refusal } from './refusal.ts'

const folder = new URL('../data/sample/', import.meta.url)

/** The bundled sample: datasets that differ in kind, frequency, currency and coverage, and are never mixed. */
export const samples: readonly { readonly name: string; readonly file: string }[] = [
  { name: 'russia-imts', file: 'russia-imts.csv' },
  { name: 'critical-materials', file: 'critical-materials.csv' },
  { name: 'eu-listed-exports', file: 'eu-listed-exports.csv.gz' },
  { name: 'russia-vendors', file: 'russia-vendors.csv' },
  { name: 'published-figures', file: '../reference/published-figures.csv' },
]

/** Checksums of the files that a sample was built from; none where it is not there, or of another release's form. */
async function filesHeld(chokepoint: Chokepoint, name: string): Promise<string[]> {
  try {
    return (await chokepoint.dataset(name)).files.map((file) => file.sha256)
  } catch (error) {
    if (error instanceof Refusal && error.code.startsWith('dataset/')) return []
    throw error
  }
}

/** Load those of the samples that are not in the store as they are bundled, or were damaged there. */
export async function loadSamples(chokepoint: Chokepoint, progress?: (line: string) => void): Promise<void> {
  for (const { name, file } of samples) {
    const path = fileURLToPath(new URL(file, folder))
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
    const files = await filesHeld(chokepoint, name)
    const isHeld = files.length === 1 && files[0] === sha256
    if (isHeld && (await chokepoint.verify(name)).every(({ sound }) => sound)) continue
    progress?.(`building ${name}`)
    await chokepoint.load([path], { as: name, mapping: fileURLToPath(new URL(`${name}.yaml`, folder)) })
  }
}
