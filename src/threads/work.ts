import { setImmediate } from 'node:timers/promises'

/**
 * Work on a small table that a thread may do: a pure function of what can be copied, its result as well. A thread finds it
 * by its module and its name, under which it is exported there.
 */
export interface Work<Given extends readonly unknown[], Found> {
  readonly module: string
  readonly name: string
  readonly run: (...given: Given) => Found
}

/** A function as such work. @param module its module's import.meta.url, which exports it under the name */
export const work = <Given extends readonly unknown[], Found>(
  module: string,
  name: string,
  run: (...given: Given) => Found,
): Work<Given, Found> => ({ module, name, run })

/** Does a piece of work for each of what is given; what it found stands in their order, whoever did it. */
export type Compute = <Given extends readonly unknown[], Found>(
  work: Work<Given, Found>,
  given: readonly Given[],
) => Promise<Found[]>

/** One after the other, in the thread that asks. */
export const inTurn: Compute = async (work, given) => given.map((one) => work.run(...one))

/**
 * The same, with others' turns between.
 * @param until a time, as performance.now() tells it, by which no further piece is begun
 * @returns what was found of the first pieces; all of them where no time is given
 */
export async function withPauses<Given extends readonly unknown[], Found>(
  work: Work<Given, Found>,
  given: readonly Given[],
  signal?: AbortSignal,
  until = Number.POSITIVE_INFINITY,
): Promise<Found[]> {
  const found: Found[] = []
  for (const one of given) {
    await setImmediate()
    signal?.throwIfAborted()
    if (performance.now() > until) break
    found.push(work.run(...one))
  }
  return found
}
