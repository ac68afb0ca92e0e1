import type { Declaration } from '../analyses/analysis.ts'
import { chartsOf } from '../analyses/charting.ts'
import { type Control, controlsOf, findList, listing } from '../reference/controls.ts'
import { economiesIn, economyCalled } from '../reference/economies.ts'
import type { TradeEvent } from './chart/events.ts'
import type { NamedCodes } from './named-codes.ts'

/** What an answer shows: every importer, supplier and product in its rows, or of its question where it has no such column. */
interface Shown {
  readonly importers: readonly string[]
  readonly suppliers: readonly string[]
  readonly products: readonly string[]
}

/** Members of an economy, set or group as a label of an answer names it; none of unknown partners. */
function membersOf(label: string, year: number, home: string): readonly string[] {
  if (/^[A-Z]{3}$/.test(label)) return [label]
  return label.split('+').every((part) => economyCalled(part, home)) ? economiesIn(label, year, home) : []
}

/** Whether a control concerns all importers shown, or, where it is against nobody in particular, one of the suppliers. */
function concernsWho({ targets, origins, effective }: Control, shown: Shown, home: string): boolean {
  const members = (label: string) => membersOf(label, Number(effective.slice(0, 4)), home)
  if (targets.length === 0) {
    const bound = origins.flatMap(members)
    return shown.suppliers.some((label) => members(label).some((economy) => bound.includes(economy)))
  }
  const within = (label: string) => {
    const those = members(label)
    return those.length > 0 && those.every((economy) => targets.includes(economy))
  }
  return shown.importers.length > 0 && shown.importers.every(within)
}

/** Whether all products shown have goods on a control's list, where it has one. */
function concernsGoods({ id, list }: Control, { products }: Shown, home: string): boolean {
  if (list === '') return true
  const { codes } = findList(id, home)
  const listed = (product: string) => codes.some((one) => listing(one, product) !== 'none')
  return (
    products.length > 0 && products.every((product) => /^\d{4,}/.test(product) && listed(product.split('~')[0] ?? ''))
  )
}

/**
 * The acts that concern an answer that is drawn over time, by the day from which they are in force; none for others, none
 * whose day was not read in a source, and none over vendors' shares, which are no trade.
 */
export function controlEvents(
  { chart }: Pick<Declaration, 'chart'>,
  answer: {
    readonly parameters: Readonly<Record<string, unknown>>
    readonly datasets: readonly { readonly kind: string }[]
  },
  named: NamedCodes,
  home: string,
): readonly TradeEvent[] {
  if (chart === undefined || !chartsOf(chart).some(({ kind }) => kind === 'lines' || kind === 'area')) return []
  if (answer.datasets.every(({ kind }) => kind !== 'flow')) return []
  const shownAs = (column: string) => {
    const given = answer.parameters[column]
    const found = named.of(column)
    return found.length > 0 ? found : Array.isArray(given) ? given.map(String) : []
  }
  const shown = {
    importers: [...shownAs('importer'), ...named.of('economy')],
    suppliers: shownAs('supplier'),
    products: shownAs('product'),
  }
  return controlsOf(home)
    .filter(
      (control) => control.source_read && concernsWho(control, shown, home) && concernsGoods(control, shown, home),
    )
    .map((control) => ({
      date: control.effective,
      text: control.title,
      source: control.instrument,
    }))
}
