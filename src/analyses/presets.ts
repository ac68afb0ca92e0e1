/** Thresholds of concentration in use, as exact fractions, with the operator and the words of their authors. */
export interface Preset {
  readonly name: string
  readonly source: string
  /** Ascending. `strict`: the index must be above; otherwise it may be equal. */
  readonly cuts: readonly { readonly numerator: number; readonly denominator: number; readonly strict: boolean }[]
  /** One word more than cuts, from the lowest class upwards. */
  readonly words: readonly string[]
  /** How many cuts must be passed for the verdict "yes". */
  readonly critical: number
}

const above = (numerator: number, denominator: number) => ({ numerator, denominator, strict: true })
const from = (numerator: number, denominator: number) => ({ numerator, denominator, strict: false })

export const presets = {
  ec: {
    name: 'ec',
    source: 'European Commission (2021), SWD(2021)352, first criterion: above 0.4',
    cuts: [above(2, 5)],
    words: ['not concentrated', 'concentrated'],
    critical: 1,
  },
  'mgi-2023': {
    name: 'mgi-2023',
    source: 'McKinsey Global Institute (2023): above 0.3',
    cuts: [above(3, 10)],
    words: ['not concentrated', 'concentrated'],
    critical: 1,
  },
  'doj-2010': {
    name: 'doj-2010',
    source: 'US DOJ and FTC (2010), Horizontal Merger Guidelines: 1,500 and 2,500',
    cuts: [from(3, 20), above(1, 4)],
    words: ['unconcentrated', 'moderate', 'high'],
    critical: 2,
  },
  'doj-2023': {
    name: 'doj-2023',
    source: 'US DOJ and FTC (2023), Merger Guidelines, Guideline 1: 1,000 and 1,800',
    cuts: [from(1, 10), above(9, 50)],
    words: ['unconcentrated', 'moderate', 'high'],
    critical: 2,
  },
  cbs: {
    name: 'cbs',
    source: 'Statistics Netherlands (2021/10): 0.15 and 0.25',
    cuts: [from(3, 20), from(1, 4)],
    words: ['low', 'moderate', 'high'],
    critical: 2,
  },
  isi: {
    name: 'isi',
    source: 'International Sovereignty Index: 0.15, 0.25 and 0.50',
    cuts: [from(3, 20), from(1, 4), from(1, 2)],
    words: ['unconcentrated', 'mild', 'moderate', 'high'],
    critical: 3,
  },
} as const satisfies Record<string, Preset>

export type PresetName = keyof typeof presets
export const presetNames = Object.keys(presets) as [PresetName, ...PresetName[]]

/** A preset as three thresholds and four words, the form that the statement takes; unused thresholds are never passed. */
export function bound(preset: Preset) {
  const cuts = [...preset.cuts, ...Array.from({ length: 3 - preset.cuts.length }, () => above(2, 1))]
  return {
    cut_numerator: cuts.map((cut) => cut.numerator),
    cut_denominator: cuts.map((cut) => cut.denominator),
    cut_strict: cuts.map((cut) => (cut.strict ? 1 : 0)),
    words: [0, 1, 2, 3].map((place) => preset.words[place] ?? ''),
    critical: preset.critical,
  }
}

/** The threshold that decides the verdict of each preset, as a number: for pictures only, comparisons are exact. */
export const highestCuts: Readonly<Record<string, number>> = Object.fromEntries(
  presetNames.map((name) => {
    const cut = presets[name].cuts[presets[name].critical - 1]
    return [name, cut ? cut.numerator / cut.denominator : Number.NaN]
  }),
)
