import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
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

/**
 * What an answer is shown in: bones as high as the last one until it is there, and greyed while another is on its way.
 * @param waiting whether an answer is asked for and none can be shown
 */
export function Answered({
  waiting,
  slow,
  stale,
  children,
}: {
  waiting: boolean
  slow: boolean
  stale: boolean
  children: ComponentChildren
}) {
  const height = useRef(0)
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (children && place.current) height.current = place.current.offsetHeight
  })
  return (
    <>
      {waiting && <Skeleton lines={slow ? 12 : 0} height={Math.max(height.current, 900)} />}
      <div ref={place} class={stale ? 'stale' : ''}>
        {children}
      </div>
    </>
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
