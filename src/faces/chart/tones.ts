import type { Tones } from '../../analyses/charting.ts'
import type { Key, Placed } from './sheet.ts'

/** The colour of a row by the word that it has: of no economy's colours, for a word is none. */
export function toneOf(tones: Tones | undefined, { row }: Placed, hatch: string): string | undefined {
  if (!tones) return undefined
  const word = row[tones.column]
  return word === tones.full ? 'var(--q4)' : word === tones.open ? `url(#${hatch})` : 'var(--others)'
}

/** What those colours mean, of which there are rows. */
export function toneKeys(tones: Tones, drawn: readonly Placed[], hatch: string): Key[] {
  const words = { full: 'var(--q4)', open: `url(#${hatch})`, other: 'var(--others)' } as const
  const had = new Set(drawn.map((one) => toneOf(tones, one, hatch)))
  return (['full', 'open', 'other'] as const)
    .filter((tone) => had.has(words[tone]))
    .map((tone) => ({ fill: words[tone], says: tones.says[tone] }))
}
