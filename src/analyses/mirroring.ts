import { z } from 'zod'
import type { FlowManifest, Side } from '../dataset/schema.ts'
import type { Bound } from '../engine/engine.ts'
import { Refusal } from '../refusal.ts'
import { percent, periodName } from '../wording.ts'
import type { Selection } from './analysis.ts'
import { flowParameters } from './fields.ts'

const { side: _, importer, supplier, ...others } = flowParameters

/** What freight and insurance add to the value at the exporter's border, where nothing better is known (IMF, DOTS). */
const usualMarkUp = 0.06

/** Below this coverage the trade with partners that report says little of all of it. */
export const lowCoverage = 0.8

const cifFob = z.number().min(0).max(1).default(usualMarkUp).meta({
  description: 'What freight and insurance add to the value at the exporter’s border: FOB = CIF / (1 + this)',
  unit: 'share 0-1',
})

/** Parameters of questions to both sides' reports of a flow. */
export const gapParameters = { ...others, importer, supplier, cif_fob: cifFob }

/** Parameters of questions to the partners of an economy that does not report. */
export const mirrorParameters = {
  ...others,
  importer: importer.meta({ description: 'Whose purchases are rebuilt from partners’ exports' }),
  supplier: supplier.meta({ description: 'Or whose sales are rebuilt from partners’ imports' }),
  cif_fob: cifFob,
}

export const mirrorSources = [
  'Methods, section f: FOB = CIF / (1 + tau); coverage by the last own report; constant-reporter panel; intervals',
  'Freight and insurance of 6 % where nothing is given: IMF, Direction of Trade Statistics (recalled, to be verified)',
]

export const mirrorLimits = [
  'Trade among economies that do not report is not seen, and transit through a third country hides the origin.',
  'Which partners report changes every year: trends are of the panel, not of the value.',
  'Partners’ exports go by the last known destination, imports by origin: the two differ by design.',
]

const none = (code: string, message: string) => new Refusal('no_data', code, message)
const yearOf = (period: number) => Math.floor(period / 100)
const isYear = (period: number) => period % 100 === 0

/** Rows of the manifest's coverage at one level, by reporter. */
class Reports {
  readonly #monthly: boolean
  readonly #periods = new Map<string, Set<number>>()
  readonly #all = new Map<Side, Set<number>>()
  readonly #editions = new Map<number, Set<string>>()

  constructor(manifest: FlowManifest, level: number) {
    this.#monthly = manifest.frequency === 'month'
    for (const row of manifest.coverage.filter((one) => one.level === level)) {
      const key = `${row.side} ${row.reporter}`
      this.#periods.set(key, (this.#periods.get(key) ?? new Set()).add(row.period))
      this.#all.set(row.side, (this.#all.get(row.side) ?? new Set()).add(row.period))
      this.#editions.set(row.period, (this.#editions.get(row.period) ?? new Set()).add(row.edition))
    }
  }

  /** Periods as stored that a period asked for stands for: itself, or the months of a year that anybody reports. */
  stored(period: number): number[] {
    const held = [...new Set([...this.#all.values()].flatMap((set) => [...set]))].sort((a, b) => a - b)
    if (!this.#monthly || !isYear(period)) return held.filter((one) => one === period)
    return held.filter((one) => yearOf(one) === yearOf(period))
  }

  /** Nomenclatures in use in a period asked for. */
  editions(period: number): string {
    return [...new Set(this.stored(period).flatMap((one) => [...(this.#editions.get(one) ?? [])]))].sort().join(', ')
  }

  /** Who reports on a side for the whole of a period: every month of a year that the side is held for. */
  reporters(side: Side, period: number): string[] {
    const parts = this.stored(period).filter((one) => this.#all.get(side)?.has(one))
    return [...this.#periods]
      .filter(([key, held]) => key.startsWith(`${side} `) && parts.length > 0 && parts.every((one) => held.has(one)))
      .map(([key]) => key.slice(side.length + 1))
      .sort()
  }

  /** The last period, as seen from another, that an economy reported itself; a later one where there is none before. */
  lastOwn(economy: string, side: Side, from: number): number | undefined {
    const held = [...(this.#periods.get(`${side} ${economy}`) ?? [])].sort((a, b) => a - b)
    const whole = this.#monthly
      ? [...new Set(held.map((one) => yearOf(one) * 100))].filter(
          (year) => held.filter((one) => yearOf(one) === yearOf(year)).length === 12,
        )
      : held
    return whole.filter((one) => yearOf(one) <= yearOf(from)).at(-1) ?? whole[0]
  }
}

/** Who reports on the sides named in each period asked for, blocs whose members all do among them; as parallel lists. */
export function reporting(selection: Selection, sides: readonly Side[]) {
  const reports = new Reports(selection.manifest, selection.level)
  const rows = selection.periods.flatMap((period) =>
    sides.flatMap((side) => {
      const single = reports.reporters(side, period)
      const blocs = (side === 'importer' ? selection.buying_blocs : selection.selling_blocs).filter((bloc) =>
        bloc.members.every((member) => single.includes(member)),
      )
      return [...single, ...blocs.map((bloc) => bloc.label)].map((reporter) => ({ period, side, reporter }))
    }),
  )
  return {
    report_period: rows.map((row) => row.period),
    report_side: rows.map((row) => row.side),
    reporter: rows.map((row) => row.reporter),
  }
}

export interface Mirror {
  readonly values: Readonly<Record<string, Bound>>
  readonly caveats: readonly string[]
}

/**
 * What a statement about the trade of economies as their partners report it is bound to.
 * @throws Refusal where nobody is named or both sides are, for blocs, and where partners' reports are not in the dataset
 */
export function mirrorOf(
  given: { readonly cif_fob: number; readonly min_value: number },
  selection: Selection,
): Mirror {
  const { manifest, importers, suppliers } = selection
  if (importers.length > 0 === suppliers.length > 0)
    throw new Refusal(
      'wrong_use',
      'mirror/whose',
      'Whose trade is rebuilt? --importer Russia for its purchases, or --supplier Russia for its sales',
    )
  const purchases = importers.length > 0
  const economies = purchases ? importers : suppliers
  const bloc = [...selection.buying_blocs, ...selection.selling_blocs][0]
  if (bloc)
    throw new Refusal(
      'wrong_use',
      'mirror/bloc',
      `${bloc.label} is several economies, some of which report and some not: ask for ${bloc.label}:members`,
    )
  const [own, partners]: readonly [Side, Side] = purchases ? ['importer', 'exporter'] : ['exporter', 'importer']
  if (!manifest.sides.includes(partners))
    throw none(
      'side/absent',
      manifest.sides.includes('reconciled')
        ? `${manifest.name} is reconciled: its publisher has made one figure of both sides’ reports already. Use reports as such, for example of UN Comtrade`
        : `${manifest.name} has no reports of ${partners}s, from which ${purchases ? 'purchases' : 'sales'} are rebuilt`,
    )
  const reports = new Reports(manifest, selection.level)
  const lasts = selection.periods.flatMap((period) =>
    economies.flatMap((economy) => {
      const base = reports.lastOwn(economy, own, period)
      return base === undefined ? [] : [{ economy, period, base }]
    }),
  )
  // Codes of another nomenclature are other goods, unless the reader asks for both periods, which compares families.
  const foreign = lasts.filter(
    ({ period, base }) =>
      selection.level >= 6 && !selection.periods.includes(base) && reports.editions(base) !== reports.editions(period),
  )
  const bases = lasts.filter((last) => !foreign.includes(last))
  const { report_period, reporter } = reporting(selection, [partners])
  const panel = reports
    .reporters(partners, selection.periods[0] ?? 0)
    .filter((one) => selection.periods.every((period) => reports.reporters(partners, period).includes(one)))
  const times = [...new Set([...selection.periods, ...bases.map((base) => base.base)])].flatMap((period) =>
    reports.stored(period).map((stored) => ({ stored, label: period })),
  )
  const never = economies.filter((economy) => !lasts.some((last) => last.economy === economy))
  const [first] = foreign
  return {
    values: {
      economies,
      period_asked: selection.periods,
      own_side: own,
      cif_fob_millionths: Math.round(given.cif_fob * 1e6),
      min_value: given.min_value,
      base_economy: bases.map((base) => base.economy),
      base_for: bases.map((base) => base.period),
      base_period: bases.map((base) => base.base),
      report_period,
      reporter,
      panel,
      periods: [...new Set(times.map((time) => time.stored))].sort((a, b) => a - b),
      ...(manifest.frequency === 'month'
        ? { time_stored: times.map((time) => time.stored), time_label: times.map((time) => time.label) }
        : {}),
    },
    caveats: [
      purchases
        ? 'Rebuilt from partners’ exports, at the exporter’s border.'
        : `Rebuilt from partners’ imports, less ${percent(given.cif_fob)} for freight and insurance: at the exporter’s border.`,
      ...(selection.periods.length > 1
        ? [
            `${panel.length} ${panel.length === 1 ? 'partner reports' : 'partners report'} in every period asked for: the panel.`,
          ]
        : []),
      ...(first
        ? [
            `The last own report of ${first.economy}, of ${periodName(first.base)}, uses ${reports.editions(first.base)}, partners ${reports.editions(first.period)}: how much is missing is told where both periods are asked for, --period ${periodName(first.base)},${periodName(first.period)}.`,
          ]
        : []),
      ...(never.length > 0
        ? [
            `${never.join(', ')} did not report a whole period in ${manifest.name}: how much its partners’ reports leave out is not known.`,
          ]
        : []),
    ],
  }
}
