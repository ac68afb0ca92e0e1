import { z } from 'zod'
import type { PeriodWindow, Selection } from '../analyses/analysis.ts'
import { currency, flowParameters } from '../analyses/fields.ts'
import { economiesIn } from '../reference/economies.ts'
import { Refusal } from '../refusal.ts'
import { type Choices, windowsOf } from './binding.ts'
import { alignments, chosenMethods, type Method } from './methods.ts'

const list = z.array(z.string().min(1)).readonly()

/** Parameters that screening by methods shares. */
export const screeningParameters = {
  ...flowParameters,
  supplier: list.default([]).meta({
    description:
      'Whose share methods judge that ask about one supplier: CHN, CHN+HKG, EU27; each product’s leading one where left out',
  }),
  merge: list
    .default([])
    .meta({ description: 'Blocs that sell as one supplier: EU27; each member for itself where left out' }),
  coalition: list
    .default([])
    .meta({ description: 'Economies or groups whose share together the method coalition judges: G7' }),
  method: list.default([]).meta({ description: 'Methods, the shipped ones or your own; all where left out' }),
  exports: z.enum(['', 'total', 'extra']).default('').meta({
    description:
      'Exports that imports are compared with: all of a bloc’s members, or those to outsiders; as each method says where left out',
  }),
  alignment: z
    .enum(alignments)
    .default('trailing')
    .meta({ description: 'Whether a window of years ends in the period or has it in its middle' }),
  now: z
    .boolean()
    .default(false)
    .meta({ description: 'Where a rule holds in so many years of a window, the period itself must be among them' }),
  years: z
    .int()
    .min(0)
    .max(10)
    .default(0)
    .meta({ description: 'Length of windows in place of each method’s own; 1 takes the period itself, 0 leaves them' }),
  min_value: z
    .int()
    .min(0)
    .max(1e15)
    .default(1_000_000)
    .meta({ description: 'Judge no product that an importer buys for less in a year', unit: currency }),
} as const

const schema = z.object(screeningParameters)
/** What a reader gave. */
export type ScreeningGiven = z.output<typeof schema>

/**
 * The methods asked for, with what the reader changes of their windows.
 * @throws Refusal where none has the name, or a file of the reader's own has a fault
 */
export function methodsAsked(given: ScreeningGiven, home: string): readonly Method[] {
  return chosenMethods(given.method, home).map((method): Method => {
    const { window } = method
    if (window.rule === 'period') return method
    const years = given.years || window.years
    if (window.rule === 'sum')
      return years === 1 ? { ...method, window: { rule: 'period' } } : { ...method, window: { rule: 'sum', years } }
    return {
      ...method,
      window: { ...window, years, hold: Math.min(window.hold, years), now: window.now || given.now },
    }
  })
}

/** The windows of the methods asked for: what is read beside the periods asked for. */
export function windowsAsked(given: Readonly<Record<string, unknown>>, home: string): readonly PeriodWindow[] {
  const asked = given as ScreeningGiven
  return windowsOf(methodsAsked(asked, home), asked.alignment)
}

/**
 * What the reader chose, names resolved to what flows call them.
 * @throws Refusal where more than one supplier is asked about, or part of a merged bloc is in the coalition
 */
export function choicesOf(given: ScreeningGiven, selection: Selection): Choices {
  if (selection.suppliers.length > 1)
    throw new Refusal(
      'wrong_use',
      'supplier/several',
      `${selection.suppliers.join(', ')} are several suppliers: a verdict is about one. Join them as one with a plus, ${selection.suppliers.slice(0, 2).join('+')}, or ask for one after the other`,
    )
  return {
    supplier: selection.suppliers[0] ?? '',
    coalition: coalitionOf(given.coalition, selection),
    exports: given.exports,
    alignment: given.alignment,
    min_value: given.min_value,
  }
}

function coalitionOf(names: readonly string[], selection: Selection): string[] {
  const year = Math.floor((selection.periods.at(-1) ?? 0) / 100)
  const members = new Set(names.flatMap((name) => economiesIn(name.replace(/:members$/, ''), year, selection.home)))
  for (const bloc of selection.selling_blocs) {
    const within = bloc.members.filter((member) => members.has(member))
    if (within.length === 0) continue
    if (within.length < bloc.members.length)
      throw new Refusal(
        'wrong_use',
        'coalition/part',
        `${bloc.label} sells as one supplier, and only ${within.slice(0, 3).join(', ')}${within.length > 3 ? ', …' : ''} of it ${within.length === 1 ? 'is' : 'are'} in the coalition. Leave --merge or --supplier ${bloc.label} out, or name the whole bloc`,
      )
    for (const member of within) members.delete(member)
    members.add(bloc.label)
  }
  return [...members].sort()
}
