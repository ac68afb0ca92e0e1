import { percent, periodName, points, valuationSaid } from '../../wording.ts'
import type { Charted } from './chart.ts'

export type Row = Charted['rows'][number]
export type Column = Charted['columns'][number]

/** A figure of a row; null where it is unknown. Whole numbers beyond 2^53 come as text. */
export function figure(row: Row, column: string): number | null {
  const cell = row[column]
  if (cell === null || cell === undefined || cell === '' || typeof cell === 'boolean') return null
  const value = Number(cell)
  return Number.isFinite(value) ? value : null
}

/** The largest of a column's figures, `least` at least: a column may have more of them than a call takes arguments. */
export const largestOf = (values: readonly number[], least: number): number =>
  values.reduce((found, value) => Math.max(found, value), least)

/** The smallest of them, `most` at most. */
export const smallestOf = (values: readonly number[], most: number): number =>
  values.reduce((found, value) => Math.min(found, value), most)

/** How a column's figures are drawn and read. */
export interface Measure {
  /** In words, for the subtitle and the axis: "%", "USD bn, current, CIF". Empty for plain numbers. */
  readonly unit: string
  /** What a figure is multiplied by to stand on the axis. */
  readonly factor: number
  /** A tick of the axis, in its unit. */
  readonly tick: (value: number) => string
  /** A figure as it stands at its mark, without its unit. */
  readonly short: (value: number) => string
  /** A figure in a sentence, with its unit. */
  readonly said: (value: number) => string
}

// One format a number of digits: making one costs more than using it a hundred times.
const formats = new Map<string, Intl.NumberFormat>()
function formatted(value: number, key: string, options: Intl.NumberFormatOptions): string {
  const format = formats.get(key) ?? new Intl.NumberFormat('en', options)
  formats.set(key, format)
  return format.format(value).replace('-', '−')
}

const digits = (value: number, count: number) =>
  formatted(value, String(count), { minimumFractionDigits: count, maximumFractionDigits: count })

const significant = (value: number) => formatted(value, 'significant', { maximumSignificantDigits: 4 })

const scales = [
  [1e12, 'tn'],
  [1e9, 'bn'],
  [1e6, 'm'],
  [1e3, 'k'],
] as const

/** Money and weights in the largest unit that leaves the largest of them at one or more. */
function scaledMeasure(values: readonly number[], name: string, basis: string): Measure {
  const largest = largestOf(values.map(Math.abs), 0)
  const [size, word] = scales.find(([least]) => largest >= least) ?? [1, '']
  const unit = [name, word].filter((part) => part !== '').join(' ')
  const short = (value: number) => {
    const scaled = value / size
    return value > 0 && scaled < 0.05 && size > 1 ? '< 0.1' : digits(scaled, size > 1 ? 1 : 0)
  }
  return {
    unit: [unit, basis].filter((part) => part !== '').join(', '),
    factor: 1 / size,
    tick: significant,
    short,
    said: (value) => `${short(value)} ${unit}`.trimEnd(),
  }
}

/** How the figures of a column read, by its unit; money and weights by the largest of `values`. */
export function measureOf(column: Column, values: readonly number[], valuation: string): Measure {
  const { unit } = column
  if (unit === 'share 0-1' || unit === 'probability' || unit === 'relative change')
    return {
      unit: '%',
      factor: 100,
      tick: significant,
      short: (value) => percent(value).replace(' %', ''),
      said: percent,
    }
  if (unit === 'difference of shares')
    return {
      unit: 'percentage points',
      factor: 100,
      tick: significant,
      short: (value) => points(value).replace(' points', ''),
      said: points,
    }
  if (unit === 'index 0-1')
    return {
      unit: 'index 0–1',
      factor: 1,
      tick: significant,
      short: (value) => digits(value, 2),
      said: (value) => digits(value, 3),
    }
  if (/^[A-Z]{3}$/.test(unit))
    return scaledMeasure(values, unit, ['current', valuationSaid(valuation)].filter(Boolean).join(', '))
  if (/^[A-Z]{3} per tonne$/.test(unit)) return scaledMeasure(values, unit, 'current')
  if (unit === 'tonnes') return scaledMeasure(values, unit, '')
  return { unit: '', factor: 1, tick: significant, short: significant, said: significant }
}

/** A cell as it reads in words: names for codes, periods as people write them. */
export function written(charted: Charted, column: string, cell: Row[string] | undefined): string {
  if (cell === null || cell === undefined) return 'not known'
  const declared = charted.columns.find((one) => one.name === column)
  if (declared?.unit === 'period') return periodName(Number(cell))
  if (declared?.unit === 'economy') return nameOf(charted, String(cell))
  if (declared?.unit === 'product' || column === 'product') return productOf(charted, String(cell))
  if (typeof cell === 'number' && declared) return measureOf(declared, [cell], '').said(cell)
  return String(cell)
}

/** A value that tells parts or lines apart: a whole per cent has no decimals. */
export const told = (charted: Charted, column: string, cell: Row[string] | undefined): string =>
  written(charted, column, cell).replace(/\.0 %$/, ' %')

/** An economy's or a vendor's name; sets by their parts, and who is not known as such. */
export function nameOf(charted: Charted, code: string): string {
  const named = charted.names[code]
  if (named !== undefined) return named
  if (code === 'ALL') return 'all suppliers'
  if (code === 'WLD') return 'the world'
  if (code.startsWith('X-')) return 'unknown supplier'
  return code.includes('+')
    ? code
        .split('+')
        .map((part) => nameOf(charted, part))
        .join(' and ')
    : code
}

/** A product by its code and, where there is one, its name. */
export function productOf(charted: Charted, code: string): string {
  if (code === 'TOTAL') return charted.datasets[0]?.all_goods === false ? 'all goods of the dataset' : 'all goods'
  if (code === 'ALL') return 'all products'
  const named = charted.names[code]
  // A list of products is known by its title.
  return named === undefined ? code : /^\d/.test(code) ? `${code} ${named}` : named
}

/** A cell as it stands beside its mark: a product by its name alone, where it has one. */
export function named(charted: Charted, column: string, cell: Row[string] | undefined): string {
  const unit = charted.columns.find((one) => one.name === column)?.unit
  const isProduct = (unit === 'product' || column === 'product') && typeof cell === 'string'
  return isProduct ? (charted.names[cell] ?? productOf(charted, cell)) : written(charted, column, cell)
}
