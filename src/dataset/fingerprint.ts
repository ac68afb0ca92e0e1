import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** Bytes read at a time. */
const block = 1 << 20

/** sha256 of a file, hexadecimal. */
export async function fingerprint(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: block })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
