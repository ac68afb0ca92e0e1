import { useState } from 'preact/hooks'
import type { Answer, Declaration } from '../api.ts'
import { CopyButton } from '../copy.tsx'
import { addressOfAnswer, citationOf, commandOf, type Question } from './question.ts'
import { Statement, useStatement } from './statement.tsx'

const forms = ['Command', 'URL', 'SQL', 'Citation'] as const
type FormOfCopy = (typeof forms)[number]

/** The same question for a terminal, a browser, an engine's shell, and a footnote. */
export function CopyAs({
  declaration,
  question,
  answer,
}: {
  declaration: Declaration
  question: Question
  answer: Answer
}) {
  const [form, setForm] = useState<FormOfCopy>('Command')
  const columns = question.columns ? { columns: question.columns.join(',') } : {}
  const statement = useStatement(addressOfAnswer(declaration, question.given, columns, '/statement'), form === 'SQL')
  const texts: Readonly<Record<FormOfCopy, string>> = {
    Command: commandOf(declaration, question),
    URL: location.href,
    SQL: statement,
    Citation: citationOf(answer, location.href, new Date().toISOString().slice(0, 10)),
  }
  return (
    <section>
      <h2>Copy as</h2>
      <fieldset class="doors">
        <legend class="unseen">In which form</legend>
        {forms.map((one) => (
          <button type="button" key={one} aria-pressed={one === form} onClick={() => setForm(one)}>
            {one}
          </button>
        ))}
      </fieldset>
      <Statement title={form} text={texts[form]} />
      <CopyButton text={texts[form]}>Copy</CopyButton>
    </section>
  )
}
