import { Refusal } from '../refusal.ts'
import { periodName } from '../wording.ts'
import {
  type Control,
  codesOfList,
  controlsOf,
  intensities,
  type ListedCode,
  listNames,
  titleOfList,
} from './control-files.ts'
import { economiesIn, findEconomy } from './economies.ts'
import { hsEditions } from './families-correlations.ts'
import { didYouMean } from './nearest-names.ts'
import { findProductGroup, productGroups } from './product-groups.ts'

export { type Control, controlsOf, type ListedCode } from './control-files.ts'

const byId = (name: string, home: string | undefined) =>
  controlsOf(home).find(({ id }) => id === name.trim().toLowerCase())

/**
 * The control of this id.
 * @throws Refusal with suggestions where there is none
 */
export function findControl(name: string, home?: string): Control {
  const found = byId(name, home)
  if (found) return found
  throw new Refusal(
    'wrong_use',
    'control/unknown',
    `No control "${name}". ${didYouMean(
      name,
      controlsOf(home).map(({ id, title }) => ({ name: id, title })),
    )} (chokepoint controls lists them)`,
  )
}

/** Something at a date around which periods are compared. */
export interface DatedEvent {
  /** ISO day; left out where only the month was given. */
  readonly date?: string
  /** Month, yyyymm. */
  readonly month: number
  readonly control?: Control
  /** What it is called in a sentence: the control's title and date, or the date alone. */
  readonly text: string
}

const monthOf = (date: string): number => Number(date.slice(0, 4)) * 100 + Number(date.slice(5, 7))

/** That a date was not read in a source, in words; nothing where it was. */
export const unconfirmed = ({ source_read }: Control): string =>
  source_read ? '' : ' (date not confirmed from the source)'

/**
 * The event that a text names: a month `2022-02`, a day `2022-02-26`, or the id of a control, whose day is that on which
 * it comes into force.
 * @throws Refusal where it is none of them
 */
export function eventOf(text: string, home?: string): DatedEvent {
  const given = text.trim()
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(given)) return { month: monthOf(given), text: given }
  if (isDay(given)) return { date: given, month: monthOf(given), text: given }
  if (/^\d/.test(given))
    throw new Refusal(
      'wrong_use',
      'event/form',
      `"${text}" is no date: write a month, 2022-02, a day, 2022-02-26, or the id of a control (chokepoint controls)`,
    )
  const control = findControl(given, home)
  return {
    date: control.effective,
    month: monthOf(control.effective),
    control,
    text: `${control.title}, in force from ${control.effective}${unconfirmed(control)}`,
  }
}

/** Whether a text is a day of the calendar, `2022-02-26`. */
export const isDay = (text: string): boolean => {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  // What the calendar does not have, such as 30 February, is taken for a day of March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

const dayNumber = (date: string) => Date.parse(`${date}T00:00:00Z`) / 86_400_000

/** Days from one to another, ISO, both included. */
export interface Days {
  readonly first: string
  readonly last: string
}

/** First and last day of a month, yyyymm, or a year, yyyy00. */
function daysOf(period: number): Days {
  const [year, month] = [Math.floor(period / 100), period % 100]
  const last = new Date(Date.UTC(year, month === 0 ? 12 : month, 0)).toISOString().slice(0, 10)
  return { first: month === 0 ? `${year}-01-01` : `${periodName(period)}-01`, last }
}

/**
 * The days that a text names: a day, `2022-02-26`, a month, a year, or several, `2019-2023` and `2021-03:2022-11`.
 * @throws Refusal where it is none of them
 */
export function daysNamed(text: string): Days {
  const given = text.trim()
  if (isDay(given)) return { first: given, last: given }
  const [from = '', to = from] = /^\d{4}-\d{4}$/.test(given) ? given.split('-') : given.split(':')
  const [first, last] = [from, to].map((part) => {
    const [, year, month] = /^(\d{4})(?:-(0[1-9]|1[0-2]))?$/.exec(part) ?? []
    return year === undefined ? undefined : daysOf(Number(year) * 100 + Number(month ?? 0))
  })
  if (first && last && first.first <= last.last) return { first: first.first, last: last.last }
  throw new Refusal(
    'wrong_use',
    'days/form',
    `"${text}" is no day or period: 2022-02-26, 2022-02, 2022, 2019-2023 or 2021-03:2022-11`,
  )
}

/** Part of some days on which an act is in force, 0 to 1. */
export function exposureOver(control: Pick<Control, 'effective' | 'until'>, days: Days): number {
  const [first, last] = [dayNumber(days.first), dayNumber(days.last)]
  const from = Math.max(dayNumber(control.effective), first)
  const until = control.until === '' ? last : Math.min(dayNumber(control.until), last)
  return Math.max(0, until - from + 1) / (last - first + 1)
}

/**
 * Part of a period's days on which an act is in force, 0 to 1: days from `effective` to `until`, both included, over all
 * days of the month, yyyymm, or year, yyyy00. Methods, diversion section g.
 */
export const exposure = (control: Pick<Control, 'effective' | 'until'>, period: number): number =>
  exposureOver(control, daysOf(period))

/** Whether goods under a stored or asked code are all listed, some of them, or none. */
export type Listing = 'full' | 'partly' | 'none'

/**
 * How far one code is on a list by another, by their beginnings: wholly where the listed one is as long or shorter, partly
 * where it is finer or covers some of its goods only. A national code of ten digits is compared by its six of the HS.
 */
export function listing(listed: Pick<ListedCode, 'code' | 'level' | 'partial'>, code: string): Listing {
  if (listed.level <= 8 && code.startsWith(listed.code)) return listed.partial ? 'partly' : 'full'
  const beginning = listed.level === 10 ? listed.code.slice(0, 6) : listed.code
  return beginning.startsWith(code) || code.startsWith(beginning) ? 'partly' : 'none'
}

const yearOf = (nomenclature: string) => Number(/\d{4}$/.exec(nomenclature)?.[0] ?? 0)
const editionOf = (nomenclature: string) =>
  hsEditions.findLast((edition) => yearOf(edition) <= yearOf(nomenclature)) ?? nomenclature

/**
 * Whether codes of a list mean the same in a nomenclature as their own: an HS edition holds in the CN of its years; a CN
 * year in itself and, for what is coarser, in its HS; without a year in any.
 */
export function sameNomenclature(system: string, edition: string): boolean {
  if (yearOf(system) === 0 || yearOf(edition) === 0 || system === edition) return true
  return system.startsWith('CN') && edition.startsWith('CN') ? false : editionOf(system) === editionOf(edition)
}

/** A list of goods with its name, and since when it is in force. */
export interface CodeList {
  readonly name: string
  /** What it is, in words: the title of its act or group. */
  readonly title: string
  /** Codes with the days of their own, or of the act that they belong to; `from` is empty where neither says it. */
  readonly codes: readonly ListedCode[]
  /** Acts that name it; one where it was found by the act's id. */
  readonly controls: readonly Control[]
}

/** A list's own codes, from its file or its group of products. */
function codesNamed(name: string, home: string | undefined): { title: string; codes: readonly ListedCode[] } {
  const codes = codesOfList(name, home)
  if (codes) return { title: titleOfList(name), codes }
  const group = findProductGroup(name, home)
  return {
    title: group.title,
    codes: group.products.map(({ product, edition, tier, note }) => ({
      code: product,
      system: edition || 'HS',
      level: product.length,
      partial: false,
      tier,
      from: '',
      until: '',
      comment: note,
    })),
  }
}

/**
 * The list that a text names: a list of codes or a group of products by its name, or a control by its id.
 * @throws Refusal with suggestions where nothing is called so, or where the control names no customs codes
 */
export function findList(text: string, home?: string): CodeList {
  const name = text.trim().toLowerCase()
  const groups = productGroups(home).map(({ group, title }) => ({ id: group, title }))
  const files = listNames(home).map((id) => ({ id, title: titleOfList(id) }))
  const own = [...files, ...groups].find(({ id }) => id.toLowerCase() === name)
  const act = byId(name, home)
  const list = own?.id ?? act?.list
  if (list === undefined)
    throw new Refusal(
      'wrong_use',
      'list/unknown',
      `No list "${text}". ${didYouMean(
        text,
        [...files, ...groups].map(({ id, title }) => ({ name: id, title })),
      )}`,
    )
  if (list === '')
    throw new Refusal(
      'no_data',
      'list/no-codes',
      `${name} (${act?.title}) names no customs codes that are in this table, so goods cannot be told by it. Name a list, such as chpl or eu-2023-01`,
    )
  const controls = own ? controlsOf(home).filter((one) => one.list === own.id) : act ? [act] : []
  const first = controls[0]
  const ends = controls.map(({ until }) => until)
  const last = ends.includes('') ? '' : (ends.sort().at(-1) ?? '')
  const { title, codes } = codesNamed(list, home)
  return {
    name: own?.id ?? name,
    title: first && (!own || title === list) ? first.title : title,
    codes: codes.map((one) => ({ ...one, from: one.from || (first?.effective ?? ''), until: one.until || last })),
    controls,
  }
}

/** How a list is read over time: each code in its own days, or as it last was in all periods. */
export type ListMode = 'as-of' | 'final'

/**
 * The codes of a list that count: of the tiers asked for, all where none is; as of their days only those in force at some
 * time between two months, yyyymm, both included.
 * @throws Refusal for a tier that the list has not, and, as of its days, where the list does not say them or none is in force
 */
export function listedCodes(
  list: CodeList,
  asked: { readonly tier?: readonly string[]; readonly mode: ListMode; readonly from: number; readonly to: number },
): readonly ListedCode[] {
  const tiers = [...new Set(list.codes.map(({ tier }) => tier))].filter((tier) => tier !== '')
  const wanted = (asked.tier ?? []).map((tier) => tier.toLowerCase())
  const unknown = asked.tier?.find((tier) => !tiers.some((one) => one.toLowerCase() === tier.toLowerCase()))
  if (unknown !== undefined)
    throw new Refusal(
      'wrong_use',
      'list/tier',
      `${list.name} has no tier "${unknown}": ${tiers.length > 0 ? `there are ${tiers.join(', ')}` : 'it has no tiers'}`,
    )
  const codes = list.codes.filter(({ tier }) => wanted.length === 0 || wanted.includes(tier.toLowerCase()))
  if (asked.mode === 'final') return codes
  const remedy = '--list-mode final reads it as it last was in every month, and says so'
  if (codes.some(({ from }) => from === ''))
    throw new Refusal(
      'no_data',
      'list/undated',
      `${list.name} does not say since when its goods are listed, so nothing can be said as of a month: ${remedy}`,
    )
  const { first } = daysOf(asked.from)
  const { last } = daysOf(asked.to)
  const found = codes.filter(({ from, until }) => from <= last && (until === '' || until >= first))
  if (found.length === 0)
    throw new Refusal(
      'no_data',
      'list/not-in-force',
      `${list.name} was not in force from ${periodName(asked.from)} to ${periodName(asked.to)}, but from ${codes.map(({ from }) => from).sort()[0]}: ${remedy}`,
    )
  return found
}

/** Who is in several economies and groups in a year, each looked up once; nobody in particular where there are none. */
class Members {
  readonly #known = new Map<string, ReadonlySet<string>>()
  readonly #home: string | undefined

  constructor(home: string | undefined) {
    this.#home = home
  }

  #of(names: readonly string[], year: number): ReadonlySet<string> {
    const key = `${year} ${names.join()}`
    const found = this.#known.get(key) ?? new Set(names.flatMap((name) => economiesIn(name, year, this.#home)))
    this.#known.set(key, found)
    return found
  }

  /** Members that two sets share; a set of none stands for all, two of them for everyone, which is undefined. */
  shared(one: readonly string[], other: readonly string[], year: number): readonly string[] | undefined {
    if (one.length === 0 || other.length === 0) {
      const given = one.length === 0 ? other : one
      return given.length === 0 ? undefined : [...this.#of(given, year)]
    }
    const members = this.#of(one, year)
    return [...this.#of(other, year)].filter((economy) => members.has(economy))
  }
}

/** A control that concerns goods, and how far its list has them. */
export interface ConcernedControl {
  readonly control: Control
  /**
   * Whether all goods asked for are controlled or only some; `unlisted` where the act names no customs codes here, so that
   * it is not known.
   */
  readonly goods: 'full' | 'partly' | 'unlisted'
}

/** What controls are looked for: goods between economies. */
export interface ControlledFlow {
  /** Codes or their beginnings; all goods where empty. */
  readonly codes: readonly string[]
  /** Their nomenclature, `HS2022` or `CN2022`; empty where they go by their numbers. */
  readonly system?: string
  /** Economies or groups, by code or name; all where empty. */
  readonly origin: readonly string[]
  readonly destination: readonly string[]
  /** Days of which one is enough; ever where left out. */
  readonly days?: Days
}

const inForce = ({ effective, until }: Pick<Control, 'effective' | 'until'>, days: Days) =>
  effective <= days.last && (until === '' || until >= days.first)

/** How far codes are on a list, of those codes that are on it on some of the days. */
function listingOf(codes: readonly ListedCode[], flow: ControlledFlow): Listing {
  const { codes: asked, system = '', days } = flow
  const those = codes
    .filter((one) => days === undefined || inForce({ effective: one.from, until: one.until }, days))
    .filter((one) => sameNomenclature(one.system, system))
  if (asked.length === 0) return those.length === 0 ? 'none' : those.some(({ partial }) => partial) ? 'partly' : 'full'
  const found = asked.map((code) => {
    const near = those.map((one) => listing(one, code))
    return near.includes('full') ? 'full' : near.includes('partly') ? 'partly' : 'none'
  })
  return found.every((one) => one === 'full') ? 'full' : found.some((one) => one !== 'none') ? 'partly' : 'none'
}

/**
 * Controls in force on some of the days that concern some of the goods from some of the origins to some of the
 * destinations, strongest first, then by the day from which they are in force, then by id.
 * @throws Refusal for an economy that nothing answers to
 */
export function controlsBetween(flow: ControlledFlow, home?: string): readonly ConcernedControl[] {
  const { origin, destination, days } = flow
  for (const name of [...origin, ...destination].flatMap((one) => one.split('+'))) findEconomy(name, home)
  const members = new Members(home)
  return controlsOf(home)
    .filter((control) => days === undefined || inForce(control, days))
    .filter((control) => {
      // Who belongs to a bloc is taken as of the first day asked for on which the act is in force.
      const first = days !== undefined && days.first > control.effective ? days.first : control.effective
      const year = Number(first.slice(0, 4))
      const from = members.shared(control.origins, origin, year)
      const to = members.shared(control.targets, destination, year)
      const nobody = from?.length === 0 || to?.length === 0
      const itself = from?.length === 1 && to?.length === 1 && from[0] === to[0]
      return !nobody && !itself
    })
    .flatMap((control): ConcernedControl[] => {
      const goods = control.list === '' ? 'unlisted' : listingOf(findList(control.id, home).codes, flow)
      return goods === 'none' ? [] : [{ control, goods }]
    })
    .sort((a, b) => intensities.indexOf(a.control.intensity) - intensities.indexOf(b.control.intensity))
}

/**
 * Ids of the controls whose lists have a code, in force on a day from an origin to a destination, strongest first. Acts
 * without customs codes are not among them: `controlsBetween` has those too. Methods, diversion section g.
 * @throws Refusal for an economy that nothing answers to
 */
export function controlsOn(
  asked: {
    readonly code: string
    readonly system?: string
    readonly origin: string
    readonly destination: string
    readonly on: string
  },
  home?: string,
): readonly string[] {
  const { code, system = '', origin, destination, on } = asked
  const days = { first: on, last: on }
  return controlsBetween({ codes: [code], system, origin: [origin], destination: [destination], days }, home).flatMap(
    ({ control, goods }) => (goods === 'unlisted' ? [] : [control.id]),
  )
}
