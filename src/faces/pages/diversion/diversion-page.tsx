import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks'
import type { Chart, Tones } from '../../../analyses/charting.ts'
import { Colours } from '../../chart/colours.ts'
import { type Address, changed, go, written } from '../address.ts'
import { CopyAs } from '../analysis/copy-as.tsx'
import { Form } from '../analysis/form.tsx'
import { HowComputed, HowSure, Sources } from '../analysis/how.tsx'
import { Notices, Ways, WaysOn } from '../analysis/notices.tsx'
import { addressOfAnswer, type Question } from '../analysis/question.ts'
import { Rows } from '../analysis/rows-section.tsx'
import { SavePage } from '../analysis/save.tsx'
import { useVersions } from '../analysis/versions.ts'
import { plainView, type ViewColumn } from '../analysis/view.ts'
import { type Answer, type Dataset, type Declaration, type Row, useFetched, wholeAnswer } from '../api.ts'
import { ChartBlock, prepareCharts } from '../chart-block.tsx'
import { CopyButton } from '../copy.tsx'
import { useTitle } from '../shell.tsx'
import { Answered, Fault, Skeleton } from '../states.tsx'
import { askedIn, diverted, firstAddress, firstHub, isHub, sharedGiven, verdictShapes } from './diversion-question.ts'
import { useTotals } from './totals.ts'
import { WhyVerdict } from './why-verdict.tsx'

/** What is asked first; the rest stands folded. */
const first = ['dataset', 'origin', 'destination', 'list', 'tier', 'list_mode', 'event', 'hub']
/** Hubs whose trade is drawn over time: as many as have a colour. */
const mostLines = 6
/** How the reason begins where nothing can be tested. */
const noOtherGoods = 'not enough goods on and off the list'

const tones: Tones = {
  column: 'verdict',
  full: diverted,
  open: 'undetermined',
  says: { full: diverted, open: 'undetermined', other: 'no sign of diversion' },
}
const corridors: Chart = {
  kind: 'corridors',
  measure: 'Listed goods',
  label: 'hub',
  role: { column: 'hub_status', direct: 'destination', between: ['free', 'coalition', 'restricted'] },
  from: 'origin',
  to: 'destination',
  first: { before: 'first_leg_before', after: 'first_leg_after' },
  second: { before: 'second_leg_before', after: 'second_leg_after' },
}
const excesses: Chart = {
  kind: 'intervals',
  measure: 'By the baseline that leads, and between all of them',
  label: 'hub',
  value: 'first_leg_excess',
  low: 'first_leg_low',
  high: 'first_leg_high',
  beside: ['verdict'],
  tones,
  panels: ['hub_status'],
}
const recoveries: Chart = {
  kind: 'intervals',
  measure: 'At least and at most; a line where other baselines say otherwise',
  label: 'hub',
  low: 'recovered_low',
  high: 'recovered_high',
  outer: { low: 'recovered_least', high: 'recovered_most' },
  tones,
  panels: ['hub_status'],
}
const overTime: Chart = {
  kind: 'lines',
  measure: 'Listed goods sold to each hub',
  x: 'period',
  y: 'value',
  series: 'hub',
}

const tableColumns = [
  'hub',
  'hub_status',
  'first_leg_before',
  'first_leg_after',
  'first_leg_excess',
  'first_leg_ratio',
  'first_leg_low',
  'first_leg_high',
  'ratio_of_ratios',
  'second_leg_excess',
  'recovered_low',
  'recovered_high',
  'q_value',
  'verdict',
  'reasons',
]

/** A verdict's word with its shape before it. */
const withShape = (column: ViewColumn): ViewColumn => ({
  ...column,
  text: (row) => [verdictShapes[String(row['verdict'])] ?? '', column.text(row)].filter(Boolean).join(' '),
})

/** A finding as sentences: the first stands as the headline, the others beneath it. */
const sentencesOf = (text: string) => text.split(/(?<=[.)]) (?=[A-Z])/)

/** A text whose months stay on one line. */
const Unbroken = ({ text }: { text: string }) => (
  <>
    {text.split(/(\d{4}-\d{2})/).map((part, at) =>
      at % 2 === 1 ? (
        <span key={at} class="unbroken">
          {part}
        </span>
      ) : (
        part
      ),
    )}
  </>
)

/** What stands as events over trade of the origins: the controls between the two ends. */
function useEvents(question: Question, wanted: boolean): Answer['events'] {
  const ends = Object.fromEntries(
    ['origin', 'destination'].flatMap((name) => {
      const value = question.given.get(name)
      return value ? [[name, value] as const] : []
    }),
  )
  const path = written('/api/v1/controls', { ...ends, ...wholeAnswer })
  const controls = useFetched<Answer>(wanted ? path : undefined)
  return useMemo(
    () =>
      (controls.value?.rows ?? []).map((row) => ({
        date: String(row['effective']),
        text: `${row['title']}${row['source_read'] === false ? ' (date not confirmed from the source)' : ''}`,
        source: String(row['instrument'] ?? ''),
      })),
    [controls.value],
  )
}

/** What the data do not hold, and what that does to the verdicts: said once, in plain words. */
function Unseen({ answer, address, datasets }: { answer: Answer; address: Address; datasets: readonly Dataset[] }) {
  const hubs = answer.rows.filter(isHub)
  const untold = hubs.filter((row) => row['unlisted_ratio'] === null)
  const unseen = hubs.filter((row) => row['second_leg_report'] === null)
  const untested = hubs.some((row) => String(row['reasons']).includes(noOtherGoods))
  const direct = answer.rows.find((row) => row['hub_status'] === 'destination')
  const totals = useTotals(answer, datasets, untold.length > 0 && !address.search.has('totals'))
  if (untold.length === 0 && unseen.length === 0 && !untested) return null
  const all = unseen.length === hubs.length
  const ofWhom = (those: readonly Row[]) =>
    those.length === hubs.length
      ? ''
      : ` for ${those.length > mostLines ? `${those.length} of ${hubs.length} hubs` : those.map((row) => answer.names[String(row['hub'])] ?? row['hub']).join(', ')}`
  return (
    <section class="unseen-data">
      <h2>What these data cannot tell</h2>
      <ul class="plain-list">
        {untold.length > 0 && (
          <li>
            <b>A hub’s own growth.</b> Goods off the list are not in these data{ofWhom(untold)}. What was bought more
            because more of everything was bought is still in the excess. A dataset of all goods from the same origins,
            chosen as “Totals” under More settings, takes it out
            {totals.length === 0 ? (
              <>
                {' '}
                (<a href="/datasets">load one</a>).
              </>
            ) : (
              ':'
            )}
            <Ways ways={totals.map(({ name, title }) => ({ to: changed(address, { totals: name }), text: title }))} />
          </li>
        )}
        {unseen.length > 0 && (
          <li>
            <b>What was sold on.</b> Sales to the destination are not in these data{ofWhom(unseen)}. So the least that
            can be said to have come through {all ? 'them' : 'those'} is nothing, and the most is the whole excess. Not
            observed is not nothing.
          </li>
        )}
        {untested && (
          <li>
            <b>Chance.</b> A hub is tested by lists drawn by lot among goods off the list, unit by unit. Without them
            none is tested, and every verdict is undetermined: that is no acquittal and no finding.
          </li>
        )}
        {direct?.['first_leg_after'] === null && (
          <li>
            <b>What was lost.</b> Direct trade is not in it, so no share of it can be said.
          </li>
        )}
      </ul>
    </section>
  )
}

/** What the three verdicts mean, and which hubs have which. */
function Verdicts({ answer }: { answer: Answer }) {
  const hubs = answer.rows.filter(isHub)
  const says: readonly (readonly [string, string])[] = [
    [diverted, 'both legs rose beyond their baselines and beyond chance, in the same goods; no proof, and of no firm'],
    ['no sign of diversion', 'both legs were seen, and neither rose beyond its baseline'],
    ['undetermined', 'the data do not tell: something is not seen, not tested, or speaks against it'],
  ]
  return (
    <dl class="verdicts">
      {says.map(([verdict, meaning]) => {
        const those = hubs.filter((row) => row['verdict'] === verdict)
        return (
          <div key={verdict}>
            <dt>
              <span aria-hidden="true">{verdictShapes[verdict]} </span>
              {verdict}: {those.length} of {hubs.length}
            </dt>
            <dd>{meaning}</dd>
          </div>
        )
      })}
    </dl>
  )
}

function Found({
  declaration,
  question,
  address,
  answer,
  datasets,
  whole,
}: {
  declaration: Declaration
  question: Question
  address: Address
  answer: Answer
  datasets: readonly Dataset[]
  /** Whether the address names the versions asked, so that the further questions are asked once. */
  whole: boolean
}) {
  const named = address.search.get('why') ?? ''
  const hubs = useMemo(() => answer.rows.filter(isHub), [answer])
  const why = hubs.some((row) => row['hub'] === named) ? named : firstHub(answer)
  const events = useEvents(question, whole)
  const largest = hubs.slice(0, mostLines).map((row) => String(row['hub']))
  const wanted = why === undefined || largest.includes(why) ? largest : [...largest, why]
  const ofSeries = sharedGiven(question.given, ['draws', 'seed', 'min_value', 'min_excess', 'offset'])
  ofSeries.set('hub', wanted.join(','))
  const seriesPath = addressOfAnswer({ name: 'diversion-series' }, ofSeries, wholeAnswer)
  const series = useFetched<Answer>(whole && wanted.length > 0 ? seriesPath : undefined)
  // A hub keeps its colour while one asks otherwise of the same corridors.
  const corridorsAsked = ['origin', 'destination'].map((name) => String(answer.parameters[name])).join(' ')
  const colours = useMemo(() => new Colours(), [answer.dataset?.name, corridorsAsked])
  for (const hub of largest) colours.claim(hub)
  const ranked = useMemo(() => ({ ...answer, rows: hubs }), [answer, hubs])
  const lines = useMemo(
    () =>
      series.value && {
        ...series.value,
        headline: null,
        events,
        rows: series.value.rows.filter(
          (row) =>
            row['leg'] === 'first leg' && row['series'] === 'listed goods' && largest.includes(String(row['hub'])),
        ),
      },
    [series.value, events, largest.join()],
  )
  const columns = question.columns ?? tableColumns
  const view = useMemo(() => {
    const filled = (name: string) => question.columns !== undefined || answer.rows.some((row) => row[name] !== null)
    const plain = plainView(answer, columns.filter(filled))
    return { ...plain, columns: plain.columns.map((column) => (column.id === 'verdict' ? withShape(column) : column)) }
  }, [answer, columns.join(), question.columns === undefined])
  const picture = useRef<() => string>(undefined)
  const keepPicture = useCallback((drawn: (() => string) | undefined) => {
    picture.current = drawn
  }, [])
  const explain = (row: Row) => {
    if (!isHub(row)) return
    go(changed(address, { why: String(row['hub']) }))
    document.getElementById('why')?.scrollIntoView()
  }
  return (
    <>
      {named !== '' && named !== why && (
        <div class="state notices" role="status">
          <p>
            One setting of the address was not used: <code>why={named}</code>. It is no hub of this answer.{' '}
            <a href={changed(address, { why: undefined })}>Leave it out</a>
          </p>
        </div>
      )}
      <Notices address={address} question={question} declaration={declaration} datasets={datasets} view={view} />
      <Unseen answer={answer} address={address} datasets={datasets} />
      <section>
        <h2>Directly and through others</h2>
        <ChartBlock
          answer={answer}
          chart={corridors}
          id="corridors"
          colours={colours}
          onDrawn={keepPicture}
          onOpen={explain}
        />
      </section>
      <section>
        <h2>Who bought more than expected, and how sure that is</h2>
        <p class="measure">
          Excess is trade above what a baseline expects. It is no proof that goods went on. Choose a hub to see why it
          has its verdict.
        </p>
        <Verdicts answer={answer} />
        <div class="front-charts">
          <div>
            <h3>Excess of the first leg</h3>
            <ChartBlock answer={ranked} chart={excesses} id="excess" colours={colours} onOpen={explain} />
          </div>
          <div>
            <h3>Share of the lost trade that it could account for</h3>
            <ChartBlock answer={ranked} chart={recoveries} id="recovered" colours={colours} onOpen={explain} />
          </div>
        </div>
      </section>
      <section>
        <h2>Over time, with the controls</h2>
        {series.failure && <Fault problem={series.failure} />}
        {lines ? (
          <ChartBlock
            answer={lines}
            chart={overTime}
            id="over-time"
            colours={colours}
            table={written('/analysis/diversion-series', ofSeries)}
            onOpen={explain}
          />
        ) : (
          !series.failure && <div class="chart-wait" />
        )}
      </section>
      {why !== undefined && whole && (
        <WhyVerdict
          address={address}
          answer={answer}
          hub={why}
          question={question}
          series={series.value}
          events={events}
        />
      )}
      <Rows
        declaration={declaration}
        question={question}
        address={address}
        answer={answer}
        view={view}
        title="Corridors: "
      />
      <Sources answer={answer} />
      <HowComputed declaration={declaration} question={question} />
      <CopyAs declaration={declaration} question={question} answer={answer} />
      <SavePage declaration={declaration} question={question} answer={answer} view={view} picture={picture} />
    </>
  )
}

/** Did restricted trade stop, or come back through third countries, and how sure is that? */
export function DiversionPage({ address }: { address: Address }) {
  const declared = useFetched<Declaration>('/api/v1/methods/diversion')
  const loaded = useFetched<readonly Dataset[]>('/api/v1/datasets')
  const declaration = declared.value
  const datasets = loaded.value ?? []
  const question = useMemo(() => askedIn(address), [address])
  const begin = firstAddress(datasets)
  const empty = [...question.given.keys()].length === 0
  // Who asks nothing yet is shown the first case, whose address says all that it asks.
  useEffect(() => {
    if (empty && begin !== undefined) go(begin, 'replace')
  }, [empty, begin])
  const pathOf = (given: URLSearchParams) => addressOfAnswer({ name: 'diversion' }, given, wholeAnswer)
  const path = declaration && loaded.value && !empty ? pathOf(question.given) : undefined
  const asked = useFetched<Answer>(path)
  const whole = useVersions(asked, path, question.given, pathOf, address, ['dataset', 'totals'])
  const answer = path === undefined ? undefined : asked.value
  useEffect(() => {
    if (path !== undefined) prepareCharts(false)
  }, [path !== undefined])
  const [headline = '', ...more] = sentencesOf(answer?.headline ?? declaration?.title ?? '')
  useTitle(answer ? headline : declaration?.title)
  const failure = declared.failure ?? loaded.failure ?? asked.failure
  if (!failure && !(declaration && loaded.value))
    return (
      <div key="waiting" class="wrap answer-page">
        <Skeleton lines={declared.slow || loaded.slow ? 12 : 0} height={900} />
      </div>
    )
  return (
    <>
      {declaration && (
        <Form
          declaration={declaration}
          question={question}
          address={address}
          datasets={datasets}
          dataset={question.given.get('dataset') ?? ''}
          first={first}
          folded
        />
      )}
      <div key="answer" class="wrap answer-page diversion-page">
        <div class={answer && answer.caveats.length > 0 ? 'answer' : 'answer one'}>
          <div>
            <p class="over">{declaration?.question}</p>
            <div aria-live="polite">
              <h1 class="sentence">{failure ? (declaration?.title ?? failure.title) : <Unbroken text={headline} />}</h1>
              {!failure && more.length > 0 && <p class="lead">{more.join(' ')}</p>}
            </div>
            {answer && !failure && (
              <p class="doors no-print">
                <CopyButton text={location.href}>Copy link</CopyButton>
              </p>
            )}
          </div>
          {answer && !failure && <HowSure caveats={answer.caveats} />}
        </div>
        {failure && (
          <Fault problem={failure}>
            <WaysOn problem={failure} address={address} datasets={datasets} />
            {begin !== undefined && (
              <p>
                <a href={begin}>Open the first case</a>
              </p>
            )}
          </Fault>
        )}
        {empty && begin === undefined && !failure && (
          <div class="state">
            <h2>Choose a dataset</h2>
            <p>
              It takes flows of the origins with hubs and destination, before and after. <code>chokepoint start</code>{' '}
              builds a sample, <code>chokepoint load FILE --as NAME</code> loads yours.
            </p>
          </div>
        )}
        <Answered waiting={!answer && !failure && path !== undefined} slow={asked.slow} stale={asked.of !== path}>
          {answer && declaration && !failure && (
            <Found
              declaration={declaration}
              question={question}
              address={address}
              answer={answer}
              datasets={datasets}
              whole={whole}
            />
          )}
        </Answered>
      </div>
    </>
  )
}
