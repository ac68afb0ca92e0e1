import { Refusal } from '../refusal.ts'
import { didYouMean } from './nearest-names.ts'
import { tableBy } from './table.ts'
import { userGroups } from './user-groups.ts'

export interface ProductGroup {
  readonly group: string
  readonly title: string
  readonly source: string
  readonly products: readonly {
    readonly product: string
    readonly edition: string
    readonly tier: string
    readonly note: string
  }[]
}

/** Named lists of products, the shipped ones and a user's own; a code stands once for each edition that has it. */
export function productGroups(home?: string): readonly ProductGroup[] {
  const shipped = [...tableBy('product-groups.csv', 'group')].map(([group, rows]) => ({
    group,
    title: rows[0]?.['title'] ?? group,
    source: rows[0]?.['source'] ?? '',
    products: rows.map((row) => ({
      product: row['product'] ?? '',
      edition: row['edition'] ?? '',
      tier: row['tier'] ?? '',
      note: row['note'] ?? '',
    })),
  }))
  const own = userGroups(home).flatMap((group) =>
    group.kind === 'products'
      ? [
          {
            group: group.group,
            title: group.title,
            source: group.source,
            products: group.members.map((member) =>
              typeof member === 'string' ? { product: member, edition: '', tier: '', note: '' } : member,
            ),
          },
        ]
      : [],
  )
  return [...shipped, ...own]
}

/** @throws Refusal with suggestions where no list has this name */
export function findProductGroup(text: string, home?: string): ProductGroup {
  const all = productGroups(home)
  const found = all.find((group) => group.group.toLowerCase() === text.trim().toLowerCase())
  if (found) return found
  throw new Refusal(
    'wrong_use',
    'group/unknown',
    `No product group "${text}". ${didYouMean(
      text,
      all.map(({ group, title }) => ({ name: group, title })),
    )}`,
  )
}
