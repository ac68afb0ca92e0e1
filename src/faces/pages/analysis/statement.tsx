import { useEffect, useState } from 'preact/hooks'
import { Failure, fetched } from '../api.ts'

/** The statement behind the answer, once it is wanted. */
export function useStatement(path: string, wanted: boolean): string {
  const [text, setText] = useState<{ path: string; text: string }>()
  useEffect(() => {
    if (!wanted || text?.path === path) return
    const leaving = new AbortController()
    fetched(path, leaving.signal)
      .then((response) => response.text())
      .catch((error: unknown) => {
        if (error instanceof Failure) return error.problem.detail
        throw error
      })
      .then((found) => setText({ path, text: found }))
      .catch((error: unknown) => {
        if (!leaving.signal.aborted) throw error
      })
    return () => leaving.abort()
  }, [path, wanted, text])
  return text?.path === path ? text.text : 'Reading the statement …'
}

/** A text to read or to copy, as it stands. */
export function Statement({ title, text }: { title: string; text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section class="copied" tabIndex={0} aria-label={title}>
      <pre>{text}</pre>
    </section>
  )
}
