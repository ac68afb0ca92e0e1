import type { Doubt } from '../dataset/schema.ts'
import type { Bound } from '../engine/engine.ts'
import { economyName } from '../reference/economies.ts'
import { Refusal } from '../refusal.ts'

/** Economies as a question names them: labels, and the members of each that is a bloc or a set. */
interface Named {
  readonly labels: readonly string[]
  readonly mapped: readonly { readonly economy: string; readonly label: string }[]
  readonly blocs: readonly { readonly label: string; readonly members: readonly string[] }[]
}

/**
 * Pairs of an importer and a supplier that lies within it: there is no trade between them to speak of.
 * @throws Refusal where nothing else was asked for
 */
export function ownPairs(buyers: Named, sellers: Named): { values: Record<string, Bound>; caveats: string[] } {
  const members = (of: Named, label: string) => of.blocs.find((bloc) => bloc.label === label)?.members ?? [label]
  const own = buyers.labels.flatMap((buyer) => {
    const within = new Set(members(buyers, buyer))
    const inside = (seller: string) => members(sellers, seller).every((economy) => within.has(economy))
    return sellers.labels.filter(inside).map((seller) => ({ buyer, seller }))
  })
  const told = own.map(({ buyer, seller }) => `${economyName(buyer)} from ${economyName(seller)}`)
  if (own.length > 0 && own.length === buyers.labels.length * sellers.labels.length)
    throw new Refusal(
      'wrong_use',
      'supplier/own',
      `${named(told)}: nobody imports from itself or from its own members. Name another supplier`,
    )
  return {
    values: { own_importer: own.map((pair) => pair.buyer), own_supplier: own.map((pair) => pair.seller) },
    caveats: own.length > 0 ? [`Left out, for nobody imports from itself: ${named(told)}.`] : [],
  }
}

const named = (texts: readonly string[]) =>
  texts.length > 4 ? `${texts.slice(0, 3).join(', ')} and ${texts.length - 3} more` : texts.join(', ')

/** Pairs and periods whose value is unknown, for the publisher gives nothing where there always was something. */
export function blankPairs(
  doubts: readonly Doubt[],
  buyers: Named,
  sellers: Named,
  moments: readonly { readonly stored: number; readonly label: number }[],
): Record<string, Bound> {
  const labels = (of: Named, economy: string) => [
    ...new Set([economy, ...of.mapped.filter((pair) => pair.economy === economy).map((pair) => pair.label)]),
  ]
  const times = (stored: number) => [
    ...new Set([stored, ...moments.filter((moment) => moment.stored === stored).map((moment) => moment.label)]),
  ]
  const blanks = doubts
    .filter((doubt) => doubt.kind === 'blank')
    .flatMap((doubt) =>
      labels(buyers, doubt.importer).flatMap((importer) =>
        labels(sellers, doubt.exporter).flatMap((supplier) =>
          doubt.periods.flatMap(times).map((period) => ({ importer, supplier, period, level: doubt.level })),
        ),
      ),
    )
  return {
    blank_importer: blanks.map((one) => one.importer),
    blank_supplier: blanks.map((one) => one.supplier),
    blank_period: blanks.map((one) => one.period),
    blank_level: blanks.map((one) => one.level),
  }
}
