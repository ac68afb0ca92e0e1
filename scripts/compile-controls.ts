/**
 * Writes data/controls/codes/eu-2023-01.csv: `npm run compile-controls`. Reads the codes of the Union's lists against
 * Russia as of January 2023, under CHOKEPOINT_TEST_DATA (default ../shared/data). They are of several years of the Combined
 * Nomenclature, none of which is named: they go by their numbers.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'

/** The day on which the list was taken: since when each code had been on it, it does not say. */
const from = '2023-01-21'

const folder = join(process.env['CHOKEPOINT_TEST_DATA'] ?? '../shared/data', 'eu-cn8-sanctioned-exports')
const rows: Record<string, string>[] = parse(readFileSync(join(folder, 'export_sanctions_codes.csv')), {
  columns: true,
  bom: true,
})
const codes = [...new Set(rows.map(({ code = '' }) => code))].filter((code) => code.length === 8).sort()
writeFileSync(
  'data/controls/codes/eu-2023-01.csv',
  stringify(
    codes.map((code) => ({ code, system: 'CN', from })),
    { header: true },
  ),
)
