import { useState } from 'preact/hooks'
import type { Answer, Declaration } from '../api.ts'
import { inPageWords } from '../words.ts'
import { addressOfAnswer, type Question } from './question.ts'
import { Statement, useStatement } from './statement.tsx'

/** What must be said beside the finding: estimates, doubts and what they do to it. */
export function HowSure({ caveats, id = 'how-sure' }: { caveats: readonly string[]; id?: string }) {
  if (caveats.length === 0) return null
  return (
    <aside class="sure" aria-labelledby={id}>
      <h2 id={id}>How sure?</h2>
      <ul>
        {caveats.map((caveat) => {
          const said = inPageWords(caveat)
          const doubt = /^Doubtful:/.exec(caveat)?.[0]
          return (
            <li key={caveat}>
              {doubt && <b class="doubt">{doubt}</b>}
              {doubt ? said.slice(doubt.length) : said}
            </li>
          )
        })}
      </ul>
    </aside>
  )
}

/** Where the figures come from. */
export function Sources({ answer }: { answer: Answer }) {
  return (
    <p class="source">
      {answer.datasets.length > 0 ? 'Data: ' : ''}
      {answer.datasets.map(({ name, version, sources }, place) => (
        <span key={name}>
          {place > 0 ? '; ' : ''}
          {sources.join('; ')} (dataset <a href={`/datasets/${name}@${version}`}>{`${name}@${version}`}</a>)
        </span>
      ))}
      {answer.datasets.length > 0 ? '. ' : ''}
      Method: <a href={`/methods/${answer.analysis}`}>{answer.title.toLowerCase()}</a>, Chokepoint {answer.tool_version}
      .
    </p>
  )
}

/** Formula, limits and sources of the method. */
export function HowComputed({ declaration, question }: { declaration: Declaration; question: Question }) {
  const [open, setOpen] = useState(false)
  const columns = question.columns ? { columns: question.columns.join(',') } : {}
  const statement = useStatement(addressOfAnswer(declaration, question.given, columns, '/statement'), open)
  return (
    <section class="method">
      <h2>How it is computed</h2>
      <div class="two">
        <div>
          <h3>Limits</h3>
          <ul>
            {declaration.limits.map((limit) => (
              <li key={limit}>{limit}</li>
            ))}
          </ul>
        </div>
        <div>
          <h3>Sources</h3>
          <ul>
            {declaration.sources.map((source) => (
              <li key={source}>{source}</li>
            ))}
          </ul>
          <p>
            <a href={`/methods/${declaration.name}`}>Parameters and columns, with their meaning</a>
          </p>
        </div>
      </div>
      <details class="no-print" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>The formula: the statement that ran, with its values</summary>
        {open && <Statement title="The statement" text={statement} />}
      </details>
    </section>
  )
}
