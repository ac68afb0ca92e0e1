import { pageOfCommand } from './address.ts'
import { type Declaration, type Property, useFetched } from './api.ts'
import { useTitle } from './shell.tsx'
import { Fault, Skeleton } from './states.tsx'

const takes = ({ type, enum: words, items }: Property): string => {
  const among = words ?? items?.enum
  if (among) return `${items ? 'a list of ' : ''}${among.filter((word) => word !== '').join(', ')}`
  if (type === 'array') return items?.type === 'number' ? 'a list of numbers' : 'a list'
  return { boolean: 'true or false', integer: 'a whole number', number: 'a number' }[type ?? ''] ?? 'a text'
}

const without = ({ default: value }: Property): string =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0) ? '–' : [value].flat().join(', ')

/** An analysis as declared: what it asks, takes, gives, rests on and does not say. */
export function MethodPage({ name }: { name: string }) {
  const { value, failure, slow } = useFetched<Declaration>(`/api/v1/methods/${encodeURIComponent(name)}`)
  useTitle(value ? `${value.title}: method` : undefined)
  if (failure)
    return (
      <div class="wrap plain-page">
        <h1>There is no such method.</h1>
        <Fault problem={failure}>
          <p>
            <a href="/methods">All methods</a>
          </p>
        </Fault>
      </div>
    )
  if (!value)
    return (
      <div class="wrap plain-page">
        <Skeleton lines={slow ? 14 : 0} height={900} />
      </div>
    )
  const example = pageOfCommand(value.example) ?? '/'
  return (
    <div class="wrap plain-page">
      <p class="over">
        <a href="/methods">Methods</a> · <code>{value.name}</code>
      </p>
      <h1>{value.title}</h1>
      <p class="lead">
        {value.question} <a href={`/analysis/${value.name}`}>Ask it</a>, or open <a href={example}>its example</a>.
      </p>
      <section>
        <h2>Limits</h2>
        <ul class="plain-list">
          {value.limits.map((limit) => (
            <li key={limit}>{limit}</li>
          ))}
        </ul>
      </section>
      <section>
        <h2>Sources</h2>
        <ul class="plain-list">
          {value.sources.map((source) => (
            <li key={source}>{source}</li>
          ))}
        </ul>
        <p class="measure">The formula stands with every answer, as the statement that ran, with its values.</p>
      </section>
      <section>
        <h2>What it gives</h2>
        <div class="scroll">
          <table class="reference stack">
            <thead>
              <tr>
                <th scope="col">Column</th>
                <th scope="col">Unit</th>
                <th scope="col">Meaning</th>
              </tr>
            </thead>
            <tbody>
              {value.columns.map(({ name: column, unit, type, description }) => (
                <tr key={column}>
                  <th scope="row">
                    <code>{column}</code>
                    {value.keys.includes(column) ? <small>key</small> : null}
                  </th>
                  <td data-name="Unit">{unit || type}</td>
                  <td data-name="Meaning">{description}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <section>
        <h2>What it takes</h2>
        <div class="scroll">
          <table class="reference stack">
            <thead>
              <tr>
                <th scope="col">Parameter</th>
                <th scope="col">Takes</th>
                <th scope="col">Left out</th>
                <th scope="col">Meaning</th>
              </tr>
            </thead>
            <tbody>
              {Object.entries(value.parameters).map(([parameter, property]) => (
                <tr key={parameter}>
                  <th scope="row">
                    <code>{parameter}</code>
                  </th>
                  <td data-name="Takes">{takes(property)}</td>
                  <td data-name="Left out">{without(property)}</td>
                  <td data-name="Meaning">{property.description}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </div>
  )
}
