import type { FlowManifest, Side } from '../dataset/schema.ts'
import type { Bound } from '../engine/engine.ts'
import { measure, type Statement } from '../engine/statement.ts'
import { economiesIn, economyInWords, economyName, findEconomy } from '../reference/economies.ts'
import { Refusal } from '../refusal.ts'
import { periodName, periodsHeld } from '../wording.ts'
import type { Bloc, CoveredWindow, FlowNeeds, PeriodWindow, Selection } from './analysis.ts'
import { resolveGoods } from './goods.ts'
import { blankPairs, ownPairs } from './pairs.ts'

/** The parameters that say which flows a question is about; every analysis of flows has them. */
export interface FlowGiven {
  readonly importer: readonly string[]
  readonly supplier: readonly string[]
  /** Blocs that sell as one though they are not asked about. */
  readonly merge?: readonly string[]
  readonly product: readonly string[]
  readonly group: readonly string[]
  readonly period: readonly string[]
  readonly level: string
  /** Left out where both sides are read. */
  readonly side?: string
}

/** A question about flows with every name resolved: which form of `flow` and of `exports`, what it is bound to, and what must be said. */
export interface FlowQuestion {
  readonly selection: Selection
  readonly flow: Statement
  readonly exports: Statement
  readonly values: Readonly<Record<string, Bound>>
  readonly byImporter: boolean
  readonly resolved: Readonly<Record<string, unknown>>
  readonly caveats: readonly string[]
  /** Stored periods that the answer touches, those it is compared with among them. */
  readonly touched: readonly number[]
  readonly sides: readonly Side[]
  /** Years of the answer that have fewer than twelve months. */
  readonly incomplete: readonly number[]
  /** Alpha-3 of the importers asked for, members for blocs; empty means all. */
  readonly importers: readonly string[]
  /** The same of the suppliers. */
  readonly suppliers: readonly string[]
}

/** A product of a dataset, with the periods that have it. */
export interface HeldProduct {
  readonly code: string
  readonly level: number
  readonly edition: string
  readonly periods: readonly number[]
}

const flow = measure('flow')
const flowBlocs = measure('flow_blocs')
const exports = measure('exports')
const exportsBlocs = measure('exports_blocs')
const none = (code: string, message: string) => new Refusal('no_data', code, message)

/**
 * Resolve a question against a dataset, and refuse it where the dataset cannot carry it.
 * @throws Refusal of kind `wrong_use` for names that nothing answers to, `no_data` where the dataset lacks what is needed
 */
export function flowQuestion(
  given: FlowGiven,
  manifest: FlowManifest,
  needs: FlowNeeds,
  held: readonly HeldProduct[],
  home: string,
): FlowQuestion {
  const caveats: string[] = []
  const side = (given.side || manifest.default_side) as Side
  if (!manifest.sides.includes(side))
    throw none('side/absent', `${manifest.name} has no report of the ${side} side, only ${manifest.sides.join(', ')}`)

  const sides = needs.both_sides ? manifest.sides : [side]
  const windows = needs.windows?.(given as object as Readonly<Record<string, unknown>>, home) ?? []
  const periods = resolvePeriods(given.period, manifest, sides, needs.compares_periods, windows)
  const year = Math.floor((periods.asked[periods.asked.length - 1] ?? 0) / 100)
  const buyers = economiesOf(given.importer, year, home)
  const asked = economiesOf(given.supplier, year, home)
  const sellers = economiesOf([...new Set([...given.supplier, ...(given.merge ?? [])])], year, home)
  checkNeeds(needs, manifest, side, buyers)
  caveats.push(...absentBuyers(buyers, manifest))
  const overlap = new Map<string, string>()
  for (const pair of sellers.mapped) {
    const other = overlap.get(pair.economy)
    if (other && other !== pair.label)
      throw new Refusal(
        'wrong_use',
        'supplier/twice',
        `${economyName(pair.economy)} would be counted in ${other} and in ${pair.label}. Ask for them one after the other`,
      )
    overlap.set(pair.economy, pair.label)
  }
  for (const label of sellers.labels) {
    if (overlap.has(label) && overlap.get(label) !== label)
      throw new Refusal(
        'wrong_use',
        'supplier/twice',
        `${economyName(label)} is asked for by itself and within ${overlap.get(label)}. Ask for them one after the other`,
      )
  }
  for (const bloc of new Set(sellers.mapped.map((pair) => pair.label))) {
    for (const buying of new Set(buyers.mapped.map((pair) => pair.label))) {
      const members = new Set(buyers.mapped.filter((pair) => pair.label === buying).map((pair) => pair.economy))
      const shared = sellers.mapped.filter((pair) => pair.label === bloc && members.has(pair.economy))
      if (bloc !== buying && shared.length > 0)
        throw new Refusal(
          'wrong_use',
          'bloc/overlap',
          `${buying} and ${bloc} share members (${shared
            .slice(0, 3)
            .map((pair) => pair.economy)
            .join(', ')}): whether their trade is inside is not defined. Take one of them as members, ${bloc}:members`,
        )
    }
  }

  const own = ownPairs(buyers, sellers)
  caveats.push(...own.caveats)

  const goods = resolveGoods(given, manifest, held, periods, needs, home)
  caveats.push(...goods.caveats)
  if (given.period.length === 0)
    caveats.push(`No period was asked for: the latest, ${periodName(periods.asked.at(-1) ?? 0)}, is shown.`)
  caveats.push(...periods.caveats)
  const estimated = periods.stored.filter((period) => manifest.estimated_periods.includes(period))
  if (estimated.length > 0) {
    caveats.push(`Estimated by the publisher, not reported: ${periodsHeld(estimated)}.`)
  }
  for (const [role, found] of [
    ['importer', buyers],
    ['supplier', sellers],
  ] as const) {
    for (const bloc of found.blocs)
      caveats.push(
        `${bloc.label} is taken as one ${role} of ${bloc.members.length} economies${role === 'importer' ? ', without trade among them' : ''}.`,
      )
  }

  for (const [reporting, { blocs }] of [
    ['importer', buyers],
    ['exporter', sellers],
  ] as const)
    if (sides.includes(reporting)) caveats.push(...unreported(blocs, manifest, reporting, periods.shown))

  // Who buys as a bloc changes nothing in what each economy sells.
  const exportsMapped =
    sellers.mapped.length > 0 ||
    goods.mapped.length > 0 ||
    goods.onlyMapped ||
    goods.digits !== goods.level ||
    periods.mapped.length > 0
  const mapped = exportsMapped || buyers.mapped.length > 0
  const coversExports = side === 'reconciled'
  const monthsOf = (period: number) => periods.mapped.filter(({ label }) => label === period).length
  const selection: Selection = {
    manifest,
    importers: buyers.labels,
    suppliers: asked.labels,
    products: goods.labels,
    periods: periods.asked,
    previous: periods.previous.map((period) => (goods.crosses && !periods.asked.includes(period) ? 0 : period)),
    previous_as_long: periods.previous.map(
      (period, place) => monthsOf(period) === monthsOf(periods.asked[place] as number),
    ),
    months: periods.asked.map(monthsOf),
    windows: periods.windows,
    buying_blocs: buyers.blocs,
    selling_blocs: sellers.blocs,
    level: goods.level,
    side,
    covers_exports: coversExports,
    beside: {},
    home,
  }
  return {
    selection,
    flow: mapped ? flowBlocs : flow,
    exports: exportsMapped ? exportsBlocs : exports,
    values: {
      level: goods.level,
      digits: goods.digits,
      side,
      periods: periods.stored,
      products: goods.codes,
      importers: buyers.economies,
      time_stored: periods.mapped.map((pair) => pair.stored),
      time_label: periods.mapped.map((pair) => pair.label),
      goods_code: goods.mapped.map((pair) => pair.code),
      goods_edition: goods.mapped.map((pair) => pair.edition),
      goods_label: goods.mapped.map((pair) => pair.label),
      goods_only: goods.onlyMapped ? 1 : 0,
      buyer_economy: buyers.mapped.map((pair) => pair.economy),
      buyer_bloc: buyers.mapped.map((pair) => pair.label),
      seller_economy: sellers.mapped.map((pair) => pair.economy),
      seller_bloc: sellers.mapped.map((pair) => pair.label),
      ...own.values,
      ...blankPairs(
        manifest.doubts.filter((doubt) => doubt.side === side),
        buyers,
        sellers,
        periods.mapped,
      ),
    },
    byImporter: buyers.economies.length > 0,
    resolved: {
      importer: buyers.labels,
      supplier: asked.labels,
      product: given.product.length > 0 ? goods.labels : [],
      group: given.group,
      period: periods.asked.map(periodName),
      level: String(goods.digits),
      ...(needs.both_sides ? {} : { side }),
      blocs: Object.fromEntries([...buyers.blocs, ...sellers.blocs].map((bloc) => [bloc.label, bloc.members])),
    },
    caveats,
    touched: periods.stored,
    sides,
    incomplete: periods.incomplete,
    importers: buyers.economies,
    suppliers: sellers.economies,
  }
}

/** `EU27` as one, `EU27:members` each, `CHN+HKG` both as one, a plain economy as itself. */
function economiesOf(given: readonly string[], year: number, home: string) {
  const labels: string[] = []
  const mapped: { economy: string; label: string }[] = []
  const economies: string[] = []
  const blocs: Bloc[] = []
  for (const text of given) {
    const [name = '', as] = text.split(':')
    if (as !== undefined && as !== 'members')
      throw new Refusal(
        'wrong_use',
        'economy/form',
        `"${text}": after the colon only "members" may stand, as in EU27:members`,
      )
    const parts = name.split('+').map((part) => findEconomy(part, home))
    const members = economiesIn(name, year, home)
    const single = parts.length === 1 && parts[0]?.kind === 'economy'
    if (as === 'members' || single) {
      labels.push(...members)
      economies.push(...members)
      // Beside a bloc that holds it, an economy is a buyer of its own as well.
      continue
    }
    const label = parts.map((part) => part.code).join('+')
    if (blocs.some((bloc) => bloc.label === label)) continue
    labels.push(label)
    // A publisher may give the bloc itself as one reporter.
    economies.push(...members, ...parts.map((part) => part.code))
    mapped.push(...members.map((economy) => ({ economy, label })))
    blocs.push({ label, members })
  }
  const unique = [...new Set(labels)]
  const inBloc = new Set(mapped.map((pair) => pair.economy))
  for (const label of unique) if (inBloc.has(label)) mapped.push({ economy: label, label })
  return { labels: unique, mapped, economies: [...new Set(economies)], blocs }
}

/** The importers of whom the dataset has nothing, in a sentence. */
function absentBuyers({ labels, blocs }: Buyers, manifest: FlowManifest): string[] {
  const held = new Set(manifest.importers)
  const membersOf = (label: string) => blocs.find((bloc) => bloc.label === label)?.members ?? []
  const absent = labels.filter((label) => !held.has(label) && !membersOf(label).some((member) => held.has(member)))
  if (absent.length === 0) return []
  const more = absent.length > 5 ? ` and ${absent.length - 5} more` : ''
  return [`${manifest.name} has nothing that ${absent.slice(0, 5).map(economyInWords).join(', ')}${more} bought.`]
}

/** Periods that members of a bloc have no report of, though the bloc is summed of such reports, in sentences. */
function unreported(
  blocs: readonly Bloc[],
  { coverage }: FlowManifest,
  side: Side,
  periods: readonly number[],
): string[] {
  const reports = new Set(coverage.filter((row) => row.side === side).map((row) => `${row.reporter} ${row.period}`))
  const has = (economy: string, period: number) => reports.has(`${economy} ${period}`)
  return blocs.flatMap(({ label, members }) => {
    const lacking = new Map<string, string[]>()
    for (const member of members) {
      const missing = periods.filter((period) => !has(member, period) && !has(label, period))
      if (missing.length === 0) continue
      const when = periodsHeld(missing)
      lacking.set(when, [...(lacking.get(when) ?? []), economyInWords(member)])
    }
    return [...lacking].map(
      ([when, without]) =>
        `${label} is summed without ${without.length > 3 ? `${without.length} of its ${members.length} members` : without.join(' and ')} in ${when}: the dataset has no report of ${without.length === 1 ? 'it' : 'them'}.`,
    )
  })
}

type Buyers = Pick<ReturnType<typeof economiesOf>, 'labels' | 'economies' | 'blocs'>

function checkNeeds(needs: FlowNeeds, manifest: FlowManifest, side: Side, buyers: Buyers): void {
  if (!needs.complete_suppliers) return
  const who = buyers.labels.length > 0 ? buyers.labels.map(economyName).join(', ') : 'any importer'
  if (side === 'exporter') {
    const reporters = [
      ...new Set(manifest.coverage.filter((row) => row.side === 'exporter').map((row) => row.reporter)),
    ]
    const sellers = reporters.length > 4 ? `${reporters.length} exporters` : reporters.map(economyName).join(', ')
    throw none(
      'coverage/suppliers',
      `${manifest.name} holds the exports of ${sellers}, so all other suppliers of ${who} are missing: a share or a concentration of imports computed from it would be plausible and wrong. Use a dataset with the importer’s own report or reconciled flows`,
    )
  }
  if (!manifest.partners_complete) {
    throw none(
      'coverage/partners',
      `${manifest.name} does not say that every supplier is in it, so shares have no denominator. If it holds them all, load it again with partners_complete: true in the mapping`,
    )
  }
  const absent =
    side === 'reconciled' && manifest.importers.includes('X-REST')
      ? buyers.economies.filter((economy) => /^[A-Z]{3}$/.test(economy) && !manifest.importers.includes(economy))
      : []
  if (absent.length > 0) {
    throw none(
      'coverage/importer',
      `${manifest.name} has ${absent.slice(0, 6).map(economyName).join(', ')}${absent.length > 6 ? ` and ${absent.length - 6} more` : ''} only within "rest of the table". By itself it has ${manifest.importers
        .filter((code) => code !== 'X-REST')
        .map(economyName)
        .join(', ')}`,
    )
  }
  if (side === 'importer') {
    const reporters = new Set(manifest.coverage.filter((row) => row.side === 'importer').map((row) => row.reporter))
    // A bloc is there by its own report, or by those of its members.
    const reported = new Set(buyers.blocs.flatMap(({ label, members }) => (reporters.has(label) ? members : label)))
    const missing = buyers.economies.filter((economy) => !reporters.has(economy) && !reported.has(economy))
    if (missing.length > 0)
      throw none(
        'coverage/importer',
        `${manifest.name} has no import report of ${missing.slice(0, 5).map(economyName).join(', ')}${missing.length > 5 ? ', …' : ''}. It has ${[...reporters].sort().slice(0, 8).map(economyName).join(', ')}${reporters.size > 8 ? ', …' : ''}`,
      )
  }
}

function resolvePeriods(
  given: readonly string[],
  manifest: FlowManifest,
  sides: readonly Side[],
  compares: boolean,
  windows: readonly PeriodWindow[],
) {
  const stored = [
    ...new Set(manifest.coverage.filter((row) => sides.includes(row.side)).map((row) => row.period)),
  ].sort((a, b) => a - b)
  const first = stored[0]
  const last = stored.at(-1)
  if (first === undefined || last === undefined)
    throw none('period/absent', `${manifest.name} has no period on the ${sides.join(' or ')} side`)
  const monthly = manifest.frequency === 'month'
  const asked: number[] = []
  const mapped: { stored: number; label: number }[] = []
  const incomplete: number[] = []
  const caveats: string[] = []
  const bad = (text: string) =>
    new Refusal('wrong_use', 'period/form', `"${text}" is not a period: 2022, 2022-03, 2019-2023 or 2021-03:2022-11`)
  const wanted = given.length > 0 ? given : [periodName(last)]
  for (const text of wanted) {
    const range = /^(\d{4})-(\d{4})$/.exec(text) ?? /^(\d{4}-\d{2}):(\d{4}-\d{2})$/.exec(text)
    const point = (part: string) => Number(part.slice(0, 4)) * 100 + Number(part.slice(5, 7) || 0)
    if (!range && !/^\d{4}(-(0[1-9]|1[0-2]))?$/.test(text)) throw bad(text)
    const from = point(range?.[1] ?? text)
    const to = point(range?.[2] ?? text)
    if (from > to) throw bad(text)
    const months = from % 100 !== 0
    if (months && !monthly)
      throw none('period/month', `${manifest.name} has years, no months: ask for ${String(Math.floor(from / 100))}`)
    if (!monthly || months) {
      const found = stored.filter((period) => period >= from && period <= to)
      if (found.length === 0)
        throw none('period/absent', `${manifest.name} has no data for ${text}: it covers ${periodsHeld(stored)}`)
      asked.push(...found)
      continue
    }
    const before = asked.length
    for (let year = Math.floor(from / 100); year <= Math.floor(to / 100); year += 1) {
      const found = stored.filter((period) => Math.floor(period / 100) === year)
      if (found.length === 0) continue
      asked.push(year * 100)
      mapped.push(...found.map((period) => ({ stored: period, label: year * 100 })))
      if (found.length === 12) continue
      incomplete.push(year * 100)
      caveats.push(`${year} has only ${found.length} of 12 months: ${periodsHeld(found)}.`)
    }
    if (asked.length === before)
      throw none('period/absent', `${manifest.name} has no data for ${text}: it covers ${periodsHeld(stored)}`)
  }
  const order = [...new Set(asked)].sort((a, b) => a - b)
  const years = [...new Set(stored.map((period) => Math.floor(period / 100) * 100))]
  const covered = order.flatMap((period) =>
    windows.map((window) => coverWindow(period, window, stored, mapped.length > 0)),
  )
  const around = [...new Set(covered.flatMap((window) => (window.missing.length === 0 ? window.periods : [])))]
  if (mapped.length > 0) {
    const further = around.filter((year) => !mapped.some((pair) => pair.label === year))
    for (const year of further)
      mapped.push(
        ...stored.filter((one) => Math.floor(one / 100) * 100 === year).map((one) => ({ stored: one, label: year })),
      )
  }
  const shown =
    mapped.length > 0
      ? mapped.map((pair) => pair.stored)
      : [...new Set([...order, ...around])].sort((one, other) => one - other)
  const previous = order.map((period) => {
    if (!compares) return 0
    if (mapped.length > 0) {
      const before = years.filter((year) => year < period).at(-1)
      if (before !== undefined && !mapped.some((pair) => pair.label === before)) {
        mapped.push(
          ...stored
            .filter((one) => Math.floor(one / 100) * 100 === before)
            .map((one) => ({ stored: one, label: before })),
        )
      }
      return before ?? 0
    }
    return stored.filter((one) => one < period).at(-1) ?? 0
  })
  const touched =
    mapped.length > 0 ? mapped.map((pair) => pair.stored) : [...shown, ...previous.filter((period) => period > 0)]
  return {
    asked: order,
    previous,
    windows: covered,
    mapped,
    shown: [...shown],
    stored: [...new Set(touched)].sort((a, b) => a - b),
    incomplete,
    caveats,
  }
}

/** The periods of a window, and which of them are not stored: a year of months is there where all twelve are. */
function coverWindow(
  period: number,
  { years, after }: PeriodWindow,
  stored: readonly number[],
  ofMonths: boolean,
): CoveredWindow {
  const periods = Array.from({ length: years }, (_, back) => period + (after - back) * 100).reverse()
  const there = (one: number) =>
    ofMonths ? stored.filter((month) => Math.floor(month / 100) * 100 === one).length === 12 : stored.includes(one)
  return { period, years, after, periods, missing: periods.filter((one) => !there(one)) }
}
