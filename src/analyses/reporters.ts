import type { FlowManifest, Side } from '../dataset/schema.ts'
import { economyName } from '../reference/economies.ts'
import { percent, periodName } from '../wording.ts'

/** Of a bloc, members that are silent in a period may have this part of what all of them report, or it is left out. */
const mostAbsent = 0.1

/** From this part on it is said that they are. */
const saidAbsent = 0.01

/** Whose report is looked for: an economy, a bloc with its members, or ALL. */
export interface Reporter {
  readonly label: string
  readonly members?: readonly string[] | undefined
}

/**
 * Of some periods as stored, those in which a reporter reports anything on a side, at a level. A bloc does where those of
 * its members that are silent are small by what they report otherwise; who they are is said.
 */
export function reportedPeriods(
  manifest: FlowManifest,
  { label, members = [label] }: Reporter,
  side: Side,
  level: number,
  periods: readonly number[],
): { readonly periods: readonly number[]; readonly caveats: readonly string[] } {
  if (side === 'reconciled') return { periods, caveats: [] }
  const rows = manifest.coverage.filter(
    (row) =>
      row.side === side &&
      row.level === level &&
      periods.includes(row.period) &&
      (label === 'ALL' || row.reporter === label || members.includes(row.reporter)),
  )
  const values = new Map<string, number>()
  for (const row of rows) values.set(row.reporter, (values.get(row.reporter) ?? 0) + Number(row.value))
  const whole = [...values.values()].reduce((sum, value) => sum + value, 0)
  const caveats: string[] = []
  const reported = periods.filter((period) => {
    const silent = new Map(values)
    for (const row of rows) if (row.period === period) silent.delete(row.reporter)
    if (silent.size === values.size) return false
    if (label === 'ALL') return true
    const absent = [...silent.values()].reduce((sum, value) => sum + value, 0)
    const kept = absent <= mostAbsent * whole
    if (absent > saidAbsent * whole)
      caveats.push(
        `${periodName(period)}: no report of ${[...silent.keys()].map(economyName).sort().join(', ')}, ${percent(absent / whole)} of what ${economyName(label)} reports: ${kept ? 'that period is short of it' : 'left out'}.`,
      )
    return kept
  })
  return { periods: reported, caveats }
}
