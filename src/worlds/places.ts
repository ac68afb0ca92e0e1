import { economies } from '../reference/economies.ts'
import { economyCodes } from '../reference/economy-codes.ts'
import { table } from '../reference/table.ts'

/** Codes of BACI and UN Comtrade that are not those of M49. */
const others: Readonly<Record<string, string>> = {
  CHE: '757',
  FRA: '251',
  IND: '699',
  NOR: '579',
  TWN: '490',
  USA: '842',
}

/** The largest economies of every world, in this order: near to that of real trade, so that plants have familiar names. */
export const largest =
  `USA CHN DEU JPN NLD KOR FRA ITA GBR MEX BEL HKG CAN SGP IND TWN ARE ESP RUS CHE POL VNM AUS MYS THA TUR BRA IDN CZE SAU
   AUT SWE IRL HUN DNK ZAF NOR PHL ROU SVK CHL PRT ISR FIN GRC UKR NZL ARG KAZ SVN BGR LTU HRV BLR EST LVA LUX CYP MLT EGY
   SRB PAK BGD COL PER UZB GEO ARM KGZ TJK TKM AZE MDA MNG`
    .trim()
    .split(/\s+/)

/** Alpha-3 code and M49 number of each economy that can be in a world, the largest first, the others by alphabet. */
export function worldEconomies(): readonly { readonly economy: string; readonly code: string }[] {
  const known = new Set(economyCodes('m49').map((row) => `${row.economy} ${row.code}`))
  const coded = new Map(
    economies()
      .filter((one) => one.kind === 'economy')
      .map(({ economy, m49 }) => [economy, others[economy] ?? String(Number(m49))]),
  )
  return [...new Set([...largest, ...[...coded.keys()].sort()])].flatMap((economy) => {
    const code = coded.get(economy) ?? ''
    return known.has(`${economy} ${code}`) ? [{ economy, code }] : []
  })
}

/** The six-digit codes of HS 2017 as BACI has them, which puts petroleum oils together as 271000, with their texts. */
export function worldProducts(): readonly { readonly code: string; readonly description: string }[] {
  return table('hs.csv')
    .filter(({ edition, level, code = '' }) => edition === 'HS2017' && level === '6' && !/^2710(?!00)/.test(code))
    .map(({ code = '', description = '' }) => ({ code, description }))
}
