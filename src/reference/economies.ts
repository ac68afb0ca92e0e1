import MiniSearch from 'minisearch'
import { Refusal } from '../refusal.ts'
import { economyCodes } from './economy-codes.ts'
import { economyGroups, groupMembers } from './economy-groups.ts'
import { table } from './table.ts'

/** An economy, a former one, a bloc that publishers give as one, or one of the reserved unknown partners. */
export interface Economy {
  readonly economy: string
  readonly name: string
  readonly aliases: readonly string[]
  readonly iso2: string
  readonly m49: string
  readonly kind: 'economy' | 'former' | 'bloc' | 'unknown'
  /** The last year of a former economy. */
  readonly until: number | undefined
  readonly note: string
}

let list: readonly Economy[] | undefined
let byCode: ReadonlyMap<string, Economy> | undefined

export function economies(): readonly Economy[] {
  list ??= table('economies.csv').map((row) => ({
    economy: row['economy'] ?? '',
    name: row['name'] ?? '',
    aliases: (row['aliases'] ?? '').split(';').filter(Boolean),
    iso2: row['iso2'] ?? '',
    m49: row['m49'] ?? '',
    kind: row['kind'] as Economy['kind'],
    until: row['until'] ? Number(row['until']) : undefined,
    note: row['note'] ?? '',
  }))
  return list
}

/** Names that a sentence gives an article. */
const withArticle =
  /^(Bahamas|Gambia|Maldives|Netherlands|Philippines|.* (Emirates|Islands|Kingdom|Republic|States|Territories|Union))$/

/** An economy's name within a sentence: "the United States"; of a set each part's. */
export function economyInWords(code: string): string {
  if (code.includes('+')) return code.split('+').map(economyInWords).join(' and ')
  const name = economyName(code)
  return withArticle.test(name) ? `the ${name}` : name
}

/** An economy's short English name; a set such as CHN+HKG is named by its parts; an unknown code stands for itself. */
export function economyName(code: string): string {
  byCode ??= new Map(economies().map((economy) => [economy.economy, economy]))
  if (code.startsWith('X-UNMAPPED:')) return `unmapped code ${code.slice('X-UNMAPPED:'.length)}`
  // The part of a market that a publisher allots to nobody.
  if (code === 'X-UNALLOCATED') return 'not allotted to anyone'
  if (code.includes('+')) return code.split('+').map(economyName).join(' and ')
  return byCode.get(code)?.name ?? economyGroups().find((group) => group.group === code)?.title ?? code
}

const folded = (text: string) =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[’']/g, "'").toLowerCase().trim()

let names: ReadonlyMap<string, Economy> | undefined

const byFoldedName = () => {
  names ??= new Map(economies().flatMap((one) => [one.name, ...one.aliases].map((name) => [folded(name), one])))
  return names
}

/** By M49 number, and by those of the sources that differ from it, such as 842 and 490. */
const byNumber = (digits: string) => {
  const own = economies().find((one) => one.m49 !== '' && Number(one.m49) === Number(digits))
  if (own) return own
  const stated = economyCodes('m49').find((row) => Number(row.code) === Number(digits))
  return economies().find((one) => one.economy === stated?.economy)
}

/** An economy or group that a reader named. */
export interface NamedEconomy {
  readonly code: string
  readonly kind: 'economy' | 'group'
  readonly name: string
}

/** The economy or group called so: a code (alpha-3, alpha-2, M49), a name in any of its languages, or a group. */
export function economyCalled(text: string, home?: string): NamedEconomy | undefined {
  const wanted = folded(text)
  const upper = text.trim().toUpperCase()
  const exact = economies().find((one) => one.economy === upper && one.kind !== 'bloc')
  if (exact) return { code: exact.economy, kind: 'economy', name: exact.name }
  const groups = economyGroups(home)
  const group =
    groups.find((one) => one.group.toUpperCase() === upper) ?? groups.find((one) => folded(one.title) === wanted)
  if (group) return { code: group.group, kind: 'group', name: group.title }
  const found =
    economies().find((one) => one.economy === upper) ??
    economies().find((one) => one.iso2 !== '' && one.iso2 === upper) ??
    (/^\d{1,3}$/.test(upper) ? byNumber(upper) : byFoldedName().get(wanted))
  return found && { code: found.economy, kind: found.kind === 'bloc' ? 'group' : 'economy', name: found.name }
}

let index: MiniSearch<{ id: string; name: string; aliases: string }> | undefined

/** Economies whose names are spelt most like a text, the most likely first. */
function nearest(text: string) {
  if (!index) {
    index = new MiniSearch({ fields: ['name', 'aliases'], storeFields: ['name'], processTerm: folded })
    index.addAll(economies().map((one) => ({ id: one.economy, name: one.name, aliases: one.aliases.join(' ') })))
  }
  return index.search(text, { fuzzy: 0.34, prefix: true, boost: { name: 2 } })
}

/** What a text may mean: what is called so, what begins so, or what is only spelt alike. */
export interface LikelyEconomy extends NamedEconomy {
  readonly match: 'called' | 'begins' | 'alike'
}

/** The same for several that count as one, `CHN+HKG`, and for the members of a group, `EU27:members`. */
function setCalled(text: string, home?: string): NamedEconomy | undefined {
  const [, of = text, members = ''] = /^(.+?)(:members)$/i.exec(text.trim()) ?? []
  const parts = of.split('+').map((part) => economyCalled(part, home))
  if (parts.some((part) => part === undefined) || (members !== '' && parts[0]?.kind !== 'group')) return undefined
  const known = parts.filter((part) => part !== undefined)
  if (known.length === 1 && members === '') return known[0]
  return {
    code: known.map(({ code }) => code).join('+') + members.toLowerCase(),
    kind: 'group',
    name: known.map(({ name }) => name).join(' + ') + (members === '' ? '' : ', each member'),
  }
}

/**
 * Economies and groups that a reader who has typed so much may mean: what is called so exactly first, then names that
 * begin so in any language, then groups, then what is spelt alike.
 */
export function economiesLike(text: string, home?: string): readonly LikelyEconomy[] {
  const called = setCalled(text, home)
  const wanted = folded(text)
  const begins = (name: string) => folded(name).startsWith(wanted)
  const known = economies().filter((one) => one.kind !== 'unknown' && one.until === undefined)
  const named = ({ economy, name, kind }: Economy): NamedEconomy => ({
    code: economy,
    kind: kind === 'bloc' ? 'group' : 'economy',
    name,
  })
  const groups = economyGroups(home)
    .filter((one) => begins(one.group) || begins(one.title))
    .map(({ group, title }): NamedEconomy => ({ code: group, kind: 'group', name: title }))
  const found = (match: LikelyEconomy['match'], those: readonly NamedEconomy[]) =>
    those.map((one) => ({ ...one, match }))
  const all = [
    ...found('called', called ? [called] : []),
    ...found('begins', known.filter((one) => begins(one.name) || begins(one.economy)).map(named)),
    ...found('begins', known.filter((one) => one.aliases.some(begins)).map(named)),
    ...found('begins', groups),
    ...found(
      'alike',
      nearest(text).flatMap((hit) => known.filter((one) => one.economy === hit.id).map(named)),
    ),
  ]
  const first = new Map<string, LikelyEconomy>()
  for (const one of all) if (!first.has(one.code)) first.set(one.code, one)
  return [...first.values()]
}

/**
 * The economy or group that a reader means, as `economyCalled` finds it.
 * @throws Refusal with up to three suggestions
 */
export function findEconomy(text: string, home?: string): NamedEconomy {
  const found = economyCalled(text, home)
  if (found) return found
  const near = nearest(text)
    .slice(0, 3)
    .map((hit) => `${hit['name']} (${hit.id})`)
  throw new Refusal(
    'wrong_use',
    'economy/unknown',
    `No economy or group "${text}". ${
      near.length > 0
        ? `Did you mean ${near.join(', ')}?`
        : `Groups are ${economyGroups(home)
            .map((one) => one.group)
            .join(', ')}.`
    }`,
  )
}

/**
 * The economies that `CHN+HKG`, a group, or groups and economies joined with a plus stand for in a year, in alphabetical
 * order, alpha-3.
 * @throws Refusal as `findEconomy` does
 */
export function economiesIn(set: string, year: number, home?: string): readonly string[] {
  const parts = set.split('+').map((name) => findEconomy(name, home))
  const members = parts.flatMap((part) => (part.kind === 'group' ? groupMembers(part.code, year, home) : [part.code]))
  return [...new Set(members)].sort()
}
