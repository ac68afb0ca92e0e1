import MiniSearch from 'minisearch'
import { Refusal } from '../refusal.ts'
import { tableBy } from './table.ts'

let texts: ReadonlyMap<string, readonly { readonly year: number; readonly text: string }[]> | undefined

/** The texts of each code, oldest edition first, as hs.csv has them in order. */
function shipped(): NonNullable<typeof texts> {
  texts ??= new Map(
    [...tableBy('hs.csv', 'code')].map(([code, rows]) => [
      code,
      rows.map((row) => ({ year: yearOf(row['edition'] ?? ''), text: row['description'] ?? '' })),
    ]),
  )
  return texts
}

const yearOf = (nomenclature: string) => Number(/\d{4}$/.exec(nomenclature)?.[0] ?? 9999)

/**
 * What a code of the Harmonised System covers, in a few words; undefined where no shipped edition has it. A code of more
 * than six digits gets the text of its six.
 * @param nomenclature the one that the code stands in, `HS2017` or `CN2021`: a text as of its year, for a number that
 * stayed may have changed what it covers. Where it is unknown, the newest text
 */
export function productDescription(code: string, nomenclature = ''): string | undefined {
  const editions = editionsOf(code)
  return (editions.findLast((edition) => edition.year <= yearOf(nomenclature)) ?? editions[0])?.text
}

const editionsOf = (code: string) => shipped().get(code) ?? shipped().get(code.slice(0, 6)) ?? []

/** A code with the beginning of its text, as suggestions name it. */
function named(code: string): string {
  const text = productDescription(code) ?? 'no description'
  return `${code} (${text.length > 60 ? `${text.slice(0, 60).replace(/\W+\w*$/, '')} …` : text})`
}

/**
 * The code that a reader means, among those a dataset holds: a code, or the beginning of several, or words of a
 * description in any edition.
 * @throws Refusal with suggestions
 */
export function findProduct(text: string, known: readonly string[]): string {
  const wanted = text.trim()
  const unknown = (message: string) => new Refusal('wrong_use', 'product/unknown', message)
  if (/^total$/i.test(wanted)) return 'TOTAL'
  if (/^\d+$/.test(wanted)) {
    if (known.some((code) => code.startsWith(wanted))) return wanted
    const near = known
      .filter((code) => code.startsWith(wanted.slice(0, 4)))
      .concat(known.filter((code) => code.startsWith(wanted.slice(0, 2))))
    throw unknown(
      `The dataset has no product ${wanted}. ${near.length > 0 ? `Near it are ${[...new Set(near)].slice(0, 3).map(named).join('; ')}` : 'Codes keep their leading zeros: 010121, not 10121'}`,
    )
  }
  const index = new MiniSearch<{ id: string; text: string }>({ fields: ['text'] })
  index.addAll(
    known.map((code) => ({
      id: code,
      text: editionsOf(code)
        .map((edition) => edition.text)
        .join(' '),
    })),
  )
  const search = (combineWith: 'AND' | 'OR') =>
    index.search(wanted, { fuzzy: 0.2, prefix: true, combineWith }).map((hit) => String(hit.id))
  const hits = search('AND')
  if (hits.length === 1) return hits[0] as string
  if (hits.length > 1)
    throw unknown(
      `"${wanted}" fits ${hits.length} products: ${hits.slice(0, 3).map(named).join('; ')}${hits.length > 3 ? '; …' : ''}. Give the code`,
    )
  const near = search('OR').slice(0, 3)
  throw unknown(
    `No product of the dataset is described by "${wanted}". ${near.length > 0 ? `Nearest are ${near.map(named).join('; ')}` : 'Give its code'}`,
  )
}
