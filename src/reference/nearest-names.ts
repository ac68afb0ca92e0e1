import MiniSearch from 'minisearch'

const most = 3

/** Up to three of these names that are spelt most like a text. */
export function nearest(text: string, names: readonly string[]): string[] {
  const index = new MiniSearch({ fields: ['id'], tokenize: (name) => [name] })
  index.addAll(names.map((id) => ({ id })))
  return index
    .search(text.slice(0, 100), { fuzzy: 0.4, prefix: true })
    .slice(0, most)
    .map((hit) => String(hit.id))
}

/**
 * What may have been meant, in words: up to three names spelt most like a text, else those whose titles share words with
 * it, else all there are.
 */
export function didYouMean(text: string, named: readonly { readonly name: string; readonly title: string }[]): string {
  const names = named.map(({ name }) => name)
  const alike = nearest(text, names)
  const index = new MiniSearch({ fields: ['title'], idField: 'name' })
  index.addAll(named)
  const near = alike.length > 0 ? alike : index.search(text, { fuzzy: 0.34, prefix: true }).map((hit) => String(hit.id))
  return near.length > 0 ? `Did you mean ${near.slice(0, most).join(', ')}?` : `There are ${names.join(', ')}.`
}
