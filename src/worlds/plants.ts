import { economiesIn, findEconomy } from '../reference/economies.ts'
import { findProductGroup } from '../reference/product-groups.ts'
import { Refusal } from '../refusal.ts'
import type { PlantKind, WorldParameters } from './parameters.ts'

/** An answer that was planted, as it stands in answers.yaml. Economies are alpha-3, products codes. */
export type Plant =
  | {
      readonly plant: 'dominance'
      readonly product: string
      readonly supplier: string
      /** Of what every other economy that buys the product buys, in every period. */
      readonly share: number
      readonly second: string
      readonly second_share: number
    }
  | {
      readonly plant: 'dependence'
      readonly importer: string
      readonly product: string
      readonly supplier: string
      /** Of what the importer buys, in every period; it sells none. */
      readonly share: number
      /** The supplier's share of what every other economy buys; it buys none itself. */
      readonly elsewhere: number
    }
  | {
      readonly plant: 'diversion'
      readonly origin: readonly string[]
      readonly destination: string
      readonly hubs: readonly string[]
      readonly products: readonly string[]
      /** The first period in which the origin sells none of the products to the destination. */
      readonly from: string
      /** By what the hubs' purchases from the origin, and their sales to the destination, are multiplied from then on. */
      readonly factor: number
    }
  | {
      readonly plant: 're-export'
      readonly hub: string
      readonly products: readonly string[]
      /** The hub's exports of each product as a part of its imports, in every period. */
      readonly share: number
    }

const dominance = { share: 0.7, second_share: 0.2 }
const dependence = { share: 0.95, elsewhere: 0.8 }
const reExport = { share: 0.9 }
/** How many are planted of each kind. */
const counts = { dominance: 2, dependence: 6, 're-export': 3 } as const
/** Of so many products one is on a diversion's list. */
const listed = 50

/** An economy of a world by its rank in size, and a product by the order in which they are drawn. */
export interface Cast {
  /** Alpha-3, the largest first. */
  readonly economies: readonly string[]
  /** Codes, in the order drawn. */
  readonly products: readonly string[]
}

/** The codes of the named list that a diversion takes, of any edition. */
export function listOf(parameters: WorldParameters, home: string): readonly string[] {
  if (!parameters.plant.includes('diversion') || parameters.list === '') return []
  return [...new Set(findProductGroup(parameters.list, home).products.map((one) => one.product))]
}

/** First and last year. */
export function yearsOf({ years }: WorldParameters): readonly number[] {
  const [first = 0, last = first] = years.split('-').map(Number)
  return Array.from({ length: last - first + 1 }, (_, place) => first + place)
}

/**
 * When the diversion begins: the period named, or the middle of the world's.
 * @throws Refusal where it is outside, or a month in a world of years
 */
export function sinceOf(parameters: WorldParameters): string {
  const years = yearsOf(parameters)
  const middle = String(years[Math.floor(years.length / 2)])
  const monthly = parameters.frequency === 'month'
  if (parameters.from === '') return monthly ? `${middle}-${years.length === 1 ? '07' : '01'}` : middle
  if (!years.includes(Number(parameters.from.slice(0, 4))) || (!monthly && parameters.from.length > 4))
    throw new Refusal(
      'wrong_use',
      'world/from',
      `--from ${parameters.from}: the world has the ${monthly ? 'months' : 'years'} of ${parameters.years}`,
    )
  return monthly && parameters.from.length === 4 ? `${parameters.from}-01` : parameters.from
}

/**
 * What is planted, and whom it concerns: drawn from the world's own economies and products, other products for each.
 * @throws Refusal where the origin, the destination or the list is none of the world's
 */
export function plantsOf(parameters: WorldParameters, cast: Cast, home: string): readonly Plant[] {
  const wanted = (kind: PlantKind) => parameters.plant.includes(kind)
  const list = listOf(parameters, home).filter((code) => cast.products.includes(code))
  const free = cast.products.filter((code) => !list.includes(code))
  const take = (count: number) => free.splice(0, count)
  // What decides who it is: the products drawn, so that seeds differ.
  const turn = Number(cast.products[0])
  const of = (from: number, until: number, place: number) =>
    cast.economies[from + ((turn + place) % (until - from))] as string
  const plants: Plant[] = []
  const dominated = take(counts.dominance)
  const depended = take(counts.dependence)
  const passed = take(counts['re-export'])
  if (wanted('dominance'))
    for (const [place, product] of dominated.entries())
      plants.push({
        plant: 'dominance',
        product,
        supplier: of(0, 10, place),
        share: dominance.share,
        second: of(0, 10, place + 3),
        second_share: dominance.second_share,
      })
  if (wanted('dependence'))
    for (const [place, product] of depended.entries())
      plants.push({
        plant: 'dependence',
        importer: of(0, 10, place),
        product,
        supplier: of(0, 10, place + 5),
        share: dependence.share,
        elsewhere: dependence.elsewhere,
      })
  if (wanted('diversion')) {
    const year = Number(sinceOf(parameters).slice(0, 4))
    const origin = economiesIn(parameters.origin, year, home).filter((one) => cast.economies.includes(one))
    const named = parameters.destination === '' ? undefined : findEconomy(parameters.destination, home).code
    const outside = cast.economies.filter((one) => !origin.includes(one))
    const destination = named ?? (outside[5 + (turn % 10)] as string)
    const refuse = (option: string, given: string, why: string) =>
      new Refusal('wrong_use', `world/${option}`, `--${option} ${given}: ${why}`)
    if (origin.length === 0)
      throw refuse('origin', parameters.origin, 'none of it is among the economies of this world')
    if (!outside.includes(destination))
      throw refuse('destination', destination, 'it is not among the economies of this world, or is the origin itself')
    const products = parameters.list === '' ? take(Math.max(5, Math.round(cast.products.length / listed))) : list
    if (products.length === 0) throw refuse('list', parameters.list, 'none of it is among the products of this world')
    const candidates = outside.filter((one, place) => place >= 5 && one !== destination)
    if (candidates.length < parameters.hubs)
      throw refuse('hubs', String(parameters.hubs), `this world has ${candidates.length} economies that could be hubs`)
    const step = Math.max(1, Math.floor(Math.min(candidates.length, 60) / parameters.hubs))
    plants.push({
      plant: 'diversion',
      origin,
      destination,
      hubs: Array.from(
        { length: parameters.hubs },
        (_, place) => candidates[(turn + place * step) % Math.min(candidates.length, 60)] as string,
      ),
      products: [...products].sort(),
      from: sinceOf(parameters),
      factor: parameters.factor,
    })
  }
  if (wanted('re-export'))
    plants.push({
      plant: 're-export',
      hub: of(10, Math.min(30, cast.economies.length), 7),
      products: [...passed].sort(),
      share: reExport.share,
    })
  return plants
}
