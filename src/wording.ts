/** How figures read in sentences and tables: one decimal for per cent, four significant digits for money. */
const oneDecimal = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })

/** A share 0-1 as per cent; what is there but rounds to nothing reads "< 0.1 %", never "0 %". */
export function percent(share: number): string {
  if (share > 0 && share < 0.0005) return '< 0.1 %'
  return `${oneDecimal.format(share * 100).replace('-', '−')} %`
}

/** A difference of shares 0-1 in percentage points, with its sign. */
export function points(difference: number): string {
  return `${difference >= 0 ? '+' : '−'}${oneDecimal.format(Math.abs(difference) * 100)} points`
}

const scales = [
  [1e12, 'tn'],
  [1e9, 'bn'],
  [1e6, 'm'],
  [1e3, 'k'],
] as const

/** Money without its currency, to one decimal of the largest of trillions, billions, millions and thousands. */
export function scaled(value: number): string {
  // What would round to a thousand of a scale is one of the next.
  const scale = scales.find(([least]) => Math.abs(value) >= least * 0.99995)
  const text = scale ? `${oneDecimal.format(value / scale[0])} ${scale[1]}` : String(Math.round(value))
  return text.replace('-', '−')
}

/** Money as people say it, with its currency. */
export const amount = (value: number, currency: string): string => `${currency} ${scaled(value)}`

/** Whether values count freight and insurance, as it stands beside them. */
export const valuationSaid = (valuation: string): string =>
  valuation === 'unknown' ? 'FOB or CIF not known' : valuation

/** A period as people write it: 2022, or 2022-03. */
export function periodName(period: number): string {
  const month = period % 100
  const year = String(Math.floor(period / 100))
  return month === 0 ? year : `${year}-${String(month).padStart(2, '0')}`
}

/** The period after one: the next year, or the next month. */
export const periodAfter = (period: number): number =>
  period % 100 === 0 ? period + 100 : period % 100 === 12 ? period + 89 : period + 1

/** Most stretches that are said one by one. */
const mostStretches = 4

/** Periods in their order as one says them: "2016 to 2024", "2022, 2024"; of many stretches only the ends. */
export function periodsHeld(periods: readonly number[]): string {
  const stretches: [number, number][] = []
  for (const period of periods) {
    const last = stretches.at(-1)
    if (last && periodAfter(last[1]) === period) last[1] = period
    else stretches.push([period, period])
  }
  const said = (first: number, last: number) =>
    first === last ? periodName(first) : `${periodName(first)} to ${periodName(last)}`
  const [first, last] = [periods[0], periods.at(-1)]
  if (first === undefined || last === undefined) return '–'
  if (stretches.length > mostStretches) return `${said(first, last)}, with gaps`
  return stretches.map((stretch) => said(...stretch)).join(', ')
}

/** Whether the note of a claim that is contradicted says that it is so in part only. */
export const saysInPart = (note: string): boolean => /^contradicted in part\b/i.test(note)
