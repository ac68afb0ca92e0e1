import type { Recognised } from '../dataset/load.ts'
import { baci } from './baci.ts'
import { comext } from './comext.ts'
import { imts } from './imts.ts'
import type { Source } from './source.ts'

/** Every publisher whose files are recognised by themselves, one line each. */
export const sources: readonly Source[] = [baci, comext, imts]

/** The source that knows a file, by its header; `beside` for lists that come with it; undefined where none does. */
export function recognise(file: string, header: readonly string[]): Recognised | 'beside' | undefined {
  for (const source of sources) {
    const found = source.recognise(file, header)
    if (found) return { source: source.name, mapping: found }
  }
  return sources.some((source) => source.beside?.(file, header)) ? 'beside' : undefined
}
