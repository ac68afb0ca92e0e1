import type { Recognised } from '../dataset/load.ts'
import { baci } from './baci.ts'
import { comext } from './comext.ts'
import { comtrade } from './comtrade.ts'
import { generated } from './generated.ts'
import { growthLab } from './growth-lab.ts'
import { imts } from './imts.ts'
import type { Source } from './source.ts'

/** Every publisher whose files are recognised by themselves, one line each. Made-up worlds come before what they look like. */
export const sources: readonly Source[] = [generated, baci, comext, imts, comtrade, growthLab]

/** The source that knows a file, by header and first row; `beside` for lists that come with it; undefined where none does. */
export function recognise(
  file: string,
  header: readonly string[],
  first: Readonly<Record<string, string>> | undefined,
): Recognised | 'beside' | undefined {
  for (const source of sources) {
    const found = source.recognise(file, header, first)
    if (found) return { source: source.name, mapping: found }
  }
  return sources.some((source) => source.beside?.(file, header)) ? 'beside' : undefined
}
