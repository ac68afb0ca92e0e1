import type { FlowManifest } from '../dataset/schema.ts'
import { findProduct } from '../reference/nomenclature.ts'
import { findProductGroup, type ProductGroup } from '../reference/product-groups.ts'
import { Refusal } from '../refusal.ts'
import { compareEditions, nomenclatures, type Renamed } from './across-editions.ts'
import type { FlowNeeds } from './analysis.ts'
import type { FlowGiven, HeldProduct } from './question.ts'

const none = (code: string, message: string) => new Refusal('no_data', code, message)

/** Of some product codes of one length those that a group has: a code within one of its own, or around it. */
export function codesWithin({ products }: ProductGroup, codes: readonly string[], level: number): string[] {
  const members = new Set(products.map(({ product }) => product.slice(0, Math.min(level, 6))))
  return codes.filter(
    (code) =>
      members.has(code.slice(0, 6)) ||
      products.some(({ product }) => product.length <= level && code.startsWith(product)),
  )
}

/** The products of a level, and their codes. */
interface OfLevel {
  readonly here: readonly HeldProduct[]
  readonly codes: readonly string[]
}

/** Those of a dataset by level, told once: a version never changes, and has thousands. */
const byLevel = new WeakMap<readonly HeldProduct[], Map<number, OfLevel>>()

function ofLevel(held: readonly HeldProduct[], level: number): OfLevel {
  const levels = byLevel.get(held) ?? new Map<number, OfLevel>()
  byLevel.set(held, levels)
  const known = levels.get(level)
  if (known) return known
  const here = held.filter((product) => product.level === level)
  const found = { here, codes: [...new Set(here.map((product) => product.code))] }
  levels.set(level, found)
  return found
}

/**
 * Which stored products a question is about, under which names they stand in the answer, and what must be said of them.
 * @throws Refusal of kind `wrong_use` for a product or group that nothing answers to, `no_data` where the dataset has none
 *   of it, or where the periods use nomenclatures that cannot be compared
 */
export function resolveGoods(
  given: FlowGiven,
  manifest: FlowManifest,
  held: readonly HeldProduct[],
  periods: { readonly shown: readonly number[]; readonly stored: readonly number[] },
  needs: FlowNeeds,
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
  const { here, codes } = ofLevel(held, level)
  const wanted: string[] = []
  const mapped: Renamed[] = []
  const labels: string[] = []
  const single: string[] = []
  const named: string[] = []
  const listed: string[] = []
  const rename = (codes: readonly string[], label: string) =>
    mapped.push(...codes.map((code) => ({ edition: '', code, label })))
  for (const text of given.product) {
    const code = findProduct(text, level === 0 ? ['TOTAL'] : codes)
    const below = code === 'TOTAL' ? codes : codes.filter((one) => one.startsWith(code))
    wanted.push(...below)
    labels.push(code)
    if (/^\d{6,}$/.test(code)) named.push(code)
    if (below.length === 1 && below[0] === code) single.push(code)
    else rename(below, code)
    if (code !== 'TOTAL' && code.length < 6 && code.length < level && !manifest.products_complete)
      caveats.push(
        `${code} is the sum of the ${below.length === 1 ? 'one product' : `${below.length} products`} that this dataset has of it, which need not be all.`,
      )
  }
  for (const name of given.group) {
    const group = findProductGroup(name, home)
    const members = new Set(group.products.map((product) => product.product.slice(0, Math.min(level, 6))))
    const below = codesWithin(group, codes, level)
    if (below.length === 0)
      throw none('group/absent', `${manifest.name} has none of the ${members.size} codes of ${group.group}`)
    const absent = [...members].filter((code) => !below.some((one) => one.startsWith(code)))
    if (absent.length > 0)
      caveats.push(`Of the ${members.size} codes of ${group.group} the dataset has ${members.size - absent.length}.`)
    wanted.push(...below)
    if (needs.groups === 'by product') listed.push(...below)
    else {
      labels.push(group.group)
      rename(below, group.group)
    }
  }
  const everything = given.product.length === 0 && given.group.length === 0
  const perProduct = digits >= 6 && (everything || named.length > 0 || listed.length > 0)
  const across = perProduct
    ? compareEditions({
        held: here,
        named,
        listed: everything ? undefined : listed,
        digits,
        periods,
        complete: manifest.products_complete,
        home,
      })
    : undefined
  caveats.push(...(across?.caveats ?? []))
  for (const code of named) {
    const own = here.filter((product) => product.code.startsWith(code))
    if (!own.some((product) => product.periods.some((period) => periods.shown.includes(period))))
      caveats.push(`${code} is in none of these periods; the dataset has it in ${own[0]?.edition}.`)
  }
  const among = new Set(wanted)
  const editions = nomenclatures(
    wanted.length === 0 ? here : here.filter((product) => among.has(product.code)),
    periods.shown,
  )
  if (editions.length > 1) {
    if (digits === 4 || labels.some((label) => /^\d{4,5}$/.test(label)))
      caveats.push(
        `Nomenclatures ${editions.join(', ')}: headings of four digits are mostly, not always, the same goods.`,
      )
    if (given.group.length > 0 && needs.groups === 'summed')
      caveats.push(`Nomenclatures ${editions.join(', ')}: the group is summed over the codes that each has.`)
  }
  if (digits === 0 && level > 0 && !everything) caveats.push('TOTAL is the sum of the products asked for.')
  else if (digits === 0 && level > 0 && !manifest.products_complete)
    caveats.push(`TOTAL is the sum of the ${codes.length} products in this dataset, not of all goods.`)
  else if (digits > 0 && digits < Math.min(level, 6) && !manifest.products_complete)
    caveats.push(
      `Goods by ${digits} digits are the sums of the products that this dataset has of them, which need not be all.`,
    )
  if (across?.renamed) {
    const renamed = distinct([...mapped.filter((pair) => !named.includes(pair.label)), ...across.renamed])
    return {
      level,
      digits,
      codes: everything ? [] : [...new Set(renamed.map((pair) => pair.code))],
      mapped: renamed,
      onlyMapped: true,
      labels: labels.flatMap((label) => across.names.get(label) ?? [label]),
      caveats,
      crosses: across.crosses,
    }
  }
  // Beside a heading or a group that holds it, a product asked for is a product of its own as well.
  const own = [...single, ...listed].filter((code) => mapped.some((pair) => pair.code === code))
  for (const code of own) rename([code], code)
  return {
    level,
    digits,
    codes: [...new Set(wanted)],
    mapped: distinct(mapped),
    onlyMapped: false,
    labels,
    caveats,
    crosses: across?.crosses ?? false,
  }
}

/** What was asked for twice counts once. */
function distinct(renamed: readonly Renamed[]): Renamed[] {
  return [...new Map(renamed.map((one) => [`${one.edition} ${one.code} ${one.label}`, one])).values()]
}
