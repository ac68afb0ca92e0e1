import { periodName, scaled } from '../../wording.ts'
import { type Dataset, useFetched } from './api.ts'
import { inWords } from './datasets-page.tsx'
import { useTitle } from './shell.tsx'
import { Fault, Skeleton } from './states.tsx'
import { counted, grouped, groupedText } from './words.ts'

interface Whole extends Dataset {
  readonly loaded_at: string
  readonly provenance: readonly {
    readonly publisher: string
    readonly title: string
    readonly vintage: string
    readonly licence: string
    readonly url: string
    readonly note: string
  }[]
  readonly files: readonly { readonly file: string; readonly bytes: number; readonly sha256: string }[]
  readonly account: {
    readonly rows: {
      readonly in: number
      readonly kept: number
      readonly aside?: number
      readonly rejected: number
      readonly blank?: number
    }
    readonly value:
      | (Readonly<Record<'in' | 'kept' | 'aside' | 'rejected' | 'rounding', string>> & { readonly unread?: number })
      | null
    readonly derived: { readonly rows: number; readonly value: string } | null
  }
  readonly aside_reasons: Readonly<Record<string, { readonly rows: number; readonly value: string }>>
  readonly reject_reasons: Readonly<Record<string, number>>
  readonly estimated_periods: readonly number[]
  readonly coverage: readonly {
    readonly reporter: string
    readonly period: number
    readonly side: string
    readonly level: number
    readonly rows: number
    readonly value: string
  }[]
  readonly doubts: readonly { readonly kind: string; readonly text: string }[]
  readonly doubts_count: number
}

/** In = kept + set aside + rejected, for rows and for values. */
function Account({ dataset }: { dataset: Whole }) {
  const { rows, value, derived } = dataset.account
  const terms = [
    ['In', rows.in, value?.in],
    ['Kept', rows.kept, value?.kept],
    ['Set aside', rows.aside, value?.aside],
    ['Rejected', rows.rejected, value?.rejected],
    ['Rounding', undefined, value?.rounding],
  ] as const
  const reasons = [
    ...Object.entries(dataset.aside_reasons).map(
      ([reason, part]) => ['set aside', reason, part.rows, part.value] as const,
    ),
    ...Object.entries(dataset.reject_reasons).map(([reason, count]) => ['rejected', reason, count, undefined] as const),
  ]
  return (
    <section>
      <h2>What became of every row</h2>
      <p class="measure">
        In = kept + set aside + rejected; for values also what rounding to whole units takes or adds.
        {value?.unread
          ? ` Of ${grouped(value.unread)} rejected rows no value could be read: what they are worth is in no sum.`
          : ''}
      </p>
      <div class="scroll">
        <table class="account">
          <thead>
            <tr>
              <th scope="col">
                <span class="unseen">Part</span>
              </th>
              <th scope="col" class="num">
                Rows
              </th>
              {value && (
                <th scope="col" class="num">
                  Value <span class="unit">{dataset.currency}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {terms
              .filter(([, count, sum]) => count !== undefined || sum !== undefined)
              .map(([term, count, sum]) => (
                <tr key={term}>
                  <th scope="row">{term}</th>
                  <td class="num">{count === undefined ? '' : grouped(count)}</td>
                  {value && <td class="num">{sum === undefined ? '' : groupedText(sum)}</td>}
                </tr>
              ))}
          </tbody>
        </table>
      </div>
      {reasons.length === 0 ? (
        <p>Nothing was set aside or rejected.</p>
      ) : (
        <ul class="plain-list">
          {reasons.map(([what, reason, count, sum]) => (
            <li key={`${what} ${reason}`}>
              {counted(count, 'row')} {what}
              {sum === undefined ? '' : `, ${dataset.currency} ${groupedText(sum)}`}: {reason}
            </li>
          ))}
        </ul>
      )}
      {rows.blank ? <p>{counted(rows.blank, 'row')} had no value.</p> : null}
      {derived && derived.rows > 0 ? (
        <p>
          {counted(derived.rows, 'row')} made by the load itself, {dataset.currency} {groupedText(derived.value)}: parts
          of published totals that no partner explains.
        </p>
      ) : null}
    </section>
  )
}

/** Reporters and values by period and side. */
function Coverage({ dataset }: { dataset: Whole }) {
  const level = Math.max(...dataset.coverage.map((one) => one.level))
  const periods = new Map<
    string,
    { period: number; side: string; reporters: Set<string>; rows: number; value: number }
  >()
  for (const one of dataset.coverage.filter((part) => part.level === level)) {
    const key = `${one.period} ${one.side}`
    const known = periods.get(key) ?? { period: one.period, side: one.side, reporters: new Set(), rows: 0, value: 0 }
    known.reporters.add(one.reporter)
    periods.set(key, { ...known, rows: known.rows + one.rows, value: known.value + Number(one.value) })
  }
  const rows = [...periods.values()].sort((a, b) => b.period - a.period || (a.side < b.side ? -1 : 1))
  return (
    <section>
      <h2>Coverage</h2>
      {dataset.estimated_periods.length > 0 && (
        <p class="measure">Estimated by the publisher: {dataset.estimated_periods.map(periodName).join(', ')}.</p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section class="scroll tall" tabIndex={0} aria-label="Coverage by period">
        <table>
          <thead>
            <tr>
              <th scope="col">Period</th>
              <th scope="col">Reported by</th>
              <th scope="col" class="num">
                Reporters
              </th>
              <th scope="col" class="num">
                Rows
              </th>
              <th scope="col" class="num">
                Value <span class="unit">{dataset.currency}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ period, side, reporters, rows: count, value }) => (
              <tr key={`${period} ${side}`}>
                <th scope="row">{periodName(period)}</th>
                <td>{side === 'reconciled' ? 'both, reconciled' : `${side}s`}</td>
                <td class="num">{grouped(reporters.size)}</td>
                <td class="num">{grouped(count)}</td>
                <td class="num">{scaled(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  )
}

/** A dataset version: where it comes from, what became of its rows, what it covers, what is doubtful. */
export function DatasetPage({ name }: { name: string }) {
  const { value: dataset, failure, slow } = useFetched<Whole>(`/api/v1/datasets/${encodeURIComponent(name)}`)
  useTitle(dataset?.title)
  if (failure)
    return (
      <div class="wrap plain-page">
        <h1>There is no such dataset.</h1>
        <Fault problem={failure}>
          <p>
            <a href="/datasets">All datasets</a>
          </p>
        </Fault>
      </div>
    )
  if (!dataset)
    return (
      <div class="wrap plain-page">
        <Skeleton lines={slow ? 14 : 0} height={900} />
      </div>
    )
  return (
    <div class="wrap plain-page">
      <p class="over">
        <a href="/datasets">Datasets</a> · <code>{`${dataset.name}@${dataset.version}`}</code>
      </p>
      <h1>{dataset.title}</h1>
      <p class="lead">{inWords(dataset)}</p>
      <Account dataset={dataset} />
      {dataset.coverage.length > 0 && <Coverage dataset={dataset} />}
      <section>
        <h2>{dataset.doubts_count === 0 ? 'No doubts' : counted(dataset.doubts_count, 'doubt')}</h2>
        {dataset.doubts_count > 0 && (
          <>
            <p class="measure">
              What moves a total by more than one per cent and has no like before. Nothing is removed for it.
            </p>
            <ul class="plain-list">
              {dataset.doubts.map(({ text }) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
            {dataset.doubts_count > dataset.doubts.length && (
              <p class="hint">The first {dataset.doubts.length} are shown.</p>
            )}
          </>
        )}
      </section>
      <section>
        <h2>Where it comes from</h2>
        {dataset.provenance.map((one) => (
          <div key={one.title + one.vintage}>
            <p>{[one.publisher, one.title, one.vintage, one.licence].filter(Boolean).join(', ')}.</p>
            {one.note !== '' && <p class="measure">{one.note}</p>}
            {one.url !== '' && <p class="measure">{one.url}</p>}
          </div>
        ))}
        <ul class="plain-list">
          {dataset.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
          {dataset.files.map(({ file, bytes, sha256 }) => (
            <li key={sha256}>
              {file}, {grouped(bytes)} bytes, sha256 <code>{sha256.slice(0, 16)}…</code>
            </li>
          ))}
        </ul>
        <p class="hint">Loaded {dataset.loaded_at.slice(0, 10)}.</p>
      </section>
    </div>
  )
}
