import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'

const cache = new Map<string, readonly Readonly<Record<string, string>>[]>()

const file = (name: string) => new URL(`../../data/reference/${name}`, import.meta.url)

/** A shipped reference table, every cell as text, read once. */
export function table(name: string): readonly Readonly<Record<string, string>>[] {
  const known = cache.get(name)
  if (known) return known
  const rows = parse(readFileSync(file(name)), { columns: true }) as Record<string, string>[]
  cache.set(name, rows)
  return rows
}

/** The bytes of a shipped table, for fingerprints. */
export const tableBytes = (name: string): Buffer => readFileSync(file(name))

/** Rows by the value of one column, in the order in which the values first stand. */
export function tableBy(
  name: string,
  column: string,
): ReadonlyMap<string, readonly Readonly<Record<string, string>>[]> {
  const groups = new Map<string, Readonly<Record<string, string>>[]>()
  for (const row of table(name)) {
    const key = row[column] ?? ''
    const rows = groups.get(key)
    if (rows) rows.push(row)
    else groups.set(key, [row])
  }
  return groups
}
