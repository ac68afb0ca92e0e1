import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Chokepoint } from './index.ts'

const folder = new URL('../data/sample/', import.meta.url)

/** The bundled sample: datasets that differ in kind, frequency, currency and coverage, and are never mixed. */
export const samples: readonly { readonly name: string; readonly file: string }[] = [
  { name: 'russia-imts', file: 'russia-imts.csv' },
  { name: 'critical-materials', file: 'critical-materials.csv' },
  { name: 'eu-listed-exports', file: 'eu-listed-exports.csv.gz' },
  { name: 'russia-vendors', file: 'russia-vendors.csv' },
  { name: 'published-figures', file: '../reference/published-figures.csv' },
]

/** Load those of the samples that are not in the store as they are bundled. */
export async function loadSamples(chokepoint: Chokepoint, progress?: (line: string) => void): Promise<void> {
  const held = await chokepoint.datasets()
  for (const { name, file } of samples) {
    const path = fileURLToPath(new URL(file, folder))
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
    if (held.some((one) => one.name === name && one.files.length === 1 && one.files[0]?.sha256 === sha256)) continue
    progress?.(`building ${name}`)
    await chokepoint.load([path], { as: name, mapping: fileURLToPath(new URL(`${name}.yaml`, folder)) })
  }
}
