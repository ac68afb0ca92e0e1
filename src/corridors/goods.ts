import type { FlowReader } from '../analyses/analysis.ts'
import type { ListedProduct } from '../analyses/controlling.ts'
import type { HeldProduct } from '../analyses/question.ts'
import type { Bound } from '../engine/engine.ts'
import { measure } from '../engine/statement.ts'
import { families, hsEdition } from '../reference/families.ts'

/** How stored codes are compared over the nomenclatures of a span: the lists that statements bind. */
export interface ComparedGoods {
  readonly codes: readonly string[]
  readonly editions: readonly string[]
  readonly units: readonly string[]
  readonly listed: readonly number[]
  /** 1 where no code of the same goods was in the data before the event, 0 else. */
  readonly born: readonly number[]
  /** Whether a unit counts whole, by how much of it is listed. */
  readonly whole: boolean
  /** Units are families of codes, codes, headings of so many digits, or the whole list. */
  readonly kind: 'families' | 'codes' | 'headings' | 'list'
  readonly caveats: readonly string[]
}

const editionsOf = (held: readonly HeldProduct[]) => [...new Set(held.map(({ edition }) => edition))].sort()

/**
 * The unit in which each stored code is compared. By default the finest that means the same over all nomenclatures of the
 * span: the code itself in one nomenclature, else the family of linked HS codes, else, where no link is known, the heading.
 * @param digits '' for that, 0 for the list as one unit, 4, 6 or 8 for codes cut to so many digits, compared by number
 * @param held products of the stored level that have any of the periods
 * @param before periods of the windows before the event
 * Source: methods, diversion section h.
 */
export function comparedGoods(
  held: readonly HeldProduct[],
  listed: readonly ListedProduct[],
  digits: string,
  before: ReadonlySet<number>,
  home: string,
): ComparedGoods {
  const nomenclatures = editionsOf(held)
  const hs = [...new Set(nomenclatures.map((one) => hsEdition(one)))].sort()
  const followed = digits === '' && nomenclatures.length > 1 && !hs.includes(undefined)
  const across = followed && hs.length > 1 ? families(hs as string[], home) : undefined
  const single = digits === '' && nomenclatures.length === 1
  const cut = digits === '' ? 6 : Number(digits)
  const caveats: string[] = []
  let headings = 0
  const unitOf = ({ code, edition }: HeldProduct): string => {
    if (digits === '0') return 'LIST'
    if (single) return code
    if (across) {
      const family = across.of(hsEdition(edition) as string, code.slice(0, 6))
      if (family) return family.label
      headings += 1
      return code.slice(0, 4)
    }
    // One edition of the HS under several years of a finer nomenclature.
    if (followed) return code.slice(0, 6)
    return code.slice(0, digits === '' ? 4 : cut)
  }
  const whole = single || followed
  const onList = new Set(listed.map(({ code, edition }) => `${edition} ${code}`))
  const byNumber = new Set(listed.map(({ code }) => code))
  const units = held.map(unitOf)
  // Goods go by their unit where it is finest, else by their number.
  const goodsOf = (place: number) => (whole ? (units[place] as string) : (held[place] as HeldProduct).code)
  const old = new Set(
    held.flatMap((product, place) => (product.periods.some((period) => before.has(period)) ? [goodsOf(place)] : [])),
  )
  if (across)
    caveats.push(
      `Nomenclatures ${nomenclatures.join(', ')}: goods are compared by families of linked codes over ${across.editions.join(', ')}${headings > 0 ? `; ${headings} codes without a family by their heading of four digits` : ''}. A family counts whole, as listed where half of its trade after the event is.`,
    )
  else if (nomenclatures.length > 1 && digits !== '0')
    caveats.push(
      digits === '' && !followed
        ? `Nomenclatures ${nomenclatures.join(', ')} with no links known: goods are compared by headings of four digits, which are mostly, not always, the same goods.`
        : digits === ''
          ? `Nomenclatures ${nomenclatures.join(', ')}, all of ${hs[0]}: goods are compared by its six digits.`
          : `Nomenclatures ${nomenclatures.join(', ')}: codes are compared by their first ${cut} digits, which are mostly, not always, the same goods.`,
    )
  return {
    codes: held.map(({ code }) => code),
    editions: held.map(({ edition }) => edition),
    units,
    listed: held.map(({ code, edition }) => Number(whole ? onList.has(`${edition} ${code}`) : byNumber.has(code))),
    born: held.map((_, place) => Number(!old.has(goodsOf(place)))),
    whole,
    kind: digits === '0' ? 'list' : across ? 'families' : single || followed || cut >= 6 ? 'codes' : 'headings',
    caveats,
  }
}

/** A unit of goods of which any code is on the list. */
export interface Listing {
  /** Whether it counts as listed; undefined where so little of it is that it counts neither way. */
  readonly counts: boolean | undefined
  /** Share 0-1 of what the origins sold of it after the event that is on the list; null where they sold none. */
  readonly share: number | null
  /** Whether some but not all of its codes are. */
  readonly partly: boolean
}

const listingStatement = measure('corridor_listing')
/** What a unit must be listed by at least, of its trade after the event, to count as listed: one half. */
const listedShare = 500_000

/** Some of the goods: each list cut to the places that are kept. */
const some = (goods: ComparedGoods, kept: (place: number) => boolean) => {
  const of = <Value>(list: readonly Value[]) => list.filter((_, place) => kept(place))
  return {
    goods_code: of(goods.codes),
    goods_edition: of(goods.editions),
    goods_unit: of(goods.units),
    goods_listed: of(goods.listed),
    goods_born: of(goods.born),
  }
}

/**
 * How far each unit of goods of which any code is on the list is on it.
 * @param values what flows over corridors bind, of the periods after the event
 */
export async function listingOf(
  goods: ComparedGoods,
  reader: FlowReader,
  values: Readonly<Record<string, Bound>>,
): Promise<ReadonlyMap<string, Listing>> {
  const unitsWhere = (listed: number) => new Set(goods.units.filter((_, place) => goods.listed[place] === listed))
  const [any, partly] = [unitsWhere(1), unitsWhere(0)]
  if (any.size === 0) return new Map()
  const { goods_born: _, ...bound } = some(goods, (place) => any.has(goods.units[place] as string))
  const plan = {
    statement: listingStatement,
    values: { ...values, ...bound, products: [...new Set(bound.goods_code)], listed_share_millionths: listedShare },
    order: ['unit'],
    every_importer: true,
  }
  const rows = await reader.rows(plan, ['unit', 'listed', 'listed_share'])
  return new Map(
    rows.map((row): [string, Listing] => [
      String(row['unit']),
      {
        counts: row['listed'] === null ? undefined : row['listed'] === 1,
        share: row['listed_share'] as number | null,
        partly: partly.has(String(row['unit'])),
      },
    ]),
  )
}

/** What statements over goods bind: codes that count as listed or as unlisted, and which is which. */
export function boundGoods(goods: ComparedGoods, listing: ReadonlyMap<string, Listing>): Record<string, Bound> {
  if (!goods.whole) return some(goods, () => true)
  const listed = goods.units.map((unit) => (listing.has(unit) ? listing.get(unit)?.counts : false))
  return some({ ...goods, listed: listed.map(Number) }, (place) => listed[place] !== undefined)
}

/** The same of goods that count as listed, for statements that read no others. */
export function listedOnly(values: Readonly<Record<string, Bound>>): Record<string, Bound> {
  const listed = values['goods_listed'] as readonly number[]
  const lists = ['goods_code', 'goods_edition', 'goods_unit', 'goods_listed', 'goods_born'].map((name) => [
    name,
    (values[name] as readonly string[]).filter((_, place) => listed[place] === 1),
  ])
  const bound = Object.fromEntries(lists) as Record<string, Bound>
  const codes = bound['goods_code'] as readonly string[]
  // No code at all would read all of them.
  return codes.length === 0 ? { ...values, ...bound } : { ...values, ...bound, products: [...new Set(codes)] }
}
