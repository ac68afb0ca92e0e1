import { type Declaration, useFetched } from './api.ts'
import { useTitle } from './shell.tsx'
import { Fault, Skeleton } from './states.tsx'
import { readable } from './words.ts'

interface Criterion {
  readonly measure: string
  readonly operator: string
  readonly threshold: { readonly numerator: number; readonly denominator: number }
}

interface Screening {
  readonly name: string
  readonly short: string
  readonly title: string
  readonly source: string
  readonly needs: readonly string[]
  readonly window: { readonly rule: string; readonly years?: number; readonly hold?: number }
  readonly criteria: readonly Criterion[]
  readonly also: readonly Criterion[]
  readonly notes: readonly string[]
  readonly own: boolean
}

const thresholdOf = ({ numerator, denominator }: Criterion['threshold']) => {
  const value = numerator / denominator
  return Number.isInteger(value * 1000) ? String(value) : `${numerator}/${denominator}`
}

const windowOf = ({ rule, years, hold }: Screening['window']) =>
  rule === 'period'
    ? 'judged in the period itself'
    : rule === 'sum'
      ? `judged on the sum of ${years} years`
      : `must hold in ${hold} of ${years} years`

const criterion = ({ measure, operator, threshold }: Criterion) =>
  `${readable(measure)} ${operator} ${thresholdOf(threshold)}`

/** A definition of a critical product: what it compares with what. */
function ScreeningMethod({ method }: { method: Screening }) {
  return (
    <article id={method.name} class="entry">
      <h3>
        {method.title} <small>{method.name}</small>
      </h3>
      <p>
        {method.criteria.map(criterion).join(', and ')}; {windowOf(method.window)}.
        {method.also.length > 0 ? ` Shown beside: ${method.also.map(criterion).join(', ')}.` : ''}
      </p>
      <p class="source">{method.source}</p>
      {method.notes.length > 0 && (
        <ul class="source">
          {method.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </article>
  )
}

/** What each analysis computes, and each definition of a critical product, from the declarations. */
export function MethodsPage() {
  useTitle('Methods')
  const { value, failure, slow } = useFetched<{ analyses: readonly Declaration[]; screening: readonly Screening[] }>(
    '/api/v1/methods',
  )
  return (
    <div class="wrap plain-page">
      <h1>Methods</h1>
      <p class="lead">
        What each analysis asks, takes, gives and does not say: made from the declarations that the command line, the
        interface for programs and these pages run from.
      </p>
      {failure && <Fault problem={failure} />}
      {!value && !failure && <Skeleton lines={slow ? 14 : 0} height={900} />}
      {value && (
        <>
          <section>
            <h2>{value.analyses.length} analyses</h2>
            {value.analyses.map(({ name, title, question, sources }) => (
              <article key={name} class="entry">
                <h3>
                  <a href={`/methods/${name}`}>{title}</a> <small>{name}</small>
                </h3>
                <p>{question}</p>
                <p class="source">{sources.join('; ')}</p>
              </article>
            ))}
          </section>
          <section id="screening">
            <h2>{value.screening.length} definitions of a critical product</h2>
            <p class="measure">
              Methods of the analysis <a href="/methods/screen">screen</a>; your own stand as YAML under
              CHOKEPOINT_HOME/methods.
            </p>
            {value.screening.map((method) => (
              <ScreeningMethod key={method.name} method={method} />
            ))}
          </section>
        </>
      )}
    </div>
  )
}
