import { useEffect, useRef, useState } from 'preact/hooks'
import type { ChartDeclaration } from '../chart/chart.ts'

/** A parameter as its JSON Schema describes it. */
export interface Property {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly default?: unknown
  readonly description?: string
  readonly unit?: string
  readonly items?: { readonly type?: string; readonly enum?: readonly string[] }
}

export interface Column {
  readonly name: string
  readonly type: 'integer' | 'number' | 'text' | 'boolean'
  readonly unit: string
  readonly description: string
}

/** How a person reads a long answer: one column's values side by side. */
export interface Pivot {
  readonly sections: readonly string[]
  readonly rows: readonly string[]
  readonly across: string
  readonly head: string
  readonly cells: string
  readonly marks: Readonly<Record<string, string>>
  readonly legend: string
}

/** An analysis as declared. */
export interface Declaration {
  readonly name: string
  readonly title: string
  readonly question: string
  readonly limits: readonly string[]
  readonly sources: readonly string[]
  readonly parameters: Readonly<Record<string, Property>>
  readonly columns: readonly Column[]
  readonly keys: readonly string[]
  readonly shown: readonly string[]
  readonly pivot: Pivot | null
  readonly kinds: readonly string[]
  readonly complete_suppliers: boolean
  readonly beside: Readonly<Record<string, string>>
  readonly example: string
  readonly chart?: ChartDeclaration
}

export interface DatasetReference {
  readonly name: string
  readonly version: string
  readonly kind: string
  readonly currency: string
  readonly valuation: string
  readonly edition: string
  readonly all_goods: boolean | null
  readonly sources: readonly string[]
}

export interface Dataset extends DatasetReference {
  readonly title: string
  readonly periods: { readonly first: string | null; readonly last: string | null; readonly held: string }
  readonly rows: number
  readonly frequency?: string
  readonly sides?: readonly string[]
  readonly levels?: readonly number[]
  readonly editions?: readonly string[]
  readonly partners_complete?: boolean
  readonly products_complete?: boolean
  readonly importers?: number
  readonly notes: readonly string[]
}

export type Cell = string | number | boolean | null
export type Row = Readonly<Record<string, Cell>>

export interface Answer {
  readonly analysis: string
  readonly title: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly dataset: DatasetReference | null
  readonly datasets: readonly DatasetReference[]
  readonly tool_version: string
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
  readonly caveats: readonly string[]
  readonly sources: readonly string[]
  readonly headline: string | null
  readonly reason: string | null
  readonly failed: string | null
  readonly next: string | null
  readonly names: Readonly<Record<string, string>>
  /** Periods that the publisher has estimated. */
  readonly estimated: readonly number[]
  /** Years that have fewer than twelve months. */
  readonly incomplete: readonly number[]
  /** Series that the dataset doubts. */
  readonly doubted: readonly {
    readonly importer: string
    readonly supplier: string
    readonly periods: readonly number[]
  }[]
  /** Controls that concern the rows, for what is drawn over time. */
  readonly events: readonly { readonly date: string; readonly text: string; readonly source: string }[]
}

/** What a page asks for where it needs all rows: as many as the interface gives at once. */
export const wholeAnswer = { limit: '100000' } as const

/** What went wrong, as the server says it. */
export interface Problem {
  readonly title: string
  readonly detail: string
  readonly status: number
  readonly code: string
  readonly errors?: readonly { readonly parameter: string; readonly received: string; readonly allowed: string }[]
  readonly request_id?: string
}

/** A request that was answered with a problem, or with nothing. */
export class Failure extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

const unreachable: Problem = {
  title: 'The server does not answer',
  detail: 'It may have been stopped. Start it again with: npx --no-install chokepoint serve',
  status: 0,
  code: 'server/unreachable',
}

/** @throws Failure with the problem that the server names, or that it does not answer */
export async function fetched(path: string, signal?: AbortSignal, more: RequestInit = {}): Promise<Response> {
  let response: Response
  try {
    response = await fetch(path, signal ? { ...more, signal } : more)
  } catch (error) {
    if (signal?.aborted) throw error
    throw new Failure(unreachable)
  }
  if (response.ok) return response
  const problem = (await response.json().catch(() => undefined)) as Problem | undefined
  throw new Failure(
    problem ?? {
      title: 'Not understood',
      detail: `The server answered ${response.status}`,
      status: response.status,
      code: '',
    },
  )
}

export const fetchedJson = async <Value>(path: string, signal?: AbortSignal): Promise<Value> =>
  (await (await fetched(path, signal)).json()) as Value

/** What was fetched last, by path: Back shows it at once. */
const kept = new Map<string, unknown>()
const mostKept = 60

/** Keep what is known to stand at another path as well. */
export const keep = (path: string, value: unknown): void => void kept.set(path, value)

/** Forget what may have changed. */
export const forget = (): void => kept.clear()

/** What a page waits for: nothing yet, for long (after 200 ms), there, or failed. */
export interface Loading<Value> {
  readonly value: Value | undefined
  /** The path that `value` came from; another one while a newer is awaited. */
  readonly of: string | undefined
  readonly failure: Problem | undefined
  readonly slow: boolean
}

const nothing = { value: undefined, of: undefined, failure: undefined, slow: false }

/** What stands at a path of the interface; of the path before while a new one is awaited. */
export function useFetched<Value>(path: string | undefined): Loading<Value> {
  const [loading, setLoading] = useState<Loading<Value>>(() =>
    path !== undefined && kept.has(path) ? { ...nothing, value: kept.get(path) as Value, of: path } : nothing,
  )
  const latest = useRef(path)
  latest.current = path
  useEffect(() => {
    if (path === undefined) return setLoading(nothing)
    const found = kept.get(path) as Value | undefined
    if (found !== undefined) return setLoading({ ...nothing, value: found, of: path })
    const leaving = new AbortController()
    const late = setTimeout(() => setLoading((before) => ({ ...before, slow: true })), 200)
    fetchedJson<Value>(path, leaving.signal)
      .then((value) => {
        kept.set(path, value)
        if (kept.size > mostKept) kept.delete(kept.keys().next().value as string)
        if (latest.current === path) setLoading({ ...nothing, value, of: path })
      })
      .catch((error: unknown) => {
        if (leaving.signal.aborted) return
        const problem = error instanceof Failure ? error.problem : undefined
        if (!problem) throw error
        if (latest.current === path) setLoading({ ...nothing, failure: problem, of: path })
      })
      .finally(() => clearTimeout(late))
    return () => {
      clearTimeout(late)
      leaving.abort()
    }
  }, [path])
  if (path !== undefined && loading.of !== path && kept.has(path))
    return { ...nothing, value: kept.get(path) as Value, of: path }
  return loading
}
