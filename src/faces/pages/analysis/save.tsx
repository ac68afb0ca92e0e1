import type { Answer, Declaration } from '../api.ts'
import { inPageWords } from '../words.ts'
import { citationOf, commandOf, type Question } from './question.ts'
import { chosenRows, type View } from './view.ts'

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[letter] as string)

const style = `
:root{color-scheme:light dark;--ground:#fff;--text:#14181f;--muted:#4b5563;--rule:#d5dae0;--link:#0b57d0}
@media (prefers-color-scheme:dark){:root{--ground:#14181f;--text:#e8ecf1;--muted:#aab4c0;--rule:#343c47;--link:#8ab8ff}}
body{margin:0 auto;max-width:72rem;padding:1.5rem;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.8rem;line-height:1.2;max-width:28em}h2{font-size:1.15rem;margin-top:2rem}a{color:var(--link)}
p,li{max-width:75ch}.quiet{color:var(--muted);font-size:.875rem}.scroll{overflow-x:auto}
figure{margin:1.5rem 0;max-width:54rem}figure svg{width:100%;height:auto}
table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:baseline;padding:.35rem .8rem .35rem 0;border-bottom:1px solid var(--rule)}
th span,td small{display:block;color:var(--muted);font-weight:400;font-size:.75rem}.num{text-align:right}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8125rem}
@media print{:root{--ground:#fff;--text:#000;--muted:#333;--rule:#999;--link:#000}thead{display:table-header-group}tr{break-inside:avoid}}`

/** A list, or nothing where it is empty. */
const list = (title: string, items: readonly string[]) =>
  items.length === 0 ? '' : `<h2>${title}</h2><ul>${items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`

/** What is on the screen as one file that needs nothing else: finding, caveats, rows, method, and where all comes from. */
export function savedPage(
  declaration: Declaration,
  question: Question,
  answer: Answer,
  view: View,
  address: string,
  picture: string,
): string {
  const rows = chosenRows(view, question.sort, question.search)
  const number = (numeric: boolean) => (numeric ? ' class="num"' : '')
  const head = view.columns
    .map(
      ({ title, unit, numeric }) =>
        `<th scope="col"${number(numeric)}>${escaped(title)}<span>${escaped(unit)}</span></th>`,
    )
    .join('')
  const body = rows
    .map((row) => {
      const cells = view.columns.map((column) => {
        const code = column.code?.(row)
        const full = column.full ? ` title="${escaped(column.full(row))}"` : ''
        return `<td${number(column.numeric)}${full}>${escaped(column.text(row))}${code ? `<small>${escaped(code)}</small>` : ''}</td>`
      })
      return `<tr>${cells.join('')}</tr>`
    })
    .join('\n')
  const part =
    rows.length < view.rows.length
      ? `<p class="quiet">${rows.length} of ${view.rows.length} rows: those with “${escaped(question.search)}”.</p>`
      : ''
  const data = answer.datasets.map(({ name, version, sources }) => `${name}@${version}: ${sources.join('; ')}`)
  const headline = answer.headline ?? answer.title
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(headline)}</title><style>${style}</style></head><body>
<p class="quiet">${escaped(declaration.question)}</p>
<h1>${escaped(headline)}</h1>
${list('How sure?', answer.caveats.map(inPageWords))}
${picture === '' ? '' : `<figure>${picture}</figure>`}
<h2>${escaped(answer.title)}</h2>${part}
<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>
${body}
</tbody></table></div>
${view.legend === '' ? '' : `<p class="quiet">${escaped(view.legend)}</p>`}
${list('Data', data)}
${list('Limits', declaration.limits)}
${list('Sources of the method', declaration.sources)}
<h2>Asked</h2><pre>${escaped(commandOf(declaration, question))}</pre>
<p class="quiet">${escaped(citationOf(answer, address, new Date().toISOString().slice(0, 10)))}</p>
</body></html>
`
}

/** A button that saves what is on the screen as one file. */
export function SavePage(props: {
  declaration: Declaration
  question: Question
  answer: Answer
  view: View
  /** What gives the picture on the screen as one SVG, where there is one. */
  picture: { readonly current: (() => string) | undefined }
}) {
  const save = () => {
    const { declaration, question, answer, view, picture } = props
    const text = savedPage(declaration, question, answer, view, location.href, picture.current?.() ?? '')
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/html' }))
    link.download = `chokepoint-${props.declaration.name}.html`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  }
  return (
    <section class="no-print">
      <h2>Save this page</h2>
      <p>
        One file with the finding, its caveats, the rows as shown, and where they come from. It opens without
        Chokepoint.
      </p>
      <p class="ways">
        <button type="button" onClick={save}>
          Save as HTML
        </button>
      </p>
    </section>
  )
}
