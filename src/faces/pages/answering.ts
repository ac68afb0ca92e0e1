import { useEffect, useState } from 'preact/hooks'
import { type Answer, Failure, fetchedJson } from './api.ts'

/** Another question that a reader may go to. */
export interface Way {
  readonly to: string
  readonly text: string
  /** Where the interface answers it. */
  readonly path: string
  /** What it is a way to: of several to the same only the first that answers is offered. */
  readonly goal: string
}

/** Whether a question has an answer with rows: it is asked for one. */
async function answers(path: string, signal: AbortSignal): Promise<boolean> {
  try {
    const asked = `${path}${path.includes('?') ? '&' : '?'}limit=1`
    return (await fetchedJson<Answer>(asked, signal)).rows.length > 0
  } catch (error) {
    if (error instanceof Failure) return false
    throw error
  }
}

/** Of some ways on those that lead to an answer: each is tried, one after the other, before it is offered. */
export function useWaysOn(ways: readonly Way[]): { readonly found: readonly Way[]; readonly settled: boolean } {
  const of = JSON.stringify(ways)
  const [tried, setTried] = useState<{ of: string; found: readonly Way[]; settled: boolean }>()
  useEffect(() => {
    const leaving = new AbortController()
    const { signal } = leaving
    const tryAll = async () => {
      let found: readonly Way[] = []
      for (const way of JSON.parse(of) as readonly Way[]) {
        if (found.some(({ goal }) => goal === way.goal) || !(await answers(way.path, signal))) continue
        found = [...found, way]
        setTried({ of, found, settled: false })
      }
      setTried({ of, found, settled: true })
    }
    tryAll().catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
    return () => leaving.abort()
  }, [of])
  return tried?.of === of ? tried : { found: [], settled: false }
}
