import { comparedGoods } from '../../corridors/goods.ts'
import { type Span, spanAround } from '../../corridors/span.ts'
import type { FlowManifest, Side } from '../../dataset/schema.ts'
import { measure, statement } from '../../engine/statement.ts'
import type { DatedEvent } from '../../reference/controls.ts'
import { economiesIn, economyName } from '../../reference/economies.ts'
import { Refusal } from '../../refusal.ts'
import { periodName, periodsHeld } from '../../wording.ts'
import type { Context, FlowNeeds, FlowReader, Row } from '../analysis.ts'
import { type ControlGiven, eventIn, type ListedProduct, listedGoods } from '../controlling.ts'
import type { HeldProduct } from '../question.ts'
import { reportedPeriods } from '../reporters.ts'

/** Who sells what to whom, and around which event, as a reader asks it. */
export interface SupplyGiven extends ControlGiven {
  readonly supplier: readonly string[]
  readonly destination: readonly string[]
  readonly others: readonly string[]
  readonly product: readonly string[]
  readonly post: string
  readonly pre_years: number
  readonly level: string
  readonly side: string
  readonly totals: string
}

export const measured = ['value', 'mass'] as const
export type Measured = (typeof measured)[number]

/** What was sold of a unit of goods: in the span after the event, and in the mean of as long spans before it. */
export interface SuppliedUnit {
  readonly unit: string
  readonly listed: boolean
  readonly before: number
  readonly after: number
}

/** A supplier's goods for a destination, and those of the others, by value or by weight. */
export interface SuppliedGoods {
  readonly own: readonly SuppliedUnit[]
  readonly others: readonly SuppliedUnit[]
  /** Whether its goods off the list are one sum, of which nothing more is known. */
  readonly unlisted_is_sum: boolean
}

/** Both of a supplier and a destination; without known weights there is nothing by weight. */
export interface Supply extends Readonly<Record<Measured, SuppliedGoods>> {
  readonly destination: string
  readonly supplier: string
}

export interface Supplies {
  readonly event: DatedEvent
  readonly span: Span
  /** In the order in which destinations and suppliers were asked for. */
  readonly all: readonly Supply[]
  /** Units of goods that are on the list in part only, and are left out. */
  readonly partly: number
  readonly caveats: readonly string[]
}

const needs: FlowNeeds = { kind: 'flow', complete_suppliers: false, compares_periods: false, groups: 'summed' }
const statementOfSupply = statement(import.meta.url, './supplied-goods.sql')

/** What a family of codes must be listed by at least, of its trade, to count as listed. */
const listedShare = 0.5

/** The level of stored codes by which goods are told apart. */
function levelOf(given: SupplyGiven, manifest: FlowManifest): number {
  const asked = Number(given.level)
  const fit = manifest.levels.filter((level) => level > 0 && level >= asked)
  const level = fit.includes(manifest.default_level) ? manifest.default_level : Math.min(...fit)
  if (fit.length === 0)
    throw new Refusal(
      'no_data',
      'level/absent',
      `${manifest.name} has products of ${manifest.levels.join(', ')} digits: listed goods cannot be told from others in it${asked > 0 ? ` at ${asked}` : ''}`,
    )
  return asked > 0 && manifest.levels.includes(asked) ? asked : level
}

/** Products named one by one, as goods of a list. */
function named(codes: readonly string[], held: readonly HeldProduct[], manifest: FlowManifest): ListedProduct[] {
  const wrong = codes.find((code) => !/^\d{2,10}$/.test(code))
  if (wrong !== undefined)
    throw new Refusal(
      'wrong_use',
      'product/form',
      `"${wrong}" is no code: --product takes codes, --list names of lists`,
    )
  const found = held.filter(({ code }) => codes.some((one) => code.startsWith(one)))
  if (found.length === 0)
    throw new Refusal('no_data', 'product/absent', `${manifest.name} has none of ${codes.join(', ')} in these periods`)
  return found.map(({ code, edition }) => ({ code, edition, listed: 'full', tier: '', from: 0, until: 999912 }))
}

/** The other suppliers: those named, of exporters' reports those there in every period compared; empty for all. */
function othersIn(
  given: SupplyGiven,
  reader: FlowReader,
  level: number,
  periods: readonly number[],
): readonly string[] {
  const { manifest, side, home } = reader.selection
  const year = Math.floor((periods.at(-1) ?? 0) / 100)
  const asked = [
    ...new Set(given.others.flatMap((name) => name.split('+')).flatMap((name) => [...economiesIn(name, year, home)])),
  ]
  if (side !== 'exporter') return asked
  const reporters = [...new Set(manifest.coverage.filter((row) => row.side === side).map(({ reporter }) => reporter))]
  return reporters
    .filter((label) => reportedPeriods(manifest, { label }, side, level, periods).periods.length === periods.length)
    .filter((label) => asked.length === 0 || asked.includes(label))
}

/**
 * What must be said of those whose reports are read: suppliers, or destinations.
 * @throws Refusal where one does not report in a period compared: its silence would read as a fall
 */
function reportersChecked(reader: FlowReader, level: number, periods: readonly number[]): readonly string[] {
  const { manifest, side, suppliers, importers, selling_blocs, buying_blocs } = reader.selection
  const [labels, blocs] = side === 'importer' ? [importers, buying_blocs] : [suppliers, selling_blocs]
  return labels.flatMap((label) => {
    const members = blocs.find((bloc) => bloc.label === label)?.members
    const reported = reportedPeriods(manifest, { label, members }, side, level, periods)
    const silent = periods.filter((period) => !reported.periods.includes(period))
    if (silent.length > 0)
      throw new Refusal(
        'no_data',
        'coverage/reporter',
        `${manifest.name} has no report of ${economyName(label)} for ${periodsHeld(silent)}, which would read as a fall: name another span with --post${manifest.sides.length > 1 ? ', or other reports with --side' : ''}`,
      )
    return reported.caveats
  })
}

/** Everything that a supplier sells to a destination, from another dataset, before and after. */
async function totalsOf(given: SupplyGiven, span: Span, side: Side, windows: number, context: Context) {
  const months = [...span.post, ...span.windows.slice(0, windows).flat()].sort((a, b) => a - b)
  const answer = await context.ask('trade', {
    dataset: given.totals,
    importer: given.destination,
    supplier: given.supplier,
    period: months.map(periodName),
    level: '0',
    side,
  })
  const totals = new Map<string, { before: number; after: number; periods: Set<number> }>()
  for (const row of await answer.rows(context.signal)) {
    const key = `${row['importer']}\t${row['supplier']}`
    const total = totals.get(key) ?? { before: 0, after: 0, periods: new Set<number>() }
    const period = Number(row['period'])
    total.periods.add(period)
    if (span.post.includes(period)) total.after += Number(row['value'])
    else total.before += Number(row['value']) / windows
    totals.set(key, total)
  }
  for (const [key, { periods }] of totals)
    if (periods.size < months.length) throw lacking(given.totals, key, months.length - periods.size)
  return totals
}

const lacking = (totals: string, key: string, missing: number) =>
  new Refusal(
    'no_data',
    'totals/periods',
    `${totals} lacks ${missing} of the periods compared for ${key.split('\t').reverse().map(economyName).join(' to ')}`,
  )

/**
 * What suppliers, and others, sold of listed and of other goods before and after an event.
 * @throws Refusal where something is not named, or where the dataset does not cover it
 */
export async function suppliesIn(given: SupplyGiven, context: Context): Promise<Supplies> {
  const { home } = context
  const manifest = context.dataset as FlowManifest
  const missing = (code: string, text: string) => new Refusal('wrong_use', code, text)
  if (given.supplier.length === 0)
    throw missing('supplier/missing', '--supplier names whose sales are judged, such as EU27')
  if (given.destination.length === 0) throw missing('destination/missing', '--destination names to whom, such as RUS')
  if ((given.list === '') === (given.product.length === 0))
    throw missing('list/missing', 'Which goods are controlled? --list chpl, or --product with codes: one of the two')
  const event = eventIn(given, home)
  const level = levelOf(given, manifest)
  const span = spanAround(event, given.donut, given.post, manifest, level)
  const windows = Math.min(given.pre_years, span.windows.length)
  const compared = [...span.post, ...span.windows.slice(0, windows).flat()].sort((a, b) => a - b)
  const [from, to] = [periodName(compared[0] as number), periodName(compared.at(-1) as number)]
  const reader = await context.flows(
    needs,
    {
      importer: given.destination,
      supplier: given.supplier,
      product: [],
      group: [],
      period: [from === to ? from : `${from}${from.length > 4 ? ':' : '-'}${to}`],
      level: '0',
      side: given.side,
    },
    'aside',
  )
  const { selection } = reader
  const wanted = new Set(compared)
  const held = reader.products.filter(
    (product) => product.level === level && product.periods.some((period) => wanted.has(period)),
  )
  const ends = { from: compared[0] as number, to: compared.at(-1) as number }
  const month = (period: number, last: boolean) => (period % 100 === 0 ? period + (last ? 12 : 1) : period)
  const listed =
    given.list === ''
      ? { products: named(given.product, held, manifest), caveats: [], name: given.product.join(', ') }
      : (({ products, caveats, list }) => ({ products, caveats, name: list.name }))(
          listedGoods(
            given,
            held,
            level,
            { from: month(span.post[0] as number, false), to: month(ends.to, true) },
            home,
          ),
        )
  const goods = comparedGoods(held, listed.products, given.level, new Set(span.post), home)
  const ofReporters = reportersChecked(reader, level, compared)
  const others = othersIn(given, reader, level, compared)
  const silent = selection.side === 'exporter' && others.length === 0
  const rows = await reader.rows(
    {
      statement: statementOfSupply,
      flow: measure('flow_blocs'),
      values: {
        level,
        digits: level,
        periods: compared,
        products: [],
        time_stored: compared,
        time_label: compared.map((period) => (span.post.includes(period) ? 0 : 1)),
        goods_code: goods.codes,
        goods_edition: goods.editions,
        goods_label: goods.units.map((unit, at) => `${goods.listed[at]}${unit}`),
        goods_only: 1,
        sellers: selection.suppliers,
        buyers: selection.importers,
        // Nobody, where nobody else reports.
        others: silent ? ['-'] : others,
      },
      order: ['destination', 'supplier', 'unit', 'listed'],
    },
    ['destination', 'supplier', 'unit', 'listed', 'after', 'before', 'mass_after', 'mass_before'],
  )
  const judged = goods.whole ? judgedUnits(rows) : undefined
  const totals = given.totals === '' ? undefined : await totalsOf(given, span, selection.side, windows, context)
  // Without others named, those asked about are others to each other.
  const isOther = (supplier: string) => (one: string) =>
    one === 'OTHERS' || (given.others.length === 0 && selection.suppliers.includes(one) && one !== supplier)
  return {
    event,
    span,
    all: selection.importers.flatMap((destination) =>
      selection.suppliers.map((supplier) => ({
        destination,
        supplier,
        value: goodsOf(
          rows,
          { destination, supplier, what: 'value', windows, judged, others: isOther(supplier) },
          totals,
        ),
        mass: goodsOf(
          rows,
          { destination, supplier, what: 'mass', windows, judged, others: isOther(supplier) },
          undefined,
        ),
      })),
    ),
    partly: [...(judged?.values() ?? [])].filter((one) => one === undefined).length,
    caveats: [
      ...span.caveats,
      ...listed.caveats,
      ...goods.caveats,
      ...ofReporters,
      ...(silent
        ? [
            `${manifest.name} holds the exports of nobody else: growth that the destination shares among suppliers cannot be told.`,
          ]
        : []),
      ...manifest.notes,
    ],
  }
}

/** Whether a unit that counts whole is listed, by its trade after the event, else before it; undefined where in part only. */
function judgedUnits(rows: readonly Row[]): ReadonlyMap<string, boolean | undefined> {
  const sums = new Map<string, { after: number[]; before: number[] }>()
  for (const row of rows) {
    const sum = sums.get(String(row['unit'])) ?? { after: [0, 0], before: [0, 0] }
    for (const when of ['after', 'before'] as const)
      sum[when][Number(row['listed'])] = (sum[when][Number(row['listed'])] ?? 0) + Number(row[when])
    sums.set(String(row['unit']), sum)
  }
  return new Map(
    [...sums].map(([unit, { after, before }]) => {
      const [off = 0, on = 0] = (after[0] ?? 0) + (after[1] ?? 0) > 0 ? after : before
      return [unit, on >= listedShare * (on + off) ? true : on === 0 ? false : undefined]
    }),
  )
}

/** What is read of rows: whose goods, by value or weight. */
interface Reading {
  readonly destination: string
  readonly supplier: string
  readonly what: Measured
  readonly windows: number
  readonly judged: ReadonlyMap<string, boolean | undefined> | undefined
  others(supplier: string): boolean
}

function goodsOf(
  rows: readonly Row[],
  { destination, supplier, what, windows, judged, others }: Reading,
  totals: ReadonlyMap<string, { before: number; after: number }> | undefined,
): SuppliedGoods {
  const prefix = what === 'mass' ? 'mass_' : ''
  const unitsOf = (is: (supplier: string) => boolean): SuppliedUnit[] => {
    const units = new Map<string, SuppliedUnit>()
    for (const row of rows) {
      if (row['destination'] !== destination || !is(String(row['supplier']))) continue
      const unit = String(row['unit'])
      const listed = judged ? judged.get(unit) : row['listed'] === 1
      const [before, after] = [row[`${prefix}before`], row[`${prefix}after`]]
      if (listed === undefined || before == null || after == null) continue
      const key = `${Number(listed)}${unit}`
      const known = units.get(key)
      units.set(key, {
        unit,
        listed,
        before: (known?.before ?? 0) + Number(before) / windows,
        after: (known?.after ?? 0) + Number(after),
      })
    }
    return [...units].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, unit]) => unit)
  }
  const own = unitsOf((one) => one === supplier)
  const listed = own.filter((unit) => unit.listed)
  const total = totals?.get(`${destination}\t${supplier}`)
  const sum = (when: 'before' | 'after') => listed.reduce((all, unit) => all + unit[when], 0)
  return {
    own: total
      ? [
          ...listed,
          { unit: '', listed: false, before: total.before - sum('before'), after: total.after - sum('after') },
        ]
      : own,
    others: unitsOf(others),
    unlisted_is_sum: total !== undefined,
  }
}
