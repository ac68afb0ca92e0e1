import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One folder for all that a run makes and its processes leave behind, gone when it is done. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'chokepoint-tests-'))
  // As the machine's own: some tests run processes of another user.
  chmodSync(folder, 0o1777)
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
