import { Refusal } from '../refusal.ts'
import { table } from './table.ts'

/**
 * Units of a currency for one US dollar, mean of a month (yyyy-mm).
 * @throws Refusal where the month or currency is not in the shipped table
 */
export function exchangeRate(month: string, currency: string): number {
  if (currency === 'USD') return 1
  const rates = table('exchange-rates.csv')
  const row = rates.find((one) => one['month'] === month && one['currency'] === currency)
  if (!row)
    throw new Refusal(
      'no_data',
      'rate/unknown',
      `No exchange rate for ${currency} in ${month}: the shipped table has EUR from ${rates[0]?.['month']} to ${rates.at(-1)?.['month']}`,
    )
  return Number(row['per_usd'])
}
