import MiniSearch from 'minisearch'
import { Refusal } from '../refusal.ts'
import { table } from './table.ts'

let texts: ReadonlyMap<string, string> | undefined

/** What a code of the Harmonised System covers, in a few words; undefined where no shipped edition has it. */
export function productDescription(code: string): string | undefined {
  texts ??= new Map(table('hs.csv').map((row) => [row['code'] ?? '', row['description'] ?? '']))
  return texts.get(code) ?? texts.get(code.slice(0, 6))
}

/**
 * The code that a reader means, among those a dataset holds: a code, or the beginning of several, or words of a description.
 * @throws Refusal with suggestions
 */
export function findProduct(text: string, known: readonly string[]): string {
  const wanted = text.trim()
  if (/^total$/i.test(wanted)) return 'TOTAL'
  if (/^\d+$/.test(wanted)) {
    if (known.some((code) => code.startsWith(wanted))) return wanted
    const near = known
      .filter((code) => code.startsWith(wanted.slice(0, 4)))
      .concat(known.filter((code) => code.startsWith(wanted.slice(0, 2))))
    const named = [...new Set(near)]
      .slice(0, 3)
      .map((code) => `${code} (${(productDescription(code) ?? 'no description').slice(0, 50)})`)
    throw new Refusal(
      'wrong_use',
      'product/unknown',
      `The dataset has no product ${wanted}. ${named.length > 0 ? `Near it are ${named.join('; ')}` : 'Codes keep their leading zeros: 010121, not 10121'}`,
    )
  }
  const index = new MiniSearch<{ id: string; text: string }>({ fields: ['text'], storeFields: ['text'] })
  index.addAll(known.map((code) => ({ id: code, text: productDescription(code) ?? '' })))
  const hits = index.search(wanted, { fuzzy: 0.2, prefix: true, combineWith: 'AND' })
  if (hits.length === 1) return String(hits[0]?.id)
  const near = hits.slice(0, 3).map((hit) => `${hit.id} (${String(hit['text']).slice(0, 50)})`)
  throw new Refusal(
    'wrong_use',
    'product/unknown',
    hits.length > 1
      ? `"${wanted}" fits ${hits.length} products: ${near.join('; ')}${hits.length > 3 ? ', …' : ''}. Give the code`
      : `No product of the dataset is described by "${wanted}". Give its code`,
  )
}
