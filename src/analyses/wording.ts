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

/** Money in billions, millions or thousands, to one decimal, with its currency. */
export function amount(value: number, currency: string): string {
  const [divisor, word] =
    value >= 1e9 ? [1e9, ' bn'] : value >= 1e6 ? [1e6, ' m'] : value >= 1e3 ? [1e3, ' k'] : [1, '']
  return `${currency} ${oneDecimal.format(value / divisor)}${word}`
}

/** A period as people write it: 2022, or 2022-03. */
export function periodName(period: number): string {
  const month = period % 100
  const year = String(Math.floor(period / 100))
  return month === 0 ? year : `${year}-${String(month).padStart(2, '0')}`
}
