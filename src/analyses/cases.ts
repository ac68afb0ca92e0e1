import type { Cell } from '../engine/engine.ts'
import { economyInWords } from '../reference/economies.ts'
import { productGroups } from '../reference/product-groups.ts'
import { periodName } from '../wording.ts'
import type { Row, Selection } from './analysis.ts'

/** What the rows of an answer's last period are about: one case, or several that a sentence must all be true of. */
export interface Cases {
  readonly rows: readonly Row[]
  readonly period: string
  /** "Germany", "Germany and Japan", "27 importers". */
  readonly importers: string
  readonly suppliers: string
  /** "850650", "850650 and 850660", "28 products". */
  readonly products: string
  /** From the least to the largest known value, each with its case: "from 5.1 % (Japan) to 24.0 % (Germany)". */
  range(column: string, written: (value: number) => string): string | undefined
  /** " For 2 of 6 it is not known.", or nothing. */
  unknown(column: string): string
}

const few = 3

/** Whether two rows are of one importer, supplier and product, in whatever periods. */
export const isSameCase = (one: Row, other: Row): boolean =>
  ['importer', 'supplier', 'product'].every((column) => one[column] === other[column])

/**
 * A product as a sentence names it: its code, the title of a list, those that were asked for where it is their sum, `goods`
 * for all there are, or `the goods in this dataset`.
 */
export function goodsName(product: string, selection: Selection): string {
  const { manifest, level, home } = selection
  const asked = selection.products.filter((one) => one !== 'TOTAL')
  if (product === 'TOTAL' && asked.length > 0)
    return `${named(
      asked.map((one) => goodsName(one, selection)),
      'products',
    )}${asked.length > 1 ? ' together' : ''}`
  if (product === 'TOTAL') return manifest.products_complete || level === 0 ? 'goods' : 'the goods in this dataset'
  const title = /^\d/.test(product) ? undefined : productGroups(home).find(({ group }) => group === product)?.title
  if (title === undefined) return product
  return /^[A-Z][^A-Z]*$/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : `“${title}”`
}

/** A few names in a sentence, or how many there are. */
function named(names: readonly string[], word: string): string {
  if (names.length > few) return `${names.length.toLocaleString('en')} ${word}`
  return [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ')
}

/** The cases of the last period in rows that have `period` and some of importer, supplier and product. */
export function casesOf(all: readonly Row[], selection: Selection): Cases {
  const last = all.reduce((latest, row) => Math.max(latest, Number(row['period'])), 0)
  const rows = all.filter((row) => Number(row['period']) === last)
  const names = (column: string) => [
    ...new Set(rows.map((row) => row[column]).filter((value): value is Exclude<Cell, null> => value != null)),
  ]
  const [buyers, sellers, goods] = [names('importer'), names('supplier'), names('product')]
  const economies = (codes: readonly Cell[]) => codes.map((code) => economyInWords(String(code)))
  const caseOf = (row: Row) => {
    const pair = [
      ...(sellers.length > 1 ? [economyInWords(String(row['supplier']))] : []),
      ...(buyers.length > 1 ? [economyInWords(String(row['importer']))] : []),
    ].join(' to ')
    return [pair, goods.length > 1 ? String(row['product']) : ''].filter(Boolean).join(', ')
  }
  const known = (column: string) =>
    rows.filter((row) => row[column] !== null).sort((a, b) => Number(a[column]) - Number(b[column]))
  return {
    rows,
    period: periodName(last),
    importers: named(economies(buyers), 'importers'),
    suppliers: named(economies(sellers), 'suppliers'),
    products: named(
      goods.map((product) => goodsName(String(product), selection)),
      'products',
    ),
    range(column, written) {
      const ordered = known(column)
      const [least, most] = [ordered[0], ordered.at(-1)]
      if (!least || !most) return undefined
      const end = (row: Row) => `${written(Number(row[column]))} (${caseOf(row)})`
      return least === most ? end(least) : `from ${end(least)} to ${end(most)}`
    },
    unknown(column) {
      const missing = rows.length - known(column).length
      return missing === 0 ? '' : ` For ${missing} of ${rows.length} it is not known.`
    },
  }
}
