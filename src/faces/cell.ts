import { periodName } from '../wording.ts'

/** A column as far as printing needs it. */
export interface TableColumn {
  readonly name: string
  readonly type: 'integer' | 'number' | 'text' | 'boolean'
  readonly unit: string
}

const fixed = (digits: number) =>
  new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
const [whole, one, two, three] = [fixed(0), fixed(1), fixed(2), fixed(3)]

const significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 6 })

/** A text without control characters, which a terminal would obey. */
export const printable = (text: string): string => text.replace(/\p{Cc}/gu, ' ')

/** A cell as a person reads it: per cent, points, thousands; unknown is a dash. */
export function formatCell(value: string | number | bigint | boolean | null, column: TableColumn): string {
  if (value === null) return '–'
  if (value === 'X-UNALLOCATED' && column.unit === 'economy') return 'not allotted'
  if (typeof value === 'string' || typeof value === 'boolean') return printable(String(value))
  const number = Number(value)
  const minus = (text: string) => text.replace('-', '−')
  if (column.unit === 'period') return periodName(number)
  if (column.unit === 'share 0-1') return number > 0 && number < 0.0005 ? '< 0.1 %' : `${one.format(number * 100)} %`
  if (column.unit === 'relative change') return `${number >= 0 ? '+' : '−'}${one.format(Math.abs(number) * 100)} %`
  if (column.unit === 'difference of shares')
    return `${number >= 0 ? '+' : '−'}${one.format(Math.abs(number) * 100)} points`
  if (column.unit === 'index 0-1' || column.unit === 'nats') return minus(three.format(number))
  // A small chance is not none.
  if ((column.unit === 'probability' || column.unit === 'rate 0-1') && number > 0 && number < 0.01)
    return number < 0.0005 ? '< 0.001' : three.format(number)
  if (column.unit === 'as in column') return minus(significant.format(number))
  if (column.type === 'integer') return minus(whole.format(value))
  return minus(Math.abs(number) >= 1000 ? whole.format(number) : two.format(number))
}
