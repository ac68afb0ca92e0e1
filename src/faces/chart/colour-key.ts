import { nameOf } from './measures.ts'
import { columnOf, type Key, type Placed, type Sheet } from './sheet.ts'

/** The economy that colours rows: the one in question, or the one that most rows name. */
export function askColour(sheet: Sheet, rows: readonly Placed[], column: string, most: boolean): void {
  // Orange is for suppliers; methods, rules and importers are no suppliers.
  if (columnOf(sheet, column)?.unit !== 'economy' || column === 'importer' || column === 'economy') return
  const named = rows.map(({ row }) => row[column]).filter((cell) => typeof cell === 'string')
  const counts = new Map<string, number>()
  for (const one of named) counts.set(one, (counts.get(one) ?? 0) + 1)
  const [first] = most ? [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([one]) => one) : named
  if (first !== undefined) sheet.colours.ask(first)
}

/** A row's colour, with what it says in a key where it is not the row's own. */
export function colourKey(
  sheet: Sheet,
  rows: readonly Placed[],
  colour: { column: string; says: string } | undefined,
): Key[] {
  if (!colour) return []
  const named = new Set(rows.map(({ row }) => String(row[colour.column])))
  const slotted = [...named].filter((one) => sheet.colours.slot(one) !== undefined)
  return [
    ...slotted.map((one) => ({ fill: sheet.colours.of(one), says: `${colour.says}: ${nameOf(sheet.charted, one)}` })),
    ...(named.size > slotted.length && slotted.length > 0 ? [{ fill: 'var(--others)', says: 'another' }] : []),
  ]
}
