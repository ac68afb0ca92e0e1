import type { ListedProduct } from '../analyses/controlling.ts'
import type { HeldProduct } from '../analyses/question.ts'
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
