import { createHash } from 'node:crypto'
import { tableBytes } from './table.ts'

let known: string | undefined

/** sha256 of the tables that decide what a load makes of economies' codes. */
export function referenceVersion(): string {
  known ??= createHash('sha256')
    .update(tableBytes('economies.csv'))
    .update(tableBytes('economy-codes.csv'))
    .digest('hex')
  return known
}
