import { type Correlation, correlations, hsEditions } from './families-correlations.ts'

/** Codes that share goods across editions, directly or through others: the smallest sum that means the same in each. */
export interface Family {
  /** The smallest code of its newest edition, with `~` and the number of its codes where an edition has several. */
  readonly label: string
  /** Six-digit codes by edition, ascending. */
  readonly codes: ReadonlyMap<string, readonly string[]>
  /** Count of links to catch-all codes that were cut: goods that went along them are not followed. */
  readonly cut: number
  /** What a reviewer says of shifts of its scope. */
  readonly notes: readonly string[]
}

/** The families over some editions. */
export interface Families {
  /** All editions from the oldest to the newest asked for. */
  readonly editions: readonly string[]
  /** The family of a code; undefined where a step has no link for one of its codes, so that it is not whole. */
  of(edition: string, code: string): Family | undefined
  /** Why a reviewer left a code without a family, or undefined. */
  reviewed(edition: string, code: string): string | undefined
  /** A user's files of links that were read. */
  readonly files: readonly string[]
}

/** A code linked to more others than this is a catch-all; its links, but to its own number, are cut. */
export const catchAll = 100

/**
 * The edition of the HS that a nomenclature's first six digits follow: CN2021 is HS2017, CN2022 is HS2022.
 * Undefined for a nomenclature that is neither HS nor CN.
 */
export function hsEdition(nomenclature: string): string | undefined {
  const [, kind, year = ''] = /^(HS|CN)(\d{4})$/.exec(nomenclature) ?? []
  if (kind === 'HS') return hsEditions.find((edition) => edition === nomenclature)
  return kind === 'CN' ? hsEditions.findLast((edition) => edition <= `HS${year}`) : undefined
}

const known = new Map<string, Families>()

/**
 * Families over the chain of editions between the oldest and the newest given: connected components of the links, those
 * of catch-all codes cut. Over one edition every code is its own family.
 * @param editions editions of the HS
 * @param home CHOKEPOINT_HOME, whose `correlations/*.csv` replace shipped links
 * @throws Refusal naming file and line of a fault in the user's files
 * @see Pierce and Schott (2012), Concording U.S. Harmonized System Codes over Time, Journal of Official Statistics 28(1)
 */
export function families(editions: readonly string[], home?: string): Families {
  const places = editions.map((edition) => hsEditions.indexOf(edition))
  const chain = hsEditions.slice(Math.min(...places), Math.max(...places) + 1)
  if (chain.length === 1) return single(chain[0] as string)
  const all = correlations(home)
  const steps = chain.slice(0, -1).map((edition) => all.get(edition) as Correlation)
  const files = [...new Set(steps.map((step) => step.file).filter((file) => file !== ''))]
  const key = chain.join(' ')
  const cached = files.length === 0 ? known.get(key) : undefined
  if (cached) return cached
  const built = components(chain, steps, files)
  if (files.length === 0) known.set(key, built)
  return built
}

function single(edition: string): Families {
  return {
    editions: [edition],
    files: [],
    reviewed: () => undefined,
    of: (of, code) =>
      of === edition ? { label: code, codes: new Map([[edition, [code]]]), cut: 0, notes: [] } : undefined,
  }
}

/** Links of a step in two parts: those that stay, and those of catch-all codes that are cut. */
export function prune(links: Correlation['links']): { kept: Correlation['links']; cut: Correlation['links'] } {
  const fan = new Map<string, number>()
  const count = (key: string) => fan.set(key, (fan.get(key) ?? 0) + 1)
  for (const link of links) {
    count(`from ${link.from}`)
    count(`to ${link.to}`)
  }
  const wide = (key: string) => (fan.get(key) ?? 0) > catchAll
  const stays = (link: (typeof links)[number]) =>
    link.from === link.to || !(wide(`from ${link.from}`) || wide(`to ${link.to}`))
  return { kept: links.filter(stays), cut: links.filter((link) => !stays(link)) }
}

interface Node {
  readonly place: number
  readonly code: string
  readonly older: Node[]
  readonly newer: Node[]
  readonly notes: string[]
  cut: number
  family?: Family | undefined
}

function components(chain: readonly string[], steps: readonly Correlation[], files: readonly string[]): Families {
  const nodes = new Map<string, Node>()
  const reviewed = new Map<string, string>()
  const node = (place: number, code: string): Node => {
    const key = `${chain[place]} ${code}`
    const found = nodes.get(key) ?? { place, code, older: [], newer: [], notes: [], cut: 0 }
    nodes.set(key, found)
    return found
  }
  for (const [place, step] of steps.entries()) {
    const { kept, cut } = prune(step.links.filter((link) => link.to !== ''))
    for (const link of kept) {
      const [from, to] = [node(place, link.from), node(place + 1, link.to)]
      from.newer.push(to)
      to.older.push(from)
      if (link.note) from.notes.push(link.note)
    }
    for (const link of cut) {
      node(place, link.from).cut += 1
      node(place + 1, link.to).cut += 1
    }
    // What kept its number and is other goods now has no family on either side.
    for (const link of step.links.filter((link) => link.to === ''))
      for (const edition of chain.slice(place, place + 2)) reviewed.set(`${edition} ${link.from}`, link.note)
  }
  const seen = new Set<Node>()
  for (const start of nodes.values()) {
    if (seen.has(start)) continue
    seen.add(start)
    const members = [start]
    for (const member of members)
      for (const other of [...member.older, ...member.newer])
        if (!seen.has(other)) {
          seen.add(other)
          members.push(other)
        }
    const whole = members.every(
      (member) =>
        (member.place === 0 || member.older.length > 0) &&
        (member.place === chain.length - 1 || member.newer.length > 0),
    )
    if (!whole) continue
    const family = familyOf(chain, members)
    for (const member of members) member.family = family
  }
  return {
    editions: chain,
    files,
    of: (edition, code) => nodes.get(`${edition} ${code}`)?.family,
    reviewed: (edition, code) => reviewed.get(`${edition} ${code}`),
  }
}

function familyOf(chain: readonly string[], members: readonly Node[]): Family {
  const codes = new Map(
    chain.map((edition, place) => [
      edition,
      members
        .filter((member) => member.place === place)
        .map((member) => member.code)
        .sort(),
    ]),
  )
  const newest = codes.get(chain.at(-1) as string)?.[0] as string
  const several = [...codes.values()].some((list) => list.length > 1)
  const distinct = new Set(members.map((member) => member.code)).size
  return {
    label: several ? `${newest}~${distinct}` : newest,
    codes,
    cut: members.reduce((sum, member) => sum + member.cut, 0),
    notes: [...new Set(members.flatMap((member) => member.notes))],
  }
}
