import { type Address, changed, written } from '../address.ts'
import type { Dataset, Declaration, Problem } from '../api.ts'
import { type Question, unknownColumns } from './question.ts'
import type { View } from './view.ts'

/** Addresses to go on to; nothing where there are none. */
export function Ways({ ways }: { ways: readonly { readonly to: string; readonly text: string }[] }) {
  if (ways.length === 0) return null
  return (
    <p class="ways">
      {ways.map(({ to, text }) => (
        <a key={to} class="button" href={to}>
          {text}
        </a>
      ))}
    </p>
  )
}

/** Ways on from a problem with a parameter: the name that was meant, or without it. */
export function WaysOn({
  problem,
  address,
  datasets,
}: {
  problem: Problem
  address: Address
  datasets: readonly Dataset[]
}) {
  const ways = (problem.errors ?? []).flatMap(({ parameter, allowed }) => {
    const value = address.search.get(parameter)
    if (value === null) return []
    const meant =
      problem.code === 'parameter/unknown' ? /Did you mean ([\w, ]+)\?/.exec(allowed)?.[1]?.split(', ') : undefined
    const without = changed(address, { [parameter]: undefined })
    const newest = parameter === 'dataset' ? datasets.find(({ name }) => name === value.split('@')[0]) : undefined
    return [
      ...(newest
        ? [{ to: changed(address, { dataset: newest.name }), text: `Ask the newest version of ${newest.name}` }]
        : []),
      ...(meant ?? []).map((name) => ({
        to: changed(address, { [parameter]: undefined, [name]: value }),
        text: `Take it as ${name}`,
      })),
      { to: without, text: `Ask without ${parameter}` },
    ]
  })
  return <Ways ways={ways} />
}

/** What of the address is not used, or is no longer the newest: said, never silently replaced. */
export function Notices({
  address,
  question,
  declaration,
  datasets,
  view,
}: {
  address: Address
  question: Question
  declaration: Declaration
  datasets: readonly Dataset[]
  view: View
}) {
  const [name = '', version] = (question.given.get('dataset') ?? '').split('@')
  const current = datasets.find((one) => one.name === name)
  const older = version && current && !current.version.startsWith(version)
  const sort = question.sort.replace(/^-/, '')
  const unsorted = sort !== '' && !view.columns.some(({ id }) => id === sort)
  const unknown = unknownColumns(declaration.columns, question.columns)
  if (!older && !unsorted && unknown.length === 0) return null
  return (
    <div class="state notices" role="status">
      {older && (
        <p>
          This is version <code>{version}</code> of {name}; the newest is{' '}
          <a href={changed(address, { dataset: `${name}@${current.version}` })}>{current.version}</a>.
        </p>
      )}
      {unknown.length > 0 && (
        <p>
          One setting of the address was not used: <code>columns={unknown.join(',')}</code>. {declaration.title} has no
          such column.{' '}
          <a
            href={changed(address, {
              columns: question.columns?.filter((one) => !unknown.includes(one)).join(','),
            })}
          >
            Leave it out
          </a>
        </p>
      )}
      {unsorted && (
        <p>
          One setting of the address was not used: <code>sort={question.sort}</code>. The table has no such column.{' '}
          <a href={changed(address, { sort: undefined })}>Leave it out</a>
        </p>
      )}
    </div>
  )
}

/** Where nothing is asked yet: what to choose, or the example. */
export function Begin({ example, datasets }: { example: string | undefined; datasets: readonly Dataset[] }) {
  return (
    <div class="state">
      <h2>Choose a dataset</h2>
      <p>
        {datasets.length === 0
          ? 'No dataset that is loaded fits this question.'
          : 'Several datasets fit this question, and none is chosen for you.'}
      </p>
      <p class="ways">
        {example && (
          <a class="button" href={example}>
            Open the example
          </a>
        )}
        {datasets.map(({ name, title }) => (
          <a key={name} class="button" href={written(location.pathname, { dataset: name })}>
            {title}
          </a>
        ))}
      </p>
    </div>
  )
}
