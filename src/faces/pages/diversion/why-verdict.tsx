import { useMemo } from 'preact/hooks'
import type { Chart } from '../../chart/chart.ts'
import { Colours } from '../../chart/colours.ts'
import { type Address, changed, go, written } from '../address.ts'
import { addressOfAnswer, type Question } from '../analysis/question.ts'
import { plainView, type ViewColumn } from '../analysis/view.ts'
import { type Answer, type Row, useFetched, wholeAnswer } from '../api.ts'
import { ChartBlock } from '../chart-block.tsx'
import { Fault, Skeleton } from '../states.tsx'
import { capital } from '../words.ts'
import { isHub, sharedGiven, verdictShapes } from './diversion-question.ts'
import { FewRows } from './few-rows.tsx'

/** Cells of a hub that stand on the page. */
const mostCells = 8

/** Reckonings of what would have been, in words. */
const reckonings: Readonly<Record<string, string>> = {
  'pre-mean': 'The mean of the same months before',
  'pre-last': 'The same months of the year before',
  'linear-trend': 'A straight trend of the years before',
  'log-trend': 'The growth of the years before',
  'unlisted-growth': 'As its other goods grew',
  'listed-elsewhere': 'As listed goods grew elsewhere',
  'triple-difference': 'As its other goods grew, and listed goods against others elsewhere',
}

const overTime: Chart = {
  kind: 'lines',
  measure: 'Sold by the origins, and by the hub to the destination where that is known',
  x: 'period',
  y: 'value',
  series: 'series',
  low: 'low',
  high: 'high',
  panels: ['leg'],
}

const cellColumns = [
  'product',
  'first_leg_before',
  'first_leg_after',
  'first_leg_excess',
  'second_leg_excess',
  'lost',
  'score',
  'placebo_score',
  'flagged',
]

/** What a verdict is, as a word with its shape. */
function Verdict({ row }: { row: Row }) {
  const verdict = String(row['verdict'] ?? 'undetermined')
  return (
    <b class="verdict-word">
      <span aria-hidden="true">{verdictShapes[verdict] ?? '◆'} </span>
      {verdict}
      {row['testable'] === false ? ', not testable on these data' : ''}
    </b>
  )
}

const sentence = (text: string) => `${capital(text)}.`

/** A column as it stands, with other words in its cells or its head. */
function reworded(columns: readonly ViewColumn[], id: string, change: Partial<ViewColumn>): readonly ViewColumn[] {
  return columns.map((column) => (column.id === id ? { ...column, ...change } : column))
}

function Baselines({ evidence, rows }: { evidence: Answer; rows: readonly Row[] }) {
  const second = rows.some((row) => row['leg'] === 'second')
  const names = [...(second ? ['leg'] : []), 'name', 'expected', 'after', 'excess', 'ratio', 'says']
  const { columns } = plainView(evidence, names)
  const named = reworded(columns, 'name', {
    title: 'What would have been',
    long: true,
    text: (row) =>
      `${reckonings[String(row['name'])] ?? String(row['name'])}${row['leads'] === true ? ' (this one leads)' : ''}`,
  })
  const said = reworded(named, 'says', { title: 'Why not known', text: (row) => String(row['says'] ?? '') })
  return <FewRows caption="Baselines" columns={said} rows={rows} />
}

/** Columns of tests, as they are headed. */
const testHeads: Readonly<Record<string, string>> = {
  kind: 'Kind',
  leg: 'Leg',
  name: 'Against',
  ratio: 'Growth beyond others',
  p: 'Chance does as well (p)',
  q: 'False-discovery rate (q)',
  says: 'What it says',
}

const rateSaid = (rate: Row[string] | undefined) =>
  typeof rate !== 'number' ? '–' : rate > 0 && rate < 0.001 ? '< 0.001' : rate.toFixed(3)

function Tests({ evidence, rows }: { evidence: Answer; rows: readonly Row[] }) {
  const known = rows.filter((row) => row['p'] !== null)
  const [untested] = rows.filter((row) => row['p'] === null)
  return (
    <>
      {known.length > 0 && (
        <FewRows
          caption="Tests and placebos"
          columns={plainView(evidence, Object.keys(testHeads)).columns.map((column) => ({
            ...column,
            title: testHeads[column.id] ?? column.title,
            unit: '',
            ...(column.id === 'p' || column.id === 'q' ? { text: (row: Row) => rateSaid(row[column.id]) } : {}),
          }))}
          rows={known}
        />
      )}
      {untested && <p>{sentence(String(untested['says']))}</p>}
    </>
  )
}

/** Why a hub has its verdict: reasons, each baseline, tests, placebos, other explanations, and its largest goods. */
export function WhyVerdict({
  address,
  answer,
  hub,
  question,
  series,
  events,
}: {
  address: Address
  answer: Answer
  hub: string
  question: Question
  series: Answer | undefined
  events: Answer['events']
}) {
  const hubs = answer.rows.filter(isHub)
  const row = hubs.find((one) => one['hub'] === hub)
  // All hubs are asked together: false discoveries are counted over the whole run, so that one alone has another rate.
  const evidencePath = addressOfAnswer({ name: 'diversion-evidence' }, question.given, wholeAnswer)
  const evidence = useFetched<Answer>(evidencePath)
  const ofCells = sharedGiven(question.given, ['draws', 'seed', 'min_value', 'min_excess'])
  ofCells.set('hub', hub)
  const cells = useFetched<Answer>(addressOfAnswer({ name: 'diversion-cells' }, ofCells, { limit: String(mostCells) }))
  const drawn = useMemo(
    () => series && { ...series, rows: series.rows.filter((one) => one['hub'] === hub), events, headline: null },
    [series, hub, events],
  )
  const ofSeriesColours = useMemo(() => {
    const colours = new Colours()
    for (const one of ['listed goods', 'expected', 'other goods']) colours.claim(one)
    return colours
  }, [])
  const name = (code: string) => answer.names[code] ?? code
  const own = (evidence.value?.rows ?? []).filter((one) => one['hub'] === hub)
  const of = (...kinds: string[]) => own.filter((one) => kinds.includes(String(one['kind'])))
  const ofSeries = new URLSearchParams(ofCells)
  for (const one of ['min_cell', 'threshold', 'offset']) ofSeries.delete(one)
  const failure = evidence.failure ?? cells.failure
  return (
    <section class="why" aria-labelledby="why">
      <h2 id="why">Why this verdict?</h2>
      <div class="field why-hub no-print">
        <label for="why-hub">Hub</label>
        <select id="why-hub" value={hub} onChange={(event) => go(changed(address, { why: event.currentTarget.value }))}>
          {hubs.map((one) => (
            <option key={String(one['hub'])} value={String(one['hub'])}>
              {name(String(one['hub']))}
            </option>
          ))}
        </select>
      </div>
      {row && (
        <p class="lead" aria-live="polite">
          {name(hub)}: <Verdict row={row} />
        </p>
      )}
      {failure && <Fault problem={failure} />}
      {!evidence.value && !failure && <Skeleton lines={evidence.slow ? 8 : 0} height={420} />}
      {evidence.value && row && (
        <div class={evidence.of === evidencePath ? 'two why-parts' : 'two why-parts stale'}>
          <div>
            <h3>Reasons</h3>
            <ul class="plain-list">
              {of('reason').map((one) => (
                <li key={String(one['says'])}>{sentence(String(one['says']))}</li>
              ))}
            </ul>
          </div>
          <div>
            <h3>What else could have done it</h3>
            <ul class="plain-list">
              {of('confounder').map((one) => (
                <li key={String(one['name'])}>
                  {one['says'] === one['name']
                    ? sentence(String(one['name']))
                    : sentence(`${one['name']}: ${one['says']}`)}
                </li>
              ))}
              <li>Not looked at: prices of goods without a known weight, and transit under other customs regimes.</li>
            </ul>
          </div>
        </div>
      )}
      {drawn && drawn.rows.length > 0 && (
        <>
          <h3>Traded and expected</h3>
          <ChartBlock
            answer={drawn}
            chart={overTime}
            id="why-series"
            colours={ofSeriesColours}
            table={written('/analysis/diversion-series', ofSeries)}
          />
        </>
      )}
      {evidence.value && row && (
        <>
          <h3>What would have been, by each reckoning</h3>
          <Baselines evidence={evidence.value} rows={of('baseline')} />
          <h3>Tests and placebos</h3>
          <Tests evidence={evidence.value} rows={of('test', 'placebo')} />
          <p class="doors no-print">
            <a href={written('/analysis/diversion-evidence', question.given)}>The evidence on every hub</a>
            <a
              download="diversion-evidence.csv"
              href={addressOfAnswer({ name: 'diversion-evidence' }, question.given, { format: 'csv' })}
            >
              CSV
            </a>
          </p>
        </>
      )}
      {cells.value && cells.value.rows.length > 0 && (
        <>
          <h3>In which goods {name(String(cells.value.rows[0]?.['hub']))} bought most above what was expected</h3>
          <FewRows caption="Largest rises by goods" columns={cellView(cells.value)} rows={cells.value.rows} />
          <p class="source">
            A score is the growth of these goods against that of all listed goods of the hub in the year before, when
            nothing happened; the score of that year stands beside it. A flag is a question, not a finding: goods that
            are new in a nomenclature, prices and demand raise flags too.
          </p>
          <p class="doors no-print">
            <a href={written('/analysis/diversion-cells', ofCells)}>All goods of this hub</a>
            <a
              download="diversion-cells.csv"
              href={addressOfAnswer({ name: 'diversion-cells' }, ofCells, { format: 'csv' })}
            >
              CSV
            </a>
          </p>
        </>
      )}
    </section>
  )
}

/** Columns of goods of which something is known, the goods by name and code. */
function cellView(cells: Answer): readonly ViewColumn[] {
  const filled = cellColumns.filter((name) => cells.rows.some((row) => row[name] !== null))
  const heads: Readonly<Record<string, string>> = {
    first_leg_before: 'Before',
    first_leg_after: 'After',
    first_leg_excess: 'Excess',
    second_leg_excess: 'Excess sold on',
    lost: 'Lost directly',
    placebo_score: 'Score a year before',
  }
  const flagged = (row: Row) => (row['flagged'] === null ? '–' : row['flagged'] === true ? 'yes' : 'no')
  return plainView(cells, filled).columns.map((column) => ({
    ...column,
    title: heads[column.id] ?? column.title,
    ...(column.id === 'flagged' ? { text: flagged } : {}),
  }))
}
