import type { ComponentChildren } from 'preact'
import type { Problem } from './api.ts'

/** Bones of what is coming, of its size. */
export function Skeleton({ lines, height }: { lines: number; height?: number }) {
  return (
    <div class="bones" role="status" style={height ? { minHeight: `${height}px` } : undefined}>
      <span class="unseen">Computing</span>
      {Array.from({ length: lines }, (_, line) => (
        <i key={line} class={`bone-${line % 4}`} />
      ))}
    </div>
  )
}

/** What went wrong, where, and what to do. */
export function Fault({ problem, children }: { problem: Problem; children?: ComponentChildren }) {
  return (
    <div class="state fault" role="alert">
      <h2>{problem.title}</h2>
      {problem.errors && problem.errors.length > 0 ? (
        <ul class="faults">
          {problem.errors.map(({ parameter, received, allowed }) => (
            <li key={parameter}>
              <code>{received === '' ? parameter : `${parameter}=${received}`}</code> {allowed}
            </li>
          ))}
        </ul>
      ) : (
        problem.detail.split('\n').map((line) => <p key={line}>{line}</p>)
      )}
      {children}
      {problem.request_id && <p class="hint">Request {problem.request_id}</p>}
    </div>
  )
}

/** Nothing to show, why, and what next. */
export function Empty({ children }: { children: ComponentChildren }) {
  return <div class="state">{children}</div>
}
