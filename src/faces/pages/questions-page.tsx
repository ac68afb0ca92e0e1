import { pageOfCommand } from './address.ts'
import { type Dataset, type Declaration, useFetched } from './api.ts'
import { useTitle } from './shell.tsx'
import { Fault, Skeleton } from './states.tsx'
import { counted } from './words.ts'

const groups: readonly (readonly [string, readonly string[]])[] = [
  ['Who depends on whom', ['dependence', 'suppliers', 'concentration', 'trade']],
  [
    'What is critical, and who else could supply',
    ['screen', 'screen-churn', 'screen-sensitivity', 'substitutes', 'substitutes-suppliers'],
  ],
  ['Who gains when others leave', ['dominance', 'dominance-path']],
  [
    'Did restricted trade stop, or come back another way',
    [
      ...['diversion', 'diversion-cells', 'diversion-evidence', 'diversion-series'],
      ...['breaks', 'compliance', 'anomalies', 'controls'],
    ],
  ],
  ['Whether figures hold', ['claims', 'claims-evidence', 'mirror', 'mirror-partners', 'mirror-gaps']],
]

/** Analyses that have a page of their own. */
const ownPages: Readonly<Record<string, string>> = { claims: '/claims', diversion: '/diversion' }

/** Where its example is asked; nothing where the dataset of the example is not loaded. */
function exampleOf({ example, kinds }: Declaration, datasets: readonly Dataset[]): string | undefined {
  const page = pageOfCommand(example)
  const dataset = new URLSearchParams(page?.split('?')[1]).get('dataset')
  if (kinds.length > 0 && !datasets.some(({ name }) => name === dataset)) return undefined
  return page
}

/** What can be asked, with examples that work. */
export function QuestionsPage() {
  useTitle(undefined)
  const methods = useFetched<{ analyses: readonly Declaration[] }>('/api/v1/methods')
  const datasets = useFetched<readonly Dataset[]>('/api/v1/datasets')
  const failure = methods.failure ?? datasets.failure
  const analyses = methods.value?.analyses ?? []
  const placed = groups.flatMap(([, names]) => names)
  const rest = analyses.filter(({ name }) => !placed.includes(name)).map(({ name }) => name)
  const all = rest.length > 0 ? [...groups, ['More', rest] as const] : groups
  return (
    <div class="wrap plain-page">
      <h1>Where does an economy hang on a supplier that it cannot replace?</h1>
      <p class="lead">
        Chokepoint answers from customs data, with every figure traceable to its dataset, method and source. Choose a
        question, or open its example.
      </p>
      {failure && <Fault problem={failure} />}
      {!failure && !(methods.value && datasets.value) && <Skeleton lines={methods.slow ? 14 : 0} height={900} />}
      {methods.value && datasets.value && (
        <>
          <div class="questions">
            {all.map(([title, names]) => (
              <section key={title}>
                <h2>{title}</h2>
                <ul>
                  {analyses
                    .filter(({ name }) => names.includes(name))
                    .sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name))
                    .map((analysis) => {
                      const example = exampleOf(analysis, datasets.value ?? [])
                      const page = ownPages[analysis.name] ?? `/analysis/${analysis.name}`
                      return (
                        <li key={analysis.name}>
                          <a class="question" href={page}>
                            {analysis.question}
                          </a>
                          <span class="also">
                            {analysis.title}
                            {example !== undefined && analysis.kinds.length > 0 && (
                              <>
                                {' · '}
                                <a href={example} aria-label={`Example: ${analysis.title}`}>
                                  example
                                </a>
                              </>
                            )}
                          </span>
                        </li>
                      )
                    })}
                </ul>
              </section>
            ))}
          </div>
          <section>
            <h2>
              <a href="/datasets">{counted(datasets.value.length, 'dataset')} loaded</a>
            </h2>
            {datasets.value.length === 0 ? (
              <p>
                None yet: <code>npx --no-install chokepoint start</code> builds the samples,{' '}
                <code>chokepoint load FILE --as NAME</code> loads yours.
              </p>
            ) : (
              <ul class="plain-list">
                {datasets.value.map(({ name, title, periods, currency }) => (
                  <li key={name}>
                    <a href={`/datasets/${name}`}>{title}</a>{' '}
                    <span class="quiet-text">
                      {name}, {periods.held}
                      {currency === '' ? '' : `, ${currency}`}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </section>
        </>
      )}
    </div>
  )
}
