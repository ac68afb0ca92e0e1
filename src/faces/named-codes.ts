import type { DatasetReference } from '../answer.ts'
import type { AnswerColumn, Cell } from '../index.ts'
import { economyName } from '../reference/economies.ts'
import { productDescription } from '../reference/nomenclature.ts'
import { productGroups } from '../reference/product-groups.ts'

/** The codes that pass in an answer's rows, and what they are called: each stands once, whatever the rows. */
export class NamedCodes {
  readonly #places: readonly { readonly place: number; readonly name: string; readonly unit: string }[]
  readonly #edition: string
  readonly #allGoods: boolean
  readonly #home: string
  readonly #codes: ReadonlyMap<string, Set<string>>

  /** @param dataset the one asked: products are named in its nomenclature, and their sum by what it holds */
  constructor(columns: readonly AnswerColumn[], dataset: DatasetReference | null, home: string) {
    this.#places = columns
      .map(({ name, unit }, place) => ({ place, name, unit: name === 'product' ? 'product' : unit }))
      .filter(({ unit }) => unit === 'economy' || unit === 'economies' || unit === 'product')
    this.#codes = new Map(this.#places.map(({ name }) => [name, new Set()]))
    this.#edition = dataset?.edition ?? ''
    this.#allGoods = dataset?.all_goods === true
    this.#home = home
  }

  /** The same blocks, looked at as they pass. */
  async *seen(blocks: AsyncIterable<readonly (readonly Cell[])[]>): AsyncGenerator<readonly (readonly Cell[])[]> {
    for await (const block of blocks) {
      for (const row of block)
        for (const { place, name, unit } of this.#places) {
          const cell = row[place]
          if (typeof cell !== 'string') continue
          for (const code of unit === 'economies' ? cell.split(', ') : [cell]) this.#codes.get(name)?.add(code)
        }
      yield block
    }
  }

  #product(code: string, groups: ReadonlyMap<string, string>): string | undefined {
    if (code === 'TOTAL') return this.#allGoods ? 'All goods' : 'All goods of the dataset'
    // A family of codes is labelled by one of them and their number.
    const [first = '', several] = code.split('~')
    const text = productDescription(first, this.#edition) ?? groups.get(code)
    return text && several !== undefined ? `${text}, and others of ${several} codes` : text
  }

  /** The codes that a column had so far; none where it holds no codes. */
  of(column: string): readonly string[] {
    return [...(this.#codes.get(column) ?? [])]
  }

  /**
   * What is not known by another name than its code is left out.
   * @param parameters of the question: the ends of its corridors pass in no row
   */
  names(parameters: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
    const groups = new Map(productGroups(this.#home).map(({ group, title }) => [group, title]))
    const seen = (product: boolean) => [
      ...new Set(this.#places.flatMap(({ name, unit }) => ((unit === 'product') === product ? this.of(name) : []))),
    ]
    const ends = [parameters['origin'], parameters['destination']].flatMap((given) =>
      Array.isArray(given) ? given.map(String) : [],
    )
    const economies = [...seen(false), ...ends].map((code) => [code, economyName(code)] as const)
    const products = seen(true).map((code) => [code, this.#product(code, groups)] as const)
    return Object.fromEntries(
      [...economies, ...products]
        .filter((entry): entry is readonly [string, string] => entry[1] !== undefined && entry[1] !== entry[0])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    )
  }
}
