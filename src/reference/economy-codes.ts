import { tableBy } from './table.ts'

/** A statistical code and what it stands for in the years from-until, both included. */
export interface EconomyCode {
  readonly code: string
  readonly from: number | undefined
  readonly until: number | undefined
  /** Alpha-3, a reserved code X-…, WLD for the world, GROUP for any other aggregate. */
  readonly economy: string
  readonly treatment: 'economy' | 'unknown' | 'aggregate'
  readonly flag: string
}

let schemes: ReadonlyMap<string, readonly EconomyCode[]> | undefined

/** All codes of a scheme: iso3, iso2, m49 (UN Comtrade and BACI), comext, comext-name, imf, or our own. */
export function economyCodes(scheme: string): readonly EconomyCode[] {
  const year = (text: string | undefined) => (text ? Number(text) : undefined)
  schemes ??= new Map(
    [...tableBy('economy-codes.csv', 'scheme')].map(([name, rows]) => [
      name,
      rows.map((row) => ({
        code: row['code'] ?? '',
        from: year(row['from']),
        until: year(row['until']),
        economy: row['economy'] ?? '',
        treatment: row['treatment'] as EconomyCode['treatment'],
        flag: row['flag'] ?? '',
      })),
    ]),
  )
  return schemes.get(scheme) ?? []
}

/** What a code meant in a year, or undefined where no table has it. M49 codes count with or without leading zeros. */
export function resolveEconomyCode(scheme: string, code: string, year: number): EconomyCode | undefined {
  const wanted = scheme === 'm49' ? code.replace(/^0+(?=\d)/, '') : code
  return economyCodes(scheme).find(
    (row) => row.code === wanted && (row.from ?? 0) <= year && year <= (row.until ?? 9999),
  )
}
