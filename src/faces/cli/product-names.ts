import type { DatasetReference } from '../../answer.ts'
import type { Cell } from '../../engine/engine.ts'
import { productDescription } from '../../reference/nomenclature.ts'
import { displayWidth } from './format/table.ts'

/** A legend of more products than these hides the table. */
const most = 20

/** A text of at most `width` places, cut between words. */
const shortened = (text: string, width: number) =>
  displayWidth(text) <= width ? text : `${text.slice(0, width - 2).replace(/\W+\w*$/, '')} …`

/**
 * What the codes of a table mean, a line a product, in the nomenclature of the dataset's last period; nothing where no
 * code has a text, and for so many products that the legend would hide the table, only where it is found.
 */
export function productLegend(products: readonly Cell[], width: number, dataset: DatasetReference): readonly string[] {
  const codes = [...new Set(products.map(String))].filter((code) => /^\d+$/.test(code))
  const named = codes.flatMap((code) => {
    const name = productDescription(code, dataset.edition)
    return name === undefined ? [] : [`${code}  ${name}`]
  })
  if (named.length > most) return [`chokepoint datasets products ${dataset.name} says what the codes mean.`]
  return named.map((line) => shortened(line, width))
}
