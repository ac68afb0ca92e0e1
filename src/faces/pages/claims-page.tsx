import { saysInPart } from '../../wording.ts'
import { formatCell } from '../cell.ts'
import { type Address, changed, go, pageOfCommand, written } from './address.ts'
import { type Answer, type Row, useFetched, wholeAnswer } from './api.ts'
import { CopyButton } from './copy.tsx'
import { useTitle } from './shell.tsx'
import { Fault, Skeleton } from './states.tsx'
import { capital } from './words.ts'

/** Verdicts in the order in which they stand, with what each means. */
const verdicts: readonly (readonly [string, string])[] = [
  ['reproduced', 'the figure or fact is found as printed'],
  ['close', 'within 5 % of a level, one point of a share or change'],
  ['consistent', 'follows from other claims and fits the data'],
  ['different basis', 'measured otherwise, so no test'],
  ['supported by proxy', 'a related figure, named; never more than that'],
  ['contradicted', 'as worded, or in part'],
  ['not tested', 'could be tested with a source that is not loaded'],
  ['not testable', 'opinion, private paper, cause or open forecast'],
]

const proxy = 'supported by proxy'

/** Whether a claim is contradicted in part only, as its note says. */
const partly = (row: Row) => row['verdict'] === 'contradicted' && saysInPart(text(row, 'note') ?? '')

const classOf = (verdict: string) => `unit-${verdict.replaceAll(' ', '-')}`
const text = (row: Row, name: string): string | undefined =>
  typeof row[name] === 'string' && row[name] !== '' ? (row[name] as string) : undefined
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 })

/** A figure: as printed where it was claimed, to four digits where it was computed. */
function figure(row: Row, name: string): string {
  const value = row[name] ?? null
  if (name !== 'claimed' && typeof value === 'number') return short.format(value).replace('-', '−')
  return formatCell(value, { name, type: 'number', unit: 'as in column' })
}

const yes = (value: unknown) => (value === null ? 'not known' : value === true ? 'yes' : 'no')

/** One piece of evidence: query, data, residual and why. */
function Evidence({ row }: { row: Row }) {
  const query = text(row, 'query')
  const page = query && pageOfCommand(query)
  const entries: (readonly [string, preact.ComponentChildren])[] = [
    ['Held against', text(row, 'evidence')],
    ['It says', text(row, 'evidence_verdict')],
    ['Claimed', row['claimed'] === null ? undefined : `${figure(row, 'claimed')} ${text(row, 'unit') ?? ''}`],
    ['Found', row['found'] === null ? undefined : `${figure(row, 'found')} ${text(row, 'unit') ?? ''}`],
    ['Residual', row['residual'] === null ? undefined : `${figure(row, 'residual')} ${text(row, 'unit') ?? ''}`],
    ['Same basis', row['same_basis'] === null ? undefined : yes(row['same_basis'])],
    ['Independent', row['independent'] === null ? undefined : yes(row['independent'])],
    ['Data', text(row, 'data')],
    ['Query', query && (page ? <a href={page}>{query}</a> : query)],
    ['Why', text(row, 'why')],
  ]
  return (
    <dl>
      {entries.map(([term, said]) =>
        said ? (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{said}</dd>
          </div>
        ) : null,
      )}
    </dl>
  )
}

function Claim({
  row,
  evidence,
  open,
  onToggle,
}: {
  row: Row
  evidence: readonly Row[]
  open: boolean
  onToggle: (open: boolean) => void
}) {
  const verdict = String(row['verdict'])
  // The sheet has the first piece of evidence of each claim; the others come with the sheet of evidence.
  const pieces = (evidence.length > 0 ? evidence : [row]).filter((one) => text(one, 'evidence'))
  return (
    <li id={String(row['id'])} class="claim">
      <p class="claim-id">{row['id']}</p>
      <div>
        <p class="statement">{row['claim']}</p>
        <p class="source">
          {[text(row, 'kind'), text(row, 'speaker'), text(row, 'period')].filter(Boolean).join(' · ')}
        </p>
      </div>
      <p class="verdict">
        <i class={classOf(verdict)} aria-hidden="true" /> {capital(verdict)}
        {partly(row) && ' in part'}
      </p>
      <div>
        <p class="figures">
          {row['claimed'] !== null && (
            <>
              said {figure(row, 'claimed')}
              {row['found'] !== null ? `, found ${figure(row, 'found')}` : ''} {text(row, 'unit')}
            </>
          )}
          {row['claimed'] === null &&
            row['found'] !== null &&
            `${verdict === proxy ? 'a related figure: ' : 'found '}${figure(row, 'found')} ${text(row, 'unit') ?? ''}`}
        </p>
        {verdict === proxy && text(row, 'why') && <p>{text(row, 'why')}</p>}
        {text(row, 'note') && <p>{text(row, 'note')}</p>}
        {pieces.length > 0 && (
          <details open={open} onToggle={(event) => onToggle(event.currentTarget.open)}>
            <summary>Query, data, residual and why</summary>
            {pieces.map((piece) => (
              <Evidence key={`${piece['evidence']} ${piece['query']}`} row={piece} />
            ))}
          </details>
        )}
      </div>
    </li>
  )
}

/** A report's sheet: what was claimed, and whether the figures bear it out. */
export function ClaimsPage({ address }: { address: Address }) {
  const claims = useFetched<Answer>(written('/api/v1/claims', wholeAnswer))
  const evidence = useFetched<Answer>(claims.value ? written('/api/v1/claims-evidence', wholeAnswer) : undefined)
  const answer = claims.value
  useTitle(answer?.headline ?? 'Claims')
  const failure = claims.failure ?? evidence.failure
  const wanted = address.search.get('verdict') ?? ''
  const open = (address.search.get('open') ?? '').split(',').filter(Boolean)
  const rows = answer?.rows ?? []
  const known = [...new Set(rows.map((row) => String(row['verdict'])))]
  const order = [...verdicts.map(([verdict]) => verdict), ...known].filter((one, at, all) => all.indexOf(one) === at)
  const present = order.filter((verdict) => known.includes(verdict))
  const shown = wanted === '' ? rows : rows.filter((row) => row['verdict'] === wanted)
  const toggle = (id: string, on: boolean) => {
    if (open.includes(id) === on) return
    go(changed(address, { open: (on ? [...open, id] : open.filter((one) => one !== id)).join(',') }), 'replace')
  }
  const unknown = [...address.search.keys()].filter((name) => !['verdict', 'open'].includes(name))
  return (
    <div class="wrap answer-page">
      <p class="over">Claims against data</p>
      <h1 class="sentence">{answer?.headline ?? 'What was claimed, and do the figures bear it out?'}</h1>
      {failure && <Fault problem={failure} />}
      {!answer && !failure && <Skeleton lines={claims.slow ? 12 : 0} height={900} />}
      {answer && (
        <>
          {(unknown.length > 0 || (wanted !== '' && !known.includes(wanted))) && (
            <div class="state notices" role="status">
              <p>
                A setting of the address was not used:{' '}
                <code>{unknown.length > 0 ? unknown.join(', ') : `verdict=${wanted}`}</code>.{' '}
                <a href="/claims">Show all claims</a>
              </p>
            </div>
          )}
          <aside class="sure">
            <h2>How sure?</h2>
            <ul>
              <li>Reproduced means quoted correctly: data of the office that a report quotes do not confirm it.</li>
              {answer.caveats
                .filter((caveat) => !caveat.includes('chokepoint claims-evidence'))
                .map((caveat) => (
                  <li key={caveat}>{caveat}</li>
                ))}
            </ul>
          </aside>
          <section>
            <h2>Statements by verdict</h2>
            <p class="measure">Each square is one statement and leads to it.</p>
            <dl class="units">
              {present.map((verdict) => {
                const those = rows.filter((row) => row['verdict'] === verdict)
                return (
                  <div key={verdict}>
                    <dt>
                      <b>{those.length}</b>
                      <span>
                        {capital(verdict)}
                        <small>
                          {those.some(partly)
                            ? `as worded, or in part: ${those.filter(partly).length} of them in part`
                            : verdicts.find(([one]) => one === verdict)?.[1]}
                        </small>
                      </span>
                    </dt>
                    <dd>
                      {those.map((row) => (
                        <a
                          key={String(row['id'])}
                          class={classOf(verdict)}
                          href={`#${row['id']}`}
                          title={String(row['claim'])}
                        >
                          {row['id']}
                        </a>
                      ))}
                    </dd>
                  </div>
                )
              })}
            </dl>
          </section>
          <section>
            <h2>{wanted === '' ? `All ${rows.length} statements` : `${shown.length} of ${rows.length} statements`}</h2>
            <nav class="filter no-print" aria-label="Statements by verdict">
              <a
                class="button"
                href={changed(address, { verdict: undefined })}
                aria-current={wanted === '' ? 'true' : undefined}
              >
                All
              </a>
              {present.map((verdict) => (
                <a
                  key={verdict}
                  class="button"
                  href={changed(address, { verdict })}
                  aria-current={wanted === verdict ? 'true' : undefined}
                >
                  {capital(verdict)}
                </a>
              ))}
            </nav>
            <ol class="claims">
              {shown.map((row) => (
                <Claim
                  key={String(row['id'])}
                  row={row}
                  evidence={(evidence.value?.rows ?? []).filter((one) => one['id'] === row['id'])}
                  open={open.includes(String(row['id']))}
                  onToggle={(on) => toggle(String(row['id']), on)}
                />
              ))}
            </ol>
          </section>
          <p class="source">
            Data:{' '}
            {answer.datasets.map(({ name, version }, place) => (
              <span key={name}>
                {place > 0 ? ', ' : ''}
                <a href={`/datasets/${name}@${version}`}>{`${name}@${version}`}</a>
              </span>
            ))}
            . {answer.sources.join('; ')}. Chokepoint {answer.tool_version}.
          </p>
          <p class="doors no-print">
            <a download="claims.csv" href="/api/v1/claims?format=csv">
              Download CSV
            </a>
            <a download="claims-evidence.csv" href="/api/v1/claims-evidence?format=csv">
              Evidence as CSV
            </a>
            <a href="/analysis/claims">As a table</a>
            <CopyButton text={location.href}>Copy link</CopyButton>
          </p>
        </>
      )}
    </div>
  )
}
