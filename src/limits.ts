import type { Limits } from './engine/engine.ts'
import { Refusal } from './refusal.ts'

/** Threads of an engine, and beside it for work on small tables, where nothing else is said. */
export const usualThreads = 2

/** What is said of a question that is given up for its time. */
export const tookTooLong = (seconds: number): Refusal =>
  new Refusal(
    'refused',
    'engine/time',
    `the question took longer than ${seconds} s: ask for fewer importers, products or periods, or raise CHOKEPOINT_SECONDS`,
  )

/** The variables that bound what a question may cost, with what they take. */
const variables = {
  seconds: ['CHOKEPOINT_SECONDS', 'seconds that a question may take'],
  memory: ['CHOKEPOINT_MEMORY', 'bytes'],
  threads: ['CHOKEPOINT_THREADS', 'threads'],
} as const satisfies Record<keyof Limits, readonly [string, string]>

/**
 * Limits that the environment sets.
 * @throws Refusal where a variable is set to what is no whole number above zero
 */
export function environmentLimits(environment: NodeJS.ProcessEnv): Limits {
  const set = Object.entries(variables).flatMap(([limit, [variable, takes]]) => {
    const text = environment[variable] ?? ''
    if (text === '') return []
    if (/^[1-9]\d{0,14}$/.test(text)) return [[limit, Number(text)]]
    throw new Refusal('wrong_use', 'environment/limit', `${variable} is "${text}": it takes a whole number of ${takes}`)
  })
  return Object.fromEntries(set) as Limits
}
