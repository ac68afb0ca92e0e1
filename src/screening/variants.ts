import type { Alignment, Criterion, Fraction, Method, Window } from './methods.ts'

/** What of a method is set otherwise. */
export const varied = ['threshold', 'window', 'exports', 'bloc'] as const
export type Varied = (typeof varied)[number]

/** A method with one thing set otherwise. */
export interface Variant {
  /** The place of the method that it varies, from 1. */
  readonly base: number
  readonly method: Method
  readonly varied: Varied
  /** In words: `import_hhi > 0.36`, `2 of 3 years, centred`. */
  readonly setting: string
  /** Of a threshold, by how many per cent it was moved. */
  readonly step: number | null
}

const others = <Word extends string>(words: readonly [Word, Word], word: Word): Word =>
  word === words[0] ? words[1] : words[0]

/** A threshold moved by so many per cent, exactly. */
const moved = ({ numerator, denominator }: Fraction, step: number): Fraction => ({
  numerator: numerator * (100 + step),
  denominator: denominator * 100,
})

const decimals = new Intl.NumberFormat('en', { maximumSignificantDigits: 4, useGrouping: false })

const criterionInWords = ({ measure, operator, threshold }: Criterion) =>
  `${measure} ${operator} ${decimals.format(threshold.numerator / threshold.denominator)}`

const withCriterion = (method: Method, at: number, criterion: Criterion): Method => ({
  ...method,
  criteria: method.criteria.map((one, place) => (place === at ? criterion : one)),
})

function thresholds(method: Method, base: number, steps: readonly number[]): Variant[] {
  return method.criteria.flatMap((criterion, at) =>
    criterion.threshold.numerator === 0
      ? []
      : steps.map((step) => {
          const threshold = moved(criterion.threshold, step)
          return {
            base,
            method: withCriterion(method, at, { ...criterion, threshold }),
            varied: 'threshold' as const,
            setting: criterionInWords({ ...criterion, threshold }),
            step,
          }
        }),
  )
}

/** A window as people say it. */
export function windowInWords(window: Window, alignment: Alignment): string {
  if (window.rule === 'period') return 'the period alone'
  if (window.rule === 'sum') return `${window.years} years together, ${alignment}`
  const now = window.now ? ' with the period' : ''
  return `${window.hold} of ${window.years} years${now}, ${window.alignment ?? alignment}`
}

/** What a method asks for, as its variants are named: its criteria, and its window where it is not the period alone. */
export const rulesInWords = ({ criteria, window }: Method, alignment: Alignment): string =>
  [...criteria.map(criterionInWords), ...(window.rule === 'period' ? [] : [windowInWords(window, alignment)])].join(
    ', ',
  )

function windowsBeside(window: Window, alignment: Alignment): Window[] {
  // Whoever judges by one period could ask for two of three years, as GeoDep does.
  if (window.rule === 'period') return [{ rule: 'at least', years: 3, hold: 2, now: false }]
  const alone: Window = { rule: 'period' }
  if (window.rule === 'sum')
    return [
      alone,
      ...[window.years - 1, window.years + 1].filter((years) => years > 1).map((years) => ({ ...window, years })),
    ]
  const holds = [window.hold - 1, window.hold + 1].filter((hold) => hold >= 1 && hold <= window.years)
  return [
    alone,
    ...holds.map((hold) => ({ ...window, hold })),
    ...(window.hold < window.years ? [{ ...window, now: !window.now }] : []),
    { ...window, alignment: others(['trailing', 'centred'], window.alignment ?? alignment) },
  ]
}

function exportsBeside(method: Method, base: number): Variant[] {
  return method.criteria.flatMap((criterion, at) => {
    if (criterion.measure !== 'imports_to_exports') return []
    const exports = others(['total', 'extra'], criterion.exports)
    return [
      {
        base,
        method: withCriterion(method, at, { ...criterion, exports }),
        varied: 'exports' as const,
        setting: exports === 'total' ? 'exports of a bloc’s members to all' : 'exports of a bloc to outsiders',
        step: null,
      },
    ]
  })
}

/**
 * Each method with one thing set otherwise at a time: a threshold moved by each step, its window, and the exports that
 * imports of a bloc are compared with.
 *
 * @param steps per cent by which thresholds are moved
 * @param blocs whether a bloc buys: of a single economy all exports go to outsiders
 */
export function variantsOf(
  methods: readonly Method[],
  steps: readonly number[],
  alignment: Alignment,
  blocs: boolean,
): Variant[] {
  return methods.flatMap((method, at) => [
    ...thresholds(method, at + 1, steps),
    ...windowsBeside(method.window, alignment).map((window) => ({
      base: at + 1,
      method: { ...method, window },
      varied: 'window' as const,
      setting: windowInWords(window, alignment),
      step: null,
    })),
    ...(blocs ? exportsBeside(method, at + 1) : []),
  ])
}
