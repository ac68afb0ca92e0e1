import { z } from 'zod'
import { economies } from '../../reference/economies.ts'
import { decimal, month, oneOf, optional, type PlacedRow, required, type TableKind } from './table-kind.ts'

/** Which quantity a share is of. Shares of different bases are never put together. */
export const bases = ['installed', 'shipments', 'revenue', 'sites', 'sales_units', 'target', 'unknown'] as const

/** "almost x" is taken as the interval from this part of x up to x. */
const almost = 0.9
/** Rounded shares may add up to a little more than one. */
const mostOfAll = 1.005

const alpha3 = (text: string, context: z.RefinementCtx): string => {
  if (text === 'WLD') return text
  const known = economies()
  if (known.some((one) => one.economy === text)) return text
  const meant = known.find((one) => one.iso2 === text)
  context.addIssue({
    code: 'custom',
    message: `"${text}" is no economy's alpha-3 code${meant ? `; ${meant.name} is ${meant.economy}` : ''}`,
  })
  return text
}

interface Interval {
  low: number | null
  high: number | null
  wording: string | null
}

const number = '(\\d+(?:\\.\\d+)?)\\s*(%?)'
const forms: readonly [RegExp, (low: number, high: number) => Interval][] = [
  [new RegExp(`^${number}$`), (x) => ({ low: x, high: x, wording: null })],
  [new RegExp(`^(?:about|around|some)\\s+${number}$`, 'i'), (x) => ({ low: x, high: x, wording: 'about' })],
  [new RegExp(`^(?:almost|nearly)\\s+${number}$`, 'i'), (x) => ({ low: x * almost, high: x, wording: 'almost' })],
  [
    new RegExp(`^(?:more than|over|above|at least|>)\\s*${number}$`, 'i'),
    (x) => ({ low: x, high: null, wording: 'more than' }),
  ],
  [
    new RegExp(`^(?:less than|under|below|at most|<)\\s*${number}$`, 'i'),
    (x) => ({ low: 0, high: x, wording: 'less than' }),
  ],
  [new RegExp(`^${number}\\s*(?:-|–|to)\\s*${number}$`, 'i'), (low, high) => ({ low, high, wording: 'between' })],
]

/** A share as people write it: 0.4, 40 %, about 0.4, almost 50 %, more than 0.7, 0.25-0.30. */
export function shareInterval(text: string): Interval | undefined {
  for (const [form, make] of forms) {
    const found = form.exec(text.trim())
    if (!found) continue
    const percent = found[2] === '%' || found[4] === '%'
    const scale = (digits: string | undefined) => Number(digits ?? 0) / (percent ? 100 : 1)
    return make(scale(found[1]), scale(found[3]))
  }
  return undefined
}

const given = z.object({
  market: required.transform(alpha3),
  segment: required,
  measure: required,
  vendor: required,
  members: optional,
  share: optional,
  share_low: decimal,
  share_high: decimal,
  period_start: month('first'),
  period_end: month('last'),
  basis: oneOf(bases),
  source: required,
  source_date: optional,
  source_kind: oneOf(['regulator', 'analyst', 'company', 'retailer', 'press', 'anonymous']),
  relay: optional,
  owner: optional,
  jurisdiction: optional.transform((text, context) => (text === null ? null : alpha3(text, context))),
  ownership_date: optional,
  certainty: oneOf(['A', 'B', 'C', 'D']),
  note: optional,
})

/** What nobody sells: it is what remains of one, and is never given as a vendor. */
const remainder = /^(others?|all others|rest|remainder|unallocated|unknown|n\.?e\.?s\.?)$/i

const row = given.transform((cells, context) => {
  const { share, ...rest } = cells
  const fail = (message: string) => {
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
  if (remainder.test(cells.vendor)) return fail(`"${cells.vendor}" is no vendor: leave it out, it is what remains of 1`)
  if (share !== null && (cells.share_low !== null || cells.share_high !== null))
    return fail('share stands beside share_low or share_high: give one of them')
  const interval =
    share === null ? { low: cells.share_low, high: cells.share_high, wording: null } : shareInterval(share)
  if (!interval) return fail(`share "${share}" is not 0.4, 40 %, about 0.4, almost 50 %, more than 0.7 or 0.25-0.30`)
  const { low, high } = interval
  if (low === null && high === null) return fail('no share')
  if ((low ?? 0) < 0 || (high ?? low ?? 0) > 1) return fail('a share lies between 0 and 1; 40 % may be written "40 %"')
  if (low !== null && high !== null && low > high) return fail(`share from ${low} to ${high}: the first is larger`)
  if (cells.period_start > cells.period_end) return fail('the period ends before it begins')
  const named = cells.vendor.includes('+') ? cells.vendor.split('+').map((name) => name.trim()) : []
  const members = cells.members?.split(';').map((name) => name.trim()) ?? named
  return {
    ...rest,
    /** Names of a group's vendors, `*` where they are not known; null for one vendor. */
    members: members.length > 0 ? members.sort().join(';') : null,
    share_low: low ?? 0,
    share_high: high,
    wording: interval.wording,
  }
})

export type VendorRow = z.output<typeof row>

/** A statement on one market: shares of one basis, period and source may add up to one and no more. */
export const universeOf = (share: VendorRow): string =>
  JSON.stringify([
    share.market,
    share.segment,
    share.measure,
    share.basis,
    share.period_start,
    share.period_end,
    share.source,
  ])

/** Who has which share of a market, each statement with its source, basis and certainty. */
export const vendorTable: TableKind<VendorRow> = {
  kind: 'vendor',
  marks: ['market', 'segment', 'vendor', 'basis', 'certainty'],
  reads: Object.keys(given.shape),
  columns: [
    ...['market', 'segment', 'measure', 'basis'].map((name) => ({ name, type: 'text' as const })),
    { name: 'period_start', type: 'integer' },
    { name: 'period_end', type: 'integer' },
    { name: 'vendor', type: 'text' },
    { name: 'members', type: 'text' },
    { name: 'share_low', type: 'number' },
    { name: 'share_high', type: 'number' },
    { name: 'wording', type: 'text' },
    ...[
      'source',
      'source_date',
      'source_kind',
      'relay',
      'owner',
      'jurisdiction',
      'ownership_date',
      'certainty',
      'note',
    ].map((name) => ({ name, type: 'text' as const })),
  ],
  row,
  span: (share) => [share.period_start, share.period_end],
  check(rows, refuse) {
    const universes = new Map<string, PlacedRow<VendorRow>[]>()
    for (const placed of rows) {
      const key = universeOf(placed.row)
      const universe = universes.get(key) ?? []
      universes.set(key, universe)
      const names = new Set(universe.flatMap((other) => [other.row.vendor, ...(other.row.members?.split(';') ?? [])]))
      const twice = [placed.row.vendor, ...(placed.row.members?.split(';') ?? [])].find(
        (name) => name !== '*' && names.has(name),
      )
      if (twice)
        throw refuse(
          placed.line,
          'vendor-twice',
          `${twice} is counted twice in ${placed.row.segment}, ${placed.row.basis}, by ${placed.row.source}. Keep one row, or name the other source`,
        )
      universe.push(placed)
      if (placed.row.basis === 'target') continue
      const sum = universe.reduce((total, other) => total + other.row.share_low, 0)
      if (sum > mostOfAll)
        throw refuse(
          placed.line,
          'universe',
          `shares of ${placed.row.segment}, ${placed.row.basis}, by ${placed.row.source} add up to ${(sum * 100).toFixed(1)} %. Are two bases, periods or sources mixed? Each is a table of its own`,
        )
    }
  },
}
