import { type Chart, shownColumns } from '../../analyses/charting.ts'
import { valuationSaid } from '../../wording.ts'
import type { Charted } from './chart.ts'
import { guessOf } from './doubt.ts'
import { nameOf, productOf } from './measures.ts'
import { distinct, latest, measure, type Panel, type Placed, periodsSaid, type Sheet } from './sheet.ts'

/** The rows that the chart draws, for the periods in its subtitle. */
function drawnRows(sheet: Sheet, chart: Chart): readonly Placed[] {
  if (chart.kind === 'lines' || chart.kind === 'area' || (chart.kind === 'dumbbell' && chart.over !== undefined))
    return sheet.every
  return latest(sheet.every, chart, shownColumns(chart))
}

const enumerated = (names: readonly string[]) =>
  names.length > 3 ? `${names.length} economies` : names.join(', ').replace(/, ([^,]*)$/, ' and $1')

/** What is drawn, in which unit, of which economies and periods. */
export function subtitleOf(sheet: Sheet, chart: Chart): string {
  const { charted } = sheet
  const rows = drawnRows(sheet, chart)
  const [column] = shownColumns(chart)
  // Flows of very different sizes are written each in its own scale, and points have two measures.
  const unit =
    column === undefined || chart.kind === 'points'
      ? ''
      : measure(chart.kind === 'corridors' ? { ...sheet, every: [] } : sheet, column).unit
  const said = (name: string, words: (code: string) => string) => {
    const values = distinct(rows, name).map(String)
    const shown =
      chart.kind === 'map'
        ? chart.economy
        : chart.kind === 'sankey'
          ? chart.source
          : 'label' in chart
            ? chart.label
            : 'series' in chart
              ? chart.series
              : ''
    return values.length === 0 || name === shown ? '' : enumeratedOf(values.map(words), name)
  }
  const enumeratedOf = (names: readonly string[], name: string) =>
    name === 'product' ? (names.length > 1 ? `${names.length} products` : (names[0] ?? '')) : enumerated(names)
  const name = (code: string) => nameOf(charted, code)
  const periods = distinct(rows, 'period').map(Number)
  const guesses = [...new Set(periods.map((period) => guessOf(charted, period)))]
  const when =
    periods.length > 0 ? `${periodsSaid(periods)}${guesses.length === 1 && guesses[0] ? `, ${guesses[0]}` : ''}` : ''
  return [
    [chart.measure, unit].filter(Boolean).join(', '),
    said('importer', name) || said('economy', name),
    said('supplier', (code) => `from ${name(code)}`),
    said('lost', (code) => `without ${name(code)}`) || said('exit', (code) => `without ${name(code)}`),
    said('product', (code) => productOf(charted, code)),
    when,
  ]
    .filter(Boolean)
    .join('; ')
}

/** Where the figures come from: publisher, dataset with its version, whose reports, method, release. */
export function sourceOf(charted: Charted): string {
  const side = String(charted.parameters['side'] ?? '')
  const reports = {
    importer: 'importers’ reports',
    exporter: 'exporters’ reports',
    reconciled: 'reports of both sides reconciled',
  }[side]
  const datasets = charted.datasets.map((dataset) => {
    const publishers = dataset.sources ?? (dataset.publisher === undefined ? [] : [dataset.publisher])
    const basis = [
      valuationSaid(dataset.valuation ?? ''),
      dataset.currency ? `current ${dataset.currency}` : '',
      reports,
    ]
      .filter(Boolean)
      .join(', ')
    return [...publishers, `dataset ${dataset.name}@${dataset.version}`, basis].filter(Boolean).join('; ')
  })
  return `Source: ${[...datasets, `Method: ${charted.analysis.name}, Chokepoint ${charted.version}`].join('. ')}.`
}

/** What the parts leave out; of several parts each by its heading, what all say once. */
export function noteOf(panels: readonly (Panel & { readonly heading: string })[], beyond: number): string {
  const shared = (note: string) => panels.every(({ notes }) => notes.includes(note))
  const notes = panels.flatMap(({ notes, heading }) =>
    notes.map((note) => (shared(note) || heading === '' ? note : `${heading}: ${note}`)),
  )
  const more = beyond > 0 ? [`${beyond} more ${beyond === 1 ? 'part is' : 'parts are'} in the table only.`] : []
  return [...new Set([...notes, ...more])].join(' ')
}
