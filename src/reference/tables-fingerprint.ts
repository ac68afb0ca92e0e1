import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesIn } from './yaml-file.ts'

const shippedFolder = fileURLToPath(new URL('../../data/', import.meta.url))
/** Folders under CHOKEPOINT_HOME with what users add to the shipped tables. */
const userFolders = ['groups', 'correlations', 'methods', 'controls', 'controls/codes']

function sha256Of(root: string, folders: readonly string[]): string {
  const hash = createHash('sha256')
  for (const folder of folders)
    for (const file of filesIn(join(root, folder)).filter((path) =>
      statSync(path, { throwIfNoEntry: false })?.isFile(),
    ))
      hash
        .update(`${folder}/${basename(file)}\0`)
        .update(readFileSync(file))
        .update('\0')
  return hash.digest('hex')
}

let shipped: string | undefined

/** sha256 of the shipped tables and of a user's own files: what may move an answer beside data, question and release. */
export function tablesFingerprint(home: string): string {
  shipped ??= sha256Of(shippedFolder, ['reference', 'claims', 'controls', 'controls/codes'])
  return createHash('sha256').update(shipped).update(sha256Of(home, userFolders)).digest('hex')
}
