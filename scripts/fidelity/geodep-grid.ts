import { tableOf } from '../materials/page.ts'
import type { Asked } from './asked.ts'

/** The published counts that decide how GeoDep reads its own rule: importer, year, count. */
const counts = [
  ['USA', 2023, 405],
  ['EU27', 2023, 393],
  ['CHN', 2022, 47],
] as const
const years = [2020, 2021, 2022, 2023]

interface Reading {
  readonly merge: boolean
  readonly alignment: 'trailing' | 'centred'
  readonly now: boolean
}
const both = [false, true]
const readings: readonly Reading[] = both.flatMap((merge) =>
  (['trailing', 'centred'] as const).flatMap((alignment) => both.map((now) => ({ merge, alignment, now }))),
)

/** GeoDep's counts by every reading of what it does not publish, with how far each is from the published count. */
export async function geodepGrid(asked: Asked): Promise<string> {
  if (!asked.manifest.products_complete || years.some((year) => !asked.manifest.periods.includes(year * 100))) return ''
  const rows = await Promise.all(
    readings.map(async (reading) => {
      const found = await asked.counts({
        method: ['geodep'],
        importer: counts.map(([importer]) => importer),
        period: ['2022', '2023'],
        merge: reading.merge ? ['EU27'] : [],
        alignment: reading.alignment,
        now: reading.now,
      })
      const apart = counts.map(([importer, year, published]) => {
        const ours = found.find((row) => row.importer === importer && row.period === year * 100)?.critical ?? undefined
        return ours === undefined ? undefined : { ours, residual: ours / published - 1 }
      })
      const known = apart.flatMap((one) => (one ? [Math.abs(one.residual)] : []))
      return { reading, apart, largest: known.length === counts.length ? Math.max(...known) : undefined }
    }),
  )
  const least = Math.min(...rows.flatMap(({ largest }) => largest ?? []))
  const percent = (part: number) => `${part < 0 ? '−' : '+'}${Math.abs(part * 100).toFixed(1)} %`
  return `
## What GeoDep does not publish

Its counts by every reading of its rule, in this one edition of the HS: whether the Union sells as one, whether a window of
three years ends in the year or has it in its middle, and whether the year itself must be among the two that hold. In
brackets: from the published count. The reading with the least largest residual is bold; none is fitted further.

${tableOf(
  [
    'Union sells',
    'window',
    'year itself',
    ...counts.map(([who, year, count]) => `:${who} ${year}: ${count}`),
    ':largest',
  ],
  rows.map(({ reading, apart, largest }) => [
    reading.merge ? 'as one' : 'by members',
    reading.alignment,
    reading.now ? 'must hold' : 'need not',
    ...apart.map((one) => (one ? `${one.ours} (${percent(one.residual)})` : '–')),
    largest === undefined ? '–' : largest === least ? `**${percent(largest)}**` : percent(largest),
  ]),
)}
`
}
