import { type Families, type Family, families, hsEdition } from '../reference/families.ts'
import { Refusal } from '../refusal.ts'
import type { HeldProduct } from './question.ts'

/** A stored code that stands under another name; in every nomenclature where `edition` is empty. */
export interface Renamed {
  readonly edition: string
  readonly code: string
  readonly label: string
}

/** Products asked for one by one, over periods that may use several nomenclatures. */
export interface Compared {
  /** Products of the level asked for. */
  readonly held: readonly HeldProduct[]
  /** Codes of six digits and more that were asked for by name. */
  readonly named: readonly string[]
  /** Stored codes that were asked for as part of a list, each for itself; undefined takes all products. */
  readonly listed: readonly string[] | undefined
  /** Digits of the products that were not asked for by name. */
  readonly digits: number
  /** Stored periods in the answer, and those with the periods that it is compared with. */
  readonly periods: { readonly shown: readonly number[]; readonly stored: readonly number[] }
  /** Whether a code that is not held was not traded, or may be outside the dataset. */
  readonly complete: boolean
  readonly home: string
}

/** What becomes of products asked for one by one. */
export interface Comparison {
  /** Names for the rows that are compared, all others left out; undefined where nothing is mapped. */
  readonly renamed: readonly Renamed[] | undefined
  /** What a product asked for by name is called in the answer. */
  readonly names: ReadonlyMap<string, readonly string[]>
  readonly caveats: readonly string[]
  /** Whether the first period is not compared with the one before it. */
  readonly crosses: boolean
}

const remedy =
  'The UN correlation file, as CSV under CHOKEPOINT_HOME/correlations, gives all codes of a pair of editions their families; or ask within one nomenclature, for a group, or with --level 0, 2 or 4'
const refuse = (message: string) => new Refusal('no_data', 'edition/families', message)
const mostNamed = 3

/** What is known before products are chosen. */
interface Ground {
  readonly asked: Compared
  /** Nomenclatures of the periods in the answer. */
  readonly shown: readonly string[]
  /** The editions of the HS that they follow, and those of the periods compared with as well. */
  readonly editions: { readonly shown: readonly string[]; readonly stored: readonly string[] }
  /** Families over the editions shown; over one edition each code is its own. */
  readonly across: Families
  /** Six-digit codes that the dataset has, by edition of the HS. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>
}

/** The families that the answer shows, by label, and what of the products asked for is not in them. */
interface Chosen {
  readonly wanted: ReadonlyMap<string, Family>
  readonly names: ReadonlyMap<string, readonly string[]>
  readonly orphans: ReadonlyMap<string, ReadonlySet<string>>
  readonly empty: ReadonlyMap<string, string>
}

/**
 * How products are followed from one nomenclature to another: by families of codes that share goods, never by their
 * numbers. Undefined where all periods use one edition of the HS, in which a code of six digits means one thing.
 * @throws Refusal where a product asked for by name has no family over the nomenclatures of its periods, or where the
 *   dataset has none of its codes in one of them
 */
export function compareEditions(asked: Compared): Comparison | undefined {
  const shown = nomenclatures(asked.held, asked.periods.shown)
  const stored = nomenclatures(asked.held, asked.periods.stored)
  if (stored.length < 2) return undefined
  const list = asked.listed === undefined || asked.listed.length > 0 ? [asked.digits] : []
  const finest = Math.max(...asked.named.map((code) => code.length), ...list)
  if (finest > 6 || stored.some((one) => hsEdition(one) === undefined)) {
    if (shown.length < 2) return { renamed: undefined, names: new Map(), caveats: [notCompared], crosses: true }
    throw refuse(
      `The periods asked for use the nomenclatures ${shown.join(', ')}: one product is compared across them by families of HS codes of six digits. ${finest > 6 ? 'Ask with --level 6, w' : 'W'}ithin one nomenclature, for a group, or with --level 0, 2 or 4`,
    )
  }
  const editions = { shown: editionsOf(shown), stored: editionsOf(stored) }
  if (editions.stored.length < 2) return undefined
  const members = new Map<string, Set<string>>()
  for (const product of asked.held) {
    const edition = hsEdition(product.edition) ?? ''
    members.set(edition, (members.get(edition) ?? new Set()).add(product.code.slice(0, 6)))
  }
  const ground = { asked, shown, editions, across: families(editions.shown, asked.home), members }
  const chosen = choose(ground)
  const before = families(editions.stored, asked.home)
  const { renamed, compared } = rename(ground, chosen, before)
  const crosses = editions.stored.length > editions.shown.length
  const files = [...new Set([...ground.across.files, ...before.files])]
  return {
    renamed,
    names: chosen.names,
    caveats: [
      ...(editions.shown.length > 1 ? tellFamilies(ground, chosen) : []),
      ...tellLeftOut(chosen),
      ...(crosses ? [tellBefore(compared, chosen.wanted.size)] : []),
      ...(files.length > 0 ? [`Links between nomenclatures are your own: ${files.join(', ')}.`] : []),
    ],
    crosses: crosses && compared === 0,
  }
}

/** The periods in which products stand in each nomenclature, told once of a list: the same one is asked about again. */
const periodsByEdition = new WeakMap<readonly HeldProduct[], ReadonlyMap<string, ReadonlySet<number>>>()

function editionPeriods(held: readonly HeldProduct[]): ReadonlyMap<string, ReadonlySet<number>> {
  const known = periodsByEdition.get(held)
  if (known) return known
  const found = new Map<string, Set<number>>()
  for (const { edition, periods } of held) {
    const those = found.get(edition) ?? new Set()
    for (const period of periods) those.add(period)
    found.set(edition, those)
  }
  periodsByEdition.set(held, found)
  return found
}

/** The nomenclatures in which products stand in some of these periods, in order. */
export function nomenclatures(held: readonly HeldProduct[], periods: readonly number[]): string[] {
  const found = [...editionPeriods(held)].filter(([, having]) => periods.some((period) => having.has(period)))
  return found.map(([edition]) => edition).sort()
}

const editionsOf = (found: readonly string[]) => [...new Set(found.map((one) => hsEdition(one) as string))].sort()

/** An edition shown of which the dataset has no code of a family, though it may have been traded. */
function absentIn({ asked, editions, members }: Ground, family: Family): string | undefined {
  if (asked.complete) return undefined
  return editions.shown.find((edition) => !family.codes.get(edition)?.some((code) => members.get(edition)?.has(code)))
}

function choose(ground: Ground): Chosen {
  const { asked, shown, editions, across, members } = ground
  const wanted = new Map<string, Family>()
  const names = new Map<string, string[]>()
  for (const code of asked.named) {
    const having = editions.shown.filter((edition) => members.get(edition)?.has(code))
    const found = having.map((edition) => {
      const family = across.of(edition, code)
      if (!family) throw refuse(noFamily(across, edition, code))
      const absent = absentIn(ground, family)
      if (absent)
        throw refuse(
          `${code} is compared across ${shown.join(', ')} by families of linked codes: ${whatItIs(family)}, and the dataset has no code of it in ${absent}. Ask within one nomenclature`,
        )
      wanted.set(family.label, family)
      return family.label
    })
    names.set(code, found.length > 0 ? [...new Set(found)] : [code])
  }
  const listed = asked.listed && new Set(asked.listed)
  const orphans = new Map<string, Set<string>>()
  const empty = new Map<string, string>()
  for (const product of asked.held) {
    const edition = hsEdition(product.edition) ?? ''
    if (!editions.shown.includes(edition) || (listed && !listed.has(product.code))) continue
    const code = product.code.slice(0, 6)
    const family = across.of(edition, code)
    const absent = family && absentIn(ground, family)
    if (!family) orphans.set(edition, (orphans.get(edition) ?? new Set()).add(code))
    else if (absent) empty.set(family.label, absent)
    else wanted.set(family.label, family)
  }
  return { wanted, names, orphans, empty }
}

/** The name of every stored product that is shown, or compared with one that is; and how many are compared. */
function rename({ asked, editions, across, members }: Ground, { wanted }: Chosen, before: Families) {
  const compared = new Set<string>()
  const label = (edition: string, code: string): string | undefined => {
    if (editions.shown.includes(edition)) return across.of(edition, code)?.label
    // A code of a period compared with: it goes where its family went, if that is one of the products shown.
    const family = before.of(edition, code)
    const heirs = editions.shown.flatMap((one) => family?.codes.get(one)?.map((heir) => across.of(one, heir)?.label))
    const [heir] = heirs
    const whole = asked.complete || family?.codes.get(edition)?.every((one) => members.get(edition)?.has(one))
    if (!whole || heir === undefined || !wanted.has(heir) || heirs.some((one) => one !== heir)) return undefined
    compared.add(heir)
    return heir
  }
  const renamed = asked.held.flatMap(({ edition, code }): Renamed[] => {
    const found = label(hsEdition(edition) ?? '', code.slice(0, 6))
    return found !== undefined && wanted.has(found) ? [{ edition, code, label: found }] : []
  })
  return { renamed, compared: compared.size }
}

const notCompared = 'The first period is not compared with the one before it: the nomenclature changed between them.'

function tellBefore(compared: number, all: number): string {
  if (compared === 0) return notCompared
  const others = compared < all ? ' The others were no goods of their own there.' : ''
  return `The first period is compared with the one before it, of another nomenclature, by families of linked codes: ${compared} of ${count(all, 'product', 'products')}.${others}`
}

const count = (number: number, one: string, many: string) =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`

/** `851713~3 is 851712 in HS2017 and 851713, 851714 in HS2022`. */
function whatItIs(family: Family): string {
  const parts = [...family.codes].map(([edition, codes]) =>
    codes.length > 6 ? `${codes.length} codes in ${edition}` : `${codes.join(', ')} in ${edition}`,
  )
  return `${family.label} is ${parts.slice(0, -1).join('; ')} and ${parts.at(-1)}`
}

function noFamily(across: Families, edition: string, code: string): string {
  const reason = across.reviewed(edition, code)
  return `${code} of ${edition} has no family over ${across.editions.join(', ')}${reason ? ` (${reason})` : ''}: families of linked codes are what one product is compared by across nomenclatures. ${remedy}`
}

function tellFamilies({ asked, shown, across, members }: Ground, { wanted, names }: Chosen): string[] {
  const used = [...wanted.values()]
  const several = used.filter((family) => family.label.includes('~')).length
  const caveats = [
    `Nomenclatures ${shown.join(', ')}: products are compared by families of linked codes over ${across.editions.join(', ')}. ${count(used.length, 'family', 'families')}, ${several > 0 ? `${several} of several codes, marked ~ with their number` : 'each of one code in each'}.`,
  ]
  for (const [code, labels] of names)
    if (labels.length > 1) caveats.push(`${code} was given to other goods: ${labels.join(' and ')} are shown.`)
    else if (labels[0] !== code) caveats.push(`${code} is shown as ${labels[0]}.`)
  const changed = used.filter((family) => new Set([...family.codes.values()].flat()).size > 1)
  if (changed.length > 0 && changed.length <= mostNamed) caveats.push(`${changed.map(whatItIs).join('; ')}.`)
  const cut = used.filter((family) => family.cut > 0).length
  if (cut > 0)
    caveats.push(
      `Goods that went to or came from catch-all codes are not followed: this touches ${cut === used.length ? 'all' : cut} of these families.`,
    )
  const notes = used.flatMap((family) => family.notes.map((note) => `${family.label}: ${note}.`))
  caveats.push(...notes.slice(0, mostNamed))
  if (notes.length > mostNamed)
    caveats.push(`The scope of ${notes.length - mostNamed} more families shifts between the nomenclatures.`)
  const partly = asked.complete
    ? []
    : used.filter((family) =>
        [...family.codes].some(
          ([edition, codes]) => members.has(edition) && !codes.every((code) => members.get(edition)?.has(code)),
        ),
      )
  if (partly.length > 0)
    caveats.push(
      `The dataset does not have every code of ${count(partly.length, 'family', 'families')}, such as ${partly[0]?.label}: where it was cut to certain goods, their values are too low.`,
    )
  return caveats
}

function tellLeftOut({ orphans, empty }: Chosen): string[] {
  const parts = [...orphans].map(
    ([edition, codes]) =>
      `${count(codes.size, 'product', 'products')} of ${edition} (${[...codes].sort().slice(0, mostNamed).join(', ')}${codes.size > mostNamed ? ' …' : ''})`,
  )
  const [first] = empty
  return [
    ...(parts.length > 0
      ? [`Left out, for they have no family over these nomenclatures: ${parts.join(', ')}. ${remedy}.`]
      : []),
    ...(first
      ? [
          `Left out: ${count(empty.size, 'family', 'families')} of which the dataset has no code in one of the nomenclatures, such as ${first[0]} (none in ${first[1]}).`,
        ]
      : []),
  ]
}
