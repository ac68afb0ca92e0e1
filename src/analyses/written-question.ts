import type { Declaration } from './analysis.ts'

/** Parameters of a question that people write down: texts, or lists of them. */
export type WrittenParameters = Readonly<Record<string, string | readonly string[]>>

/**
 * Parameters as written in YAML, where everything is text, of the types that an analysis declares. What fits none is
 * handed on as it stands, for the analysis to refuse.
 */
export function typedParameters(analysis: Declaration, given: WrittenParameters): Record<string, unknown> {
  const shape = analysis.parameters.shape as Record<string, { safeParse(value: unknown): { success: boolean } }>
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      const parts = [value].flat().flatMap((one) => one.split(',').map((part) => part.trim()))
      const numbers = parts.map(Number)
      const forms: unknown[] = [
        value,
        parts,
        value === 'true' ? true : value === 'false' ? false : undefined,
        typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined,
        numbers.some(Number.isNaN) ? undefined : numbers,
      ]
      // Text first, then a list of texts: what an analysis takes as text is never made a number.
      const fitting = forms.find((form) => form !== undefined && shape[key]?.safeParse(form).success)
      return [key, fitting ?? value]
    }),
  )
}

/** Parameters as people write them: lists stay lists, all else is text. */
export function writtenParameters(given: Readonly<Record<string, unknown>>): WrittenParameters {
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, Array.isArray(value) ? value.map(String) : String(value)]),
  )
}

/** The command that asks the same, ready to paste. */
export function commandOf(name: string, parameters: WrittenParameters): string {
  const flags = Object.entries(parameters).map(([key, value]) => {
    const text = [value].flat().join(',')
    return `--${key.replaceAll('_', '-')} ${/^[\w.,:+@-]+$/.test(text) ? text : JSON.stringify(text)}`
  })
  return ['chokepoint', name, ...flags].join(' ')
}
