import { useCallback, useMemo, useRef, useState } from 'preact/hooks'
import { type Address, changed, go, pageOfCommand } from '../address.ts'
import { useWaysOn, type Way } from '../answering.ts'
import { type Answer, type Dataset, type Declaration, useFetched } from '../api.ts'
import { ChartBlock, type Selected, type Shown, useCharting } from '../chart-block.tsx'
import { useTitle } from '../shell.tsx'
import { Answered, Empty, Fault, Skeleton } from '../states.tsx'
import { CopyAs } from './copy-as.tsx'
import { Form } from './form.tsx'
import { HowComputed, HowSure, Sources } from './how.tsx'
import { Begin, Notices, Ways, WaysOn } from './notices.tsx'
import { addressOfAnswer, fetchedColumns, fitting, mostRows, type Question, questionOf, waysFrom } from './question.ts'
import { Rows } from './rows-section.tsx'
import { SavePage } from './save.tsx'
import { useVersions } from './versions.ts'
import { pivotedView, plainView, type View, viewWithin } from './view.ts'

/** How an answer is shown: side by side where it is declared so and nothing else is asked for. */
function viewOf(answer: Answer, declaration: Declaration, columns: readonly string[] | undefined): View {
  const has = (name: string) => answer.columns.some((column) => column.name === name)
  const { pivot } = declaration
  if (pivot && !columns && has(pivot.cells) && has(pivot.head)) return pivotedView(answer, pivot)
  const filled = (name: string) => answer.rows.length === 0 || answer.rows.some((row) => row[name] !== null)
  return plainView(answer, columns ?? declaration.shown.filter((name) => has(name) && filled(name)))
}

function Found({
  declaration,
  question,
  address,
  answer,
  datasets,
  picture,
  selected,
}: {
  declaration: Declaration
  question: Question
  address: Address
  answer: Answer
  datasets: readonly Dataset[]
  picture: { readonly current: (() => string) | undefined }
  selected: Selected | undefined
}) {
  const columns = question.columns?.join(',')
  const whole = useMemo(() => viewOf(answer, declaration, columns?.split(',')), [answer, declaration, columns])
  const view = useMemo(() => viewWithin(whole, selected), [whole, selected])
  return (
    <>
      <Notices address={address} question={question} declaration={declaration} datasets={datasets} view={view} />
      {answer.rows.length === 0 ? (
        <NoRows reason={answer.reason} ways={waysFrom(declaration, address, question, datasets)} />
      ) : view.columns.length === 0 ? null : (
        <Rows declaration={declaration} question={question} address={address} answer={answer} view={view} />
      )}
      <Sources answer={answer} />
      <HowComputed declaration={declaration} question={question} />
      <CopyAs declaration={declaration} question={question} answer={answer} />
      {answer.rows.length > 0 && (
        <SavePage declaration={declaration} question={question} answer={answer} view={view} picture={picture} />
      )}
    </>
  )
}

/** The answer has no rows: why, and which questions like it have an answer. */
function NoRows({ reason, ways }: { reason: string | null; ways: readonly Way[] }) {
  const { found } = useWaysOn(ways)
  return (
    <Empty>
      <h2>No rows</h2>
      <p>{reason}</p>
      <Ways ways={found} />
    </Empty>
  )
}

/** Any analysis, from its declaration: form, finding, rows, method, ways to take it along. */
export function AnalysisPage({ name, address }: { name: string; address: Address }) {
  const declared = useFetched<Declaration>(`/api/v1/methods/${encodeURIComponent(name)}`)
  const loaded = useFetched<readonly Dataset[]>('/api/v1/datasets')
  const declaration = declared.value
  const datasets = loaded.value ?? []
  const inAddress = useMemo(() => questionOf(address), [address])
  const fits = declaration ? fitting(declaration, datasets) : []
  const only = fits.length === 1 ? (fits[0]?.name ?? '') : ''
  const dataset = inAddress.given.get('dataset') || only
  const question = useMemo(() => {
    const given = new URLSearchParams(inAddress.given)
    if (dataset !== '') given.set('dataset', dataset)
    return { ...inAddress, given }
  }, [inAddress, dataset])
  const ready = declaration && loaded.value && (declaration.kinds.length === 0 || dataset !== '')
  const more = declaration && { columns: fetchedColumns(declaration, question).join(','), limit: String(mostRows) }
  const path = ready && more ? addressOfAnswer(declaration, question.given, more) : undefined
  const asked = useFetched<Answer>(path)
  useVersions(
    asked,
    path,
    question.given,
    (given) => (declaration && more ? addressOfAnswer(declaration, given, more) : ''),
    address,
  )
  const charting = useCharting(declaration?.chart)
  const answer = charting.settled && (asked.of === path || !asked.slow) ? asked.value : undefined
  const picture = useRef<() => string>(undefined)
  const keepPicture = useCallback((drawn: (() => string) | undefined) => {
    picture.current = drawn
  }, [])
  const [selected, setSelected] = useState<Selected>()
  const shown: Shown = {
    kind: address.search.get('chart') ?? '',
    brush: address.search.get('brush') ?? '',
    onKind: (kind) => go(changed(address, { chart: kind, brush: undefined })),
    onBrush: (brush) => go(changed(address, { brush }), 'replace'),
    onSelect: setSelected,
  }
  const headline = answer?.headline ?? declaration?.title
  useTitle(headline)
  const failure = declared.failure ?? loaded.failure ?? asked.failure
  const example = declaration && pageOfCommand(declaration.example)
  // The form comes with all that stands beneath it, so that nothing is moved by it.
  if (!failure && !(declaration && loaded.value))
    return (
      <div key="waiting" class="wrap answer-page">
        <Skeleton lines={declared.slow || loaded.slow ? 12 : 0} height={900} />
      </div>
    )
  return (
    <>
      {declaration && (
        <Form declaration={declaration} question={question} address={address} datasets={datasets} dataset={dataset} />
      )}
      <div key="answer" class="wrap answer-page">
        <div class={answer && answer.caveats.length > 0 ? 'answer' : 'answer one'}>
          <div>
            <p class="over">{declaration?.question ?? ' '}</p>
            <div aria-live="polite">
              <h1 class={headline && headline.length > 110 ? 'sentence' : undefined}>
                {failure && !answer ? (declaration?.title ?? failure.title) : (headline ?? ' ')}
              </h1>
            </div>
            {answer?.failed && <p class="caveat">{answer.failed}</p>}
            {answer && answer.rows.length > 0 && declaration?.chart && !failure && (
              <div class={asked.of === path ? '' : 'stale'}>
                <ChartBlock answer={answer} chart={declaration.chart} shown={shown} onDrawn={keepPicture} />
              </div>
            )}
          </div>
          {answer && <HowSure caveats={answer.caveats} />}
        </div>
        {failure && (
          <Fault problem={failure}>
            <WaysOn problem={failure} address={address} datasets={datasets} />
          </Fault>
        )}
        {declaration && loaded.value && !ready && !failure && (
          <Begin
            example={example && datasets.some(({ name: one }) => example.includes(`=${one}`)) ? example : undefined}
            datasets={fits}
          />
        )}
        <Answered waiting={!answer && !failure && path !== undefined} slow={asked.slow} stale={asked.of !== path}>
          {answer && declaration && !failure && (
            <Found
              declaration={declaration}
              question={question}
              address={address}
              answer={answer}
              datasets={datasets}
              picture={picture}
              selected={selected}
            />
          )}
        </Answered>
      </div>
    </>
  )
}
