import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { doubtedReports } from '../../../analyses/charting.ts'
import type { ChartDeclaration } from '../../chart/chart.ts'
import { Colours } from '../../chart/colours.ts'
import { type Address, changed, go } from '../address.ts'
import { HowSure } from '../analysis/how.tsx'
import { Ways, WaysOn } from '../analysis/notices.tsx'
import { useWaysOn, type Way } from '../answering.ts'
import { type Answer, type Dataset, useFetched, wholeAnswer } from '../api.ts'
import { ChartBlock, prepareCharts } from '../chart-block.tsx'
import { CopyButton } from '../copy.tsx'
import { useTitle } from '../shell.tsx'
import { Answered, Empty, Fault, Skeleton } from '../states.tsx'
import { FrontForm } from './front-form.tsx'
import {
  askedOf,
  asks,
  datasetNamed,
  dependenceOf,
  type FrontQuestion,
  firstDataset,
  frontQuestion,
  goods,
  known,
  suppliersOf,
  tellsShares,
  wholeAddress,
} from './front-question.ts'
import { TenProducts } from './ten-products.tsx'

const measure = 'Share of imports by supplier'
const overTime: ChartDeclaration = [
  { kind: 'area', measure, x: 'period', y: 'share', series: 'supplier', doubtful: [doubtedReports] },
  { kind: 'bars', measure, label: 'supplier', value: 'share', doubtful: [doubtedReports] },
]
const onMap: ChartDeclaration = {
  kind: 'map',
  measure,
  economy: 'supplier',
  value: 'share',
  doubtful: [doubtedReports],
}

const columns = ['period', 'importer', 'supplier', 'product', 'share']

/** What of the address the page has no use for: said, never silently left out. */
function Unused({ address }: { address: Address }) {
  const unused = [...address.search].filter(([name]) => !(known as readonly string[]).includes(name))
  if (unused.length === 0) return null
  return (
    <div class="state notices" role="status">
      {unused.map(([name, value]) => (
        <p key={name}>
          One setting of the address was not used: <code>{`${name}=${value}`}</code>. This page takes{' '}
          {known.slice(0, -1).join(', ')} and {known.at(-1)}.{' '}
          <a href={changed(address, { [name]: undefined })}>Leave it out</a>
        </p>
      ))}
    </div>
  )
}

/** The finding, with the supplier in question underlined in its colour. */
function Headline({ answer }: { answer: Answer }) {
  const text = answer.headline ?? answer.title
  const [supplier] = [answer.parameters['supplier']].flat()
  const name = answer.names[String(supplier)] ?? ''
  if (name === '' || !text.startsWith(name)) return <>{text}</>
  return (
    <>
      <span class="in-question">{name}</span>
      {text.slice(name.length)}
    </>
  )
}

/** What is said of columns that the page does not show is left to the page that does. */
const ofThePage = (caveat: string) => !/\([a-z]+_[a-z_]+\)/.test(caveat)
const isEstimate = (caveat: string) => caveat.startsWith('Estimated')

function Found({
  answer,
  suppliers,
  colours,
  question,
}: {
  answer: Answer
  suppliers: Answer | undefined
  colours: Colours
  question: FrontQuestion
}) {
  const caveats = answer.caveats.filter(ofThePage)
  const estimate = caveats.find(isEstimate)
  const rest = caveats.filter((caveat) => caveat !== estimate)
  const of = { dataset: question.dataset, importer: question.importer }
  const last = String([answer.parameters['period']].flat().at(-1))
  const pageOf = (period: string) => asks('suppliers', { ...of, period, ...goods(question) }, [], '/analysis')
  return (
    <>
      <div class={rest.length > 0 ? 'answer' : 'answer one'}>
        <div>
          <div aria-live="polite">
            <h1>
              <Headline answer={answer} />
            </h1>
          </div>
          {estimate && (
            <p class="lead">
              <b class="doubt">Estimated</b>
              {estimate.slice('Estimated'.length)}
            </p>
          )}
          <p class="doors no-print">
            <a href={asks('dependence', dependenceOf(question), [], '/analysis')}>Figures, method and citation</a>
            <CopyButton text={location.href}>Copy link</CopyButton>
          </p>
        </div>
        <HowSure caveats={rest} />
      </div>
      <div class="front-charts">
        <section class="front-section">
          <h2>Share by supplier</h2>
          {suppliers ? (
            <ChartBlock
              answer={suppliers}
              chart={overTime}
              id="over-time"
              colours={colours}
              table={pageOf(question.period)}
            />
          ) : (
            <div class="chart-wait" />
          )}
        </section>
        <section class="front-section">
          <h2>Where imports come from, {last}</h2>
          {suppliers ? (
            <ChartBlock answer={suppliers} chart={onMap} id="map" colours={colours} table={pageOf(last)} />
          ) : (
            <div class="chart-wait" />
          )}
        </section>
      </div>
    </>
  )
}

/** The same of all goods, or of another dataset: each may answer. */
function waysFrom(address: Address, question: FrontQuestion, datasets: readonly Dataset[]): Way[] {
  const way = (goal: string, text: string, to: string): Way => {
    const then = frontQuestion({ ...address, search: new URLSearchParams(to.split('?')[1]) }, datasets, undefined)
    return { goal, text, to, path: then ? asks('dependence', dependenceOf(then), ['share']) : to }
  }
  const others = datasets.filter(({ name }) => name !== question.dataset.split('@')[0])
  const withoutGroup = question.group === '' ? [] : [{ group: undefined }]
  return [
    ...withoutGroup.map((change) => way('group', 'Ask of all goods', changed(address, change))),
    ...others.flatMap((dataset) => [
      way(dataset.name, `Ask of: ${dataset.title}`, askedOf(address, dataset)),
      ...withoutGroup.map((change) =>
        way(dataset.name, `Ask of: ${dataset.title}, all goods`, askedOf(address, dataset, change)),
      ),
    ]),
  ]
}

/**
 * The answer has no rows: why, and which questions like it have an answer.
 * @param free the dataset was not the reader's choice, so that the first other that answers takes its place
 * @param onTaken told of the reason before it does
 */
function NoRows({
  answer,
  ways,
  free,
  onTaken,
}: {
  answer: Answer
  ways: readonly Way[]
  free: boolean
  onTaken: (way: Way, reason: string) => void
}) {
  const { found, settled } = useWaysOn(ways)
  const other = free ? found.find(({ goal }) => goal !== 'group') : undefined
  useEffect(() => {
    if (!other) return
    onTaken(other, answer.reason ?? '')
    go(other.to, 'replace')
  }, [other?.to])
  if (other || (free && !settled)) return <Skeleton lines={0} height={300} />
  return (
    <Empty>
      <h2>No answer to this</h2>
      <p>{answer.reason}</p>
      <Ways ways={found} />
    </Empty>
  )
}

/** Who depends on whom: a finding, its two pictures, and the ten most critical products. */
export function FrontPage({ address }: { address: Address }) {
  const loaded = useFetched<readonly Dataset[]>('/api/v1/datasets')
  const all = loaded.value ?? []
  const datasets = useMemo(() => all.filter(tellsShares), [all])
  const dataset = address.search.get('dataset') || firstDataset(datasets)?.name
  const begun = datasets.length > 0 ? frontQuestion(address, datasets, undefined) : undefined
  const held = useFetched<{ importers_held: readonly string[] }>(
    begun === undefined && dataset !== undefined ? `/api/v1/datasets/${encodeURIComponent(dataset)}` : undefined,
  )
  const question = begun ?? (held.value ? frontQuestion(address, datasets, held.value.importers_held) : undefined)
  const whole = question && wholeAddress(address, question)
  // A dataset that the reader did not choose gives way to one that can answer, which is then said.
  const chosenBuyer = useRef(address.search.has('dataset') ? undefined : (address.search.get('importer') ?? undefined))
  const [moved, setMoved] = useState<{ to: string; reason: string }>()
  // The address says all that is asked, with the version of the dataset: whoever follows it sees the same.
  useEffect(() => {
    if (whole !== undefined && whole !== changed(address, {})) go(whole, 'replace')
  }, [whole, address])

  const dependencePath = question && asks('dependence', { ...dependenceOf(question), ...wholeAnswer }, columns)
  const asked = useFetched<Answer>(dependencePath)
  const supplied = useFetched<Answer>(
    question && asks('suppliers', { ...suppliersOf(question), ...wholeAnswer }, [...columns, 'value', 'rank']),
  )
  // What draws is read while the server computes: before, it would keep the question waiting.
  const asking = question !== undefined
  useEffect(() => {
    if (asking) prepareCharts(true)
  }, [asking])
  const answer = asked.value
  const current = asked.of === dependencePath
  const failure = loaded.failure ?? held.failure ?? asked.failure ?? supplied.failure
  const inQuestion = [answer?.parameters['supplier']].flat().map(String).join(',')
  const importer = [answer?.parameters['importer']].flat().map(String).join(',')
  // Another case has its own colours: there are only six, and the first is the supplier's in question.
  const key = [answer?.dataset?.name, importer, inQuestion, String(answer?.parameters['group'])].join(' ')
  const colours = useMemo(() => new Colours(inQuestion), [key])
  useTitle(answer?.headline ?? undefined)

  if (loaded.value && datasets.length === 0) return <NoDataset some={all.length > 0} />
  // The form is the first thing on the page: until it can be drawn, nothing stands beneath that it would push away.
  if (!question && !failure) return <div class="front-wait" />
  return (
    <>
      {question && (
        <FrontForm
          address={address}
          question={question}
          datasets={datasets}
          onBuyer={(code) => {
            chosenBuyer.current = code
          }}
        />
      )}
      <div class="wrap answer-page front-page">
        <Unused address={address} />
        {moved && question && moved.to === question.dataset && (
          <div class="state notices" role="status">
            <p>
              {moved.reason}. Answered from another dataset instead:{' '}
              {datasetNamed(datasets, question.dataset)?.title ?? question.dataset}.
            </p>
          </div>
        )}
        {failure && (
          <>
            <h1>Who depends on whom?</h1>
            <Fault problem={failure}>
              <WaysOn problem={failure} address={address} datasets={all} />
            </Fault>
          </>
        )}
        <Answered waiting={!failure && !answer} slow={asked.slow || loaded.slow} stale={!current}>
          {!failure && answer && question && (
            <>
              {answer.rows.length === 0 ? (
                <>
                  <h1>Who depends on whom?</h1>
                  {current && (
                    <NoRows
                      answer={answer}
                      ways={waysFrom(address, question, datasets)}
                      free={chosenBuyer.current === question.importer}
                      onTaken={({ to }, reason) => {
                        chosenBuyer.current = undefined
                        setMoved({ to: new URLSearchParams(to.split('?')[1]).get('dataset') ?? '', reason })
                      }}
                    />
                  )}
                </>
              ) : (
                <Found answer={answer} suppliers={supplied.value} colours={colours} question={question} />
              )}
              {current && answer.rows.length > 0 && (
                <TenProducts address={address} question={question} answer={answer} datasets={datasets} />
              )}
            </>
          )}
        </Answered>
        <p class="front-more">
          <a href="/diversion">Did restricted trade stop, or come back through third countries?</a>{' '}
          <a href="/questions">All questions that can be asked</a>, <a href="/claims">claims checked against figures</a>
          , <a href="/datasets">the datasets</a>.
        </p>
      </div>
    </>
  )
}

/** Nothing is loaded that can tell who depends on whom: how to begin. */
function NoDataset({ some }: { some: boolean }) {
  useTitle(undefined)
  return (
    <div class="wrap plain-page">
      <h1>Where does an economy hang on a supplier that it cannot replace?</h1>
      <p class="lead">
        {some ? 'No dataset that is loaded holds all suppliers of an importer.' : 'No dataset is loaded yet.'}
      </p>
      <div class="state">
        <p>
          <code>npx --no-install chokepoint start</code> builds the samples and shows this page with them.
        </p>
        <p>
          <code>npx --no-install chokepoint load FILE --as NAME</code> loads a file of yours.
        </p>
      </div>
      <p class="lead">
        <a href="/questions">The questions that can be asked</a>
      </p>
    </div>
  )
}
