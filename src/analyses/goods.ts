import type { Manifest } from '../dataset/schema.ts'
import { findProduct } from '../reference/nomenclature.ts'
import { findProductGroup } from '../reference/product-groups.ts'
import { Refusal } from '../refusal.ts'
import type { Needs } from './analysis.ts'
import type { FlowGiven, HeldProduct } from './question.ts'

const none = (code: string, message: string) => new Refusal('no_data', code, message)

/**
 * Which stored products a question is about, under which names they stand in the answer, and what must be said of them.
 * @throws Refusal of kind `wrong_use` for a product or group that nothing answers to, `no_data` where the dataset has none
 *   of it, or where the periods use nomenclatures that cannot be compared
 */
export function resolveGoods(
  given: FlowGiven,
  manifest: Manifest,
  held: readonly HeldProduct[],
  periods: { readonly shown: readonly number[]; readonly stored: readonly number[] },
  needs: Needs,
  home: string,
) {
  const caveats: string[] = []
  const asked = given.level === '' ? undefined : Number(given.level)
  const finer = manifest.levels.filter((level) => asked !== undefined && level >= asked)
  const level =
    asked === undefined
      ? manifest.default_level
      : manifest.levels.includes(asked)
        ? asked
        : finer.includes(manifest.default_level)
          ? manifest.default_level
          : finer[0]
  if (level === undefined)
    throw none(
      'level/absent',
      `${manifest.name} has products of ${manifest.levels.join(', ')} digits: ${asked} are finer than any`,
    )
  const digits = asked ?? level
  const here = held.filter((product) => product.level === level)
  const codes = [...new Set(here.map((product) => product.code))]
  const wanted: string[] = []
  const mapped: { code: string; label: string }[] = []
  const labels: string[] = []
  const single: string[] = []
  for (const text of given.product) {
    const code = findProduct(text, level === 0 ? ['TOTAL'] : codes)
    const below = code === 'TOTAL' ? codes : codes.filter((one) => one.startsWith(code))
    wanted.push(...below)
    labels.push(code)
    if (below.length === 1 && below[0] === code) single.push(code)
    else mapped.push(...below.map((one) => ({ code: one, label: code })))
  }
  for (const name of given.group) {
    const group = findProductGroup(name, home)
    const listed = new Set(group.products.map((product) => product.product.slice(0, Math.min(level, 6))))
    const below = codes.filter(
      (code) =>
        listed.has(code.slice(0, 6)) ||
        group.products.some((product) => product.product.length <= level && code.startsWith(product.product)),
    )
    if (below.length === 0)
      throw none('group/absent', `${manifest.name} has none of the ${listed.size} codes of ${group.group}`)
    const absent = [...listed].filter((code) => !below.some((one) => one.startsWith(code)))
    if (absent.length > 0)
      caveats.push(`Of the ${listed.size} codes of ${group.group} the dataset has ${listed.size - absent.length}.`)
    wanted.push(...below)
    if (needs.groups === 'by product') single.push(...below)
    else {
      labels.push(group.group)
      mapped.push(...below.map((code) => ({ code, label: group.group })))
    }
  }
  const relevant = here.filter((product) => wanted.length === 0 || wanted.includes(product.code))
  const editionsIn = (which: readonly number[]) =>
    [
      ...new Set(
        relevant
          .filter((product) => product.periods.some((period) => which.includes(period)))
          .map((product) => product.edition),
      ),
    ].sort()
  const editions = editionsIn(periods.shown)
  const perProduct =
    digits >= 6 &&
    (given.product.length === 0 && given.group.length === 0
      ? true
      : single.length > 0 || given.product.some((code) => code.length >= 6))
  if (editions.length > 1) {
    if (perProduct) {
      throw none(
        'edition/families',
        `The periods asked for use the nomenclatures ${editions.join(', ')}: comparing one product across them needs families of codes, which this dataset does not have yet. Ask within one nomenclature, for a group, or with --level 0, 2 or 4`,
      )
    }
    if (digits === 4)
      caveats.push(
        `Nomenclatures ${editions.join(', ')}: headings of four digits are mostly, not always, the same goods.`,
      )
    if (given.group.length > 0 && needs.groups === 'summed')
      caveats.push(`Nomenclatures ${editions.join(', ')}: the group is summed over the codes that each has.`)
  }
  // A first period whose predecessor uses another nomenclature is compared with nothing.
  const crosses = perProduct && editions.length === 1 && editionsIn(periods.stored).length > 1
  if (crosses)
    caveats.push('The first period is not compared with the one before it: the nomenclature changed between them.')
  if (digits === 0 && !manifest.products_complete)
    caveats.push(`TOTAL is the sum of the ${codes.length} products in this dataset, not of all goods.`)
  const overlapping = mapped.length > 0 && single.length > 0
  if (overlapping)
    mapped.push(
      ...single.filter((code) => mapped.some((pair) => pair.code === code)).map((code) => ({ code, label: code })),
    )
  return { level, digits, codes: [...new Set(wanted)], mapped, labels, caveats, crosses }
}
