import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { referenceVersion } from '../reference/reference-version.ts'
import { fingerprint } from './fingerprint.ts'
import { type ManifestBase, type Provenance, schemaVersion } from './schema.ts'

/** What every kind of dataset says of itself in the same words. */
export interface Loaded {
  readonly name: string
  readonly source: string
  /** Where it comes from, and everything else that was said of the files: it is part of the version. */
  readonly mapping: Provenance
  readonly files: ManifestBase['files']
  readonly options: ManifestBase['options']
  /** Counts that close, part of the version. */
  readonly account: unknown
  readonly reject_reasons: ManifestBase['reject_reasons']
  readonly notes: readonly string[]
  readonly toolVersion: string
  readonly now: Date
}

/**
 * The part of a manifest that does not depend on the kind of dataset. The version is a hash of the content, the load
 * options, the mapping, the account, the schema and the reference tables: the same input gives the same version.
 *
 * @param content identifies the canonical rows, whatever their order in the files
 * @param stored the version's files, in `folder`
 */
export async function manifestBase(
  folder: string,
  loaded: Loaded,
  content: unknown,
  stored: readonly string[],
): Promise<ManifestBase> {
  const { mapping, source } = loaded
  const version = createHash('sha256')
    .update(
      JSON.stringify([
        content,
        loaded.options,
        schemaVersion,
        referenceVersion(),
        mapping,
        loaded.account,
        loaded.reject_reasons,
      ]),
    )
    .digest('hex')
    .slice(0, 12)
  const checksums: Record<string, string> = {}
  for (const file of stored) checksums[file] = await fingerprint(join(folder, file))
  return {
    schema: schemaVersion,
    name: loaded.name,
    version,
    title: mapping.title || loaded.files.map((file) => basename(file.file)).join(', '),
    loaded_at: loaded.now.toISOString(),
    tool_version: loaded.toolVersion,
    source,
    provenance: [
      {
        publisher: mapping.publisher,
        title: mapping.title,
        vintage: mapping.vintage,
        licence: mapping.licence,
        url: mapping.url,
        note: mapping.note,
      },
    ],
    files: loaded.files,
    options: loaded.options,
    reject_reasons: loaded.reject_reasons,
    notes: loaded.notes,
    checksums,
  }
}

/** Write a manifest beside the files that it describes. */
export async function storeManifest(folder: string, manifest: ManifestBase): Promise<void> {
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`, { flush: true })
}
