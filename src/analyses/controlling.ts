import { z } from 'zod'
import {
  type CodeList,
  type DatedEvent,
  eventOf,
  findList,
  type ListedCode,
  type ListMode,
  listedCodes,
  listing,
  sameNomenclature,
} from '../reference/controls.ts'
import { Refusal } from '../refusal.ts'
import type { HeldProduct } from './question.ts'

const list = z.array(z.string().min(1)).readonly()

/** Parameters that mean the same in every analysis of restricted trade. */
export const controlParameters = {
  origin: list.default([]).meta({ description: 'Who restricts: economies or blocs, such as EU27' }),
  destination: list.default([]).meta({ description: 'Who is restricted: economies or blocs, such as RUS' }),
  list: z.string().default('').meta({
    description: 'Controlled goods: a list such as chpl or eu-2023-01, a group of products, or a control by its id',
  }),
  tier: list.default([]).meta({ description: 'Of the list, where it has tiers: 1, 2, 3A …; all where left out' }),
  list_mode: z.enum(['as-of', 'final']).default('as-of').meta({
    description:
      'as-of: goods count in the months in which they are listed; final: the list as it last was, in all months',
  }),
  event: z.string().default('').meta({
    description: 'What divides before from after: a month, 2022-02, a day, or a control by its id, such as eu-2022-02',
  }),
  donut: z.int().min(0).max(12).default(1).meta({
    description: 'Months left out around the event',
    unit: 'months',
  }),
}

/** What those parameters hold. */
export interface ControlGiven {
  readonly list: string
  readonly tier: readonly string[]
  readonly list_mode: ListMode
  readonly event: string
  readonly donut: number
}

/**
 * The event that a question names.
 * @throws Refusal where it names none
 */
export function eventIn({ event }: Pick<ControlGiven, 'event'>, home: string): DatedEvent {
  if (event !== '') return eventOf(event, home)
  throw new Refusal(
    'wrong_use',
    'event/missing',
    '--event names what divides before from after: a month, 2022-02, or a control by its id (chokepoint controls)',
  )
}

/** A stored product with goods on a list. */
export interface ListedProduct {
  readonly code: string
  readonly edition: string
  /** Whether all goods under the code are listed. */
  readonly listed: 'full' | 'partly'
  /** The lowest of the tiers of its listed codes; empty where the list has none. */
  readonly tier: string
  /** Months in which it is listed on some day, yyyymm, both included; 0 and 999912 where open. */
  readonly from: number
  readonly until: number
}

/** Which stored products a list has, and what must be said of it. */
export interface ListedGoods {
  readonly list: CodeList
  readonly products: readonly ListedProduct[]
  readonly caveats: readonly string[]
}

const monthOf = (date: string, open: number) =>
  date === '' ? open : Number(date.slice(0, 4)) * 100 + Number(date.slice(5, 7))

/**
 * The products that a dataset holds, by code and nomenclature, that have goods on a list. As of its days codes are compared
 * within a nomenclature; in the final list by their numbers in every edition.
 * @param digits the level of stored codes that is looked at
 */
export function listedAmong(
  codes: readonly ListedCode[],
  held: readonly HeldProduct[],
  digits: number,
  mode: ListMode,
): ListedProduct[] {
  // By their first two digits, so that each stored code meets few of a long list.
  const chapters = new Map<string, ListedCode[]>()
  for (const one of codes) {
    const chapter = one.code.slice(0, 2)
    chapters.set(chapter, [...(chapters.get(chapter) ?? []), one])
  }
  return held
    .filter(({ level }) => level === digits)
    .flatMap(({ code, edition }) => {
      const near = chapters.get(code.slice(0, 2)) ?? []
      const found = near
        .filter(({ system }) => mode === 'final' || sameNomenclature(system, edition))
        .map((one) => ({ one, how: listing(one, code) }))
        .filter(({ how }) => how !== 'none')
      const [first] = found
      if (!first) return []
      const full = found.filter(({ how }) => how === 'full')
      const those = full.length > 0 ? full : found
      const months = (of: 'from' | 'until', open: number) =>
        mode === 'final' ? [open] : those.map(({ one }) => monthOf(one[of], open))
      return [
        {
          code,
          edition,
          listed: full.length > 0 ? ('full' as const) : ('partly' as const),
          tier: those.map(({ one }) => one.tier).sort()[0] ?? '',
          from: Math.min(...months('from', 0)),
          until: Math.max(...months('until', 999912)),
        },
      ]
    })
}

/**
 * The goods of a dataset that a question's list has, between two months, yyyymm.
 * @throws Refusal where no list is named or nothing is called so, where the list says nothing of those months, or where the
 *   dataset has none of its goods
 */
export function listedGoods(
  given: Pick<ControlGiven, 'list' | 'tier' | 'list_mode'>,
  held: readonly HeldProduct[],
  digits: number,
  window: { readonly from: number; readonly to: number },
  home: string,
): ListedGoods {
  if (given.list === '')
    throw new Refusal(
      'wrong_use',
      'list/missing',
      '--list names the controlled goods: chpl, eu-2023-01, a group of products, or a control by its id',
    )
  const named = findList(given.list, home)
  const mode = given.list_mode
  const codes = listedCodes(named, { tier: given.tier, mode, ...window })
  const products = listedAmong(codes, held, digits, mode)
  if (products.length === 0)
    throw new Refusal(
      'no_data',
      'list/absent',
      `The dataset has none of the ${codes.length} codes of ${named.name} at ${digits} digits`,
    )
  const partly = new Set(products.filter(({ listed }) => listed === 'partly').map(({ code }) => code)).size
  const all = new Set(products.map(({ code }) => code)).size
  const editions = [...new Set(products.map(({ edition }) => edition))].sort()
  const days = codes.map(({ from }) => from).sort()
  const caveats = [
    ...(mode === 'final'
      ? [
          `${named.name} is read as it last was in all months: goods count as listed before they were${
            days.at(-1)
              ? ` (the list is in force from ${days[0]}${days[0] === days.at(-1) ? '' : ` to ${days.at(-1)}`})`
              : ''
          }.`,
        ]
      : []),
    ...(mode === 'final' && editions.length > 1
      ? [
          `Codes of ${named.name} are matched by their numbers across ${editions.join(', ')}: what was renumbered, split or new in a year is not followed.`,
        ]
      : []),
    ...(partly > 0
      ? [
          `Of ${partly === all ? '' : `${partly.toLocaleString('en')} of `}the ${all.toLocaleString('en')} codes that the dataset has of ${named.name} only some goods are listed: the list is finer than the data.`,
        ]
      : []),
  ]
  return { list: named, products, caveats }
}
